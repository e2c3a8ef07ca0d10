"""Planned maintenance as lots of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.planning.drafts import MAINTENANCE
from scheduler.planning.pegged import Pegged
from scheduler.planning.template import Item, Step, StepShop, Template, Way


class Planned(NamedTuple):
    """One planned maintenance: its lot, and the ticks between which it must take place."""

    id: str
    earliest: int
    latest: int
    pegged: Pegged


def maintenance(scenario: Scenario) -> list[Planned]:
    """All planned maintenance, resource by resource: one pausing operation, in whatever configuration."""
    axis = scenario.axis
    found = []
    for r, resource in enumerate(scenario.resources):
        spec = scenario.plant.cells[resource.cell].resources[resource.id]
        for name, plan in spec.planned_maintenance.items():
            ways = tuple(Way(r, c, 0, plan.duration, 0, 1, 0) for c in range(len(resource.configurations)))
            template = Template((Item(MAINTENANCE, -1, 1, (), False, 0, 1, (0,), 0, 0, -1, 0),),
                                (Step(name, 0, (), ways, StepShop(pausing=True)),), axis.tick, True)
            one = np.ones((1, 1), dtype=np.int64)
            pegged = Pegged(template, np.zeros(1, dtype=np.int64), one * 0, one)
            found.append(Planned(f"{resource.id}:{name}", max(0, axis.to_ticks(plan.earliest, up=True)),
                                 axis.to_ticks(plan.latest), pegged))
    return found
