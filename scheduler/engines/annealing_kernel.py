"""The moves of annealing, compiled. See annealing.py for what they are."""

import math
from typing import Any

from scheduler.engines.annealing_state import (
    MONEY,
    arcs,
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


@outer
def anneal(k: Any, jobs: Any, goal: Any, s: Any, t: Any, weights: Any, temperature: Any, margin: Any, proposals: Any,
           makespan: Any, best: Any, best_mode: Any, best_position: Any, info: Any) -> Any:
    """`proposals` moves at one temperature. weights: cumulative odds of (insertion, same configuration, block), then
    the odds of another mode and of starting from a critical path.

    Keeps the best state seen in best_mode, best_position. info[0]: moves accepted; info[1]: operations retimed.
    Returns (value, makespan, best value).
    """
    n = len(s.mode)
    now = value(goal, s.total, makespan)
    unsaved = False
    for _ in range(proposals):
        u = below(s.random, n)
        if weights[4] > 0 and rand(s.random) < weights[4]:
            o = last_of_all(s, makespan) if goal.makespan > 0 else last_of_late(k, jobs, s)
            if o >= 0:
                u = critical(k, s, o)
        if k.fixed_mode[u] >= 0 or k.fixed_start[u] >= 0:
            continue
        kind = 0
        x = rand(s.random)
        if x >= weights[0]:
            kind = 1 if x < weights[1] else 2
        m1 = s.mode[u]
        r1 = k.mode_resource[m1]
        i = s.position[u]
        count = 1
        if kind == 2:
            state = k.mode_state[m1]
            a = i
            while a > 0 and i - a < 6 and k.mode_state[s.mode[s.seq[s.first[r1] + a - 1]]] == state:
                a -= 1
            b = i
            while b + 1 < s.length[r1] and b - i < 6 and k.mode_state[s.mode[s.seq[s.first[r1] + b + 1]]] == state:
                b += 1
            i = a
            count = b - a + 1
            u = s.seq[s.first[r1] + i]
            m1 = s.mode[u]
        m2 = m1
        choices = k.mode_first[u + 1] - k.mode_first[u]
        if choices > 1 and rand(s.random) < weights[3]:
            m2 = k.mode_first[u] + below(s.random, choices)
        r2 = k.mode_resource[m2]
        for z in range(count):
            o = s.seq[s.first[r1] + i + z]
            t.old_mode[z] = s.mode[o]
            if z > 0 and m2 != m1:
                found = -1
                for y in range(k.mode_first[o], k.mode_first[o + 1]):
                    if k.mode_resource[y] == r2 and (found < 0 or k.mode_state[y] == k.mode_state[m2]):
                        found = y
                if found < 0:
                    count = z
                    break
        base = i if r1 == r2 else near(k, s, r2, s.start[u])
        if kind == 1:
            state = k.mode_state[m2]
            found = -1
            step = below(s.random, 3)
            while step < 14 and found < 0:
                a = base + step
                if a < s.length[r2]:
                    o = s.seq[s.first[r2] + a]
                    if o != u and k.mode_state[s.mode[o]] == state:
                        found = a
                a = base - step
                if found < 0 and a >= 0 and a < s.length[r2]:
                    o = s.seq[s.first[r2] + a]
                    if o != u and k.mode_state[s.mode[o]] == state:
                        found = a
                step += 1
            if found < 0:
                continue
            j = found + below(s.random, 2)
            if r1 == r2 and found > i:
                j -= 1
        else:
            g = 1
            while g < 14 and rand(s.random) < 0.6:
                g += 1
            if rand(s.random) < 0.5:
                g = -g
            elif r1 != r2:
                g -= 1
            j = base + g
            if r1 == r2 and m1 != m2 and rand(s.random) < 0.5:
                j = base
        most = s.length[r2] - (count if r1 == r2 else 0)
        j = max(0, min(j, most))
        if r1 == r2 and j == i and m1 == m2:
            continue
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
        if not feasible_order(k, s, r1, i, count, v, w):
            continue
        copy(s.total, t.delta)
        low = min(i, j)
        high = max(i, j) + count
        cost = arcs(k, s, r1, low, high) if r1 == r2 else arcs(k, s, r1, i, i + count) + arcs(k, s, r2, j, j)
        move_block(s, r1, i, count, r2, j, t.block)
        processing = 0
        for z in range(count):
            o = t.block[z]
            m = s.mode[o]
            if m2 != m1:
                if z == 0:
                    m = m2
                else:
                    m = -1
                    for y in range(k.mode_first[o], k.mode_first[o + 1]):
                        if k.mode_resource[y] == r2 and (m < 0 or k.mode_state[y] == k.mode_state[m2]):
                            m = y
                processing += k.mode_cost[m] - k.mode_cost[s.mode[o]]
                s.mode[o] = m
        after = arcs(k, s, r1, low, high) if r1 == r2 else arcs(k, s, r1, i, i) + arcs(k, s, r2, j, j + count)
        t.delta[MONEY] += goal.processing * processing + goal.reconfiguration * (after - cost)
        threshold = now - temperature * math.log(rand(s.random) + 1e-300)
        size = 0
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
        ok, logged, job_logged = retime(k, jobs, goal, s, t, size, r1, r2, count, threshold + margin)
        info[1] += logged
        reached = makespan
        if ok:
            if goal.makespan > 0 or goal.budget[3] < NEVER:
                reached = makespan_of(s)
            after_value = value(goal, t.delta, reached)
            ok = after_value <= threshold
        if ok:
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
        else:
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
