"""Members join and leave: a couple, siblings, an interpreter, a stand-in on the same day."""

from datetime import timedelta

import pytest

from backend.core.errors import NotAllowed
from backend.messaging.actions import conversation_of
from backend.messaging.queries import member_ids
from backend.pairings import actions
from backend.pairings.actions.locks import NotSuitable, PlaceTaken
from backend.pairings.actions.members import NotAMember, OnlyForMentors
from backend.pairings.enums import EndReason, MemberRole, PairingState, Refusal
from backend.pairings.models import Pairing
from backend.pairings.overtaken import Overtaken
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance, Restriction
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople
from tests.pairings.ending import (
    IN_PERSON,
    PHONE,
    another,
    bring_together,
    names_in,
    seat,
    told,
    verbs_of,
)
from tests.security.world import say


@pytest.fixture
def together(four_people: FourPeople) -> Pairing:
    return bring_together(four_people)


def join(people: FourPeople, pairing: Pairing, who: Enrolment, **more: object):
    ask = {"pairing_id": pairing.pk, "enrolment_id": who.pk, "told": PHONE, "others_told": IN_PERSON}
    return actions.add_member(**ask | {"actor": people.chloe.actor, "now": NOW} | more)


def leaves(people: FourPeople, pairing: Pairing, who: Enrolment, **more: object) -> Pairing:
    ask = {"pairing_id": pairing.pk, "member_id": seat(pairing, who).pk, "reason": EndReason.WORK}
    return actions.member_leaves(**ask | {"actor": people.chloe.actor, "now": NOW} | more)


def replace(people: FourPeople, pairing: Pairing, stand_in: Enrolment, **more: object):
    ask = {
        "pairing_id": pairing.pk,
        "member_id": pairing.members.get(enrolment=people.bruno.enrolment).pk,
        "enrolment_id": stand_in.pk,
        "reason": EndReason.WORK,
        "told": PHONE,
        "others_told": IN_PERSON,
        "actor": people.chloe.actor,
        "now": NOW,
    }
    return actions.replace_mentor(**ask | more)


def apart(people: FourPeople, one: Enrolment, other: Enrolment) -> None:
    first, second = sorted([one.profile, other.profile], key=lambda p: p.pk)
    Restriction.objects.create(
        organisation=people.organisation, first=first, second=second, by=people.chloe.person, since=NOW
    )


def test_a_husband_joins_with_everybodys_yes(four_people: FourPeople, together: Pairing) -> None:
    karim = another(four_people, "newcomer", "Karim")
    for _press in range(2):
        member = join(four_people, together, karim)
    assert (member.side, member.role, member.takes_place) == ("newcomer", "member", True)
    assert names_in(together) == ["Amina", "Bruno", "Karim"]
    assert Enrolment.objects.get(pk=karim.pk).places_taken == 1
    assert list(together.events.values_list("verb", "channel", "language", "interpreter")) == [
        ("start", "", "", ""),
        ("others_agree", "in_person", "ar", ""),
        ("join", "phone", "de", "Ayaan"),
    ]
    assert told(karim.profile.person_id) == ["you_joined"]
    assert told(four_people.amina.person.pk) == told(four_people.bruno.person.pk) == ["somebody_joined"]


def test_the_conversation_follows_who_takes_part(four_people: FourPeople, together: Pairing) -> None:
    conversation = conversation_of(pairing=together, actor=four_people.amina.actor, now=NOW)
    ben = another(four_people, "mentor", "Ben")
    replace(four_people, together, ben)
    say(conversation, "Hello Ben", actor=four_people.amina.actor)
    taking_part = conversation.participants.filter(left_at=None).values_list("person", flat=True)
    assert set(taking_part) == {four_people.amina.person.pk, ben.profile.person_id}
    assert four_people.bruno.person.pk not in member_ids(together.pk)


