"""What would change, and for whom, if somebody could do more, something counted otherwise or two were set."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

import matching
from backend.pairings.changes import Change, Unanswerable
from backend.pairings.decisions import Lessons
from backend.pairings.engine.planning import Left, left_of
from backend.pairings.engine.proposals import share_of
from backend.pairings.engine.rows import Problem, criteria_of, person_of, problem_of, widened
from backend.pairings.engine.warm import WARM, Solved
from backend.pairings.enums import WhatIfProblem
from backend.pairings.queries import InPlay
from backend.programmes.criteria import with_weights
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


@dataclass(frozen=True)
class Sum:
    """A plan in four numbers, as a run stores them."""

    matched: int
    total_fit: float
    upper_bound: float
    gap: float


@dataclass(frozen=True)
class Shift:
    """A newcomer whose mentor changes; None where there is none. Shares are 0 to 1."""

    newcomer: int
    mentor_before: int | None
    fit_before: float | None
    share_before: float | None
    mentor_after: int | None
    fit_after: float | None
    share_after: float | None


@dataclass(frozen=True)
class Answer:
    """The plan as it is and as it would be, who is moved, and who would still have nobody."""

    before: Sum
    after: Sum
    shifts: tuple[Shift, ...]
    unmatched: tuple[Left, ...]


def what_if(
    programme: Programme, in_play: InPlay, change: Change, *, day: date, lessons: Lessons | None = None
) -> Answer:
    """Solve again with `change`. Raises Unanswerable: somebody is gone, or two cannot be put together."""
    if not change.people <= in_play.ids:
        raise Unanswerable(WhatIfProblem.GONE)
    problem = problem_of(
        programme, in_play.mentors, in_play.newcomers, in_play.refusals, day=day, lessons=lessons
    )
    now = WARM.solved(programme.pk, problem)
    then, criteria = _changed(now, problem, programme, in_play, change, day)
    return Answer(
        before=_sum(now.result),
        after=_sum(then.result),
        shifts=tuple(_shifts((now.result, problem.criteria), (then.result, criteria))),
        unmatched=tuple(left_of(unmatched) for unmatched in then.result.unmatched),
    )


def _changed(
    now: Solved, problem: Problem, programme: Programme, in_play: InPlay, change: Change, day: date
) -> tuple[Solved, matching.Criteria]:
    """What would be, and by which criteria. Other weights are solved anew, everything else starts warm."""
    solution, criteria = now.solution, problem.criteria
    if change.weights:
        criteria = criteria_of(with_weights(programme.criteria, change.weights), day)
        solution = replace(problem, criteria=criteria).solve()
    if not change.people:
        return Solved(solution), criteria
    try:
        return Solved(
            solution.what_if(
                mentors=_widened(in_play.mentors, Side.MENTOR, change),
                newcomers=_widened(in_play.newcomers, Side.NEWCOMER, change),
                lock=[(str(mentor), str(newcomer)) for mentor, newcomer in change.lock],
                forbid=[(str(mentor), str(newcomer)) for mentor, newcomer in change.forbid],
            )
        ), criteria
    except matching.FixedPairError as refused:
        raise Unanswerable(WhatIfProblem.LOCKED) from refused


def _widened(people: tuple[Enrolment, ...], side: Side, change: Change) -> list[matching.Person]:
    more = {one.enrolment: one for one in change.more}
    return [widened(person_of(each, side), more[each.pk]) for each in people if each.pk in more]


def _sum(result: matching.Result) -> Sum:
    return Sum(len(result.pairs), result.total, result.upper_bound, result.gap)


Told = tuple[matching.Result, matching.Criteria]


def _shifts(before: Told, after: Told) -> Iterator[Shift]:
    """In the order of the newcomers; who has several mentors may be moved several times."""
    had, has = (_by_newcomer(result) for result, _criteria in (before, after))
    for newcomer in sorted(had.keys() | has.keys(), key=int):
        old, new = had[newcomer], has[newcomer]
        gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        for one, other in zip_longest(gone, come):
            was, would_be = _told(old.get(one), before[1]), _told(new.get(other), after[1])
            yield Shift(int(newcomer), *was, *would_be)


def _by_newcomer(result: matching.Result) -> defaultdict[str, dict[str, matching.Pair]]:
    found: defaultdict[str, dict[str, matching.Pair]] = defaultdict(dict)
    for pair in result.pairs:
        found[pair.newcomer][pair.mentor] = pair
    return found


def _told(
    pair: matching.Pair | None, criteria: matching.Criteria
) -> tuple[int | None, float | None, float | None]:
    """(mentor, fit, share)."""
    return (int(pair.mentor), pair.fit, share_of(pair.parts, criteria)) if pair else (None, None, None)
