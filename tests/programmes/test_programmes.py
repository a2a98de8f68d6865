from dataclasses import replace

import pytest
from django.urls import reverse

from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.programmes.actions import (
    BadRequire,
    BadSettings,
    NeedsSafeguarding,
    ProgrammeNameTaken,
    ProgrammeSettings,
    close_programme,
    create_programme,
    open_programme,
    update_programme,
)
from backend.programmes.criteria import default_criteria, require_of, weights_of
from backend.programmes.models import Programme
from tests.factories import NOW, make_membership
from tests.factories.people import FourPeople, signed_in

SETTINGS = ProgrammeSettings(name="Job mentors", kind="job", weights={"topics": 5})


def create(four: FourPeople, settings: ProgrammeSettings = SETTINGS) -> Programme:
    return create_programme(
        organisation_id=four.organisation.pk, settings=settings, actor=four.chloe.actor, now=NOW
    )


def test_a_new_programme_starts_closed_with_the_weights_of_its_kind(four_people: FourPeople) -> None:
    programme = create(four_people)
    assert not programme.is_open
    assert weights_of(programme.criteria) == {
        "languages": 1.5,
        "hours": 1,
        "way": 1,
        "topics": 5,
        "gender": 0.5,
        "waiting": 1,
    }


def test_a_name_is_used_once_in_an_organisation(four_people: FourPeople) -> None:
    create(four_people)
    with pytest.raises(ProgrammeNameTaken):
        create(four_people)
    create_programme(
        organisation_id=four_people.elsewhere.pk, settings=SETTINGS, actor=four_people.dario.actor, now=NOW
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"kind": "party"},
        {"duration_weeks": 0},
        {"offer_days": 0},
        {"offer_days": 61},
        {"reminder_days": 0},
        {"reminder_days": 8},
        {"first_check_ins": ()},
        {"first_check_ins": (28, 14)},
        {"first_check_ins": (14, 14)},
        {"first_check_ins": (0, 14)},
        {"first_check_ins": (366,)},
        {"first_check_ins": tuple(range(1, 8))},
        {"check_in_every_days": 0},
        {"check_in_every_days": 366},
        {"asks_first": "both"},
        {"weights": {"height": 1}},
        {"weights": {"topics": 11}},
        {"weights": {"topics": -1}},
    ],
)
def test_settings_that_make_no_sense_are_refused(four_people: FourPeople, wrong: dict) -> None:
    with pytest.raises(BadSettings):
        create(four_people, replace(SETTINGS, **wrong))


def test_a_programme_keeps_when_it_reminds_and_checks_in(four_people: FourPeople) -> None:
    plain = create(four_people)
    assert (plain.reminder_days, plain.hosts_first_meeting) == (3, True)
    assert (plain.first_check_ins, plain.check_in_every_days) == ([14, 28], 30)
    settings = replace(
        SETTINGS,
        reminder_days=2,
        hosts_first_meeting=False,
        first_check_ins=[7, 14, 28],
        check_in_every_days=60,
    )
    update_programme(programme_id=plain.pk, settings=settings, actor=four_people.chloe.actor, now=NOW)
    plain.refresh_from_db()
    assert (plain.reminder_days, plain.hosts_first_meeting) == (2, False)
    assert (plain.first_check_ins, plain.check_in_every_days) == ([7, 14, 28], 60)


def test_with_fewer_days_to_answer_the_reminder_comes_sooner(four_people: FourPeople) -> None:
    programme = create(four_people, replace(SETTINGS, offer_days=2))
    assert programme.reminder_days == 2
    longer = replace(SETTINGS, offer_days=10)
    again = update_programme(
        programme_id=programme.pk, settings=longer, actor=four_people.chloe.actor, now=NOW
    )
    assert again.reminder_days == 2


def test_a_setting_that_cannot_be_says_what_would_be_right(four_people: FourPeople) -> None:
    for wrong, sentence in (
        ({"reminder_days": 9}, "no later than the last day to answer"),
        ({"first_check_ins": (28, 14)}, "each later than the one before: 14, 28"),
        ({"check_in_every_days": 0}, "1 to 365 days"),
    ):
        with pytest.raises(BadSettings) as refused:
            create(four_people, replace(SETTINGS, **wrong))
        assert sentence in str(refused.value)


def test_the_form_reads_days_as_people_write_them(four_people: FourPeople) -> None:
    chloe = signed_in(four_people.chloe.person)
    url = reverse("programme_edit", args=[four_people.programme.public_id])
    typed = {field.name: field.value() for field in chloe.get(url).context["form"]}
    assert (typed["first_check_ins"], typed["reminder_days"], typed["hosts_first_meeting"]) == (
        "14, 28",
        3,
        True,
    )
    del typed["hosts_first_meeting"]
    assert chloe.post(url, typed | {"first_check_ins": "7; 14 28", "reminder_days": 5}).status_code == 302
    programme = Programme.objects.get(pk=four_people.programme.pk)
    assert (programme.first_check_ins, programme.reminder_days, programme.hosts_first_meeting) == (
        [7, 14, 28],
        5,
        False,
    )
    page = chloe.get(reverse("programme", args=[programme.public_id])).content.decode()
    for fact in ("after 7, 14, and 28 days", "5 days", "the two alone", "30 days"):
        assert fact in page
    for wrong, sentence in (
        ({"first_check_ins": "28, 14"}, "each later than the one before"),
        ({"first_check_ins": "soon"}, "each later than the one before"),
        ({"first_check_ins": "14, ½"}, "each later than the one before"),
        ({"reminder_days": 8}, "no later than the last day to answer"),
    ):
        answer = chloe.post(url, typed | wrong)
        assert sentence in answer.content.decode(), wrong


