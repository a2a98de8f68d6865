from dataclasses import replace
from datetime import timedelta

import pytest

from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.profiles.actions import (
    CallBackLiesBehind,
    keep_promised_call,
    log_contact,
    put_in_household,
    register_profile,
    update_profile,
)
from backend.profiles.answers import BadAnswers, LanguageAnswer, ProfileAnswers
from backend.profiles.models import Contact, Profile
from backend.profiles.queries import find_same_person, named, promised_calls
from backend.profiles.rules import may_make_slip
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_membership,
    make_person,
    make_profile,
    make_town,
)
from tests.factories.people import FourPeople

AMINA = ProfileAnswers(
    full_name="  Amina   Haddad ",
    born="1994-03-08",
    phone="0151 23456789",
    email="Amina@Example.org",
    slots=("thu:evening", "tue:evening", "thu:evening"),
    topics_wanted=("conversation", "paperwork"),
    languages=(LanguageAnswer("ar", "native"), LanguageAnswer("de", "A2", reads=False)),
)


def register(four: FourPeople, answers: ProfileAnswers = AMINA) -> Profile:
    return register_profile(
        organisation_id=four.organisation.pk, answers=answers, actor=four.chloe.actor, now=NOW
    )


def test_registering_tidies_what_was_written(four_people: FourPeople) -> None:
    profile = register(four_people)
    profile.refresh_from_db()
    assert (profile.full_name, profile.called) == ("Amina Haddad", "Amina")
    assert (profile.phone, profile.email) == ("+4915123456789", "amina@example.org")
    assert profile.slots == ["tue:evening", "thu:evening"]
    assert profile.topics_wanted == ["paperwork", "conversation"]
    assert [(row.tag, row.level, row.reads) for row in profile.languages.all()] == [
        ("ar", "native", None),
        ("de", "A2", False),
    ]


def test_somebody_registered_by_staff_cannot_sign_in_yet(four_people: FourPeople) -> None:
    person = register(four_people).person
    assert person.username is None
    assert not person.has_usable_password()
    assert person.time_zone == four_people.organisation.time_zone


def test_all_wrong_answers_are_named_at_once(four_people: FourPeople) -> None:
    wrong = ProfileAnswers(
        full_name=" ",
        born="2031",
        phone="call me",
        email="amina",
        reach_km=-1,
        slots=("mon:night",),
        topics_offered=("magic",),
        wish_is_required=True,
        languages=(LanguageAnswer("de"), LanguageAnswer("de")),
    )
    with pytest.raises(BadAnswers) as refused:
        register(four_people, wrong)
    assert sorted(refused.value.fields) == [
        "born",
        "email",
        "full_name",
        "languages",
        "phone",
        "reach_km",
        "slots",
        "topics_offered",
        "wishes_gender",
    ]
    assert Profile.objects.count() == 2


@pytest.mark.parametrize("born", ["1989", "1989-02-29", "89", "1989-13-01", "1800", "1988-02-29"])
def test_a_birth_is_a_year_or_a_real_day(four_people: FourPeople, born: str) -> None:
    answers = replace(AMINA, born=born)
    if born in {"1989", "1988-02-29"}:
        assert register(four_people, answers).born == born
    else:
        with pytest.raises(BadAnswers) as refused:
            register(four_people, answers)
        assert list(refused.value.fields) == ["born"]


def test_only_staff_of_the_organisation_register_others(four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.bruno, four_people.dario):
        with pytest.raises(NotAllowed):
            register_profile(
                organisation_id=four_people.organisation.pk, answers=AMINA, actor=who.actor, now=NOW
            )


def test_people_register_themselves_where_they_sign_up(four_people: FourPeople) -> None:
    bruno = four_people.bruno
    own = register_profile(
        organisation_id=four_people.elsewhere.pk,
        answers=AMINA,
        actor=bruno.actor,
        now=NOW,
        person=bruno.person,
    )
    assert own.person == bruno.person


def test_an_update_writes_only_what_changed(four_people: FourPeople) -> None:
    profile = register(four_people)
    same = update_profile(profile_id=profile.pk, answers=AMINA, actor=four_people.chloe.actor, now=NOW)
    acts = AuditEntry.objects.filter(about_id=profile.public_id).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["profile_registered"]
    assert same.sort_key == profile.sort_key
    other = replace(AMINA, full_name="Amina Öztürk", phone="", languages=AMINA.languages[:1])
    changed = update_profile(profile_id=profile.pk, answers=other, actor=four_people.chloe.actor, now=NOW)
    changed.refresh_from_db()
    assert changed.sort_key != profile.sort_key
    assert (changed.phone, changed.phone_index) == ("", "")
    assert [row.tag for row in changed.languages.all()] == ["ar"]
    assert list(acts.all()) == ["profile_registered", "profile_changed"]


