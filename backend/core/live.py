"""Nudges to open pages. Nice to arrive, never needed: a page can always catch up by asking."""

import hashlib
import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)


def group_of(person_id: int) -> str:
    """The open pages of one person."""
    return f"person.{person_id}"


def group_of_session(session_key: str) -> str:
    """The open pages of one sign-in; hashed, so that a key never travels."""
    return f"session.{hashlib.sha256(session_key.encode()).hexdigest()[:32]}"


def publish_on_commit(*, person_id: int, event: dict[str, Any]) -> None:
    """Send `event` to every open page of one person once the transaction is safe.

    `event` names its `type`; a failure is logged and swallowed, since Valkey may die at any time.
    """
    _send_on_commit(group_of(person_id), {"type": "live.event", "event": event})


def nudge_bells(person_ids: Iterable[int]) -> None:
    """Let the open pages of these persons ask again how many notices wait."""
    for person_id in person_ids:
        publish_on_commit(person_id=person_id, event={"type": "notice"})


def close_session(session_key: str) -> None:
    """Close every socket of one sign-in: the person signed out there. Pages leave at once."""
    _send_on_commit(group_of_session(session_key), {"type": "live.bye"})


def close_person(person_id: int) -> None:
    """Close every socket of one person: banned, erased, or signed out everywhere."""
    _send_on_commit(group_of(person_id), {"type": "live.bye"})


def _send_on_commit(group: str, message: dict[str, Any]) -> None:
    transaction.on_commit(partial(_send, group, message), robust=True)


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, message)
    except Exception:
        log.warning("a live event was not published: %s", message["type"], exc_info=True)
