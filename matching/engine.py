"""Match two pools: frozen people and criteria in, a frozen, explained and proved result out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypedDict, Unpack

import numpy as np

from matching.criteria import Criteria
from matching.people import Person, Pool
from matching.result import Examination, Result
from matching.scoring.score import Decision, Model, Refusal, Scorer, Table
from matching.solution import Objective, PairIds, Solution, Wanted, pairs_of
from matching.solving.floors import Floor


class Wishes(TypedDict, total=False):
    """What a match may be asked for, beside people and criteria."""

    objective: Objective
    """most newcomers first and then the greatest total fit ("coverage", the default), or fit alone ("fit")"""
    refusals: Mapping[str, Refusal] | None
    """the caller's own, by name"""
    locked: Collection[PairIds]
    """pairs that are kept"""
    forbidden: Collection[PairIds]
    """pairs that are refused"""
    floors: Sequence[Floor]
    """how many of a group are to be matched at least"""
    decisions: Iterable[Decision]
    """(newcomer, mentor, accepted), for criteria of kind `history`"""
    tables: Mapping[str, Table] | None
    """(newcomer, mentor) -> value by the criterion's name, for kind `table`"""
    model: Model | None
    """learned from what became of pairs"""


def solve(mentors: Pool, newcomers: Pool, criteria: Criteria, **wishes: Unpack[Wishes]) -> Solution:
    """Find the best assignment of newcomers to mentors within both sides' capacities, prove it, keep it warm.

    Raises CriteriaError, InputError, FixedPairError, FloorError.
    """
    wanted = Wanted(
        objective=wishes.get("objective", "coverage"),
        refusals=dict(wishes.get("refusals") or {}),
        locked=frozenset(wishes.get("locked", ())),
        forbidden=frozenset(wishes.get("forbidden", ())),
        floors=tuple(wishes.get("floors", ())),
    )
    scorer = Scorer(
        criteria,
        decisions=wishes.get("decisions", ()),
        tables=wishes.get("tables"),
        model=wishes.get("model"),
    )
    return Solution(scorer.fit(mentors, newcomers), mentors, newcomers, wanted)


def match(
    mentors: Pool, newcomers: Pool, criteria: Criteria, *, alternatives: int = 5, **wishes: Unpack[Wishes]
) -> Result:
    """The result of `solve`, with that many `alternatives` for each newcomer."""
    return solve(mentors, newcomers, criteria, **wishes).result(alternatives)


def examine(
    mentor: Person,
    newcomer: Person,
    criteria: Criteria,
    *,
    refusals: Mapping[str, Refusal] | None = None,
    scorer: Scorer | None = None,
) -> Examination:
    """Score one pair, for pairing by hand.

    `scorer` is one fitted on the whole pools; without it, rarity and words are those of these two alone.
    """
    pools = Pool((mentor,)), Pool((newcomer,))
    scorer = scorer if scorer is not None else Scorer(criteria).fit(*pools)
    scores = scorer.score(*pools, refusals)
    here = np.zeros(1, dtype=np.int64)
    names = tuple(name for name, mask in scores.refused(here, here) if mask[0])
    return Examination(pairs_of(scores, scores.fit(here, here), here, here, pools)[0], names)


def why_refused(
    pairs: Iterable[PairIds],
    mentors: Pool,
    newcomers: Pool,
    criteria: Criteria,
    *,
    refusals: Mapping[str, Refusal] | None = None,
) -> dict[PairIds, tuple[str, ...]]:
    """By pair of (mentor, newcomer) the names of what refuses it, () where nothing does.

    Only these people are read, so it costs little beside a match. Raises InputError, CriteriaError.
    """
    pairs = tuple(pairs)
    of_mentors, of_newcomers = (
        Pool(pool.person(pool.index(person)) for person in {pair[side] for pair in pairs})
        for side, pool in enumerate((mentors, newcomers))
    )
    scores = Scorer(criteria).fit(of_mentors, of_newcomers).score(of_mentors, of_newcomers, refusals)
    i = np.array([of_newcomers.index(newcomer) for _mentor, newcomer in pairs], dtype=np.int64)
    j = np.array([of_mentors.index(mentor) for mentor, _newcomer in pairs], dtype=np.int64)
    masks = list(scores.refused(i, j))
    return {pair: tuple(name for name, mask in masks if mask[k]) for k, pair in enumerate(pairs)}
