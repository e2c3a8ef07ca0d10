"""The floor: a schedule indexed for questions about what stood before an operation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES, Schedule
from scheduler.evaluation.recipes import Recipe, recipes
from scheduler.evaluation.sequence import sequence
from scheduler.planning.template import Way

LOT = SOURCES.index("lot")


class Ready(NamedTuple):
    """Something an operation waits for: from `tick` on it could start. before: the operation that ended then (plus
    transport), -1: none; component: what arrived then, '' where nothing was bought; else it is the release."""

    tick: int
    before: int = -1
    component: str = ""


class Calendar:
    """Open windows [start, end) of one resource."""

    def __init__(self, starts: np.ndarray, ends: np.ndarray):
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = ends.tolist()

    def after(self, tick: int, work: int) -> int | None:
        """First tick with `work` open ticks between `tick` and it; None where the calendar ends before."""
        if not work:
            return tick
        for i in range(bisect_right(self.ends, tick), len(self.ends)):
            begin = max(tick, self.starts[i])
            if begin + work <= self.ends[i]:
                return begin + work
            work -= self.ends[i] - begin
        return None

    def fit(self, tick: int, length: int, latest: int) -> int:
        """First start from `tick` on at which `length` ticks fit one window; `latest` where it is not before that."""
        for i in range(bisect_left(self.ends, tick), len(self.ends)):
            begin = max(tick, self.starts[i])
            if begin >= latest:
                break
            if begin + length <= self.ends[i]:
                return begin
        return latest

    def pieces(self, start: int, end: int) -> list[tuple[int, int, bool]]:
        """[start, end) cut into (from, to, open), in order."""
        found, at = [], start
        for i in range(bisect_right(self.ends, start), len(self.ends)):
            if self.starts[i] >= end:
                break
            if self.starts[i] > at:
                found.append((at, self.starts[i], False))
            found.append((max(at, self.starts[i]), min(end, self.ends[i]), True))
            at = min(end, self.ends[i])
        if at < end:
            found.append((at, end, False))
        return found


class Floor:
    """A schedule with its columns as lists, for walking from operation to operation.

    previous: operation before on the resource (-1: none); time: ticks of the reconfiguration before it; order_on:
    operations by resource, then sequence; rank: where they stand in it; first_on: where each resource begins.
    Operations, lots, orders and resources are numbered as in the schedule and the scenario.
    """

    def __init__(self, scenario: Scenario, schedule: Schedule):
        self.scenario, self.schedule = scenario, schedule
        run = sequence(scenario, schedule)
        self.previous: list[int] = run.previous.tolist()
        self.time: list[int] = run.time.tolist()
        self.order_on: list[int] = run.order.tolist()
        self.rank: list[int] = run.rank.tolist()
        self.first_on: list[int] = np.searchsorted(schedule.resource[run.order],
                                                   np.arange(len(scenario.resources))).tolist()
        self.start: list[int] = schedule.start.tolist()
        self.end: list[int] = schedule.end.tolist()
        self.begun: list[int] = np.minimum(schedule.rec_start, schedule.start).tolist()
        self.lot: list[int] = schedule.lot.tolist()
        self.resource: list[int] = schedule.resource.tolist()
        self.name = [schedule.names[i] for i in schedule.name.tolist()]
        self.lot_order: list[int] = schedule.lots.order.tolist()
        self.release: list[int] = scenario.orders.release.tolist()
        self.variant: list[int] = scenario.orders.variant.tolist()
        self.transport: list[list[int]] = scenario.transport.tolist()
        self.at = {key: i for i, key in enumerate(zip(self.lot, self.name))}
        self._recipes = recipes(scenario)
        self._calendars: dict[int, Calendar] = {}
        self._last = int(schedule.end.max(initial=0)) + 1
        self._by_order = np.argsort(schedule.lots.order[schedule.lot], kind="stable")
        self._order_first = np.searchsorted(schedule.lots.order[schedule.lot][self._by_order],
                                            np.arange(len(scenario.orders) + 1)).tolist()
        self._pegs = np.argsort(schedule.pegs.consumer, kind="stable")
        self._peg_first = np.searchsorted(schedule.pegs.consumer[self._pegs],
                                          np.arange(len(self.lot_order) + 1)).tolist()

    def operations(self, order: int) -> list[int]:
        """Operations of all lots of an order."""
        found: list[int] = self._by_order[self._order_first[order]:self._order_first[order + 1]].tolist()
        return found

    def order(self, op: int) -> int:
        return self.lot_order[self.lot[op]]

    def pooled(self, lot: int) -> bool:
        """Whether a shared lot is one of a component that is pooled, or made for one."""
        part = self.scenario.catalog.components.get(self.schedule.lots.id[lot].split("/")[0].rpartition(":")[0])
        return self.lot_order[lot] < 0 and part is not None and part.pool is not None

    def released(self, lot: int) -> int:
        """When the order of a lot is released, of a pooled lot the last of its orders, of another shared lot tick 0."""
        if self.lot_order[lot] >= 0:
            return self.release[self.lot_order[lot]]
        if not self.pooled(lot):
            return 0
        ids, pegs = self.schedule.lots.id, self.schedule.pegs
        root = ids.index(ids[lot].split("/")[0])
        return max((self.release[j] for j in pegs.order[pegs.lot == root].tolist() if j >= 0), default=0)

    def calendar(self, resource: int) -> Calendar:
        if resource not in self._calendars:
            spec = self.scenario.resources[resource]
            self._calendars[resource] = Calendar(*self.scenario.windows(spec, self._last))
        return self._calendars[resource]

    def ready(self, op: int) -> list[Ready]:
        """What the operation had to wait for, its resource and its calendar aside; the last to come first.

        Of those that came at the same tick an operation is first and the release last.
        """
        lot = self.lot[op]
        recipe = self._recipe(lot)
        found = [Ready(self.released(lot))]
        if recipe is None:
            return found
        needs = recipe.needs.get(self.name[op], ())
        befores = [self.at.get((lot, name), -1) for name in recipe.before.get(self.name[op], ())]
        for p in self._pegs[self._peg_first[lot]:self._peg_first[lot + 1]].tolist() if needs else ():
            component, supplier = self.schedule.pegs.component[p], int(self.schedule.pegs.lot[p])
            if component not in needs:
                continue
            available = int(self.schedule.pegs.available[p])
            if available >= 0:
                found.append(Ready(available, component=component))
            elif supplier >= 0 and self.schedule.pegs.source[p] == LOT:
                made = self._recipe(supplier)
                befores += [self.at.get((supplier, name), -1) for name in (made.sinks if made else ())]
        found += [Ready(self.end[p] + self.carry(p, op), p) for p in befores if p >= 0]
        return sorted(found, key=lambda r: (-r.tick, r.before < 0, not r.component))

    def ways(self, op: int) -> tuple[Way, ...]:
        """The modes of an operation, for any quantity."""
        recipe = self._recipe(self.lot[op])
        return recipe.ways.get(self.name[op], ()) if recipe else ()

    def carry(self, before: int, after: int) -> int:
        """Ticks of transport from the resource of one operation to that of another."""
        places = self.scenario.resources
        return self.transport[places[self.resource[before]].location][places[self.resource[after]].location]

    def _recipe(self, lot: int) -> Recipe | None:
        order = self.lot_order[lot]
        return self._recipes.of(self.scenario, self.variant[order] if order >= 0 else -1, self.schedule.lots.item[lot])
