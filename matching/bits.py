"""Sets as bits: whether two people share anything, and how much, is one AND."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

WIDEST = 64


def shared_words(ours: Iterable[Iterable[str]], theirs: Iterable[Iterable[str]]) -> dict[str, int]:
    """Number the words that both sides know; others can never be shared."""
    known = set().union(*ours) & set().union(*theirs)
    return {word: index for index, word in enumerate(sorted(known))}


class Bits:
    """One set per person over a vocabulary, in unsigned integers as narrow as it allows.

    `blocks` is (blocks, people): words 0 to 63 in the first block, and so on.
    """

    def __init__(self, sets: Sequence[Collection[str]], vocabulary: Mapping[str, int]) -> None:
        count = max(1, -(-len(vocabulary) // WIDEST))
        width = next(bits for bits in (8, 16, 32, 64) if bits >= min(len(vocabulary), WIDEST))
        value = {word: 1 << index for word, index in vocabulary.items()}
        # Equal cells were read into one set, and there are far fewer sets than people.
        once = {id(words): words for words in sets}
        number = {key: sum(value.get(word, 0) for word in words) for key, words in once.items()}
        everything = (1 << WIDEST) - 1
        self.blocks: NDArray[Any] = np.array(
            [[number[id(words)] >> (WIDEST * k) & everything for words in sets] for k in range(count)],
            dtype=f"uint{width}",
        ).reshape(count, len(sets))

    def meets(self, other: "Bits", i: Ints, j: Ints) -> Mask:
        """True where set i of these and set j of the others share a word."""
        found = (self.blocks[0][i] & other.blocks[0][j]) != 0
        for ours, theirs in zip(self.blocks[1:], other.blocks[1:], strict=True):
            found |= (ours[i] & theirs[j]) != 0
        return found

    def count(self, other: "Bits", i: Ints, j: Ints) -> NDArray[np.int32]:
        """How many words set i of these and set j of the others share."""
        total = np.bitwise_count(self.blocks[0][i] & other.blocks[0][j]).astype(np.int32)
        for ours, theirs in zip(self.blocks[1:], other.blocks[1:], strict=True):
            total += np.bitwise_count(ours[i] & theirs[j])
        return total
