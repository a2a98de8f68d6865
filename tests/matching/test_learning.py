"""What decisions may teach, from how many on, and what they may never be held against."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from matching import Criteria, InputError, Person, Pool, Scorer, match
from matching.arrays import Floats, Ints
from matching.learning import LearnedModel, Outcome, learn, to_json
from matching.learning import boosting as trees
from matching.learning.evaluation import Ranking, folds, shares, shares_apart, within_newcomer
from matching.learning.profiles import learn_projection, profiles

TOPICS = ("school", "health", "work", "housing", "sport", "music", "law", "kids")
LANGUAGES = ("de", "en", "ar", "uk", "fr", "tr", "ti", "fa")
SLOTS = tuple(
    f"{day}:{part}" for day in ("mon", "tue", "wed", "thu", "fri", "sat") for part in ("noon", "eve")
)
TAGS = [f"topics={topic}" for topic in TOPICS] + [f"languages={language}" for language in LANGUAGES]
RULES: list[dict[str, Any]] = [
    {"name": "waiting", "kind": "waiting", "newcomer": "since", "per": 60, "as_of": "2026-01-01"},
    {"name": "languages", "kind": "levels", "mentor": "languages", "newcomer": "languages", "weight": 2},
    {"name": "hours", "kind": "slots", "mentor": "slots", "newcomer": "slots", "saturate": 3},
    {"name": "topics", "kind": "coverage", "mentor": "topics", "newcomer": "topics", "weight": 3},
    {"name": "gender", "kind": "wish", "mentor": "gender", "newcomer": "wish"},
    {"name": "age", "kind": "difference", "mentor": "age", "newcomer": "age", "order": ["a", "b", "c", "d"],
     "points": {"0": 4, "1": 2}, "weight": 0.5},
]  # fmt: skip
CRITERIA = Criteria.from_dict({"criterion": RULES})
WEIGHTS = np.array([0, 2, 1, 3, 1, 0.5])
MAXIMUM = 9.0


def people(random: np.random.Generator, count: int, prefix: str) -> Pool:
    def some(values: Sequence[str], count: int) -> list[str]:
        return [str(value) for value in random.choice(values, count, replace=False)]

    return Pool.of(
        {
            "id": f"{prefix}{number:04}",
            "languages": " ".join(f"{language}:B{random.integers(1, 3)}" for language in some(LANGUAGES, 2)),
            "slots": some(SLOTS, 4),
            "topics": some(TOPICS, 3),
            "gender": some(["f", "m"], 1)[0],
            "wish": some(["", "f", "m!"], 1)[0],
            "age": some(["a", "b", "c", "d"], 1)[0],
            "since": "2025-06-01",
        }
        for number in range(count)
    )


class World:
    """Mentors and newcomers, of whom `pairs` and then `unseen` pairs are decided, six mentors each.

    Both sides answer by the criteria; `taste` adds what mentors and newcomers of certain topics and languages
    think of each other, and each mentor's own readiness: what the parts cannot tell.
    """

    def __init__(self, seed: int, pairs: int, unseen: int = 0, taste: float = 0.0) -> None:
        random = np.random.default_rng(seed)
        total = pairs + unseen
        self.mentors, self.newcomers = people(random, 60, "m"), people(random, total // 6 + 1, "n")
        self.i = np.arange(total) // 6
        drawn = [random.choice(60, 6, replace=False) for _ in range(total // 6 + 1)]
        self.j = np.concatenate(drawn)[:total]
        self.parts = parts_of(CRITERIA, self.mentors, self.newcomers, self.i, self.j)
        share = self.parts @ WEIGHTS / MAXIMUM
        theirs, ours = (
            np.array([[tag in bag for tag in TAGS] for bag in profiles(pool, CRITERIA, side)], dtype=float)
            for pool, side in ((self.mentors, "mentor"), (self.newcomers, "newcomer"))
        )
        readiness = random.normal(0, taste / 2, 60)[self.j]
        odds = []
        for own in (readiness, 0.0):
            liking = random.normal(0, taste / 4, (len(TAGS), len(TAGS)))
            felt = 5 * share + np.einsum("pa,ab,pb->p", ours[self.i], liking, theirs[self.j]) + own
            odds.append(felt - felt.mean() + 0.4)
        self.answers = np.array([random.random(total) < expit(side) for side in odds])
        self.outcome: NDArray[np.bool_] = np.logical_and(*self.answers)
        self.decided, self.unseen = slice(0, pairs), slice(pairs, total)

    def outcomes(self, apart: bool = False) -> list[Outcome]:
        answers = [tuple(map(bool, both)) if apart else (None, None) for both in self.answers.T]
        ids = zip(self.i, self.j, self.outcome, answers, strict=True)
        pairs = [
            Outcome(self.newcomers.ids[i], self.mentors.ids[j], bool(yes), *both) for i, j, yes, both in ids
        ]
        return pairs[self.decided]

    def learn(self, apart: bool = False) -> LearnedModel:
        outcomes = self.outcomes(apart)
        return learn(CRITERIA, self.mentors, self.newcomers, outcomes, parts=self.parts[self.decided])

    def probability(self, model: LearnedModel, rows: slice) -> Floats:
        decisions = [(o.newcomer, o.mentor, o.outcome) for o in self.outcomes()]
        bound = model.bind(self.mentors, self.newcomers, CRITERIA, decisions)
        return bound.probability(self.parts[rows], self.i[rows], self.j[rows])

    def auc(self, score: Floats) -> float:
        return within_newcomer(self.i[self.unseen], self.outcome[self.unseen], score).mean


def parts_of(criteria: Criteria, mentors: Pool, newcomers: Pool, i: Ints, j: Ints) -> Floats:
    """(pairs, criteria), as the engine gives them."""
    parts: Floats = Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers).parts(i, j)
    return parts


# Small, quick and prepared once: 240 pairs stay with the logistic model, 1,500 with tastes call for trees.


@pytest.fixture(scope="module")
def small() -> World:
    return World(1, 240)


@pytest.fixture(scope="module")
def large() -> World:
    return World(2, 1_500, 2_400, taste=2.5)


@pytest.fixture(scope="module")
def boosted(large: World) -> LearnedModel:
    return large.learn(apart=True)


# From nothing decided to enough.


def test_nothing_decided_is_the_programmes_own_order(small: World) -> None:
    model = learn(CRITERIA, small.mentors, small.newcomers, [], parts=[])
    assert (model.decided, model.positive, model.champion, model.challenger) == (0, 0, "logistic", None)
    p = small.probability(model, slice(None))
    assert p == pytest.approx(expit(4 * (small.parts @ WEIGHTS / MAXIMUM - 0.5)))


def test_points_that_only_take_away_keep_the_programmes_order() -> None:
    way = {"name": "age", "kind": "difference", "mentor": "age", "newcomer": "age", "points": {"1": -2}}
    criteria = Criteria.from_dict({"criterion": [
        {"name": "town", "kind": "same", "mentor": "town", "newcomer": "town"}, way,
    ]})  # fmt: skip
    rows = {"best": ("a", 1), "far": ("b", 1), "older": ("a", 2), "worst": ("b", 2)}
    mentors = Pool.of({"id": name, "town": town, "age": age} for name, (town, age) in rows.items())
    newcomers = Pool.of([{"id": "n", "town": "a", "age": 1}])
    model = learn(criteria, mentors, newcomers, [], parts=[])
    result = match(mentors, newcomers, criteria, model=model)
    assert [pair.mentor for pair in (*result.pairs, *result.alternatives["n"])] == list(rows)


def test_one_outcome_alone_keeps_the_programmes_order(small: World) -> None:
    refused = [replace(o, outcome=False) for o in small.outcomes()]
    model = learn(CRITERIA, small.mentors, small.newcomers, refused, parts=small.parts)
    p = small.probability(model, slice(None))
    order = np.argsort(small.parts @ WEIGHTS, kind="stable")
    assert (np.diff(p[order]) > -1e-12).all() and p.mean() < 0.1


def test_few_decisions_stay_with_the_logistic_model(small: World) -> None:
    model = small.learn()
    assert (model.champion, model.challenger, model.lead, model.standard_error) == (
        "logistic",
        None,
        None,
        None,
    )
    assert set(model.within_newcomer_auc) == {"programme", "logistic"}
    assert (model.decided, model.positive) == (240, int(small.outcome.sum()))
    assert [answer.side for answer in model.answers] == ["outcome"]


def test_a_challenger_that_is_no_better_is_named_and_left() -> None:
    model = World(3, 420).learn()
    assert (model.champion, model.challenger, model.projection) == ("logistic", "boosting", None)
    assert model.lead is not None and model.standard_error is not None and model.lead <= model.standard_error
    assert set(model.within_newcomer_auc) == {"programme", "logistic", "boosting"}


def test_a_challenger_that_sees_more_becomes_champion(large: World, boosted: LearnedModel) -> None:
    assert (boosted.champion, boosted.challenger) == ("boosting", "logistic")
    assert boosted.lead is not None and boosted.standard_error is not None
    assert boosted.lead > boosted.standard_error
    p = large.probability(boosted, large.unseen)
    own, logistic = (
        large.auc(score)
        for score in (
            large.parts[large.unseen] @ WEIGHTS,
            large.probability(
                replace(boosted, answers=tuple(replace(a, boosting=None) for a in boosted.answers)),
                large.unseen,
            ),
        )
    )
    assert large.auc(p) > max(own, logistic) + 0.03
    # Calibrated: in the half that is thought likelier, as many come true as was thought.
    likely = p > np.median(p)
    assert p[likely].mean() == pytest.approx(large.outcome[large.unseen][likely].mean(), abs=0.05)


def test_each_direction_apart_is_at_least_as_good_as_the_pair(large: World, boosted: LearnedModel) -> None:
    assert [answer.side for answer in boosted.answers] == ["mentor", "newcomer"]
    pair = large.learn()
    assert [answer.side for answer in pair.answers] == ["outcome"]
    apart, together = (large.auc(large.probability(model, large.unseen)) for model in (boosted, pair))
    assert apart > together - 0.005


def test_directions_need_enough_answers_of_either_kind(small: World) -> None:
    asked = small.outcomes(apart=True)
    few = [o if k < 49 else replace(o, mentor_answer=None) for k, o in enumerate(asked)]
    half = [
        o if k < 100 else replace(o, mentor_answer=None, newcomer_answer=None) for k, o in enumerate(asked)
    ]
    always = [replace(o, newcomer_answer=True, outcome=bool(o.mentor_answer)) for o in asked]
    other = [replace(o, target="met") for o in asked]
    for outcomes, target, sides in (
        (asked, "accepted", ["mentor", "newcomer"]),
        (few, "accepted", ["outcome"]),
        (half, "accepted", ["outcome"]),
        (always, "accepted", ["outcome"]),
        (other, "met", ["outcome"]),
    ):
        model = learn(CRITERIA, small.mentors, small.newcomers, outcomes, parts=small.parts, target=target)
        assert [answer.side for answer in model.answers] == sides


def test_too_few_newcomers_with_both_outcomes_are_not_measured() -> None:
    world = World(4, 48)
    assert world.learn().within_newcomer_auc == {}


# What may never be held against anybody.


def renamed(world: World, names: dict[str, str]) -> World:
    """The same people and decisions under other names of newcomers."""
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.newcomers = Pool(tuple(Person(names[p.id], p.row) for p in world.newcomers.people))
    other.i = np.array([other.newcomers.index(names[world.newcomers.ids[i]]) for i in world.i])
    return other


@pytest.mark.parametrize("apart", [True, False])
def test_who_a_newcomer_is_teaches_nothing(small: World, apart: bool) -> None:
    ids = small.newcomers.ids
    turned = renamed(small, dict(zip(ids, reversed(ids), strict=True)))
    assert np.array_equal(turned.parts, small.parts)
    assert turned.learn(apart) == small.learn(apart)


def test_trees_do_not_know_newcomers_by_name_either(large: World, boosted: LearnedModel) -> None:
    ids = large.newcomers.ids
    turned = renamed(large, dict(zip(ids, np.roll(ids, 7).tolist(), strict=True)))
    assert to_json(turned.learn(apart=True)) == to_json(boosted)


def test_a_decline_counts_the_same_for_whoever_said_the_same(small: World) -> None:
    """Amina and Alma said the same; Bruno's decline of either teaches the same, and both fits fall alike."""
    amina = next(iter(small.newcomers.people)).row
    pool = Pool((*small.newcomers.people, Person("alma", amina)))
    models = []
    for name in (small.newcomers.ids[0], "alma"):
        outcomes = [*small.outcomes(), Outcome(name, "m0001", False, False, None)]
        pair = np.array([pool.index(name)]), np.array([small.mentors.index("m0001")])
        more = parts_of(CRITERIA, small.mentors, pool, *pair)
        parts = np.vstack([small.parts, more])
        models.append(learn(CRITERIA, small.mentors, pool, outcomes, parts=parts))
    assert models[0].answers[0].deviation == pytest.approx(models[1].answers[0].deviation, abs=1e-9)
    j = np.arange(60)
    for model in models:
        bound = model.bind(small.mentors, pool, CRITERIA)
        fits = []
        for name in (small.newcomers.ids[0], "alma"):
            i = np.full(60, pool.index(name))
            fits.append(bound.probability(parts_of(CRITERIA, small.mentors, pool, i, j), i, j))
        assert np.array_equal(fits[0], fits[1])


