"""A volunteer signs up in five steps, with nothing lost on the way and nobody made twice."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from backend.core import clock
from backend.people.models import Person
from backend.profiles.drafts import Draft, forget_drafts
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme
from tests.factories import PASSWORD, make_organisation, make_programme, make_town

pytestmark = pytest.mark.django_db

ANSWERS = {
    "you": {"called": "Bruno", "full_name": "Bruno Keller", "gender": "m", "phone": "0151 23456789"},
    "offer": {"topics": ["paperwork", "school"], "language_1": "de", "level_1": "native"},
    "when": {
        "slots": ["mon:evening", "sat:morning"],
        "town": "Roding",
        "reach_km": "20",
        "meets_online": "on",
    },
    "safety": {"born": "1961", "conduct": "on", "keep": "on", "share": "on"},
    "check": {"account": "own", "username": "bruno", "password": PASSWORD},
}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def programme() -> Programme:
    here = make_organisation("Welcome Roding", territory=make_town("Roding"))
    return make_programme(organisation=here, name="Arriving together", requires=["police_check", "interview"])


def begin(client, programme: Programme) -> None:
    answer = client.post(reverse("join"), {"programme": programme.public_id})
    assert answer["Location"] == reverse("join_step", args=["you"])


def answer_step(client, step: str, **changes):
    return client.post(reverse("join_step", args=[step]), ANSWERS[step] | changes)


def fill_in(client, programme: Programme, *, until: str = "check") -> None:
    begin(client, programme)
    for step in ANSWERS:
        if step == until:
            return
        assert answer_step(client, step).status_code == 302, step


def test_somebody_signs_up_and_sees_what_is_missing(client, programme):
    fill_in(client, programme)
    page = client.get(reverse("join_step", args=["check"])).content.decode()
    assert "60 to 69 years" in page
    answer = answer_step(client, "check")

    assert answer["Location"] == reverse("join_status")
    enrolment = Enrolment.objects.get()
    profile = enrolment.profile
    assert (enrolment.side, enrolment.state, enrolment.programme) == ("mentor", "applied", programme)
    assert (profile.called, profile.phone, profile.born, profile.town.name) == (
        "Bruno",
        "+4915123456789",
        "1961",
        "Roding",
    )
    assert profile.topics_offered == ["paperwork", "school"]
    assert profile.slots == ["mon:evening", "sat:morning"]
    assert [(one.tag, one.level) for one in profile.languages.all()] == [("de", "native")]
    assert sorted(profile.person.consents.values_list("purpose", flat=True)) == [
        "conduct",
        "profile",
        "share",
    ]
    status = client.get(reverse("join_status")).content.decode()
    assert "waits for you" in status
    assert "waits for your coordinator" in status


def test_without_an_account_somebody_calls(client, programme):
    fill_in(client, programme)
    answer = answer_step(client, "check", account="call", username="", password="")

    assert answer["Location"] == reverse("join_sent")
    assert client.get(reverse("join_sent")).status_code == 200
    person = Person.objects.get()
    assert (person.username, person.has_usable_password()) == (None, False)


def test_sending_twice_makes_one_person(client, programme):
    fill_in(client, programme)
    for _press in range(2):
        answer = answer_step(client, "check", account="call")

    assert answer["Location"] == reverse("join_sent")
    assert (Person.objects.count(), Profile.objects.count()) == (1, 1)


def test_the_answers_come_back_on_another_device(client, programme, django_user_model):
    fill_in(client, programme, until="when")
    page = client.get(reverse("join_step", args=["when"])).content.decode()
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page).group()
    phone = type(client)()

    answer = phone.post(reverse("join_resume"), {"code": code.lower()}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("join_step", args=["when"])
    assert 'value="Bruno Keller"' in phone.get(reverse("join_step", args=["you"])).content.decode()


def test_a_draft_is_encrypted_and_forgotten(client, programme):
    fill_in(client, programme, until="when")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_json, code_index FROM profiles_draft")
        assert "Bruno" not in str(cursor.fetchall())
    now = clock.now()
    assert forget_drafts(now=now) == 0
    assert forget_drafts(now=now + timedelta(days=14, minutes=1)) == 1
    assert client.get(reverse("join_step", args=["when"]), follow=True).redirect_chain[-1][0] == reverse(
        "join"
    )


def test_people_delete_their_answers_themselves(client, programme):
    fill_in(client, programme, until="when")
    client.post(reverse("join_forget"))

    assert not Draft.objects.exists()


def test_a_step_opens_after_those_before_it(client, programme):
    begin(client, programme)
    answer = client.get(reverse("join_step", args=["check"]))

    assert answer["Location"] == reverse("join_step", args=["you"])


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        ("you", {"phone": "", "email": ""}, "so that we can answer"),
        ("you", {"phone": "1"}, "cannot read this number"),
        ("offer", {"topics": []}, "Choose one topic at least"),
        ("offer", {"language_2": "de", "level_2": "B1"}, "named this language above"),
        ("offer", {"language_2": "fr", "level_2": ""}, "how well you speak"),
        ("when", {"slots": []}, "tick that it changes"),
        ("when", {"town": "Xqzwy"}, "do not know this town"),
        ("safety", {"born": "89"}, "four digits"),
        ("safety", {"conduct": ""}, "Tick it if you do"),
        ("check", {"username": "a b"}, "No spaces"),
        ("check", {"password": "short"}, "too short"),
    ],
)
def test_what_does_not_fit_is_said_at_the_top_and_at_the_field(client, programme, step, changes, sentence):
    fill_in(client, programme, until=step)
    page = answer_step(client, step, **changes).content.decode()

    assert re.search(r"<title>\s*Error:", page)
    assert page.count(sentence) == 2
    assert 'role="alert"' in page


def test_nobody_under_18_signs_up(client, programme):
    fill_in(client, programme, until="safety")
    this_year = clock.now().year

    assert "turn 18" in answer_step(client, "safety", born=str(this_year - 15)).content.decode()
    assert "whole date" in answer_step(client, "safety", born=str(this_year - 18)).content.decode()
    assert answer_step(client, "safety", born=f"{this_year - 18}-01-01").status_code == 302


def test_of_two_towns_of_one_name_people_choose_theirs(client, programme):
    make_town("Roding am See", at=(48.0, 11.0))
    fill_in(client, programme, until="when")
    page = answer_step(client, "when", town="Rodin").content.decode()
    ids = re.findall(r'type="radio" name="town_id" value="(\d+)"', page)

    assert len(ids) == 2
    assert answer_step(client, "when", town="Rodin", town_id=ids[1]).status_code == 302
    assert Draft.objects.get().answers["when"]["town_id"] == int(ids[1])


def test_one_more_language_needs_no_script(client, programme):
    fill_in(client, programme, until="offer")
    page = answer_step(client, "offer", more="1").content.decode()

    assert "language_3" in page
    assert "Error:" not in re.search(r"<title>(.*?)</title>", page, re.S).group()
    assert '<option value="de" selected>' in page


def test_only_open_programmes_are_named_and_nothing_else_of_them(client, programme):
    make_programme(name="Still a secret", open=False)
    page = client.get(reverse("join")).content.decode()

    assert "Arriving together" in page
    assert "Still a secret" not in page
    assert "Welcome Roding" not in page
    assert client.post(reverse("join"), {"programme": "x"}).status_code == 200


def test_a_taken_user_name_loses_no_answers(client, programme):
    Person.objects.create_person(username="BRUNO")
    fill_in(client, programme)
    page = answer_step(client, "check").content.decode()

    assert "This user name is taken" in page
    assert not Profile.objects.exists()
    assert answer_step(client, "check", username="bruno.keller")["Location"] == reverse("join_status")


@pytest.mark.django_db(transaction=True)
def test_pressing_send_on_two_devices_at_once_makes_one_person():
    from backend.profiles.answers import ProfileAnswers
    from backend.profiles.drafts import begin_draft
    from backend.programmes.applications import apply_as_volunteer
    from tests.support.threads import at_once

    programme = make_programme()
    now = clock.now()
    draft, _code = begin_draft(answers={}, now=now)

    def send() -> Profile:
        answers = ProfileAnswers(full_name="Bruno Keller", born="1961")
        return apply_as_volunteer(
            draft_id=draft.pk,
            programme=programme,
            answers=answers,
            agreed=[],
            sign_in=None,
            language="en",
            now=now,
        )

    results = at_once([send] * 6)
    assert len({profile.pk for profile in results}) == 1
    assert Profile.objects.count() == 1
