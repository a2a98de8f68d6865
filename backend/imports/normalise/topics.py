"""What someone offers or needs, as the ten topics."""

from backend.imports.reading import DOUBTFUL, LIKELY, SURE, Flag, Reading, rest_flag, unread
from backend.imports.words import Words

TOPICS = (
    "work", "housing", "health", "school", "driving",
    "paperwork", "computers", "leisure", "conversation", "childcare",
)  # fmt: skip


def normalise_topics(text: str, *, words: Words) -> Reading[tuple[str, ...]]:
    """Topics in the order of TOPICS; what fits none of them stays in a flag."""
    scan = words.lexicon("topics", "negations", "joining", "filler").scan(text)
    if scan.of("negations"):
        return unread("negation", text.strip())
    found = {hit.entry for hit in scan.of("topics")}
    if not found:
        return unread("no_topics", text.strip())
    slips = tuple(Flag("spelling_guessed", hit.text) for hit in scan.hits if not hit.exact)
    confidence = DOUBTFUL if scan.rest else LIKELY if slips else SURE
    return Reading(tuple(t for t in TOPICS if t in found), confidence, slips + rest_flag(scan.rest))
