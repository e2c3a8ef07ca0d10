"""The longest open window of each resource, in ticks of work at normal speed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.plant import Crew
from scheduler.domain.quantities import DAY_MILLIS
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.shifts import Spans, crew_spans, cut, resource_spans

FOREVER = int(NEVER)
LOOK_AHEAD = 40 * DAY_MILLIS


def longest_windows(scenario: Scenario) -> list[int]:
    """Ticks of work in the longest open window of each resource, overtime bought and speeds counted: 0 where it is
    never open, FOREVER where it never closes.

    Weekly shifts repeat, so it is enough to look some weeks beyond the last closure.
    """
    known: dict[object, int] = {}
    found = []
    for resource in scenario.resources:
        speeds = scenario.plant.cells[resource.cell].resources[resource.id].speeds
        key = (resource.calendar, resource.closures, resource.available_from, speeds)
        if key not in known:
            known[key] = _longest(scenario, resource)
        found.append(known[key])
    return found


def longest_staffed(scenario: Scenario, resource: Resource, needs: Sequence[tuple[int, int]]) -> int:
    """The same while so many people of the crews are on shift. needs: (index of the crew, people)."""
    crews = list(scenario.plant.crews.values())
    horizon = _horizon(scenario, resource, [crews[crew] for crew, _ in needs])
    spans = resource_spans(scenario, resource, horizon)
    for crew, people in needs:
        there = crew_spans(scenario, crews[crew], horizon)
        spans = cut(spans, [*there.start.tolist(), *there.end.tolist()])
        at = there.at(spans.start)
        kept = at >= 0
        kept[kept] = there.value[at[kept]] >= people
        spans = Spans(*(column[kept] for column in spans))
    return _most_work(spans, horizon, scenario.axis.ticks_per_day)


def _longest(scenario: Scenario, resource: Resource) -> int:
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    speeds = scenario.plant.cells[resource.cell].resources[resource.id].speeds
    horizon = _horizon(scenario, resource, ())
    if speeds or (spec and spec.overtime):
        return _most_work(resource_spans(scenario, resource, horizon), horizon, scenario.axis.ticks_per_day)
    starts, stops = scenario.windows(resource, horizon)
    full = np.full(len(starts), 100, dtype=np.int64)
    return _most_work(Spans(starts, stops, full, full * 0 - 1), horizon, scenario.axis.ticks_per_day)


def _horizon(scenario: Scenario, resource: Resource, crews: Sequence[Crew]) -> int:
    """Some weeks beyond the last moment at which anything is not as every week."""
    axis, plant = scenario.axis, scenario.plant
    names = [resource.calendar, *(crew.calendar for crew in crews)]
    names += [shift.calendar for crew in crews for shift in crew.shifts]
    ends = [c.end for c in resource.closures] + [change.end for crew in crews for change in crew.changes]
    ends += [period.end for period in plant.cells[resource.cell].resources[resource.id].speeds]
    for spec in (plant.calendars[name] for name in names if name is not None):
        ends += [c.end for c in spec.maintenance] + [entry.end for entry in spec.overtime]
        ends += [datetime.combine(day, time()) for day in spec.holidays]
    last = max([resource.available_from, 0, *(axis.to_ticks(end, up=True) for end in ends)])
    return last + axis.duration(LOOK_AHEAD)


def _most_work(spans: Spans, horizon: int, day: float) -> int:
    """Ticks of work at normal speed in the best stretch of intervals that touch; a stretch that is still open at the
    horizon, and has been for more than a week, never closes."""
    if not len(spans.start):
        return 0
    ends = np.minimum(spans.end, horizon)
    first = np.concatenate(([True], spans.start[1:] > spans.end[:-1]))
    if ends[-1] >= horizon and ends[-1] - spans.start[first][-1] > 8 * day:
        return FOREVER
    work = np.bincount(np.cumsum(first) - 1, weights=np.maximum(0, ends - spans.start) * spans.value)
    return int(work.max()) // 100
