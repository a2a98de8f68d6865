"""The best assignment of one problem, by whichever well-kept solver is fastest at its size."""

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from matching.arrays import Mask
from matching.solving.problem import Problem

# Up to so many cells a dense matrix is solved at once: 1,000 x 1,000 people with many ties take a tenth of
# the time of the flow.
DENSE = 1_200_000
# Whole numbers below this, and the sums that the dense solver makes of a few, are exact as floats.
EXACT = 2**51


def solve(problem: Problem) -> Mask:
    """(p,): the pairs of a best assignment. Worths and bonuses must stay below `cost_limit`."""
    cells = problem.n * int(problem.places[1].sum())
    one_each = problem.places[0].max(initial=0) <= 1
    greatest = int(np.abs(problem.worth).max(initial=0)) + int(problem.bonuses.max(initial=0))
    return _dense(problem) if one_each and cells <= DENSE and greatest < EXACT else _flow(problem)


def _dense(problem: Problem) -> Mask:
    """By `linear_sum_assignment` (Crouse 2016), with a column for each place of a mentor."""
    rows, columns = problem.rows, problem.columns
    table = np.zeros((problem.n, problem.m))
    # A pair that loses stays out: in the table it looks like "nobody".
    worth = np.maximum(problem.worth + problem.bonuses[rows], 0)
    table[rows, columns] = np.where(problem.places[0][rows] > 0, worth, 0)
    of_place = np.repeat(np.arange(problem.m), problem.places[1])
    taker, place = linear_sum_assignment(table[:, of_place], maximize=True)
    taken = np.full(problem.n, -1)
    taken[taker] = of_place[place]
    chosen: Mask = (taken[rows] == columns) & (table[rows, columns] > 0)
    return chosen


def _flow(problem: Problem) -> Mask:
    """As a flow of least cost, by OR-tools' cost-scaling push-relabel (Goldberg 1997)."""
    n, m = problem.n, problem.m
    source, sink = n + m, n + m + 1
    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(tails: object, heads: object, capacities: object, costs: object) -> object:
        columns = np.broadcast_arrays(
            *(np.asarray(c, dtype=np.int64) for c in (tails, heads, capacities, costs))
        )
        return flow.add_arcs_with_capacity_and_unit_cost(*(np.ascontiguousarray(c) for c in columns))

    first = np.minimum(problem.places[0], 1)
    total = int(problem.places[0].sum())
    arcs(source, np.arange(n), first, -problem.bonuses)
    arcs(source, np.arange(n), problem.places[0] - first, 0)
    pairs = arcs(problem.rows, n + problem.columns, 1, -problem.worth)
    arcs(n + np.arange(m), sink, problem.places[1], 0)
    arcs([source], [sink], [total], [0])
    flow.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise RuntimeError(f"The flow could not be solved: {status}.")
    return np.asarray(flow.flows(pairs)) > 0


def cost_limit(people: int) -> int:
    """The greatest worth, bonus included, that the solver scales without overflowing 64 bits."""
    return 2**61 // (people + 3)
