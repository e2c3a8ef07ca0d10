"""The state of an annealing run and its incremental timing, compiled. See annealing.py for what it does."""

from typing import Any, NamedTuple

import numpy as np

from scheduler.engines.heap import pop, push
from scheduler.problem.compiling import inner, outer
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


class Part(NamedTuple):
    """What may move: operations `ops`; on each resource the first `before` and the last `after` of the sequence stay
    where they are, and nothing comes between them."""

    ops: Any
    before: Any
    after: Any


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
    new_mode: Any
    delta: Any


@inner
def copy(source: Any, target: Any) -> None:
    """A loop, as assigning slices would make arrays, which kernels may not (see compiling)."""
    for i in range(len(source)):
        target[i] = source[i]


@inner
def rand(state: Any) -> Any:
    """Uniform in [0, 1). xorshift64*, Vigna 2016."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def below(state: Any, n: Any) -> Any:
    return int(rand(state) * n)


@inner
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


@outer
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


@outer
def makespan_of(s: Any) -> Any:
    longest = 0
    for r in range(len(s.length)):
        if s.length[r] > 0:
            longest = max(longest, s.end[s.seq[s.first[r] + s.length[r] - 1]])
    return longest


@outer
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


@inner
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


@inner
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


@inner
def queue(t: Any, size: Any, key: Any, o: Any) -> Any:
    """Puts operation o in line for retiming; returns the new size."""
    t.queued[o] = 1
    return push(t.heap_key, t.heap_item, size, key, o)


@inner
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
    always = goal.makespan > 0 or goal.budgets
    while size > 0:
        o = t.heap_item[0]
        size = pop(t.heap_key, t.heap_item, size)
        t.queued[o] = 0
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
        dearer = always
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
                dearer = True
        if i + 1 < s.length[r]:
            y = s.seq[s.first[r] + i + 1]
            if t.queued[y] == 0:
                size = queue(t, size, s.start[y], y)
        if late or away:
            for z in range(k.succ_first[o], k.succ_first[o + 1]):
                y = k.succ[z]
                if t.queued[y] == 0:
                    size = queue(t, size, s.start[y], y)
        makespan = max(makespan, s.end[o])
        if dearer and value(goal, t.delta, makespan) > limit:
            ok = False
            break
    for z in range(size):
        t.queued[t.heap_item[z]] = 0
    return ok, logged, job_logged
