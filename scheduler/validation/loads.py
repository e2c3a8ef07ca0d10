"""What is there in limited number, and whether more of it is ever used at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scheduler.validation.hours import Steps


class Load(NamedTuple):
    """`amount` is used in [start, end). row: whose doing it is, -1: nobody's; free: it is no fact, so that a rule can
    forbid it."""

    start: int
    end: int
    amount: int
    row: int
    free: bool


class Excess(NamedTuple):
    """From `time` on `used` are in use where only `there` are; `row` was the last to take one."""

    time: int
    used: int
    there: int
    row: int


def excesses(loads: Sequence[Load], there: Steps, since: int) -> Iterator[Excess]:
    """Each time from `since` (now) on at which too much begins to be in use while something that is no fact uses some
    of it."""
    table = np.array([load[:3] for load in loads if load.start < load.end], dtype=np.int64).reshape(-1, 3)
    free = np.array([load.free for load in loads if load.start < load.end], dtype=bool)
    if not len(table):
        return
    start, end, amount = table.T
    times = np.unique(np.concatenate((start, end, there.time[there.time > 0], [since])))
    used, moving = np.zeros(len(times) + 1, dtype=np.int64), np.zeros(len(times) + 1, dtype=np.int64)
    first, last = np.searchsorted(times, start), np.searchsorted(times, end)
    for counts, many in ((used, amount), (moving, free.astype(np.int64))):
        np.add.at(counts, first, many)
        np.add.at(counts, last, -many)
    used, moving = np.cumsum(used)[:-1], np.cumsum(moving)[:-1]
    limit = there.at(times)
    bad = (used > limit) & (moving > 0) & (times >= since)
    for k in np.flatnonzero(bad & ~np.concatenate(([False], bad[:-1]))).tolist():
        now = int(times[k])
        on = [load for load in loads if load.free and load.start <= now < load.end]
        yield Excess(now, int(used[k]), int(limit[k]), max(on, key=lambda load: (load.start, load.row)).row)
