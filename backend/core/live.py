"""Nudges to open pages. Nice to arrive, never needed: a page can always catch up by asking."""

import logging
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)


def group_of(person_id: int) -> str:
    return f"person.{person_id}"


def publish_on_commit(*, person_id: int, event: dict[str, Any]) -> None:
    """Send `event` to every open page of one person once the transaction is safe.

    `event` names its `type`; a failure is logged and swallowed, since Valkey may die at any time.
    """
    transaction.on_commit(partial(_publish, person_id, event), robust=True)


def _publish(person_id: int, event: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(person_id), {"type": "live.event", "event": event})
    except Exception:
        log.warning("live event %s was not published", event.get("type"), exc_info=True)
