"""A solution that is changed is the solution of what was changed; regrets never promise too much."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching import FixedPairError, Floor, InputError, Person, Pool, Refusal, Solution, solve
from matching.errors import MatchingError
from matching.solution import Wanted
from matching.solving import assign
from tests.matching import test_assign
from tests.matching.conftest import Loaded
from tests.matching.test_engine import CRITERIA, amina, bruno, rows

OBJECTIVES = st.sampled_from(["coverage", "fit"])
SIZES = st.sampled_from(["small", "huge"])


@contextmanager
def as_if(size: str) -> Iterator[None]:
    """Solve as at that size: if huge, pairs join round by round and each territory is solved by itself."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"ALL_PAIRS": 0, "TOGETHER": 1, "FEW": 1}.items() if size == "huge" else ():
            patch.setattr(assign, name, value)
        yield


def outcome(solution: Callable[[], Solution]) -> Any:
    """Everything a caller sees, fits to the ninth digit; or what went wrong."""
    try:
        result = solution().result(2)
    except MatchingError as error:
        return type(error), str(error)
    pairs = [(pair.newcomer, pair.mentor, round(pair.fit, 9)) for pair in result.pairs]
    others = {newcomer: [pair.mentor for pair in pairs] for newcomer, pairs in result.alternatives.items()}
    return pairs, others, result.unmatched, result.feasible_pairs, round(result.total, 9), result.gap


def some(pairs: list[tuple[str, str]], random: Random, most: int) -> list[tuple[str, str]]:
    return random.sample(pairs, min(len(pairs), random.randint(0, most)))


@settings(max_examples=200, deadline=None)
@given(rows("m"), rows("n"), rows("m"), rows("n"), OBJECTIVES, SIZES, st.randoms(use_true_random=False))
def test_what_if_is_what_would_be(
    mentors: list[Person],
    newcomers: list[Person],
    other_mentors: list[Person],
    other_newcomers: list[Person],
    objective: Any,
    size: str,
    random: Random,
) -> None:
    """Rows of the other lists stand for the same people changed, and for people added."""
    everybody = [(m.id, n.id) for m in mentors for n in newcomers]
    refused = {"blocked": Refusal(pairs=frozenset(some(everybody, random, 2)))}
    with as_if(size):
        before = solve(
            Pool(mentors),
            Pool(newcomers),
            CRITERIA,
            objective=objective,
            refusals=refused,
            forbidden=some(everybody, random, 2),
        )
        first = {"mentors": other_mentors[1:], "forbid": some(everybody, random, 2)}
        second = {"newcomers": other_newcomers[1:], "lock": some(everybody, random, 1)}
        wanted = Wanted(
            objective=objective,
            refusals=refused,
            forbidden=before.wanted.forbidden | set(first["forbid"]),
            locked=frozenset(second["lock"]),
        )
        pools = before.mentors.changed(other_mentors[1:]), before.newcomers.changed(other_newcomers[1:])
        fresh = outcome(lambda: Solution(before.scorer, *pools, wanted))
        assert outcome(lambda: before.what_if(**first).what_if(**second)) == fresh
        assert outcome(lambda: before.what_if(**first, **second)) == fresh


def worth(solution: Solution) -> tuple[int, float]:
    """Newcomers, where they come first, and fit."""
    first = solution.wanted.objective == "coverage"
    return int((solution.per_newcomer > 0).sum()) if first else 0, solution.result(0).total


@settings(max_examples=200, deadline=None)
@given(rows("m", 1), rows("n", 1), OBJECTIVES, SIZES, st.randoms(use_true_random=False))
def test_a_pair_that_is_forced_costs_at_least_its_regret(
    mentors: list[Person], newcomers: list[Person], objective: Any, size: str, random: Random
) -> None:
    with as_if(size):
        before = solve(Pool(mentors), Pool(newcomers), CRITERIA, objective=objective)
        fixed = some([(pair.mentor, pair.newcomer) for pair in before.result().pairs], random, 1)
        before = before.what_if(lock=fixed)
        for mentor in before.mentors.ids:
            for newcomer in before.newcomers.ids:
                regret = before.regret(mentor, newcomer)
                try:
                    after = before.what_if(lock=[(mentor, newcomer)])
                except FixedPairError:
                    continue
                if regret is None:
                    assert worth(after) == pytest.approx(worth(before))
                    continue
                fewer, less = np.subtract(worth(before), worth(after))
                assert fewer > regret.newcomers or (
                    fewer == regret.newcomers and less >= regret.fit - 1e-6
                ), (mentor, newcomer, regret, fewer, less)


