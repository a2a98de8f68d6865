"""What two people can press at once when a mentoring ends or changes hands, with real threads."""

from typing import Any

import pytest

from backend.core.states import WrongState
from backend.organisations.models import Organisation
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.actions.locks import PlaceTaken
from backend.pairings.enums import EndReason, PairingState, TransferState
from backend.pairings.models import Pairing, PairingMember, Transfer
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from notifications.api import Notice
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.ending import IN_PERSON, PHONE, another, bring_together, told, verbs_of
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FIFTY = 50


def asked_by(people: FourPeople, pairing: Pairing) -> dict[str, Any]:
    return {"pairing_id": pairing.pk, "actor": people.chloe.actor, "now": NOW}


def test_fifty_end_it_for_good_and_it_ends_once() -> None:
    people = make_four_people()
    together = bring_together(people)
    ask = asked_by(people, together) | {"reason": EndReason.SAFETY}
    results = at_once([lambda: actions.end_pairing(**ask) for _ in range(FIFTY)])
    assert sum(isinstance(r, Pairing) for r in results) == 1
    assert verbs_of(together) == ["start", "end"]
    assert told(people.amina.person.pk) == ["ended_now"]
    assert Enrolment.objects.get(pk=people.amina.enrolment.pk).places_taken == 0


@pytest.mark.parametrize("_round", range(3))
def test_ending_and_pausing_at_one_moment_leave_an_ended_one(_round: int) -> None:
    people = make_four_people()
    together = bring_together(people)
    ask = asked_by(people, together)
    end = lambda: actions.end_pairing(reason=EndReason.SAFETY, **ask)  # noqa: E731
    pause = lambda: actions.pause_pairing(**ask)  # noqa: E731
    results = at_once([end, pause] * (FIFTY // 2))
    together.refresh_from_db()
    assert (together.state, together.pause_reason) == (PairingState.ENDED, "")
    assert verbs_of(together) in (["start", "end"], ["start", "pause", "end"])
    assert all(isinstance(r, Pairing | WrongState) or "NotAllowed" in repr(r) for r in results)


def test_two_stand_ins_for_one_who_leaves() -> None:
    people = make_four_people()
    together = bring_together(people)
    leaving = together.members.get(side="mentor")
    stand_ins = [another(people, "mentor", f"Ben {n}") for n in range(FIFTY)]
    ask = asked_by(people, together) | {"member_id": leaving.pk, "reason": EndReason.WORK}
    said = {"told": PHONE, "others_told": IN_PERSON}
    results = at_once(
        [lambda e=e: actions.replace_mentor(enrolment_id=e.pk, **ask, **said) for e in stand_ins]
    )
    assert sum(isinstance(r, PairingMember) for r in results) == 1
    assert sum(isinstance(r, WrongState) for r in results) == FIFTY - 1
    assert together.members.filter(until_at=None).count() == 2
    assert sum(Enrolment.objects.get(pk=e.pk).places_taken for e in stand_ins) == 1
    assert told(people.amina.person.pk) == ["somebody_stands_in"]


def test_fifty_mentorings_want_the_last_place_of_one_mentor() -> None:
    people = make_four_people()
    ben = another(people, "mentor", "Ben", capacity=3)
    pairings = [
        actions.bring_in_pairing(
            mentor_id=another(people, "mentor", f"Mentor {n}").pk,
            newcomer_id=another(people, "newcomer", f"Newcomer {n}").pk,
            since=NOW,
            actor=people.chloe.actor,
            now=NOW,
        )
        for n in range(FIFTY)
    ]
    said = {"enrolment_id": ben.pk, "told": PHONE, "others_told": IN_PERSON}
    results = at_once([lambda p=p: actions.add_member(**asked_by(people, p), **said) for p in pairings])
    assert sum(isinstance(r, PairingMember) for r in results) == 3
    assert sum(isinstance(r, PlaceTaken) for r in results) == FIFTY - 3
    assert Enrolment.objects.get(pk=ben.pk).places_taken == 3


def test_fifty_taps_ask_to_end_once() -> None:
    people = make_four_people()
    together = bring_together(people)
    ask = {"pairing_id": together.pk, "actor": people.amina.actor, "now": NOW}
    at_once([lambda: actions.ask_to_end(**ask) for _ in range(FIFTY)])
    assert verbs_of(together) == ["start", "ask_to_end"]
    assert told(people.chloe.person.pk) == ["wants_to_end"]


def agreed_move(people: FourPeople) -> Transfer:
    Organisation.objects.filter(pk=people.elsewhere.pk).update(verified_at=NOW)
    transfer = actions.ask_to_transfer(
        profile_id=people.amina.profile.pk,
        to_organisation_id=people.elsewhere.pk,
        summary="",
        actor=people.chloe.actor,
        now=NOW,
    )
    return actions.agree_to_transfer(
        transfer_id=transfer.pk, language_shown="ar", actor=people.amina.actor, now=NOW
    )


def test_fifty_colleagues_take_over_the_same_person() -> None:
    people = make_four_people()
    together, transfer = bring_together(people), agreed_move(people)
    colleagues = [
        actor_for(make_membership(organisation=people.elsewhere).person, now=NOW) for _ in range(FIFTY)
    ]
    results = at_once(
        [lambda a=a: actions.take_transfer(transfer_id=transfer.pk, actor=a, now=NOW) for a in colleagues]
    )
    assert sum(isinstance(r, Transfer) for r in results) == 1
    assert sum(isinstance(r, WrongState) for r in results) == FIFTY - 1
    assert Profile.objects.filter(organisation=people.elsewhere).count() == 1
    assert verbs_of(together) == ["start", "wind_down"]


@pytest.mark.parametrize("_round", range(3))
def test_taking_over_and_taking_back_leave_one_outcome(_round: int) -> None:
    people = make_four_people()
    transfer = agreed_move(people)
    take = lambda: actions.take_transfer(  # noqa: E731
        transfer_id=transfer.pk, actor=people.dario.actor, now=NOW
    )
    back = lambda: actions.withdraw_transfer(  # noqa: E731
        transfer_id=transfer.pk, language_shown="ar", actor=people.amina.actor, now=NOW
    )
    at_once([take, back] * 10)
    transfer.refresh_from_db()
    files = Profile.objects.filter(organisation=people.elsewhere).count()
    assert (transfer.state, files, bool(transfer.answers)) in [
        (TransferState.TAKEN, 1, True),
        (TransferState.WITHDRAWN, 0, False),
    ]


def test_fifty_questions_about_one_move_are_one() -> None:
    people = make_four_people()
    Organisation.objects.filter(pk=people.elsewhere.pk).update(verified_at=NOW)
    ask = {"to_organisation_id": people.elsewhere.pk, "summary": "x", "actor": people.chloe.actor, "now": NOW}
    profile = people.amina.profile
    at_once([lambda: actions.ask_to_transfer(profile_id=profile.pk, **ask) for _ in range(FIFTY)])
    assert Transfer.objects.count() == 1
    assert Notice.objects.filter(kind="may_we_pass_on").count() == 1
