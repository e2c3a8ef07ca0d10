"""One run of one dispatching rule, compiled. See dispatch.py for what it does."""

import math
from typing import Any

import numpy as np
from numba import njit

from scheduler.engines.heap import pop, push
from scheduler.problem.timing import NEVER, place, ready_at, setup_index, work_at


@njit(cache=True, nogil=True)
def tails_kernel(succ_first: Any, succ: Any, pred_first: Any, pred: Any, shortest: Any) -> Any:
    """Longest remaining path from each operation, its own shortest duration included."""
    n = len(shortest)
    degree = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    tail = shortest.copy()
    t = 0
    for o in range(n):
        degree[o] = succ_first[o + 1] - succ_first[o]
        if degree[o] == 0:
            order[t] = o
            t += 1
    h = 0
    while h < t:
        o = order[h]
        h += 1
        longest = 0
        for z in range(succ_first[o], succ_first[o + 1]):
            longest = max(longest, tail[succ[z]])
        tail[o] = longest + shortest[o]
        for z in range(pred_first[o], pred_first[o + 1]):
            p = pred[z]
            degree[p] -= 1
            if degree[p] == 0:
                order[t] = p
                t += 1
    return tail


@njit(cache=True, nogil=True)
def index_of(rule: Any, o: Any, now: Any, duration: Any, tail: Any, due: Any, weight: Any, mean: Any,
             ready: Any) -> Any:
    """The rule's index of an operation that becomes ready `now`, in ticks or comparable; the least goes first."""
    if rule == 0:
        return min(due[o], 1e15)
    if rule == 1:
        return min(due[o], 1e15) - tail[o]
    if rule == 2:
        slack = max(0.0, min(due[o], 1e15) - tail[o] - now)
        index = weight[o] / max(1.0, duration) * math.exp(-min(600.0, slack / (3.0 * mean)))
        return -mean * 10.0 * math.log(max(index, 1e-250))
    if rule == 3:
        return float(duration)
    if rule == 4:
        return -tail[o]
    if rule == 5:
        return float(ready)
    return tail[o] / max(weight[o], 1e-6) * 1e6


@njit(cache=True, nogil=True)
def run_rule(k: Any, tail: Any, due: Any, weight: Any, rule: Any, setup_weight: Any, cost_weight: Any,
             money_per_tick: Any) -> Any:
    """(mode [n], rank [n]) of the schedule the rule builds; mode[0] = -1 where the calendars end too early.

    tail, due, weight: [n] floats. setup_weight: ticks of index a tick of reconfiguration counts for; cost_weight:
    how much of a mode's price counts against waiting.
    """
    n = len(tail)
    resources = len(k.calendar)
    mode = np.full(n, -1, np.int64)
    rank = np.zeros(n, np.int64)
    start = np.zeros(n, np.int64)
    end = np.zeros(n, np.int64)
    mean = 1.0
    for o in range(n):
        mean += k.mode_duration[k.mode_first[o]]
    mean = max(1.0, mean / max(1, n))
    # queues: one heap per resource and state, as linked chunks would be, kept as sorted pairing by pools
    queue_first = np.zeros(resources + 1, np.int64)
    for r in range(resources):
        queue_first[r + 1] = queue_first[r] + k.states[r]
    queues = queue_first[resources]
    root = np.full(queues, -1, np.int64)
    child = np.full(n, -1, np.int64)
    sibling = np.full(n, -1, np.int64)
    index = np.zeros(n, np.float64)
    waiting = np.zeros(resources, np.int64)
    queued_work = np.zeros(resources, np.int64)
    state = k.initial_state.copy()
    free = np.zeros(resources, np.int64)
    free_work = np.zeros(resources, np.int64)
    count = np.zeros(resources, np.int64)
    busy = np.zeros(resources, np.bool_)
    degree = np.empty(n, np.int64)
    # events: (time, item): item < n an operation becomes ready, item >= n resource item - n becomes free
    keys = np.empty(n + resources + 1, np.float64)
    items = np.empty(n + resources + 1, np.int64)
    size = 0
    for o in range(n):
        degree[o] = k.pred_first[o + 1] - k.pred_first[o]
        if degree[o] == 0:
            size = push(keys, items, size, float(k.release[o]), o)
    touched = np.empty(resources, np.int64)
    is_touched = np.zeros(resources, np.bool_)
    done = 0
    while size > 0:
        now = keys[0]
        marks = 0
        while size > 0 and keys[0] == now:
            item = items[0]
            size = pop(keys, items, size)
            if item >= n:
                r = item - n
                busy[r] = False
            else:
                o = item
                r = choose_mode(k, o, mode, end, free, free_work, state, queued_work, root, queue_first, cost_weight,
                                money_per_tick, setup_weight)
                if r < 0:
                    mode[0] = -1
                    return mode, rank
                m = mode[o]
                index[o] = index_of(rule, o, now, k.mode_duration[m], tail, due, weight, mean, now)
                q = queue_first[r] + k.mode_state[m]
                root[q] = meld(root[q], o, index, child, sibling)
                waiting[r] += 1
                queued_work[r] += k.mode_duration[m]
            if not is_touched[r]:
                is_touched[r] = True
                touched[marks] = r
                marks += 1
        for z in range(marks):
            r = touched[z]
            is_touched[r] = False
            if busy[r] or waiting[r] == 0:
                continue
            c = k.calendar[r]
            pick = -1
            least = 1e300
            for s in range(k.states[r]):
                o = root[queue_first[r] + s]
                if o < 0:
                    continue
                x = setup_index(k, r, state[r], s)
                v = index[o]
                if x >= 0:
                    v += setup_weight * k.setup_time[x]
                    if money_per_tick > 0:
                        v += setup_weight * cost_weight * k.setup_cost[x] / money_per_tick
                if v < least or (v == least and o < root[queue_first[r] + pick]):
                    least = v
                    pick = s
            q = queue_first[r] + pick
            o = root[q]
            root[q] = merge_pairs(child[o], index, child, sibling)
            waiting[r] -= 1
            m = mode[o]
            d = k.mode_duration[m]
            queued_work[r] -= d
            x = setup_index(k, r, state[r], pick)
            t = max(ready_at(k, o, r, mode, end), free[r])
            t = max(t, k.fixed_start[o])
            s0, w0 = place(k, c, t, free_work[r] + (k.setup_time[x] if x >= 0 else 0), d)
            if s0 >= NEVER:
                mode[0] = -1
                return mode, rank
            start[o] = s0
            end[o] = s0 + d
            free[r] = s0 + d
            free_work[r] = w0 + d
            state[r] = pick
            rank[o] = count[r]
            count[r] += 1
            done += 1
            busy[r] = True
            size = push(keys, items, size, max(now, float(end[o])), n + r)
            for y in range(k.succ_first[o], k.succ_first[o + 1]):
                s1 = k.succ[y]
                degree[s1] -= 1
                if degree[s1] == 0:
                    t = k.release[s1]
                    for w in range(k.pred_first[s1], k.pred_first[s1 + 1]):
                        t = max(t, end[k.pred[w]])
                    size = push(keys, items, size, max(now, float(t)), s1)
    if done < n:
        mode[0] = -1
    return mode, rank


