"""The tables for people and spreadsheets: schedule.csv, deliveries.csv, dispatch lists (UTF-8, RFC 4180)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.quantities import CENTS
from scheduler.domain.results import Costs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.formats.times import texts

SCHEDULE = ("order", "operation", "resource", "start", "end", "lot", "mode", "configuration", "item", "quantity",
            "reconfiguration_start", "reconfiguration_end", "position")
DELIVERIES = ("order", "customer", "family", "quantity", "release", "due", "promised", "lateness_hours", "late",
              "deadline", "priority", "price", "standard", "customization", "reconfiguration", "lateness_cost",
              "holding", "total")
DISPATCH = ("kind", "start", "end", "order", "operation", "item", "quantity", "from_configuration",
            "to_configuration")
HOUR_MILLIS = 3_600_000
Row = Sequence[Any]


def _pick(values: Sequence[str], index: np.ndarray) -> list[str]:
    return [values[i] for i in index.tolist()]


def _of_lots(schedule: Schedule, rows: np.ndarray) -> tuple[list[str], list[str], list[int]]:
    """Order ('' for a shared lot), item and quantity of operations."""
    lots, lot = schedule.lots, schedule.lot[rows]
    orders = (*schedule.orders, "")
    return _pick(orders, lots.order[lot]), _pick(lots.item, lot), lots.quantity[lot].tolist()


def _configurations(schedule: Schedule, rows: np.ndarray) -> list[str]:
    names = schedule.configurations
    return [names[r][c] for r, c in zip(schedule.resource[rows].tolist(), schedule.configuration[rows].tolist())]


def schedule_rows(scenario: Scenario, schedule: Schedule) -> Iterator[Row]:
    """Rows of schedule.csv by start, resource (as the plant lists them) and position. Shared lots have no order."""
    rows = np.lexsort((schedule.position, schedule.resource, schedule.start))
    order, item, quantity = _of_lots(schedule, rows)
    start, end, begin, ready = (texts(scenario.axis, column[rows]) for column in (
        schedule.start, schedule.end, schedule.rec_start, schedule.rec_end))
    return zip(order, _pick(schedule.names, schedule.name[rows]), _pick(schedule.resources, schedule.resource[rows]),
               start, end, _pick(schedule.lots.id, schedule.lot[rows]), schedule.mode[rows].tolist(),
               _configurations(schedule, rows), item, quantity, begin, ready, schedule.position[rows].tolist())


def delivery_header(scenario: Scenario) -> tuple[str, ...]:
    """Columns of deliveries.csv. On an integer axis a time has no unit, and lateness is in ticks: `lateness`."""
    return tuple("lateness" if scenario.axis.integer and name == "lateness_hours" else name for name in DELIVERIES)


def delivery_rows(scenario: Scenario, costs: Costs) -> Iterator[Row]:
    """Rows of deliveries.csv, one per order in the scenario's order; money in units of currency with two decimals.

    An order without a delivery (-1, in a partial schedule) has nothing under promised, lateness and late.
    """
    orders, axis = scenario.orders, scenario.axis
    there = (costs.delivery >= 0).tolist()
    late = np.where(orders.due < NEVER, np.maximum(0, costs.delivery - orders.due), 0)
    family = [variant.family or "" for variant in orders.variants]
    release, due, promised, deadline = (texts(axis, column) for column in (
        orders.release, orders.due, np.where(costs.delivery < 0, NEVER, costs.delivery), orders.deadline))
    lateness = late.tolist() if axis.integer else [f"{t * axis.tick / HOUR_MILLIS:.2f}" for t in late.tolist()]
    lateness = [t if known else "" for t, known in zip(lateness, there)]
    answer = [("yes" if t else "no") if known else "" for t, known in zip((late > 0).tolist(), there)]
    total = costs.terms.sum(axis=1)
    money = [_money(column) for column in (orders.price, costs.standard, costs.customization, costs.reconfiguration,
                                           costs.lateness, costs.holding, total)]
    return zip(orders.id, orders.customer, _pick(family, orders.variant), orders.quantity.tolist(), release, due,
               promised, lateness, answer, deadline,
               orders.priority.tolist(), *money)


def _money(cents: np.ndarray) -> list[str]:
    return [f"{'-' if c < 0 else ''}{abs(c) // CENTS}.{abs(c) % CENTS:02d}" for c in cents.tolist()]


def dispatch_tables(scenario: Scenario, schedule: Schedule) -> Iterator[tuple[str, list[Row]]]:
    """(file name, rows) for each resource: what it runs, in sequence.

    A reconfiguration is a row of its own before the operation it prepares, also one that takes no time. `from` is
    empty where nothing was set up before; an operation's row has its own configuration on both sides.
    """
    rows = np.lexsort((schedule.position, schedule.resource))
    order, item, quantity = _of_lots(schedule, rows)
    start, end, begin, ready = (texts(scenario.axis, column[rows]) for column in (
        schedule.start, schedule.end, schedule.rec_start, schedule.rec_end))
    takes = (schedule.rec_end > schedule.rec_start)[rows].tolist()
    configuration, operation = _configurations(schedule, rows), _pick(schedule.names, schedule.name[rows])
    edges = np.searchsorted(schedule.resource[rows], np.arange(len(schedule.resources) + 1)).tolist()
    initial = {r.id: r.configurations[r.initial] if r.initial >= 0 else "" for r in scenario.resources}
    names = file_names(schedule.resources)
    for r, resource in enumerate(schedule.resources):
        found: list[Row] = []
        before = initial.get(resource, "")
        for i in range(edges[r], edges[r + 1]):
            now = configuration[i]
            what = (order[i], operation[i], item[i], quantity[i])
            if takes[i] or (before and before != now):
                found.append(("reconfiguration", begin[i], ready[i], *what, before, now))
            found.append(("operation", start[i], end[i], *what, now, now))
            before = now
        yield f"{names[r]}.csv", found


def file_names(names: Iterable[str]) -> list[str]:
    """A safe and distinct file name (without ending) for each name: letters, digits, '_', '-' and inner dots stay."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        base = re.sub(r"[^\w.-]", "_", name).strip(".")[:60] or "_"
        made, n = base, 1
        while made.casefold() in taken:
            n += 1
            made = f"{base}~{n}"
        taken.add(made.casefold())
        found.append(made)
    return found
