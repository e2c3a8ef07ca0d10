"""Working time as a schedule has it: with the overtime it bought, at the speeds of the time, while crews are there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np

from scheduler.domain.plant import Crew
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.shifts import (
    OvertimeSlot,
    Spans,
    crew_spans,
    overtimes,
    resource_spans,
    unattended_spans,
)
from scheduler.domain.timeaxis import subtract
from scheduler.evaluation.floor import Calendar

NORMAL = 100
Needs = tuple[tuple[str, int], ...]
"""(crew, people) that must be there."""


def bought(scenario: Scenario, schedule: Schedule) -> dict[int, OvertimeSlot]:
    """The overtime a schedule opened, by its place in `overtimes`; what no calendar offers is left out."""
    slots, found = overtimes(scenario), {}
    for name, start, end in schedule.overtime:
        shared = [(min(end, s.end) - max(start, s.start), -i) for i, s in enumerate(slots) if s.calendar == name]
        most, place = max(shared, default=(0, 0))
        if most > 0:
            found[-place] = slots[-place]
    return found


class Track(Calendar):
    """Windows that may touch, each at a percentage of the normal speed. Work is in ticks of normal speed."""

    def __init__(self, starts: Sequence[int], ends: Sequence[int], rates: Sequence[int]):
        super().__init__(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))
        self.rates = list(rates)

    def finish(self, start: int, work: int, pause: bool) -> int | None:
        """End of an operation that starts then; None where it may not start or has no time to end."""
        i = bisect_left(self.ends, start) if not work else bisect_right(self.ends, start)
        if i == len(self.ends) or self.starts[i] > start:
            return None
        at, left = start, work * NORMAL
        while left > 0:
            if i == len(self.ends) or (self.starts[i] > at and not pause):
                return None
            at = max(at, self.starts[i])
            here = (self.ends[i] - at) * self.rates[i]
            if here >= left:
                return at - (-left // self.rates[i])
            left, at, i = left - here, self.ends[i], i + 1
        return at

    def first(self, tick: int, work: int, pause: bool, latest: int) -> int:
        """First start from `tick` on at which the operation can run; `latest` where it is not before that."""
        for i in range(bisect_left(self.ends, tick), len(self.ends)):
            begin = max(tick, self.starts[i])
            if begin >= latest:
                break
            if self.finish(begin, work, pause) is not None:
                return begin
        return latest

    def open(self, start: int, end: int) -> list[tuple[int, int]]:
        """Open stretches inside [start, end); windows that touch are one."""
        found: list[tuple[int, int]] = []
        for a, b, is_open in self.pieces(start, end) if end > start else ():
            if is_open:
                if found and found[-1][1] == a:
                    found[-1] = (found[-1][0], b)
                else:
                    found.append((a, b))
        return found

    def opened(self, start: int, end: int) -> int:
        """Open ticks inside [start, end)."""
        return sum(b - a for a, b in self.open(start, end))

    def back(self, end: int, ticks: int) -> int:
        """Last tick with so many open ticks between it and `end`; 0 where there are not so many."""
        if not ticks:
            return end
        for i in range(bisect_left(self.starts, end) - 1, -1, -1):
            here = min(end, self.ends[i]) - self.starts[i]
            if here >= ticks:
                return min(end, self.ends[i]) - ticks
            ticks -= here
        return 0


class Openings:
    """Tracks of one schedule, made when asked for: of resources, of their reconfigurations, of crews."""

    def __init__(self, scenario: Scenario, schedule: Schedule, horizon: int):
        self.scenario, self.horizon = scenario, horizon
        self.bought = bought(scenario, schedule)
        self.offered = overtimes(scenario)
        self._known: dict[object, Track] = {}
        self._crews: dict[str, Track] = {}

    def _track(self, spans: Spans, least: int = 1) -> Track:
        there = np.array([(k < 0 or k in self.bought) and v >= least
                          for v, k in zip(spans.value.tolist(), spans.overtime.tolist())], dtype=bool)
        return Track(spans.start[there].tolist(), spans.end[there].tolist(), spans.value[there].tolist())

    def resource(self, r: int) -> Track:
        """When resource r works."""
        resource = self.scenario.resources[r]
        key = self._key(resource)
        if key not in self._known:
            self._known[key] = self._track(resource_spans(self.scenario, resource, self.horizon))
        return self._known[key]

    def _key(self, resource: Resource) -> object:
        speeds = self.scenario.plant.cells[resource.cell].resources[resource.id].speeds
        return resource.calendar, resource.closures, resource.available_from, speeds

    def crew(self, name: str) -> Track:
        """When a crew works; the rates are the people there."""
        if name not in self._crews:
            crew = self.scenario.plant.crews.get(name, Crew(skills={"": NORMAL}, people=1))
            self._crews[name] = self._track(crew_spans(self.scenario, crew, self.horizon))
        return self._crews[name]

    def staffed(self, name: str, people: int) -> Track:
        """When so many of a crew are there."""
        key = ("crew", name, people)
        if key not in self._known:
            full = self.crew(name)
            rows = [i for i, there in enumerate(full.rates) if there >= people]
            self._known[key] = Track([full.starts[i] for i in rows], [full.ends[i] for i in rows], [NORMAL] * len(rows))
        return self._known[key]

    def run(self, r: int, needs: Needs) -> Track:
        """When resource r works and these crews are there."""
        key = (self._key(self.scenario.resources[r]), needs)
        if key not in self._known:
            self._known[key] = both(self.resource(r), (self.staffed(*need) for need in needs))
        return self._known[key]

    def setup(self, r: int, needs: Needs) -> Track:
        """When resource r may be reconfigured by these crews."""
        resource = self.scenario.resources[r]
        key = (self._key(resource), resource.cell, needs, "setup")
        if key not in self._known:
            found = self.resource(r)
            if not self.scenario.plant.cells[resource.cell].reconfiguration.unattended:
                alone = zip(*(c.tolist() for c in unattended_spans(self.scenario, resource, self.horizon)))
                left = subtract(np.array(found.starts), np.array(found.ends), list(alone))
                found = Track(left[0].tolist(), left[1].tolist(), [NORMAL] * len(left[0]))
            self._known[key] = both(found, (self.staffed(*need) for need in needs))
        return self._known[key]


def both(track: Track, others: Iterable[Track]) -> Track:
    """The time in all of the tracks, at the rates of the first."""
    starts, ends, rates = track.starts, track.ends, track.rates
    for other in others:
        parts: list[tuple[int, int, int]] = []
        j = 0
        for a, b, rate in zip(starts, ends, rates):
            while j < len(other.ends) and other.ends[j] <= a:
                j += 1
            k = j
            while k < len(other.ends) and other.starts[k] < b:
                parts.append((max(a, other.starts[k]), min(b, other.ends[k]), rate))
                k += 1
        starts, ends, rates = ([p[i] for p in parts] for i in range(3))
    return Track(starts, ends, rates)
