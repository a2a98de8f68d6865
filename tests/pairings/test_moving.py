"""Amina moves to a town where another organisation works: only with her yes, and no more than she read."""

import json
from datetime import timedelta

import pytest

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.organisations.models import Organisation
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.actions.transfers import MovesAlready, NotAPlaceToMove, YesTakenBack
from backend.pairings.enums import EndReason, PairingState, PassedOn, TransferState
from backend.pairings.models import Transfer
from backend.pairings.overtaken import Overtaken
from backend.pairings.passing_on import passed_on
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.people.models import Consent
from backend.profiles.models import Profile
from backend.programmes.enums import EnrolmentState
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, make_membership, make_profile
from tests.factories.people import FourPeople
from tests.pairings.ending import PHONE, another, bring_together, names_in, told

SUMMARY = "She meets with Bruno on Tuesdays and looks for a language course."


@pytest.fixture
def people(four_people: FourPeople) -> FourPeople:
    """Dario's organisation is one that was verified."""
    Organisation.objects.filter(pk=four_people.elsewhere.pk).update(verified_at=NOW)
    return four_people


def ask(people: FourPeople, **more: object) -> Transfer:
    values = {
        "profile_id": people.amina.profile.pk,
        "to_organisation_id": people.elsewhere.pk,
        "summary": SUMMARY,
        "actor": people.chloe.actor,
        "now": NOW,
    }
    return actions.ask_to_transfer(**values | more)


def agree(people: FourPeople, transfer: Transfer, **more: object) -> Transfer:
    values = {"transfer_id": transfer.pk, "language_shown": "ar", "actor": people.amina.actor, "now": NOW}
    return actions.agree_to_transfer(**values | more)


def take(people: FourPeople, transfer: Transfer, **more: object) -> Transfer:
    return actions.take_transfer(
        **{"transfer_id": transfer.pk, "actor": people.dario.actor, "now": NOW} | more
    )


def sees(actor: Actor) -> bool:
    return Transfer.objects.visible_to(actor).exists()


def test_the_other_organisation_sees_nothing_before_her_yes(people: FourPeople) -> None:
    transfer = ask(people)
    assert told(people.amina.person.pk) == ["may_we_pass_on"]
    assert told(people.dario.person.pk) == []
    assert (sees(people.dario.actor), sees(people.amina.actor), sees(people.chloe.actor)) == (
        False,
        True,
        True,
    )
    with pytest.raises(NotAllowed):
        take(people, transfer)
    agree(people, transfer)
    assert sees(people.dario.actor)
    assert told(people.dario.person.pk) == ["somebody_moves_to_you"]
    assert not sees(people.bruno.actor)


def test_what_she_read_is_what_arrives(people: FourPeople) -> None:
    transfer = ask(people)
    Profile.objects.filter(pk=people.amina.profile.pk).update(topics_wanted=["housing"], notes="private")
    agree(people, transfer)
    file = take(people, transfer).new_profile
    assert file is not None and file.person == people.amina.person
    assert file.topics_wanted == ["paperwork", "conversation"]
    assert [(row.tag, row.level) for row in file.languages.order_by("id")] == [("ar", "native"), ("de", "A2")]
    # Not her full name, when she was born, her number, nor what others noted.
    assert (file.full_name, file.born, file.phone, file.email, file.notes, file.town_id) == (
        "Amina",
        "",
        "",
        "",
        "",
        None,
    )


def test_what_she_ticks_arrives_too(people: FourPeople) -> None:
    Profile.objects.filter(pk=people.amina.profile.pk).update(email="amina@example.org")
    transfer = ask(people)
    agree(people, transfer, also=[PassedOn.NAME, PassedOn.REACH, PassedOn.BORN])
    file = take(people, transfer).new_profile
    assert file is not None
    assert (file.full_name, file.born, file.email) == ("Amina Haddad", "1994-03-08", "amina@example.org")