@settings(max_examples=200, deadline=None)
@given(test_assign.cases(), st.booleans())
def test_few_pairs_to_begin_with_end_at_the_best_of_all(case: test_assign.Case, coverage: bool) -> None:
    with as_if("huge"):
        found = test_assign.solve(case, coverage=coverage)
    assert found == (test_assign.best_by_listing(case, coverage=coverage), 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([1, 2]))
@example(448, True, 2)  # an early newcomer takes a pair from one who held all they could
def test_few_pairs_and_all_pairs_end_alike(seed: int, coverage: bool, most: int) -> None:
    rng = np.random.default_rng(seed)
    # Whole fits, so that there are ties by the hundred.
    edges = test_assign.edges_of(rng.integers(0, 5, (30, 25)).astype(float), rng.random((30, 25)) < 0.2)
    places = rng.integers(0, most + 1, 30), rng.integers(0, 3, 25)
    whole = assign.assign(edges, places, coverage=coverage)
    with as_if("huge"):
        few = assign.assign(edges, places, coverage=coverage)
    assert (few.chosen == whole.chosen).all()
    assert few.slack == whole.slack == 0


def test_who_is_added_need_not_fill_every_column() -> None:
    solution = solve(Pool([bruno()]), Pool([amina()]), CRITERIA)
    added = Person("zahra", {"languages": "de:A1", "slots": "mon:evening"})
    fresh = solve(Pool([bruno()]), Pool([amina(), added]), CRITERIA)
    assert outcome(lambda: solution.what_if(newcomers=[added])) == outcome(lambda: fresh)


def test_a_change_by_a_slip_is_refused() -> None:
    solution = solve(Pool([bruno()]), Pool([amina()]), CRITERIA)
    with pytest.raises(FixedPairError, match="no mentor is called 'brno'"):
        solution.what_if(lock=[("brno", "amina")])
    with pytest.raises(InputError, match="no newcomer is called 'anima'"):
        solution.what_if(forbid=[("bruno", "anima")])
    with pytest.raises(InputError, match="'zahra' is there twice"):
        solution.what_if(newcomers=[amina("zahra"), amina("zahra")])
    with pytest.raises(KeyError):
        solution.regret("brno", "amina")


def test_no_regret_is_known_of_a_chosen_or_refused_pair_or_beside_floors() -> None:
    newcomers = Pool([amina(), amina("zahra", languages="de:A1 ar:A1"), amina("omar", languages="ti:native")])
    solution = solve(Pool([bruno()]), newcomers, CRITERIA)
    assert [pair.newcomer for pair in solution.result().pairs] == ["amina"]
    assert solution.regret("bruno", "amina") is None
    assert solution.regret("bruno", "omar") is None
    regret = solution.regret("bruno", "zahra")
    assert regret is not None
    assert regret.newcomers == 0
    assert 0 <= regret.fit <= 4 / 7
    floor = solve(Pool([bruno()]), newcomers, CRITERIA, floors=[Floor("languages", "ar", 1 / 2)])
    assert floor.regret("bruno", "zahra") == regret
    forced = solve(
        Pool([bruno()]), newcomers.changed([amina("zahra", languages="de:A1 uk:A1")]), CRITERIA,
        floors=[Floor("languages", "uk", 1)],
    )  # fmt: skip
    assert [pair.newcomer for pair in forced.result().pairs] == ["zahra"]
    assert forced.regret("bruno", "amina") is None
    assert forced.result().alternatives["amina"][0].regret is None
    assert outcome(lambda: forced.what_if(mentors=[Person("berta", bruno().row)])) == outcome(
        lambda: Solution(
            forced.scorer, Pool([bruno(), Person("berta", bruno().row)]), forced.newcomers, forced.wanted
        )
    )


@pytest.mark.parametrize("objective", ["coverage", "fit"])
@pytest.mark.parametrize("size", ["small", "huge"])
def test_on_the_yardstick_a_changed_reach_is_solved_as_if_it_had_been_there(
    newcomers_yardstick: Loaded, objective: Any, size: str
) -> None:
    criteria, mentors, newcomers = newcomers_yardstick
    before = solve(mentors, newcomers, criteria, objective=objective)
    changed = [Person(p.id, {**p.row, "reach_km": "40"}, p.capacity) for p in mentors.people][::9]
    fresh = outcome(lambda: solve(mentors.changed(changed), newcomers, criteria, objective=objective))
    with as_if(size):
        assert outcome(lambda: before.what_if(mentors=changed)) == fresh
    assert fresh[-1] == 0
