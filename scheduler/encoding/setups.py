"""Reconfigurations as matrices of ticks and micros; resources that agree share one."""

from __future__ import annotations

import numpy as np

from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario, changes


def setups(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(first [R], time, cost): offset of each resource's [states x states] matrix in time (ticks) and cost (micros).

    Cost is the resource's rate x time plus the fixed cost; resources of one cell with the same rate share a matrix.
    Exchanging modules is included. A subcontractor never reconfigures.
    """
    times: list[np.ndarray] = []
    costs: list[np.ndarray] = []
    offsets: dict[tuple[str, int], int] = {}
    plant = scenario.plant
    cells = {name: changes(cell, scenario.axis, plant.modules) for name, cell in plant.cells.items()}
    size = 0
    for resource in scenario.resources:
        key = (resource.cell, resource.rate)
        if key not in offsets:
            time, fixed = cells[resource.cell]
            if plant.cells[resource.cell].kind == "subcontractor":
                time, fixed = np.zeros_like(time), np.zeros_like(fixed)
            offsets[key] = size
            times.append(time.ravel())
            costs.append((time * resource.rate + fixed * MICRO).ravel())
            size += time.size
    return (np.array([offsets[r.cell, r.rate] for r in scenario.resources], dtype=np.int64),
            np.concatenate(times), np.concatenate(costs))
