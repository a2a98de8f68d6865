"""Names of spoken languages on screen: by name, never by code."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from backend.core.text import sort_key

# What newcomers and volunteers in Europe speak, to choose from (BCP 47). Any other tag is shown by name too.
_SPOKEN = """
am ar az be bg bn bs ca ckb cs da de el en es et fa fa-AF fi fr ga ha hi hr hu hy ig is it ja ka ko ku ln lt
lv mk mn ne nl no om pa pl ps pt rn ro rom ru rw sk sl so sq sr sv sw ta te th ti tl tr uk ur uz vi wo yo
zh zu
"""
SPOKEN = tuple(_SPOKEN.split())


@lru_cache(maxsize=32)
def _locale(screen: str) -> Locale:
    try:
        return Locale.parse(screen, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def current_locale() -> Locale:
    """Babel's rules for the reader's language; the English ones where it knows none."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=32)
def _names(screen: str) -> dict[str, str]:
    return dict(_locale(screen).languages)


def language_name(tag: str, *, screen: str = "") -> str:
    """The tag "de" as "German" to an English reader.

    screen: the language of the reader, the current one when empty.
    """
    screen = screen or get_language() or "en"
    key = tag.replace("-", "_")
    for names in (_names(screen), _names("en")):
        if found := names.get(key) or names.get(key.split("_")[0]):
            return found[0].upper() + found[1:]
    return tag


@lru_cache(maxsize=16)
def _choices(screen: str) -> tuple[tuple[str, str], ...]:
    named = [(tag, language_name(tag, screen=screen)) for tag in SPOKEN]
    return tuple(sorted(named, key=lambda pair: sort_key(pair[1])))


def language_choices() -> list[tuple[str, str]]:
    """(tag, name) of the languages to choose from, in the reader's alphabetical order."""
    return list(_choices(get_language() or "en"))
