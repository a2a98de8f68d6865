"""One message as one reader sees it: what a page shows, a fetch returns and a live event carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.messaging.models import Message


@dataclass(frozen=True, slots=True)
class Line:
    """`client_id` is empty unless the reader wrote it; `previous_at` is when the message before was sent."""

    seq: int
    at: datetime
    body: str
    author: str
    is_own: bool
    client_id: str
    previous_at: datetime | None

    @classmethod
    def of(cls, message: Message, *, reader_id: int, author: str, previous_at: datetime | None) -> Line:
        own = message.sender_id == reader_id
        return cls(
            seq=message.seq,
            at=message.sent_at,
            body=message.body,
            author=author,
            is_own=own,
            client_id=str(message.client_id) if own else "",
            previous_at=previous_at,
        )

    def packed(self) -> dict[str, Any]:
        """As plain values, for the way through Valkey."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "body": self.body,
            "author": self.author,
            "is_own": self.is_own,
            "client_id": self.client_id,
            "previous_at": self.previous_at.isoformat() if self.previous_at else None,
        }

    @classmethod
    def unpacked(cls, values: dict[str, Any]) -> Line:
        before = values["previous_at"]
        line = cls(**values)
        return replace(
            line,
            at=datetime.fromisoformat(values["at"]),
            previous_at=datetime.fromisoformat(before) if before else None,
        )
