"""Group floors: at least a share of each named group is matched, by an integer programme (HiGHS)."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.assign import Assignment
from matching.errors import MatchingError
from matching.kinds import Ints, Mask
from matching.people import Pool
from matching.score import Edges


class FloorError(MatchingError):
    """A floor that cannot be reached, whoever is matched with whom."""

    code = "floor_out_of_reach"


@dataclass(frozen=True, slots=True)
class Floor:
    """At least `share` (0 to 1) of the newcomers whose `column` holds `value` are matched."""

    column: str
    value: str
    share: float


def assign_with_floors(
    edges: Edges,
    places: tuple[Ints, Ints],
    floors: Sequence[Floor],
    newcomers: Pool,
    *,
    coverage: bool,
    covered: Mask,
) -> Assignment:
    raise NotImplementedError
