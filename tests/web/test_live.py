"""The socket against the real Valkey: what it carries, and when it closes."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from backend.core.live import close_person, publish_on_commit
from backend.messaging.actions import mark_read
from backend.people.models import Person
from backend.web import live
from tests.factories import NOW
from tests.factories.people import make_four_people, signed_in
from tests.factories.talks import Talk, make_talk
from tests.support.sockets import Page

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work: Any) -> Any:
    """Do it beside the event loop, as a request does, and give the connection back."""

    def run(*args: Any) -> Any:
        try:
            return work(*args)
        finally:
            connection.close()

    return sync_to_async(run, thread_sensitive=False)


@pytest.fixture
def talk(transactional_db: None) -> Talk:
    return make_talk(make_four_people())


def page_of(client: Client) -> Page:
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Page(cookie=f"{settings.SESSION_COOKIE_NAME}={key}")


async def opened(client: Client) -> Page:
    page = page_of(client)
    assert await page.connect()
    assert await page.hear() == {"type": "ready"}
    return page


def say(talk: Talk, body: str) -> Any:
    return in_thread(lambda: talk.say(talk.people.bruno.actor, body))()


async def test_an_event_is_what_the_reader_would_fetch(talk: Talk) -> None:
    amina, bruno = talk.people.amina.person, talk.people.bruno.person
    await in_thread(
        lambda: Person.objects.filter(pk=amina.pk).update(language="ar", time_zone="America/New_York")
    )()
    clients = {who.pk: await in_thread(signed_in)(who) for who in (amina, bruno)}
    pages = {pk: await opened(client) for pk, client in clients.items()}
    url = f"/conversations/{talk.conversation.public_id}/messages/"
    for number, body in enumerate(["Guten Morgen <b>Amina</b>!", "Passt dir Mittwoch?"]):
        await say(talk, body)
        drawn = set()
        for pk, page in pages.items():
            event = await page.hear()
            fetched = await in_thread(clients[pk].get)(url, {"after": number})
            assert event == {
                "type": "message",
                "conversation": str(talk.conversation.public_id),
                "seq": number + 1,
                "at": NOW.isoformat(),
                "html": fetched.content.decode(),
            }
            drawn.add(event["html"])
        # Each their own: another zone, and only the sender's page knows its own number.
        assert len(drawn) == 2
        if number == 0:
            assert await pages[amina.pk].hear() == {"type": "notice"}
    for page in pages.values():
        await page.leave()


async def test_nobody_else_hears_of_it(talk: Talk) -> None:
    page = await opened(await in_thread(signed_in)(talk.people.chloe.person))
    await say(talk, "Hello")
    assert await page.hears_nothing()
    await page.leave()


async def test_reading_on_one_device_is_heard_on_the_other(talk: Talk) -> None:
    await say(talk, "Hello")
    amina = talk.people.amina
    page = await opened(await in_thread(signed_in)(amina.person))

    def read() -> None:
        mark_read(conversation_id=talk.conversation.pk, up_to=1, actor=amina.actor, now=NOW)

    await in_thread(read)()
    assert await page.hear() == {
        "type": "read",
        "conversation": str(talk.conversation.public_id),
        "seq": 1,
    }
    await page.leave()


async def test_a_message_that_was_rolled_back_is_never_announced(talk: Talk) -> None:
    def fail() -> None:
        with transaction.atomic():
            talk.say(talk.people.bruno.actor, "Hello")
            transaction.set_rollback(True)

    page = await opened(await in_thread(signed_in)(talk.people.amina.person))
    await in_thread(fail)()
    assert await page.hears_nothing()
    await page.leave()


async def test_who_is_not_signed_in_is_told_so(transactional_db: None) -> None:
    page = Page()
    assert await page.connect()
    assert await page.hear() == {"closed": 4401}


async def test_a_made_up_session_opens_nothing(talk: Talk) -> None:
    client = await in_thread(signed_in)(talk.people.amina.person)
    client.cookies[settings.SESSION_COOKIE_NAME] = uuid4().hex
    page = page_of(client)
    assert await page.connect()
    assert await page.hear() == {"closed": 4401}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_another_origin_is_refused(talk: Talk, origin: str) -> None:
    client = await in_thread(signed_in)(talk.people.amina.person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = Page(cookie=f"{settings.SESSION_COOKIE_NAME}={key}", origin=origin)
    assert not await page.connect()


@pytest.mark.parametrize("way", ["/account/logout/", "/exit/"])
async def test_signing_out_closes_this_sign_in_and_no_other(talk: Talk, way: str) -> None:
    here, elsewhere = [await in_thread(signed_in)(talk.people.amina.person) for _ in range(2)]
    page, other = await opened(here), await opened(elsewhere)
    await in_thread(here.post)(way)
    assert await page.hear(within=2) == {"closed": 4401}
    assert await other.hears_nothing(0.3)
    await other.leave()


async def test_a_banned_person_loses_every_socket(talk: Talk) -> None:
    amina = talk.people.amina.person
    page = await opened(await in_thread(signed_in)(amina))
    await in_thread(lambda: close_person(amina.pk))()
    assert await page.hear(within=2) == {"closed": 4401}


@pytest.mark.parametrize("change", ["session", "password", "ban"])
async def test_each_beat_looks_whether_the_sign_in_still_holds(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.2)
    amina = talk.people.amina.person
    client = await in_thread(signed_in)(amina)
    page = await opened(client)
    assert await page.hear(within=2) == {"type": "beat"}

    def end_it() -> None:
        if change == "session":
            client.session.flush()
        elif change == "password":
            amina.set_password("quite another password")
            amina.save(update_fields=["password"])
        else:
            Person.objects.filter(pk=amina.pk).update(is_active=False)

    await in_thread(end_it)()
    while (said := await page.hear(within=2)) == {"type": "beat"}:
        pass
    assert said == {"closed": 4401}


async def test_it_hears_nothing(talk: Talk) -> None:
    page = await opened(await in_thread(signed_in)(talk.people.amina.person))
    await page.speak('{"type": "message"}')
    assert await page.hear() == {"closed": 1003}


async def test_one_person_opens_at_most_so_many(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_SOCKETS", 2)
    client = await in_thread(signed_in)(talk.people.amina.person)
    first, second = await opened(client), await opened(client)
    third = page_of(client)
    assert await third.connect()
    assert await third.hear() == {"closed": 4429}
    await first.leave()
    fourth = await opened(client)
    await asyncio.gather(second.leave(), fourth.leave())


async def test_a_socket_that_fails_leaves_nothing_behind(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> str:
        raise RuntimeError

    monkeypatch.setattr(live, "draw_lines", fail)
    page = await opened(await in_thread(signed_in)(talk.people.amina.person))
    await say(talk, "Hello")
    with pytest.raises(RuntimeError):
        await page.hear(within=1)
    assert not live._open


async def test_sending_goes_on_without_valkey(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("channels_redis.pubsub.RedisPubSubLoopLayer.group_send", away)
    assert (await say(talk, "Hello")).seq == 1
    await in_thread(
        lambda: publish_on_commit(person_id=talk.people.amina.person.pk, event={"type": "notice"})
    )()
