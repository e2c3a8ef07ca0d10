"""The moves of annealing, compiled. See annealing.py for what they are."""

import math
from typing import Any

from scheduler.engines.annealing_state import (
    MONEY,
    below,
    copy,
    makespan_of,
    move_block,
    queue,
    rand,
    retime,
    value,
)
from scheduler.problem.compiling import inner, outer
from scheduler.problem.timing import NEVER, setup_index


@inner
def last_of_all(s: Any, makespan: Any) -> Any:
    """A random operation that ends at the makespan; -1 where there is none."""
    o = -1
    seen = 0
    for r in range(len(s.length)):
        if s.length[r] > 0:
            q = s.seq[s.first[r] + s.length[r] - 1]
            if s.end[q] == makespan:
                seen += 1
                if below(s.random, seen) == 0:
                    o = q
    return o


@inner
def last_of_late(k: Any, jobs: Any, s: Any) -> Any:
    """The operation that completes a random late job; -1 where a few draws find none."""
    for _ in range(8):
        j = below(s.random, jobs.number)
        if s.completion[j] > min(k.due[j], k.deadline[j]):
            for z in range(jobs.final_first[j], jobs.final_first[j + 1]):
                if s.end[jobs.final[z]] == s.completion[j]:
                    return jobs.final[z]
    return -1


@inner
def critical(k: Any, s: Any, o: Any) -> Any:
    """A random operation of one path of operations without slack between them that ends with operation o."""
    pick = o
    steps = 1
    while o >= 0:
        steps += 1
        if below(s.random, steps) == 0:
            pick = o
        r = k.mode_resource[s.mode[o]]
        before = -1
        ties = 0
        i = s.position[o]
        if i > 0:
            q = s.seq[s.first[r] + i - 1]
            x = setup_index(k, r, k.mode_state[s.mode[q]], k.mode_state[s.mode[o]])
            if s.work_end[q] + (k.setup_time[x] if x >= 0 else 0) + k.mode_duration[s.mode[o]] == s.work_end[o]:
                before = q
                ties = 1
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            p = k.pred[z]
            if s.end[p] + k.transport[k.location[k.mode_resource[s.mode[p]]], k.location[r]] == s.start[o]:
                ties += 1
                if below(s.random, ties) == 0:
                    before = p
        o = before
    return pick


@inner
def near(k: Any, s: Any, r: Any, at: Any) -> Any:
    """Position on resource r of the first operation that starts at or after tick `at`."""
    a = 0
    b = s.length[r]
    while a < b:
        m = (a + b) >> 1
        if s.start[s.seq[s.first[r] + m]] < at:
            a = m + 1
        else:
            b = m
    return a


@inner
def feasible_order(k: Any, s: Any, r: Any, i: Any, count: Any, v: Any, w: Any) -> Any:
    """Whether the block may stand after v and before w, judged by the times it has (sufficient against cycles)."""
    for z in range(count):
        o = s.seq[s.first[r] + i + z]
        if v >= 0:
            for y in range(k.succ_first[o], k.succ_first[o + 1]):
                x = k.succ[y]
                if x == v or s.start[v] >= s.end[x]:
                    return False
        if w >= 0:
            for y in range(k.pred_first[o], k.pred_first[o + 1]):
                x = k.pred[y]
                if x == w or s.start[x] >= s.end[w]:
                    return False
    return True


@inner
def inside(s: Any, part: Any, r: Any, i: Any) -> Any:
    """Whether position i of resource r belongs to the part that may move."""
    return i >= part.before[r] and i < s.length[r] - part.after[r]


@inner
def pick(k: Any, jobs: Any, goal: Any, s: Any, part: Any, weights: Any, makespan: Any) -> Any:
    """An operation to move: on a critical path, or any."""
    u = part.ops[below(s.random, len(part.ops))]
    if weights[4] > 0 and rand(s.random) < weights[4]:
        o = last_of_all(s, makespan) if goal.makespan > 0 else last_of_late(k, jobs, s)
        if o >= 0:
            o = critical(k, s, o)
            if inside(s, part, k.mode_resource[s.mode[o]], s.position[o]):
                return o
    return u


@inner
def same_state(k: Any, s: Any, part: Any, r: Any, i: Any) -> Any:
    """(first, count) of the run of operations of one configuration around position i, at most six to each side."""
    state = k.mode_state[s.mode[s.seq[s.first[r] + i]]]
    a = i
    while a > part.before[r] and i - a < 6 and k.mode_state[s.mode[s.seq[s.first[r] + a - 1]]] == state:
        a -= 1
    b = i
    last = s.length[r] - part.after[r]
    while b + 1 < last and b - i < 6 and k.mode_state[s.mode[s.seq[s.first[r] + b + 1]]] == state:
        b += 1
    return a, b - a + 1


