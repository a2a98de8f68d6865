"""Languages with levels: "dt. (MS) / Arabisch (syr.) gut, frz. B1" to tags and CEFR."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backend.imports.lexicon import Hit, Scan
from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, rest_flag, unread
from backend.imports.words import Words

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
# A slash without blanks is left alone: "Farsi/Dari" is one language, the lexicon knows it.
_BETWEEN = re.compile(r"[;,|\n•]|\s/\s|\s\+\s|\s&\s")
Spoken = Mapping[str, str]  # BCP 47 tag -> level of LEVELS, or "" where the sheet does not say


@dataclass
class _Found:
    tag: str
    text: str
    level: str = ""
    unclear: bool = False  # two levels are said: "B1/B2"


def normalise_languages(text: str, *, words: Words) -> Reading[Spoken]:
    """{tag: level}, in the order of the text. Of two levels the lower counts; an unsaid one is ""."""
    lexicon = words.lexicon("levels", "languages", "varieties", "negations", "joining")
    found: list[_Found] = []
    flags: list[Flag] = []
    for part in _BETWEEN.split(text):
        scan = lexicon.scan(part)
        if scan.of("negations"):
            flags.append(Flag("negation", part.strip()))
            continue
        flags += [Flag("spelling_guessed", hit.text) for hit in scan.hits if not hit.exact]
        flags += rest_flag(scan.rest)
        flags += _take(scan, found, part)
    if not found:
        return unread("no_language", text.strip()) if not flags else Reading(None, 0.0, tuple(flags))
    spoken = _lowest(found)
    flags += [Flag("level_missing", one.text) for one in found if not spoken[one.tag]]
    flags += [Flag("level_guessed", one.text) for one in found if one.unclear]
    return Reading(MappingProxyType(spoken), _confidence(flags), tuple(flags))


def _take(scan: Scan, found: list[_Found], part: str) -> tuple[Flag, ...]:
    """Add the languages of one part; a part that is only a level belongs to the language before it."""
    levels_first: list[Hit] = []
    here: list[_Found] = []
    for hit in scan.hits:
        if hit.section == "languages":
            here.append(_Found(hit.entry, hit.text))
        elif hit.section == "levels":
            target = here[-1] if here else None
            if target is None:
                levels_first.append(hit)
            else:
                target.unclear |= bool(target.level) and target.level != hit.entry
                target.level = _lower(target.level, hit.entry)
    if not here:
        if levels_first and found and not found[-1].level and not scan.rest:
            found[-1].level = levels_first[0].entry
            return ()
        return (Flag("partly_understood", part.strip()),) if levels_first else ()
    _share(here, levels_first)
    found += here
    return ()


def _share(here: list[_Found], levels_first: list[Hit]) -> None:
    """ "fluent English", "English and French B2": who has no level takes the one said for the group."""
    if levels_first and not here[0].level:
        here[0].level = levels_first[0].entry
    for before, after in zip(reversed(here[:-1]), reversed(here[1:]), strict=True):
        before.level = before.level or after.level


def _lower(one: str, other: str) -> str:
    return min(filter(None, (one, other)), key=LEVELS.index)


def _lowest(found: list[_Found]) -> dict[str, str]:
    spoken: dict[str, str] = {}
    for one in found:
        before = spoken.get(one.tag, "")
        spoken[one.tag] = _lower(before, one.level) if before or one.level else ""
    return spoken


def _confidence(flags: list[Flag]) -> float:
    if any(flag.code != "spelling_guessed" for flag in flags):
        return DOUBTFUL
    return LIKELY if flags else SURE
