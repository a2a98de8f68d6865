"""Who looks after whom: taking over what nobody has, and passing people on to a colleague."""

from datetime import timedelta

import pytest

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.organisations.models import Membership
from backend.organisations.queries import actor_for
from backend.people.models import Person
from backend.profiles.handovers import (
    LookedAfterAlready,
    NobodyChosen,
    NotAColleague,
    OneOffice,
    OwnFile,
    hand_over,
    hand_over_all,
    take_over,
)
from backend.profiles.models import Handover, Profile
from notifications.api import Notice
from tests.factories import NOW, make_enrolment, make_membership, make_profile
from tests.factories.people import FourPeople
from tests.support.threads import at_once


@pytest.fixture
def carl(four_people: FourPeople) -> Person:
    """Chloé's colleague, a caseworker."""
    return make_membership(organisation=four_people.organisation, role="caseworker", name="Carl Ott").person


def actor_of(person: Person) -> Actor:
    return actor_for(person, now=NOW)


def coordinators() -> dict[str, int | None]:
    return dict(Profile.objects.values_list("called", "coordinator"))


def take(four: FourPeople, actor: Actor) -> Profile:
    return take_over(profile_id=four.amina.profile.pk, actor=actor, now=NOW)


def test_nobodys_person_is_taken_over_once(four_people: FourPeople, carl: Person) -> None:
    chloe = four_people.chloe
    for _again in range(2):
        assert take(four_people, chloe.actor).coordinator_id == chloe.person.pk
    made = Handover.objects.get()
    assert (made.from_person_id, made.to_person_id, made.by_id) == (None, chloe.person.pk, chloe.person.pk)
    assert [entry.act for entry in AuditEntry.objects.filter(about_id=made.public_id)] == ["handed_over"]
    with pytest.raises(
        LookedAfterAlready, match=r"^Chloé Martin took this person over, .*Nothing was changed"
    ):
        take(four_people, actor_of(carl))


def test_whose_coordinator_left_the_office_belongs_to_nobody(four_people: FourPeople, carl: Person) -> None:
    take(four_people, actor_of(carl))
    today = four_people.organisation.today(NOW)
    here = Profile.objects.filter(organisation=four_people.organisation)
    assert {p.called for p in here.of_nobody(today)} == {"Bruno"}
    Membership.objects.filter(person=carl).update(ends_on=today - timedelta(days=1))
    assert {p.called for p in here.of_nobody(today)} == {"Amina", "Bruno"}
    assert take(four_people, four_people.chloe.actor).coordinator_id == four_people.chloe.person.pk


def test_only_those_who_work_on_the_case_take_over(four_people: FourPeople) -> None:
    manager = make_membership(organisation=four_people.organisation, role="manager").person
    for who in (four_people.dario.actor, four_people.amina.actor, four_people.bruno.actor, actor_of(manager)):
        with pytest.raises(NotAllowed):
            take(four_people, who)
    assert set(coordinators().values()) == {None}


def test_nobody_takes_themselves_over(four_people: FourPeople) -> None:
    own = make_profile(organisation=four_people.organisation, person=four_people.chloe.person)
    with pytest.raises(NotAllowed):
        take_over(profile_id=own.pk, actor=four_people.chloe.actor, now=NOW)


def pass_on(four: FourPeople, to: Person, *, of: int | None, actor: Actor | None = None) -> Handover:
    return hand_over(
        profile_ids=[four.amina.profile.pk, four.bruno.profile.pk],
        from_person_id=of,
        to_person=to,
        summary=" Amina prefers calls. ",
        actor=actor or four.chloe.actor,
        now=NOW,
    )


def test_people_are_passed_on_with_a_summary(four_people: FourPeople, carl: Person) -> None:
    first = pass_on(four_people, carl, of=None)
    assert pass_on(four_people, carl, of=None) == first == Handover.objects.get()
    assert first.summary == "Amina prefers calls."
    assert {p.called for p in first.profiles.all()} == {"Amina", "Bruno"}
    assert coordinators() == {"Amina": carl.pk, "Bruno": carl.pk}
    told = Notice.objects.get()
    assert (told.person_id, told.kind, told.data) == (
        carl.pk,
        "people_handed_over",
        {"name": "Chloé Martin", "count": 2},
    )


def test_an_old_page_passes_nobody_on(four_people: FourPeople, carl: Person) -> None:
    eva = make_membership(organisation=four_people.organisation, name="Eva Roth").person
    pass_on(four_people, carl, of=None)
    with pytest.raises(LookedAfterAlready, match="Chloé Martin handed this person over to Carl Ott, "):
        pass_on(four_people, eva, of=None, actor=actor_of(eva))
    assert coordinators() == {"Amina": carl.pk, "Bruno": carl.pk}


def test_whose_people_somebody_else_passes_on_hears_of_it(four_people: FourPeople, carl: Person) -> None:
    pass_on(four_people, carl, of=None)
    pass_on(four_people, four_people.chloe.person, of=carl.pk)
    kinds = list(Notice.objects.order_by("id").values_list("kind", "person"))
    assert kinds == [("people_handed_over", carl.pk), ("people_passed_on", carl.pk)]


