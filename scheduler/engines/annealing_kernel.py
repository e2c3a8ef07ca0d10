"""Annealing on per-resource sequences with incremental timing, compiled. See annealing.py for what it does."""

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from scheduler.problem.timing import NEVER, place, ready_at, setup_index

MONEY, TARDINESS, LEAD, EXCESS = 0, 1, 2, 3
"""Rows of the running totals: micros, priority-ticks late, priority-ticks of lead time, ticks beyond hard deadlines."""


class Jobs(NamedTuple):
    """What the kernel knows about jobs. finals, initials: operations without successor, predecessor in their own job.

    late, hold: weighted micros per tick; weight: priority; deadline_jump: ticks added to any broken deadline.
    """

    number: int
    final_first: Any
    final: Any
    initial_first: Any
    initial: Any
    is_final: Any
    is_initial: Any
    late: Any
    hold: Any
    weight: Any
    deadline_jump: int


class Goal(NamedTuple):
    """Value of a schedule: coefficients x (money, tardiness, lead, excess) + makespan x its own + penalty x excess."""

    coefficient: Any
    makespan: float
    processing: int
    reconfiguration: int
    budget: Any
    penalty: Any
    budgets: bool


class State(NamedTuple):
    """The current schedule; all arrays are changed in place."""

    mode: Any
    position: Any
    first: Any
    seq: Any
    length: Any
    start: Any
    end: Any
    work_end: Any
    completion: Any
    begin: Any
    total: Any
    random: Any


class Scratch(NamedTuple):
    heap_key: Any
    heap_item: Any
    queued: Any
    log_op: Any
    log_start: Any
    log_end: Any
    log_work: Any
    job_log: Any
    job_completion: Any
    job_begin: Any
    block: Any
    old_mode: Any
    delta: Any


@njit(cache=True, nogil=True)
def rand(state: Any) -> Any:
    """Uniform in [0, 1). xorshift64*, Vigna 2016."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def below(state: Any, n: Any) -> Any:
    return int(rand(state) * n)


@njit(cache=True, nogil=True)
def job_part(k: Any, jobs: Any, j: Any, completion: Any, begin: Any, out: Any, sign: Any) -> Any:
    """Adds sign x the job's part of the totals to out."""
    due = k.due[j]
    delivery = completion
    if due < NEVER:
        if not k.early[j] and delivery < due:
            delivery = due
        if delivery > due:
            out[MONEY] += sign * jobs.late[j] * (delivery - due)
            out[TARDINESS] += sign * jobs.weight[j] * (delivery - due)
    out[LEAD] += sign * jobs.weight[j] * delivery
    out[MONEY] += sign * jobs.hold[j] * (delivery - begin)
    if completion > k.deadline[j]:
        out[EXCESS] += sign * (completion - k.deadline[j] + jobs.deadline_jump)


@njit(cache=True, nogil=True)
def value(goal: Any, total: Any, makespan: Any) -> Any:
    v = goal.makespan * makespan
    for i in range(4):
        v += goal.coefficient[i] * total[i]
    if goal.budgets:
        for i in range(3):
            if total[i] > goal.budget[i]:
                v += goal.penalty[i] * (total[i] - goal.budget[i]) + 2.0
        if makespan > goal.budget[3]:
            v += goal.penalty[3] * (makespan - goal.budget[3]) + 2.0
    return v


@njit(cache=True, nogil=True)
def makespan_of(s: Any) -> Any:
    longest = 0
    for r in range(len(s.length)):
        if s.length[r] > 0:
            longest = max(longest, s.end[s.seq[s.first[r] + s.length[r] - 1]])
    return longest


@njit(cache=True, nogil=True)
def totals(k: Any, jobs: Any, goal: Any, s: Any, fixed: Any) -> Any:
    """Recomputes completion, begin and the totals from the times."""
    s.completion[:] = 0
    s.begin[:] = NEVER
    s.total[:] = 0
    s.total[MONEY] = fixed
    for o in range(len(s.mode)):
        j = k.account[o]
        s.total[MONEY] += goal.processing * k.mode_cost[s.mode[o]]
        if j < jobs.number:
            s.completion[j] = max(s.completion[j], s.end[o])
            s.begin[j] = min(s.begin[j], s.start[o])
    for r in range(len(s.length)):
        s.total[MONEY] += goal.reconfiguration * arcs(k, s, r, 0, s.length[r])
    for j in range(jobs.number):
        if s.begin[j] < NEVER:
            job_part(k, jobs, j, s.completion[j], s.begin[j], s.total, 1)


