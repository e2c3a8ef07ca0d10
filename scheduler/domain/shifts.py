"""When resources and crews work where there is overtime, speed or absence: columns of touching, disjoint intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.plant import Availability, CalendarSpec, Crew
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.timeaxis import TimeAxis, expand, merge, subtract


class OvertimeSlot(NamedTuple):
    """One entry of a calendar's overtime: [start, end) in whole ticks (inwards), cost in hundredths."""

    calendar: str
    start: int
    end: int
    cost: int


class Spans(NamedTuple):
    """Disjoint intervals [start, end) in ticks, sorted; they may touch. overtime: index into `overtimes` of what must
    be bought for them to be open, -1: nothing. value: what they carry (percent of speed, or people)."""

    start: np.ndarray
    end: np.ndarray
    value: np.ndarray
    overtime: np.ndarray

    def at(self, ticks: np.ndarray) -> np.ndarray:
        """Index of the interval each tick lies in, -1 where it lies in none."""
        if not len(self.start):
            return np.full(len(ticks), -1, dtype=np.int64)
        found = np.searchsorted(self.start, ticks, side="right") - 1
        return np.where((found >= 0) & (ticks < self.end[found]), found, -1)


def overtimes(scenario: Scenario) -> tuple[OvertimeSlot, ...]:
    """All overtime of the plant's calendars, calendar by calendar as listed: what `overtime` of Spans counts."""
    axis = scenario.axis
    return tuple(OvertimeSlot(name, axis.to_ticks(entry.start, up=True), axis.to_ticks(entry.end), entry.cost)
                 for name, spec in scenario.plant.calendars.items() for entry in spec.overtime)


def reach(spec: CalendarSpec | None, horizon: int) -> int:
    """The horizon, or NEVER for a calendar without weekly shifts, which needs none."""
    return int(NEVER) if spec is None or spec.weekly is None else horizon


def calendar_spans(scenario: Scenario, name: str | None, horizon: int) -> Spans:
    """Open time of a calendar and its overtime, value 100, up to the horizon (tick).

    Overtime opens only what is closed; where entries overlap, the first listed has it.
    """
    spec = scenario.plant.calendars[name] if name else None
    start, end = expand(spec, (), scenario.axis, reach(spec, horizon))
    return _with_overtime(scenario, name, start, end, horizon)


def _with_overtime(scenario: Scenario, name: str | None, start: np.ndarray, end: np.ndarray, horizon: int) -> Spans:
    """The windows with the overtime of a calendar laid into the gaps of that calendar."""
    parts = [(start, end, np.full(len(start), -1, dtype=np.int64))]
    spec = scenario.plant.calendars[name] if name else None
    slots = [(i, slot) for i, slot in enumerate(overtimes(scenario)) if slot.calendar == name] if spec else []
    if slots:
        last = max(slot.end for _, slot in slots)
        opened = expand(spec, (), scenario.axis, reach(spec, max(horizon, last)))
        for i, slot in slots:
            piece = np.array([max(0, slot.start)]), np.array([min(slot.end, reach(spec, horizon))])
            near = (opened[0] < slot.end) & (opened[1] > slot.start)
            piece = subtract(*merge(*piece), list(zip(opened[0][near].tolist(), opened[1][near].tolist())))
            parts.append((*piece, np.full(len(piece[0]), i, dtype=np.int64)))
            opened = merge(np.append(opened[0], slot.start), np.append(opened[1], slot.end))
    start, end, overtime = (np.concatenate(columns).astype(np.int64) for columns in zip(*parts))
    order = np.argsort(start, kind="stable")
    return Spans(start[order], end[order], np.full(len(order), 100, dtype=np.int64), overtime[order])


def resource_spans(scenario: Scenario, resource: Resource, horizon: int) -> Spans:
    """Working time of a resource with the overtime of its calendar; value: percent of its normal speed.

    Its own maintenance and available_from close overtime too; where speed periods overlap, the last listed counts.
    """
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    start, end = scenario.windows(resource, reach(spec, horizon))
    spans = _with_overtime(scenario, resource.calendar, start, end, horizon)
    axis = scenario.axis
    if (spans.overtime >= 0).any():
        closed = [(axis.to_ticks(c.start), axis.to_ticks(c.end, up=True)) for c in resource.closures]
        closed.append((-1, resource.available_from))
        spans = cut(spans, [tick for ends in closed for tick in ends])
        open_ = ~np.any([(spans.start >= a) & (spans.start < b) for a, b in closed], axis=0)
        spans = Spans(*(column[open_] for column in spans))
    for period in scenario.plant.cells[resource.cell].resources[resource.id].speeds:
        a, b = axis.to_ticks(period.start), axis.to_ticks(period.end)
        spans = cut(spans, [a, b])
        spans.value[(spans.start >= a) & (spans.start < b)] = period.percent
    return joined(spans)


