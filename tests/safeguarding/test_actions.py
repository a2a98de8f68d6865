from datetime import timedelta

import pytest

from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.organisations.queries import actor_for
from backend.programmes.actions import ProgrammeSettings
from backend.safeguarding.actions import (
    NotTwoHere,
    RanOutBefore,
    SeenInFuture,
    lift_restriction,
    record_clearance,
    restrict,
    set_requirements,
    start_programme,
)
from backend.safeguarding.models import Clearance, Restriction
from backend.safeguarding.queries import is_cleared, restrictions_among
from backend.safeguarding.rules import may_view_clearance, may_view_restriction
from tests.factories import NOW, TODAY, make_clearance, make_enrolment, make_membership, make_profile
from tests.factories.people import FourPeople


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("mentoring", ["code_of_conduct", "police_check"]), ("task", ["code_of_conduct"])],
)
def test_a_programme_starts_with_what_its_kind_asks_for(
    four_people: FourPeople, kind: str, asked: list[str]
) -> None:
    programme = start_programme(
        organisation_id=four_people.organisation.pk,
        settings=ProgrammeSettings(name="New", kind=kind),
        actor=four_people.chloe.actor,
        now=NOW,
    )
    rows = programme.requirements.order_by("kind")
    assert [(row.side, row.kind) for row in rows] == [("mentor", each) for each in asked]


def test_a_new_requirement_uncovers_who_lacks_it(four_people: FourPeople) -> None:
    bruno = four_people.bruno.enrolment
    assert is_cleared(bruno, day=TODAY)
    set_requirements(
        programme=four_people.programme,
        side="mentor",
        kinds=["police_check", "training"],
        actor=four_people.chloe.actor,
        now=NOW,
    )
    assert not is_cleared(bruno, day=TODAY)


def test_a_proof_clears_until_its_last_day(four_people: FourPeople) -> None:
    applied = make_enrolment(programme=four_people.programme, side="mentor", cleared=False)
    make_clearance(applied.profile, "code_of_conduct")
    assert not is_cleared(applied, day=TODAY)
    record_clearance(
        profile=applied.profile,
        kind="police_check",
        seen_on=TODAY,
        valid_until=TODAY + timedelta(days=30),
        actor=four_people.chloe.actor,
        now=NOW,
    )
    assert is_cleared(applied, day=TODAY + timedelta(days=30))
    assert not is_cleared(applied, day=TODAY + timedelta(days=31))
    assert AuditEntry.objects.filter(act="clearance_recorded", about_id=applied.profile.public_id).exists()


def test_a_proof_is_neither_from_tomorrow_nor_run_out_before(four_people: FourPeople) -> None:
    proof = {"profile": four_people.bruno.profile, "kind": "police_check", "now": NOW}
    tomorrow, chloe = TODAY + timedelta(days=1), four_people.chloe.actor
    with pytest.raises(SeenInFuture):
        record_clearance(**proof, seen_on=tomorrow, actor=chloe)
    with pytest.raises(RanOutBefore):
        record_clearance(**proof, seen_on=TODAY, valid_until=TODAY - timedelta(days=1), actor=chloe)


def test_nobody_vouches_for_themselves_or_from_outside(four_people: FourPeople) -> None:
    own = make_profile(organisation=four_people.organisation, person=four_people.chloe.person)
    cases = [(own, four_people.chloe), (four_people.bruno.profile, four_people.bruno)]
    cases += [(four_people.bruno.profile, four_people.dario)]
    before = Clearance.objects.count()
    for profile, who in cases:
        with pytest.raises(NotAllowed):
            record_clearance(profile=profile, kind="police_check", seen_on=TODAY, actor=who.actor, now=NOW)
    assert Clearance.objects.count() == before


def test_two_who_must_not_meet_are_written_once_whatever_the_order(four_people: FourPeople) -> None:
    amina, bruno, chloe = four_people.amina.profile, four_people.bruno.profile, four_people.chloe.actor
    first = restrict(first=bruno, second=amina, why=" an old quarrel ", actor=chloe, now=NOW)
    assert restrict(first=amina, second=bruno, actor=chloe, now=NOW).pk == first.pk
    assert first.why == "an old quarrel"
    assert set(restrictions_among([amina.pk, bruno.pk])) == {(amina.pk, bruno.pk), (bruno.pk, amina.pk)}
    assert AuditEntry.objects.filter(act="restricted").count() == 1


def test_people_block_for_themselves_and_for_nobody_else(four_people: FourPeople) -> None:
    amina, bruno = four_people.amina, four_people.bruno
    restrict(first=amina.profile, second=bruno.profile, kind="block", actor=amina.actor, now=NOW)
    other = make_profile(organisation=four_people.organisation)
    for kind, second in (("avoid", amina.profile), ("block", bruno.profile)):
        with pytest.raises(NotAllowed):
            restrict(first=other, second=second, kind=kind, actor=amina.actor, now=NOW)
    with pytest.raises(NotAllowed):
        restrict(first=other, second=bruno.profile, actor=four_people.dario.actor, now=NOW)


def test_a_restriction_is_between_two_of_one_organisation(four_people: FourPeople) -> None:
    amina = four_people.amina.profile
    for other in (amina, make_profile(organisation=four_people.elsewhere)):
        with pytest.raises(NotTwoHere):
            restrict(first=amina, second=other, actor=four_people.chloe.actor, now=NOW)


def test_a_coordinator_lifts_and_a_caseworker_does_not(four_people: FourPeople) -> None:
    restriction = restrict(
        first=four_people.amina.profile,
        second=four_people.bruno.profile,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    caseworker = make_membership(organisation=four_people.organisation, role="caseworker").person
    for who in (actor_for(caseworker, now=NOW), four_people.amina.actor, four_people.dario.actor):
        with pytest.raises(NotAllowed):
            lift_restriction(restriction_id=restriction.pk, actor=who, now=NOW)
    lift_restriction(restriction_id=restriction.pk, actor=four_people.chloe.actor, now=NOW)
    assert not Restriction.objects.exists()


def test_what_is_visible_agrees_with_what_may_be_viewed(four_people: FourPeople) -> None:
    restriction = restrict(
        first=four_people.amina.profile,
        second=four_people.bruno.profile,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    clearance = four_people.bruno.profile.clearances.first()
    for who in (four_people.amina, four_people.bruno, four_people.chloe, four_people.dario):
        listed = Restriction.objects.visible_to(who.actor).contains(restriction)
        assert listed == may_view_restriction(who.actor, restriction)
        listed = Clearance.objects.visible_to(who.actor).contains(clearance)
        assert listed == may_view_clearance(who.actor, clearance)
    assert not may_view_restriction(four_people.amina.actor, restriction)
