"""What each kind of criterion says about every pair at once; criteria.md's table, one function per kind.

Everywhere rows are newcomers (n) and columns are mentors (m), both in the order of their identifiers.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.criteria import LEVELS, Criterion
from matching.errors import CriteriaError
from matching.people import Person

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
People = Sequence[Person]

EARTH_RADIUS_KM = 6371.0
# History is shrunken as if each mentor had answered this many more offers at the overall share.
PRIOR_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Cells:
    """One criterion for every pair, each (n, m): the part, whether it is only assumed, whether it refuses."""

    part: Floats
    unknown: Mask
    refused: Mask


@dataclass(frozen=True, slots=True)
class Context:
    """What a criterion knows beside the two rows: what was learned from the pools, and a given table."""

    learned: Any = None
    table: Mapping[tuple[str, str], float] | None = None


def _cells(criterion: Criterion, part: Floats, unknown: Mask | None = None) -> Cells:
    """The common rule: assumed parts are 0.5; `require` refuses what is unknown or 0."""
    unknown = np.zeros(part.shape, dtype=bool) if unknown is None else unknown
    part = np.where(unknown, 0.5, part)
    refused = (unknown | (part <= 0)) if criterion.require else np.zeros(part.shape, dtype=bool)
    return Cells(part, unknown, refused)


def _codes(mentors: Iterable[str], newcomers: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number equal words equally, -1 for unknown; newcomers (n, 1), then mentors (1, m), ready to compare."""
    numbers: dict[str, int] = {"": -1}
    code = [[numbers.setdefault(word, len(numbers)) for word in words] for words in (newcomers, mentors)]
    return np.array(code[0], dtype=np.int64)[:, None], np.array(code[1], dtype=np.int64)[None, :]


def _indicator(sets: Sequence[frozenset[str]], vocabulary: Mapping[str, int]) -> Floats:
    """One row per set, 1 where it holds the word; words outside the vocabulary are left out."""
    table = np.zeros((len(sets), len(vocabulary)))
    for row, words in enumerate(sets):
        table[row, [vocabulary[word] for word in words if word in vocabulary]] = 1
    return table


def _vocabulary(sets: Iterable[Iterable[str]]) -> dict[str, int]:
    return {word: index for index, word in enumerate(sorted(set().union(*sets)))}


