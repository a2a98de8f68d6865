"""What mentors and newcomers write to each other in the example, read from `threads/`.

A file holds episodes under `# name`; each line is `m` or `n` (mentor, newcomer) and what they write.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "threads"
LANGUAGES = ("en", "de", "fr", "ar", "uk", "tr")
DAYS = {
    "en": ("Tuesday", "Wednesday", "Thursday", "Saturday"),
    "de": ("Dienstag", "Mittwoch", "Donnerstag", "Samstag"),
    "fr": ("mardi", "mercredi", "jeudi", "samedi"),
    "ar": ("الثلاثاء", "الأربعاء", "الخميس", "السبت"),
    "uk": ("вівторок", "середа", "четвер", "субота"),
    "tr": ("Salı", "Çarşamba", "Perşembe", "Cumartesi"),
}
TIMES = ("10:30", "16:00", "16:30", "17:00", "17:30")


class Line(NamedTuple):
    is_mentor: bool
    text: str


class Episode(NamedTuple):
    name: str
    lines: tuple[Line, ...]


@lru_cache
def episodes(thread: str) -> tuple[Episode, ...]:
    """The episodes of the file `thread`, in its order."""
    found: list[tuple[str, list[Line]]] = []
    for row in (FOLDER / f"{thread}.txt").read_text(encoding="utf-8").splitlines():
        mark, _blank, text = row.partition(" ")
        if mark == "#":
            found.append((text, []))
        elif text:
            found[-1][1].append(Line(mark == "m", text))
    return tuple(Episode(name, tuple(lines)) for name, lines in found)