def test_what_mentors_decline_is_never_held_against_a_profile(large: World, boosted: LearnedModel) -> None:
    """Of a newcomer the model of the mentor's answer sees the parts alone."""
    mentor = replace(boosted, answers=boosted.answers[:1])
    bound = mentor.bind(large.mentors, large.newcomers, CRITERIA)
    parts, j = large.parts[:500], large.j[:500]
    others = (large.i[:500] + 17) % len(large.newcomers)
    assert np.array_equal(bound.probability(parts, large.i[:500], j), bound.probability(parts, others, j))
    newcomer = replace(boosted, answers=boosted.answers[1:]).bind(large.mentors, large.newcomers, CRITERIA)
    assert (newcomer.probability(parts, large.i[:500], j) != newcomer.probability(parts, others, j)).any()


@pytest.mark.parametrize("column", range(1, 6))
def test_more_of_a_part_never_lowers_the_probability(
    large: World, boosted: LearnedModel, small: World, column: int
) -> None:
    for world, model in ((large, boosted), (small, small.learn(apart=True))):
        bound = model.bind(world.mentors, world.newcomers, CRITERIA)
        less, more = world.parts[:300].copy(), world.parts[:300].copy()
        less[:, column], more[:, column] = 0.2, 0.9
        i, j = world.i[:300], world.j[:300]
        assert (bound.probability(more, i, j) >= bound.probability(less, i, j)).all()