@inner
def alike(k: Any, s: Any, r: Any, base: Any, state: Any, u: Any) -> Any:
    """Position near `base` of an operation other than u in that configuration; -1 where there is none near."""
    step = below(s.random, 3)
    while step < 14:
        a = base + step
        if a < s.length[r]:
            o = s.seq[s.first[r] + a]
            if o != u and k.mode_state[s.mode[o]] == state:
                return a
        a = base - step
        if a >= 0 and a < s.length[r]:
            o = s.seq[s.first[r] + a]
            if o != u and k.mode_state[s.mode[o]] == state:
                return a
        step += 1
    return -1


@inner
def new_modes(k: Any, s: Any, t: Any, r1: Any, i: Any, count: Any, m2: Any) -> Any:
    """Fills t.old_mode and t.new_mode for a block whose first operation goes to mode m2; how many of it can follow."""
    r2 = k.mode_resource[m2]
    same = m2 == s.mode[s.seq[s.first[r1] + i]]
    for z in range(count):
        o = s.seq[s.first[r1] + i + z]
        m = s.mode[o]
        t.old_mode[z] = m
        if not same:
            m = m2
            if z > 0:
                m = -1
                for y in range(k.mode_first[o], k.mode_first[o + 1]):
                    if k.mode_resource[y] == r2 and (m < 0 or k.mode_state[y] == k.mode_state[m2]):
                        m = y
                if m < 0:
                    return z
        t.new_mode[z] = m
    return count


@inner
def state_behind(k: Any, s: Any, r: Any, i: Any) -> Any:
    """The state that position i of resource r leaves; the initial one before all."""
    return k.mode_state[s.mode[s.seq[s.first[r] + i]]] if i >= 0 else k.initial_state[r]


@inner
def price(k: Any, r: Any, before: Any, after: Any) -> Any:
    x = setup_index(k, r, before, after)
    return k.setup_cost[x] if x >= 0 else 0


@inner
def change(k: Any, goal: Any, s: Any, t: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any) -> Any:
    """What the move changes of processing and reconfigurations, weighted micros; times do not matter to it."""
    processing = 0
    setups = 0
    left = state_behind(k, s, r1, i - 1)
    last = left
    for z in range(count):
        processing += k.mode_cost[t.new_mode[z]] - k.mode_cost[t.old_mode[z]]
        state = k.mode_state[t.old_mode[z]]
        setups -= price(k, r1, last, state)
        last = state
    if i + count < s.length[r1]:
        state = state_behind(k, s, r1, i + count)
        setups += price(k, r1, left, state) - price(k, r1, last, state)
    a = j - 1
    b = j
    if r1 == r2 and a >= i:  # j counts without the block
        a += count
    if r1 == r2 and b >= i:
        b += count
    last = state_behind(k, s, r2, a)
    if b < s.length[r2]:
        setups -= price(k, r2, last, state_behind(k, s, r2, b))
    for z in range(count):
        state = k.mode_state[t.new_mode[z]]
        setups += price(k, r2, last, state)
        last = state
    if b < s.length[r2]:
        setups += price(k, r2, last, state_behind(k, s, r2, b))
    return goal.processing * processing + goal.reconfiguration * setups


@inner
def place_for(k: Any, s: Any, part: Any, weights: Any, kind: Any, r1: Any, i: Any, count: Any, m1: Any,
              m2: Any) -> Any:
    """Where on the resource of mode m2 the block goes, counted without it; -1 for nowhere."""
    r2 = k.mode_resource[m2]
    u = s.seq[s.first[r1] + i]
    base = i if r1 == r2 else near(k, s, r2, s.start[u])
    if kind == 1:
        found = alike(k, s, r2, base, k.mode_state[m2], u)
        if found < 0:
            return -1
        j = found + below(s.random, 2)
        if r1 == r2 and found > i:
            j -= 1
    else:
        g = 1
        while g < 14 and rand(s.random) < weights[5]:
            g += 1
        if rand(s.random) < 0.5:
            g = -g
        elif r1 != r2:
            g -= 1
        j = base + g
        if r1 == r2 and m1 != m2 and rand(s.random) < 0.5:
            j = base
    most = s.length[r2] - part.after[r2] - (count if r1 == r2 else 0)
    j = max(part.before[r2], min(j, most))
    return -1 if r1 == r2 and j == i and m1 == m2 else j


@inner
def may_stand(k: Any, s: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any) -> Any:
    """Whether the move makes no circle, judged by the times there are."""
    v = -1
    w = -1
    f2 = s.first[r2]
    if r1 == r2:
        if j > i:
            v = s.seq[f2 + j + count - 1]
        elif j < i:
            w = s.seq[f2 + j]
    else:
        if j > 0:
            v = s.seq[f2 + j - 1]
        if j < s.length[r2]:
            w = s.seq[f2 + j]
    return feasible_order(k, s, r1, i, count, v, w)


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
    the odds of another mode and of starting from a critical path. part: what may move, and where (see Part).

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
