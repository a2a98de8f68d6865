"""What a normaliser answers: a value, how sure it is, and what it could not use."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)

SURE = 1.0
LIKELY = 0.75  # one reading is far more likely than others, yet a person should look
DOUBTFUL = 0.5  # a guess that is only good as a proposal


@dataclass(frozen=True)
class Flag:
    """One thing to tell the coordinator: a code of problems.SENTENCES and the words it is about."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class Reading(Generic[T]):
    """`value` None: nothing could be read. Below a confidence of rows.ASK_BELOW the coordinator is asked."""

    value: T | None
    confidence: float = SURE
    flags: tuple[Flag, ...] = ()


def unread(code: str, text: str) -> Reading[T]:
    """Nothing was understood; `text` stays as it stands."""
    return Reading(None, 0.0, (Flag(code, text),))


def rest_flag(rest: tuple[str, ...]) -> tuple[Flag, ...]:
    return (Flag("partly_understood", " ".join(rest)),) if rest else ()
