"""Everything limited that operations share: crews, fixtures, modules, buffers, vehicles and orders in process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scheduler.domain.results import Pauses, PoolLoad
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.shifts import numbers
from scheduler.evaluation.matched import Matched
from scheduler.evaluation.opening import Openings, Track
from scheduler.evaluation.sequence import Sequence

PREPARE, LOAD, RUN, UNLOAD = range(4)
Key = tuple[str, str]
"""(kind, name) of a pool."""


class Load(NamedTuple):
    """`amount` of a pool in use in [start, end), by a row of the schedule."""

    start: int
    end: int
    amount: int
    row: int


class Blocked(NamedTuple):
    """[start, end) in which too little of a pool is left; rows: who has the rest; there: how many there are at all."""

    start: int
    end: int
    rows: tuple[int, ...]
    there: int


class Use(NamedTuple):
    """What a mode asks of crews: (crew, people, phase) of each need, and its tracks for run and preparation."""

    needs: tuple[tuple[str, int, int], ...]
    run: Track
    setup: Track


class Pools:
    """Who uses how much of what when, in a schedule with a shop beyond the plain one.

    leave: [n] tick at which each row leaves its resource; completion of orders counts their own rows only.
    """

    def __init__(self, scenario: Scenario, schedule: Schedule, found: Matched, run: Sequence, openings: Openings):
        self.scenario, self.schedule, self.found, self.openings = scenario, schedule, found, openings
        self.crews = list(scenario.plant.crews)
        self.fixtures = list(scenario.plant.fixtures)
        self.start, self.end = schedule.start.tolist(), schedule.end.tolist()
        self.begun = np.minimum(schedule.rec_start, schedule.start).tolist()
        self.leave = (schedule.end if schedule.leave is None else schedule.leave).tolist()
        self.uses = [self._use(i, m) for i, m in enumerate(found.mode.tolist())]
        self.loads: dict[Key, list[Load]] = defaultdict(list)
        for key, load in (*self._of_rows(), *self._holds(), *self._modules(run), *self._buffers(), *self._carries(),
                          *self._orders()):
            if load.end > load.start and load.amount:
                self.loads[key].append(load)
        self._arrays: dict[Key, np.ndarray] = {}

    def _use(self, row: int, mode: int) -> Use:
        r, shop = int(self.schedule.resource[row]), self.found.shop
        team = shop.team_needs[int(shop.mode_team[mode])] if mode >= 0 else ()
        needs = tuple((self.crews[crew], people, phase) for crew, people, phase in team)
        run, prepare = (tuple((crew, people) for crew, people, at in needs if at == phase) for phase in (RUN, PREPARE))
        return Use(needs, self.openings.run(r, run), self.openings.setup(r, prepare))

    def phases(self, row: int, phase: int) -> list[tuple[int, int]]:
        """Open stretches of a phase of a row."""
        mode, start, end = int(self.found.mode[row]), self.start[row], self.end[row]
        shop, track = self.found.shop, self.uses[row].run
        if phase == PREPARE:
            return self.uses[row].setup.open(int(self.schedule.rec_start[row]), int(self.schedule.rec_end[row]))
        if phase == LOAD:
            end = min(end, track.finish(start, int(shop.mode_load[mode]), True) or end)
        elif phase == UNLOAD:
            before = int(self.found.plan.mode_duration[mode]) - int(shop.mode_unload[mode])
            start = min(end, track.finish(start, before, True) or start)
        return track.open(start, end)

    def _of_rows(self) -> Iterator[tuple[Key, Load]]:
        shop = self.found.shop
        first, held = shop.fixture_first.tolist(), shop.fixture_held.tolist()
        for i, use in enumerate(self.uses):
            mode = int(self.found.mode[i])
            if mode < 0:
                continue
            for crew, people, phase in use.needs if self.found.leads[i] else ():
                for a, b in self.phases(i, phase):
                    yield ("crew", crew), Load(a, b, people, i)
            for k in range(first[mode], first[mode + 1]):
                key, number = ("fixture", self.fixtures[int(shop.fixture[k])]), int(shop.fixture_number[k])
                if held[k]:
                    yield key, Load(self.begun[i], self.end[i], number, i)
                elif self.found.leads[i]:
                    for a, b in self.phases(i, RUN):
                        yield key, Load(a, b, number, i)

    def _holds(self) -> Iterator[tuple[Key, Load]]:
        shop, row_of = self.found.shop, self.found.row_of.tolist()
        for fixture, number, a, b in zip(*(c.tolist() for c in (shop.hold_fixture, shop.hold_number, shop.hold_from,
                                                                shop.hold_to))):
            first, last = row_of[a], row_of[b]
            if first >= 0 and last >= 0:
                yield ("fixture", self.fixtures[fixture]), Load(self.begun[first], self.end[last], number, first)

    def _modules(self, run: Sequence) -> Iterator[tuple[Key, Load]]:
        plant, resources = self.scenario.plant, self.scenario.resources
        if not plant.modules:
            return
        mounted: dict[int, frozenset[str]] = {}
        since: dict[int, int] = {}
        tables = {name: [frozenset(c.modules) for c in cell.all_configurations.values()]
                  for name, cell in plant.cells.items()}
        for i in run.order.tolist():
            r = int(self.schedule.resource[i])
            sets, initial = tables[resources[r].cell], resources[r].initial
            before = mounted.get(r, sets[initial] if initial >= 0 else frozenset())
            wanted = sets[int(self.schedule.configuration[i])]
            for module in sorted(wanted):
                begin = since.get(r, 0) if module in before else self.begun[i]
                yield ("module", module), Load(min(begin, self.begun[i]), self.end[i], 1, i)
            mounted[r], since[r] = wanted, self.end[i]

    def _buffers(self) -> Iterator[tuple[Key, Load]]:
        plant, plan, row_of = self.scenario.plant, self.found.plan, self.found.row_of.tolist()
        between = {(spec.from_, spec.to): name for name, spec in plant.buffers.items()}
        cells = [self.scenario.resources[r].cell for r in self.schedule.resource.tolist()]
        for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist()) if between else ():
            first, then = row_of[a], row_of[b]
            if first >= 0 and then >= 0:
                name = between.get((cells[first], cells[then]))
                if name is not None:
                    yield ("buffer", name), Load(self.leave[first], self.start[then], 1, first)

    def _carries(self) -> Iterator[tuple[Key, Load]]:
        carries = self.schedule.carries
        if carries is not None:
            for row, a, b in zip(carries.before.tolist(), carries.start.tolist(), carries.end.tolist()):
                yield ("vehicle", ""), Load(a, b, 1, row)

    def _orders(self) -> Iterator[tuple[Key, Load]]:
        if self.scenario.plant.work_in_process is None:
            return
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for i, j in enumerate(self.schedule.lots.order[self.schedule.lot].tolist()):
            if j >= 0:
                first[j] = min(first.get(j, i), i, key=lambda k: self.start[k])
                last[j] = max(last.get(j, 0), self.end[i])
        for j, i in first.items():
            yield ("orders", ""), Load(self.start[i], last[j], 1, i)

    def capacity(self, key: Key, start: int, end: int) -> list[tuple[int, int]]:
        """(tick, how many there are from it on) within [start, end), the first at `start`."""
        kind, name = key
        plant = self.scenario.plant
        if kind == "crew":
            steps: list[tuple[int, int]] = []
            at = start
            track = self.openings.crew(name)
            for a, b, is_open in track.pieces(start, end) if end > start else ():
                steps.append((a, track.rates[np.searchsorted(track.starts, a, side="right") - 1] if is_open else 0))
                at = b
            return steps or [(at, 0)]
        if kind == "fixture":
            spec = plant.fixtures[name]
            time, there = numbers(self.scenario.axis, spec.number, spec.changes)
            first = int(np.searchsorted(time, start, side="right")) - 1
            return [(max(start, t), n) for t, n in zip(time[first:].tolist(), there[first:].tolist())
                    if t < max(end, start + 1)]
        if kind in ("module", "buffer"):
            return [(start, plant.modules[name].number if kind == "module" else plant.buffers[name].size)]
        number = plant.transport.vehicles if kind == "vehicle" else plant.work_in_process
        return [(start, 1 << 40 if number is None else number)]

    def blocked(self, key: Key, need: int, without: Collection[int], start: int, end: int) -> list[Blocked]:
        """Where fewer than `need` are left in [start, end) by others than the rows in `without`, in order."""
        if end <= start:
            return []
        if key not in self._arrays:
            self._arrays[key] = np.array([(a, b) for a, b, _, _ in self.loads[key]], dtype=np.int64).reshape(-1, 2)
        spans = self._arrays[key]
        near = [self.loads[key][k] for k in np.flatnonzero((spans[:, 0] < end) & (spans[:, 1] > start)).tolist()]
        near = [load for load in near if load.row not in without]
        steps = self.capacity(key, start, end)
        edges = sorted({start, end, *(t for t, _ in steps), *(max(start, x.start) for x in near),
                        *(min(end, x.end) for x in near)})
        found: list[Blocked] = []
        at = 0
        for a, b in pairwise(edges):
            while at + 1 < len(steps) and steps[at + 1][0] <= a:
                at += 1
            on = [x for x in near if x.start <= a < x.end]
            if sum(x.amount for x in on) + need > steps[at][1]:
                new = Blocked(a, b, tuple(x.row for x in on), steps[at][1])
                last = found[-1] if found else None
                if last and (last.end, set(last.rows), last.there) == (a, set(new.rows), new.there):
                    found[-1] = last._replace(end=b)
                else:
                    found.append(new)
        return found

    def series(self, end: int) -> tuple[PoolLoad, ...]:
        """Load and capacity of every pool in [0, end), crews first."""
        plant = self.scenario.plant
        keys = [("crew", n) for n in plant.crews] + [("fixture", n) for n in plant.fixtures]
        keys += [("module", n) for n in plant.modules] + [("buffer", n) for n in plant.buffers]
        keys += [("vehicle", "")] * (plant.transport.vehicles is not None)
        keys += [("orders", "")] * (plant.work_in_process is not None)
        return tuple(self._series(key, max(1, end)) for key in keys)

    def _series(self, key: Key, end: int) -> PoolLoad:
        steps, loads = self.capacity(key, 0, end), self.loads[key]
        edges = np.unique(np.array([0, end, *(t for t, _ in steps), *(min(end, t) for x in loads for t in x[:2])],
                                   dtype=np.int64))
        change = np.zeros(len(edges), dtype=np.int64)
        for x in loads:
            change[np.searchsorted(edges, min(end, x.start))] += x.amount
            change[np.searchsorted(edges, min(end, x.end))] -= x.amount
        there = np.array([n for _, n in steps], dtype=np.int64)
        at = np.searchsorted(np.array([t for t, _ in steps]), edges[:-1], side="right") - 1
        return PoolLoad(*key, edges, np.cumsum(change)[:-1], there[at])

    def pauses(self) -> Pauses:
        """Closed time inside rows of modes that pause."""
        rows: list[tuple[int, int, int]] = []
        for i in self._pausing():
            rows += [(i, a, b) for a, b, is_open in self.uses[i].run.pieces(self.start[i], self.end[i]) if not is_open]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Pauses(*table)

    def workers(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Of each row the crews that prepare it and those that load, run or unload it; of a row that the plan does not
        know all that it names."""
        found = []
        times = (self.schedule.rec_end - self.schedule.rec_start).tolist()
        teams = [()] * len(self.uses) if self.schedule.team is None else [
            self.schedule.teams[t] for t in self.schedule.team.tolist()]
        for i, use in enumerate(self.uses):
            prepare = [crew for crew, _, phase in use.needs if phase == PREPARE and times[i] > 0]
            run = [crew for crew, _, phase in use.needs if phase != PREPARE and self.end[i] > self.start[i]]
            run = run if self.found.mode[i] >= 0 else list(teams[i])
            found.append((tuple(dict.fromkeys(prepare)), tuple(dict.fromkeys(run))))
        return tuple(found)

    def _pausing(self) -> Iterable[int]:
        for i, mode in enumerate(self.found.mode.tolist()):
            if mode >= 0 and self.found.shop.mode_pause[mode] and self.end[i] > self.start[i]:
                yield i