def test_since_when_she_waits_is_passed_on(people: FourPeople) -> None:
    transfer = agree(people, ask(people))
    passed = passed_on(transfer)
    assert passed is not None and passed.registered_on == people.amina.enrolment.registered_on


def test_her_yes_stands_in_the_ledger(people: FourPeople) -> None:
    transfer = ask(people)
    for _tap in range(2):
        agree(people, transfer)
    line = Consent.objects.get(purpose=Purpose.TRANSFER)
    assert (line.person, line.given, line.channel, line.language_shown) == (
        people.amina.person,
        True,
        Channel.SELF,
        "ar",
    )


def test_staff_record_a_yes_they_heard(people: FourPeople) -> None:
    transfer = ask(people)
    with pytest.raises(NotAllowed):
        agree(people, transfer, actor=people.chloe.actor)
    agree(people, transfer, actor=people.chloe.actor, told=PHONE)
    line = Consent.objects.get(purpose=Purpose.TRANSFER)
    assert (line.channel, line.language_shown, line.interpreter, line.recorded_by) == (
        "phone",
        "de",
        "Ayaan",
        people.chloe.person,
    )
    with pytest.raises(Overtaken, match="Chloé Martin noted the yes"):
        agree(people, transfer, actor=people.chloe.actor, told=PHONE)


def test_a_mentoring_offers_and_places_end_where_she_lived(people: FourPeople) -> None:
    together = bring_together(people)
    transfer = agree(people, ask(people))
    assert together.state == PairingState.ACTIVE
    take(people, transfer)
    together.refresh_from_db()
    assert (together.state, together.end_reason) == (PairingState.WINDING_DOWN, EndReason.MOVED)
    enrolment = Enrolment.objects.get(pk=people.amina.enrolment.pk)
    assert (enrolment.state, enrolment.places_taken) == (EnrolmentState.ENDED, 0)
    assert told(people.bruno.person.pk) == ["ended_with_good_wishes"]
    assert told(people.amina.person.pk)[-1] == "you_are_welcome_there"
    assert told(people.chloe.person.pk)[-1] == "move_taken"
    assert not Enrolment.objects.filter(profile__organisation=people.elsewhere).exists()


def test_of_a_couple_one_moves_and_the_mentoring_goes_on(people: FourPeople) -> None:
    together, karim = bring_together(people), another(people, "newcomer", "Karim")
    actions.add_member(
        pairing_id=together.pk,
        enrolment_id=karim.pk,
        told=PHONE,
        others_told=PHONE,
        actor=people.chloe.actor,
        now=NOW,
    )
    take(people, agree(people, ask(people)))
    together.refresh_from_db()
    assert (together.state, names_in(together)) == (PairingState.ACTIVE, ["Bruno", "Karim"])


def test_a_file_that_is_there_already_is_linked_and_stays_as_it_is(people: FourPeople) -> None:
    known = make_profile(organisation=people.elsewhere, person=people.amina.person, called="Mina")
    transfer = take(people, agree(people, ask(people)))
    assert transfer.new_profile == known
    known.refresh_from_db()
    assert known.called == "Mina"
    assert Profile.objects.filter(organisation=people.elsewhere).count() == 1


@pytest.mark.parametrize("is_known_there", [True, False])
def test_what_the_first_organisation_hears_is_the_same_with_and_without_a_file_there(
    people: FourPeople, is_known_there: bool
) -> None:
    if is_known_there:
        make_profile(organisation=people.elsewhere, person=people.amina.person)
    take(people, agree(people, ask(people)))
    heard = Notice.objects.filter(person=people.chloe.person).order_by("id").values_list("kind", "data")
    assert list(heard) == [("move_agreed", {"name": "Amina"}), ("move_taken", {"name": "Amina"})]


def test_no_wipes_what_would_have_been_passed_on(people: FourPeople) -> None:
    transfer = ask(people)
    for _tap in range(2):
        transfer = actions.refuse_transfer(transfer_id=transfer.pk, actor=people.amina.actor, now=NOW)
    assert (transfer.state, transfer.summary, transfer.answers) == (TransferState.REFUSED, "", "")
    assert told(people.chloe.person.pk) == ["move_not_wanted"]
    assert not sees(people.dario.actor)


