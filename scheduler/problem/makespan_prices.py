"""Prices of the resources' time: a bound by load in no time, and the modes that are worth looking at first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scheduler.problem.linear_program import Cuts, priced
from scheduler.problem.makespan_windows import Windows

ROUNDS = 300
NEAR = 0.02
"""Modes whose price is above the cheapest by no more than this share are looked at first."""
FEW = 20_000
"""Up to so many modes all are looked at."""
SCALE = 1 << 24


def load_prices(windows: Windows) -> tuple[int, np.ndarray]:
    """(bound in ticks, modes near the cheapest at the best prices found [M] bool).

    Bound: the loads of all resources, weighted by prices that sum to 1, at the cheapest mode of each operation; the
    prices rise where the load is high (multiplicative weights: Plotkin, Shmoys, Tardos 1995).
    """
    problem = windows.problem
    alive = windows.alive
    price = np.zeros(problem.resources)
    _prices(problem.mode_first, problem.mode_resource, problem.mode_duration, alive, price)
    modes = np.flatnonzero(alive)
    order = modes[np.argsort(problem.mode_resource[modes], kind="stable")]
    count = np.bincount(problem.mode_resource[modes], minlength=problem.resources)
    none = np.zeros(problem.resources, dtype=np.int64)
    cuts = Cuts(none, none + 1, np.concatenate(([0], np.cumsum(count))), order, problem.mode_duration[order])
    scale = min(SCALE, (1 << 60) // (4 * max(1, int(problem.mode_duration.max(initial=1)) * problem.operations)))
    numerator, denominator, cost = priced(problem.mode_first, alive, cuts, np.rint(price * scale).astype(np.int64))
    bound = -(-numerator // denominator) if denominator > 0 else 0
    if len(modes) <= FEW:
        return bound, alive.copy()
    cheapest = np.repeat(np.minimum.reduceat(cost, problem.mode_first[:-1]), np.diff(problem.mode_first))
    return bound, alive & (cost <= cheapest * (1 + NEAR))


def with_each(windows: Windows, columns: np.ndarray) -> np.ndarray:
    """The columns that are alive, and all modes of the operations that would have none."""
    found: np.ndarray = windows.alive & columns
    first = windows.problem.mode_first
    empty = ~np.logical_or.reduceat(found, first[:-1])
    found |= windows.alive & np.repeat(empty, np.diff(first))
    return found


@njit(cache=True, nogil=True)
def _prices(mode_first: Any, resource: Any, duration: Any, alive: Any, price: Any) -> None:
    """Fills price [R] with the best prices met."""
    resources = len(price)
    y = np.full(resources, 1.0 / resources)
    load = np.empty(resources)
    best = -1.0
    for i in range(ROUNDS):
        load[:] = 0
        value = 0.0
        for o in range(len(mode_first) - 1):
            least = np.inf
            to = -1
            for m in range(mode_first[o], mode_first[o + 1]):
                cost = y[resource[m]] * duration[m]
                if alive[m] and cost < least:
                    least = cost
                    to = m
            value += least
            load[resource[to]] += duration[to]
        if value > best:
            best = value
            price[:] = y
        high = load.max()
        if value <= 0 or high <= 0:
            return
        step = 0.5 / (1 + i / 20)
        for k in range(resources):
            y[k] *= np.exp(step * (load[k] / high))
        y /= y.sum()
