"""Durations, moments and closures in plain words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from scheduler.domain.plant import CalendarSpec, Closure
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.timeaxis import TimeAxis, parse_days, parse_shift, span

DAY = 24 * 60
LONGEST_BREAK = 4 * 60
"""Minutes within a day that are still called a break."""


def moment(axis: TimeAxis, tick: int) -> str:
    """Local time such as 'Fri 18 Dec 14:30'; the plain number on an integer axis."""
    return f"{tick:,}" if axis.integer else f"{axis.to_datetime(tick):%a %d %b %H:%M}"


def closure(scenario: Scenario, resource: Resource, start: int, end: int) -> str:
    """Why a resource is closed somewhere in [start, end): maintenance, holiday, weekend, night, break and so on."""
    if end <= resource.available_from:
        return "not available yet"
    spec = scenario.plant.calendars[resource.calendar] if resource.calendar else None
    found = []
    for closed in (*(spec.maintenance if spec else ()), *resource.closures):
        if _overlaps(scenario.axis, closed, start, end):
            found.append(f"maintenance: {closed.reason}" if closed.reason else "maintenance")
    if spec and not scenario.axis.integer:
        first, last = scenario.axis.to_datetime(start), scenario.axis.to_datetime(end)
        days = [day for day in sorted(spec.holidays)
                if first.date() <= day and datetime.combine(day, time()) < last.replace(tzinfo=None)]
        if days:
            found.append(f"holiday {days[0]:%d %b}" if len(days) == 1 else
                         f"holidays {days[0]:%d %b} to {days[-1]:%d %b}")
        if spec.weekly and not found:
            found.append(_free_days(spec, first, last))
    return " and ".join(dict.fromkeys(found)) or "closed"


def _overlaps(axis: TimeAxis, closed: Closure, start: int, end: int) -> bool:
    return axis.to_ticks(closed.start) < end and start < axis.to_ticks(closed.end, up=True)


def _free_days(spec: CalendarSpec, first: datetime, last: datetime) -> str:
    """'weekend' or 'day off' where some of [first, last) lies on a day without shifts; where it is followed by a shift
    of the same day and comes after one, 'break', or 'between shifts' if it is long; else 'night'."""
    worked = {day for days in spec.weekly or {} for day in parse_days(days)}
    count = ((last - timedelta(microseconds=1)).date() - first.date()).days
    free = {day.weekday() for day in (first + timedelta(days=n) for n in range(count + 1))} - worked
    if free:
        return "weekend" if free & {5, 6} else "day off"
    if count:
        return "night"
    windows = _windows(spec, first.weekday())
    begin, end = (t.hour * 60 + t.minute for t in (first, last))
    within = any(b <= begin for _, b in windows) and last.date() == first.date() and any(
        end <= a for a, _ in windows)
    return "night" if not within else "break" if end - begin <= LONGEST_BREAK else "between shifts"


def _windows(spec: CalendarSpec, weekday: int) -> list[tuple[int, int]]:
    """Shifts on a weekday in minutes after its midnight, those that began the day before included."""
    found = []
    for days, shifts in (spec.weekly or {}).items():
        for start, end in (parse_shift(shift) for shift in shifts):
            found += [(start, min(end, DAY))] * (weekday in parse_days(days))
            found += [(0, end - DAY)] * (end > DAY and (weekday - 1) % 7 in parse_days(days))
    return found


__all__ = ["closure", "moment", "span"]
