"""Days and parts of the day: "Mo, Mi abends" to mon:evening, wed:evening."""

import re
from collections.abc import Iterable, Iterator

from backend.imports.lexicon import Hit
from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, unread
from backend.imports.words import Words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
FLEXIBLE = "flexible"
_GROUPS = {"weekdays": DAYS[:5], "weekend": DAYS[5:], "all": DAYS}
_SPAN = re.compile(r"\s*[-–—]\s*")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?:h|uhr)?", re.IGNORECASE)
_NOON, _EVENING = 12, 17


def normalise_slots(text: str, *, words: Words) -> Reading[tuple[str, ...]]:
    """Sorted "day:part" strings, or ("flexible",) for hours that change.

    Days are followed by their parts; new days after a part begin a new group, so "Mo abends, Mi" leaves
    Wednesday without a part: it then gets all three, and the coordinator is asked.
    """
    lexicon = words.lexicon("days", "parts", "flexible", "to", "hours", "negations", "joining", "filler")
    scan = lexicon.scan(text)
    if scan.of("negations"):
        return unread("negation", text.strip())
    rest, clock = _clock_parts(scan.rest, said_hours=bool(scan.of("hours")) or ":" in text)
    marks = [hit for hit in scan.hits if hit.section in {"days", "parts", "to"}]
    groups = list(_groups(marks, text))
    if clock and groups and not groups[-1][1]:
        groups[-1] = (groups[-1][0], clock)
    flags = [Flag("partly_understood", " ".join(rest))] if rest else []
    flags += [Flag("spelling_guessed", hit.text) for hit in scan.hits if not hit.exact]
    if not groups:
        return _without_days(text, bool(scan.of("flexible")), flags)
    # "evenings and weekends" is not "weekend evenings": parts before days are read, and asked about.
    guessed = (
        any(not days or not parts for days, parts in groups) or bool(clock) or marks[0].section == "parts"
    )
    if guessed or scan.of("flexible"):
        flags.append(Flag("slots_guessed", text.strip()))
    slots = {f"{day}:{part}" for days, parts in groups for day in days or DAYS for part in parts or PARTS}
    doubt = any(flag.code != "spelling_guessed" for flag in flags)
    return Reading(_sorted(slots), DOUBTFUL if doubt else LIKELY if flags else SURE, tuple(flags))


def _without_days(text: str, flexible: bool, flags: list[Flag]) -> Reading[tuple[str, ...]]:
    if flexible:
        return Reading((FLEXIBLE,), DOUBTFUL if flags else SURE, tuple(flags))
    return unread("no_slots", text.strip())


def _groups(marks: list[Hit], text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(days, parts) in the order they stand; parts written before any day belong to the days after them."""
    days: list[str] = []
    parts: list[str] = []
    parts_lead = bool(marks) and marks[0].section == "parts"
    opening = "parts" if parts_lead else "days"
    for hit, before in zip(marks, [None, *marks], strict=False):
        if hit.section == "to":
            continue
        closes = before is not None and hit.section == opening and before.section not in {opening, "to"}
        if closes:
            yield tuple(days), tuple(parts)
            days, parts = [], []
        if hit.section == "parts":
            parts += PARTS if hit.entry == "all" else [hit.entry]
        elif before is not None and days and _is_span(before, hit, text):
            days += _from_to(days[-1], hit.entry)
        else:
            days += _GROUPS.get(hit.entry, (hit.entry,))
    if days or parts:
        yield tuple(days), tuple(parts)


def _is_span(before: Hit, hit: Hit, text: str) -> bool:
    return before.section == "to" or bool(_SPAN.fullmatch(text[before.end : hit.start]))


def _from_to(first: str, last: str) -> tuple[str, ...]:
    if last not in DAYS:
        return _GROUPS[last]
    start, end = DAYS.index(first), DAYS.index(last)
    return DAYS[start : end + 1] if start <= end else (*DAYS[start:], *DAYS[: end + 1])


def _clock_parts(rest: Iterable[str], *, said_hours: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words still not understood, parts of the day that the hours in `rest` fall into)."""
    unread_words: list[str] = []
    hours: list[int] = []
    for word in rest:
        match = _CLOCK.fullmatch(word)
        if match and said_hours | (not word.isdigit()) and int(match[1]) <= 24:
            hours.append(int(match[1]))
        else:
            unread_words.append(word)
    return tuple(unread_words), _parts_between(hours)


def _parts_between(hours: list[int]) -> tuple[str, ...]:
    if not hours:
        return ()
    first = _part_of(hours[0])
    last = _part_of(hours[-1] - 1) if len(hours) > 1 else first
    return PARTS[first : max(first, last) + 1]


def _part_of(hour: int) -> int:
    return 0 if hour < _NOON else 1 if hour < _EVENING else 2


def _sorted(slots: set[str]) -> tuple[str, ...]:
    order = {f"{day}:{part}": (d, p) for d, day in enumerate(DAYS) for p, part in enumerate(PARTS)}
    return tuple(sorted(slots, key=order.__getitem__))
