from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.enums import Path, State
from notifications.kinds import Data, Kind, kind_of, words
from notifications.models import Delivery, Notice

logger = logging.getLogger(__name__)

NO_DATA: Data = MappingProxyType({})
LONGEST_VALUE = 200


class NotInTransaction(RuntimeError):
    """A notice outside a transaction could outlive, or miss, the change it tells of."""

    def __init__(self) -> None:
        super().__init__("Call notify() inside the transaction.atomic() block of the change it tells of.")


class UnfitData(ValueError):
    """The data of a notice is not what its texts need, or not what may be stored."""


def notify(
    code_or_kind: str | Kind,
    *,
    to: Iterable[int],
    about: tuple[str, UUID | str],
    data: Data = NO_DATA,
    now: datetime | None = None,
) -> list[Notice]:
    """Tell each person in `to` once, on every path of the kind, if the caller's transaction commits.

    `about` is (type, public id); `data` holds values of class A and B only, short strings and whole numbers.
    Returns one notice per person, in the order given. Raises NotInTransaction, UnknownKind, UnfitData.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction
    kind = kind_of(code_or_kind)
    _check_data(kind, data)
    moment = now or timezone.now()
    notices = Notice.objects.bulk_create(
        Notice(
            person_id=person_id,
            kind=kind.code,
            about_type=about[0],
            about_id=str(about[1]),
            data=dict(data),
            created_at=moment,
        )
        for person_id in dict.fromkeys(to)
    )
    Delivery.objects.bulk_create(_delivery(notice, Path(path)) for notice in notices for path in kind.paths)
    if notices:
        transaction.on_commit(wake, robust=True)
        nudge_on_commit(notice.person_id for notice in notices)
    return notices


def mark_seen(
    person_id: int, now: datetime, up_to: UUID | None = None, about: tuple[str, UUID | str] | None = None
) -> int:
    """Mark this person's notices as seen at `now`, at most up to the notice `up_to`; returns how many.

    Pass the newest notice that was on the screen, so that one which arrived meanwhile stays new. With `about`
    only those about this (type, public id): the person opened the thing itself.
    """
    unseen = Notice.objects.unseen().filter(person_id=person_id, created_at__lte=now)
    if about is not None:
        unseen = unseen.filter(about_type=about[0], about_id=str(about[1]))
    if up_to is not None:
        unseen = unseen.filter(
            _not_after(Notice.objects.filter(person_id=person_id, public_id=up_to).first())
        )
    return unseen.update(seen_at=now)


def nudge_on_commit(person_ids: Iterable[int]) -> None:
    """Let the product redraw open bells, where it named a function for that; nothing hangs on it."""
    if path := getattr(settings, "NOTIFICATIONS_NUDGE", ""):
        transaction.on_commit(partial(import_string(path), list(person_ids)), robust=True)


def wake() -> None:
    """Ask a worker to deliver now. The rows are the truth: without a broker the sweep does it later."""
    from notifications.tasks import deliver_due

    try:
        deliver_due.apply_async(retry=False)
    except Exception as error:
        logger.warning("notices wait for the sweep: no broker (%s)", type(error).__name__)


def _check_data(kind: Kind, data: Data) -> None:
    for name, value in data.items():
        if type(value) not in (str, int) or len(str(value)) > LONGEST_VALUE:
            raise UnfitData(
                f"{kind.code}: {name} must be a whole number or a text of up to {LONGEST_VALUE} characters."
            )
    try:
        words(kind, data)
    except KeyError as missing:
        raise UnfitData(
            f"{kind.code}: the texts need {missing}; given: {', '.join(data) or 'nothing'}."
        ) from None


def _delivery(notice: Notice, path: Path) -> Delivery:
    """The bell needs no journey: with its row it has arrived."""
    if path is Path.BELL:
        return Delivery(notice=notice, path=path, state=State.SENT, sent_at=notice.created_at)
    return Delivery(notice=notice, path=path, state=State.QUEUED, next_try_at=notice.created_at)


def _not_after(last: Notice | None) -> Q:
    """Notices listed below or at `last`; none when it is not this person's."""
    if last is None:
        return Q(pk__in=[])
    return Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, id__lte=last.pk)
