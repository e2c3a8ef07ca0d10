"""What depends on resources and their configurations: groups, buffers, batches, campaigns and modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.encoding.clocks import offsets
from scheduler.encoding.columns import Columns
from scheduler.encoding.pools import Pools


def states_of(scenario: Scenario, pools: Pools, columns: Columns) -> dict[str, Any]:
    """Columns of Rules by resource and by state: state_first, campaign, module_first, module_pool, group, buffer,
    batch_capacity. Groups are the cells, and one more for the resource of supply; without buffers all are one."""
    plant, extra = scenario.plant, [1] * columns.supply
    cells = [plant.cells[r.cell] for r in scenario.resources]
    campaign: list[int] = []
    modules: list[list[int]] = []
    for resource, cell in zip(scenario.resources, cells):
        configurations = cell.all_configurations
        ticks = scenario.axis.duration(cell.reconfiguration.minimum_run) if len(configurations) > 1 else 0
        campaign += [ticks] * len(resource.configurations)
        limited = cell.kind != "subcontractor"
        modules += [[pools.module[name] for name in dict.fromkeys(configurations[c].modules)] if limited else []
                    for c in resource.configurations]
    campaign, modules = campaign + [0] * len(extra), modules + [[]] * len(extra)
    group, buffer = _buffers(scenario, pools, len(extra))
    capacity = [cell.batch.capacity if cell.batch and cell.kind != "subcontractor" else 0 for cell in cells]
    return {"state_first": offsets([*(len(r.configurations) for r in scenario.resources), *extra]),
            "campaign": np.array(campaign, dtype=np.int64), "module_first": offsets([len(m) for m in modules]),
            "module_pool": np.array([pool for m in modules for pool in m], dtype=np.int64), "group": group,
            "buffer": buffer, "batch_capacity": np.array(capacity + [0] * len(extra), dtype=np.int64)}


def _buffers(scenario: Scenario, pools: Pools, extra: int) -> tuple[np.ndarray, np.ndarray]:
    """(group [R], buffer [groups, groups])."""
    plant, resources = scenario.plant, scenario.resources
    if not plant.buffers:
        return np.zeros(len(resources) + extra, dtype=np.int64), np.full((1, 1), -1, dtype=np.int64)
    names = {name: i for i, name in enumerate(plant.cells)}
    group = np.array([names[r.cell] for r in resources] + [len(names)] * extra, dtype=np.int64)
    buffer = np.full((len(names) + 1, len(names) + 1), -1, dtype=np.int64)
    for spec, pool in zip(plant.buffers.values(), pools.buffer):
        if buffer[names[spec.from_], names[spec.to]] < 0:
            buffer[names[spec.from_], names[spec.to]] = pool
    return group, buffer
