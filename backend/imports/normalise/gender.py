"""A person's gender, and the wish for a mentor's gender."""

from dataclasses import dataclass

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Reading, rest_flag, unread
from backend.imports.words import Words


@dataclass(frozen=True)
class GenderWish:
    """`gender` "f" or "m"; "" says that no wish was stated in words. `required`: "only", not "rather"."""

    gender: str
    required: bool


def normalise_gender(text: str, *, words: Words) -> Reading[str]:
    """ "f", "m" or "x"."""
    lexicon = words.lexicon("gender")
    key = lexicon.whole(text)
    if key:
        return Reading(key[1])
    found = {hit.entry for hit in lexicon.scan(text).hits if len(hit.text) > 1}
    return Reading(found.pop(), DOUBTFUL) if len(found) == 1 else unread("no_gender", text.strip())


def normalise_gender_wish(text: str, *, words: Words) -> Reading[GenderWish]:
    """A wish without "only" or "rather" is taken as a preference, and asked about."""
    scan = words.lexicon("wishes", "strength", "negations", "joining", "filler").scan(text)
    wishes = {hit.entry for hit in scan.of("wishes")}
    if scan.of("negations") and wishes != {"any"}:
        return unread("negation", text.strip())
    if wishes >= {"f", "m"} or wishes == {"any"}:
        return Reading(GenderWish("", False), LIKELY if scan.rest else SURE, rest_flag(scan.rest))
    if len(wishes) != 1:
        return unread("no_wish", text.strip())
    strengths = {hit.entry for hit in scan.of("strength")}
    confidence = DOUBTFUL if scan.rest else SURE if strengths else LIKELY
    return Reading(GenderWish(wishes.pop(), strengths == {"must"}), confidence, rest_flag(scan.rest))
