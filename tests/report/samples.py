"""Schedules for report tests: made by hand, so that a test knows every bar of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.results import Bottleneck, Cause, Costs, Explanation, KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Lots, Pegs, Schedule
from scheduler.report.data import ReportData, report_data
from tests.factories import make, plain_factory, tiny_factory, tiny_orders

HOSTILE = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "\"'&<b>\u2028\u2029", "{{ 7*7 }}"]


def ints(values: Any) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def chain_schedule(scenario: Scenario, per_order: int, length: int = 30, gap: int = 40) -> Schedule:
    """Each order's operations one after the other, order by order round the resources; every third is reconfigured."""
    count = len(scenario.orders)
    order = np.repeat(np.arange(count), per_order)
    n = len(order)
    resource = np.arange(n) % len(scenario.resources)
    start = 480 + np.arange(n) * gap
    change = np.where(np.arange(n) % 3 == 2, 10, 0)
    none = ints([])
    return Schedule(
        header=Header(scenario.name, "feasible", "money", 120_000, 100_000.0, "cheapest modes", "dispatch", 1, 2.5,
                      ((0.1, 150_000, None, "dispatch"), (0.5, 120_000, 100_000.0, "annealing"))),
        lots=Lots(scenario.orders.id, ("",) * count, np.arange(count), scenario.orders.quantity),
        names=("cut", "paint", "test"), lot=order, name=np.arange(n) % 3, resource=resource,
        configuration=np.zeros(n, dtype=np.int64), mode=np.arange(n) % 2, start=start, end=start + length,
        rec_start=start - change, rec_end=start, position=np.arange(n) // len(scenario.resources),
        pegs=Pegs((), none, none, none, none, none, none), resources=tuple(r.id for r in scenario.resources),
        configurations=tuple(r.configurations for r in scenario.resources), orders=scenario.orders.id)


def costs_of(scenario: Scenario, schedule: Schedule) -> Costs:
    count = len(scenario.orders)
    split = {name: np.full(count, amount) for name, amount in
             (("standard", 10_000), ("customization", 2_500), ("reconfiguration", 700), ("lateness", 0),
              ("holding", 40))}
    delivery, begin = np.zeros(count, dtype=np.int64), np.full(count, NEVER)
    order = schedule.lots.order[schedule.lot]
    np.maximum.at(delivery, order, schedule.end)
    np.minimum.at(begin, order, schedule.start)
    terms = np.stack([split["standard"] + split["customization"], split["lateness"], split["reconfiguration"],
                      split["lateness"], split["holding"]], axis=1)
    return Costs(terms=terms, weighted=int(terms.sum()), delivery=delivery, first_start=begin, **split)


def reasons(scenario: Scenario, costs: Costs) -> list[Explanation]:
    found = []
    for j, name in enumerate(scenario.orders.id):
        due, delivery = int(scenario.orders.due[j]), int(costs.delivery[j])
        if due < delivery:
            found.append(Explanation(name, due, delivery, delivery - due, f"{name} waited for the press.", (
                Cause("release", 0, 0, "released"), Cause("resource", 0, 400, "the press was busy", "cut", "press1"),
                Cause("operation", 400, delivery, "cut on press1", "cut", "press1")), {"resource": 400}))
    return found


def tiny() -> Scenario:
    """The tiny factory with its first order due so early that it is late in any schedule."""
    scenario = make(tiny_factory(), tiny_orders())
    due = scenario.orders.due.copy()
    due[0] = 300
    return replace(scenario, orders=replace(scenario.orders, due=due))


def integer() -> Scenario:
    """Plain numbers instead of dates, no due dates, nothing costs anything."""
    orders = [{"id": str(j), "routing": {"operations": {"a": {"resources": ["m0"]}}}} for j in range(3)]
    scenario = make(plain_factory({"m0": {"resources": {"m0": {}}}, "m1": {"resources": {"m1": {}}}}), orders)
    return replace(scenario, axis=replace(scenario.axis, integer=True), currency="")


def many(count: int) -> Scenario:
    orders = [{"id": f"N{j}", "family": "cabinet", "due": "2024-01-20T12:00:00"} for j in range(count)]
    return make(tiny_factory(), orders)


def data_of(scenario: Scenario, schedule: Schedule | None = None, **changes: Any) -> ReportData:
    """Report data of a scenario; `changes` replace arguments of report_data."""
    schedule = chain_schedule(scenario, 3) if schedule is None else schedule
    costs = changes.pop("costs", None) or costs_of(scenario, schedule)
    given = {"kpis": KPIs({"makespan": int(schedule.end.max(initial=0)), "on_time_share": 0.75,
                           "cost_total": costs.total,
                           "resources": {"press1": {"utilisation": 0.5, "operations": 3, "busy": 90, "open": 180}}}),
             "explanations": reasons(scenario, costs), "violations": [],
             "bottlenecks": [Bottleneck("press1", 0.93, 400, 1, "One late order waited for it.")], **changes}
    return report_data(scenario, schedule, costs, **given)
