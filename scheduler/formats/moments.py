"""Dates and times as people write them in scenario files."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

FIRST_YEAR, LAST_YEAR = 1970, 2200
_MOMENT = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})"
                     r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?"
                     r"\s*(Z|[+-]\d{2}:?\d{2})?)?$", re.ASCII)
EXAMPLES = {True: "write for instance 2026-03-02 14:30 or 2026-03-02", False: "write for instance 2026-03-02"}


def parse_moment(text: str, time_allowed: bool = True, time_needed: bool = False) -> date | datetime:
    """A date, or a date and time (aware where it has an offset). Raises ValueError 'what; instead'."""
    text = text.strip()
    found = _MOMENT.match(text)
    if not found:
        raise ValueError(f"'{text}' is not a date{' and time' if time_needed else ''}; "
                         + ("write for instance 2026-03-02 14:30" if time_needed else EXAMPLES[time_allowed]))
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups()[:6])
    micro = int((found.group(7) or "").ljust(6, "0"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year of '{text}' is out of reach; write a year from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        if found.group(4) is None:
            if time_needed:
                raise ValueError(f"'{text}' has no time of day; write for instance '{text} 14:30'")
            return date(year, month, day)
        if not time_allowed:
            raise ValueError(f"'{text}' has a time of day; write the date only, {date(year, month, day)}")
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=_offset(found.group(8)))
    except ValueError as error:
        if ";" in str(error):
            raise
        raise ValueError(f"'{text}' does not exist ({error}); check day, month and time") from None


def _offset(text: str | None) -> timezone | None:
    if text is None or text == "Z":
        return UTC if text else None
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