def test_the_order_of_decisions_changes_nothing(small: World) -> None:
    mixed = np.random.default_rng(5).permutation(240)
    outcomes = [small.outcomes(apart=True)[row] for row in mixed]
    model = learn(CRITERIA, small.mentors, small.newcomers, outcomes, parts=small.parts[mixed])
    assert model == small.learn(apart=True)


def test_a_model_names_nobody(large: World, boosted: LearnedModel) -> None:
    text = to_json(boosted)
    assert not any(person in text for person in (*large.mentors.ids, *large.newcomers.ids))


# Targets and input.


def test_targets_are_never_mixed(small: World) -> None:
    one, *rest = small.outcomes()
    with pytest.raises(InputError, match="never mixed"):
        learn(
            CRITERIA, small.mentors, small.newcomers, [replace(one, target="met"), *rest], parts=small.parts
        )
    with pytest.raises(InputError, match="accepted, approved, met"):
        learn(CRITERIA, small.mentors, small.newcomers, [], parts=[], target="liked")
    with pytest.raises(InputError, match="accepted, approved, met"):
        Outcome("amina", "bruno", True, target="liked")


def test_accepted_against_an_answer_is_refused() -> None:
    with pytest.raises(InputError, match="amina and bruno: accepted, though one of them said no"):
        Outcome("amina", "bruno", True, mentor_answer=False)
    assert Outcome("amina", "bruno", True, mentor_answer=False, target="met").outcome


