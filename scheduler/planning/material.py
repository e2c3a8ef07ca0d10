"""Operations that wait because the floor says that a component is late."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.plan import Plan
from scheduler.planning.template import Template

Need = tuple[str, str]
"""(lot id, component)."""


def late_release(scenario: Scenario, plan: Plan) -> np.ndarray:
    """op_release [n] with the floor's `material` entries: the operations of the lot for which the component must be
    there start no earlier than its `end`, rounded up to a tick."""
    release = plan.op_release.copy()
    ends = {(e.lot, e.operation): scenario.axis.to_ticks(e.end, up=True) for e in scenario.floor
            if e.state == "material" and e.end is not None}
    for need, waiting in waiting_operations(scenario, plan, ends).items():
        for o in waiting:
            release[o] = max(int(release[o]), ends[need])
    return release


def waiting_operations(scenario: Scenario, plan: Plan, needs: Iterable[Need]) -> dict[Need, list[int]]:
    """Operations (numbers in the plan) of each lot that wait for a component; needs of unknown lots are left out."""
    wanted = list(needs)
    lots = {name: lot for lot, name in enumerate(plan.lots.id)} if wanted else {}
    known: dict[str, Template] = {}
    found: dict[Need, list[int]] = {}
    for name, component in wanted:
        lot = lots.get(name, -1)
        if lot < 0:
            continue
        root = name.partition("/")[0] if plan.lots.order[lot] < 0 else scenario.orders.id[plan.lots.order[lot]]
        if root not in known:
            known[root] = _template(scenario, plan, lots.get(root, lot))
        waiting = _waiting(known[root], plan.lots.item[lot], component)
        found[name, component] = [o for o in range(int(plan.lot_first[lot]), int(plan.lot_first[lot + 1]))
                                  if plan.names[plan.op_name[o]] in waiting]
    return found


def _template(scenario: Scenario, plan: Plan, lot: int) -> Template:
    order = int(plan.lots.order[lot])
    if order < 0:
        return explode_tool(scenario, plan.lots.item[lot])
    return explode(scenario, scenario.orders.variants[scenario.orders.variant[order]])


def _waiting(template: Template, item: str, component: str) -> set[str]:
    """Names of the operations of an item that wait for a component."""
    parents = {i for i, made in enumerate(template.items) if made.component == item}
    return {template.steps[s].name for used in template.items
            if used.parent in parents and used.component == component for s in used.at}
