"""The simulated programme: both policies meet the same people, and nobody is given what is not there."""

from collections import Counter
from dataclasses import replace

import pytest

from matching import Pool
from tests.matching.bench import programme
from tests.matching.bench.programme import Arrivals, Outcome, Policy, arrivals, best_of_the_week, first_come
from tests.matching.bench.programme import simulate as run

WEEKS = 8
POLICIES = (best_of_the_week, first_come)


@pytest.fixture(scope="module")
def given() -> Arrivals:
    return arrivals(WEEKS, seed=1)


def test_the_same_seed_brings_the_same_people_in_the_same_weeks(given: Arrivals) -> None:
    again = arrivals(WEEKS, seed=1)
    assert again == given != arrivals(WEEKS, seed=2)
    assert Counter(one.week for one in given.newcomers.values()) == dict.fromkeys(range(WEEKS), 30)
    assert Counter(one.week for one in given.mentors.values()) == dict.fromkeys(range(WEEKS), 12)


def test_both_policies_see_the_same_arrivals(given: Arrivals) -> None:
    """In a world where nobody meets anybody, each week shows both the same people."""

    def looking(seen: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> Policy:
        return lambda mentors, newcomers, _criteria: seen.append((mentors.ids, newcomers.ids)) or ()

    looks: list[list[tuple[tuple[str, ...], tuple[str, ...]]]] = [[], []]
    for seen in looks:
        run(given, looking(seen))
    assert looks[0] == looks[1] and len(looks[0]) == WEEKS
    first = {who for who, one in given.newcomers.items() if one.week == 0}
    assert set(looks[0][0][1]) == first


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_meets_before_they_come_after_they_go_or_beyond_their_places(
    policy: Policy, given: Arrivals
) -> None:
    outcome = run(given, policy)
    assert outcome.met == run(given, policy).met and 0 < outcome.matched <= 1
    held: dict[tuple[str, int], int] = Counter()
    for who, (mentor, week) in outcome.met.items():
        newcomer, other = given.newcomers[who], given.mentors[mentor]
        assert newcomer.week <= week < newcomer.until and other.week <= week < other.until
        held.update((mentor, busy) for busy in range(week, week + newcomer.lasts))
    assert all(count <= given.mentors[mentor].person.capacity for (mentor, _week), count in held.items())


def test_first_come_takes_the_best_who_is_free(given: Arrivals) -> None:
    criteria = programme.Criteria.from_dict(programme.CRITERIA).as_of(programme.BEGIN)
    mentors = Pool(replace(one.person, capacity=1) for one in given.mentors.values())
    newcomers = Pool(one.person for one in given.newcomers.values())
    pairs = first_come(mentors, newcomers, criteria)
    came = [newcomers.person(newcomers.index(who)).row["registered_on"] for _mentor, who in pairs]
    assert came == sorted(came)
    assert max(Counter(mentor for mentor, _who in pairs).values()) == 1
    solution = programme.solve(mentors, newcomers, criteria)
    taken: set[str] = set()
    for mentor, who in pairs:
        row = newcomers.index(who)
        own = slice(*solution.edges.starts[row : row + 2])
        options = zip(solution.edges.columns[own], solution.edges.fit[own], strict=True)
        fits = {mentors.ids[column]: fit for column, fit in options if mentors.ids[column] not in taken}
        assert fits[mentor] == max(fits.values())
        taken.add(mentor)


def test_whoever_met_nobody_has_waited_until_they_gave_up(given: Arrivals) -> None:
    nobody = Outcome(given, {})
    assert nobody.waits == [min(one.until, WEEKS) - one.week for one in given.newcomers.values()]
    assert (nobody.matched, nobody.fits, nobody.worst_group[1]) == (0, [], 0)


def test_the_rows_say_both_sides_and_promise_only_the_full_length() -> None:
    rows = list(programme.compared(4, seeds=range(2)))
    assert [row.what for row in rows] == [
        "programmes of 4 weeks against first come, first served: total fit",
        "newcomers with a mentor",
        "mean fit",
        "waiting at the median",
        "waiting at the 90th percentile",
        "the language that finds a mentor least, mean",
    ]
    assert all(row.ours and row.theirs and row.at_least is None for row in rows)
    assert rows[0].ratio is not None and rows[0].ratio > 1