def constant(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """The same for everybody."""
    return _cells(c, np.ones((len(newcomers), len(mentors))))


def same(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """1 where both have the same value; `different` turns it round."""
    ours, theirs = _codes((p.word(c.mentor[0]) for p in mentors), (p.word(c.newcomer[0]) for p in newcomers))
    equal = theirs == ours
    return _cells(c, (equal if c.kind == "same" else ~equal).astype(float), (theirs < 0) | (ours < 0))


def contains(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """1 where the newcomer's one value is among the mentor's."""
    wanted = [frozenset(filter(None, (p.word(c.newcomer[0]),))) for p in newcomers]
    offered = [p.words(c.mentor[0], c.separator) for p in mentors]
    vocabulary = _vocabulary(wanted)
    return _cells(c, _indicator(wanted, vocabulary) @ _indicator(offered, vocabulary).T)


def coverage(c: Criterion, mentors: People, newcomers: People, context: Context) -> Cells:
    """The share of the newcomer's wishes that the mentor offers, rarer wishes weighing more if asked."""
    wanted = [p.words(c.newcomer[0], c.separator) for p in newcomers]
    offered = [p.words(c.mentor[0], c.separator) for p in mentors]
    vocabulary = _vocabulary(wanted)
    wishes = _indicator(wanted, vocabulary)
    if c.rarity and vocabulary:
        wishes = _weighted(wishes, context.learned, list(vocabulary))
    share = wishes / np.maximum(wishes.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    part = np.minimum(share @ _indicator(offered, vocabulary).T, 1.0)
    nothing_wanted = np.array([not words for words in wanted], dtype=bool)[:, None]
    return _cells(c, part, np.broadcast_to(nothing_wanted, part.shape))


def _weighted(wishes: Floats, seen: Counter[str], vocabulary: Sequence[str]) -> Floats:
    """Weigh each wish by log(all wishes / wishes for this); where that leaves nothing, all weigh the same."""
    rarity = np.array([math.log(max(seen.total(), 1) / max(seen[word], 1)) for word in vocabulary])
    weighted = wishes * np.maximum(rarity, 0.0)
    return np.where(weighted.sum(axis=1, keepdims=True) > 0, weighted, wishes)


def levels(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """The best shared language, at the lower of the two levels, in sevenths."""
    theirs = [p.levels(c.mentor[0]) for p in mentors]
    ours = [p.levels(c.newcomer[0]) for p in newcomers]
    best = np.zeros((len(ours), len(theirs)))
    for language in sorted(set().union(*theirs) & set().union(*ours)):
        us, them = (np.array([p.get(language, 0) for p in side], dtype=float) for side in (ours, theirs))
        np.maximum(best, np.minimum(us[:, None], them[None, :]), out=best)
    unknown = _either_empty(ours, theirs)
    cells = _cells(c, best / len(LEVELS), unknown)
    if not c.require:
        return cells
    least = 1 if c.require is True else LEVELS.index(str(c.require)) + 1
    interpreted = np.array([p.flag(c.interpreter) for p in newcomers], dtype=bool)[:, None]
    return Cells(cells.part, unknown, (unknown | (best < least)) & ~interpreted)


def _either_empty(ours: Sequence[Any], theirs: Sequence[Any]) -> Mask:
    """(n, m): True where one of the two said nothing."""
    us, them = (np.array([not value for value in side], dtype=bool) for side in (ours, theirs))
    empty: Mask = us[:, None] | them[None, :]
    return empty


def slots(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """Shared hours up to `saturate`; a "flexible" week counts as half of that and is never refused."""
    theirs, ours = (
        [p.words(c.mentor[0], " ") for p in mentors],
        [p.words(c.newcomer[0], " ") for p in newcomers],
    )
    us, them = (np.array(["flexible" in week for week in side], dtype=bool) for side in (ours, theirs))
    flexible = us[:, None] | them[None, :]
    vocabulary = _vocabulary(week - {"flexible"} for week in ours)
    shared = _indicator(ours, vocabulary) @ _indicator(theirs, vocabulary).T
    part = np.minimum(shared, c.saturate) / c.saturate
    unknown = _either_empty(ours, theirs) & ~flexible
    cells = _cells(c, np.where(flexible, np.maximum(part, 0.5), part), unknown)
    least = int(c.require)
    return Cells(cells.part, unknown, (unknown | (shared < least)) & ~flexible & bool(least))


def distance(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """exp(-kilometres / decay); refused beyond the reach of whoever travels, or of both."""
    km = _kilometres(
        _coordinates(newcomers, c.newcomer)[:, None, :], _coordinates(mentors, c.mentor)[None, :, :]
    )
    unknown: Mask = np.isnan(km)
    online = np.zeros(km.shape, dtype=bool)
    if c.online_mentor:
        us = np.array([p.flag(c.online_newcomer) for p in newcomers], dtype=bool)
        online = us[:, None] & np.array([p.flag(c.online_mentor) for p in mentors], dtype=bool)[None, :]
    part = np.where(unknown | online, 0.5, np.exp(-np.nan_to_num(km) / c.decay))
    refused = np.zeros(km.shape, dtype=bool)
    if c.require:
        # Comparing with NaN is False, so an unknown place or reach never counts as reached.
        ours = km <= _reach(newcomers, c.reach_newcomer)[:, None]
        theirs = km <= _reach(mentors, c.reach_mentor)[None, :]
        refused = ~((ours & theirs) if c.require == "both" else (ours | theirs)) & ~online
    return Cells(part, unknown & ~online, refused)


def _coordinates(people: People, columns: Sequence[str]) -> Floats:
    """(people, 2) in radians, NaN where unknown. Raises InputError outside the globe."""
    degrees = np.array([[p.number(column) for column in columns] for p in people]).reshape(-1, 2)
    for person, row in zip(people, degrees, strict=True):
        for column, value, most in zip(columns, row, (90, 180), strict=True):
            if abs(value) > most:
                raise person.cannot_read(column, f"degrees from -{most} to {most}")
    radians: Floats = np.radians(degrees)
    return radians


def _reach(people: People, column: str) -> Floats:
    return np.array([p.number(column) if column else math.nan for p in people], dtype=float)


def _kilometres(ours: Floats, theirs: Floats) -> Floats:
    """Great-circle distance by the haversine formula; inputs broadcast, last axis (latitude, longitude)."""
    half = np.sin((theirs - ours) / 2) ** 2
    chord = half[..., 0] + np.cos(ours[..., 0]) * np.cos(theirs[..., 0]) * half[..., 1]
    kilometres: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return kilometres


def difference(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """The points for "mentor minus newcomer"; a difference without points is 0, and refused if required."""
    theirs, ours = _positions(c, mentors, c.mentor[0]), _positions(c, newcomers, c.newcomer[0])
    steps = theirs[None, :] - ours[:, None]
    part, pointless = np.zeros(steps.shape), np.ones(steps.shape, dtype=bool)
    for step, points in c.points:
        hit = np.isclose(steps, step, rtol=0, atol=1e-9)
        part[hit], pointless[hit] = points, False
    return Cells(part, np.zeros(steps.shape, dtype=bool), pointless & bool(c.require))


def _positions(c: Criterion, people: People, column: str) -> Floats:
    if not c.order:
        return np.array([p.number(column) for p in people], dtype=float)
    place = {"": math.nan} | {value: float(index) for index, value in enumerate(c.order)}
    for person in people:
        if person.word(column) not in place:
            raise person.cannot_read(column, ", ".join(c.order))
    return np.array([place[p.word(column)] for p in people], dtype=float)


def text(c: Criterion, mentors: People, newcomers: People, context: Context) -> Cells:
    """Cosine of the TF-IDF vectors of two free texts."""
    theirs, ours = [p.word(c.mentor[0]) for p in mentors], [p.word(c.newcomer[0]) for p in newcomers]
    unknown = _either_empty(ours, theirs)
    if context.learned is None or not unknown.size:
        return _cells(c, np.zeros(unknown.shape), unknown)
    # Rows come normalised, so their product is the cosine.
    cosine = (context.learned.transform(ours) @ context.learned.transform(theirs).T).toarray()
    return _cells(c, np.clip(cosine, 0.0, 1.0), unknown)


def wish(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """What one person asks of the other's value; a trailing "!" makes that person's wish a refusal."""
    mentor_words, newcomer_words = ([p.word(column) for p in side] for side, column in
                                    ((mentors, c.mentor[0]), (newcomers, c.newcomer[0])))  # fmt: skip
    asking, answering = (
        (newcomer_words, mentor_words) if c.asked_by == "newcomer" else (mentor_words, newcomer_words)
    )
    wanted, value = _codes(answering, [word.removesuffix("!").strip() for word in asking])
    must = np.array([word.endswith("!") and word != "!" for word in asking], dtype=bool)[:, None]
    if c.asked_by == "mentor":
        wanted, value, must = wanted.T, value.T, must.T
    asked, met = wanted >= 0, (wanted < 0) | (wanted == value)
    unknown = asked & (value < 0)
    cells = _cells(c, met.astype(float), unknown)
    return Cells(cells.part, unknown, cells.refused | (must & (unknown | ~met)))


def waiting(c: Criterion, mentors: People, newcomers: People, _: Context) -> Cells:
    """Days waited divided by `per`: a priority of the newcomer, the same beside every mentor."""
    if c.as_of is None:
        raise CriteriaError(f"Criterion {c.name}: as_of is missing; give a day as 2026-11-01.")
    days = [(c.as_of - (p.day(c.newcomer[0]) or c.as_of)).days / c.per for p in newcomers]
    return _cells(c, np.repeat(np.array(days, dtype=float)[:, None], len(mentors), axis=1))


def history(c: Criterion, mentors: People, newcomers: People, context: Context) -> Cells:
    """The mentor's share of accepted offers, shrunken towards everybody's."""
    overall, shares = context.learned
    row = np.array([shares.get(p.id, overall) for p in mentors], dtype=float)
    return _cells(c, np.repeat(row[None, :], len(newcomers), axis=0))


def table(c: Criterion, mentors: People, newcomers: People, context: Context) -> Cells:
    """Values that the caller gives by (newcomer, mentor)."""
    if context.table is None:
        raise CriteriaError(f"Criterion {c.name}: its table of (newcomer, mentor) values was not given.")
    part = np.zeros((len(newcomers), len(mentors)))
    rows = {person.id: row for row, person in enumerate(newcomers)}
    columns = {person.id: column for column, person in enumerate(mentors)}
    for (newcomer, mentor), value in context.table.items():
        if newcomer in rows and mentor in columns:
            part[rows[newcomer], columns[mentor]] = value
    return _cells(c, part)


PARTS: Mapping[str, Callable[[Criterion, People, People, Context], Cells]] = {
    "constant": constant, "same": same, "different": same, "contains": contains, "coverage": coverage,
    "levels": levels, "slots": slots, "distance": distance, "difference": difference, "text": text,
    "wish": wish, "waiting": waiting, "history": history, "table": table,
}  # fmt: skip


def learn_rarity(c: Criterion, mentors: People, newcomers: People) -> Counter[str]:
    """How often each wish is made."""
    return Counter(word for p in newcomers for word in sorted(p.words(c.newcomer[0], c.separator)))


def learn_words(c: Criterion, mentors: People, newcomers: People) -> Any:
    """The words of both sides with their rarity; None when nobody wrote a word."""
    texts = [p.word(c.mentor[0]) for p in mentors] + [p.word(c.newcomer[0]) for p in newcomers]
    vectorizer = TfidfVectorizer()
    analyse = vectorizer.build_analyzer()
    return vectorizer.fit(texts) if any(map(analyse, texts)) else None


def learn_history(decisions: Iterable[tuple[str, str, bool]]) -> tuple[float, dict[str, float]]:
    """From (newcomer, mentor, accepted): the overall share (0.5 before any answer) and each mentor's own."""
    decided: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for _, mentor, outcome in decisions:
        decided[mentor] += 1
        accepted[mentor] += bool(outcome)
    overall = accepted.total() / decided.total() if decided else 0.5
    return overall, {
        mentor: (accepted[mentor] + PRIOR_ANSWERS * overall) / (count + PRIOR_ANSWERS)
        for mentor, count in decided.items()
    }