@pytest.mark.parametrize(
    "parts", [np.zeros((6, 240)), np.full((240, 6), np.nan), np.zeros((0, 6)), np.zeros((241, 6))]
)
def test_parts_must_belong_to_the_outcomes(small: World, parts: Floats) -> None:
    with pytest.raises(InputError, match=r"expected \(240, 6\), all finite"):
        learn(CRITERIA, small.mentors, small.newcomers, small.outcomes(), parts=parts)


@pytest.mark.parametrize("pair", [("nobody", "m0001"), ("n0001", "nobody")])
def test_decided_people_must_be_known(small: World, pair: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="not both among the people"):
        learn(CRITERIA, small.mentors, small.newcomers, [Outcome(*pair, True)], parts=np.zeros((1, 6)))


def test_criteria_that_say_nothing_of_a_pair_teach_nothing() -> None:
    criteria = Criteria.from_dict({"criterion": [{"name": "one", "kind": "constant"}]})
    with pytest.raises(InputError, match="nothing to learn"):
        learn(criteria, Pool(), Pool(), [], parts=[])


# History: no outcome sees itself.


def test_history_is_told_without_the_decision_itself() -> None:
    mentor, outcome = np.array([0, 0, 0, 1]), np.array([True, True, False, False])
    assert shares(mentor, outcome, 3) == pytest.approx([(2 + 2.5) / 8, 2.5 / 6, 0.5])
    fold = np.array([0, 1, 1, 0])
    apart = shares_apart(mentor, outcome, fold)
    assert apart[:2] == pytest.approx([(1 + 2.5) / 7, (1 + 2.5) / 6])
    turned = outcome.copy()
    turned[0] = False
    assert shares_apart(mentor, turned, fold)[0] == apart[0]
    assert shares_apart(mentor[:1], outcome[:1], fold[:1]) == pytest.approx([0.5])


