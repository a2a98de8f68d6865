"""The best assignment as a flow of least cost, by OR-tools' cost-scaling push-relabel (Goldberg 1997)."""

import numpy as np
from ortools.graph.python import min_cost_flow

from matching.problem import Mask, Problem


def solve(problem: Problem) -> Mask:
    """(p,): the pairs of a best assignment. Costs must stay below `cost_limit`."""
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
