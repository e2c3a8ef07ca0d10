"""The timing kernel: where an operation can stand on a resource, and the schedule a set of sequences implies.

Working time of a calendar runs only inside its windows; W(t) is the working time before tick t. Reconfigurations
and sequences live in working time, so that they need not know about closed hours; only operations must fit one window.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from scheduler.problem.compiling import outer
from scheduler.problem.problem import FAR, Problem, Solution

NEVER = int(FAR)


class Arrays(NamedTuple):
    """The arrays of a Problem that kernels read, as numba takes them (see Problem for the meanings)."""

    mode_first: Any
    mode_resource: Any
    mode_state: Any
    mode_duration: Any
    mode_cost: Any
    pred_first: Any
    pred: Any
    succ_first: Any
    succ: Any
    release: Any
    account: Any
    due: Any
    deadline: Any
    early: Any
    calendar: Any
    location: Any
    initial_state: Any
    states: Any
    setup_first: Any
    setup_time: Any
    setup_cost: Any
    window_first: Any
    window_start: Any
    window_end: Any
    window_work: Any
    transport: Any
    fixed_mode: Any
    fixed_start: Any


def arrays(problem: Problem) -> Arrays:
    """The kernel's view of a problem; -1 for every operation where nothing is fixed."""
    free = np.full(problem.operations, -1, dtype=np.int64)
    given = {name: getattr(problem, name) for name in Arrays._fields}
    for name in ("fixed_mode", "fixed_start"):
        if len(given[name]) != problem.operations:
            given[name] = free
    return Arrays(**{name: np.ascontiguousarray(a) for name, a in given.items()})


@outer
def window_at(k: Any, c: Any, t: Any) -> Any:
    """Index of the first window of calendar c that ends after tick t; window_first[c + 1] where there is none."""
    a = k.window_first[c]
    b = k.window_first[c + 1]
    if b - a == 1:
        return a if k.window_end[a] > t else b
    while a < b:
        m = (a + b) >> 1
        if k.window_end[m] > t:
            b = m
        else:
            a = m + 1
    return a


@outer
def work_at(k: Any, c: Any, t: Any) -> Any:
    """Working ticks of calendar c before tick t."""
    i = window_at(k, c, t)
    if i == k.window_first[c + 1]:
        if i == k.window_first[c]:
            return 0
        return k.window_work[i - 1] + k.window_end[i - 1] - k.window_start[i - 1]
    return k.window_work[i] + max(0, t - k.window_start[i])


@outer
def place(k: Any, c: Any, ready: Any, work: Any, duration: Any) -> Any:
    """Earliest (start, working time at the start) at or after tick `ready` and working time `work` in calendar c.

    (FAR, FAR) where no window is left.
    """
    i = window_at(k, c, ready)
    last = k.window_first[c + 1]
    while i < last and k.window_work[i] + k.window_end[i] - k.window_start[i] <= work:
        if last - i > 16:  # far ahead: bisect instead of walking
            a = i + 1
            b = last
            while a < b:
                m = (a + b) >> 1
                if k.window_work[m] + k.window_end[m] - k.window_start[m] > work:
                    b = m
                else:
                    a = m + 1
            i = a
        else:
            i += 1
    if duration == 0 and i > k.window_first[c]:
        # an operation without duration may stand at the very end of a window
        before = k.window_end[i - 1]
        done = k.window_work[i - 1] + before - k.window_start[i - 1]
        if ready <= before and work <= done and (i == last or k.window_start[i] > max(ready, before)):
            return before, done
    if i >= last:
        return NEVER, NEVER
    start = max(k.window_start[i], ready, k.window_start[i] + work - k.window_work[i])
    while start + duration > k.window_end[i]:
        i += 1
        if i >= last:
            return NEVER, NEVER
        start = k.window_start[i]
    return start, k.window_work[i] + start - k.window_start[i]


@outer
def ready_at(k: Any, o: Any, r: Any, mode: Any, end: Any) -> Any:
    """Earliest tick at which operation o may start on resource r as far as release and predecessors go."""
    t = k.release[o]
    here = k.location[r]
    for z in range(k.pred_first[o], k.pred_first[o + 1]):
        p = k.pred[z]
        e = end[p] + k.transport[k.location[k.mode_resource[mode[p]]], here]
        t = max(t, e)
    return t


@outer
def setup_index(k: Any, r: Any, before: Any, after: Any) -> Any:
    """Index into setup_time and setup_cost, or -1 where nothing is needed."""
    if before < 0:
        return -1
    return k.setup_first[r] + before * k.states[r] + after


