"""The words people use in sheets, one TOML file for each language: a new language is a new file, not code."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from babel import Locale, UnknownLocaleError

from backend.core.text import fold
from backend.imports.lexicon import Key, Lexicon

_HERE = Path(__file__).parent
_SHARED = {"names"}  # files that belong to no language
Sections = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Words:
    """All lists; where two languages disagree about a word, `languages[0]` is believed."""

    languages: tuple[str, ...]

    def lexicon(self, *sections: str, forgiving: bool = True) -> Lexicon:
        """The phrases of these sections together; the first section wins a word that stands in two."""
        return _lexicon(self.languages, sections, forgiving)

    def month(self, text: str) -> int | None:
        return _months(self.languages).get(fold(text))


def languages() -> tuple[str, ...]:
    """The languages that have a word list, sorted."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml") if path.stem not in _SHARED))


@lru_cache
def words(primary: str = "en") -> Words:
    """Word lists that prefer `primary`; a language without a list is no error, all lists are tried."""
    known = languages()
    return Words((*(tag for tag in known if tag == primary), *(tag for tag in known if tag != primary)))


def words_for(headings: Iterable[str]) -> Words:
    """Word lists that prefer the language most of these headings are written in."""
    folded = {fold(text) for text in headings}
    votes = Counter({tag: len(folded & _headings(tag)) for tag in languages()})
    best = votes.most_common(1)
    return words(best[0][0] if best and best[0][1] else "en")


@lru_cache
def names_with_rare_letters() -> tuple[str, ...]:
    return tuple(_read("names")["letters"]["names"])


@lru_cache
def _headings(tag: str) -> frozenset[str]:
    return frozenset(fold(text) for entries in _read(tag)["columns"].values() for text in entries)


@lru_cache
def _read(stem: str) -> Sections:
    return tomllib.loads((_HERE / f"{stem}.toml").read_text(encoding="utf-8"))


@lru_cache
def _lexicon(tags: tuple[str, ...], sections: tuple[str, ...], forgiving: bool) -> Lexicon:
    phrases: dict[tuple[str, ...], Key] = {}
    for section in sections:
        for tag in tags:
            for entry, texts in _read(tag).get(section, {}).items():
                for text in texts:
                    phrases.setdefault(tuple(fold(text).split()), (section, entry))
    phrases.pop((), None)
    # Slips are forgiven in listed words only: among CLDR's 600 languages every slip is some language.
    forgiven = frozenset(phrases) if forgiving else frozenset()
    if "languages" in sections:
        for name, tag in _language_names(tags):
            phrases.setdefault(tuple(name.split()), ("languages", tag))
    return Lexicon(phrases, forgiven)


def _language_names(tags: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """(folded name, tag) of every language CLDR knows, in our languages and in its own."""
    ours = {code for tag in tags for code in _read(tag).get("languages", {})}
    for tag in tags:
        for code, name in Locale(tag).languages.items():
            if _is_plain(code) and len(fold(name)) > 3 and "(" not in name:
                yield fold(name), code.replace("_", "-")
    yield from ((fold(own), code) for code in ours if (own := _own_name(code)))


def _is_plain(code: str) -> bool:
    return code == "fa_AF" or (code.isalpha() and code not in {"mul", "und", "zxx", "mis", "root"})


def _own_name(code: str) -> str | None:
    try:
        name: str | None = Locale.parse(code, sep="-").language_name
    except (UnknownLocaleError, ValueError):
        return None
    return name


@lru_cache
def _months(tags: tuple[str, ...]) -> dict[str, int]:
    months: dict[str, int] = {}
    for tag in tags:
        contexts = Locale(tag).months
        for number, name in chain(*(contexts["format"][w].items() for w in ("wide", "abbreviated"))):
            months.setdefault(fold(name), number)
    return months
