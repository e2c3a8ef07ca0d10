"""Planned maintenance as lots of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.planning.crews import Staff
from scheduler.planning.drafts import MAINTENANCE, Drafter
from scheduler.planning.pegged import Pegged
from scheduler.planning.template import NOBODY, Item, Step, StepShop, Team, Template, Way, WayShop


class Planned(NamedTuple):
    """One planned maintenance: its lot, and the ticks between which it must take place."""

    id: str
    earliest: int
    latest: int
    pegged: Pegged


def maintenance(scenario: Scenario) -> list[Planned]:
    """All planned maintenance, resource by resource: one pausing operation, in whatever configuration.

    Where reconfiguring takes crews it takes them before a maintenance too. Raises InputError where there are none.
    """
    drafter, staff = Drafter(scenario.catalog, {}), Staff(scenario)
    axis = scenario.axis
    found = []
    for r, resource in enumerate(scenario.resources):
        spec = scenario.plant.cells[resource.cell].resources[resource.id]
        for name, plan in spec.planned_maintenance.items():
            teams = staff.teams(drafter, (), r, ())
            template = _template(name, plan.duration, r, len(resource.configurations), teams, axis.tick)
            one = np.ones((1, 1), dtype=np.int64)
            pegged = Pegged(template, np.zeros(1, dtype=np.int64), one * 0, one)
            found.append(Planned(f"{resource.id}:{name}", max(0, axis.to_ticks(plan.earliest, up=True)),
                                 axis.to_ticks(plan.latest), pegged))
    if drafter.mistakes:
        raise InputError(drafter.mistakes)
    return found


def _template(name: str, millis: int, resource: int, configurations: int, teams: tuple[Team, ...],
              tick: int) -> Template:
    known = tuple(dict.fromkeys((NOBODY, *teams)))
    pairs = [(c, team) for c in range(configurations) for team in teams]
    step = Step(name, 0, (), tuple(Way(resource, c, 0, millis, 0, 1, 0) for c, _ in pairs),
                StepShop(pausing=True, ways=tuple(WayShop(team=known.index(team)) for _, team in pairs)))
    item = Item(MAINTENANCE, -1, 1, (), False, 0, 1, (0,), 0, 0, -1, 0)
    return Template((item,), (step,), tick, True, known)
