"""A programme of a year and a half, week by week: the best plan of each week, and first come, first served.

Both meet the same people in the same weeks: everything about a person is drawn once, before anything happens.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

import numpy as np

from matching import Criteria, Person, Pool, Scorer, solve
from tests.matching.bench.pools import in_five_towns
from tests.matching.bench.table import Row, Task, number

# What a new mentoring programme starts with: a copy of backend/programmes/criteria.py; a test compares.
CRITERIA: dict[str, Any] = {
    "columns": {"mentor": "id", "newcomer": "id", "capacity": "capacity"},
    "criterion": [
        {
            "name": "languages",
            "kind": "levels",
            "mentor": "languages",
            "newcomer": "languages",
            "require": "A1",
            "weight": 2,
        },
        {
            "name": "hours",
            "kind": "slots",
            "mentor": "slots",
            "newcomer": "slots",
            "saturate": 3,
            "require": 1,
            "weight": 1,
        },
        {
            "name": "way",
            "kind": "distance",
            "mentor": ["latitude", "longitude"],
            "newcomer": ["latitude", "longitude"],
            "reach_mentor": "reach_km",
            "reach_newcomer": "reach_km",
            "online_mentor": "online",
            "online_newcomer": "online",
            "decay": 8,
            "require": "either",
            "weight": 1.5,
        },
        {
            "name": "topics",
            "kind": "coverage",
            "mentor": "topics",
            "newcomer": "topics",
            "rarity": True,
            "weight": 3,
        },
        {"name": "gender", "kind": "wish", "mentor": "gender", "newcomer": "wishes_gender", "weight": 1},
        {"name": "waiting", "kind": "waiting", "newcomer": "registered_on", "per": 600, "weight": 1},
    ],
}
# Whether one programme's rarest language does better by one policy is chance: several programmes together.
SEEDS = range(12)
WEEKS = 78
NEWCOMERS, MENTORS = 30, 12  # who come, each week
BEGIN = date(2025, 1, 6)
# In weeks. A mentor takes somebody new for nine months on average, and stays with whom they have to the end.
STAY = 39
# So long a newcomer waits on average before they move on, or find another way.
PATIENCE = 26
# A mentoring is planned for half a year; one in five ends before.
LASTS, EARLY = 26, 0.2
# A language group is told apart from so many newcomers on.
GROUP = 30

Pairs = Sequence[tuple[str, str]]
"""(mentor, newcomer) identifiers."""
Policy = Callable[[Pool, Pool, Criteria], Pairs]
Figure = Callable[[Sequence["Outcome"]], float]


@dataclass(frozen=True, slots=True)
class Mentor:
    person: Person
    week: int
    until: int
    """the first week in which they take nobody new"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    person: Person
    week: int
    until: int
    """the first week in which they wait no more"""
    lasts: int
    """weeks that their mentoring would last, with whomever"""

    @property
    def language(self) -> str:
        """The mother tongue."""
        return str(self.person.row["languages"]).partition(":")[0]


@dataclass(frozen=True, slots=True)
class Arrivals:
    mentors: Mapping[str, Mentor]
    newcomers: Mapping[str, Newcomer]
    weeks: int


