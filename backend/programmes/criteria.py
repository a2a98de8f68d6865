"""The criteria a new programme starts with, in the engine's format; each programme stores its own copy."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from backend.programmes.enums import ProgrammeKind, Travels

WEIGHTS: dict[str, dict[str, float]] = {
    ProgrammeKind.MENTORING: {"languages": 2, "hours": 1, "way": 1.5, "topics": 3, "gender": 1, "waiting": 1},
    ProgrammeKind.TANDEM: {"languages": 3, "hours": 2, "way": 1, "topics": 1, "gender": 1, "waiting": 1},
    ProgrammeKind.JOB: {"languages": 1.5, "hours": 1, "way": 1, "topics": 4, "gender": 0.5, "waiting": 1},
}
COLUMNS = {"mentor": "id", "newcomer": "id", "capacity": "capacity"}
CRITERIA: tuple[dict[str, Any], ...] = (
    {"name": "languages", "kind": "levels", "mentor": "languages", "newcomer": "languages", "require": "A1"},
    {"name": "hours", "kind": "slots", "mentor": "slots", "newcomer": "slots", "saturate": 3, "require": 1},
    {
        "name": "way",
        "kind": "distance",
        "mentor": ["latitude", "longitude"],
        "newcomer": ["latitude", "longitude"],
        "reach_mentor": "reach_km",
        "reach_newcomer": "reach_km",
        "online_mentor": "online",
        "online_newcomer": "online",
        "decay": 8,
        "require": "either",
    },
    {"name": "topics", "kind": "coverage", "mentor": "topics", "newcomer": "topics", "rarity": True},
    {"name": "gender", "kind": "wish", "mentor": "gender", "newcomer": "wishes_gender"},
    {"name": "waiting", "kind": "waiting", "newcomer": "registered_on", "per": 600},
)
# What every programme may weigh.
WEIGHABLE = tuple(criterion["name"] for criterion in CRITERIA)

# What every programme may ask for as a condition; whoever does not meet it is never suggested.
REQUIRABLE: Mapping[str, tuple[str | int, ...]] = {
    "languages": ("A1", "A2", "B1", "B2"),  # the least level of a shared language
    "hours": (1, 2, 3),  # the least number of shared half-days
    "way": tuple(Travels.values),  # who must be able to travel that far
}


def default_criteria(kind: str) -> dict[str, Any]:
    """The criteria of a new programme of `kind`, a fresh copy each time."""
    weights = WEIGHTS.get(kind, WEIGHTS[ProgrammeKind.MENTORING])
    criterion = [deepcopy(one) | {"weight": weights[one["name"]]} for one in CRITERIA]
    return {"columns": dict(COLUMNS), "criterion": criterion}


def weights_of(criteria: Mapping[str, Any]) -> dict[str, float]:
    return {c["name"]: float(c["weight"]) for c in criteria["criterion"] if c["name"] in WEIGHABLE}


def with_weights(criteria: Mapping[str, Any], weights: Mapping[str, float]) -> dict[str, Any]:
    """A copy of the criteria in which these weights stand."""
    return _with(criteria, "weight", weights)


def require_of(criteria: Mapping[str, Any]) -> dict[str, str | int]:
    return {c["name"]: c["require"] for c in criteria["criterion"] if c["name"] in REQUIRABLE}


def with_require(criteria: Mapping[str, Any], require: Mapping[str, str | int]) -> dict[str, Any]:
    """A copy of the criteria in which these conditions stand."""
    return _with(criteria, "require", require)


def is_requirable(name: str, value: object) -> bool:
    """Whether a programme may ask for this. Types count: true is no number of half-days."""
    return any(type(value) is type(choice) and value == choice for choice in REQUIRABLE.get(name, ()))


def _with(criteria: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    copy = deepcopy(dict(criteria))
    for criterion in copy["criterion"]:
        if criterion["name"] in values:
            criterion[key] = values[criterion["name"]]
    return copy