@njit(cache=True, nogil=True)
def choose_mode(k: Any, o: Any, mode: Any, end: Any, free: Any, free_work: Any, state: Any, queued_work: Any,
                root: Any, queue_first: Any, cost_weight: Any, money_per_tick: Any, setup_weight: Any) -> Any:
    """Sets mode[o] to the mode with the least expected completion plus price and returns its resource; -1 where
    none fits."""
    best = 1e300
    found = -1
    for m in range(k.mode_first[o], k.mode_first[o + 1]):
        if k.fixed_mode[o] >= 0 and k.fixed_mode[o] != m:
            continue
        r = k.mode_resource[m]
        c = k.calendar[r]
        t = ready_at(k, o, r, mode, end)
        work = free_work[r] + queued_work[r]
        s = k.mode_state[m]
        x = setup_index(k, r, state[r], s)
        price = float(k.mode_cost[m])
        if x >= 0 and root[queue_first[r] + s] < 0:
            work += k.setup_time[x]
            price += k.setup_cost[x]
        work = max(work, work_at(k, c, free[r]) + queued_work[r])
        s0, _ = place(k, c, t, work, k.mode_duration[m])
        if s0 >= NEVER:
            continue
        v = float(s0 + k.mode_duration[m])
        if money_per_tick > 0:
            v += cost_weight * price / money_per_tick
        else:
            v += 0.5 * setup_weight * k.mode_duration[m]
        if v < best:
            best = v
            found = r
            mode[o] = m
    return found


@njit(cache=True, nogil=True)
def meld(a: Any, b: Any, index: Any, child: Any, sibling: Any) -> Any:
    """Melds two pairing heaps (roots a, b; -1 is empty); the least index is the root, ties by operation. Fredman et
    al. 1986."""
    if a < 0:
        return b
    if b < 0:
        return a
    if index[b] < index[a] or (index[b] == index[a] and b < a):
        a, b = b, a
    sibling[b] = child[a]
    child[a] = b
    return a


@njit(cache=True, nogil=True)
def merge_pairs(first: Any, index: Any, child: Any, sibling: Any) -> Any:
    """The pairing heap left when a root with first child `first` is removed."""
    done = -1
    while first >= 0:
        a = first
        b = sibling[a]
        sibling[a] = -1
        if b < 0:
            sibling[a] = done
            done = a
            break
        first = sibling[b]
        sibling[b] = -1
        pair = meld(a, b, index, child, sibling)
        sibling[pair] = done
        done = pair
    root = -1
    while done >= 0:
        after = sibling[done]
        sibling[done] = -1
        root = meld(root, done, index, child, sibling)
        done = after
    return root
