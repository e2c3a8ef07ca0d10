"""The longest open window of each resource, in ticks of work at normal speed."""

from __future__ import annotations

from datetime import datetime, time

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.quantities import DAY_MILLIS
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.shifts import Spans, resource_spans

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


def _longest(scenario: Scenario, resource: Resource) -> int:
    axis = scenario.axis
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    ends = [c.end for c in (*resource.closures, *(spec.maintenance if spec else ()))]
    ends += [datetime.combine(day, time()) for day in (spec.holidays if spec else ())]
    speeds = scenario.plant.cells[resource.cell].resources[resource.id].speeds
    ends += [period.end for period in speeds] + [entry.end for entry in (spec.overtime if spec else ())]
    last = max([resource.available_from, 0, *(axis.to_ticks(end, up=True) for end in ends)])
    horizon = last + axis.duration(LOOK_AHEAD)
    starts, stops = scenario.windows(resource, horizon)
    if not len(starts):
        return 0
    endless = stops[-1] >= horizon and stops[-1] - starts[-1] > 8 * axis.ticks_per_day
    if endless:
        return FOREVER
    if speeds or (spec and spec.overtime):
        return _most_work(resource_spans(scenario, resource, horizon))
    return int((stops - starts).max())


def _most_work(spans: Spans) -> int:
    """Ticks of work at normal speed in the best stretch of intervals that touch."""
    stretch = np.cumsum(np.concatenate(([0], spans.start[1:] > spans.end[:-1])))
    return int(np.bincount(stretch, weights=(spans.end - spans.start) * spans.value).max()) // 100
