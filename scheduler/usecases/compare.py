"""Schedules side by side: their key figures, and what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.domain.results import KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs
from scheduler.evaluation.kpis import kpis
from scheduler.usecases.validate import check_belongs


@dataclass(frozen=True)
class Moved:
    """An operation that is elsewhere or at another time: (in the first schedule, in the other one); start in ticks."""

    lot: str
    operation: str
    resource: tuple[str, str]
    configuration: tuple[str, str]
    mode: tuple[int, int]
    start: tuple[int, int]

    @property
    def shift(self) -> int:
        """Ticks it starts later."""
        return self.start[1] - self.start[0]


@dataclass(frozen=True)
class Redated:
    """An order whose delivery (tick) changed; -1 where a schedule has no operation of it."""

    order: str
    delivery: tuple[int, int]
    late: tuple[int, int]


@dataclass(frozen=True)
class Changes:
    """What moved from the first schedule to another one: operations matched by lot and name, largest shift first.

    same: operations that did not move; only_first, only_other: 'LOT operation' of those without a partner.
    """

    label: str
    same: int
    moved: tuple[Moved, ...]
    only_first: tuple[str, ...]
    only_other: tuple[str, ...]
    orders: tuple[Redated, ...]


@dataclass(frozen=True)
class Comparison:
    """labels and kpis of all schedules; changes from the first to each other one."""

    labels: tuple[str, ...]
    kpis: tuple[KPIs, ...]
    changes: tuple[Changes, ...]

    def table(self) -> list[tuple[str, tuple[Any, ...]]]:
        """(figure, its value in each schedule), nested figures as 'cost_split/standard'."""
        flat = [_flat(k.values) for k in self.kpis]
        return [(name, tuple(values.get(name) for values in flat)) for name in flat[0]] if flat else []


def compare(scenario: Scenario | None, schedules: Sequence[Schedule], labels: Sequence[str],
            figures: Sequence[KPIs] | None = None) -> Comparison:
    """Key figures of each schedule and what moved between the first and each other one.

    With a scenario, all must be schedules of it and are evaluated. Without one, `figures` are shown as given and
    deliveries are completions; how late orders are is then unknown (-1). Raises ValueError where there is not one label
    per schedule, or neither scenario nor figures, and InputError for a schedule of another scenario.
    """
    if len(labels) != len(schedules):
        raise ValueError(f"{len(schedules)} schedules but {len(labels)} labels; give one label for each")
    if scenario is None:
        if figures is None or len(figures) != len(schedules):
            raise ValueError("without a scenario, give the key figures of each schedule")
        dated = [_completions(schedule) for schedule in schedules]
    else:
        for schedule in schedules:
            check_belongs(scenario, schedule)
        priced = [costs(scenario, schedule) for schedule in schedules]
        figures = [kpis(scenario, schedule, cost) for schedule, cost in zip(schedules, priced)]
        due = scenario.orders.due
        dated = [{name: (int(d), max(0, int(d - due[j])) if d >= 0 else 0)
                  for j, (name, d) in enumerate(zip(scenario.orders.id, cost.delivery))} for cost in priced]
    changes = tuple(_changes(label, (schedules[0], schedule), (dated[0], dates))
                    for label, schedule, dates in list(zip(labels, schedules, dated))[1:])
    return Comparison(tuple(labels), tuple(figures), changes)


Dates = dict[str, tuple[int, int]]
"""Delivery and ticks late of each order."""


def _completions(schedule: Schedule) -> Dates:
    order = schedule.lots.order[schedule.lot]
    last = np.full(len(schedule.orders), -1, dtype=np.int64)
    np.maximum.at(last, order[order >= 0], schedule.end[order >= 0])
    return {name: (int(end), -1) for name, end in zip(schedule.orders, last)}


def _changes(label: str, pair: tuple[Schedule, Schedule], dates: tuple[Dates, Dates]) -> Changes:
    first, other = pair
    keys = [_keys(schedule) for schedule in pair]
    matches = [(i, keys[1][key]) for key, i in keys[0].items() if key in keys[1]]
    moved = []
    for i, j in matches:
        a, b = first.row(i), other.row(j)
        if (a.start, a.resource, a.mode, a.configuration) != (b.start, b.resource, b.mode, b.configuration):
            moved.append(Moved(a.lot, a.operation, (a.resource, b.resource), (a.configuration, b.configuration),
                               (a.mode, b.mode), (a.start, b.start)))
    return Changes(label, len(matches) - len(moved), tuple(sorted(moved, key=lambda m: -abs(m.shift))),
                   tuple(" ".join(key) for key in keys[0] if key not in keys[1]),
                   tuple(" ".join(key) for key in keys[1] if key not in keys[0]), _redated(dates))


def _keys(schedule: Schedule) -> dict[tuple[str, str], int]:
    """Operations by lot id and name."""
    return {(schedule.lots.id[lot], schedule.names[name]): i
            for i, (lot, name) in enumerate(zip(schedule.lot.tolist(), schedule.name.tolist()))}


def _redated(dates: tuple[Dates, Dates]) -> tuple[Redated, ...]:
    """Orders with another delivery, the largest change first; -1 where a schedule does not have the order."""
    none = (-1, -1)
    names = dict.fromkeys((*dates[0], *dates[1]))
    found = []
    for name in names:
        a, b = dates[0].get(name, none), dates[1].get(name, none)
        if a[0] != b[0]:
            found.append(Redated(name, (a[0], b[0]), (a[1], b[1])))
    return tuple(sorted(found, key=lambda r: -abs(r.delivery[1] - r.delivery[0])))


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found.update(_flat(value, f"{prefix}{name}/") if isinstance(value, dict) else {prefix + name: value})
    return found
