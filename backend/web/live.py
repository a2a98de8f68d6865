"""The socket: one way, from the server to the browser. Whatever it misses, the page fetches by itself.

Close codes: 4401 nobody is signed in (any more), 4429 too many pages are open, 1003 the browser spoke.
"""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import close_old_connections

from backend.core import clock
from backend.core.live import group_of, group_of_session
from backend.messaging.lines import Line
from backend.people.sessions import person_behind
from backend.web.inbox.drawing import Reader, draw_lines

SIGNED_OUT, TOO_MANY, SPOKEN_TO = 4401, 4429, 1003
BEAT_SECONDS = 25.0
MOST_SOCKETS = 20  # of one person, in each web process

_open: Counter[int] = Counter()


@dataclass(frozen=True)
class Visitor:
    """Who holds the socket, for as long as the sign-in lasts."""

    person_id: int
    session_key: str
    reader: Reader


class LiveConsumer(AsyncJsonWebsocketConsumer):
    visitor: Visitor | None = None
    beat: asyncio.Task[None] | None = None

    async def __call__(self, *wire: Any) -> None:
        """However the socket ends, a failure included, nothing of it stays behind."""
        try:
            await super().__call__(*wire)
        finally:
            await self._let_go()

    async def connect(self) -> None:
        # Accepted first: a browser is told a close code only on an open socket.
        await self.accept()
        visitor = await find_visitor(session_key(self.scope))
        if visitor is None:
            await self.close(SIGNED_OUT)
        elif _open[visitor.person_id] >= MOST_SOCKETS:
            await self.close(TOO_MANY)
        else:
            await self._welcome(visitor)

    async def receive(self, **frame: Any) -> None:
        await self.close(SPOKEN_TO)

    async def live_event(self, message: dict[str, Any]) -> None:
        """Hand an event to the page; a message is drawn as this reader's own fetch would draw it."""
        event = dict(message["event"])
        if (line := event.pop("line", None)) and self.visitor:
            event["html"] = draw_lines([Line.unpacked(line)], reader=self.visitor.reader, now=clock.now())
        await self.send_json(event)

    async def live_bye(self, message: dict[str, Any]) -> None:
        await self.close(SIGNED_OUT)

    async def live_beat(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "beat"})

    async def _welcome(self, visitor: Visitor) -> None:
        self.visitor = visitor
        _open[visitor.person_id] += 1
        for group in self._groups(visitor):
            await self.channel_layer.group_add(group, self.channel_name)
        # What was sent before this point is fetched by the page, which waits for this word.
        await self.send_json({"type": "ready"})
        self.beat = asyncio.create_task(self._keep_beating(visitor))

    async def _let_go(self) -> None:
        if self.beat:
            self.beat.cancel()
        if self.visitor is None:
            return
        _open[self.visitor.person_id] -= 1
        if not _open[self.visitor.person_id]:
            del _open[self.visitor.person_id]
        for group in self._groups(self.visitor):
            with suppress(Exception):  # Valkey is away, and with it the group
                await self.channel_layer.group_discard(group, self.channel_name)

    async def _keep_beating(self, visitor: Visitor) -> None:
        """Say now and then that all is well, and look whether the sign-in still holds.

        The beat takes the way of the events, through Valkey: where that is broken the page hears no beat,
        and asks by itself.
        """
        while True:
            await asyncio.sleep(BEAT_SECONDS * random.uniform(0.9, 1.1))  # noqa: S311 (only spreads the load)
            if await find_visitor(visitor.session_key) is None:
                return await self.close(SIGNED_OUT)
            with suppress(Exception):  # Valkey is away: silence is the message
                await self.channel_layer.send(self.channel_name, {"type": "live.beat"})

    def _groups(self, visitor: Visitor) -> tuple[str, str]:
        return group_of(visitor.person_id), group_of_session(visitor.session_key)


def session_key(scope: dict[str, Any]) -> str:
    """The session key in the cookie of this connection, or ""."""
    cookies = SimpleCookie()
    try:
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookies.load(value.decode("latin-1"))
    except CookieError:
        return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    # A quoted cookie may hold any character, and PostgreSQL takes no NUL.
    return found.value if found and found.value.isalnum() else ""


def _look_up(key: str) -> Visitor | None:
    close_old_connections()
    try:
        person = person_behind(key, now=clock.now())
        return Visitor(person.pk, key, Reader.of(person)) if person else None
    finally:
        close_old_connections()


async def find_visitor(key: str) -> Visitor | None:
    """Who is signed in under this session key. In a thread of its own: with one for all, 2,000 waited 7 s."""
    return await sync_to_async(_look_up, thread_sensitive=False)(key) if key else None
