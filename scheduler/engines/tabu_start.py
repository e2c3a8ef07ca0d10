"""Randomised dispatching for the makespan: many quick schedules, the best of which tabu search begins with.

The next operation is the one that can begin soonest, weighed against the work that remains behind it; its mode the one
that ends soonest, weighed against how much longer it takes than the shortest. Sources: Baker 1974 (non-delay
schedules); Storer, Wu, Vaccari 1992 (noise on the data of a rule).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.engines.tabu_graph import between, draw
from scheduler.problem.compiling import outer


@outer
def construct(k: Any, s: Any, work: Any, fastest: Any, urgency: Any, dearness: Any, noise: Any, waiting: Any) -> Any:
    """Writes modes and sequences of a non-delay schedule; its makespan. work [n]: what remains from each operation on;
    fastest [n]: its shortest duration; urgency: weight of the earliest start against that; dearness: weight of the
    ticks a mode takes more than the shortest; noise: share by which work is changed at random; waiting [4, n]: room."""
    n = len(s.mode)
    ready = waiting[0]
    missing = waiting[1]
    free = waiting[2]
    last = waiting[3]
    blur = s.other_tail
    size = 0
    for o in range(n):
        missing[o] = k.pred_first[o + 1] - k.pred_first[o]
        s.other_head[o] = k.release[o]
        blur[o] = work[o] + (work[o] * draw(s, 1000) * noise) // 1_000_000
        if missing[o] == 0:
            ready[size] = o
            size += 1
    for r in range(len(s.length)):
        s.length[r] = 0
        free[r] = 0
        last[r] = -1
    found = 0
    while size > 0:
        chosen = -1
        chosen_mode = -1
        least = 1 << 62
        for i in range(size):
            o = ready[i]
            end = 1 << 62
            mode = -1
            for m in range(k.mode_first[o], k.mode_first[o + 1]):
                r = k.mode_resource[m]
                t = max(s.other_head[o], free[r] + between(k, last[r], m)) + k.mode_duration[m]
                t += (dearness * (k.mode_duration[m] - fastest[o])) >> 3
                if t < end:
                    end = t
                    mode = m
            r = k.mode_resource[mode]
            begin = max(s.other_head[o], free[r] + between(k, last[r], mode))
            value = urgency * begin - blur[o]
            if value < least:
                least = value
                chosen = i
                chosen_mode = mode
        o = ready[chosen]
        size -= 1
        ready[chosen] = ready[size]
        r = k.mode_resource[chosen_mode]
        end = max(s.other_head[o], free[r] + between(k, last[r], chosen_mode)) + k.mode_duration[chosen_mode]
        last[r] = chosen_mode
        s.mode[o] = chosen_mode
        s.seq[k.room[r] + s.length[r]] = o
        s.length[r] += 1
        free[r] = end
        found = max(found, end)
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            x = k.succ[z]
            s.other_head[x] = max(s.other_head[x], end)
            missing[x] -= 1
            if missing[x] == 0:
                ready[size] = x
                size += 1
    return found


def remaining(k: Any) -> np.ndarray:
    """Mean work on the longest way from each operation on, its own included, ticks, [n]."""
    n = len(k.release)
    mean = np.add.reduceat(k.mode_duration, k.mode_first[:-1]) / np.diff(k.mode_first)
    work = np.zeros(n)
    missing = np.diff(k.succ_first)
    stack = [o for o in range(n) if missing[o] == 0]
    missing = missing.tolist()
    while stack:
        o = stack.pop()
        after = k.succ[k.succ_first[o]: k.succ_first[o + 1]]
        work[o] = mean[o] + (work[after].max() if len(after) else 0.0)
        for p in k.pred[k.pred_first[o]: k.pred_first[o + 1]].tolist():
            missing[p] -= 1
            if missing[p] == 0:
                stack.append(p)
    return work.astype(np.int64)
