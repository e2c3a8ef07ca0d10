"""The kernel of annealing for the makespan where a mode takes several resources of one, such as a machine and a worker.

A schedule is an order of all operations that respects precedence, and a mode for each: every operation begins as soon
as its predecessors are done and all its resources are free, behind what took them before in the order. A move gives an
operation another mode, another place between its predecessors and successors, or both. Most begin on a longest path.
Sources: Kirkpatrick, Gelatt, Vecchi 1983; Kolisch, Hartmann 1999 (order lists).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scheduler.problem.compiling import inner, outer


class Work(NamedTuple):
    """What does not change. need_first [M + 1], need: resources of each mode."""

    mode_first: Any
    mode_duration: Any
    need_first: Any
    need: Any
    pred_first: Any
    pred: Any
    succ_first: Any
    succ: Any
    release: Any


class Row(NamedTuple):
    """A schedule as an order. order, rank, mode, end [n]; free, last [resources]; back [n]: the operation that decides
    when each begins, -1: none; path [n]; best_order, best_mode [n]; counts: moves, makespan, best makespan."""

    order: Any
    rank: Any
    mode: Any
    end: Any
    free: Any
    last: Any
    back: Any
    path: Any
    best_order: Any
    best_mode: Any
    counts: Any
    luck: Any


@inner
def draw(s: Any, n: Any) -> Any:
    """A random number from 0 to n - 1 (xorshift, 63 bits; Marsaglia 2003)."""
    x = s.luck[0]
    x ^= (x << 13) & 0x7FFFFFFFFFFFFFFF
    x ^= x >> 7
    x ^= (x << 17) & 0x7FFFFFFFFFFFFFFF
    s.luck[0] = x
    return x % n


@inner
def timed(k: Any, s: Any, most: Any) -> Any:
    """The makespan of the order; some value beyond `most` where it is longer than that."""
    for r in range(len(s.free)):
        s.free[r] = 0
        s.last[r] = -1
    found = 0
    for i in range(len(s.order)):
        o = s.order[i]
        m = s.mode[o]
        t = k.release[o]
        back = -1
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            p = k.pred[z]
            if s.end[p] > t:
                t = s.end[p]
                back = p
        for z in range(k.need_first[m], k.need_first[m + 1]):
            r = k.need[z]
            if s.free[r] > t:
                t = s.free[r]
                back = s.last[r]
        t += k.mode_duration[m]
        s.end[o] = t
        s.back[o] = back
        for z in range(k.need_first[m], k.need_first[m + 1]):
            s.free[k.need[z]] = t
            s.last[k.need[z]] = o
        if t > found:
            found = t
            s.counts[3] = o
            if found > most:
                return found
    return found


@inner
def trace(s: Any) -> Any:
    """Fills s.path with a longest path, last first; its length."""
    size = 0
    o = s.counts[3]
    while o >= 0:
        s.path[size] = o
        size += 1
        o = s.back[o]
    return size


@inner
def shift(s: Any, a: Any, b: Any) -> None:
    """Moves what stands at place a of the order to place b."""
    o = s.order[a]
    step = 1 if b > a else -1
    i = a
    while i != b:
        x = s.order[i + step]
        s.order[i] = x
        s.rank[x] = i
        i += step
    s.order[b] = o
    s.rank[o] = b


@outer
def anneal_unary(k: Any, s: Any, moves: Any, hot: Any, cold: Any, target: Any) -> Any:
    """So many moves, the temperature (thousandths of ticks) falling evenly from hot to cold. counts[0] goes on;
    counts[1]: the makespan now; counts[2]: the best, in s.best_...."""
    n = len(s.order)
    now = timed(k, s, 1 << 60)
    size = trace(s)
    if now < s.counts[2]:
        s.counts[2] = now
        keep(s)
    for step in range(moves):
        if s.counts[2] <= target:
            break
        heat = hot + (cold - hot) * step // moves
        o = s.path[draw(s, size)] if draw(s, 4) else draw(s, n)
        low = 0
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            low = max(low, s.rank[k.pred[z]] + 1)
        high = n - 1
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            high = min(high, s.rank[k.succ[z]] - 1)
        at = s.rank[o]
        to = at
        mode = s.mode[o]
        count = k.mode_first[o + 1] - k.mode_first[o]
        what = draw(s, 3)
        if count > 1 and what < 2:
            s.mode[o] = k.mode_first[o] + draw(s, count)
        if what > 0:
            reach = 1 + draw(s, 12)
            if draw(s, 4) == 0:
                reach = n
            a = max(low, at - reach)
            b = min(high, at + reach)
            to = a + draw(s, b - a + 1)
        if to == at and s.mode[o] == mode:
            continue
        # what may be lost is drawn before: exponential by halving
        slack = 0
        if heat > 0:
            u = draw(s, 1 << 20) + 1
            lost = 0
            while u < 1 << 19:
                u <<= 1
                lost += 693
            lost += 693 - (693 * (u - (1 << 19))) // (1 << 19)
            slack = heat * lost // 1_000_000
        shift(s, at, to)
        value = timed(k, s, now + slack)
        if value > now + slack:
            shift(s, to, at)
            s.mode[o] = mode
            continue
        now = value
        size = trace(s)
        if now < s.counts[2]:
            s.counts[2] = now
            keep(s)
    s.counts[0] += moves
    s.counts[1] = now
    return s.counts[2]


@inner
def keep(s: Any) -> None:
    for i in range(len(s.order)):
        s.best_order[i] = s.order[i]
        s.best_mode[i] = s.mode[i]
