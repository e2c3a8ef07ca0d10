"""Going back to a state that was saved, at the price of what has changed since; and changing a list half-way.

A saved state is another State of the same sizes. Everything that operations placed later can have changed hangs on the
operations touched: their arcs, their job, the blocks that follow them.
"""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.begin import present
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.heaps import mend


@inner
def copy_first(target: Any, source: Any, size: Any) -> None:
    """Copies the first entries of an array."""
    for i in range(size):
        target[i] = source[i]


@inner
def copy_shared(target: Any, source: Any) -> None:
    """Copies what is not kept by operation: resources, pools, heaps, sums."""
    copy_first(target.lane, source.lane, len(source.lane))
    tally = source.tally[0]
    copy_first(target.heap, source.heap, tally.heap)
    copy_first(target.waiting, source.waiting, tally.waiting)
    copy_first(target.parked, source.parked, tally.parked)
    for p in range(len(source.pool)):
        first = source.pool[p].first
        target.pool[p].steps = source.pool[p].steps
        for i in range(first, first + source.pool[p].steps):
            target.at[i] = source.at[i]
            target.free[i] = source.free[i]
    epoch = target.tally[0].epoch
    target.tally[0] = tally
    target.tally[0].epoch = epoch + 1
    target.tally[0].touched = 0


@inner
def save(s: Any, b: Any) -> None:
    """Copies state s to b, and begins to note what changes."""
    copy_shared(b, s)
    copy_first(b.op, s.op, len(s.op))
    copy_first(b.arc, s.arc, len(s.arc))
    copy_first(b.job, s.job, len(s.job))
    copy_first(b.degree, s.degree, len(s.degree))
    copy_first(b.ready, s.ready, len(s.ready))
    s.tally[0].epoch += 1
    s.tally[0].touched = 0


@inner
def go_back(k: Any, s: Any, b: Any) -> None:
    """Makes s what was saved in b again, but for the list itself: rank, wanted mode, earliest start."""
    for i in range(s.tally[0].touched):
        o = s.touched[i]
        rank = s.op[o].rank
        wanted = s.op[o].wanted
        after = s.op[o].after
        s.op[o] = b.op[o]
        s.op[o].rank = rank
        s.op[o].wanted = wanted
        s.op[o].after = after
        for z in range(k.op[o].in_first, k.op[o].in_last):
            s.arc[z] = b.arc[z]
        for x in range(k.op[o].out_first, k.op[o].out_last):
            z = k.out[x]
            s.arc[z] = b.arc[z]
            c = k.op[k.arc[z].target].block
            s.degree[c] = b.degree[c]
            s.ready[c] = b.ready[c]
        c = k.op[o].block
        s.degree[c] = b.degree[c]
        s.ready[c] = b.ready[c]
        if k.op[o].job >= 0:
            s.job[k.op[o].job] = b.job[k.op[o].job]
    copy_shared(s, b)


@inner
def mend_heaps(s: Any) -> None:
    """Puts the heaps in order after keys have changed."""
    mend(s.heap, s.key, s.tally[0].heap)
    mend(s.parked, s.key, s.tally[0].parked)


@inner
def weigh(k: Any, s: Any, b: Any) -> None:
    """Sets the key of block b by the ranks of its operations; NEVER where nothing of it is to be placed."""
    key = NEVER
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        if s.op[o].present and not k.op[o].fact:
            key = min(key, s.op[o].rank)
    s.key[b] = key


@inner
def depend(k: Any, s: Any, b: Any) -> None:
    """Sets how many arcs block b, of which nothing is placed, still waits for, and since when it could begin."""
    s.degree[b] = 0
    s.ready[b] = 0
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        if not s.op[o].present or k.op[o].fact:
            continue
        s.ready[b] = max(s.ready[b], k.op[o].release, k.op[o].fixed_start, s.op[o].after)
        for z in range(k.op[o].in_first, k.op[o].in_last):
            a = k.arc[z].source
            if s.op[a].present and not k.op[a].fact and k.op[a].block != b:
                if s.op[a].placed:
                    s.ready[b] = max(s.ready[b], s.op[a].end)
                else:
                    s.degree[b] += 1


@inner
def drop_idle(s: Any, heap: Any, size: Any) -> Any:
    """Removes the blocks with nothing to place, or with something to wait for; the new size."""
    kept = 0
    for i in range(size):
        b = heap[i]
        if s.key[b] < NEVER and s.degree[b] == 0:
            heap[kept] = b
            kept += 1
    return kept


@inner
def weigh_operation(k: Any, s: Any, o: Any) -> None:
    """Counts anew whether operation o takes part, and what hangs on it. Only before anything of its block is placed."""
    tally = s.tally[0]
    now = present(k, s, o)
    if s.op[o].present == now or k.op[o].fact:
        return
    sign = 1 if now else -1
    s.op[o].present = now
    tally.spent += sign * k.op[o].least
    if k.op[o].job >= 0 and not k.op[o].supply:
        s.job[k.op[o].job].left += sign
    for x in range(k.op[o].out_first - 1, k.op[o].out_last):
        c = k.op[o].block if x < k.op[o].out_first else k.op[k.arc[k.out[x]].target].block
        there = s.key[c] < NEVER
        listed = there and s.degree[c] == 0
        weigh(k, s, c)
        depend(k, s, c)
        tally.left += (s.key[c] < NEVER) - there
        if s.key[c] < NEVER and s.degree[c] == 0:
            if not listed:
                s.heap[tally.heap] = c
                tally.heap += 1
        elif listed:
            tally.heap = drop_idle(s, s.heap, tally.heap)
            tally.waiting = drop_idle(s, s.waiting, tally.waiting)
            tally.parked = drop_idle(s, s.parked, tally.parked)
