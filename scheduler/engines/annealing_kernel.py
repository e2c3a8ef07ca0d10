"""One annealing run at one temperature, compiled. See annealing.py for what it does."""

import math
from typing import Any

from scheduler.engines.annealing_moves import change, may_stand, new_modes, pick, place_for, same_state
from scheduler.engines.annealing_state import MONEY, below, copy, makespan_of, move_block, queue, rand, retime, value
from scheduler.problem.compiling import inner, outer
from scheduler.problem.timing import NEVER


@inner
def line_up(s: Any, t: Any, u: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any) -> Any:
    """Puts in line for retiming what the move touches at first; how many."""
    size = 0
    f2 = s.first[r2]
    key = s.start[u]
    if j + count < s.length[r2]:
        o = s.seq[f2 + j + count]
        key = s.start[o] - count
        size = queue(t, size, s.start[o], o)
    elif j > 0:
        key = max(key, s.start[s.seq[f2 + j - 1]] + 1)
    for z in range(count):
        size = queue(t, size, key + z, t.block[z])
    a = i + count if r1 == r2 and j < i else i
    if a < s.length[r1]:
        o = s.seq[s.first[r1] + a]
        if t.queued[o] == 0:
            size = queue(t, size, s.start[o], o)
    return size


@inner
def take_back(s: Any, t: Any, logged: Any, job_logged: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any) -> None:
    """Undoes the move and what retiming has changed."""
    for z in range(logged - 1, -1, -1):
        o = t.log_op[z]
        s.start[o] = t.log_start[z]
        s.end[o] = t.log_end[z]
        s.work_end[o] = t.log_work[z]
    for z in range(job_logged - 1, -1, -1):
        jj = t.job_log[z]
        s.completion[jj] = t.job_completion[z]
        s.begin[jj] = t.job_begin[z]
    for z in range(count):
        s.mode[t.block[z]] = t.old_mode[z]
    move_block(s, r2, j, count, r1, i, t.block)


@outer
def anneal(k: Any, jobs: Any, goal: Any, s: Any, t: Any, part: Any, weights: Any, temperature: Any, margin: Any,
           proposals: Any, makespan: Any, best: Any, best_mode: Any, best_position: Any, info: Any) -> Any:
    """`proposals` moves at one temperature. weights: cumulative odds of (insertion, same configuration, block), then
    the odds of another mode, of starting from a critical path and of going one place further. part: what may move, and
    where (see Part).

    Keeps the best state seen in best_mode, best_position. info: moves accepted, operations retimed, moves given up for
    their price alone. Returns (value, makespan, best value).
    """
    now = value(goal, s.total, makespan)
    unsaved = False
    # where nothing but money counts, a price that is too high already need not be made up for by time
    priced = goal.makespan == 0 and not goal.budgets
    for _ in range(proposals):
        u = pick(k, jobs, goal, s, part, weights, makespan)
        if k.fixed_mode[u] >= 0 or k.fixed_start[u] >= 0:
            continue
        kind = 0
        x = rand(s.random)
        if x >= weights[0]:
            kind = 1 if x < weights[1] else 2
        r1 = k.mode_resource[s.mode[u]]
        i = s.position[u]
        count = 1
        if kind == 2:
            i, count = same_state(k, s, part, r1, i)
            u = s.seq[s.first[r1] + i]
        m1 = s.mode[u]
        m2 = m1
        choices = k.mode_first[u + 1] - k.mode_first[u]
        if choices > 1 and rand(s.random) < weights[3]:
            m2 = k.mode_first[u] + below(s.random, choices)
        r2 = k.mode_resource[m2]
        count = new_modes(k, s, t, r1, i, count, m2)
        j = place_for(k, s, part, weights, kind, r1, i, count, m1, m2)
        if j < 0 or not may_stand(k, s, r1, i, count, r2, j):
            continue
        threshold = now - temperature * math.log(rand(s.random) + 1e-300)
        paid = change(k, goal, s, t, r1, i, count, r2, j)
        if priced and now + goal.coefficient[MONEY] * paid > threshold + margin:
            info[2] += 1
            continue
        copy(s.total, t.delta)
        t.delta[MONEY] += paid
        move_block(s, r1, i, count, r2, j, t.block)
        for z in range(count):
            s.mode[t.block[z]] = t.new_mode[z]
        size = line_up(s, t, u, r1, i, count, r2, j)
        ok, logged, job_logged = retime(k, jobs, goal, s, t, size, r1, r2, count, threshold + margin)
        info[1] += logged
        reached = makespan
        after_value = now
        if ok:
            if goal.makespan > 0 or goal.budget[3] < NEVER:
                reached = makespan_of(s)
            after_value = value(goal, t.delta, reached)
            ok = after_value <= threshold
        if not ok:
            take_back(s, t, logged, job_logged, r1, i, count, r2, j)
            continue
        if after_value > now and unsaved:
            save(s, t, r1, i, count, r2, j, best_mode, best_position)
            unsaved = False
        copy(t.delta, s.total)
        makespan = reached
        now = after_value
        info[0] += 1
        if now < best - 1e-9:
            best = now
            unsaved = True
    if unsaved:
        copy(s.mode, best_mode)
        copy(s.position, best_position)
    return now, makespan, best


@inner
def save(s: Any, t: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any, best_mode: Any, best_position: Any) -> Any:
    """Keeps the state as it was before the move just made (which left the best one)."""
    copy(s.mode, best_mode)
    copy(s.position, best_position)
    for z in range(count):
        best_mode[t.block[z]] = t.old_mode[z]
    if r1 == r2:
        low = min(i, j)
        high = max(i, j) + count
        f = s.first[r1]
        for z in range(low, min(high, s.length[r1])):
            o = s.seq[f + z]
            p = z
            if z >= j and z < j + count:
                p = i + z - j
            elif j < i:
                p = z - count
            else:
                p = z + count
            best_position[o] = p
    else:
        for z in range(i, s.length[r1]):
            best_position[s.seq[s.first[r1] + z]] = z + count
        for z in range(count):
            best_position[t.block[z]] = i + z
        for z in range(j + count, s.length[r2]):
            best_position[s.seq[s.first[r2] + z]] = z - count
