"""What the engine says of two people, in enrolment ids and plain dicts that can be stored."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import matching
from matching.result import LEARNED

# Kinds that are a priority, not a feature of the pair; they say nothing about how well two people suit.
PRIORITIES = ("waiting", "constant")


@dataclass(frozen=True)
class Proposal:
    """One pair by enrolment ids; `share` is 0 to 1; parts are plain dicts, ready to be stored."""

    mentor: int
    newcomer: int
    fit: float
    share: float
    parts: tuple[dict[str, Any], ...]
    alternatives: tuple[dict[str, Any], ...] = ()
    refusals: tuple[str, ...] = ()


def proposal_of(
    pair: matching.Pair,
    criteria: matching.Criteria,
    *,
    alternatives: tuple[dict[str, Any], ...] = (),
    refusals: tuple[str, ...] = (),
) -> Proposal:
    return Proposal(
        mentor=int(pair.mentor),
        newcomer=int(pair.newcomer),
        fit=pair.fit,
        share=share_of(pair.parts, criteria),
        parts=tuple(asdict(part) for part in pair.parts),
        alternatives=alternatives,
        refusals=refusals,
    )


def share_of(parts: Sequence[matching.Part], criteria: matching.Criteria) -> float:
    """The fit without priorities, as a share of the best possible."""
    first = {criterion.name for criterion in criteria.criteria if criterion.kind in PRIORITIES}
    counted = [part for part in parts if part.name not in first]
    # With what was learned, the fit still reaches no more than the parts of the criteria reach together.
    best = sum(part.weight for part in counted if part.name != LEARNED)
    return min(1.0, sum(part.contribution for part in counted) / best) if best else 0.0
