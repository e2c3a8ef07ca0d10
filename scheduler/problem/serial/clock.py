"""Calendars with speeds and pauses: working units and open ticks, forwards and backwards.

A calendar c is the windows cal[c].first .. cal[c].last - 1 of `win`, sorted, without overlap, only what is open now
(overtime that is bought). Units are ticks of normal work times pace; a window of rate q gives q units per tick.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.problem.compiling import inner
from scheduler.problem.problem import FAR

NEVER = int(FAR)
WINDOW = np.dtype([(name, np.int64) for name in ("start", "end", "rate", "work", "open", "run_end")])
"""work, open: units and open ticks before the window; run_end: end of the last window that touches it, one by one."""
CALENDAR = np.dtype([("first", np.int64), ("last", np.int64), ("room", np.int64)])


@inner
def fill(given: Any, overtime: Any, bought: Any, cal: Any, win: Any) -> None:
    """Puts the windows that are open into win: `given` are all windows (WINDOW), overtime [W, most] ids or -1."""
    for c in range(len(cal)):
        x = cal[c].first
        work = 0
        ticks = 0
        for w in range(cal[c].first, cal[c].room):
            on = True
            for i in range(overtime.shape[1]):
                if overtime[w, i] >= 0 and not bought[overtime[w, i]]:
                    on = False
            if not on or given[w].end <= given[w].start or given[w].rate <= 0:
                continue
            win[x].start = given[w].start
            win[x].end = given[w].end
            win[x].rate = given[w].rate
            win[x].work = work
            win[x].open = ticks
            if given[w].end < NEVER:
                work += (given[w].end - given[w].start) * given[w].rate
                ticks += given[w].end - given[w].start
            x += 1
        cal[c].last = x
        for i in range(x - 1, cal[c].first - 1, -1):
            win[i].run_end = win[i + 1].run_end if i + 1 < x and win[i + 1].start == win[i].end else win[i].end


@inner
def seek(win: Any, a: Any, b: Any, t: Any) -> Any:
    """Index in a..b of the first window that ends after tick t; b where there is none."""
    while a < b:
        m = (a + b) >> 1
        if win[m].end > t:
            b = m
        else:
            a = m + 1
    return a


@inner
def work_before(win: Any, cal: Any, c: Any, t: Any) -> Any:
    """Units before tick t."""
    i = seek(win, cal[c].first, cal[c].last, t)
    if i == cal[c].last:
        if i == cal[c].first:
            return 0
        i -= 1
        return win[i].work + (win[i].end - win[i].start) * win[i].rate
    return win[i].work + max(0, t - win[i].start) * win[i].rate


@inner
def open_before(win: Any, cal: Any, c: Any, t: Any) -> Any:
    """Open ticks before tick t."""
    i = seek(win, cal[c].first, cal[c].last, t)
    if i == cal[c].last:
        if i == cal[c].first:
            return 0
        i -= 1
        return win[i].open + win[i].end - win[i].start
    return win[i].open + max(0, t - win[i].start)


@inner
def tick_of_work(win: Any, cal: Any, c: Any, units: Any) -> Any:
    """The least tick with that many units (at least 1) before it; NEVER where the calendar has fewer."""
    a = cal[c].first
    b = cal[c].last
    if a == b:
        return NEVER
    while b - a > 1:
        m = (a + b) >> 1
        if win[m].work < units:
            a = m
        else:
            b = m
    t = win[a].start + -((win[a].work - units) // win[a].rate)
    return t if t <= win[a].end else NEVER


@inner
def tick_of_open(win: Any, cal: Any, c: Any, number: Any) -> Any:
    """The open tick that has `number` open ticks before it; NEVER where there is none."""
    a = cal[c].first
    b = cal[c].last
    if a == b:
        return NEVER
    while b - a > 1:
        m = (a + b) >> 1
        if win[m].open <= number:
            a = m
        else:
            b = m
    t = win[a].start + number - win[a].open
    return t if t < win[a].end else NEVER


@inner
def finish(win: Any, cal: Any, c: Any, t: Any, units: Any) -> Any:
    """The least tick with that many units done since tick t."""
    if units <= 0:
        return t
    return tick_of_work(win, cal, c, work_before(win, cal, c, t) + units)


@inner
def reaching(win: Any, cal: Any, c: Any, tick: Any, units: Any) -> Any:
    """The least tick t with finish(t, units) >= tick."""
    if units <= 0 or tick >= NEVER:
        return tick
    least = work_before(win, cal, c, tick - 1) - units + 1
    return 0 if least <= 0 else tick_of_work(win, cal, c, least)


@inner
def start_at(win: Any, cal: Any, c: Any, t: Any, units: Any, pause: Any) -> Any:
    """Earliest (start, end) at or after tick t of a run of that many units; (NEVER, NEVER) where there is none."""
    first = cal[c].first
    last = cal[c].last
    i = seek(win, first, last, t)
    if units <= 0:
        if i > first and win[i - 1].end == t:
            return t, t
        if i == last:
            return NEVER, NEVER
        t = max(t, win[i].start)
        return t, t
    while i < last:
        s = max(t, win[i].start)
        if s + (units + win[i].rate - 1) // win[i].rate <= win[i].end:
            return s, s + (units + win[i].rate - 1) // win[i].rate
        e = tick_of_work(win, cal, c, win[i].work + (s - win[i].start) * win[i].rate + units)
        if pause or e <= win[i].run_end:
            return (s, e) if e < NEVER else (NEVER, NEVER)
        i = seek(win, i + 1, last, win[i].run_end)
    return NEVER, NEVER


@inner
def earliest_open(win: Any, cal: Any, c: Any, t: Any, ticks: Any) -> Any:
    """Earliest [a, b) at or after tick t that begins at an open tick, ends after one and holds so many open ticks."""
    number = open_before(win, cal, c, t)
    b = tick_of_open(win, cal, c, number + ticks - 1)
    if b >= NEVER:
        return NEVER, NEVER
    return tick_of_open(win, cal, c, number), b + 1


@inner
def latest_open(win: Any, cal: Any, c: Any, t: Any, ticks: Any) -> Any:
    """Latest [a, b) that ends by tick t and holds so many open ticks; (-1, -1) where there is none."""
    number = open_before(win, cal, c, t)
    if number < ticks:
        return -1, -1
    return tick_of_open(win, cal, c, number - ticks), tick_of_open(win, cal, c, number - 1) + 1