def test_the_criterion_history_is_learned_without_the_decision_itself() -> None:
    """The engine's own history has seen each decision; given as it is, it would seem to foretell them all."""
    world = World(6, 240)
    criteria = Criteria.from_dict({"criterion": [*RULES, {"name": "past", "kind": "history"}]})
    told = np.column_stack([world.parts, world.outcome])
    blind = np.column_stack([world.parts, np.zeros(240)])
    models = [
        learn(criteria, world.mentors, world.newcomers, world.outcomes(), parts=parts)
        for parts in (told, blind)
    ]
    assert models[0] == models[1]
    assert abs(models[0].answers[0].deviation[-1]) < 0.2


def test_history_in_use_comes_from_the_decisions_given(large: World, boosted: LearnedModel) -> None:
    decisions = [(o.newcomer, o.mentor, o.outcome) for o in large.outcomes()]
    told = boosted.bind(large.mentors, large.newcomers, CRITERIA, [*decisions, ("gone", "gone", True)])
    bruno = [outcome for _, mentor, outcome in decisions if mentor == "m0007"]
    overall = (large.outcome[large.decided].sum() + 1) / 1501
    assert told.history[7] == pytest.approx((sum(bruno) + 5 * overall) / (len(bruno) + 5))
    untold = boosted.bind(large.mentors, large.newcomers, CRITERIA)
    assert untold.history == pytest.approx(np.full(60, large.outcome[large.decided].mean()))


# Measures.


def test_the_area_under_the_curve_is_the_known_one() -> None:
    random = np.random.default_rng(7)
    newcomer, outcome = random.integers(0, 40, 300), random.random(300) < 0.3
    score = np.round(random.random(300), 1)
    ranking = within_newcomer(newcomer, outcome, score)
    known = [
        (roc_auc_score(outcome[rows], score[rows]), rows.sum())
        for rows in (newcomer == one for one in range(40))
        if 0 < outcome[rows].sum() < rows.sum()
    ]
    auc, pairs = np.transpose(known)
    assert ranking.auc == pytest.approx(auc) and np.array_equal(ranking.pairs, pairs)
    assert ranking.mean == pytest.approx(np.average(auc, weights=pairs))
    nobody = within_newcomer(newcomer[:0], outcome[:0], score[:0])
    assert len(nobody.auc) == 0


