"""Everything the product may import from here."""

from notifications.actions import NotInTransaction, UnfitData, mark_seen, notify
from notifications.directory import Contact, reached_by_mail
from notifications.kinds import Kind, KindTaken, UnknownKind, kinds, register
from notifications.models import Notice
from notifications.queries import BellLine, bell, unseen_count

__all__ = [
    "BellLine",
    "Contact",
    "Kind",
    "KindTaken",
    "NotInTransaction",
    "Notice",
    "UnfitData",
    "UnknownKind",
    "bell",
    "kinds",
    "mark_seen",
    "notify",
    "reached_by_mail",
    "register",
    "unseen_count",
]