@dataclass(frozen=True)
class Outcome:
    """What became of everybody under one policy; `met` is newcomer -> (mentor, week)."""

    arrivals: Arrivals
    met: Mapping[str, tuple[str, int]]

    @property
    def matched(self) -> float:
        """The share of all newcomers."""
        return len(self.met) / len(self.arrivals.newcomers)

    @cached_property
    def fits(self) -> list[float]:
        """What each pair is worth without the bonus for waiting, by one yardstick over everybody."""
        criteria = Criteria.from_dict(CRITERIA).as_of(BEGIN)
        people = self.arrivals.mentors, self.arrivals.newcomers
        mentors, newcomers = (Pool(one.person for one in side.values()) for side in people)
        scores = Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers)
        i = np.array([newcomers.index(who) for who in self.met], dtype=np.int64)
        j = np.array([mentors.index(mentor) for mentor, _week in self.met.values()], dtype=np.int64)
        weights = [0.0 if kind.c.kind == "waiting" else kind.c.weight for kind in scores.kinds.values()]
        return [float(fit) for fit in scores.parts(i, j) @ np.array(weights)]

    @property
    def waits(self) -> list[int]:
        """Weeks until somebody met a mentor; of who met nobody, until they gave up or the programme ended."""
        return [
            (self.met[who][1] if who in self.met else min(one.until, self.arrivals.weeks)) - one.week
            for who, one in self.arrivals.newcomers.items()
        ]

    @property
    def worst_group(self) -> tuple[str, float]:
        """The language whose speakers found a mentor least often, and how often."""
        of: dict[str, list[bool]] = defaultdict(list)
        for who, one in self.arrivals.newcomers.items():
            of[one.language].append(who in self.met)
        shares = {tag: sum(found) / len(found) for tag, found in of.items() if len(found) >= GROUP}
        return min(shares.items(), key=lambda told: (told[1], told[0]), default=("", self.matched))


def arrivals(weeks: int, *, seed: int) -> Arrivals:
    """People of five small towns, drawn as the other benchmarks draw them, and when each comes and goes."""
    rng = np.random.default_rng([seed, 3])
    columns = in_five_towns(weeks * NEWCOMERS, seed=seed)
    mentors, newcomers = (_people(side) for side in columns)
    return Arrivals(
        mentors={
            person.id: Mentor(person, week, week + int(stay))
            for person, week, stay in zip(
                mentors[: weeks * MENTORS],
                _weeks(weeks, MENTORS),
                rng.geometric(1 / STAY, weeks * MENTORS),
                strict=True,
            )
        },
        newcomers={
            person.id: Newcomer(_registered(person, week), week, week + int(patience), int(lasts))
            for person, week, patience, lasts in zip(
                newcomers,
                _weeks(weeks, NEWCOMERS),
                rng.geometric(1 / PATIENCE, weeks * NEWCOMERS),
                np.where(
                    rng.random(weeks * NEWCOMERS) < EARLY,
                    rng.integers(1, LASTS, weeks * NEWCOMERS),
                    LASTS,
                ),
                strict=True,
            )
        },
        weeks=weeks,
    )


def _people(columns: Mapping[str, Sequence[Any]]) -> list[Person]:
    rows = ({name: cells[k] for name, cells in columns.items()} for k in range(len(columns["id"])))
    return [
        Person(row.pop("id"), {**row, "online": False}, int(row.pop("capacity", 1)))
        for row in map(dict, rows)
    ]


def _registered(person: Person, week: int) -> Person:
    return Person(person.id, {**person.row, "registered_on": _day(week).isoformat()}, person.capacity)


def _weeks(weeks: int, each: int) -> list[int]:
    return [week for week in range(weeks) for _person in range(each)]


def _day(week: int) -> date:
    return BEGIN + timedelta(weeks=week)


def simulate(given: Arrivals, policy: Policy) -> Outcome:
    """Each week whoever waits meets whoever has a place, as `policy` puts them together; all say yes."""
    met: dict[str, tuple[str, int]] = {}
    ends: dict[str, list[int]] = defaultdict(list)
    for week in range(given.weeks):
        waiting = [
            n.person for who, n in given.newcomers.items() if who not in met and n.week <= week < n.until
        ]
        free = [
            Person(who, m.person.row, places)
            for who, m in given.mentors.items()
            if m.week <= week < m.until
            and (places := m.person.capacity - sum(end > week for end in ends[who])) > 0
        ]
        criteria = Criteria.from_dict(CRITERIA).as_of(_day(week))
        for mentor, newcomer in policy(Pool(free), Pool(waiting), criteria):
            met[newcomer] = mentor, week
            ends[mentor].append(week + given.newcomers[newcomer].lasts)
    return Outcome(given, met)


