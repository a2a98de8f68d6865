"""Match people well, exactly and explainably: the engine, with no database, clock or network."""

from matching.criteria import Criteria, Criterion
from matching.engine import examine, match, solve
from matching.errors import CriteriaError, FixedPairError, InputError, MatchingError
from matching.floors import Floor, FloorError
from matching.people import Person, Pool
from matching.result import Examination, Excluded, Pair, Part, Regret, Result, Unmatched
from matching.score import Refusal, Scorer
from matching.solution import Solution

__all__ = [
    "Criteria",
    "CriteriaError",
    "Criterion",
    "Examination",
    "Excluded",
    "FixedPairError",
    "Floor",
    "FloorError",
    "InputError",
    "MatchingError",
    "Pair",
    "Part",
    "Person",
    "Pool",
    "Refusal",
    "Regret",
    "Result",
    "Scorer",
    "Solution",
    "Unmatched",
    "examine",
    "match",
    "solve",
]
