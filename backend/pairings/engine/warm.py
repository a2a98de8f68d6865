"""The last few solutions stay in the worker's memory: a question to an unchanged plan is answered fast."""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import matching
from backend.pairings.engine.problem import Problem

PROGRAMMES = 4  # a solution of 5,000 people with two million pairs takes some 60 MiB
ALTERNATIVES = 5


@dataclass(frozen=True)
class Solved:
    """A solution and what it says; made once, read by any number of threads."""

    solution: matching.Solution

    @cached_property
    def result(self) -> matching.Result:
        return self.solution.result(ALTERNATIVES)


@dataclass
class _Kept:
    lock: Lock = field(default_factory=Lock)
    fingerprint: str = ""
    solved: Solved | None = None


class Warm:
    """One solution for each of the programmes asked about last, as long as nothing about them changes."""

    def __init__(self, programmes: int = PROGRAMMES) -> None:
        self._most = programmes
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._lock = Lock()

    def solved(self, programme_id: int, problem: Problem) -> Solved:
        """The solution of `problem`, kept or new. Raises what the engine raises; then none is kept."""
        fingerprint, kept = problem.fingerprint, self._place_of(programme_id)
        # Race: Celery's threads ask about one programme at once. The second waits for the first's solution
        # instead of solving the same again; other programmes have locks of their own.
        with kept.lock:
            if kept.solved is None or kept.fingerprint != fingerprint:
                kept.solved, kept.fingerprint = Solved(problem.solve()), fingerprint
            return kept.solved

    def _place_of(self, programme_id: int) -> _Kept:
        # Race: two threads make room at once. Whoever still uses a place that goes keeps it to the end.
        with self._lock:
            kept = self._kept.setdefault(programme_id, _Kept())
            self._kept.move_to_end(programme_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return kept


WARM = Warm()