def best_of_the_week(mentors: Pool, newcomers: Pool, criteria: Criteria) -> Pairs:
    """As the product does it: most newcomers first, then the greatest total fit."""
    result = solve(mentors, newcomers, criteria).result(alternatives=0)
    return [(pair.mentor, pair.newcomer) for pair in result.pairs]


def first_come(mentors: Pool, newcomers: Pool, criteria: Criteria) -> Pairs:
    """In order of arrival each newcomer takes the free mentor who fits best; equals by identifier."""
    edges = Scorer(criteria).fit(mentors, newcomers).score(mentors, newcomers).edges()
    places, pairs = mentors.capacities.copy(), []
    came = newcomers.columns.get("registered_on", ())
    for row in sorted(range(len(newcomers)), key=lambda k: (came[k], newcomers.ids[k])):
        own = slice(edges.starts[row], edges.starts[row + 1])
        open_to = places[edges.columns[own]] > 0
        if open_to.any():
            column = edges.columns[own][np.argmax(np.where(open_to, edges.fit[own], -np.inf))]
            places[column] -= 1
            pairs.append((mentors.ids[column], newcomers.ids[row]))
    return pairs


def tasks(most: int) -> Iterator[Task]:
    """Programmes of 78 weeks, or of as many as `most` newcomers last."""
    weeks = min(WEEKS, max(2, most // NEWCOMERS))
    yield "a programme week by week", weeks * NEWCOMERS, partial(compared, weeks)


def compared(weeks: int, seeds: Sequence[int] = SEEDS) -> Iterator[Row]:
    """Our weekly plan beside first come, first served, over several programmes."""
    ours, theirs = [], []
    for seed in seeds:
        given = arrivals(weeks, seed=seed)
        ours.append(simulate(given, best_of_the_week))
        theirs.append(simulate(given, first_come))
    size = f"{len(seeds)} of {weeks * MENTORS:,} x {weeks * NEWCOMERS:,}"
    for k, (what, show, figure, least) in enumerate(FIGURES):
        here, there = figure(ours), figure(theirs)
        yield Row(
            what=what if k else f"programmes of {weeks} weeks against first come, first served: {what}",
            size=size,
            ours=show(here),
            theirs=show(there),
            ratio=here / there if there else None,
            at_least=least if weeks == WEEKS else None,
        )


def total_fit(outcomes: Sequence[Outcome]) -> float:
    return sum(sum(outcome.fits) for outcome in outcomes)


def _pairs(outcomes: Sequence[Outcome]) -> int:
    return sum(len(outcome.met) for outcome in outcomes)


def _newcomers(outcomes: Sequence[Outcome]) -> int:
    return sum(len(outcome.arrivals.newcomers) for outcome in outcomes)


def _waited(share: float) -> Figure:
    return lambda outcomes: float(
        np.quantile([weeks for o in outcomes for weeks in o.waits], share, method="inverted_cdf")
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _in_weeks(weeks: float) -> str:
    return f"{weeks:.0f} weeks"


FIGURES: Sequence[tuple[str, Callable[[float], str], Figure, float | None]] = (
    ("total fit", number, total_fit, 1.02),
    ("newcomers with a mentor", _percent, lambda seen: _pairs(seen) / _newcomers(seen), None),
    ("mean fit", "{:.3f}".format, lambda seen: total_fit(seen) / max(1, _pairs(seen)), None),
    ("waiting at the median", _in_weeks, _waited(0.5), None),
    ("waiting at the 90th percentile", _in_weeks, _waited(0.9), None),
    ("the language that finds a mentor least, mean", _percent,
     lambda seen: sum(outcome.worst_group[1] for outcome in seen) / len(seen), 1.0),
)  # fmt: skip
