"""What everything in the example shares: the day it is seen on, and luck that is the same every time."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

SEED = 29
DAYS = 425  # 14 months
LAST_RUN = 17  # days ago; the run of this morning comes on top
SMALL = 6  # the small variant holds one person of so many

Thing = TypeVar("Thing")


class World:
    """`now` is six in the morning of `as_of`; all that happened lies on a day before."""

    def __init__(self, as_of: date, *, small: bool = False) -> None:
        self.as_of, self.small = as_of, small
        self.luck = Random(SEED)  # noqa: S311  a story, not a secret
        self.now = datetime.combine(as_of, time(6), ZoneInfo("Europe/Berlin"))

    def uuid(self) -> UUID:
        return UUID(int=self.luck.getrandbits(128), version=4)

    def day(self, ago: int) -> date:
        return self.as_of - timedelta(days=ago)

    def moment(self, day: date, zone: str, *, hours: tuple[int, int] = (8, 20)) -> datetime:
        """Some minute of that day, between eight and nine in the evening where `zone` is."""
        hour, minute = self.luck.randint(*hours), self.luck.randrange(0, 60)
        return datetime.combine(day, time(hour, minute), ZoneInfo(zone))

    def chance(self, share: float) -> bool:
        return self.luck.random() < share

    def between(self, least: int, most: int) -> int:
        return self.luck.randint(least, most)

    def pick(self, things: Sequence[Thing]) -> Thing:
        return self.luck.choice(things)

    def some(self, things: Sequence[Thing], least: int, most: int) -> list[Thing]:
        """Between `least` and `most` different ones, in the order given."""
        chosen = self.luck.sample(range(len(things)), min(len(things), self.between(least, most)))
        return [things[index] for index in sorted(chosen)]

    def weighted(self, things: Sequence[Thing], weights: Sequence[float]) -> Thing:
        return self.luck.choices(things, weights)[0]

    def share_of(self, count: int) -> int:
        return max(4, count // SMALL) if self.small else count
