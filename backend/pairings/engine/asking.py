"""What would change, and for whom, if somebody could do more, something counted otherwise or two were set."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import zip_longest

import matching
from backend.pairings.changes import Against, Change, Unanswerable
from backend.pairings.decisions import Lessons
from backend.pairings.engine.planning import Left, left_of
from backend.pairings.engine.problem import Problem, ids_of, problem_of
from backend.pairings.engine.proposals import share_of
from backend.pairings.engine.rows import criteria_of, widened, wishing_less
from backend.pairings.engine.warm import WARM, Solved
from backend.pairings.enums import Refusal, WhatIfProblem
from backend.pairings.queries import InPlay
from backend.programmes.criteria import with_weights
from backend.programmes.models import Programme


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
    before = problem_of(
        programme,
        in_play.mentors,
        in_play.newcomers,
        in_play.refusals,
        day=day,
        lessons=lessons,
        kept=in_play.kept,
    )
    now, after = WARM.solved(programme.pk, before), changed(before, programme, change, day=day)
    try:
        then = Solved(_solved(now.solution, before, after, change))
    except matching.FixedPairError as refused:
        raise Unanswerable(WhatIfProblem.LOCKED, _against(after, change)) from refused
    return Answer(
        before=_sum(now.result, before),
        after=_sum(then.result, after),
        shifts=tuple(_shifts((now.result, before), (then.result, after))),
        unmatched=tuple(left_of(unmatched) for unmatched in then.result.unmatched),
    )


def changed(problem: Problem, programme: Programme, change: Change, *, day: date) -> Problem:
    """The problem as it would be."""
    mentors, newcomers = (
        pool.changed(_changed_people(pool, change)) for pool in (problem.mentors, problem.newcomers)
    )
    return replace(
        problem,
        mentors=mentors,
        newcomers=newcomers,
        criteria=criteria_of(with_weights(programme.criteria, change.weights), day),
        lock=frozenset(ids_of(change.lock)),
        forbid=frozenset(ids_of(change.forbid)),
    )


def _changed_people(pool: matching.Pool, change: Change) -> list[matching.Person]:
    acts = [(str(more.enrolment), partial(widened, more=more)) for more in change.more]
    acts += [(str(wish.enrolment), partial(wishing_less, dropped=wish)) for wish in change.wishes]
    people: dict[str, matching.Person] = {}
    for id, act in acts:
        if id in pool:
            people[id] = act(people.get(id) or pool.person(pool.index(id)))
    return list(people.values())


def _solved(now: matching.Solution, before: Problem, after: Problem, change: Change) -> matching.Solution:
    """What would be. It starts warm unless other weights, rarities or places lie under all of it."""
    rarer = any(wish.topics for wish in change.wishes)
    less_held = before.held.locked - after.held.locked or before.held.beside != after.held.beside
    if rarer or less_held or before.criteria != after.criteria:
        return after.solve()
    named = {str(enrolment) for enrolment in change.people}
    mentors, newcomers = (
        [pool.person(pool.index(id)) for id in sorted(named) if id in pool] for pool in after.people[:2]
    )
    return now.what_if(mentors=mentors, newcomers=newcomers, lock=after.held.locked, forbid=after.forbid)


def _against(after: Problem, change: Change) -> list[Against]:
    """Of the pairs asked for, those that cannot be, each with what refuses it; else there is no place."""
    refusals = after.why_refused(after.lock)
    named = [Against(*pair, refusals[str(pair[0]), str(pair[1])]) for pair in change.lock]
    return [one for one in named if one.refusals] or [
        replace(one, refusals=(Refusal.FULL.value,)) for one in named
    ]


def _sum(result: matching.Result, problem: Problem) -> Sum:
    return Sum(len(result.pairs) + len(problem.held.beside), result.total, result.upper_bound, result.gap)


Told = tuple[matching.Result, Problem]


def _shifts(before: Told, after: Told) -> Iterator[Shift]:
    """In the order of the newcomers; who has several mentors may be moved several times."""
    had, has = (_by_newcomer(*told) for told in (before, after))
    for newcomer in sorted(had.keys() | has.keys(), key=int):
        old, new = had[newcomer], has[newcomer]
        gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        for one, other in zip_longest(gone, come):
            was, would_be = (
                _told(one, old, before[1].criteria), _told(other, new, after[1].criteria)
            )  # fmt: skip
            yield Shift(int(newcomer), *was, *would_be)


Mentors = dict[str, matching.Pair | None]


def _by_newcomer(result: matching.Result, problem: Problem) -> defaultdict[str, Mentors]:
    """Their mentors; None stands for the fit of a pair beside the plan."""
    found: defaultdict[str, Mentors] = defaultdict(dict)
    for mentor, newcomer in problem.held.beside:
        found[newcomer][mentor] = None
    for pair in result.pairs:
        found[pair.newcomer][pair.mentor] = pair
    return found


def _told(
    mentor: str | None, among: Mentors, criteria: matching.Criteria
) -> tuple[int | None, float | None, float | None]:
    """(mentor, fit, share)."""
    if mentor is None:
        return None, None, None
    pair = among[mentor]
    return (int(mentor), pair.fit, share_of(pair.parts, criteria)) if pair else (int(mentor), None, None)
