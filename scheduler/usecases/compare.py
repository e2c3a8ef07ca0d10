"""Schedules side by side: their key figures, and what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.domain.results import Costs, KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs
from scheduler.evaluation.kpis import kpis


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


def compare(scenario: Scenario, schedules: Sequence[Schedule], labels: Sequence[str]) -> Comparison:
    """Key figures of each schedule and what moved between the first and each other one.

    All must be schedules of `scenario`. Raises ValueError where there is not one label per schedule.
    """
    if len(labels) != len(schedules):
        raise ValueError(f"{len(schedules)} schedules but {len(labels)} labels; give one label for each")
    priced = [costs(scenario, schedule) for schedule in schedules]
    figures = tuple(kpis(scenario, schedule, cost) for schedule, cost in zip(schedules, priced))
    changes = tuple(_changes(scenario, label, (schedules[0], schedule), (priced[0], cost))
                    for label, schedule, cost in list(zip(labels, schedules, priced))[1:])
    return Comparison(tuple(labels), figures, changes)


def _changes(scenario: Scenario, label: str, pair: tuple[Schedule, Schedule], priced: tuple[Costs, Costs]) -> Changes:
    first, other = pair
    keys = [_keys(schedule) for schedule in pair]
    matches = [(i, keys[1][key]) for key, i in keys[0].items() if key in keys[1]]
    a, b = np.array(matches, dtype=np.int64).reshape(-1, 2).T
    differs = (first.start[a] != other.start[b]) | (first.resource[a] != other.resource[b]) | (
        first.mode[a] != other.mode[b]) | (first.configuration[a] != other.configuration[b])
    moved = []
    for i, j in zip(a[differs].tolist(), b[differs].tolist()):
        rows = first.row(i), other.row(j)
        moved.append(Moved(rows[0].lot, rows[0].operation, (rows[0].resource, rows[1].resource),
                           (rows[0].configuration, rows[1].configuration), (rows[0].mode, rows[1].mode),
                           (rows[0].start, rows[1].start)))
    return Changes(label, len(matches) - len(moved), tuple(sorted(moved, key=lambda m: -abs(m.shift))),
                   tuple(" ".join(key) for key in keys[0] if key not in keys[1]),
                   tuple(" ".join(key) for key in keys[1] if key not in keys[0]), _redated(scenario, priced))


def _keys(schedule: Schedule) -> dict[tuple[str, str], int]:
    """Operations by lot id and name."""
    return {(schedule.lots.id[lot], schedule.names[name]): i
            for i, (lot, name) in enumerate(zip(schedule.lot.tolist(), schedule.name.tolist()))}


def _redated(scenario: Scenario, priced: tuple[Costs, Costs]) -> tuple[Redated, ...]:
    """Orders with another delivery, the largest change first."""
    before, after = (cost.delivery for cost in priced)
    due = scenario.orders.due
    late = [np.where(d >= 0, np.maximum(0, d - due), 0) for d in (before, after)]
    found = [Redated(scenario.orders.id[j], (int(before[j]), int(after[j])), (int(late[0][j]), int(late[1][j])))
             for j in np.flatnonzero(before != after).tolist()]
    return tuple(sorted(found, key=lambda r: -abs(r.delivery[1] - r.delivery[0])))


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found.update(_flat(value, f"{prefix}{name}/") if isinstance(value, dict) else {prefix + name: value})
    return found
