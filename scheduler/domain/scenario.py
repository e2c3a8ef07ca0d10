"""A scenario: plant, catalog, customers, policy and orders, with the resources resolved from their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from pydantic import Field

from scheduler.domain.catalog import Catalog
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry, Orders
from scheduler.domain.plant import Cell, Change, ChangeRule, Closure, Module, Plant
from scheduler.domain.policy import Customer, Policy, ValueClass
from scheduler.domain.quantities import CENTS, MICRO, Duration, Model
from scheduler.domain.timeaxis import TimeAxis, expand

VERSION = 1
WINDOWS_KEPT = 256


class ScenarioFile(Model):
    """scenario.yaml: everything but the orders, which stand in orders.csv or here, and what happened on the floor,
    which stands in floor.csv or here. Nothing that has not happened yet starts before `now` (default: the origin)."""

    version: int = Field(ge=1, le=VERSION)
    name: str
    description: str = ""
    origin: datetime
    time_zone: str = "UTC"
    tick: Duration = 60_000
    currency: str = "EUR"
    plant: Plant
    catalog: Catalog = Catalog()
    value_classes: dict[str, ValueClass] = {}
    customers: dict[str, Customer] = {}
    policy: Policy = Policy()
    orders: tuple[OrderEntry, ...] | None = None
    now: datetime | None = None
    floor: tuple[FloorEntry, ...] | None = None


@dataclass(frozen=True)
class Resource:
    """A resource with all it takes from its cell. rate: millionths of a hundredth per tick."""

    id: str
    cell: str
    location: int
    calendar: str | None
    closures: tuple[Closure, ...]
    available_from: int
    rate: int
    configurations: tuple[str, ...]
    initial: int


@dataclass(frozen=True, eq=False)
class Scenario:
    """All that is known before scheduling. Locations are numbered as in `plant.locations`; -1 is none (no transport).

    `origin` is tick 0: nothing starts before it, and nothing but the facts in `floor` before tick `now`.
    """

    name: str
    axis: TimeAxis
    currency: str
    plant: Plant
    catalog: Catalog
    value_classes: dict[str, ValueClass]
    customers: dict[str, Customer]
    policy: Policy
    orders: Orders
    description: str = ""
    now: int = 0
    floor: tuple[FloorEntry, ...] = ()

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """All resources, cell by cell in the order of the plant."""
        found = []
        places = {name: i for i, name in enumerate(self.plant.locations)}
        for cell_name, cell in self.plant.cells.items():
            names = tuple(cell.all_configurations)
            for name, spec in cell.resources.items():
                cost = cell.hourly_cost if spec.hourly_cost is None else spec.hourly_cost
                start = spec.available_from
                location = spec.location or cell.location
                found.append(Resource(
                    id=name, cell=cell_name, location=places[location] if location else -1,
                    calendar=spec.calendar or cell.calendar, closures=spec.maintenance,
                    available_from=max(0, self.axis.to_ticks(start, up=True)) if start else 0,
                    rate=rate_per_tick(cost, 3_600_000, self.axis.tick), configurations=names,
                    initial=names.index(spec.initial_configuration) if spec.initial_configuration else -1))
        return tuple(found)

    @cached_property
    def transport(self) -> np.ndarray:
        """Transport times in ticks, [L, L] from row to column; add a last row and column of zeros for 'no location'
        (-1)."""
        n = len(self.plant.locations)
        spec = self.plant.transport
        table = np.zeros((n + 1, n + 1), dtype=np.int64)
        table[:n, :n] = self.axis.duration(spec.default)
        np.fill_diagonal(table, 0)
        places = {name: i for i, name in enumerate(self.plant.locations)}
        for entry in spec.times:
            a, b, ticks = places[entry.from_], places[entry.to], self.axis.duration(entry.time)
            table[a, b] = ticks
            if not entry.one_way:
                table[b, a] = ticks
        return table

    def windows(self, resource: Resource, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        """Open windows of a resource in ticks, within [available_from, horizon); read-only arrays."""
        key = (resource.calendar, resource.closures, resource.available_from, horizon)
        if key not in self._windows:
            spec = self.plant.calendars[resource.calendar] if resource.calendar else None
            found = expand(spec, resource.closures, self.axis, horizon, resource.available_from)
            for column in found:
                column.flags.writeable = False
            if len(self._windows) > WINDOWS_KEPT:
                self._windows.clear()
            self._windows[key] = found
        return self._windows[key]

    @cached_property
    def _windows(self) -> dict[tuple[str | None, tuple[Closure, ...], int, int], tuple[np.ndarray, np.ndarray]]:
        """Windows already expanded: resources of one cell mostly share theirs."""
        return {}


def rate_per_tick(cents: int, per_millis: int, tick: int) -> int:
    """Millionths of a hundredth per tick of an amount per `per_millis` milliseconds, rounded half up."""
    return (2 * cents * MICRO * tick + per_millis) // (2 * per_millis)


def round_micros(micros: np.ndarray | int) -> np.ndarray | int:
    """Hundredths of millionths of them, rounded half up: the one place where money is rounded."""
    return (micros + MICRO // 2) // MICRO


def changes(cell: Cell, axis: TimeAxis,
            modules: Mapping[str, Module] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Reconfiguration times in ticks and fixed costs in hundredths, [C, C], row before, column after.

    With `modules` (those of the plant), removing and installing them is included; times are rounded up once.
    """
    conf = cell.all_configurations
    swaps = _swaps(cell, modules or {})
    names = list(conf)
    n = len(names)
    spec = cell.reconfiguration
    time, cost = np.zeros((n, n), dtype=np.int64), np.zeros((n, n), dtype=np.int64)
    if spec.matrix is not None:
        raw = np.array(spec.matrix, dtype=np.int64).reshape(n, n)
        if swaps is not None:
            raw, cost = raw + swaps[0], swaps[1]
        time[:] = -(-raw // axis.tick)
        np.fill_diagonal(time, 0)
        return time, cost

    def side(want: str | dict[str, str] | None, name: str) -> bool:
        if want is None or isinstance(want, str):
            return want is None or want == name
        return all(conf[name].attributes.get(k) == v for k, v in want.items())

    def pick(a: str, b: str) -> tuple[int, int]:
        for rule in (*spec.pairs, *spec.rules):
            if side(rule.from_, a) and side(rule.to, b):
                return rule.time, rule.cost
        differ = [c for k, c in spec.attributes.items() if conf[a].attributes.get(k) != conf[b].attributes.get(k)]
        if differ:
            return sum(c.time for c in differ), sum(c.cost for c in differ)
        return spec.default.time, spec.default.cost

    for i, a in enumerate(names):
        for j, b in enumerate(names):
            if i != j:
                millis, cents = pick(a, b)
                if swaps is not None:
                    millis, cents = millis + int(swaps[0][i, j]), cents + int(swaps[1][i, j])
                time[i, j], cost[i, j] = axis.duration(millis), cents
    return time, cost


def _swaps(cell: Cell, modules: Mapping[str, Module]) -> np.ndarray | None:
    """[2, C, C]: milliseconds and hundredths of exchanging modules between configurations; None where there are
    none."""
    sets = [set(conf.modules) & set(modules) for conf in cell.all_configurations.values()]
    if not any(sets):
        return None
    found = np.zeros((2, len(sets), len(sets)), dtype=np.int64)
    for i, before in enumerate(sets):
        for j, after in enumerate(sets):
            done = [modules[m].remove for m in before - after] + [modules[m].install for m in after - before]
            found[:, i, j] = sum(c.time for c in done), sum(c.cost for c in done)
    return found


__all__ = ["CENTS", "MICRO", "VERSION", "Change", "ChangeRule", "Resource", "Scenario", "ScenarioFile", "changes",
           "rate_per_tick", "round_micros"]
