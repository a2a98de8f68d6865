"""Finding known phrases in what people typed, without caring how they separated them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.core.text import fold

Key = tuple[str, str]  # (section, entry), e.g. ("levels", "B1")
_TOKEN = re.compile(r"\w[\w\u0300-\u036f]*")
_SLIP = 0.8  # share of letters that agree, a swapped pair counting once
_SHORTEST_SLIP = 5  # below this a slip of one letter is another word ("lund", "mars")


@dataclass(frozen=True)
class Hit:
    """One known phrase: where it stands, what it means, whether it was spelled as listed."""

    start: int
    end: int
    key: Key
    text: str
    exact: bool = True

    @property
    def section(self) -> str:
        return self.key[0]

    @property
    def entry(self) -> str:
        return self.key[1]


@dataclass(frozen=True)
class Scan:
    hits: tuple[Hit, ...]
    rest: tuple[str, ...]  # words nobody listed, as typed

    def of(self, section: str) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.section == section)

    @property
    def is_exact(self) -> bool:
        return not self.rest and all(hit.exact for hit in self.hits)


@dataclass(frozen=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    found = ((match, fold(match.group())) for match in _TOKEN.finditer(text))
    return [_Token(m.group(), part, m.start(), m.end()) for m, folded in found for part in folded.split()]


@dataclass(frozen=True)
class Lexicon:
    """Phrases (folded words) with their meaning. The longest phrase wins: "sehr gut" before "gut"."""

    phrases: Mapping[tuple[str, ...], Key]
    forgiving: frozenset[tuple[str, ...]] = frozenset()  # phrases in which a slip of the pen is forgiven

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.phrases), default=1)

    @cached_property
    def _forgiven(self) -> dict[str, Key]:
        single = (words for words in self.forgiving if len(words) == 1 and len(words[0]) >= _SHORTEST_SLIP)
        return {words[0]: self.phrases[words] for words in sorted(single)}

    def whole(self, text: str) -> Key | None:
        """What the whole text means, if it is one listed phrase."""
        return self.phrases.get(tuple(fold(text).split()))

    def scan(self, text: str) -> Scan:
        tokens = _tokens(text)
        hits: list[Hit] = []
        rest: list[str] = []
        at = 0
        while at < len(tokens):
            hit, width = self._longest_at(tokens, at)
            if hit:
                hits.append(hit)
            else:
                rest.append(tokens[at].text)
            at += width
        return Scan(tuple(hits), tuple(rest))

    def _longest_at(self, tokens: list[_Token], at: int) -> tuple[Hit | None, int]:
        for width in range(min(self.longest, len(tokens) - at), 0, -1):
            key = self.phrases.get(tuple(token.folded for token in tokens[at : at + width]))
            if key:
                return _hit(tokens[at], tokens[at + width - 1], key), width
        key = self._slip(tokens[at].folded)
        return (_hit(tokens[at], tokens[at], key, exact=False) if key else None), 1

    def _slip(self, word: str) -> Key | None:
        if len(word) < _SHORTEST_SLIP or not self._forgiven:
            return None
        near = process.extractOne(
            word, self._forgiven.keys(), scorer=OSA.normalized_similarity, score_cutoff=_SLIP
        )
        return self._forgiven[near[0]] if near else None


def _hit(first: _Token, last: _Token, key: Key, *, exact: bool = True) -> Hit:
    text = first.text if first is last else f"{first.text} {last.text}"
    return Hit(first.start, last.end, key, text, exact)
