"""The lowest that the highest occupancy could be, whoever took which call: a linear programme.

It takes the calls that were really served per kind and spreads them over the pools as evenly as skills
permit. Occupancy is work per time present, divided by the share of the work that the level carries.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from bench.fairness.setups import SetUp


def lowest_highest_occupancy(setup: SetUp, served: Sequence[float], present: Sequence[float]) -> float:
    """Return the bound.

    Args:
        setup: the centre.
        served: calls begun per time, by kind.
        present: operators present on average, by pool.
    """
    routes = [
        (i, j)
        for i, kind in enumerate(setup.kinds)
        for j, pool in enumerate(setup.pools)
        if kind.name in pool.seats
    ]
    highest = len(routes)  # the variables: calls per time on every route, then the highest occupancy
    work = np.zeros((len(setup.pools), highest + 1))
    taken = np.zeros((len(setup.kinds), highest + 1))
    for route, (i, j) in enumerate(routes):
        taken[i, route] = 1
        work[j, route] = 1 / setup.pools[j].rate
    even = work.copy()
    even[:, highest] = [-n * pool.share for n, pool in zip(present, setup.pools, strict=True)]
    result = linprog(
        c=np.eye(highest + 1)[highest],
        A_ub=np.vstack([even, work]),
        b_ub=np.concatenate([np.zeros(len(setup.pools)), present]),
        A_eq=taken,
        b_eq=served,
    )
    if result.fun is None:
        raise ValueError(f"no way to serve {served} in {setup.name}: {result.message}")
    return float(result.fun)
