"""The tables for people and spreadsheets: schedule.csv, deliveries.csv, dispatch lists, transports.csv and overtime.csv
(UTF-8, RFC 4180). Columns that no row of a file has anything in are left out where they are listed as MORE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import CENTS
from scheduler.domain.results import Costs, KPIs
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
SCHEDULE_MORE = ("leave", "crews", "batch")
DELIVERIES_MORE = ("overtime", "subcontracting", "refusal", "moving")
DISPATCH_MORE = ("crews", "batch")
TRANSPORTS = ("lot", "operation", "resource", "to_lot", "to_operation", "to_resource", "start", "end")
OVERTIME = ("calendar", "start", "end")
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


def _crews(kpis: KPIs | None, rows: np.ndarray, *phases: int) -> list[str] | None:
    """The crews that work for operations, each once; phases: 0 before them, 1 in them. None where there are none."""
    if kpis is None or kpis.crews is None:
        return None
    found = [[crew for phase in phases for crew in kpis.crews[i][phase]] for i in rows.tolist()]
    return [", ".join(dict.fromkeys(team)) for team in found]


def _batches(schedule: Schedule, rows: np.ndarray) -> list[str] | None:
    """Numbers of batches from 1, by their start, then resource; None where nothing ran together."""
    if schedule.batch is None or not (schedule.batch >= 0).any():
        return None
    by_start = schedule.batch[np.lexsort((schedule.position, schedule.resource, schedule.start))]
    number = {b: str(n) for n, b in enumerate(dict.fromkeys(by_start[by_start >= 0].tolist()), 1)}
    return [number.get(b, "") for b in schedule.batch[rows].tolist()]


def _leaves(scenario: Scenario, schedule: Schedule, rows: np.ndarray) -> list[str] | None:
    """When lots leave their resource; None where all do at the end of the operation."""
    if schedule.leave is None or not (schedule.leave > schedule.end).any():
        return None
    return texts(scenario.axis, schedule.leave[rows])


def schedule_header(scenario: Scenario, schedule: Schedule, kpis: KPIs | None = None) -> tuple[str, ...]:
    """Columns of schedule.csv: SCHEDULE and those of SCHEDULE_MORE in which a row has something."""
    return (*SCHEDULE, *(name for name, _ in _more(scenario, schedule, kpis, np.arange(len(schedule)))))


def _more(scenario: Scenario, schedule: Schedule, kpis: KPIs | None, rows: np.ndarray) -> list[tuple[str, list[str]]]:
    found = (_leaves(scenario, schedule, rows), _crews(kpis, rows, 0, 1), _batches(schedule, rows))
    return [(name, column) for name, column in zip(SCHEDULE_MORE, found) if column is not None]


def schedule_rows(scenario: Scenario, schedule: Schedule, kpis: KPIs | None = None) -> Iterator[Row]:
    """Rows of schedule.csv by start, resource (as the plant lists them) and position. Shared lots have no order.

    kpis: those of the schedule, which know who works.
    """
    rows = np.lexsort((schedule.position, schedule.resource, schedule.start))
    order, item, quantity = _of_lots(schedule, rows)
    start, end, begin, ready = (texts(scenario.axis, column[rows]) for column in (
        schedule.start, schedule.end, schedule.rec_start, schedule.rec_end))
    return zip(order, _pick(schedule.names, schedule.name[rows]), _pick(schedule.resources, schedule.resource[rows]),
               start, end, _pick(schedule.lots.id, schedule.lot[rows]), schedule.mode[rows].tolist(),
               _configurations(schedule, rows), item, quantity, begin, ready, schedule.position[rows].tolist(),
               *(column for _, column in _more(scenario, schedule, kpis, rows)))


def delivery_header(scenario: Scenario, costs: Costs) -> tuple[str, ...]:
    """Columns of deliveries.csv. On an integer axis a time has no unit, and lateness is in ticks: `lateness`. Terms of
    DELIVERIES_MORE stand at the end where they are not 0 for all orders."""
    return (*("lateness" if scenario.axis.integer and name == "lateness_hours" else name for name in DELIVERIES),
            *(name for name, _ in _further(costs)))


def _further(costs: Costs) -> list[tuple[str, np.ndarray]]:
    columns = [(name, costs.terms[:, TERMS.index(name)]) for name in DELIVERIES_MORE]
    return [(name, column) for name, column in columns if column.any()]


def delivery_rows(scenario: Scenario, costs: Costs) -> Iterator[Row]:
    """Rows of deliveries.csv, one per order in the scenario's order; money in units of currency with two decimals.

    An order that is refused or without a delivery (-1, in a partial schedule) has nothing under promised, lateness and
    late.
    """
    orders, axis = scenario.orders, scenario.axis
    made = (costs.delivery >= 0) & (costs.terms[:, TERMS.index("refusal")] == 0)
    there = made.tolist()
    late = np.where(orders.due < NEVER, np.maximum(0, costs.delivery - orders.due), 0)
    family = [variant.family or "" for variant in orders.variants]
    release, due, promised, deadline = (texts(axis, column) for column in (
        orders.release, orders.due, np.where(made, costs.delivery, NEVER), orders.deadline))
    lateness = late.tolist() if axis.integer else [f"{t * axis.tick / HOUR_MILLIS:.2f}" for t in late.tolist()]
    lateness = [t if known else "" for t, known in zip(lateness, there)]
    answer = [("yes" if t else "no") if known else "" for t, known in zip((late > 0).tolist(), there)]
    total = costs.terms.sum(axis=1)
    money = [_money(column) for column in (orders.price, costs.standard, costs.customization, costs.reconfiguration,
                                           costs.lateness, costs.holding, total,
                                           *(column for _, column in _further(costs)))]
    return zip(orders.id, orders.customer, _pick(family, orders.variant), orders.quantity.tolist(), release, due,
               promised, lateness, answer, deadline,
               orders.priority.tolist(), *money)


def _money(cents: np.ndarray) -> list[str]:
    return [f"{'-' if c < 0 else ''}{abs(c) // CENTS}.{abs(c) % CENTS:02d}" for c in cents.tolist()]


def dispatch_header(schedule: Schedule, kpis: KPIs | None = None) -> tuple[str, ...]:
    """Columns of the dispatch lists: DISPATCH and those of DISPATCH_MORE in which an operation has something."""
    none = np.arange(0)
    found = (_crews(kpis, none), _batches(schedule, none))
    return (*DISPATCH, *(name for name, column in zip(DISPATCH_MORE, found) if column is not None))


def transport_rows(scenario: Scenario, schedule: Schedule) -> Iterator[Row]:
    """Rows of transports.csv: what the vehicles carry, by start."""
    carries = schedule.carries
    if carries is None:
        return iter(())
    rank = np.lexsort((carries.end, carries.start))
    ends = [(_pick(schedule.lots.id, schedule.lot[rows]), _pick(schedule.names, schedule.name[rows]),
             _pick(schedule.resources, schedule.resource[rows]))
            for rows in (carries.before[rank], carries.after[rank])]
    return zip(*ends[0], *ends[1], texts(scenario.axis, carries.start[rank]), texts(scenario.axis, carries.end[rank]))


def overtime_rows(scenario: Scenario, schedule: Schedule) -> Iterator[Row]:
    """Rows of overtime.csv: the overtime that is bought, by start."""
    bought = sorted(schedule.overtime, key=lambda entry: (entry[1], entry[0]))
    start, end = (texts(scenario.axis, np.array([entry[k] for entry in bought], dtype=np.int64)) for k in (1, 2))
    return zip([entry[0] for entry in bought], start, end)


def dispatch_tables(scenario: Scenario, schedule: Schedule,
                    kpis: KPIs | None = None) -> Iterator[tuple[str, list[Row]]]:
    """(file name, rows) for each resource: what it runs, in sequence, by the columns of `dispatch_header`.

    A reconfiguration is a row of its own before the operation it prepares, also one that takes no time. `from` is
    empty where nothing was set up before; an operation's row has its own configuration on both sides. kpis: as for
    `schedule_rows`.
    """
    rows = np.lexsort((schedule.position, schedule.resource))
    order, item, quantity = _of_lots(schedule, rows)
    start, end, begin, ready = (texts(scenario.axis, column[rows]) for column in (
        schedule.start, schedule.end, schedule.rec_start, schedule.rec_end))
    takes = (schedule.rec_end > schedule.rec_start)[rows].tolist()
    configuration, operation = _configurations(schedule, rows), _pick(schedule.names, schedule.name[rows])
    edges = np.searchsorted(schedule.resource[rows], np.arange(len(schedule.resources) + 1)).tolist()
    initial = {r.id: r.configurations[r.initial] if r.initial >= 0 else "" for r in scenario.resources}
    batches = _batches(schedule, rows)
    more = [[column for column in (_crews(kpis, rows, phase), batches) if column is not None] for phase in (0, 1)]
    names = file_names(schedule.resources)
    for r, resource in enumerate(schedule.resources):
        found: list[Row] = []
        before = initial.get(resource, "")
        for i in range(edges[r], edges[r + 1]):
            now = configuration[i]
            what = (order[i], operation[i], item[i], quantity[i])
            before_it, tail = ([column[i] for column in columns] for columns in more)
            if takes[i] or (before and before != now):
                found.append(("reconfiguration", begin[i], ready[i], *what, before, now, *before_it))
            found.append(("operation", start[i], end[i], *what, now, now, *tail))
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
