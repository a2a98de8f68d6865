"""A changed wish, solved again from a warm solution: beside the half second that nobody minds waiting."""

from collections.abc import Iterator

from matching import Person, Solution, solve
from tests.matching.bench.measure import median_seconds
from tests.matching.bench.ours import Pools, pools_of
from tests.matching.bench.pools import in_five_towns
from tests.matching.bench.table import Row, Task, number, seconds

SEED = 11
PEOPLE = 5_000
LIMIT_SECONDS = 0.5


def tasks(most: int) -> Iterator[Task]:
    """One newcomer of five towns would travel further and has any hour free."""
    people = min(PEOPLE, most)
    yield "what if a newcomer would travel further", people, lambda: further(people)


def further(people: int) -> Iterator[Row]:
    """The median of several questions, and whether the answer is that of solving all anew."""
    pools = pools_of(in_five_towns(people, seed=SEED))
    warm = solve(*pools)
    changed = _further(pools)
    answer, taken = _ask(warm, changed), median_seconds(lambda: _ask(warm, changed))
    anew = solve(pools[0], pools[1].changed([changed]), pools[2]).result(alternatives=0)
    total = answer.result(alternatives=0).total
    yield Row(
        what=f"what if a newcomer would travel further, {number(len(answer.edges))} feasible pairs",
        size=f"{people:,} x {people:,}",
        ours=f"{seconds(taken)}, total {number(total)}",
        theirs=f"limit {seconds(LIMIT_SECONDS)}; anew: total {number(anew.total)}",
        ratio=taken / LIMIT_SECONDS,
        at_most=1 if people == PEOPLE else None,
        equal=abs(total - anew.total) <= 1e-6 and anew.gap == 0,
    )


def _further(pools: Pools) -> Person:
    person = pools[1].person(0)
    return Person(person.id, {**person.row, "reach_km": 80, "slots": "flexible"}, person.capacity)


def _ask(warm: Solution, changed: Person) -> Solution:
    return warm.what_if(newcomers=[changed])