def test_only_a_colleague_with_cases_today_gets_people(four_people: FourPeople) -> None:
    here = four_people.organisation
    gone = make_membership(organisation=here, ends_on=NOW.date() - timedelta(days=1)).person
    manager = make_membership(organisation=here, role="manager").person
    for person in (four_people.dario.person, four_people.amina.person, gone, manager):
        with pytest.raises(NotAColleague):
            pass_on(four_people, person, of=None)
    assert not Handover.objects.exists()


def test_nobody_is_given_to_themselves(four_people: FourPeople, carl: Person) -> None:
    own = make_profile(organisation=four_people.organisation, person=carl)
    with pytest.raises(OwnFile):
        hand_over(
            profile_ids=[own.pk],
            from_person_id=None,
            to_person=carl,
            summary="",
            actor=four_people.chloe.actor,
            now=NOW,
        )


def test_people_elsewhere_are_not_passed_on(four_people: FourPeople, carl: Person) -> None:
    stranger = make_profile(organisation=four_people.elsewhere)
    for ids, error in (
        ([four_people.amina.profile.pk, stranger.pk], NotAllowed),
        ([], NobodyChosen),
    ):
        with pytest.raises(error):
            hand_over(
                profile_ids=ids,
                from_person_id=None,
                to_person=carl,
                summary="",
                actor=four_people.chloe.actor,
                now=NOW,
            )


def test_two_organisations_are_not_mixed(four_people: FourPeople, carl: Person) -> None:
    stranger = make_profile(organisation=four_people.elsewhere)
    make_membership(organisation=four_people.elsewhere, person=four_people.chloe.person)
    with pytest.raises(OneOffice):
        hand_over(
            profile_ids=[four_people.amina.profile.pk, stranger.pk],
            from_person_id=None,
            to_person=carl,
            summary="",
            actor=actor_of(four_people.chloe.person),
            now=NOW,
        )


def all_of(four: FourPeople, to: Person) -> Handover:
    return hand_over_all(
        organisation=four.organisation, to_person=to, summary="Until 5 May.", actor=four.chloe.actor, now=NOW
    )


def test_before_a_holiday_everybody_is_passed_on_at_once(four_people: FourPeople, carl: Person) -> None:
    with pytest.raises(NobodyChosen):
        all_of(four_people, carl)
    take(four_people, four_people.chloe.actor)
    ended = make_enrolment(programme=four_people.programme, called="Zoe", state="ended").profile
    take_over(profile_id=ended.pk, actor=four_people.chloe.actor, now=NOW)
    made = all_of(four_people, carl)
    assert all_of(four_people, carl) == made
    assert coordinators() == {"Amina": carl.pk, "Bruno": None, "Zoe": carl.pk}


@pytest.mark.django_db(transaction=True)
def test_of_many_colleagues_at_once_one_takes_over(four_people: FourPeople) -> None:
    here = four_people.organisation
    rivals = [actor_of(make_membership(organisation=here, name=f"Rival {n}").person) for n in range(50)]
    # Whose colleague left is free as well as who never had one.
    gone = make_membership(organisation=here, ends_on=NOW.date() - timedelta(days=1)).person
    for before in (None, gone.pk, None, gone.pk):
        Handover.objects.all().delete()
        Profile.objects.update(coordinator=before)
        results = at_once([lambda rival=rival: take(four_people, rival) for rival in rivals])
        late = [result for result in results if isinstance(result, LookedAfterAlready)]
        assert (sum(isinstance(result, Profile) for result in results), len(late)) == (1, 49)
        made = Handover.objects.get()
        assert Profile.objects.get(pk=four_people.amina.profile.pk).coordinator_id == made.to_person_id
        name = Membership.objects.get(person=made.to_person_id).name
        assert {str(error).partition(",")[0] for error in late} == {f"{name} took this person over"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pass_the_same_people_on_one_wins(four_people: FourPeople) -> None:
    people = [make_membership(organisation=four_people.organisation).person for _each in range(10)]
    acts = [
        lambda person=person: pass_on(four_people, person, of=None, actor=actor_of(person))
        for person in people
    ]
    results = at_once(acts)
    made = Handover.objects.get()
    assert sum(isinstance(result, Handover) for result in results) == 1
    assert sum(isinstance(result, LookedAfterAlready) for result in results) == 9
    assert set(coordinators().values()) == {made.to_person_id}


@pytest.mark.django_db(transaction=True)
def test_the_same_handover_sent_many_times_at_once_is_one(four_people: FourPeople) -> None:
    carl = make_membership(organisation=four_people.organisation).person
    results = at_once([lambda: pass_on(four_people, carl, of=None)] * 20)
    assert {result.pk for result in results} == {Handover.objects.get().pk}
    assert Notice.objects.count() == 1
