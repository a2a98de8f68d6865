from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from backend.messaging.models import Conversation, Message
from notifications.api import unseen_count
from tests.factories.people import FourPeople
from tests.factories.talks import Talk, end, make_pairing

pytestmark = pytest.mark.django_db
CANARY = "<img src=x onerror=alert(1)> \"quoted\" & 'single'"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def as_(client: Client) -> Any:
    def sign_in(who: Any) -> Client:
        client.force_login(who.person)
        return client

    return sign_in


def url(talk: Talk, rest: str = "") -> str:
    return f"/conversations/{talk.conversation.public_id}/{rest}"


def test_without_a_script_one_writes_and_comes_back_to_the_end(talk: Talk, as_: Any) -> None:
    client = as_(talk.people.amina)
    page = client.get(url(talk))
    number = page.context["client_id"]
    assert f'name="client_id" value="{number}"' in page.content.decode()
    answer = client.post(url(talk, "messages/"), {"client_id": number, "body": "صباح الخير"})
    assert (answer.status_code, answer["Location"]) == (302, url(talk) + "#last")
    # Pressed twice, or the page reloaded: the number is the same, so is the message.
    client.post(url(talk, "messages/"), {"client_id": number, "body": "صباح الخير"})
    assert [row.body for row in Message.objects.all()] == ["صباح الخير"]
    assert '<p class="bubble-text" dir="auto">صباح الخير</p>' in client.get(url(talk)).content.decode()


def test_a_script_gets_the_message_as_every_fetch_shows_it(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, "Hello")
    client, number = as_(talk.people.amina), uuid4()
    sent = client.post(url(talk, "messages/"), {"client_id": number, "body": "Good morning"}, headers=FETCH)
    assert sent.status_code == 200
    assert f'data-client="{number}" data-seq="2"' in sent.content.decode()
    assert client.get(url(talk, "messages/"), {"after": 1}).content == sent.content
    both = client.get(url(talk, "messages/"), {"after": 0}).content.decode()
    assert (both.count("data-seq="), sent.content.decode() in both) == (2, True)


def test_nothing_new_is_not_modified(talk: Talk, as_: Any) -> None:
    client = as_(talk.people.amina)
    talk.say(talk.people.bruno.actor, "Hello")
    first = client.get(url(talk, "messages/"), {"after": 1})
    assert (first.status_code, first.content, first["ETag"]) == (200, b"", '"1-1"')
    again = client.get(url(talk, "messages/"), {"after": 1}, headers={"If-None-Match": '"1-1"'})
    assert (again.status_code, again.content) == (304, b"")
    talk.say(talk.people.bruno.actor, "Are you there?")
    new = client.get(url(talk, "messages/"), {"after": 1}, headers={"If-None-Match": '"1-1"'})
    assert (new.status_code, new["ETag"]) == (200, '"1-2"')


