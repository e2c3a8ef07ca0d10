"""frePPLe's calendars as ours: time is open where the value is above 0."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from scheduler.domain.plant import CalendarSpec, Closure
from scheduler.domain.timeaxis import DAYS
from scheduler.formats.frepple.tables import Folder, Row
from scheduler.formats.frepple.values import minute, number, since, until, whole

DAY = 1440
LONGEST = 20 * 366
NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
Spans = list[tuple[int, int]]
"""Open spans of a day, in minutes."""


class Bucket(NamedTuple):
    """days: weekdays from 0 = Monday; first, last: minutes of the day."""

    value: Decimal
    start: datetime | None
    end: datetime | None
    priority: int
    days: frozenset[int]
    first: int
    last: int

    @property
    def dated(self) -> bool:
        return self.start is not None or self.end is not None


class Hours:
    """A calendar: its default value and buckets, of which the lowest priority number wins, then the latest start."""

    def __init__(self, default: Decimal, buckets: list[Bucket]):
        self.default = default
        self.buckets = sorted(buckets, key=lambda b: (b.priority, -(b.start or datetime.min).toordinal()))

    def open_at(self, day: date, at: int, dated: bool = True) -> bool:
        """Whether it is open at a minute of a day; `dated`: buckets between dates count."""
        moment = datetime.combine(day, time()) + timedelta(minutes=at)
        for b in self.buckets:
            if (day.weekday() in b.days and b.first <= at < b.last and (dated or not b.dated)
                    and (b.start is None or b.start <= moment) and (b.end is None or moment < b.end)):
                return b.value > 0
        return self.default > 0


def read_hours(folder: Folder) -> dict[str, Hours]:
    """All calendars of a folder by name."""
    buckets: dict[str, list[Bucket]] = {}
    for row in folder["calendarbucket"]:
        buckets.setdefault(row.needed("calendar"), []).append(_bucket(row))
    found = {}
    for row in folder["calendar"]:
        found[row.needed("name")] = Hours(row.take("defaultvalue", number, Decimal(0)),
                                          buckets.pop(row.text("name"), []))
    for name, own in buckets.items():
        found[name] = Hours(Decimal(0), own)
    return found


def _bucket(row: Row) -> Bucket:
    bits = row.take("days", whole, 127)
    days = frozenset((i - 1) % 7 for i, name in enumerate(NAMES) if bits >> i & 1 and _on(row, name))
    return Bucket(row.take("value", number, Decimal(0)), row.take("startdate", since, None),
                  row.take("enddate", until, None), row.take("priority", whole, 0), days,
                  row.take("starttime", minute, 0), row.take("endtime", minute, DAY))


def _on(row: Row, name: str) -> bool:
    return row.text(name, "true").lower() not in ("false", "0", "f", "no")


def calendar(parts: list[Hours], first: date, last: date) -> CalendarSpec | None:
    """Where all parts are open at once, None where that is always.

    Weekly shifts, with closures on the days from `first` to `last` on which buckets between dates close some of them.
    Buckets that open between dates become weekly shifts that are closed on all other days up to `last`.
    """
    week = [_spans(parts, first + timedelta(days=(d - first.weekday()) % 7), dated=False) for d in range(7)]
    actual: dict[date, Spans] = {}
    if any(b.dated for part in parts for b in part.buckets):
        days = [first + timedelta(days=n) for n in range(min((last - first).days, LONGEST) + 1)]
        actual = {day: _spans(parts, day) for day in days}
        for day, spans in actual.items():
            week[day.weekday()] = _union(week[day.weekday()] + spans)
    closed = [(day, hole) for day, spans in actual.items() for hole in _without(week[day.weekday()], spans)]
    if not closed and all(spans == [(0, DAY)] for spans in week):
        return None
    weekly = {name: tuple(f"{_clock(a)}-{_clock(b)}" for a, b in spans) for name, spans in zip(DAYS, week) if spans}
    return CalendarSpec(weekly=weekly, maintenance=_closures(closed))


def _spans(parts: list[Hours], day: date, dated: bool = True) -> Spans:
    """Open spans of a day."""
    cuts = {0, DAY}
    for part in parts:
        for b in part.buckets:
            cuts |= {b.first, b.last}
            for moment in (b.start, b.end):
                if dated and moment is not None and moment.date() == day:
                    cuts.add(moment.hour * 60 + moment.minute)
    ordered = sorted(cuts)
    return _union([(a, b) for a, b in pairwise(ordered)
                   if all(part.open_at(day, a, dated) for part in parts)])


def _union(spans: Spans) -> Spans:
    found: Spans = []
    for a, b in sorted(spans):
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], b))
        else:
            found.append((a, b))
    return found


def _without(spans: Spans, kept: Spans) -> Spans:
    """What of the spans is not kept."""
    found = spans
    for a, b in kept:
        found = [piece for s, e in found for piece in ((s, min(e, a)), (max(s, b), e)) if piece[0] < piece[1]]
    return found


def _closures(closed: list[tuple[date, tuple[int, int]]]) -> tuple[Closure, ...]:
    """Closures, those that touch over midnight as one."""
    found: list[tuple[datetime, datetime]] = []
    for day, (a, b) in closed:
        start = datetime.combine(day, time()) + timedelta(minutes=a)
        end = datetime.combine(day, time()) + timedelta(minutes=b)
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(Closure(start=a, end=b) for a, b in found)


def _clock(at: int) -> str:
    return f"{at // 60:02d}:{at % 60:02d}"
