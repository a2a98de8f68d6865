"""A town asked for in words: one sure hit is taken, several are shown to choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backend.territories.queries import TownHit, search_towns

SURE = 0.95  # the confidence from which the best hit is taken without asking
MOST_HITS = 6


class AsksForTown(forms.Form):
    """For forms with the fields `town` and `town_id`; they call `find_towns` once they are made.

    `unknown_town` and `several_towns` are said where the words lead to none, or to more than one.
    """

    unknown_town = _("We do not know this town. Check the spelling, or write one nearby.")
    several_towns = _("There is more than one. Choose yours.")
    hits: list[TownHit]

    def find_towns(self, text: str, *, country: str) -> None:
        """Look the words up near `country` (an ISO code), and offer what was found; "" finds nothing."""
        self.hits = search_towns(text, country=country, limit=MOST_HITS) if text else []
        choice: Any = self.fields["town_id"]
        choice.choices = [(hit.territory_id, _named(hit)) for hit in self.hits]

    def hide_choice_of_towns(self) -> None:
        self.fields["town_id"].widget = forms.HiddenInput()

    def settle_town(self, values: dict[str, Any]) -> None:
        """Take the one sure hit into `values`, or mark the field at which there is something to do."""
        if not self.hits:
            self.add_error("town", self.unknown_town)
        elif len(self.hits) == 1 or self.hits[0].confidence >= SURE > self.hits[1].confidence:
            values["town_id"] = self.hits[0].territory_id
        else:
            self.add_error("town_id", self.several_towns)


def _named(hit: TownHit) -> Any:
    return format_lazy("{}, {}", hit.name, hit.region) if hit.region else hit.name
