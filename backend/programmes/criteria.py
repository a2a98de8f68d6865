"""The criteria a new programme starts with, in the engine's format; each programme stores its own copy."""

from copy import deepcopy
from typing import Any

from backend.programmes.enums import ProgrammeKind

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


def default_criteria(kind: str) -> dict[str, Any]:
    """The criteria of a new programme of `kind`, a fresh copy each time."""
    weights = WEIGHTS.get(kind, WEIGHTS[ProgrammeKind.MENTORING])
    criterion = [deepcopy(one) | {"weight": weights[one["name"]]} for one in CRITERIA]
    return {"columns": dict(COLUMNS), "criterion": criterion}
