"""Key figures that a plain shop does not have."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.domain.policy import TERMS
from scheduler.domain.results import Costs, KPIs, PoolLoad
from scheduler.domain.scenario import Scenario, round_micros
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.extras import announced, moving_micros
from scheduler.evaluation.matched import MAINTENANCE, Matched, facts
from scheduler.evaluation.opening import Openings
from scheduler.evaluation.pools import Pools
from scheduler.evaluation.sequence import Sequence

SPLIT = ("standard", "customization", "reconfiguration", "lateness", "holding")
MORE = ("overtime", "refusal", "moving")
"""Terms that are parts of the cost split of their own."""


def shop_kpis(scenario: Scenario, schedule: Schedule, costs: Costs, shop: Matched, run: Sequence,
              values: dict[str, Any]) -> KPIs:
    """The key figures of any shop with more, and with those whose meaning changes put right.

    =================================  =============================================================================
    operations, utilisation, busy      maintenance is no operation; a pause is not busy, a batch counts once;
                                       subcontractors have no open time and no utilisation
    cost_terms, cost_split             all terms; the split also has overtime, refusal, moving, and plant: what
                                       belongs to no order
    revenue                            of orders that are not refused (profit: less the cost without refusals)
    refused_orders, refused_price      number; hundredths
    overtime                           opened: number of windows, time: ticks, cost: hundredths
    crews, fixtures                    per name: busy and open (people or pieces x ticks within [0, makespan]),
                                       utilisation, most: most in use at once
    batches                            number, operations in them, fill_mean: share of their places used (per batch)
    blocked_time                       ticks that finished lots stood on resources until there was room behind them
    moved_operations, moved_cost       of those announced that now are elsewhere, or start earlier or later by more
                                       than the tolerance; hundredths
    subcontracted, subcontracted_cost  operations; hundredths
    finished_operations                what already happened or had begun
    maintenance                        planned maintenances in the schedule
    =================================  =============================================================================
    """
    pools = Pools(scenario, schedule, shop, run, Openings(scenario, schedule, int(schedule.end.max(initial=0)) + 1))
    upkeep = np.array([schedule.lots.item[lot] == MAINTENANCE and schedule.lots.order[lot] < 0
                       for lot in schedule.lot.tolist()], dtype=bool)
    terms = costs.terms.sum(axis=0) + costs.plant
    refused = [int(scenario.orders.price[j]) for j in schedule.refused]
    left = int((schedule.end if schedule.leave is None else schedule.leave).sum() - schedule.end.sum())
    start, resource = announced(scenario, schedule, shop)
    tolerance = scenario.axis.duration(scenario.policy.replanning.tolerance)
    moved = (start >= 0) & ((abs(schedule.start - start) > tolerance)
                            | ((resource >= 0) & (resource != schedule.resource)))
    series = pools.series(values["makespan"])
    slots = pools.openings.bought.values()
    revenue = values["revenue"] - sum(refused)
    return KPIs(values | {
        "operations": len(schedule) - int(upkeep.sum()),
        "cost_terms": dict(zip(TERMS, terms.tolist())),
        "cost_split": {part: int(getattr(costs, part).sum()) for part in SPLIT}
        | {name: int(costs.terms[:, TERMS.index(name)].sum()) for name in MORE} | {"plant": int(costs.plant.sum())},
        "revenue": revenue, "profit": revenue - costs.total + int(terms[TERMS.index("refusal")]),
        "refused_orders": len(refused), "refused_price": sum(refused),
        "overtime": {"opened": len(slots), "time": sum(slot.end - slot.start for slot in slots),
                     "cost": int(terms[TERMS.index("overtime")])},
        "crews": {p.name: _pool(p) for p in series if p.kind == "crew"},
        "fixtures": {p.name: _pool(p) for p in series if p.kind == "fixture"},
        "batches": _batches(scenario, schedule, shop), "blocked_time": left,
        "moved_operations": int(moved.sum()),
        "moved_cost": int(round_micros(int(moving_micros(scenario, schedule, shop).sum()))),
        "subcontracted": sum(_outside(scenario)[r] for r in schedule.resource.tolist()),
        "subcontracted_cost": int(terms[TERMS.index("subcontracting")]),
        "finished_operations": int(facts(scenario, schedule, shop).sum()), "maintenance": int(upkeep.sum()),
        **_resources(scenario, schedule, shop, pools, upkeep, values)}, series, pools.pauses(),
        pools.workers() if schedule.team is not None and any(schedule.teams) else None)


def _outside(scenario: Scenario) -> list[bool]:
    return [scenario.plant.cells[r.cell].kind == "subcontractor" for r in scenario.resources]


def _pool(pool: PoolLoad) -> dict[str, Any]:
    length = np.diff(pool.time)
    busy, there = int((pool.load * length).sum()), int((pool.capacity * length).sum())
    return {"busy": busy, "open": there, "utilisation": busy / there if there else None,
            "most": int(pool.load.max(initial=0))}


def _batches(scenario: Scenario, schedule: Schedule, shop: Matched) -> dict[str, Any]:
    if schedule.batch is None:
        return {"number": 0, "operations": 0, "fill_mean": None}
    cells = [scenario.plant.cells[r.cell] for r in scenario.resources]
    there = np.flatnonzero((schedule.batch >= 0) & (shop.op >= 0))
    op = shop.op[there]
    places = shop.shop.op_places[op] * shop.shop.op_quantity[op]
    numbers, which = np.unique(schedule.batch[there], return_inverse=True)
    used = np.zeros(len(numbers), dtype=np.int64)
    np.add.at(used, which, places)
    where = np.zeros(len(numbers), dtype=np.int64)
    where[which] = schedule.resource[there]
    fills = [int(n) / batch.capacity for n, r in zip(used, where) if (batch := cells[r].batch) is not None]
    return {"number": len(numbers), "operations": len(there), "fill_mean": sum(fills) / len(fills) if fills else None}


def _resources(scenario: Scenario, schedule: Schedule, shop: Matched, pools: Pools, upkeep: np.ndarray,
               values: dict[str, Any]) -> dict[str, Any]:
    """Figures per resource and the utilisation of all with what is open, worked and bought."""
    outside = _outside(scenario)
    busy = [0] * len(outside)
    for i, r in enumerate(schedule.resource.tolist()):
        if shop.leads[i] and not upkeep[i]:
            busy[r] += (pools.end[i] - pools.start[i] if outside[r]
                        else pools.uses[i].run.opened(pools.start[i], pools.end[i]))
    found = {}
    for i, resource in enumerate(scenario.resources):
        given = values["resources"][resource.id]
        opened = 0 if outside[i] else pools.openings.resource(i).opened(0, values["makespan"])
        found[resource.id] = given | {
            "operations": given["operations"] - int((upkeep & (schedule.resource == i)).sum()), "busy": busy[i],
            "open": opened, "utilisation": busy[i] / opened if opened else None}
    whole = sum(figures["open"] for figures in found.values())
    used = sum(b for b, out in zip(busy, outside) if not out)
    return {"resources": found, "utilisation": used / whole if whole else None}