def test_the_other_organisation_refuses_and_all_stays_as_it_is(people: FourPeople) -> None:
    transfer = agree(people, ask(people))
    transfer = actions.refuse_transfer(transfer_id=transfer.pk, actor=people.dario.actor, now=NOW)
    assert (transfer.state, transfer.answers) == (TransferState.REFUSED, "")
    assert told(people.chloe.person.pk)[-1] == "move_refused"
    assert told(people.amina.person.pk)[-1] == "no_place_there"
    assert Enrolment.objects.get(pk=people.amina.enrolment.pk).state == EnrolmentState.READY


@pytest.mark.parametrize("who", ["amina", "chloe"])
def test_it_is_taken_back_before_they_take_over(people: FourPeople, who: str) -> None:
    transfer = agree(people, ask(people))
    transfer = actions.withdraw_transfer(
        transfer_id=transfer.pk, language_shown="ar", actor=getattr(people, who).actor, now=NOW
    )
    assert (transfer.state, transfer.summary, transfer.answers) == (TransferState.WITHDRAWN, "", "")
    assert told(people.dario.person.pk)[-1] == "move_withdrawn"
    assert Consent.objects.filter(purpose=Purpose.TRANSFER).last().given is (who == "chloe")
    with pytest.raises(WrongState):
        take(people, transfer)
    assert not Profile.objects.filter(organisation=people.elsewhere).exists()


def test_a_yes_taken_back_in_the_account_stops_it(people: FourPeople) -> None:
    transfer = agree(people, ask(people))
    record_consent(
        person=people.amina.person,
        organisation_id=people.organisation.pk,
        purpose=Purpose.TRANSFER,
        given=False,
        channel=Channel.SELF,
        language_shown="ar",
        actor=people.amina.actor,
        now=NOW + timedelta(hours=1),
    )
    with pytest.raises(YesTakenBack):
        take(people, transfer)


def test_only_a_verified_organisation_elsewhere_can_be_asked(people: FourPeople) -> None:
    with pytest.raises(NotAPlaceToMove):
        ask(people, to_organisation_id=people.organisation.pk)
    Organisation.objects.update(verified_at=None)
    with pytest.raises(NotAPlaceToMove):
        ask(people)


def test_asking_twice_is_one_question_and_another_one_waits(people: FourPeople) -> None:
    assert ask(people) == ask(people)
    with pytest.raises(MovesAlready):
        ask(people, summary="Something else")
    assert told(people.amina.person.pk) == ["may_we_pass_on"]


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_staff_where_she_is_ask(people: FourPeople, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(people, actor=getattr(people, who).actor)


@pytest.mark.parametrize("who", ["amina", "bruno", "chloe"])
def test_only_staff_there_take_over(people: FourPeople, who: str) -> None:
    transfer = agree(people, ask(people))
    with pytest.raises(NotAllowed):
        take(people, transfer, actor=getattr(people, who).actor)


def test_colleagues_there_hear_who_was_faster_by_their_own_name_alone(people: FourPeople) -> None:
    transfer = agree(people, ask(people))
    take(people, transfer)
    dora = actor_for(make_membership(organisation=people.elsewhere, name="Dora Nolan").person, now=NOW)
    with pytest.raises(Overtaken, match="Dario Conti took this person over"):
        take(people, transfer, actor=dora)
    with pytest.raises(Overtaken) as said:
        actions.withdraw_transfer(
            transfer_id=transfer.pk, language_shown="de", actor=people.chloe.actor, now=NOW
        )
    assert "Dario" not in str(said.value)


def test_what_is_kept_names_nothing_of_class_c(people: FourPeople) -> None:
    kept = json.loads(ask(people).answers)
    assert set(kept["values"]) == {
        "called",
        "gender",
        "reach_km",
        "meets_online",
        "slots",
        "hours_vary",
        "topics_offered",
        "topics_wanted",
    }
