"""Sets as bits: whether two people share anything, and how much, is one AND."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.arrays import Ints, Mask

WIDEST = 64


def shared_words(ours: Iterable[Iterable[str]], theirs: Iterable[Iterable[str]]) -> dict[str, int]:
    """Number the words that both sides know; others can never be shared."""
    known = set(chain.from_iterable(ours)) & set(chain.from_iterable(theirs))
    return {word: index for index, word in enumerate(sorted(known))}


def places_of(sets: Sequence[Collection[str]], vocabulary: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Which set, and which of its words, for every word of `vocabulary` that a set holds."""
    held = [[vocabulary[word] for word in words if word in vocabulary] for words in sets]
    rows = np.repeat(np.arange(len(sets)), [len(words) for words in held])
    return rows, np.fromiter(chain.from_iterable(held), dtype=np.int64, count=len(rows))


class Bits:
    """One set per person over a vocabulary, in unsigned integers as narrow as it allows.

    `blocks` is (blocks, people): words 0 to 63 in the first block, and so on.
    """

    def __init__(self, rows: Ints, words: Ints, people: int, vocabulary: int) -> None:
        """Set k holds `words[rows == k]`, each below `vocabulary`."""
        width = next(bits for bits in (8, 16, 32, 64) if bits >= min(vocabulary, WIDEST))
        kind = np.dtype(f"uint{width}")
        self.blocks: NDArray[Any] = np.zeros((max(1, -(-vocabulary // WIDEST)), people), dtype=kind)
        bit = np.left_shift(kind.type(1), (words % WIDEST).astype(kind))
        np.bitwise_or.at(self.blocks, (words // WIDEST, rows), bit)

    @classmethod
    def of(cls, sets: Sequence[Collection[str]], vocabulary: Mapping[str, int]) -> "Bits":
        """One set per person; words outside the vocabulary are left out."""
        return cls(*places_of(sets, vocabulary), len(sets), len(vocabulary))

    def meets(self, other: "Bits", i: Ints, j: Ints) -> Mask:
        """True where set i of these and set j of the others share a word."""
        found: Mask = (self.blocks[0][i] & other.blocks[0][j]) != 0
        for ours, theirs in zip(self.blocks[1:], other.blocks[1:], strict=True):
            found |= (ours[i] & theirs[j]) != 0
        return found

    def count(self, other: "Bits", i: Ints, j: Ints) -> NDArray[np.int32]:
        """How many words set i of these and set j of the others share."""
        total = np.bitwise_count(self.blocks[0][i] & other.blocks[0][j]).astype(np.int32)
        for ours, theirs in zip(self.blocks[1:], other.blocks[1:], strict=True):
            total += np.bitwise_count(ours[i] & theirs[j])
        return total
