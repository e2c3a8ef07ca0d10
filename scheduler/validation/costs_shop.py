"""The money that only a real shop knows: crews, batches, subcontracting, overtime, refusal, moving."""

from __future__ import annotations

import numpy as np

from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import rate_per_tick
from scheduler.validation.shop import Shop

HOUR = 3_600_000


def running(context: Shop) -> tuple[np.ndarray, np.ndarray]:
    """(micros, whether it is subcontracting) of each row, [n]: resource and people for the planned work, and the fixed
    cost. Of a batch all but the first pay only the fixed cost."""
    rate = np.array([r.rate for r in context.resources], dtype=np.int64)
    shared = rate[context.resource] * context.work
    crews, axis = context.scenario.plant.crews, context.scenario.axis
    for i, staff in context.staffed.items():
        detail = context.tables.details[int(context.operation[i])] if context.tables.details else None
        ticks = {"run": int(context.work[i]), "loading": axis.duration(detail.loading) if detail else 0,
                 "unloading": axis.duration(detail.unloading) if detail else 0, "reconfiguration": 0}
        shared[i] += sum(need.people * rate_per_tick(crews[crew].hourly_cost, HOUR, axis.tick) * ticks[need.during]
                         for need, crew in staff)
    planned = context.lot_component[context.lot] < -1
    micros = np.where(planned, 0, np.where(context.leads, shared, 0) + context.tables.cost[context.way] * MICRO)
    return micros, context.unlimited[context.resource]


def overtime(context: Shop) -> int:
    """Hundredths for all overtime that was bought."""
    return sum(context.slots[k].cost for k in context.bought.tolist())


def moving(context: Shop) -> np.ndarray:
    """Micros of moving each row from where it was announced, [n]."""
    price, axis = context.scenario.policy.replanning, context.scenario.axis
    found = np.zeros(len(context.lot), dtype=np.int64)
    rate, tolerance = rate_per_tick(price.per_hour, HOUR, axis.tick), axis.duration(price.tolerance)
    for entry in context.scenario.floor:
        row = context.row_named.get((entry.lot, entry.operation), -1)
        if entry.state != "announced" or entry.start is None or row < 0 or context.fact[row]:
            continue
        away = abs(int(context.start[row]) - max(0, axis.to_ticks(entry.start)))
        found[row] = price.per_move * MICRO + rate * away if away > tolerance else 0
        if entry.resource not in (None, context.named_resource(row)):
            found[row] += price.other_resource * MICRO
    return found