@pytest.mark.parametrize("who", ["chloe", "dario"])
def test_for_everyone_else_it_does_not_exist(talk: Talk, as_: Any, who: str) -> None:
    client = as_(getattr(talk.people, who))
    talk.say(talk.people.bruno.actor, "Hello")
    data = {"client_id": uuid4(), "body": "Hello", "up_to": 1}
    answers = [
        client.get(url(talk)),
        client.get(url(talk, "messages/")),
        client.post(url(talk, "messages/"), data),
        client.post(url(talk, "read/"), data),
        client.get(f"/conversations/with/{talk.pairing.public_id}/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert client.get("/conversations/").context["threads"] == []
    assert Message.objects.count() == 1


def test_who_is_not_signed_in_is_asked_to(talk: Talk, client: Client) -> None:
    assert client.get(url(talk)).status_code == 302
    assert client.get("/notices/").status_code == 302


@pytest.mark.parametrize("path", ["", "read/"])
def test_a_change_needs_a_post_and_a_page_a_get(talk: Talk, as_: Any, path: str) -> None:
    client = as_(talk.people.amina)
    wrong = client.get if path else client.post
    assert wrong(url(talk, path)).status_code == 405


def test_what_somebody_writes_stays_text(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, CANARY + "\nsecond line")
    talk.people.bruno.profile.called = "<i>Bruno</i>"
    talk.people.bruno.profile.save(update_fields=["called"])
    client = as_(talk.people.amina)
    for page in (client.get(url(talk)), client.get("/conversations/"), client.get(url(talk, "messages/"))):
        html = page.content.decode()
        assert "<img src=x" not in html
        assert "<i>Bruno" not in html
        assert "&lt;img src=x onerror=alert(1)&gt; &quot;quoted&quot; &amp; &#x27;single&#x27;" in html


def test_a_refused_message_comes_back_with_its_sentence(talk: Talk, as_: Any) -> None:
    client = as_(talk.people.amina)
    long = "a" * 4001
    page = client.post(url(talk, "messages/"), {"client_id": uuid4(), "body": long})
    assert page.status_code == 400
    assert f">{long}</textarea>" in page.content.decode()
    assert "Your message is too long. Please send it in two parts." in page.content.decode()
    answer = client.post(url(talk, "messages/"), {"client_id": uuid4(), "body": " "}, headers=FETCH)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content.decode() == "Your message is empty. Write something first."


def test_a_number_that_is_none_is_refused(talk: Talk, as_: Any) -> None:
    client = as_(talk.people.amina)
    assert client.post(url(talk, "messages/"), {"client_id": "x", "body": "Hello"}).status_code == 400
    assert client.get(url(talk, "messages/"), {"after": "x"}).status_code == 400
    assert client.post(url(talk, "read/"), {"up_to": "-1"}).status_code == 400


def test_an_ended_conversation_shows_no_form(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, "Goodbye")
    end(talk.pairing)
    html = as_(talk.people.amina).get(url(talk)).content.decode()
    assert "data-composer" not in html
    assert "Goodbye" in html


def test_reading_takes_the_numbers_away(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, "Hello")
    client = as_(talk.people.amina)
    assert client.get("/notices/counts/").json() == {"/notices/": 1, "/conversations/": 1}
    assert client.post(url(talk, "read/"), {"up_to": 1}, headers=FETCH).status_code == 204
    assert client.get("/notices/counts/").json() == {"/notices/": 0, "/conversations/": 0}


def test_the_past_is_reached_page_by_page(talk: Talk, as_: Any) -> None:
    for number in range(1, 54):
        talk.say(talk.people.bruno.actor, f"message {number}.")
    client = as_(talk.people.amina)
    html = client.get(url(talk)).content.decode()
    assert "message 4." in html
    assert "message 3." not in html
    assert f'{url(talk)}?before=4"' in html
    older = client.get(url(talk), {"before": 4}).content.decode()
    assert "message 3." in older
    assert "message 4." not in older
    assert "data-composer" not in older


def test_the_conversation_is_there_as_soon_as_the_mentoring_runs(four_people: FourPeople, as_: Any) -> None:
    pairing = make_pairing(four_people.amina.enrolment, four_people.bruno.enrolment)
    client = as_(four_people.bruno)
    assert [row.title for row, _when in client.get("/conversations/").context["threads"]] == ["Amina"]
    made = Conversation.objects.get()
    answer = client.get(f"/conversations/with/{pairing.public_id}/")
    assert answer["Location"] == f"/conversations/{made.public_id}/"


@pytest.mark.parametrize("conversations", [1, 3])
def test_pages_cost_the_same_for_one_conversation_and_three(
    talk: Talk, another_talk: Any, as_: Any, conversations: int, django_assert_num_queries: Any
) -> None:
    for number in range(conversations - 1):
        another_talk(f"Newcomer {number}")
    talk.say(talk.people.amina.actor, "Hello")
    client = as_(talk.people.bruno)
    with django_assert_num_queries(9):
        client.get("/conversations/")
    with django_assert_num_queries(12):
        client.get(url(talk))


def test_each_reads_in_their_own_language_and_zone(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, "Guten Morgen")
    amina = talk.people.amina.person
    amina.language, amina.time_zone = "ar", "America/New_York"
    amina.save(update_fields=["language", "time_zone"])
    html = as_(talk.people.amina).get(url(talk)).content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert "04:00" in html
    assert '<p class="bubble-text" dir="auto">Guten Morgen</p>' in html


def test_the_bell_lists_what_happened_and_is_emptied_by_a_post(talk: Talk, as_: Any) -> None:
    talk.say(talk.people.bruno.actor, "Hello")
    client = as_(talk.people.amina)
    page = client.get("/notices/")
    html = page.content.decode()
    assert "You have a new message." in html
    assert f'href="{url(talk)}"' in html
    newest = page.context["lines"][0][0].public_id
    assert client.get("/notices/seen/").status_code == 405
    assert client.post("/notices/seen/", {"up_to": "x"}).status_code == 400
    assert client.post("/notices/seen/", {"up_to": newest})["Location"] == "/notices/"
    assert unseen_count(talk.people.amina.person.pk) == 0


def test_titles_tell_a_passer_by_nothing(talk: Talk, as_: Any) -> None:
    client = as_(talk.people.amina)
    for path in ("/conversations/", url(talk), "/notices/"):
        html = client.get(path).content.decode()
        title = html.split("<title>")[1].split("</title>")[0]
        assert title in {"Messages", "News"}
