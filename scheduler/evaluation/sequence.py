"""The sequence on each resource and the reconfigurations it implies, whatever the schedule says about them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import Scenario, changes
from scheduler.domain.schedule import Schedule


class Sequence(NamedTuple):
    """Columns of length n, by operation unless said otherwise.

    order: operations by resource, then position (ties by start); rank: its inverse; previous: the operation before it
    on its resource (-1: none); changed: another configuration than before it; time: working ticks, cost: micros (rate x
    time + fixed) of the reconfiguration before it.
    """

    order: np.ndarray
    rank: np.ndarray
    previous: np.ndarray
    changed: np.ndarray
    time: np.ndarray
    cost: np.ndarray


def sequence(scenario: Scenario, schedule: Schedule) -> Sequence:
    """The sequence of every resource by `position`, from its initial configuration (-1: the first needs nothing).

    A subcontractor has none: nothing is before anything else there.
    """
    n = len(schedule)
    order = np.lexsort((schedule.start, schedule.position, schedule.resource))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    resource, configuration = schedule.resource[order], schedule.configuration[order]
    first = np.ones(n, dtype=bool)
    first[1:] = resource[1:] != resource[:-1]
    cells = scenario.plant.cells
    outside = np.array([cells[r.cell].kind == "subcontractor" for r in scenario.resources], dtype=bool)[resource]
    first |= outside
    initial = np.array([r.initial for r in scenario.resources], dtype=np.int64)
    before = np.where(outside, -1, initial[resource])
    before = np.where(first, before, np.roll(configuration, 1)) if n else configuration
    previous = np.empty(n, dtype=np.int64)
    previous[order] = np.where(first, -1, np.roll(order, 1)) if n else order
    time, cost = _changes(scenario, resource, before, configuration)
    columns = [np.empty(n, dtype=kind) for kind in (bool, np.int64, np.int64)]
    for column, values in zip(columns, ((before >= 0) & (before != configuration), time, cost)):
        column[order] = values
    return Sequence(order, rank, previous, *columns)


def _changes(scenario: Scenario, resource: np.ndarray, before: np.ndarray,
             after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ticks and micros of going from `before` to `after`; resources of a cell share its tables."""
    time, cost = np.zeros(len(resource), dtype=np.int64), np.zeros(len(resource), dtype=np.int64)
    cells = [r.cell for r in scenario.resources]
    rate = np.array([r.rate for r in scenario.resources], dtype=np.int64)
    names = list(scenario.plant.cells)
    cell = np.array([names.index(c) for c in cells], dtype=np.int64)[resource]
    moved = (before >= 0) & (before != after)
    for c in np.unique(cell[moved]).tolist():
        at = np.flatnonzero(moved & (cell == c))
        ticks, cents = changes(scenario.plant.cells[names[c]], scenario.axis, scenario.plant.modules)
        time[at] = ticks[before[at], after[at]]
        cost[at] = time[at] * rate[resource[at]] + cents[before[at], after[at]] * 1_000_000
    return time, cost
