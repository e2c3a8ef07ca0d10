"""Key figures of a schedule."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.results import Costs, KPIs
from scheduler.domain.scenario import Scenario, round_micros
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import measures, order_times
from scheduler.evaluation.matched import matched
from scheduler.evaluation.sequence import Sequence, sequence
from scheduler.evaluation.shopkpis import SPLIT, shop_kpis


def kpis(scenario: Scenario, schedule: Schedule, costs: Costs) -> KPIs:
    """Key figures as a dict that can be written as JSON.

    Times in ticks of the axis, money in hundredths of currency, shares from 0 to 1; None where there is nothing to
    measure. Orders without operations (in a partial schedule) count in `orders` and `revenue` alone.

    =================================  =============================================================================
    orders, orders_scheduled           orders in the book; those with at least one operation in the schedule
    operations                         operations in the schedule
    makespan                           ticks from the origin to the last completion
    lead_time_mean, _median, _max      ticks from release to delivery
    lead_time_weighted_mean            the same, weighted by priority
    orders_with_due                    scheduled orders that have a due date
    on_time_share                      share of them delivered by it
    late_orders                        number of them delivered after it
    lateness_total, _mean, _max        ticks after due, of late orders (mean over all with a due date)
    weighted_tardiness                 sum of priority x ticks after due
    utilisation                        operation time / open time within [0, makespan], all resources together
    reconfigurations                   number of changes of configuration
    reconfiguration_time               working ticks spent on them
    reconfiguration_cost               hundredths, as in the cost terms
    wip_mean, wip_max                  orders between first start and completion: average over [0, makespan], most
    cost_total, cost_weighted          hundredths; weighted by the policy's weights
    cost_terms                         hundredths per term: processing, material, reconfiguration, lateness, holding
    cost_split                         hundredths: standard, customization, reconfiguration, lateness, holding
    revenue, profit                    hundredths: sum of prices; revenue less cost_total
    resources                          per resource: operations, busy and open ticks, utilisation, reconfigurations,
                                       reconfiguration_time (ticks), reconfiguration_cost (hundredths, rounded once)
    =================================  =============================================================================

    Beyond the plain shop there are those of `shop_kpis` besides.
    """
    orders, run, shop = scenario.orders, sequence(scenario, schedule), matched(scenario, schedule)
    measured = measures(scenario, schedule, costs)
    makespan = measured["makespan"]
    resources = _resources(scenario, schedule, run, makespan)
    open_time = sum(r["open"] for r in resources.values())
    revenue = int(orders.price.sum())
    values = {
        "orders": len(orders), "orders_scheduled": int((costs.delivery >= 0).sum()), "operations": len(schedule),
        "makespan": makespan, **_lead_times(scenario, costs), **_lateness(scenario, costs),
        "weighted_tardiness": measured["weighted_tardiness"],
        "utilisation": _ratio(sum(r["busy"] for r in resources.values()), open_time),
        "reconfigurations": int(run.changed.sum()), "reconfiguration_time": int(run.time.sum()),
        "reconfiguration_cost": int(costs.reconfiguration.sum()),
        **_work_in_process(scenario, schedule, makespan), "cost_total": costs.total, "cost_weighted": costs.weighted,
        "cost_terms": dict(zip(TERMS, costs.terms.sum(axis=0).tolist()[:len(SPLIT)])),
        "cost_split": {part: int(getattr(costs, part).sum()) for part in SPLIT},
        "revenue": revenue, "profit": revenue - costs.total, "resources": resources}
    return KPIs(values) if shop is None else shop_kpis(scenario, schedule, costs, shop, run, values)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _lead_times(scenario: Scenario, costs: Costs) -> dict[str, Any]:
    there = costs.delivery >= 0
    lead, weight = (costs.delivery - scenario.orders.release)[there], scenario.orders.priority[there]
    if not len(lead):
        return dict.fromkeys(("lead_time_mean", "lead_time_median", "lead_time_max", "lead_time_weighted_mean"))
    return {"lead_time_mean": float(lead.mean()), "lead_time_median": float(np.median(lead)),
            "lead_time_max": int(lead.max()), "lead_time_weighted_mean": float((lead * weight).sum() / weight.sum())}


def _lateness(scenario: Scenario, costs: Costs) -> dict[str, Any]:
    counted = (costs.delivery >= 0) & (scenario.orders.due < NEVER)
    late = np.maximum(0, costs.delivery - scenario.orders.due)[counted]
    number = int((late > 0).sum())
    return {"orders_with_due": len(late), "on_time_share": _ratio(len(late) - number, len(late)), "late_orders": number,
            "lateness_total": int(late.sum()), "lateness_mean": _ratio(int(late.sum()), len(late)),
            "lateness_max": int(late.max(initial=0))}


def _work_in_process(scenario: Scenario, schedule: Schedule, makespan: int) -> dict[str, Any]:
    first, last, _ = order_times(scenario, schedule)
    first, last = first[last >= 0], last[last >= 0]
    times = np.concatenate((last, first))
    steps = np.repeat(np.array([-1, 1], dtype=np.int64), len(first))
    running = np.cumsum(steps[np.argsort(times, kind="stable")])
    return {"wip_mean": _ratio(int((last - first).sum()), makespan), "wip_max": int(running.max(initial=0))}


def _resources(scenario: Scenario, schedule: Schedule, run: Sequence, makespan: int) -> dict[str, dict[str, Any]]:
    count = len(scenario.resources)

    def total(values: np.ndarray) -> list[int]:
        sums = np.zeros(count, dtype=np.int64)
        np.add.at(sums, schedule.resource, values)
        return [int(v) for v in sums]

    busy, operations = total(schedule.end - schedule.start), total(np.ones(len(schedule), dtype=np.int64))
    changed, time = total(run.changed.astype(np.int64)), total(run.time)
    cost = [int(round_micros(v)) for v in total(run.cost)]
    found = {}
    for i, resource in enumerate(scenario.resources):
        starts, ends = scenario.windows(resource, makespan)
        opened = int((ends - starts).sum())
        found[resource.id] = {
            "operations": operations[i], "busy": busy[i], "open": opened, "utilisation": _ratio(busy[i], opened),
            "reconfigurations": changed[i], "reconfiguration_time": time[i], "reconfiguration_cost": cost[i]}
    return found