def test_the_lead_is_paired_by_newcomer() -> None:
    pairs = np.full(100, 6)
    hard = np.random.default_rng(8).random(100) / 2
    lead, error = Ranking(hard + 0.1, pairs).lead_over(Ranking(hard, pairs))
    assert [lead, error] == pytest.approx([0.1, 0])
    noise = np.random.default_rng(9).normal(size=100)
    assert Ranking(hard + noise, pairs).lead_over(Ranking(hard, pairs))[1] == pytest.approx(
        noise.std(ddof=1) / 10
    )


def test_folds_keep_newcomers_whole() -> None:
    newcomer = np.repeat(np.arange(23), 4)
    fold = folds(newcomer, 0)
    assert all(len(set(fold[newcomer == one])) == 1 for one in range(23))
    assert np.ptp(np.bincount(fold)) <= 4
    assert not np.array_equal(fold, folds(newcomer, 1))


# Trees.


def test_our_trees_are_scikit_learns() -> None:
    random = np.random.default_rng(10)
    X = random.random((500, 4))
    yes = (X[:, 0] + X[:, 1] * X[:, 2] + random.random(500) > 1.2).astype(float)
    ours = trees.boost(X, yes, 2, 0)
    theirs = HistGradientBoostingClassifier(
        learning_rate=trees.RATE, max_iter=trees.TREES, max_depth=trees.DEPTH, l2_regularization=1.0,
        early_stopping=False, monotonic_cst=[1, 1, 0, 0], random_state=0,
    ).fit(X, yes)  # fmt: skip
    fresh = random.random((1_000, 4))
    assert ours.odds(fresh) == pytest.approx(theirs.decision_function(fresh), abs=1e-12)


@pytest.mark.parametrize(("label", "sign"), [(1.0, 1), (0.0, -1)])
def test_trees_of_one_outcome_alone_rank_nobody(label: float, sign: int) -> None:
    odds = trees.boost(np.eye(3), np.full(3, label), 0, 0).odds(np.eye(3))
    assert odds == pytest.approx(np.full(3, sign * np.log(3)))


def test_overconfident_trees_are_calibrated() -> None:
    random = np.random.default_rng(11)
    truth = random.normal(size=4_000)
    model = trees.calibrated(
        trees.Boosting(0.0, ()), 3 * truth + 1, (random.random(4_000) < expit(truth)) * 1.0
    )
    assert model.slope == pytest.approx(1 / 3, abs=0.03)
    assert model.offset == pytest.approx(-1 / 3, abs=0.1)


def test_memory_and_result_do_not_depend_on_the_number_of_pairs(large: World, boosted: LearnedModel) -> None:
    bound = boosted.bind(large.mentors, large.newcomers, CRITERIA)
    rows = np.resize(np.arange(len(large.i)), trees.CHUNK + 5)
    p = bound.probability(large.parts[rows], large.i[rows], large.j[rows])
    assert np.array_equal(p[: len(large.i)], bound.probability(large.parts, large.i, large.j))
    assert np.array_equal(p[-5:], p[rows[-5:]])


# Profiles.


def test_profiles_hold_what_the_criteria_read_and_no_numbers() -> None:
    criteria = Criteria.from_dict(
        {
            "criterion": [
                *RULES,
                {"name": "firm", "kind": "different", "mentor": "firm", "newcomer": "firm"},
                {"name": "field", "kind": "contains", "mentor": "fields", "newcomer": "field"},
                {
                    "name": "years",
                    "kind": "difference",
                    "mentor": "years",
                    "newcomer": "years",
                    "points": {"1": 1},
                },
                {"name": "words", "kind": "text", "mentor": "about", "newcomer": "about"},
                {"name": "past", "kind": "history"},
            ]
        }
    )
    row = {"languages": "DE:native ar:B1", "slots": "flexible", "topics": "law", "gender": "f", "wish": "m!",
           "age": "b", "since": "2025-06-01", "firm": "", "fields": "wood,metal", "field": "wood",
           "years": 7, "about": "I like tea", "nationality": "never"}  # fmt: skip
    pool = Pool((Person("bruno", row),))
    common = {"languages=de", "languages=ar", "hours=flexible", "topics=law", "age=b"}
    assert profiles(pool, criteria, "mentor") == [sorted(common | {"gender=f", "field=wood", "field=metal"})]
    assert profiles(pool, criteria, "newcomer") == [sorted(common | {"gender=m", "field=wood"})]


