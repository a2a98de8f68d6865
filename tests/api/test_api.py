"""What holds for every address: keys, problems, pages, limits, the schema."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from backend.api import throttling
from backend.api.models import Token
from backend.api.tokens import make_token
from backend.core import clock
from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from tests import factories as make
from tests.api.conftest import Ask
from tests.factories.people import FourPeople
from tests.factories.talks import make_pairing
from tests.support.queries import queries_of

SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


def test_a_key_opens_what_its_person_may_see(four_people: FourPeople, ask: Ask) -> None:
    _token, key = make_token(
        person=four_people.chloe.person, name="sheet", lifetime=None, actor=SYSTEM, now=clock.now()
    )
    answer = ask(None, "get", "profiles/", authorization=f"Bearer {key}")
    assert {row["called"] for row in answer.json()["results"]} == {"Amina", "Bruno"}
    assert Token.objects.get().last_used_on == clock.now().date()
    assert key not in Token.objects.get().key_hash


@pytest.mark.parametrize("flaw", ["unknown", "expired", "closed"])
def test_a_key_that_is_no_good_gets_one_answer(flaw: str, four_people: FourPeople, ask: Ask) -> None:
    person = four_people.chloe.person
    lifetime = timedelta(seconds=-1) if flaw == "expired" else None
    _token, key = make_token(person=person, name="x", lifetime=lifetime, actor=SYSTEM, now=clock.now())
    if flaw == "closed":
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    answer = ask(None, "get", "me/", authorization="Bearer " + ("sl_no" if flaw == "unknown" else key))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["detail"] == "This key is not known. Ask for a new one."


def test_the_command_shows_the_key_once(ask: Ask) -> None:
    make.make_person(username="chloe")
    said = StringIO()
    call_command("make_token", "Chloe", name="report", stdout=said)
    key = said.getvalue().strip()
    assert ask(None, "get", "me/", authorization=f"Bearer {key}").json()["username"] == "chloe"
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("make_token", "nobody")


def test_a_session_needs_its_csrf_token(four_people: FourPeople) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(four_people.amina.person)
    answer = browser.patch("/api/v1/me/", '{"language": "de"}', content_type="application/json")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("get", "nowhere/", None, 404, "not_found"),
        ("get", "offers/0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11/", None, 404, "not_found"),
        ("put", "me/", {}, 405, "method_not_allowed"),
        ("patch", "me/", "{", 400, "parse_error"),
        ("patch", "me/", {"language": "xx"}, 400, "bad_input"),
        ("patch", "me/", {"is_operator": True}, 400, "bad_input"),
        ("get", "profiles/?cursor=nonsense", None, 404, "not_found"),
    ],
)
def test_a_failure_is_a_problem(
    method: str, path: str, data: object, status: int, code: str, four_people: FourPeople, ask: Ask
) -> None:
    answer = ask(four_people.amina.person, method, path, data)
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:softlanding:problem:{code}"
    assert problem["title"] and problem["detail"]


def test_nobody_hears_that_they_must_sign_in(ask: Ask) -> None:
    answer = ask(None, "get", "me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_what_an_action_refuses_keeps_its_code_and_sentence(four_people: FourPeople, ask: Ask) -> None:
    pairing = make_pairing(four_people.amina.enrolment, four_people.bruno.enrolment)
    path = f"pairings/{pairing.public_id}/resume/"
    problem = ask(four_people.chloe.person, "post", path).json()
    assert (problem["status"], problem["code"]) == (409, "wrong_state")
    assert problem["detail"].startswith("This has changed in the meantime.")


def test_an_answer_that_cannot_stand_is_named(four_people: FourPeople, ask: Ask) -> None:
    path = f"profiles/{four_people.amina.profile.public_id}/"
    problem = ask(four_people.chloe.person, "patch", path, {"born": "2999"}).json()
    assert problem["errors"] == {"born": ["Write a year or a date, such as 1989 or 1989-05-02."]}


def test_a_change_writes_what_it_names_and_leaves_the_rest(four_people: FourPeople, ask: Ask) -> None:
    profile = four_people.amina.profile
    answer = ask(four_people.chloe.person, "patch", f"profiles/{profile.public_id}/", {"reach_km": 7})
    assert answer.json()["reach_km"] == 7
    before = {field.name: getattr(profile, field.name) for field in profile._meta.concrete_fields}
    profile.refresh_from_db()
    after = {field.name: getattr(profile, field.name) for field in profile._meta.concrete_fields}
    assert {name for name in after if after[name] != before[name]} == {"reach_km"}
    assert profile.languages.count() == 2


def test_opening_a_file_is_logged_and_opening_ones_own_is_not(four_people: FourPeople, ask: Ask) -> None:
    path = f"profiles/{four_people.amina.profile.public_id}/"
    ask(four_people.amina.person, "get", path)
    assert not AuditEntry.objects.filter(act="profile_opened").exists()
    ask(four_people.chloe.person, "get", path)
    entry = AuditEntry.objects.get(act="profile_opened")
    assert (entry.person_id, entry.about_id) == (
        four_people.chloe.person.pk,
        four_people.amina.profile.public_id,
    )


def test_a_list_comes_in_pages_and_misses_nobody(four_people: FourPeople, ask: Ask) -> None:
    for _number in range(5):
        make.make_profile(organisation=four_people.organisation)
    url, seen = "profiles/?page_size=3", []
    while url:
        page = ask(four_people.chloe.person, "get", url).json()
        seen += [row["id"] for row in page["results"]]
        url = (page["next"] or "").removeprefix("http://testserver")
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "area", ["enrolments", "profiles", "clearances", "suggestions", "offers", "pairings"]
)
def test_a_list_takes_as_many_queries_for_five_as_for_two(area: str, four_people: FourPeople) -> None:
    url = f"/api/v1/{area}/"
    browser = Client()
    browser.force_login(four_people.chloe.person)
    make_pairing(four_people.amina.enrolment, four_people.bruno.enrolment)
    before = queries_of(browser, url)
    for _number in range(3):
        mentor = make.make_enrolment(programme=four_people.programme, side="mentor")
        make_pairing(make.make_enrolment(programme=four_people.programme), mentor)
    assert queries_of(browser, url) == before


def test_filters_narrow(four_people: FourPeople, ask: Ask) -> None:
    found = ask(four_people.chloe.person, "get", "enrolments/?side=mentor").json()["results"]
    assert [row["id"] for row in found] == [str(four_people.bruno.enrolment.public_id)]
    assert ask(four_people.chloe.person, "get", "enrolments/?side=up").status_code == 400
    found = ask(four_people.chloe.person, "get", "profiles/?q=haddad").json()["results"]
    assert [row["called"] for row in found] == ["Amina"]


def test_too_many_requests_wait(four_people: FourPeople, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(throttling, "REQUESTS", 2)
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000.0)
    statuses = [ask(four_people.amina.person, "get", "me/").status_code for _request in range(3)]
    assert statuses == [200, 200, 429]
    answer = ask(four_people.amina.person, "get", "me/")
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("throttled", "20")
    assert ask(four_people.bruno.person, "get", "me/").status_code == 200
    cache.clear()


def test_without_valkey_nobody_is_held_up(
    four_people: FourPeople, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(key: str) -> int:
        raise ConnectionError

    monkeypatch.setattr(throttling, "_count", away)
    assert ask(four_people.amina.person, "get", "me/").status_code == 200


def test_the_schema_is_sound_and_says_every_refusal() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    operations = [op for path in schema["paths"].values() for op in path.values()]
    assert all("application/problem+json" in op["responses"]["4XX"]["content"] for op in operations)


def test_a_mentor_reads_an_offer_without_a_name_or_a_town(four_people: FourPeople, ask: Ask) -> None:
    from tests.security.world import make_world

    world = make_world(together=False)
    answer = ask(world.people["bruno"], "get", f"offers/{world.open_offer.public_id}/").json()
    assert answer["state"] == "asked"
    assert (answer["other"]["called"], answer["other"]["age_decade"]) == ("", 30)
    done = ask(world.people["bruno"], "post", f"offers/{world.open_offer.public_id}/accept/").json()
    assert done["state"] == "waiting"


def test_messages_are_sent_once_and_caught_up_by_sequence(four_people: FourPeople, ask: Ask) -> None:
    make_pairing(four_people.amina.enrolment, four_people.bruno.enrolment)
    amina, bruno = four_people.amina.person, four_people.bruno.person
    thread = ask(amina, "get", "conversations/").json()[0]["id"]
    message = {"client_id": "0b0ba3c7-8d52-4e8c-8e4f-3a3f6a3f2d11", "body": "Hello"}
    first = ask(amina, "post", f"conversations/{thread}/messages/", message)
    again = ask(amina, "post", f"conversations/{thread}/messages/", message)
    assert (first.status_code, first.json()) == (201, again.json())
    seen = ask(bruno, "get", f"conversations/{thread}/messages/", {"after": 0}).json()
    assert [(line["seq"], line["body"], line["author"]) for line in seen] == [(1, "Hello", "Amina")]
    assert ask(bruno, "post", f"conversations/{thread}/read/", {"up_to": 1}).json()["unread"] == 0
    assert ask(four_people.chloe.person, "get", f"conversations/{thread}/messages/").status_code == 404
