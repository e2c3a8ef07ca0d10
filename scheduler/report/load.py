"""Load per resource over time: how much of each day or week is operation, reconfiguration, idle or closed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from scheduler.domain.results import Pauses
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.shifts import resource_spans
from scheduler.domain.timeaxis import TimeAxis, merge

DAILY_UP_TO = 62
"""Days that are still shown day by day; longer schedules week by week."""
HOURLY_UP_TO = 2
PLAIN_BUCKETS = 40


def edges(axis: TimeAxis, end: int) -> tuple[np.ndarray, str]:
    """Limits of the buckets in ticks, from 0 to `end` or after, and what a bucket is: hour, day, week or step."""
    if axis.integer:
        rough = max(1, -(-end // PLAIN_BUCKETS))
        power = 10 ** (len(str(rough)) - 1)
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        return np.arange(0, -(-end // step) * step + 1, step, dtype=np.int64), "step"
    days = end / axis.ticks_per_day
    unit = "hour" if days <= HOURLY_UP_TO else "day" if days <= DAILY_UP_TO else "week"
    local = axis.to_datetime(0).replace(tzinfo=None)
    if unit == "hour":
        local = local.replace(minute=0, second=0, microsecond=0)
    else:
        local = datetime.combine(local.date() - timedelta(days=local.weekday() if unit == "week" else 0), time())
    width = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[unit]
    found = [0]
    while found[-1] < end:
        local += width
        found.append(max(found[-1], axis.to_ticks(local)))
    return np.unique(np.array(found, dtype=np.int64)), unit


def open_windows(scenario: Scenario, schedule: Schedule,
                 end: int) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[int]]:
    """Open windows (starts, ends) of each distinct calendar up to `end`, overtime that was opened included, and which
    of them each resource has."""
    known: dict[Any, int] = {}
    windows: list[tuple[np.ndarray, np.ndarray]] = []
    chosen: list[int] = []
    for resource in scenario.resources:
        key = (resource.calendar, resource.closures, resource.available_from)
        if key not in known:
            known[key] = len(windows)
            windows.append(_opened(scenario, schedule, resource, end))
        chosen.append(known[key])
    return windows, chosen


def _opened(scenario: Scenario, schedule: Schedule, resource: Resource, end: int) -> tuple[np.ndarray, np.ndarray]:
    mine = [(a, b) for name, a, b in schedule.overtime if name == resource.calendar]
    if not mine:
        return scenario.windows(resource, end)
    spans = resource_spans(scenario, resource, end)
    keep = (spans.overtime < 0) | np.any([(spans.start < b) & (spans.end > a) for a, b in mine], axis=0)
    return merge(np.minimum(spans.start[keep], end), np.minimum(spans.end[keep], end))


def covered(starts: np.ndarray, ends: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Ticks before each point that the intervals cover; where intervals overlap a tick counts once for each."""
    total = np.zeros(len(points), dtype=np.int64)
    for values, sign in ((starts, 1), (ends, -1)):
        ordered = np.sort(values)
        sums = np.concatenate(([0], np.cumsum(ordered)))
        count = np.searchsorted(ordered, points, side="right")
        total += sign * (points * count - sums[count])
    return total


def load(scenario: Scenario, schedule: Schedule, end: int, pauses: Pauses | None = None) -> dict[str, Any]:
    """Ticks of operation, reconfiguration and open time per resource and bucket.

    A reconfiguration counts with its working time only: it pauses while the resource is closed; so does an operation
    with its `pauses`. A batch counts once.
    """
    points, unit = edges(scenario.axis, end)
    by_resource = np.argsort(schedule.resource, kind="stable")
    first = np.searchsorted(schedule.resource[by_resource], np.arange(len(scenario.resources) + 1))
    rows: dict[str, list[list[int]]] = {"operation": [], "reconfiguration": [], "open": []}
    windows, calendar = open_windows(scenario, schedule, int(points[-1]))
    once = _once(schedule)
    paused = pauses or Pauses(*np.zeros((3, 0), dtype=np.int64))
    paused_on = schedule.resource[paused.row]
    for r, (opens, shuts) in enumerate(windows[k] for k in calendar):
        mine = by_resource[first[r]:first[r + 1]]
        open_before = covered(opens, shuts, points)
        changed = mine[schedule.rec_end[mine] > schedule.rec_start[mine]]
        change = (covered(opens, shuts, schedule.rec_start[changed]), covered(opens, shuts, schedule.rec_end[changed]))
        ran, idle = mine[once[mine]], (paused_on == r) & once[paused.row]
        worked = covered(schedule.start[ran], schedule.end[ran], points)
        worked -= covered(paused.start[idle], paused.end[idle], points)
        for name, before in (("operation", worked),
                             ("reconfiguration", covered(*change, open_before)), ("open", open_before)):
            rows[name].append(np.diff(before).tolist())
    return {"edges": points.tolist(), "unit": unit, **rows}


def _once(schedule: Schedule) -> np.ndarray:
    """Which rows are in no batch or the first listed of one, [n] bool."""
    found = np.ones(len(schedule), dtype=bool)
    if schedule.batch is not None:
        rows = np.flatnonzero(schedule.batch >= 0)
        found[rows] = False
        found[rows[np.unique(schedule.batch[rows], return_index=True)[1]]] = True
    return found
