"""Match people well, exactly and explainably: the engine, with no database, clock or network."""

from matching.criteria import Criteria, Criterion
from matching.engine import Examination, Excluded, Pair, Part, Result, Unmatched, examine, match
from matching.errors import CriteriaError, FixedPairError, InputError, MatchingError
from matching.people import Person, Pool
from matching.score import Refusal, Scorer

__all__ = [
    "Criteria",
    "CriteriaError",
    "Criterion",
    "Examination",
    "Excluded",
    "FixedPairError",
    "InputError",
    "MatchingError",
    "Pair",
    "Part",
    "Person",
    "Pool",
    "Refusal",
    "Result",
    "Scorer",
    "Unmatched",
    "examine",
    "match",
]