@pytest.mark.parametrize(
    ("side", "spoil", "refusal"),
    [
        ("newcomer", {"wishes_gender": "f", "wish_is_required": True}, Refusal.GENDER),
        ("newcomer", {"born": ""}, Refusal.UNDER_AGE),
        ("newcomer", {"ready": False}, Refusal.NOT_READY),
        ("mentor", {"cleared": False}, Refusal.NOT_CLEARED),
        ("mentor", {"born": "2015"}, Refusal.UNDER_AGE),
    ],
)
def test_what_refuses_a_match_refuses_joining(
    four_people: FourPeople, together: Pairing, side: str, spoil: dict, refusal: Refusal
) -> None:
    with pytest.raises(NotSuitable) as stopped:
        join(four_people, together, another(four_people, side, "Somebody", **spoil))
    assert stopped.value.refusals == (refusal,)
    assert names_in(together) == ["Amina", "Bruno"]


@pytest.mark.parametrize("whom", ["amina", "bruno"])
def test_two_who_must_not_meet_do_not_meet_here_on_either_side(
    four_people: FourPeople, together: Pairing, whom: str
) -> None:
    karim = another(four_people, "newcomer", "Karim")
    apart(four_people, karim, getattr(four_people, whom).enrolment)
    with pytest.raises(NotSuitable):
        join(four_people, together, karim)


def test_somebody_of_another_programme_does_not_join(four_people: FourPeople, together: Pairing) -> None:
    with pytest.raises(NotSuitable) as stopped:
        join(four_people, together, make_enrolment(side="newcomer"))
    assert stopped.value.refusals == (Refusal.OTHER_PROGRAMME,)


def test_who_is_full_does_not_join(four_people: FourPeople, together: Pairing) -> None:
    ben, selam = another(four_people, "mentor", "Ben"), another(four_people, "newcomer", "Selam")
    actions.bring_in_pairing(
        mentor_id=ben.pk, newcomer_id=selam.pk, since=NOW, actor=four_people.chloe.actor, now=NOW
    )
    with pytest.raises(PlaceTaken):
        join(four_people, together, ben)
    assert verbs_of(together) == ["start"]


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_staff_there_changes_who_takes_part(
    four_people: FourPeople, together: Pairing, who: str
) -> None:
    actor = getattr(four_people, who).actor
    karim, ben = another(four_people, "newcomer", "Karim"), another(four_people, "mentor", "Ben")
    with pytest.raises(NotAllowed):
        join(four_people, together, karim, actor=actor)
    with pytest.raises(NotAllowed):
        leaves(four_people, together, four_people.bruno.enrolment, actor=actor)
    with pytest.raises(NotAllowed):
        replace(four_people, together, ben, actor=actor)


def test_an_interpreter_leaves_and_the_mentoring_goes_on(four_people: FourPeople, together: Pairing) -> None:
    ayaan = another(four_people, "mentor", "Ayaan")
    join(four_people, together, ayaan, role=MemberRole.INTERPRETER)
    leaves(four_people, together, ayaan)
    together.refresh_from_db()
    assert (together.state, names_in(together)) == (PairingState.ACTIVE, ["Amina", "Bruno"])
    assert Enrolment.objects.get(pk=ayaan.pk).places_taken == 0
    assert told(ayaan.profile.person_id) == ["you_joined", "you_left"]
    assert told(four_people.amina.person.pk)[-1] == "somebody_left"


def test_when_the_last_of_a_side_leaves_it_ends(four_people: FourPeople, together: Pairing) -> None:
    # An interpreter alone is no mentor.
    join(four_people, together, another(four_people, "mentor", "Ayaan"), role=MemberRole.INTERPRETER)
    leaves(four_people, together, four_people.bruno.enrolment)
    together.refresh_from_db()
    assert (together.state, together.end_reason) == (PairingState.WINDING_DOWN, EndReason.WORK)
    assert names_in(together) == ["Amina", "Ayaan", "Bruno"]  # all may say goodbye


def test_leaving_twice_changes_nothing(four_people: FourPeople, together: Pairing) -> None:
    ben = another(four_people, "mentor", "Ben")
    member = join(four_people, together, ben)
    for _press in range(2):
        actions.member_leaves(
            pairing_id=together.pk,
            member_id=member.pk,
            reason=EndReason.WISH,
            actor=four_people.chloe.actor,
            now=NOW,
        )
    assert verbs_of(together).count("leave") == 1


