"""How time and memory grow with people, territory by territory over Europe."""

from collections.abc import Iterator
from typing import Any

from tests.matching.bench.measure import apart, cost_of
from tests.matching.bench.ours import ours_solve, pools_of
from tests.matching.bench.pools import across_europe
from tests.matching.bench.table import Row, Task, exponent, megabytes, number, seconds

SEED = 13
SIZES = (10_000, 20_000, 50_000, 100_000)
LIMIT_SECONDS, LIMIT_MB, LIMIT_EXPONENT = 10, 2_000, 1.2


def tasks(most: int) -> Iterator[Task]:
    """One growth over the sizes up to `most`; where that leaves fewer than two, over parts of `most`."""
    sizes = [size for size in SIZES if size <= most]
    if len(sizes) < 2:
        sizes = [most // 10, most // 5, most // 2, most]
    yield "growth by territory", sizes[-1], lambda: growth(sizes)


def growth(sizes: list[int]) -> Iterator[Row]:
    """A row per size, the limits on the full one, and the exponent over all."""
    seen: dict[int, float] = {}
    for people in sizes:
        told = apart(solved_across_europe, people=people)
        seen[people] = told["seconds"]
        yield from _rows(people, told)
    yield Row(
        what="growth by territory: exponent of time",
        size=f"{sizes[0]:,} to {sizes[-1]:,}",
        ours=" ".join(seconds(value) for value in seen.values()),
        theirs="linear: 1",
        ratio=exponent(list(seen), list(seen.values())),
        at_most=LIMIT_EXPONENT if tuple(sizes) == SIZES else None,
    )


def _rows(people: int, told: dict[str, Any]) -> Iterator[Row]:
    size, full = f"{people:,} x {people:,}", people == SIZES[-1]
    yield Row(
        what=f"matched across Europe, {number(told['feasible'])} feasible pairs, "
        f"{number(told['people'])} placed, gap {told['gap']:g}",
        size=size,
        ours=seconds(told["seconds"]),
        theirs=f"limit {LIMIT_SECONDS} s" if full else "",
        ratio=told["seconds"] / LIMIT_SECONDS if full else None,
        at_most=1 if full else None,
    )
    if full:
        yield Row(
            what="the same: memory of the whole process",
            size=size,
            ours=megabytes(told["mb"]),
            theirs=f"limit {megabytes(LIMIT_MB)}",
            ratio=told["mb"] / LIMIT_MB,
            at_most=1,
        )


def solved_across_europe(people: int) -> dict[str, Any]:
    """In a process of its own: from people in memory to the result; the peak counts everything it holds."""
    pools = pools_of(across_europe(people, seed=SEED))
    ours_solve(pools_of(across_europe(50, seed=SEED)))  # imports and first calls are not growth
    solved, cost = cost_of(lambda: ours_solve(pools))
    return {
        "seconds": solved.seconds,
        "mb": cost.peak_mb,
        "feasible": solved.feasible,
        "people": solved.people,
        "gap": solved.gap,
    }
