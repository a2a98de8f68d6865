"""Match people well, exactly and explainably: the engine, with no database, clock or network."""

from matching.advice import Help, what_would_help
from matching.criteria import Criteria, Criterion
from matching.engine import examine, match, solve, why_refused
from matching.errors import CriteriaError, FixedPairError, InputError, MatchingError
from matching.people import Person, Pool
from matching.result import Examination, Excluded, Pair, Part, Regret, Result, Unmatched
from matching.scoring.score import Refusal, Scorer
from matching.solution import Solution
from matching.solving.floors import Floor, FloorError

__all__ = [
    "Criteria",
    "CriteriaError",
    "Criterion",
    "Examination",
    "Excluded",
    "FixedPairError",
    "Floor",
    "FloorError",
    "Help",
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
    "what_would_help",
    "why_refused",
]