def test_a_stand_in_comes_the_same_day_and_the_history_stays(
    four_people: FourPeople, together: Pairing
) -> None:
    ben, bruno = another(four_people, "mentor", "Ben"), four_people.bruno.enrolment
    for _press in range(2):
        member = replace(four_people, together, ben)
    assert (member.role, names_in(together)) == (MemberRole.STAND_IN, ["Amina", "Ben"])
    together.refresh_from_db()
    assert together.state == PairingState.ACTIVE
    assert [Enrolment.objects.get(pk=e.pk).places_taken for e in (bruno, ben)] == [0, 1]
    assert verbs_of(together) == ["start", "leave", "others_agree", "stand_in"]
    assert told(four_people.amina.person.pk) == ["somebody_stands_in"]
    assert told(four_people.bruno.person.pk) == ["you_left"]
    assert together.members.filter(enrolment=bruno, until_at=NOW).exists()


def test_the_mentor_who_left_may_come_back(four_people: FourPeople, together: Pairing) -> None:
    ben, bruno = another(four_people, "mentor", "Ben"), four_people.bruno.enrolment
    replace(four_people, together, ben)
    later = NOW + timedelta(days=60)
    join(four_people, together, bruno, now=later)
    leaves(four_people, together, ben, now=later)
    assert names_in(together) == ["Amina", "Bruno"]
    assert together.members.filter(enrolment=bruno).count() == 2


def test_a_stand_in_is_a_mentor_for_a_mentor(four_people: FourPeople, together: Pairing) -> None:
    with pytest.raises(OnlyForMentors):
        replace(four_people, together, another(four_people, "newcomer", "Karim"))
    with pytest.raises(OnlyForMentors):
        replace(four_people, together, another(four_people, "mentor", "Ida"), role=MemberRole.INTERPRETER)
    elsewhere = another(four_people, "mentor", "Ben"), another(four_people, "newcomer", "Selam")
    other = actions.bring_in_pairing(
        mentor_id=elsewhere[0].pk,
        newcomer_id=elsewhere[1].pk,
        since=NOW,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    with pytest.raises(NotAMember):
        replace(four_people, together, elsewhere[0], member_id=other.members.get(side="mentor").pk)


def test_a_stand_in_must_suit_everybody_who_stays(four_people: FourPeople, together: Pairing) -> None:
    ben = another(four_people, "mentor", "Ben")
    apart(four_people, ben, four_people.amina.enrolment)
    with pytest.raises(NotSuitable):
        replace(four_people, together, ben)
    assert names_in(together) == ["Amina", "Bruno"]


def test_a_second_stand_in_hears_who_found_the_first(four_people: FourPeople, together: Pairing) -> None:
    replace(four_people, together, another(four_people, "mentor", "Ben"))
    with pytest.raises(Overtaken, match="Chloé Martin found a stand-in"):
        replace(four_people, together, another(four_people, "mentor", "Berta"))


def test_a_stand_in_with_all_proofs_ends_the_waiting_for_one(
    four_people: FourPeople, together: Pairing
) -> None:
    Clearance.objects.filter(profile=four_people.bruno.profile).delete()
    actions.look_at_proofs(pairing_id=together.pk, now=NOW)
    together.refresh_from_db()
    assert together.grace_until is not None
    ben = another(four_people, "mentor", "Ben")
    replace(four_people, together, ben)
    together.refresh_from_db()
    assert together.grace_until is None
    assert told(ben.profile.person_id) == ["you_joined"]


def test_nobody_joins_what_comes_to_an_end(four_people: FourPeople, together: Pairing) -> None:
    ask = {"pairing_id": together.pk, "actor": four_people.chloe.actor, "now": NOW}
    actions.end_pairing(reason=EndReason.PLAN, **ask)
    with pytest.raises(Overtaken, match="Chloé Martin ended this"):
        join(four_people, together, another(four_people, "newcomer", "Karim"))
