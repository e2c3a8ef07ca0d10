"""The time axis: integer ticks from an origin, and calendars expanded on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scheduler.domain.plant import CalendarSpec, Closure
from scheduler.domain.quantities import DAY_MILLIS

UNITS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")



@dataclass(frozen=True)
class TimeAxis:
    """Ticks of `tick` milliseconds from `origin` (an aware datetime). With `integer` times are plain numbers for
    people too."""

    origin: datetime
    zone: str
    tick: int = 60_000
    integer: bool = False

    def to_ticks(self, when: datetime, up: bool = False) -> int:
        """Ticks of a moment (local time of the zone where it has none), rounded down, or up."""
        moment = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(self.zone))
        # Python subtracts moments of one zone by their wall clocks: a clock change between them would be lost.
        micros = (moment - self.origin.astimezone(UTC)) // timedelta(microseconds=1)
        size = self.tick * 1000
        return -(-micros // size) if up else micros // size

    def duration(self, millis: int) -> int:
        """Ticks that `millis` take, rounded up."""
        return -(-millis // self.tick)

    def to_datetime(self, ticks: int) -> datetime:
        moment = self.origin.astimezone(UTC) + timedelta(milliseconds=int(ticks) * self.tick)
        return moment.astimezone(ZoneInfo(self.zone))

    def text(self, ticks: int) -> str:
        """ISO 8601 in local time with its offset, or the plain number on an integer axis."""
        if self.integer:
            return str(int(ticks))
        return self.to_datetime(ticks).isoformat(timespec="minutes" if self.tick % 60_000 == 0 else "seconds")

    def until(self, ticks: int) -> str:
        """A due date or deadline for people: midnight is 24:00 of the day that ends."""
        if self.integer:
            return str(int(ticks))
        moment = self.to_datetime(ticks)
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return f"{moment - timedelta(hours=1):%Y-%m-%d} 24:00"
        return f"{moment:%Y-%m-%d %H:%M}"

    @property
    def ticks_per_day(self) -> float:
        return DAY_MILLIS / self.tick


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


def parse_days(text: str) -> list[int]:
    """Weekday numbers of 'mon', 'mon-fri', 'sat,sun' or 'daily'. Raises ValueError with what would be right."""
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        if part == "daily":
            found += range(7)
            continue
        ends = part.split("-")
        if len(ends) > 2 or any(end not in DAYS for end in ends):
            raise ValueError(f"unknown days '{text}'; write for instance 'mon-fri', 'sat,sun' or 'daily'")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        found += [d % 7 for d in range(first, last + 1 if last >= first else last + 8)]
    return sorted(set(found))


def parse_shift(text: str) -> tuple[int, int]:
    """Minutes after midnight of 'HH:MM-HH:MM'; the end may exceed 1440. Raises ValueError with what would be right."""
    try:
        start, end = (int(h) * 60 + int(m) for h, m in (side.strip().split(":") for side in text.split("-")))
    except ValueError:
        raise ValueError(f"'{text}' is not a shift; write for instance '06:00-14:00'") from None
    if not (0 <= start < 1440 and 0 <= end <= 1440) or any(int(s.split(":")[1]) > 59 for s in text.split("-")):
        raise ValueError(f"'{text}' is not a shift; hours run from 00:00 to 24:00")
    return start, end if end > start else end + 1440


def merge(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted disjoint intervals that cover the same ticks; intervals that touch become one."""
    keep = ends > starts
    starts, ends = starts[keep], ends[keep]
    if not len(starts):
        return starts, ends
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    first = np.concatenate(([True], starts[1:] > ends[:-1]))
    last = np.concatenate((first[1:], [True]))
    return starts[first], ends[last]


def subtract(starts: np.ndarray, ends: np.ndarray, holes: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Sorted disjoint intervals without the ticks of the holes."""
    for a, b in holes:
        left_s, left_e = starts, np.minimum(ends, a)
        right_s, right_e = np.maximum(starts, b), ends
        starts, ends = merge(np.concatenate((left_s, right_s)), np.concatenate((left_e, right_e)))
    return starts, ends


def expand(spec: CalendarSpec | None, extra: tuple[Closure, ...], axis: TimeAxis, horizon: int,
           open_from: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Open windows [start, end) of a calendar in ticks, sorted and disjoint, within [open_from, horizon).

    `extra` are further closures (a resource's own maintenance). Shift starts round up and ends down to whole ticks;
    closures round outwards.
    """
    if spec is None or spec.weekly is None:
        starts, ends = np.array([0], dtype=np.int64), np.array([horizon], dtype=np.int64)
    else:
        starts, ends = _weekly(spec, axis, horizon)
    holes = [(axis.to_ticks(c.start), axis.to_ticks(c.end, up=True))
             for c in (*(spec.maintenance if spec else ()), *extra)]
    if spec:
        for day in spec.holidays:
            midnight = datetime.combine(day, time())
            holes.append((axis.to_ticks(midnight), axis.to_ticks(midnight + timedelta(days=1), up=True)))
    if holes:
        starts, ends = subtract(starts, ends, sorted(holes))
    starts, ends = np.maximum(starts, open_from), np.minimum(ends, horizon)
    keep = ends > starts
    return starts[keep], ends[keep]


def _weekly(spec: CalendarSpec, axis: TimeAxis, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    shifts: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for days, texts in (spec.weekly or {}).items():
        for day in parse_days(days):
            shifts[day] += [parse_shift(text) for text in texts]
    first: date = axis.to_datetime(0).date() - timedelta(days=1)
    last: date = axis.to_datetime(horizon).date() + timedelta(days=1)
    starts, ends = [], []
    for n in range((last - first).days + 1):
        today = first + timedelta(days=n)
        for a, b in shifts[today.weekday()]:
            base = datetime.combine(today, time())
            starts.append(axis.to_ticks(base + timedelta(minutes=a), up=True))
            ends.append(axis.to_ticks(base + timedelta(minutes=b)))
    return merge(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))
