"""Load per resource over time: how much of each day or week is operation, reconfiguration, idle or closed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import TimeAxis

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


def open_windows(scenario: Scenario, end: int) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[int]]:
    """Open windows (starts, ends) of each distinct calendar up to `end`, and which of them each resource has."""
    known: dict[Any, int] = {}
    windows: list[tuple[np.ndarray, np.ndarray]] = []
    chosen: list[int] = []
    for resource in scenario.resources:
        key = (resource.calendar, resource.closures, resource.available_from)
        if key not in known:
            known[key] = len(windows)
            windows.append(scenario.windows(resource, end))
        chosen.append(known[key])
    return windows, chosen


def covered(starts: np.ndarray, ends: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Ticks before each point that the intervals cover; where intervals overlap a tick counts once for each."""
    total = np.zeros(len(points), dtype=np.int64)
    for values, sign in ((starts, 1), (ends, -1)):
        ordered = np.sort(values)
        sums = np.concatenate(([0], np.cumsum(ordered)))
        count = np.searchsorted(ordered, points, side="right")
        total += sign * (points * count - sums[count])
    return total


def load(scenario: Scenario, schedule: Schedule, end: int) -> dict[str, Any]:
    """Ticks of operation, reconfiguration and open time per resource and bucket.

    A reconfiguration counts with its working time only: it pauses while the resource is closed.
    """
    points, unit = edges(scenario.axis, end)
    by_resource = np.argsort(schedule.resource, kind="stable")
    first = np.searchsorted(schedule.resource[by_resource], np.arange(len(scenario.resources) + 1))
    rows: dict[str, list[list[int]]] = {"operation": [], "reconfiguration": [], "open": []}
    windows, calendar = open_windows(scenario, int(points[-1]))
    for r, (opens, shuts) in enumerate(windows[k] for k in calendar):
        mine = by_resource[first[r]:first[r + 1]]
        open_before = covered(opens, shuts, points)
        changed = mine[schedule.rec_end[mine] > schedule.rec_start[mine]]
        change = (covered(opens, shuts, schedule.rec_start[changed]), covered(opens, shuts, schedule.rec_end[changed]))
        for name, before in (("operation", covered(schedule.start[mine], schedule.end[mine], points)),
                             ("reconfiguration", covered(*change, open_before)), ("open", open_before)):
            rows[name].append(np.diff(before).tolist())
    return {"edges": points.tolist(), "unit": unit, **rows}
