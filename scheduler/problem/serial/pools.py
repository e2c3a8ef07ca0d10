"""Free capacity over time: one sorted step function per pool, in preallocated storage.

Pool p is the entries pool[p].first .. pool[p].first + pool[p].steps - 1 of (at, free): from each tick `at` on so much
is free, until the next; the first tick is 0. It may be negative where facts take more than there is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER, seek

POOL = np.dtype([("first", np.int64), ("steps", np.int64), ("room", np.int64)])
LOADED = np.dtype([(name, np.int64) for name in ("pool", "start", "end", "quantity")])


@inner
def step(pool: Any, at: Any, p: Any, t: Any) -> Any:
    """Index of the entry that holds at tick t."""
    a = pool[p].first
    b = a + pool[p].steps
    while b - a > 1:
        m = (a + b) >> 1
        if at[m] <= t:
            a = m
        else:
            b = m
    return a


@inner
def split(pool: Any, at: Any, free: Any, p: Any, t: Any) -> Any:
    """Index of the entry that begins at tick t, made where there is none; -1 where the storage is full."""
    i = step(pool, at, p, t)
    if at[i] == t:
        return i
    if pool[p].steps == pool[p].room:
        return -1
    i += 1
    for x in range(pool[p].first + pool[p].steps, i, -1):
        at[x] = at[x - 1]
        free[x] = free[x - 1]
    at[i] = t
    free[i] = free[i - 1]
    pool[p].steps += 1
    return i


@inner
def join(pool: Any, at: Any, free: Any, p: Any, i: Any) -> None:
    """Removes entry i where it says the same as the one before it."""
    if i <= pool[p].first or i >= pool[p].first + pool[p].steps or free[i] != free[i - 1]:
        return
    pool[p].steps -= 1
    for x in range(i, pool[p].first + pool[p].steps):
        at[x] = at[x + 1]
        free[x] = free[x + 1]


@inner
def change(pool: Any, at: Any, free: Any, p: Any, a: Any, b: Any, quantity: Any) -> Any:
    """Takes `quantity` (negative: gives back) during [a, b), b = NEVER: for ever; False where the storage is full."""
    if b <= a or quantity == 0:
        return True
    i = split(pool, at, free, p, a)
    if i < 0:
        return False
    j = pool[p].first + pool[p].steps
    if b < NEVER:
        j = split(pool, at, free, p, b)
        if j < 0:
            return False
    for x in range(i, j):
        free[x] -= quantity
    if b < NEVER:
        join(pool, at, free, p, j)
    join(pool, at, free, p, i)
    return True


@inner
def blocked_until(pool: Any, at: Any, free: Any, p: Any, a: Any, b: Any, quantity: Any) -> Any:
    """-1 where `quantity` is free during [a, b); else the end of the last time within where it is not (NEVER: never
    again)."""
    if b <= a or quantity == 0:
        return -1
    last = pool[p].first + pool[p].steps - 1
    i = last if b >= NEVER else step(pool, at, p, b - 1)
    while True:
        if free[i] < quantity:
            return NEVER if i == last else at[i + 1]
        if at[i] <= a:
            return -1
        i -= 1


@inner
def short(pool: Any, at: Any, free: Any, p: Any, a: Any, b: Any) -> Any:
    """Whether there is less than nothing at some time in [a, b): what happened takes more than there is."""
    i = step(pool, at, p, a)
    end = pool[p].first + pool[p].steps
    while i < end and at[i] < b:
        if free[i] < 0:
            return True
        i += 1
    return False


@inner
def blocked_from(pool: Any, at: Any, free: Any, p: Any, a: Any, b: Any, quantity: Any) -> Any:
    """-1 where `quantity` is free during [a, b); else the first tick within where it is not."""
    if b <= a or quantity == 0:
        return -1
    i = step(pool, at, p, a)
    end = pool[p].first + pool[p].steps
    while i < end and at[i] < b:
        if free[i] < quantity:
            return max(a, at[i])
        i += 1
    return -1


@inner
def blocked_until_open(pool: Any, at: Any, free: Any, win: Any, cal: Any, c: Any, p: Any, a: Any, b: Any,
                       quantity: Any) -> Any:
    """As blocked_until, but only at open ticks of calendar c."""
    found = blocked_until(pool, at, free, p, a, b, quantity)
    if found < 0:
        return -1
    i = seek(win, cal[c].first, cal[c].last, b - 1)
    if i == cal[c].last:
        i -= 1
    while i >= cal[c].first and win[i].end > a:
        found = blocked_until(pool, at, free, p, max(a, win[i].start), min(b, win[i].end), quantity)
        if found >= 0:
            return found
        i -= 1
    return -1


@inner
def blocked_from_open(pool: Any, at: Any, free: Any, win: Any, cal: Any, c: Any, p: Any, a: Any, b: Any,
                      quantity: Any) -> Any:
    """As blocked_from, but only at open ticks of calendar c."""
    found = blocked_from(pool, at, free, p, a, b, quantity)
    if found < 0:
        return -1
    i = seek(win, cal[c].first, cal[c].last, a)
    while i < cal[c].last and win[i].start < b:
        found = blocked_from(pool, at, free, p, max(a, win[i].start), min(b, win[i].end), quantity)
        if found >= 0:
            return found
        i += 1
    return -1


@inner
def free_from(pool: Any, at: Any, free: Any, p: Any, t: Any, ticks: Any, quantity: Any) -> Any:
    """Earliest start at or after t of `ticks` ticks (NEVER: for ever) with `quantity` free; NEVER where there is
    none."""
    while True:
        y = blocked_until(pool, at, free, p, t, NEVER if ticks >= NEVER else t + ticks, quantity)
        if y < 0:
            return t
        if y >= NEVER:
            return NEVER
        t = y
