"""Ticks to text, many at once."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.quantities import DAY_MILLIS
from scheduler.domain.timeaxis import TimeAxis


def texts(axis: TimeAxis, ticks: np.ndarray) -> list[str]:
    """`axis.text` of each tick, '' for NEVER. numpy does whole days of one UTC offset, the few others go one by one."""
    if axis.integer:
        return ["" if tick >= NEVER else str(tick) for tick in ticks.tolist()]
    unique, inverse = np.unique(np.asarray(ticks, dtype=np.int64), return_inverse=True)
    last = int(np.searchsorted(unique, NEVER))
    found = _texts(axis, unique[:last])
    found += [""] * (len(unique) - last)
    return [found[i] for i in inverse.tolist()]


def _texts(axis: TimeAxis, ticks: np.ndarray) -> list[str]:
    origin = round(axis.origin.astimezone(UTC).timestamp() * 1000)
    millis = origin + ticks * axis.tick
    days = millis // DAY_MILLIS
    unit = "m" if axis.tick % 60_000 == 0 else "s"
    zone = ZoneInfo(axis.zone)
    found: list[str] = []
    first = 0
    for day, size in zip(*(a.tolist() for a in np.unique(days, return_counts=True))):
        part = slice(first, first + size)
        first += size
        begin, end = (datetime.fromtimestamp(n * DAY_MILLIS // 1000, zone) for n in (day, day + 1))
        if begin.utcoffset() != end.utcoffset():
            found += [axis.text(tick) for tick in ticks[part].tolist()]
            continue
        offset = begin.utcoffset()
        shift = round(offset.total_seconds() * 1000) if offset else 0
        local = (millis[part] + shift).astype("datetime64[ms]").astype(f"datetime64[{unit}]")
        tail = begin.isoformat(timespec="seconds")[19:]
        found += [text + tail for text in np.datetime_as_string(local).tolist()]
    return found
