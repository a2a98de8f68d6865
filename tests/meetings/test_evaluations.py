"""What members say at the end: once each, also where two tell it at one moment."""

import pytest

from backend.core.errors import NotAllowed
from backend.meetings.actions.evaluations import BadEvaluation, NotOverYet, SaidAlready, evaluate
from backend.meetings.evaluations import Said, evaluations_of
from backend.meetings.models import Evaluation
from backend.organisations.enums import Role
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.enums import EndReason
from backend.pairings.models import Pairing
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.ending import PHONE, bring_together
from tests.support.threads import at_once

GOOD = Said(match=5, programme=4, again=True, text=" Thank you ")


def ended(people: FourPeople, reason: EndReason = EndReason.PLAN) -> Pairing:
    together = bring_together(people)
    return actions.end_pairing(pairing_id=together.pk, reason=reason, actor=people.chloe.actor, now=NOW)


def tell(people: FourPeople, pairing: Pairing, **more: object) -> Evaluation:
    ask = {"pairing_id": pairing.pk, "person_id": people.amina.person.pk, "said": GOOD}
    return evaluate(**ask | {"actor": people.amina.actor, "now": NOW} | more)


def test_it_is_kept_as_it_was_said_first(four_people: FourPeople) -> None:
    pairing = ended(four_people)
    first = tell(four_people, pairing)
    assert tell(four_people, pairing, said=Said(match=1, programme=1)) == first
    first.refresh_from_db()
    assert (first.match, first.again, first.text) == (5, True, "Thank you")


def test_after_it_closed_it_can_still_be_said(four_people: FourPeople) -> None:
    pairing = ended(four_people)
    ask = {"pairing_id": pairing.pk, "reason": EndReason.PLAN, "closes": True}
    actions.end_pairing(**ask, actor=four_people.chloe.actor, now=NOW)
    assert tell(four_people, pairing).match == 5


def test_not_while_it_goes_on(four_people: FourPeople) -> None:
    with pytest.raises(NotOverYet):
        tell(four_people, bring_together(four_people))


@pytest.mark.parametrize("reason", [EndReason.SAFETY, EndReason.CLEARANCE])
def test_nobody_is_asked_after_a_concern_and_staff_may_note_what_was_said(
    four_people: FourPeople, reason: EndReason
) -> None:
    pairing = ended(four_people, reason)
    with pytest.raises(NotAllowed):
        tell(four_people, pairing)
    assert tell(four_people, pairing, actor=four_people.chloe.actor, told=PHONE).channel == "phone"


@pytest.mark.parametrize("who", ["bruno", "chloe", "dario"])
def test_nobody_says_it_for_another(four_people: FourPeople, who: str) -> None:
    with pytest.raises(NotAllowed):
        tell(four_people, ended(four_people), actor=getattr(four_people, who).actor)


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_staff_there_note_what_they_heard(four_people: FourPeople, who: str) -> None:
    with pytest.raises(NotAllowed):
        tell(four_people, ended(four_people), actor=getattr(four_people, who).actor, told=PHONE)


@pytest.mark.parametrize("said", [Said(0, 5), Said(5, 6), Said(5, 5, text="x" * 2001)])
def test_it_is_from_one_to_five(four_people: FourPeople, said: Said) -> None:
    with pytest.raises(BadEvaluation):
        tell(four_people, ended(four_people), said=said)


def test_staff_read_it_and_the_other_member_does_not(four_people: FourPeople) -> None:
    pairing = ended(four_people)
    mine = tell(four_people, pairing)
    assert evaluations_of(pairing, actor=four_people.chloe.actor) == [mine]
    for who in (four_people.bruno, four_people.dario, four_people.amina):
        assert evaluations_of(pairing, actor=who.actor) == []


def test_a_colleague_who_was_the_mentor_does_not_read_what_was_said_of_them(
    four_people: FourPeople,
) -> None:
    pairing = ended(four_people)
    tell(four_people, pairing)
    make_membership(
        organisation=four_people.organisation, person=four_people.bruno.person, role=Role.COORDINATOR
    )
    ask = {"pairing_id": pairing.pk, "reason": EndReason.PLAN, "closes": True}
    actions.end_pairing(**ask, actor=four_people.chloe.actor, now=NOW)
    assert evaluations_of(pairing, actor=actor_for(four_people.bruno.person, now=NOW)) == []


@pytest.mark.django_db(transaction=True)
def test_fifty_at_one_moment_are_one() -> None:
    people = make_four_people()
    pairing = ended(people)
    own = lambda: tell(people, pairing)  # noqa: E731
    heard = lambda: tell(people, pairing, actor=people.chloe.actor, told=PHONE)  # noqa: E731
    results = at_once([own, heard] * 25)
    assert Evaluation.objects.count() == 1
    assert all(isinstance(r, Evaluation | SaidAlready) for r in results)