def test_values_that_few_people_hold_are_left_out() -> None:
    bags = [["a", "b"]] * 5 + [["b", "c"]] * 4
    projection = learn_projection(bags)
    assert projection.vocabulary == ("a", "b")
    assert learn_projection(bags[:2]).vocabulary == ()
    assert learn_projection([]).project([["a"], []]).shape == (2, 0)


def test_projected_people_have_length_one_or_none() -> None:
    bags = [["a", "x"]] * 6 + [["b", "x"]] * 7 + [["c", "x"]] * 8
    rows = learn_projection(bags).project([["a"], ["b", "a"], ["x"], ["unheard of"]])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0, 0])
    assert rows[0] @ rows[1] > 0


# Weights and criteria that change after learning.


def test_weights_may_change_and_are_then_the_new_prior(small: World) -> None:
    model = small.learn()
    changed = Criteria.from_dict(
        {"criterion": [r | ({"weight": 9} if r["name"] == "hours" else {}) for r in RULES]}
    )
    before, after = (
        model.bind(small.mentors, small.newcomers, criteria).probability(small.parts, small.i, small.j)
        for criteria in (CRITERIA, changed)
    )
    hours = small.parts[:, 2]
    assert np.corrcoef(hours, after)[0, 1] > np.corrcoef(hours, before)[0, 1] + 0.2


def test_the_order_of_criteria_does_not_matter(small: World) -> None:
    model = small.learn()
    turned = Criteria.from_dict({"criterion": RULES[::-1]})
    one = model.bind(small.mentors, small.newcomers, CRITERIA).probability(small.parts, small.i, small.j)
    other = model.bind(small.mentors, small.newcomers, turned)
    assert other.probability(small.parts[:, ::-1], small.i, small.j) == pytest.approx(one)


def test_priorities_may_come_and_go(small: World) -> None:
    criteria = Criteria.from_dict({"criterion": [*RULES[1:], {"name": "all", "kind": "constant"}]})
    parts = np.column_stack([small.parts[:, 1:], np.ones(240)])
    bound = small.learn().bind(small.mentors, small.newcomers, criteria)
    assert bound.probability(parts, small.i, small.j) == pytest.approx(
        small.probability(small.learn(), slice(None))
    )


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (RULES[:-1], "learned with criteria that are gone: age"),
        ([*RULES, {"name": "past", "kind": "history"}], "learned without the criteria: past"),
        (
            [{**RULES[1], "mentor": "spoken"}, *RULES[2:]],
            "languages' of kind levels .mentor: languages; newcomer:",
        ),
        ([{**RULES[1], "kind": "same"}, *RULES[2:]], "the criteria now say 'languages' of kind same"),
    ],
)
def test_other_criteria_are_refused_by_name(small: World, rules: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        small.learn().bind(small.mentors, small.newcomers, Criteria.from_dict({"criterion": rules}))


def test_points_that_are_never_above_nothing_are_left_as_they_are() -> None:
    rule = {"name": "years", "kind": "difference", "mentor": "y", "newcomer": "y", "points": {"0": -2}}
    criteria = Criteria.from_dict({"criterion": [rule]})
    pool = Pool((Person("amina", {"y": 1}),))
    model = learn(criteria, pool, pool, [], parts=[])
    p = model.bind(pool, pool, criteria).probability(np.array([[-2.0]]), np.array([0]), np.array([0]))
    assert np.isfinite(p).all()
