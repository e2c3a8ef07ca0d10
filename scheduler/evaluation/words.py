"""Durations, moments and closures in plain words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from scheduler.domain.plant import CalendarSpec, Closure
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.timeaxis import TimeAxis, parse_days

UNITS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1))


def span(axis: TimeAxis, ticks: int) -> str:
    """A duration in its two largest units, such as '1 d 4 h' (a day is 24 h); the plain number on an integer axis."""
    if axis.integer:
        return f"{ticks:,}"
    left = ticks * axis.tick
    parts: list[str] = []
    for name, size in UNITS:
        if left >= size and len(parts) < 2:
            parts.append(f"{left // size} {name}")
            left %= size
        elif parts:
            break
    return " ".join(parts) or "0 min"


def moment(axis: TimeAxis, tick: int) -> str:
    """Local time such as 'Fri 18 Dec 14:30'; the plain number on an integer axis."""
    return f"{tick:,}" if axis.integer else f"{axis.to_datetime(tick):%a %d %b %H:%M}"


def closure(scenario: Scenario, resource: Resource, start: int, end: int) -> str:
    """Why a resource is closed somewhere in [start, end): maintenance, holiday, weekend, night, or not there yet."""
    if end <= resource.available_from:
        return "not available yet"
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    found = []
    for closed in (*(spec.maintenance if spec else ()), *resource.closures):
        if _overlaps(scenario.axis, closed, start, end):
            found.append(f"maintenance: {closed.reason}" if closed.reason else "maintenance")
    if spec and not scenario.axis.integer:
        first, last = scenario.axis.to_datetime(start), scenario.axis.to_datetime(end)
        found += [f"holiday {day:%d %b}" for day in spec.holidays
                  if first.date() <= day and datetime.combine(day, time()) < last.replace(tzinfo=None)]
        if spec.weekly and not found:
            found.append(_free_days(spec, first, last))
    return " and ".join(dict.fromkeys(found)) or "closed"


def _overlaps(axis: TimeAxis, closed: Closure, start: int, end: int) -> bool:
    return axis.to_ticks(closed.start) < end and start < axis.to_ticks(closed.end, up=True)


def _free_days(spec: CalendarSpec, first: datetime, last: datetime) -> str:
    """'weekend' or 'day off' where some of [first, last) lies on a day without shifts, else 'night'."""
    worked = {day for days in spec.weekly or {} for day in parse_days(days)}
    count = ((last - timedelta(microseconds=1)).date() - first.date()).days
    free = {day.weekday() for day in (first + timedelta(days=n) for n in range(count + 1))} - worked
    return "weekend" if free & {5, 6} else "day off" if free else "night"
