"""Checks of periods: an end after its start, and no two where one is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings


class Period(Protocol):
    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


def check_periods(periods: Sequence[Period], where: Location, what: str, found: Findings) -> bool:
    """Notes each period that does not end after its start; says whether all do. what: 'a closure'."""
    wrong = [n for n, p in enumerate(periods) if not in_order(p.start, p.end, (*where, n), what, found)]
    return not wrong


def in_order(start: datetime, end: datetime, where: Location, what: str, found: Findings) -> bool:
    if (start.tzinfo is None) != (end.tzinfo is None):
        found.add(where, f"{what} with a time zone at one end only", "write both ends alike")
    elif end <= start:
        found.add(where, f"{what} that starts at {short(start)} and ends at {short(end)}",
                  "write an end after the start")
    else:
        return True
    return False


def apart(periods: Sequence[Period], where: Location, what: str, found: Findings) -> None:
    """Notes each period that has time in common with one listed before it. what: 'this speed'."""
    for n, period in enumerate(periods):
        for m, other in enumerate(periods[:n]):
            if before(period.start, other.end) and before(other.start, period.end):
                found.add((*where, n), f"{what} holds at times of the one before it, from {short(other.start)} to "
                          f"{short(other.end)} (entry {m + 1})", "write periods that do not overlap")
                break


def before(one: datetime, other: datetime) -> bool:
    """Whether a moment comes before another; where only one has an offset, as if the other were UTC."""
    return _moment(one) < _moment(other)


def _moment(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def short(when: datetime) -> str:
    return when.isoformat(" ", "minutes")
