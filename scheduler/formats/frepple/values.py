"""Values as frePPLe writes them in its tables: durations, numbers, moments, yes and no."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from decimal import Decimal

from scheduler.domain.quantities import MAX_MILLIS, parse_cost
from scheduler.formats.moments import parse_moment

ALWAYS_FROM, ALWAYS_TO = 1971, datetime(2030, 12, 31)
"""frePPLe's own 'no start date' (its year) and 'no end date'."""
_CLOCK = re.compile(r"(?:(\d+)\s+(?:days?,?\s+)?)?(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.(\d{1,3})\d*)?", re.ASCII)
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3})\d*)?S)?)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)


def duration(text: str) -> int:
    """Milliseconds of '[days] [[hours:]minutes:]seconds' or of ISO 8601 'P1DT2H3M4S', as Django reads them."""
    found = _CLOCK.fullmatch(text) or (_ISO.fullmatch(text) if len(text) > 2 and text[-1] != "T" else None)
    if not found:
        raise ValueError(f"'{text}' is not a duration; write for instance '1 02:30:00' (1 day, 2 h 30 min) or PT2H30M")
    days, hours, minutes, seconds, part = found.groups()
    millis = 1000 * (86_400 * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0))
    millis += int((part or "").ljust(3, "0"))
    if millis > MAX_MILLIS:
        raise ValueError(f"'{text}' is too long a duration; write at most 300 years")
    return millis


def number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text}' is not a number; write for instance 12 or 12.5")
    return Decimal(text)


def whole(text: str) -> int:
    value = number(text)
    if value != int(value):
        raise ValueError(f"{text} is not whole, and pieces are counted here; take a smaller unit for this item")
    return int(value)


def money(text: str) -> int:
    """Hundredths."""
    return parse_cost(number(text))


def moment(text: str) -> datetime:
    """A local moment; a date alone is its midnight, as in frePPLe. An offset is taken into account."""
    found = parse_moment(text)
    if not isinstance(found, datetime):
        return datetime.combine(found, time())
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def since(text: str) -> datetime | None:
    """A moment from which something holds, None where always."""
    found = moment(text)
    return None if found.year <= ALWAYS_FROM else found


def until(text: str) -> datetime | None:
    """A moment up to which something holds, None where for ever."""
    found = moment(text)
    return None if found >= ALWAYS_TO else found


def minute(text: str) -> int:
    """Minutes after midnight of 'HH:MM[:SS]'; a last second such as 23:59:59 counts as the full minute after it."""
    parts = text.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 3 for part in parts):
        raise ValueError(f"'{text}' is not a time of day; write for instance 06:00:00")
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    if hours > 24 or minutes > 59 or seconds > 59 or (hours == 24 and minutes + seconds):
        raise ValueError(f"'{text}' is not a time of day; write for instance 06:00:00")
    if seconds not in (0, 59):
        raise ValueError(f"'{text}' is finer than a minute; round it")
    return hours * 60 + minutes + (seconds == 59)


def flag(text: str) -> bool:
    if text.lower() in ("true", "1", "yes", "t", "on"):
        return True
    if text.lower() in ("false", "0", "no", "f", "off"):
        return False
    raise ValueError(f"'{text}' is neither true nor false; write one of them")
