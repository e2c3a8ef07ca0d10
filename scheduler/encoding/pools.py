"""Pools: what is there in limited number, as steps over time, and which modes need how much of it when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.domain.shifts import Spans, numbers
from scheduler.encoding.clocks import Clocks, offsets
from scheduler.encoding.columns import Columns
from scheduler.encoding.floor import Floor, arrived
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.problem import FAR
from scheduler.problem.rules import HOLD, KEEP, LOAD, RUN, UNLOAD


class Pools:
    """All pools of a scenario, numbered as they are added. crew, fixture, module, stock, buffer: pool of each, in the
    order of the plant (stock: of Shop.stocked); jobs, vehicles: pool or -1."""

    def __init__(self, scenario: Scenario, shop: Shop, clocks: Clocks):
        plant, axis = scenario.plant, scenario.axis
        self.time: list[np.ndarray] = []
        self.capacity: list[np.ndarray] = []
        self._clocks = clocks
        self._shifts: dict[int, int] = {}
        self.crew = [self.add(*_people(clocks.crew(c))) for c in range(len(plant.crews))]
        self.fixture = [self.add(*numbers(axis, f.number, f.changes)) for f in plant.fixtures.values()]
        self.module = {name: self.constant(m.number) for name, m in plant.modules.items()}
        self.stock = [self.add(*arrived(scenario, name)) for name in shop.stocked]
        self.buffer = [self.constant(b.size) for b in plant.buffers.values()]
        self.jobs = -1 if plant.work_in_process is None else self.constant(plant.work_in_process)
        vehicles = plant.transport.vehicles
        self.vehicles = -1 if vehicles is None else self.constant(vehicles)

    def add(self, time: np.ndarray, capacity: np.ndarray) -> int:
        """A pool with these steps, the first at 0."""
        step = np.concatenate(([True], capacity[1:] != capacity[:-1]))
        self.time.append(time[step])
        self.capacity.append(capacity[step])
        return len(self.time) - 1

    def constant(self, capacity: int) -> int:
        return self.add(np.zeros(1, dtype=np.int64), np.array([capacity], dtype=np.int64))

    def shifts(self, crew: int) -> int:
        """Pool of the people of a crew in their shifts, overtime apart."""
        if crew not in self._shifts:
            spans = self._clocks.crew(crew)
            self._shifts[crew] = self.add(*_people(Spans(*(column[spans.overtime < 0] for column in spans))))
        return self._shifts[crew]

    def columns(self) -> dict[str, Any]:
        """pool_first, pool_time and pool_capacity of all pools added so far."""
        none = np.zeros(0, dtype=np.int64)
        return {"pool_first": offsets([len(time) for time in self.time]),
                "pool_time": np.concatenate((none, *self.time)),
                "pool_capacity": np.concatenate((none, *self.capacity))}


class Needs(NamedTuple):
    """What each mode needs: of mode m the entries first[m] to first[m + 1]."""

    first: np.ndarray
    pool: np.ndarray
    quantity: np.ndarray
    phase: np.ndarray


def needs(plan: Plan, shop: Shop, pools: Pools, floor: Floor, columns: Columns,
          guarded: Sequence[tuple[int, ...]]) -> Needs:
    """Needs of the modes that are left, in their order: crews, then fixtures, then stock.

    guarded: for each of columns.keys the crews whose overtime the mode's calendar knows nothing of; they load and
    unload there in their shifts only.
    """
    modes = np.flatnonzero(floor.kept)
    parts = [_crews(shop, pools, columns, guarded)]
    counts = np.diff(shop.fixture_first)[modes]
    entry = np.repeat(shop.fixture_first[modes] - offsets(counts)[:-1], counts) + np.arange(counts.sum())
    fixture = np.array(pools.fixture, dtype=np.int64)
    parts.append(np.array([np.repeat(np.arange(len(modes)), counts), fixture[shop.fixture[entry]],
                           shop.fixture_number[entry], np.where(shop.fixture_held[entry], HOLD, RUN)]))
    op = columns.op
    drawn = np.flatnonzero(shop.mode_source[modes] == SOURCES.index("stock"))
    stock = np.array(pools.stock, dtype=np.int64)
    parts.append(np.array([drawn, stock[shop.op_component[op[drawn]]], plan.pegs.quantity[shop.op_supply[op[drawn]]],
                           np.full(len(drawn), KEEP)]))
    mode, pool, quantity, phase = np.concatenate(parts, axis=1).astype(np.int64)
    order = np.argsort(mode, kind="stable")
    return Needs(offsets(np.bincount(mode, minlength=len(modes))), pool[order], quantity[order], phase[order])


def _crews(shop: Shop, pools: Pools, columns: Columns, guarded: Sequence[tuple[int, ...]]) -> np.ndarray:
    """[4, K]: mode, pool, people and phase of each need for a crew."""
    rows: list[list[tuple[int, int, int]]] = []
    for (r, team), shy in zip(columns.keys, guarded):
        wanted = shop.team_needs[team] if not (columns.supply and r == len(columns.unlimited) - 1) else ()
        rows.append([(pools.crew[c], people, phase) for c, people, phase in wanted]
                    + [(pools.shifts(c), people, phase) for c, people, phase in wanted
                       if phase in (LOAD, UNLOAD) and c in shy])
    listed = np.array([need for row in rows for need in row], dtype=np.int64).reshape(-1, 3)
    first = offsets([len(row) for row in rows])
    counts = np.diff(first)[columns.key]
    entry = np.repeat(first[:-1][columns.key] - offsets(counts)[:-1], counts) + np.arange(counts.sum())
    return np.concatenate((np.repeat(np.arange(len(counts)), counts)[None, :], listed[entry].T))


def _people(spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    """(time, people) from tick 0, nobody between the spans."""
    gap = np.ones(len(spans.end), dtype=bool)
    gap[:-1] = spans.end[:-1] < spans.start[1:]
    gap &= spans.end < FAR
    time = np.concatenate((spans.start, spans.end[gap]))
    people = np.concatenate((spans.value, np.zeros(int(gap.sum()), dtype=np.int64)))
    order = np.argsort(time, kind="stable")
    time, people = time[order], people[order]
    if not len(time) or time[0] > 0:
        time, people = np.concatenate(([0], time)), np.concatenate(([0], people))
    return time.astype(np.int64), people.astype(np.int64)