def test_strangers_cannot_update(four_people: FourPeople) -> None:
    for who in (four_people.bruno, four_people.dario):
        with pytest.raises(NotAllowed):
            update_profile(profile_id=four_people.amina.profile.pk, answers=AMINA, actor=who.actor, now=NOW)


def test_a_contact_keeps_the_calls_promised_before(four_people: FourPeople) -> None:
    chloe, profile = four_people.chloe.actor, four_people.amina.profile
    first = log_contact(
        profile=profile, channel="phone", actor=chloe, now=NOW, note=" Not there ", call_back_on=TODAY
    )
    ours = frozenset({four_people.organisation.pk})
    assert [c.pk for c in promised_calls(ours, until=TODAY)] == [first.pk]
    assert promised_calls(frozenset({four_people.elsewhere.pk}), until=TODAY) == []
    log_contact(profile=profile, channel="phone", actor=chloe, now=NOW + timedelta(hours=1))
    assert promised_calls(ours, until=TODAY) == []


def test_a_promised_call_is_ticked_once(four_people: FourPeople) -> None:
    chloe = four_people.chloe.actor
    promise = log_contact(
        profile=four_people.amina.profile, channel="phone", actor=chloe, now=NOW, call_back_on=TODAY
    )
    for hours in (1, 2):
        kept = keep_promised_call(contact_id=promise.pk, actor=chloe, now=NOW + timedelta(hours=hours))
        assert kept.called_back_at == NOW + timedelta(hours=1)


def test_a_call_is_not_promised_for_yesterday(four_people: FourPeople) -> None:
    with pytest.raises(CallBackLiesBehind):
        log_contact(
            profile=four_people.amina.profile,
            channel="phone",
            actor=four_people.chloe.actor,
            now=NOW,
            call_back_on=TODAY - timedelta(days=1),
        )


def test_the_person_does_not_write_the_contact_log(four_people: FourPeople) -> None:
    with pytest.raises(NotAllowed):
        log_contact(
            profile=four_people.amina.profile, channel="phone", actor=four_people.amina.actor, now=NOW
        )
    assert not Contact.objects.exists()


def test_two_people_share_a_household_until_one_leaves(four_people: FourPeople) -> None:
    amina, chloe = four_people.amina.profile, four_people.chloe.actor
    sister = make_profile(organisation=four_people.organisation, called="Lina")
    put_in_household(profile=sister, with_profile=amina, actor=chloe, now=NOW)
    amina.refresh_from_db()
    assert sister.household_id == amina.household_id is not None
    put_in_household(profile=sister, with_profile=None, actor=chloe, now=NOW)
    sister.refresh_from_db()
    assert sister.household is None


def test_the_same_person_is_looked_for_inside_the_organisation_only(four_people: FourPeople) -> None:
    here = make_profile(organisation=four_people.organisation, full_name="Łukasz Nowák", phone="+4915155555")
    make_profile(organisation=four_people.elsewhere, full_name="Łukasz Nowák", phone="+4915155555")
    ours = {"organisation_id": four_people.organisation.pk}
    assert find_same_person(**ours, phone="+4915155555") == [here]
    assert find_same_person(**ours, full_name="lukasz nowak", born="1990-05-01") == [here]
    assert find_same_person(**ours, full_name="lukasz nowak", born="1991") == []
    assert find_same_person(**ours, full_name="lukasz nowak") == []


@pytest.mark.parametrize(
    ("full_name", "typed"),
    [
        ("Łukasz Nowák", "nowak luk"),
        ("Seán O'Brien", "o'brien"),
        ("Андрій Коваль", "андрій"),
        ("أحمد خليل", "أحمد"),
        ("İlknur Çelik", "celik"),
    ],
)
def test_a_name_is_found_as_people_type_it(db: None, full_name: str, typed: str) -> None:
    profile = make_profile(full_name=full_name)
    make_profile(organisation=profile.organisation, full_name="Somebody Else")
    assert list(named(Profile.objects.all(), typed)) == [profile]


def test_a_slip_is_made_for_own_cases_only(four_people: FourPeople) -> None:
    amina = four_people.amina.profile
    chances = [
        may_make_slip(who.actor, amina, now=NOW)
        for who in (four_people.amina, four_people.bruno, four_people.chloe, four_people.dario)
    ]
    assert chances == [False, False, True, False]


def test_no_slip_for_a_colleague_or_somebody_known_elsewhere(four_people: FourPeople) -> None:
    colleague = make_membership(organisation=four_people.elsewhere).person
    shared = make_person()
    make_profile(organisation=four_people.elsewhere, person=shared, town=make_town())
    for person in (colleague, shared):
        profile = make_profile(organisation=four_people.organisation, person=person)
        assert not may_make_slip(four_people.chloe.actor, profile, now=NOW)
    assert not may_make_slip(make_coordinator(), four_people.amina.profile, now=NOW)
