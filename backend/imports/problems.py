"""What can be odd about a row, each with a stable code and a sentence for the coordinator."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backend.core.errors import Sentence

WHOLE_ROW = "*"

SENTENCES: dict[str, Sentence] = {
    "no_name": _("There is no name. This row cannot come in."),
    "no_number": _("This is no telephone number we can read: “%(text)s”."),
    "number_unusual": _("This number may be wrong: “%(text)s”."),
    "no_email": _("This is no e-mail address we can read: “%(text)s”."),
    "email_unusual": _("This e-mail address may be wrong: “%(text)s”."),
    "no_year": _("This is no year of birth we can read: “%(text)s”."),
    "year_guessed": _("The century is a guess: “%(text)s”."),
    "no_date": _("This is no date we can read: “%(text)s”."),
    "date_guessed": _("This date can be read in two ways: “%(text)s”."),
    "in_future": _("This day has not come yet: “%(text)s”."),
    "no_town": _("We do not know this town: “%(text)s”."),
    "town_guessed": _("We think this is another spelling of a town: “%(text)s”."),
    "town_shared": _("Several towns have this name. Please choose: “%(text)s”."),
    "no_gender": _("We do not know this word for a gender: “%(text)s”."),
    "no_language": _("We found no language here: “%(text)s”."),
    "level_missing": _("How well is not said: “%(text)s”."),
    "level_guessed": _("Two levels are said. We took the lower one: “%(text)s”."),
    "no_slots": _("We found no days or hours here: “%(text)s”."),
    "slots_guessed": _("Day or part of the day is a guess: “%(text)s”."),
    "no_topics": _("We found no topic here: “%(text)s”."),
    "no_wish": _("We do not understand this wish: “%(text)s”."),
    "no_count": _("This is no number we can read: “%(text)s”."),
    "negation": _("This says “not”. Please read it yourself: “%(text)s”."),
    "partly_understood": _("We did not understand this part: “%(text)s”."),
    "spelling_guessed": _("We corrected the spelling of “%(text)s”."),
    "letters_lost": _("The file lost a letter in “%(text)s”."),
    "formula": _("This looks like a formula. It stays plain text: “%(text)s”."),
    "second_value": _("Another column says something else: “%(text)s”."),
    "extra_cells": _("This row is longer than the header: “%(text)s”."),
    "duplicate": _("The same person is in row %(row)s."),
    "maybe_duplicate": _("This may be the same person as in row %(row)s."),
    "person_unknown": _("We found nobody with this name: “%(text)s”."),
    "person_unclear": _("Several people have this name: “%(text)s”."),
}
_SHOWN = 80  # letters of a cell that a sentence repeats


@dataclass(frozen=True)
class Problem:
    """`field` is a Field's value, or "*" for the whole row. `row` is set where another row is meant."""

    field: str
    code: str
    text: str = ""
    row: int | None = None

    @property
    def sentence(self) -> str:
        shown = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return str(SENTENCES[self.code]) % {"text": shown, "row": self.row}