@njit(cache=True, nogil=True)
def arcs(k: Any, s: Any, r: Any, a: Any, b: Any) -> Any:
    """Cost of the reconfigurations into positions a..b of resource r (those that exist)."""
    cost = 0
    f = s.first[r]
    for i in range(a, min(b + 1, s.length[r])):
        before = k.mode_state[s.mode[s.seq[f + i - 1]]] if i > 0 else k.initial_state[r]
        x = setup_index(k, r, before, k.mode_state[s.mode[s.seq[f + i]]])
        if x >= 0:
            cost += k.setup_cost[x]
    return cost


@njit(cache=True, nogil=True)
def move_block(s: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any, block: Any) -> Any:
    """Moves `count` operations from position i of r1 to position j of r2 (counted without them)."""
    f1 = s.first[r1]
    f2 = s.first[r2]
    seq = s.seq
    for z in range(count):
        block[z] = seq[f1 + i + z]
    if r1 == r2:
        if j < i:
            for z in range(i - 1, j - 1, -1):
                o = seq[f1 + z]
                seq[f1 + z + count] = o
                s.position[o] = z + count
        else:
            for z in range(i + count, j + count):
                o = seq[f1 + z]
                seq[f1 + z - count] = o
                s.position[o] = z - count
    else:
        for z in range(i + count, s.length[r1]):
            o = seq[f1 + z]
            seq[f1 + z - count] = o
            s.position[o] = z - count
        s.length[r1] -= count
        for z in range(s.length[r2] - 1, j - 1, -1):
            o = seq[f2 + z]
            seq[f2 + z + count] = o
            s.position[o] = z + count
        s.length[r2] += count
    for z in range(count):
        seq[f2 + j + z] = block[z]
        s.position[block[z]] = j + z


@njit(cache=True, nogil=True)
def heap_push(t: Any, size: Any, key: Any, item: Any) -> Any:
    keys = t.heap_key
    items = t.heap_item
    i = size
    while i > 0:
        p = (i - 1) >> 1
        if keys[p] <= key:
            break
        keys[i] = keys[p]
        items[i] = items[p]
        i = p
    keys[i] = key
    items[i] = item
    t.queued[item] = 1
    return size + 1


@njit(cache=True, nogil=True)
def heap_pop(t: Any, size: Any) -> Any:
    keys = t.heap_key
    items = t.heap_item
    size -= 1
    t.queued[items[0]] = 0
    key = keys[size]
    item = items[size]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= size:
            break
        if c + 1 < size and keys[c + 1] < keys[c]:
            c += 1
        if keys[c] >= key:
            break
        keys[i] = keys[c]
        items[i] = items[c]
        i = c
    keys[i] = key
    items[i] = item
    return size


