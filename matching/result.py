"""What a match says: pairs with their named parts, who is left and why, and how far from the best it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from matching.arrays import Floats, Ints, Mask

LEARNED = "learned"
"""The part that closes the sum where a learned model has its say."""


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's say: contribution = weight x value; `unknown` marks a value that is only assumed."""

    name: str
    value: float
    weight: float
    contribution: float
    unknown: bool


@dataclass(frozen=True, slots=True)
class Regret:
    """What taking a pair in would cost everybody together: at least so many newcomers, and so much fit."""

    newcomers: int
    fit: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, their fit, and the parts that add up to it; `regret` where the pair was not chosen."""

    mentor: str
    newcomer: str
    fit: float
    parts: tuple[Part, ...]
    regret: Regret | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """One line of the ledger: how many mentors a refusal excludes, and how many nothing else excludes."""

    name: str
    mentors: int
    alone: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A newcomer without anybody: how many mentors are suitable, and what excludes the others."""

    newcomer: str
    feasible: int
    excluded: tuple[Excluded, ...]

    @property
    def all_taken(self) -> bool:
        """True when suitable mentors exist but others got their places."""
        return self.feasible > 0


@dataclass(frozen=True, slots=True)
class PairColumns:
    """The numbers behind many pairs: `value`, `contribution`, `unknown` are (p, parts), the others (p,)."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    newcomers: Sequence[str]
    mentors: Sequence[str]
    fit: Floats
    value: Floats
    contribution: Floats
    unknown: Mask
    regret: tuple[Ints, Floats] | None = None
    """newcomers and fit"""


class Pairs(Sequence[Pair]):
    """Pairs kept by column, each made when it is asked for."""

    def __init__(self, columns: PairColumns) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns.fit)

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Pair, ...]: ...
    def __getitem__(self, index: int | slice) -> Pair | tuple[Pair, ...]:
        if isinstance(index, slice):
            return tuple(self._pair(k) for k in range(*index.indices(len(self))))
        return self._pair(range(len(self))[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __repr__(self) -> str:
        return f"Pairs({list(self)!r})"

    def _pair(self, k: int) -> Pair:
        c = self.columns
        told = zip(c.names, c.value[k], c.weights, c.contribution[k], c.unknown[k], strict=True)
        parts = (Part(name, float(v), w, float(says), bool(u)) for name, v, w, says, u in told)
        regret = Regret(int(c.regret[0][k]), float(c.regret[1][k])) if c.regret else None
        return Pair(c.mentors[k], c.newcomers[k], float(c.fit[k]), tuple(parts), regret)


class Alternatives(Mapping[str, tuple[Pair, ...]]):
    """For each person of one side the best of the other, whether or not others got them, best first."""

    def __init__(self, people: Sequence[str], pairs: Pairs, starts: Ints) -> None:
        self.pairs = pairs
        self._place = {person: k for k, person in enumerate(people)}
        self._starts = starts

    def __getitem__(self, person: str) -> tuple[Pair, ...]:
        first, end = self._starts[self._place[person] : self._place[person] + 2]
        return self.pairs[int(first) : int(end)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)


@dataclass(frozen=True, slots=True)
class Result:
    """What is proposed, by newcomer's and mentor's identifiers; `gap` 0 means proved optimal.

    `upper_bound` is for the number of newcomers reached (objective `coverage`) or for any (`fit`).
    """

    pairs: Pairs
    alternatives: Alternatives
    unmatched: tuple[Unmatched, ...]
    feasible_pairs: int
    total: float
    upper_bound: float

    @property
    def gap(self) -> float:
        """(upper bound - total) / max(1, |upper bound|)."""
        return (self.upper_bound - self.total) / max(1.0, abs(self.upper_bound))


@dataclass(frozen=True, slots=True)
class Examination:
    """One pair as it is, whether or not it is refused; `refused_by` names each refusal."""

    pair: Pair
    refused_by: tuple[str, ...]
