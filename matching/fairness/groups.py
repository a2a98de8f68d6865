"""Who is in which group: people by the values of one column."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from matching.people import Person, Pool

UNKNOWN = "unknown"
_TAGGED = re.compile(r"[^\s:]+:[^\s:]+(\s+[^\s:]+:[^\s:]+)*")

Members = Mapping[str, Sequence[str]]
"""Value of a column -> identifiers of the people who have it."""


def members(pool: Pool, column: str, separators: Mapping[str, str]) -> Members:
    """Put each person into the group of each of their values.

    A person is in the group of each of their values: of a list, a set, the keys of a mapping; of text split
    at the column's separator; and where all cells of a column read like "de:B1 ar:native", of the tags
    before the colons in small letters. A wish's trailing "!" is dropped. No value is the group "unknown".
    """
    cells = [person.word(column) for person in pool.people]
    is_tagged = all(_TAGGED.fullmatch(cell) for cell in cells if cell)
    found: dict[str, list[str]] = {}
    for person in pool.people:
        for value in _values(person, column, separators.get(column, ""), is_tagged) or {UNKNOWN}:
            found.setdefault(value, []).append(person.id)
    return found


def several(groups: Members) -> bool:
    """Is anybody in more than one group?"""
    return len({id for ids in groups.values() for id in ids}) < sum(map(len, groups.values()))


def _values(person: Person, column: str, separator: str, is_tagged: bool) -> set[str]:
    value = person.row.get(column)
    if separator or (isinstance(value, Collection) and not isinstance(value, str)):
        words: Iterable[str] = person.words(column, separator or " ")
    elif is_tagged:
        words = (word.partition(":")[0].casefold() for word in person.word(column).split())
    else:
        words = (person.word(column),)
    return {word.rstrip("!").strip() for word in words} - {""}
