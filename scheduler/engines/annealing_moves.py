"""The moves of annealing: which operation, where to, in which mode, and what that changes of the price. Compiled."""

from typing import Any

from scheduler.engines.annealing_state import below, rand
from scheduler.problem.compiling import inner
from scheduler.problem.timing import setup_index


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
