"""When the coordinator should ask again how it goes."""

from collections.abc import Sequence
from datetime import date, timedelta


def next_check_in_on(*, started_on: date, first: Sequence[int], every: int, done: Sequence[date]) -> date:
    """The day on which the next check-in is due.

    first: days after the start of the first ones, in order; every: days between later ones; done: the days on
    which check-ins were held.
    """
    if len(done) < len(first):
        return started_on + timedelta(days=first[len(done)])
    last = max(done, default=started_on)
    return last + timedelta(days=every)
