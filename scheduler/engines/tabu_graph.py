"""The graph of a schedule as tabu search sees it: each operation after its predecessors and after the one before it on
its resource.

head[o]: when o ends at the earliest; tail[o]: the longest way from the start of o to the end of everything. Where an
operation moves, the topological order is repaired in the window that the move touches, and only those heads and tails
that change are computed again. Sources: Pearce, Kelly 2006 (order repaired in a window); González, Vela, Varela 2015
(reconfigurations in the graph).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scheduler.problem.compiling import inner, outer

MOST = 1 << 60
TOP = 8
"""Candidates kept for an exact look."""


class Net(NamedTuple):
    """What does not change: modes by operation, arcs both ways, releases; ends: operations without successor; room
    [R + 1]: where each resource's part of `seq` begins, with room for all operations it can run; setups [1]: whether
    there are reconfigurations; initial, states, setup_first [R], setup_time: see Problem."""

    mode_first: Any
    mode_resource: Any
    mode_duration: Any
    mode_state: Any
    setups: Any
    initial: Any
    states: Any
    setup_first: Any
    setup_time: Any
    pred_first: Any
    pred: Any
    succ_first: Any
    succ: Any
    release: Any
    ends: Any
    room: Any


class Tour(NamedTuple):
    """A schedule as sequences, its heads and tails, and what the search remembers. mode, duration [n]; seq [room],
    length [R]; before, after, place [n]: neighbours and index on the resource; order, rank [n]: topological; tabu [M]:
    iteration until which a mode may not be taken up again; counts: iterations, best makespan, circles met; top_...:
    candidates."""

    mode: Any
    duration: Any
    seq: Any
    length: Any
    before: Any
    after: Any
    place: Any
    head: Any
    tail: Any
    order: Any
    rank: Any
    dirty: Any
    buffer: Any
    path: Any
    tabu: Any
    best_mode: Any
    best_seq: Any
    best_length: Any
    counts: Any
    luck: Any
    top: Any
    top_value: Any
    other_head: Any
    other_tail: Any


@inner
def draw(s: Any, n: Any) -> Any:
    """A random number from 0 to n - 1 (xorshift64*, Vigna 2016)."""
    x = s.luck[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.luck[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % n


@outer
def rebuild(k: Any, s: Any) -> Any:
    """Neighbours, topological order, heads and tails from the sequences; the makespan, -1 where there is a circle."""
    n = len(s.mode)
    for o in range(n):
        s.before[o] = -1
        s.after[o] = -1
        s.duration[o] = k.mode_duration[s.mode[o]]
    for r in range(len(s.length)):
        a = k.room[r]
        for i in range(s.length[r]):
            o = s.seq[a + i]
            s.place[o] = i
            s.before[o] = s.seq[a + i - 1] if i > 0 else -1
            s.after[o] = s.seq[a + i + 1] if i + 1 < s.length[r] else -1
    size = 0
    for o in range(n):
        s.buffer[o] = k.pred_first[o + 1] - k.pred_first[o] + (s.before[o] >= 0)
        if s.buffer[o] == 0:
            s.order[size] = o
            size += 1
    i = 0
    while i < size:
        o = s.order[i]
        s.rank[o] = i
        i += 1
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            x = k.succ[z]
            s.buffer[x] -= 1
            if s.buffer[x] == 0:
                s.order[size] = x
                size += 1
        x = s.after[o]
        if x >= 0:
            s.buffer[x] -= 1
            if s.buffer[x] == 0:
                s.order[size] = x
                size += 1
    if size < n:
        return -1
    for i in range(n):
        o = s.order[i]
        s.head[o] = ready(k, s, o) + s.duration[o]
        s.dirty[o] = 0
    for i in range(n - 1, -1, -1):
        o = s.order[i]
        s.tail[o] = rest(k, s, o) + s.duration[o]
    return longest(k, s)


@outer
def between(k: Any, a: Any, b: Any) -> Any:
    """Reconfiguration between modes a (-1: none yet) and b of one resource."""
    if not k.setups[0]:
        return 0
    r = k.mode_resource[b]
    x = k.initial[r] if a < 0 else k.mode_state[a]
    return 0 if x < 0 else k.setup_time[k.setup_first[r] + x * k.states[r] + k.mode_state[b]]


@inner
def reached(k: Any, s: Any, a: Any, m: Any) -> Any:
    """When mode m can begin behind operation a (-1: first of all) on its resource."""
    return s.head[a] + between(k, s.mode[a], m) if a >= 0 else between(k, -1, m)


@inner
def left(k: Any, s: Any, m: Any, b: Any) -> Any:
    """The way from the end of mode m over operation b (-1: none) on its resource."""
    return s.tail[b] + between(k, m, s.mode[b]) if b >= 0 else 0


@inner
def ready_by_arcs(k: Any, s: Any, o: Any) -> Any:
    """When all predecessors of operation o are done."""
    t = k.release[o]
    for z in range(k.pred_first[o], k.pred_first[o + 1]):
        t = max(t, s.head[k.pred[z]])
    return t


@inner
def rest_by_arcs(k: Any, s: Any, o: Any) -> Any:
    """The longest way behind operation o over its successors."""
    t = 0
    for z in range(k.succ_first[o], k.succ_first[o + 1]):
        t = max(t, s.tail[k.succ[z]])
    return t


@inner
def ready(k: Any, s: Any, o: Any) -> Any:
    return max(ready_by_arcs(k, s, o), reached(k, s, s.before[o], s.mode[o]))


@inner
def rest(k: Any, s: Any, o: Any) -> Any:
    return max(rest_by_arcs(k, s, o), left(k, s, s.mode[o], s.after[o]))


@outer
def longest(k: Any, s: Any) -> Any:
    """The makespan."""
    found = 0
    for i in range(len(k.ends)):
        found = max(found, s.head[k.ends[i]])
    return found


@inner
def heads_from(k: Any, s: Any, first: Any, last: Any) -> None:
    """Computes heads anew from position `first` on, for dirty operations and whatever changes behind them; `last`: the
    last position that is dirty at the outset."""
    i = first
    while i <= last:
        o = s.order[i]
        i += 1
        if not s.dirty[o]:
            continue
        s.dirty[o] = 0
        t = ready(k, s, o) + s.duration[o]
        if t == s.head[o]:
            continue
        s.head[o] = t
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            x = k.succ[z]
            s.dirty[x] = 1
            last = max(last, s.rank[x])
        x = s.after[o]
        if x >= 0:
            s.dirty[x] = 1
            last = max(last, s.rank[x])


@inner
def tails_from(k: Any, s: Any, last: Any, first: Any) -> None:
    """The same for tails, from position `last` back."""
    i = last
    while i >= first:
        o = s.order[i]
        i -= 1
        if not s.dirty[o]:
            continue
        s.dirty[o] = 0
        t = rest(k, s, o) + s.duration[o]
        if t == s.tail[o]:
            continue
        s.tail[o] = t
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            x = k.pred[z]
            s.dirty[x] = 1
            first = min(first, s.rank[x])
        x = s.before[o]
        if x >= 0:
            s.dirty[x] = 1
            first = min(first, s.rank[x])


@inner
def put(k: Any, s: Any, o: Any, m: Any, at: Any) -> Any:
    """Takes operation o out and puts it at index `at` (counted without it) of the resource of mode m; repairs order,
    heads and tails. False where that would make a circle: everything is then as it was, apart from the order, which is
    another valid one."""
    here = k.mode_resource[s.mode[o]]
    there = k.mode_resource[m]
    was = s.place[o]
    a, b = relink(k, s, o, here, there, at)
    x = s.before[o]
    y = s.after[o]
    if not reorder(k, s, o, x, y):
        relink(k, s, o, there, here, was)
        reorder(k, s, o, s.before[o], s.after[o])
        return False
    s.mode[o] = m
    s.duration[o] = k.mode_duration[m]
    first = s.rank[o]
    last = first
    s.dirty[o] = 1
    if b >= 0:
        s.dirty[b] = 1
        first = min(first, s.rank[b])
        last = max(last, s.rank[b])
    if y >= 0:
        s.dirty[y] = 1
        first = min(first, s.rank[y])
        last = max(last, s.rank[y])
    heads_from(k, s, first, last)
    first = s.rank[o]
    last = first
    s.dirty[o] = 1
    if a >= 0:
        s.dirty[a] = 1
        first = min(first, s.rank[a])
        last = max(last, s.rank[a])
    if x >= 0:
        s.dirty[x] = 1
        first = min(first, s.rank[x])
        last = max(last, s.rank[x])
    tails_from(k, s, last, first)
    return True


@inner
def relink(k: Any, s: Any, o: Any, here: Any, there: Any, at: Any) -> Any:
    """Moves operation o from resource `here` to index `at` of `there`; its neighbours before."""
    a = s.before[o]
    b = s.after[o]
    if a >= 0:
        s.after[a] = b
    if b >= 0:
        s.before[b] = a
    z = k.room[here]
    for i in range(s.place[o], s.length[here] - 1):
        x = s.seq[z + i + 1]
        s.seq[z + i] = x
        s.place[x] = i
    s.length[here] -= 1
    z = k.room[there]
    for i in range(s.length[there], at, -1):
        x = s.seq[z + i - 1]
        s.seq[z + i] = x
        s.place[x] = i
    s.seq[z + at] = o
    s.place[o] = at
    s.length[there] += 1
    x = s.seq[z + at - 1] if at > 0 else -1
    y = s.seq[z + at + 1] if at + 1 < s.length[there] else -1
    s.before[o] = x
    s.after[o] = y
    if x >= 0:
        s.after[x] = o
    if y >= 0:
        s.before[y] = o
    return a, b


@inner
def reorder(k: Any, s: Any, o: Any, x: Any, y: Any) -> Any:
    """Repairs the topological order after operation o came between x and y; False where there is a circle."""
    c = s.rank[o]
    low = s.rank[x] if x >= 0 else -1
    for z in range(k.pred_first[o], k.pred_first[o + 1]):
        low = max(low, s.rank[k.pred[z]])
    high = s.rank[y] if y >= 0 else len(s.mode)
    for z in range(k.succ_first[o], k.succ_first[o + 1]):
        high = min(high, s.rank[k.succ[z]])
    if low < high:
        if c <= low:
            for i in range(c, low):
                u = s.order[i + 1]
                s.order[i] = u
                s.rank[u] = i
            s.order[low] = o
            s.rank[o] = low
        elif c >= high:
            for i in range(c, high, -1):
                u = s.order[i - 1]
                s.order[i] = u
                s.rank[u] = i
            s.order[high] = o
            s.rank[o] = high
        return True
    a = min(high, c)
    b = max(low, c)
    later = 0
    at = a
    for i in range(a, b + 1):  # what follows o goes behind it, all else before
        u = s.order[i]
        if u == o:
            continue
        follows = u == y
        for z in range(k.pred_first[u], k.pred_first[u + 1]):
            w = k.pred[z]
            follows = follows or w == o or s.dirty[w] == 1
        w = s.before[u]
        if w >= 0 and w != o and s.dirty[w] == 1:
            follows = True
        if follows:
            s.dirty[u] = 1
            s.buffer[later] = u
            later += 1
        else:
            s.order[at] = u
            s.rank[u] = at
            at += 1
    circle = x >= 0 and s.dirty[x] == 1
    for z in range(k.pred_first[o], k.pred_first[o + 1]):
        circle = circle or s.dirty[k.pred[z]] == 1
    s.order[at] = o
    s.rank[o] = at
    at += 1
    for i in range(later):
        u = s.buffer[i]
        s.order[at] = u
        s.rank[u] = at
        s.dirty[u] = 0
        at += 1
    return not circle
