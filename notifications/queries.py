from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.directory import link
from notifications.kinds import UnknownKind, kind_of, words
from notifications.models import Notice


@dataclass(frozen=True)
class BellLine:
    """One line of the bell, in the active language. `url` is None when there is no page to open."""

    public_id: UUID
    kind: str
    line: str
    url: str | None
    created_at: datetime
    seen_at: datetime | None

    @property
    def is_new(self) -> bool:
        return self.seen_at is None


def bell(person_id: int, limit: int = 20) -> list[BellLine]:
    """The newest `limit` notices of this person, newest first."""
    notices = Notice.objects.in_bell_of(person_id).order_by("-created_at", "-id")[:limit]
    return [_bell_line(notice) for notice in notices]


def unseen_count(person_id: int) -> int:
    """How many notices in the bell this person has not seen."""
    return Notice.objects.in_bell_of(person_id).unseen().count()


def _bell_line(notice: Notice) -> BellLine:
    return BellLine(
        public_id=notice.public_id,
        kind=notice.kind,
        line=_line(notice),
        url=link(notice.about_type, notice.about_id, notice.person_id),
        created_at=notice.created_at,
        seen_at=notice.seen_at,
    )


def _line(notice: Notice) -> str:
    # A kind may be retired, or gain a placeholder, while its old notices stay in the bell.
    try:
        return words(kind_of(notice.kind), notice.data).line
    except (UnknownKind, KeyError):
        return _("There is news for you.")
