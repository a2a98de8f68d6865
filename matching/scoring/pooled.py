"""What only a whole pool, or what was decided before, can tell: rarity, words, history."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from sklearn.feature_extraction.text import TfidfVectorizer

from matching import cells
from matching.criteria import Criterion
from matching.people import Pool

# History is shrunken as if each mentor had answered this many more offers at the overall share.
PRIOR_ANSWERS = 5


def learn_rarity(c: Criterion, newcomers: Pool) -> Counter[str]:
    """How often each wish is made."""
    wishes = newcomers.read(c.newcomer[0], lambda cell: cells.words(cell, c.separator))
    return Counter(chain.from_iterable(wishes))


def learn_words(c: Criterion, mentors: Pool, newcomers: Pool) -> TfidfVectorizer | None:
    """The words of both sides with their rarity; None when nobody wrote a word."""
    texts = mentors.read(c.mentor[0], cells.word) + newcomers.read(c.newcomer[0], cells.word)
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
