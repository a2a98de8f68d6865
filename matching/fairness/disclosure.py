"""Small numbers: which counts of a table may be shown, so that none below k can be read or worked out.

- A half of a shown whole (the matched of a group, those with nobody suitable of the unmatched) is shown only
  where the other half is k or more too.
- The hidden groups of a column are at least two, and together hold at least k more than they must; the next
  smallest are hidden with them until that is so: complementary suppression (Hundepool and others 2012,
  Statistical Disclosure Control, chapter 4). Where even all of them hold too few, their names are hidden too.

This protects against adding and subtracting within a column. It does not protect against somebody who knows
people of a group, or who crosses columns that lie within each other, as towns and their districts.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or None: `hidden` when it is too small to show, otherwise because it cannot be known."""

    value: float | None = None
    hidden: bool = False


class Sizes(NamedTuple):
    """The counts of a group: all = found + rest (matched or not, busy or not), rest = nobody + somebody."""

    all: int
    found: int
    rest: int
    nobody: int = 0
    somebody: int = 0


_HALVES: tuple[Callable[[Sizes], tuple[int, ...]], ...] = (
    lambda sizes: (sizes.all - 1,),  # a group that has a name holds somebody
    lambda sizes: (sizes.found, sizes.rest),
    lambda sizes: (sizes.nobody, sizes.somebody),
)


def figure(value: float | None, shown: bool, known: bool = True) -> Figure:
    """Show a number or not. Nobody to count (None) is hidden too: it would tell that there is nobody."""
    return Figure(value if shown and known else None, hidden=known and not shown)


def depth(sizes: Sizes, least: int) -> int:
    """How much of a group may be shown by itself: 0 nothing, 1 its size, 2 who is found, 3 who has nobody."""
    smallest = (sizes.all, min(sizes.found, sizes.rest), min(sizes.nobody, sizes.somebody))
    return next((level for level, count in enumerate(smallest) if count < least), 3)


def depths(groups: Sequence[Sizes], whole: Sizes, least: int) -> list[int] | None:
    """How much of each group may be shown beside the others of its column; None: not even their names."""
    found = [depth(sizes, least) for sizes in groups]
    if 0 in found and sum(sizes.all - 1 for sizes in groups) < least:
        return None
    # The parts of a group that holds everybody are those of the total: hiding them protects no other group.
    known: list[set[int]] = [set(), _like(groups, whole, "all"), _like(groups, whole, "rest")]
    for level in range(3):
        _hide_more(found, groups, level, known[level], least)
    return found


def _like(groups: Sequence[Sizes], whole: Sizes, part: str) -> set[int]:
    return {place for place, sizes in enumerate(groups) if getattr(sizes, part) == getattr(whole, part)}


def _hide_more(found: list[int], groups: Sequence[Sizes], level: int, known: set[int], least: int) -> None:
    """Lower the depth of the next smallest groups to `level` until those hidden there protect each other.

    One alone never does: it is hidden because it holds too few.
    """
    others = [place for place in range(len(groups)) if place not in known]
    hidden = [place for place in others if found[place] <= level]
    rest = sorted((place for place in others if found[place] > level), key=lambda place: groups[place].all)
    while hidden and rest and _held(groups, hidden, level) < least:
        hidden.append(rest.pop(0))
        found[hidden[-1]] = level


def _held(groups: Sequence[Sizes], hidden: Collection[int], level: int) -> int:
    """What the hidden groups hold together in the smaller of the two halves."""
    return min(map(sum, zip(*(_HALVES[level](groups[place]) for place in hidden), strict=True)))


def bins(loads: Collection[int], least: int) -> list[Figure]:
    """Count mentors with 0, 1, 2, ... newcomers; with hiding, the last count is of so many or more.

    A reader also knows the sum of all loads (the pairs). The open last bin leaves that sum open upwards, so a
    mentor could as well be in a lower hidden bin; the highest hidden bin must hold somebody to move.
    """
    counts, top = Counter(loads), max(loads, default=0)
    if least:
        # The open bin takes in what is small beside it, which is kinder to a reader than hiding it.
        while top > 1 and min(counts[top - 1], sum(counts[load] for load in counts if load >= top)) < least:
            top -= 1
        top = max(top, 1)
    mentors = [counts[load] for load in range(top)]
    mentors.append(len(loads) - sum(mentors))
    hidden = {load for load, count in enumerate(mentors) if count < least}
    rest = sorted(set(range(top + 1)) - hidden, key=lambda load: mentors[load])
    while hidden and rest and (sum(mentors[load] for load in hidden) < least or not mentors[max(hidden)]):
        hidden.add(rest.pop(0))
    return [figure(count, load not in hidden) for load, count in enumerate(mentors)]