@njit(cache=True, nogil=True)
def retime(k: Any, jobs: Any, goal: Any, s: Any, t: Any, size: Any, moved_from: Any, moved_to: Any, count: Any,
           limit: Any) -> Any:
    """Propagates from the queued operations in time order; stops when the value rises above `limit`.

    The block of `count` operations of t.block moved from resource moved_from to moved_to. Returns (ok, log length,
    job log length).
    """
    logged = 0
    job_logged = 0
    ok = True
    makespan = 0
    while size > 0:
        o = t.heap_item[0]
        size = heap_pop(t, size)
        m = s.mode[o]
        r = k.mode_resource[m]
        i = s.position[o]
        q = s.seq[s.first[r] + i - 1] if i > 0 else -1
        x = setup_index(k, r, k.mode_state[s.mode[q]] if q >= 0 else k.initial_state[r], k.mode_state[m])
        work = (s.work_end[q] if q >= 0 else 0) + (k.setup_time[x] if x >= 0 else 0)
        ready = ready_at(k, o, r, s.mode, s.end)
        if q >= 0 and s.end[q] > ready:
            ready = s.end[q]
        ready = max(ready, k.fixed_start[o])
        d = k.mode_duration[m]
        at, w = place(k, k.calendar[r], ready, work, d)
        if at >= NEVER or logged >= len(t.log_op) - 1:
            ok = False
            break
        changed = at + d != s.end[o] or w + d != s.work_end[o]
        away = False
        if moved_from != moved_to:
            for z in range(count):
                if t.block[z] == o:
                    away = True
        if not changed and at == s.start[o] and not away:
            continue
        t.log_op[logged] = o
        t.log_start[logged] = s.start[o]
        t.log_end[logged] = s.end[o]
        t.log_work[logged] = s.work_end[o]
        logged += 1
        late = at + d != s.end[o]
        s.start[o] = at
        s.end[o] = at + d
        s.work_end[o] = w + d
        j = k.account[o]
        if j < jobs.number and (jobs.is_final[o] or jobs.is_initial[o]):
            completion = s.completion[j]
            begin = s.begin[j]
            if jobs.is_final[o]:
                completion = 0
                for z in range(jobs.final_first[j], jobs.final_first[j + 1]):
                    completion = max(completion, s.end[jobs.final[z]])
            if jobs.is_initial[o]:
                begin = NEVER
                for z in range(jobs.initial_first[j], jobs.initial_first[j + 1]):
                    begin = min(begin, s.start[jobs.initial[z]])
            if completion != s.completion[j] or begin != s.begin[j]:
                t.job_log[job_logged] = j
                t.job_completion[job_logged] = s.completion[j]
                t.job_begin[job_logged] = s.begin[j]
                job_logged += 1
                job_part(k, jobs, j, s.completion[j], s.begin[j], t.delta, -1)
                job_part(k, jobs, j, completion, begin, t.delta, 1)
                s.completion[j] = completion
                s.begin[j] = begin
        if i + 1 < s.length[r]:
            y = s.seq[s.first[r] + i + 1]
            if t.queued[y] == 0:
                size = heap_push(t, size, s.start[y], y)
        if late or away:
            for z in range(k.succ_first[o], k.succ_first[o + 1]):
                y = k.succ[z]
                if t.queued[y] == 0:
                    size = heap_push(t, size, s.start[y], y)
        makespan = max(makespan, s.end[o])
        if value(goal, t.delta, makespan) > limit:
            ok = False
            break
    for z in range(size):
        t.queued[t.heap_item[z]] = 0
    return ok, logged, job_logged


@njit(cache=True, nogil=True)
def critical(k: Any, s: Any, makespan: Any) -> Any:
    """A random operation of one path that determines the makespan."""
    o = -1
    seen = 0
    for r in range(len(s.length)):
        if s.length[r] > 0:
            q = s.seq[s.first[r] + s.length[r] - 1]
            if s.end[q] == makespan:
                seen += 1
                if below(s.random, seen) == 0:
                    o = q
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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
            u = critical(k, s, makespan)
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
        t.delta[:] = s.total
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
            size = heap_push(t, size, s.start[o], o)
        elif j > 0:
            key = max(key, s.start[s.seq[f2 + j - 1]] + 1)
        for z in range(count):
            size = heap_push(t, size, key + z, t.block[z])
        a = i + count if r1 == r2 and j < i else i
        if a < s.length[r1]:
            o = s.seq[s.first[r1] + a]
            if t.queued[o] == 0:
                size = heap_push(t, size, s.start[o], o)
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
            s.total[:] = t.delta
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
        best_mode[:] = s.mode
        best_position[:] = s.position
    return now, makespan, best


@njit(cache=True, nogil=True)
def save(s: Any, t: Any, r1: Any, i: Any, count: Any, r2: Any, j: Any, best_mode: Any, best_position: Any) -> Any:
    """Keeps the state as it was before the move just made (which left the best one)."""
    best_mode[:] = s.mode
    best_position[:] = s.position
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
