"""One run of dispatching that chooses modes last, compiled. See dispatch.py for when it is used.

Every operation whose predecessors are placed looks for its best mode: the least end plus what the price is worth. The
one that ends first names the resource; of all that would begin there before that end, the most urgent is placed.
Sources: Giffler, Thompson 1960 (active schedules); Vepsalainen, Morton 1987 and Lee, Bhaskaran, Pinedo 1997 (index).
"""

import math
from typing import Any

from scheduler.problem.compiling import inner, outer
from scheduler.problem.timing import NEVER, place, ready_at, setup_index


@inner
def best_mode(k: Any, o: Any, mode: Any, end: Any, free: Any, free_work: Any, state: Any,
              worth: Any) -> Any:
    """(mode, start, working time at the start) of the least end plus price x worth; mode -1 where none fits."""
    best = 1e300
    found = -1
    found_start = 0
    found_work = 0
    for m in range(k.mode_first[o], k.mode_first[o + 1]):
        if k.fixed_mode[o] >= 0 and k.fixed_mode[o] != m:
            continue
        r = k.mode_resource[m]
        x = setup_index(k, r, state[r], k.mode_state[m])
        t = max(ready_at(k, o, r, mode, end), free[r])
        t = max(t, k.fixed_start[o])
        s, w = place(k, k.calendar[r], t, free_work[r] + (k.setup_time[x] if x >= 0 else 0), k.mode_duration[m])
        if s >= NEVER:
            continue
        v = float(s + k.mode_duration[m]) + worth * (k.mode_cost[m] + (k.setup_cost[x] if x >= 0 else 0))
        if v < best:
            best = v
            found = m
            found_start = s
            found_work = w
    return found, found_start, found_work


@outer
def run_late(k: Any, tail: Any, due: Any, weight: Any, worth: Any, patience: Any, setup_patience: Any, mean: Any,
             mean_setup: Any, room: Any, mode: Any, rank: Any) -> Any:
    """Fills mode [n] and rank [n]; False where the calendars end too early.

    tail: shortest real time from the start of each operation to the end of its path, due, weight: [n] floats. worth:
    ticks that a micro is worth when modes are compared. patience: mean durations of slack at which urgency falls to a
    third; setup_patience: the same in mean reconfigurations, 0: they do not matter. room [11, max(n, R)]: scratch.
    """
    n = len(tail)
    ready = room[0]
    missing = room[1]
    end = room[2]
    choice = room[3]
    begin = room[4]
    work = room[5]
    known = room[6]
    free = room[7]
    free_work = room[8]
    state = room[9]
    count = room[10]
    for r in range(len(k.calendar)):
        free[r] = 0
        free_work[r] = 0
        count[r] = 0
        state[r] = k.initial_state[r]
    size = 0
    for o in range(n):
        missing[o] = k.pred_first[o + 1] - k.pred_first[o]
        known[o] = 0
        if missing[o] == 0:
            ready[size] = o
            size += 1
    while size > 0:
        first = NEVER
        here = -1
        for i in range(size):
            o = ready[i]
            if known[o] == 0:
                choice[o], begin[o], work[o] = best_mode(k, o, mode, end, free, free_work, state, worth)
                if choice[o] < 0:
                    return False
                known[o] = 1
            e = begin[o] + k.mode_duration[choice[o]]
            if e < first:
                first = e
                here = k.mode_resource[choice[o]]
        pick = -1
        most = -1e300
        for i in range(size):
            o = ready[i]
            m = choice[o]
            if k.mode_resource[m] != here or (begin[o] >= first and k.mode_duration[m] > 0):
                continue
            slack = max(0.0, due[o] - tail[o] - begin[o])
            v = math.log(weight[o] / max(1, k.mode_duration[m]) + 1e-300) - slack / (patience * mean)
            x = setup_index(k, here, state[here], k.mode_state[m])
            if x >= 0 and setup_patience > 0:
                v -= k.setup_time[x] / (setup_patience * mean_setup)
            if v > most or (v == most and o < ready[pick]):
                most = v
                pick = i
        o = ready[pick]
        size -= 1
        ready[pick] = ready[size]
        m = choice[o]
        mode[o] = m
        end[o] = begin[o] + k.mode_duration[m]
        rank[o] = count[here]
        count[here] += 1
        free[here] = end[o]
        free_work[here] = work[o] + k.mode_duration[m]
        state[here] = k.mode_state[m]
        for i in range(size):
            u = ready[i]
            for y in range(k.mode_first[u], k.mode_first[u + 1]):
                if k.mode_resource[y] == here:
                    known[u] = 0
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            u = k.succ[z]
            missing[u] -= 1
            if missing[u] == 0:
                ready[size] = u
                size += 1
    return True