def test_only_those_who_run_programmes_make_them(four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.bruno, four_people.dario):
        with pytest.raises(NotAllowed):
            create_programme(
                organisation_id=four_people.organisation.pk, settings=SETTINGS, actor=who.actor, now=NOW
            )


def test_changing_settings_keeps_the_other_criteria(four_people: FourPeople) -> None:
    programme = create(four_people)
    settings = replace(SETTINGS, name="Job buddies", weights={"way": 3})
    changed = update_programme(
        programme_id=programme.pk, settings=settings, actor=four_people.chloe.actor, now=NOW
    )
    changed.refresh_from_db()
    assert changed.name == "Job buddies"
    assert weights_of(changed.criteria) == weights_of(programme.criteria) | {"way": 3}


def test_it_opens_with_two_people_for_safeguarding(four_people: FourPeople) -> None:
    programme, chloe = create(four_people), four_people.chloe
    for _person in range(2):
        with pytest.raises(NeedsSafeguarding):
            open_programme(programme_id=programme.pk, actor=chloe.actor, now=NOW)
        make_membership(organisation=four_people.organisation, role="safeguarding")
    assert open_programme(programme_id=programme.pk, actor=chloe.actor, now=NOW).is_open


def test_two_roles_of_one_person_are_one_person(four_people: FourPeople) -> None:
    programme, chloe = create(four_people), four_people.chloe
    make_membership(organisation=four_people.organisation, role="safeguarding", person=chloe.person)
    make_membership(organisation=four_people.elsewhere, role="safeguarding")
    with pytest.raises(NeedsSafeguarding):
        open_programme(programme_id=programme.pk, actor=chloe.actor, now=NOW)


def test_it_closes_and_opens_again(four_people: FourPeople) -> None:
    programme, chloe = four_people.programme, four_people.chloe.actor
    for _person in range(2):
        make_membership(organisation=four_people.organisation, role="safeguarding")
    with pytest.raises(WrongState):
        open_programme(programme_id=programme.pk, actor=chloe, now=NOW)
    assert not close_programme(programme_id=programme.pk, actor=chloe, now=NOW).is_open
    with pytest.raises(WrongState):
        close_programme(programme_id=programme.pk, actor=chloe, now=NOW)
    assert open_programme(programme_id=programme.pk, actor=chloe, now=NOW).is_open


def test_an_outsider_neither_opens_nor_closes(four_people: FourPeople) -> None:
    for verb in (open_programme, close_programme):
        with pytest.raises(NotAllowed):
            verb(programme_id=four_people.programme.pk, actor=four_people.dario.actor, now=NOW)


def test_a_programme_asks_at_first_for_the_least_there_is(four_people: FourPeople) -> None:
    assert require_of(create(four_people).criteria) == {"languages": "A1", "hours": 1, "way": "either"}


def test_what_must_be_is_changed_by_name_and_the_rest_stays(four_people: FourPeople) -> None:
    programme = create(four_people)
    asked = replace(SETTINGS, require={"languages": "B1", "way": "both"})
    changed = update_programme(
        programme_id=programme.pk, settings=asked, actor=four_people.chloe.actor, now=NOW
    )
    assert require_of(changed.criteria) == {"languages": "B1", "hours": 1, "way": "both"}
    assert weights_of(changed.criteria) == weights_of(programme.criteria)
    assert require_of(default_criteria("job"))["languages"] == "A1"


@pytest.mark.parametrize(
    "asked",
    [{"languages": "C1"}, {"languages": True}, {"hours": 4}, {"hours": True}, {"way": "none"}, {"topics": 1}],
)
def test_what_no_programme_may_ask_for_is_refused(asked: dict[str, str], four_people: FourPeople) -> None:
    with pytest.raises(BadRequire):
        create(four_people, replace(SETTINGS, require=asked))


def test_the_page_of_settings_changes_what_must_be(four_people: FourPeople) -> None:
    chloe, programme = signed_in(four_people.chloe.person), four_people.programme
    page = reverse("programme_edit", args=[programme.public_id])
    form = chloe.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"requirements": []}
    assert (sent["require_languages"], sent["require_hours"], sent["require_way"]) == ("A1", 1, "either")
    chosen = {"require_languages": "A2", "require_hours": "2", "require_way": "both"}
    assert chloe.post(page, sent | chosen).status_code == 302
    programme.refresh_from_db()
    assert require_of(programme.criteria) == {"languages": "A2", "hours": 2, "way": "both"}
    shown = chloe.get(reverse("programme", args=[programme.public_id])).content.decode()
    assert "A2, a little" in shown and "Both of them" in shown
    assert chloe.post(page, sent | {"require_hours": "4"}).context["form"].errors.keys() == {"require_hours"}
