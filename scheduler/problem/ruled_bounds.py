"""Lower bounds of problems with rules that hold for every schedule and cost next to nothing.

Presence is what makes them weaker than those of plain problems: an arc counts only where what comes before it is there
whenever what comes after it is, and what may be absent bounds nothing but the money of its own branch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from scheduler.problem.problem import FAR, MICRO, Problem
from scheduler.problem.ruled import LATENESS, MATERIAL, REFUSAL, rules_of
from scheduler.problem.rules import HOLD, LOAD, RUN, UNLOAD

NEVER = int(FAR)


class _Paths(NamedTuple):
    """What longest paths need, with `ready`: earliest start by dates; account: of accounts that may be refused, else
    -1."""

    mode_first: Any
    mode_resource: Any
    mode_duration: Any
    mode_calendar: Any
    mode_pause: Any
    fixed_mode: Any
    pred_first: Any
    pred: Any
    succ_first: Any
    succ: Any
    ready: Any
    account: Any
    branch: Any
    arc_min: Any
    headed: Any
    fact: Any
    fixed_start: Any
    fixed_end: Any
    transport: Any
    location: Any
    window_first: Any
    window_start: Any
    window_end: Any
    window_rate: Any
    pace: Any


def heads(problem: Problem) -> np.ndarray:
    """Earliest end of each operation, if it is present and nothing were ever busy or full and all overtime bought;
    ticks, [n]. Where the calendars end before it, the time it takes at least after what it waits for."""
    end = np.zeros(problem.operations, dtype=np.int64)
    if problem.operations:
        _heads(_paths(problem), end)
    return end


def refusable(problem: Problem) -> np.ndarray:
    """Which accounts are jobs that may be refused, bool [accounts]."""
    found = np.zeros(problem.accounts, dtype=bool)
    found[: problem.jobs] = rules_of(problem).refuse_cost < FAR
    return found


def certain(problem: Problem) -> np.ndarray:
    """Which operations are in every schedule, bool [n]."""
    return np.asarray((rules_of(problem).branch < 0) & ~refusable(problem)[problem.account])


def _paths(problem: Problem) -> _Paths:
    p, r = problem, rules_of(problem)
    none = np.full(p.operations, -1, dtype=np.int64)
    fixed_start = p.fixed_start if len(p.fixed_start) else none
    pace = np.array([r.pace, max(1, int(r.window_rate.max(initial=1)))], dtype=np.int64)
    return _Paths(p.mode_first, p.mode_resource, p.mode_duration, r.mode_calendar, r.mode_pause,
                  p.fixed_mode if len(p.fixed_mode) else none, p.pred_first, p.pred, p.succ_first, p.succ,
                  np.maximum(np.maximum(p.release, r.now), fixed_start),
                  np.where(refusable(p)[p.account], p.account, -1), r.branch, r.arc_min,
                  r.head_first[1:] > r.head_first[:-1], r.fact, fixed_start, r.fixed_end, p.transport, p.location,
                  p.window_first, p.window_start, p.window_end, r.window_rate, pace)


@njit(cache=True, nogil=True)
def _heads(k: Any, end: Any) -> None:
    n = len(end)
    begin = np.zeros(n, np.int64)
    degree = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    tail = 0
    for o in range(n):
        degree[o] = k.pred_first[o + 1] - k.pred_first[o]
        if degree[o] == 0:
            order[tail] = o
            tail += 1
    head = 0
    while head < tail:
        o = order[head]
        head += 1
        _place(k, o, begin, end)
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            s = k.succ[z]
            degree[s] -= 1
            if degree[s] == 0:
                order[tail] = s
                tail += 1


@njit(cache=True, nogil=True)
def _place(k: Any, o: Any, begin: Any, end: Any) -> None:
    """Earliest start and end of one operation after what surely comes before it."""
    if k.fact[o]:
        begin[o] = k.fixed_start[o]
        end[o] = k.fixed_end[o]
        return
    begin[o] = FAR
    end[o] = FAR
    for m in range(k.mode_first[o], k.mode_first[o + 1]):
        if k.fixed_mode[o] >= 0 and k.fixed_mode[o] != m:
            continue
        t = k.ready[o]
        least = 0
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            p = k.pred[z]
            if (k.branch[p] >= 0 and k.branch[p] != k.branch[o]) or (
                    k.account[p] >= 0 and k.account[p] != k.account[o]):
                continue
            lag = FAR
            for x in range(k.mode_first[p], k.mode_first[p + 1]):
                lag = min(lag, k.transport[k.location[k.mode_resource[x]], k.location[k.mode_resource[m]]])
            lag += k.arc_min[z]
            t = max(t, (begin[p] if k.headed[z] else end[p]) + lag)
            if k.headed[z]:
                least = max(least, end[p] + lag)
        done = max(least, _end(k, k.mode_calendar[m], t, k.mode_duration[m], k.mode_pause[m]))
        begin[o] = min(begin[o], t)
        end[o] = min(end[o], done)


@njit(cache=True, nogil=True)
def _end(k: Any, c: Any, t: Any, duration: Any, pausing: Any) -> Any:
    """Least tick at which a run that starts at t or later is over."""
    if duration == 0:
        return t
    soonest = t + -(-duration * k.pace[0] // k.pace[1])
    need = duration * k.pace[0]
    last = -1
    a = k.window_first[c]
    b = k.window_first[c + 1]
    while a < b:
        middle = (a + b) >> 1
        if k.window_end[middle] > t:
            b = middle
        else:
            a = middle + 1
    for w in range(a, k.window_first[c + 1]):
        at = max(t, k.window_start[w])
        if last >= 0 and k.window_start[w] > last and not pausing:
            need = duration * k.pace[0]
        ticks = -(-need // k.window_rate[w])
        if at + ticks <= k.window_end[w]:
            return at + ticks
        need -= (k.window_end[w] - at) * k.window_rate[w]
        last = k.window_end[w]
    return soonest


def misfits(problem: Problem) -> tuple[int, ...]:
    """Operations in every schedule of which every mode either fits into no unbroken run of windows, however long one
    waits (what pauses fits wherever there is a window), or asks for more of something at once than there ever is."""
    r = rules_of(problem)
    count = len(problem.window_first) - 1
    longest, whole = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    for c in range(count):
        units, last = 0, -1
        for w in range(int(problem.window_first[c]), int(problem.window_first[c + 1])):
            start, end = int(problem.window_start[w]), int(problem.window_end[w])
            units = (units if start == last else 0) + min(end - start, NEVER // 1000) * int(r.window_rate[w])
            longest[c], last, whole[c] = max(longest[c], units), end, True
    at = r.mode_calendar
    fits = (problem.mode_duration * r.pace <= longest[at]) | (r.mode_pause & whole[at]) | (problem.mode_duration == 0)
    fits &= ~_overdrawn(problem)
    lost = ~np.logical_or.reduceat(fits, problem.mode_first[:-1]) if problem.operations else np.zeros(0, dtype=bool)
    return tuple(int(o) for o in np.flatnonzero(lost & certain(problem) & ~r.fact))


def _overdrawn(problem: Problem) -> np.ndarray:
    """Which modes need more of a pool at some one time than it ever has, bool [M]: while they run, with loading or
    with unloading."""
    r = rules_of(problem)
    pools = len(r.pool_first) - 1
    found = np.zeros(len(problem.mode_resource), dtype=bool)
    if not pools or not len(r.need_pool):
        return found
    most = np.zeros(pools, dtype=np.int64)
    np.maximum.at(most, np.repeat(np.arange(pools), np.diff(r.pool_first)), r.pool_capacity)
    owner = np.repeat(np.arange(len(found)), np.diff(r.need_first))
    lasts = np.where(r.need_phase == LOAD, r.mode_load[owner], np.where(
        r.need_phase == UNLOAD, r.mode_unload[owner], problem.mode_duration[owner])) > 0
    for extra in (LOAD, UNLOAD):
        counts = lasts & np.isin(r.need_phase, (RUN, HOLD, extra))
        key = owner[counts] * pools + r.need_pool[counts]
        keys, place = np.unique(key, return_inverse=True)
        sums = np.bincount(place, weights=r.need_quantity[counts], minlength=len(keys))
        found[keys[sums > most[keys % pools]] // pools] = True
    return found


def completions(problem: Problem) -> np.ndarray:
    """Earliest completion of each job if it is made, ticks, [J]."""
    r, end = rules_of(problem), heads(problem)
    own = (problem.account < problem.jobs) & ~r.supply
    sure, maybe = own & (r.branch < 0), own & (r.branch >= 0)
    found = np.full(problem.jobs, -1, dtype=np.int64)
    np.maximum.at(found, problem.account[sure], end[sure])
    open_ = problem.job_release.copy()
    np.minimum.at(open_, problem.account[maybe], end[maybe])
    return np.where(found < 0, open_, found)


def hopeless(problem: Problem) -> tuple[int, ...]:
    """Jobs that must be made and cannot meet their deadline, even if nothing were ever busy: each alone is a proof."""
    late = (completions(problem) > problem.deadline) & ~refusable(problem)[: problem.jobs]
    return tuple(int(j) for j in np.flatnonzero(late))


def trivial_bound(problem: Problem, measure: str) -> int:
    """A bound of a measure: cheapest modes or refusal, materials, longest paths."""
    if measure == "makespan":
        return int(heads(problem)[certain(problem)].max(initial=0))
    completion, free = completions(problem), refusable(problem)[: problem.jobs]
    delivery = np.where(problem.early | (problem.due >= FAR), completion, np.maximum(completion, problem.due))
    late = np.where(problem.due < FAR, np.maximum(0, delivery - problem.due), 0)
    if measure == "money":
        return _money(problem, late)
    value = problem.weight * (late if measure == "weighted_tardiness" else delivery - problem.job_release)
    return int(np.where(free, np.minimum(0, value), value).sum())


def _money(problem: Problem, late: np.ndarray) -> int:
    """Least money. Where the term of an operation is open, half a hundredth per term is left for rounding."""
    r, weights = rules_of(problem), problem.weights
    shared = (r.batch_class >= 0) & (r.batch_capacity[problem.mode_resource] > 0)
    cost = problem.mode_cost - np.where(shared, r.mode_shared, 0)
    micros = np.zeros((problem.accounts, len(weights)), dtype=np.int64)
    loose, some = np.zeros(problem.accounts, dtype=np.int64), np.zeros(problem.accounts, dtype=bool)
    if problem.operations:
        first = problem.mode_first[:-1]
        term = np.minimum.reduceat(r.mode_term, first)
        firm = (r.branch < 0) & (term == np.maximum.reduceat(r.mode_term, first))
        least = np.minimum.reduceat(cost, first)
        np.add.at(micros, (problem.account[firm], term[firm]), least[firm])
        weighted = np.minimum.reduceat(cost * weights[r.mode_term], first)
        weighted = np.where(r.branch < 0, weighted, np.minimum(0, weighted))
        np.add.at(loose, problem.account[~firm], weighted[~firm])
        some[problem.account[~firm]] = True
    micros[:, MATERIAL] += problem.fixed_cost
    micros[: problem.jobs, LATENESS] = problem.late_rate * late
    exact = ((micros + MICRO // 2) // MICRO) @ weights
    rough = (2 * (micros @ weights + loose) - MICRO * int(weights.sum())) // (2 * MICRO)
    found = np.where(some, rough, exact)
    refused = np.where(r.refuse_cost < FAR, (r.refuse_cost + MICRO // 2) // MICRO * weights[REFUSAL], FAR)
    return int(np.minimum(found[: problem.jobs], refused).sum() + found[problem.jobs:].sum())
