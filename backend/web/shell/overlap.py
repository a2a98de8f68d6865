"""From the facts two people share to the card that draws them, for whoever may see it."""

from backend.core.languages import language_name
from backend.pairings.overlap import Overlap
from backend.web.shell import words
from backend.web.shell.cards import OverlapCard, SharedLanguage, Side


def overlap_card(
    overlap: Overlap,
    *,
    a: Side,
    b: Side,
    way: words.Text,
    given_up: str = "",
    share: float | None = None,
    heading: words.Text = "",
) -> OverlapCard:
    """The picture of what two people share; `a` is the newcomer. `share`: how well they fit, from 0 to 1."""
    return OverlapCard(
        a=a,
        b=b,
        languages=[
            SharedLanguage(
                language_name(row.tag), words.level(row.newcomer_level), words.level(row.mentor_level)
            )
            for row in overlap.languages
        ],
        slots_a=frozenset(overlap.newcomer_slots),
        slots_b=frozenset(overlap.mentor_slots),
        way=way,
        wishes_met=words.topics(overlap.topics_met),
        wishes_total=len(overlap.topics_met) + len(overlap.topics_missed),
        given_up=given_up,
        label="" if share is None else words.fits(share),
        value=share,
        heading=heading,
    )
