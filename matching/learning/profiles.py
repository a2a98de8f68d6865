"""Profiles: what people said in the criteria's own columns, as a bag of values and as a few numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_array

from matching.arrays import Floats
from matching.criteria import Criteria, Criterion
from matching.people import Person, Pool

Bag = list[str]

# A value that fewer people hold says who somebody is rather than what suits them, and a file would keep it.
FEWEST_HOLDERS = 5
# Beyond this the table of values beside values would take seconds; the commonest are kept.
MOST_VALUES = 2_000
COMPONENTS = 8


def profiles(pool: Pool, criteria: Criteria, side: str) -> list[Bag]:
    """One sorted bag of "criterion=value" per person, in the pool's order; `side` is "mentor" or "newcomer".

    Only columns that the criteria name are read: what those refuse to read can never be learned from.
    Numbers and free texts are left out.
    """
    return [
        sorted({f"{c.name}={value}" for c in criteria.criteria for value in _values(person, c, side)})
        for person in pool.people
    ]


def _values(person: Person, c: Criterion, side: str) -> frozenset[str]:
    column = next(iter(getattr(c, side)), "")
    if c.kind == "levels":
        return frozenset(person.levels(column))
    if c.kind == "slots":
        return person.words(column, " ")
    if c.kind == "coverage" or (c.kind == "contains" and side == "mentor"):
        return person.words(column, c.separator)
    if c.kind in ("same", "different", "contains", "wish") or (c.kind == "difference" and c.order):
        # A wish and the value that meets it are one word: "f!" and "f".
        return frozenset(filter(None, (person.word(column).removesuffix("!").strip(),)))
    return frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """Bags to at most `COMPONENTS` numbers; `components` is (values, numbers), a row for each value."""

    vocabulary: tuple[str, ...]
    components: Floats

    def project(self, bags: Sequence[Bag]) -> Floats:
        """(people, numbers), each row of length 1, or 0 where nothing is known of the person."""
        rows = np.asarray(_indicator(bags, self.vocabulary) @ self.components)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 1e-12, length, 1.0))


def learn_projection(bags: Sequence[Bag]) -> Projection:
    """Reduce bags by SVD, rarer values weighing more (the logarithm of their rarity).

    Worked out from how many people hold two values together: whole numbers, so the order of people cannot
    matter even in the last digit (Deerwester et al. 1990, latent semantic analysis).
    """
    holders = Counter(value for bag in bags for value in bag)
    common = sorted(holders, key=lambda value: (-holders[value], value))[:MOST_VALUES]
    vocabulary = tuple(sorted(value for value in common if holders[value] >= FEWEST_HOLDERS))
    if not vocabulary:
        return Projection((), np.zeros((0, 0)))
    table = _indicator(bags, vocabulary)
    rarity = np.log(len(bags) / np.array([holders[value] for value in vocabulary]))
    together = (table.T @ table).toarray() * rarity[:, None] * rarity[None, :]
    kept = min(COMPONENTS, len(vocabulary))
    _, vectors = eigh(together, subset_by_index=(len(vocabulary) - kept, len(vocabulary) - 1))
    # An eigenvector and its opposite are the same; the largest entry is made positive.
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(kept)])
    return Projection(vocabulary, rarity[:, None] * vectors[:, ::-1])


def _indicator(bags: Sequence[Bag], vocabulary: Sequence[str]) -> csr_array:
    """Sparse (people, values), 1 where the bag holds the value."""
    place = {value: index for index, value in enumerate(vocabulary)}
    held = [[place[value] for value in bag if value in place] for bag in bags]
    ends = np.cumsum([0, *map(len, held)])
    indices = np.array([index for row in held for index in row], dtype=np.int64)
    return csr_array((np.ones(len(indices)), indices, ends), shape=(len(bags), len(vocabulary)))