@njit(cache=True, nogil=True)
def semi_active(k: Any, mode: Any, first: Any, seq: Any, length: Any, start: Any, end: Any, work_end: Any,
                order: Any, degree: Any) -> Any:
    """Fills start, end and work_end with the earliest times of the sequences seq[first[r] : first[r] + length[r]].

    order, degree: scratch [n]; order holds a topological order afterwards. Returns how many operations were placed:
    fewer than n where the sequences and the precedence form a cycle, -1 where a calendar ran out.
    """
    n = len(mode)
    prev = np.full(n, -1, np.int64)
    nxt = np.full(n, -1, np.int64)
    for r in range(len(length)):
        for i in range(1, length[r]):
            a = seq[first[r] + i - 1]
            b = seq[first[r] + i]
            prev[b] = a
            nxt[a] = b
    head = 0
    tail = 0
    for o in range(n):
        degree[o] = k.pred_first[o + 1] - k.pred_first[o] + (1 if prev[o] >= 0 else 0)
        if degree[o] == 0:
            order[tail] = o
            tail += 1
    while head < tail:
        o = order[head]
        head += 1
        m = mode[o]
        r = k.mode_resource[m]
        q = prev[o]
        x = setup_index(k, r, k.mode_state[mode[q]] if q >= 0 else k.initial_state[r], k.mode_state[m])
        work = (work_end[q] if q >= 0 else 0) + (k.setup_time[x] if x >= 0 else 0)
        t = ready_at(k, o, r, mode, end)
        if q >= 0 and end[q] > t:
            t = end[q]
        t = max(t, k.fixed_start[o])
        d = k.mode_duration[m]
        s, w = place(k, k.calendar[r], t, work, d)
        if s >= NEVER:
            return -1
        start[o] = s
        end[o] = s + d
        work_end[o] = w + d
        s = nxt[o]
        if s >= 0:
            degree[s] -= 1
            if degree[s] == 0:
                order[tail] = s
                tail += 1
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            s = k.succ[z]
            degree[s] -= 1
            if degree[s] == 0:
                order[tail] = s
                tail += 1
    return tail


@njit(cache=True, nogil=True)
def latest_place(k: Any, c: Any, limit: Any, work_limit: Any, duration: Any) -> Any:
    """Latest start in calendar c that ends by tick `limit` and by working time `work_limit`; -1 where there is none."""
    i = window_at(k, c, limit - 1)
    if i == k.window_first[c + 1]:
        i -= 1
    while i >= k.window_first[c]:
        finish = min(k.window_end[i], limit, k.window_start[i] + work_limit - k.window_work[i])
        if finish - duration >= k.window_start[i]:
            return finish - duration
        i -= 1
    return -1


@njit(cache=True, nogil=True)
def delay(k: Any, mode: Any, first: Any, seq: Any, length: Any, start: Any, end: Any, order: Any, limit: Any) -> Any:
    """Moves every operation as late as its successors, its resource's sequence and limit[o] (latest end) allow;
    never earlier.

    order: topological, from semi_active. Delivery dates stay where limit keeps them; holding can only fall.
    """
    n = len(mode)
    nxt = np.full(n, -1, np.int64)
    for r in range(len(length)):
        for i in range(1, length[r]):
            nxt[seq[first[r] + i - 1]] = seq[first[r] + i]
    for z in range(n - 1, -1, -1):
        o = order[z]
        m = mode[o]
        r = k.mode_resource[m]
        c = k.calendar[r]
        d = k.mode_duration[m]
        if d == 0 or k.fixed_start[o] >= 0:
            continue
        t = limit[o]
        for y in range(k.succ_first[o], k.succ_first[o + 1]):
            s = k.succ[y]
            t = min(t, start[s] - k.transport[k.location[r], k.location[k.mode_resource[mode[s]]]])
        w = NEVER
        s = nxt[o]
        if s >= 0:
            t = min(t, start[s])
            x = setup_index(k, r, k.mode_state[m], k.mode_state[mode[s]])
            w = work_at(k, c, start[s]) - (k.setup_time[x] if x >= 0 else 0)
        if t <= end[o]:
            continue
        s = latest_place(k, c, t, w, d)
        if s > start[o]:
            start[o] = s
            end[o] = s + d


def sequences(problem: Problem, solution: Solution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(first [R+1], seq [n], length [R]): the operations of each resource in order, packed without gaps."""
    resource = problem.mode_resource[solution.mode]
    seq = np.lexsort((solution.rank, resource)).astype(np.int64)
    length = np.bincount(resource, minlength=problem.resources).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    return first, seq, length
