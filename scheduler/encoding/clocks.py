"""Calendars of problems with rules: working time of a resource while the crews it needs are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scheduler.domain.plant import SpeedPeriod
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.shifts import Spans, crew_spans, resource_spans, unattended_spans
from scheduler.problem.problem import FAR

CrewNeeds = tuple[tuple[int, int], ...]
"""(crew, people) that must be there, in the order of plant.crews."""


class Windows(NamedTuple):
    """Disjoint windows [start, end), sorted; they may touch. rate: units of work per tick; bought: index into
    `Clocks.sets` of the overtimes that must be bought."""

    start: np.ndarray
    end: np.ndarray
    rate: np.ndarray
    bought: np.ndarray


class Calendars(NamedTuple):
    """The windows of calendar k are first[k] to first[k + 1]; work: units of work before the window. The overtimes of
    window w are overtime[overtime_first[w] : overtime_first[w + 1]]."""

    first: np.ndarray
    start: np.ndarray
    end: np.ndarray
    work: np.ndarray
    rate: np.ndarray
    overtime_first: np.ndarray
    overtime: np.ndarray


class Clocks:
    """Makes calendars up to a horizon (tick) and numbers those that differ. pace: units per tick at normal speed."""

    def __init__(self, scenario: Scenario, horizon: int):
        self.scenario, self.horizon = scenario, horizon
        self.crews = list(scenario.plant.crews.values())
        self.pace = 100 if any(_speeds(scenario, r) for r in scenario.resources) else 1
        self.sets: list[tuple[int, ...]] = [()]
        self._set_index: dict[tuple[int, ...], int] = {(): 0}
        self._known: dict[object, Windows] = {}
        self._crews: dict[int, Spans] = {}
        self._index: dict[tuple[bytes, ...], int] = {}
        self._all: list[Windows] = []

    def crew(self, crew: int) -> Spans:
        """When a crew works, and how many of it."""
        if crew not in self._crews:
            self._crews[crew] = crew_spans(self.scenario, self.crews[crew], self.horizon)
        return self._crews[crew]

    def run(self, r: int, needs: CrewNeeds) -> Windows:
        """When resource r works and these crews are there."""
        resource = self.scenario.resources[r]
        key = (resource.calendar, resource.closures, resource.available_from, _speeds(self.scenario, resource))
        if key not in self._known:
            self._known[key] = self._open(resource_spans(self.scenario, resource, self.horizon))
        return self._with_crews(self._known[key], key, needs)

    def setup(self, r: int, needs: CrewNeeds) -> Windows:
        """When resource r may be reconfigured by these crews."""
        resource, found = self.scenario.resources[r], self.run(r, ())
        key = (resource.calendar, resource.closures, resource.available_from, _speeds(self.scenario, resource))
        if self.scenario.plant.cells[resource.cell].reconfiguration.unattended:
            return self._with_crews(found, key, needs)
        closed = unattended_spans(self.scenario, resource, self.horizon)
        if not len(closed[0]):
            return self._with_crews(found, key, needs)
        if (attended := (*key, "attended")) not in self._known:
            zero = np.zeros(len(closed[0]), dtype=np.int64)
            edges, own, hole = _pieces(found, Windows(*closed, zero, zero))
            there = (own >= 0) & (hole < 0)
            self._known[attended] = _joined(Windows(edges[:-1][there], edges[1:][there], found.rate[own[there]],
                                                    found.bought[own[there]]))
        return self._with_crews(self._known[attended], attended, needs)

    def always(self) -> Windows:
        """Open without end."""
        zero = np.zeros(1, dtype=np.int64)
        return Windows(zero, zero + FAR, zero + self.pace, zero)

    def number(self, windows: Windows) -> int:
        """The calendar with these windows."""
        key = tuple(column.tobytes() for column in windows)
        if key not in self._index:
            self._index[key] = len(self._all)
            self._all.append(windows)
        return self._index[key]

    def unbought(self, windows: Windows, crew: int) -> bool:
        """Whether some window reaches into overtime of a crew without asking that it be bought."""
        spans = self.crew(crew)
        extra = spans.overtime >= 0
        if not extra.any():
            return False
        theirs = Windows(spans.start[extra], spans.end[extra], spans.value[extra], spans.overtime[extra])
        _, own, other = _pieces(windows, theirs)
        both = (own >= 0) & (other >= 0)
        return any(slot not in self.sets[s] for s, slot in set(zip(
            windows.bought[own[both]].tolist(), theirs.bought[other[both]].tolist())))

    def calendars(self) -> Calendars:
        """All calendars numbered so far."""
        works = []
        for windows in self._all:
            work = np.zeros(len(windows.start), dtype=np.int64)
            np.cumsum(((windows.end - windows.start) * windows.rate)[:-1], out=work[1:])
            works.append(work)
        start, end, rate, bought = (np.concatenate(columns).astype(np.int64) for columns in zip(*self._all))
        counts = np.array([len(self.sets[s]) for s in bought.tolist()], dtype=np.int64)
        overtime = np.array([i for s in bought.tolist() for i in self.sets[s]], dtype=np.int64)
        return Calendars(offsets([len(windows.start) for windows in self._all]), start, end, np.concatenate(works),
                         rate, offsets(counts), overtime)

    def _with_crews(self, windows: Windows, key: tuple[object, ...], needs: CrewNeeds) -> Windows:
        for k in range(1, len(needs) + 1):
            if (longer := (*key, needs[:k])) not in self._known:
                crew, people = needs[k - 1]
                spans = self.crew(crew)
                enough = spans.value >= people
                self._known[longer] = self._both(windows, self._open(Spans(*(c[enough] for c in spans))))
            windows = self._known[longer]
        return windows

    def _open(self, spans: Spans) -> Windows:
        """Windows of spans whose value is a percentage of the normal speed (crews: of no use)."""
        codes = {i: self._code((i,)) for i in np.unique(spans.overtime).tolist() if i >= 0} | {-1: 0}
        return _joined(Windows(spans.start, spans.end, spans.value * self.pace // 100,
                               np.array([codes[i] for i in spans.overtime.tolist()], dtype=np.int64)))

    def _both(self, windows: Windows, crew: Windows) -> Windows:
        edges, own, other = _pieces(windows, crew)
        there = (own >= 0) & (other >= 0)
        a, b = windows.bought[own[there]], crew.bought[other[there]]
        pairs, which = np.unique(a * len(self.sets) + b, return_inverse=True)
        size = len(self.sets)
        codes = [self._code(tuple(sorted({*self.sets[p // size], *self.sets[p % size]}))) for p in pairs.tolist()]
        return _joined(Windows(edges[:-1][there], edges[1:][there], windows.rate[own[there]],
                               np.array(codes, dtype=np.int64)[which.reshape(-1)]))

    def _code(self, ids: tuple[int, ...]) -> int:
        if ids not in self._set_index:
            self._set_index[ids] = len(self.sets)
            self.sets.append(ids)
        return self._set_index[ids]


def offsets(counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """0 and the running sums of the counts."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _speeds(scenario: Scenario, resource: Resource) -> tuple[SpeedPeriod, ...]:
    return scenario.plant.cells[resource.cell].resources[resource.id].speeds


def _pieces(a: Windows, b: Windows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(edges, index in a, index in b) of the pieces between all edges, -1 where the piece lies outside."""
    edges = np.unique(np.concatenate((a.start, a.end, b.start, b.end)))
    return edges, _at(a, edges[:-1]), _at(b, edges[:-1])


def _at(windows: Windows, ticks: np.ndarray) -> np.ndarray:
    if not len(windows.start):
        return np.full(len(ticks), -1, dtype=np.int64)
    found = np.searchsorted(windows.start, ticks, side="right") - 1
    return np.where((found >= 0) & (ticks < windows.end[found]), found, -1)


def _joined(windows: Windows) -> Windows:
    """Windows that touch and agree made one."""
    start, end, rate, bought = windows
    if not len(start):
        return windows
    first = np.concatenate(([True], (start[1:] > end[:-1]) | (rate[1:] != rate[:-1]) | (bought[1:] != bought[:-1])))
    last = np.concatenate((first[1:], [True]))
    return Windows(start[first], end[last], rate[first], bought[first])


__all__ = ["Calendars", "Clocks", "CrewNeeds", "Windows", "offsets"]
