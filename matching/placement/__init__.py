"""Place households in municipalities: several resources each, exactly, with a proof of how good it is.

`place` solves for everybody at once; `place_online` takes arrivals in batches and keeps scarce places for
those expected to need them.
"""

from matching.placement.offline import Objective, Placed, Placement, place
from matching.placement.online import Futures, place_online
from matching.placement.problem import Fits, Household, Place

__all__ = [
    "Fits",
    "Futures",
    "Household",
    "Objective",
    "Place",
    "Placed",
    "Placement",
    "place",
    "place_online",
]