def unattended_spans(scenario: Scenario, resource: Resource, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of the unattended shifts of a resource's calendar, up to the horizon (tick)."""
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    if spec is None or not spec.unattended:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return expand(CalendarSpec(weekly=spec.unattended), (), scenario.axis, horizon)


def crew_spans(scenario: Scenario, crew: Crew, horizon: int) -> Spans:
    """When a crew works; value: people there.

    While any of its shifts is open, the people of the open shifts. Else the first listed shift with overtime then
    brings its people if that is bought, and so do the other shifts on the same calendar. During `changes` at most so
    many of these are there.
    """
    shifts: list[tuple[str | None, int]] = [(s.calendar, s.people) for s in crew.shifts]
    shifts = shifts or [(crew.calendar, crew.people)]
    spans = [calendar_spans(scenario, name, horizon) for name, _ in shifts]
    edges = np.unique(np.concatenate([column for s in spans for column in (s.start, s.end)]
                                     + [np.array(_bounds(scenario.axis, crew.changes), dtype=np.int64)]))
    start, end = edges[:-1], edges[1:]
    people, overtime = np.zeros(len(start), dtype=np.int64), np.full(len(start), -1, dtype=np.int64)
    found = [s.at(start) for s in spans]
    bought = [np.where(at >= 0, s.overtime[at], -1) if len(s.start) else at for s, at in zip(spans, found)]
    for at, slot, (_, number) in zip(found, bought, shifts):
        people += np.where((at >= 0) & (slot < 0), number, 0)
    idle = people == 0
    for slot in bought:
        overtime = np.where(idle & (overtime < 0), slot, overtime)
    for slot, (_, number) in zip(bought, shifts):
        people += np.where(idle & (slot >= 0) & (slot == overtime), number, 0)
    for change in crew.changes:
        a, b = _bounds(scenario.axis, (change,))
        during = (start >= a) & (start < b)
        people[during] = np.minimum(people[during], change.number)
    there = people > 0
    return joined(Spans(start[there], end[there], people[there], overtime[there]))


def numbers(axis: TimeAxis, number: int, changes: Sequence[Availability]) -> tuple[np.ndarray, np.ndarray]:
    """(time, number): how many there are from each tick until the next, from tick 0; the last listed change counts."""
    time = np.unique(np.maximum(0, np.array([0, *_bounds(axis, changes)], dtype=np.int64)))
    there = np.full(len(time), number, dtype=np.int64)
    for change in changes:
        a, b = _bounds(axis, (change,))
        there[(time >= a) & (time < b)] = change.number
    return time, there


def _bounds(axis: TimeAxis, changes: Sequence[Availability]) -> list[int]:
    """Start and end ticks of changes, rounded outwards."""
    return [tick for c in changes for tick in (axis.to_ticks(c.start), axis.to_ticks(c.end, up=True))]


def cut(spans: Spans, ticks: Sequence[int]) -> Spans:
    """The same intervals, none of which has any of the ticks inside."""
    edges = np.unique(np.concatenate((spans.start, spans.end, np.array(ticks, dtype=np.int64))))
    at = spans.at(edges[:-1])
    there = at >= 0
    return Spans(edges[:-1][there], edges[1:][there], spans.value[at[there]], spans.overtime[at[there]])


def joined(spans: Spans) -> Spans:
    """Intervals that touch and agree made one."""
    start, end, value, overtime = spans
    if not len(start):
        return spans
    first = np.concatenate(([True], (start[1:] > end[:-1]) | (value[1:] != value[:-1])
                            | (overtime[1:] != overtime[:-1])))
    last = np.concatenate((first[1:], [True]))
    return Spans(start[first], end[last], value[first], overtime[first])
