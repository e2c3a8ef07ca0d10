"""The state before the first block is placed: what is there to place, and what has happened already."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clash import load
from scheduler.problem.serial.clock import NEVER, fill
from scheduler.problem.serial.heaps import push
from scheduler.problem.serial.place import feeds
from scheduler.problem.serial.pools import blocked_until, step
from scheduler.problem.serial.running import count_nothing
from scheduler.problem.serial.settle import settle


@inner
def present(k: Any, s: Any, o: Any) -> Any:
    """Whether operation o takes part."""
    if k.op[o].job >= 0 and s.refused[k.op[o].job]:
        return False
    b = k.op[o].branch
    return b < 0 or s.chosen[k.branch_choice[b]] == b


@inner
def empty(k: Any, s: Any) -> None:
    """Empties the state, and counts the blocks there are to place."""
    tally = s.tally[0]
    tally.log = 0
    tally.seq = 0
    tally.released = 0
    tally.full = 0
    tally.reserving = tally.keeping
    tally.heap = 0
    tally.waiting = 0
    tally.parked = 0
    tally.touched = 0
    tally.turns = 0
    tally.epoch += 1
    if tally.overtime:
        fill(k.window, k.overtime, s.bought, s.cal, s.win)
        tally.overtime = 0
    for p in range(len(s.pool)):
        s.pool[p].steps = k.pool[p].steps
        for i in range(k.pool[p].steps):
            s.at[s.pool[p].first + i] = k.pool_at[k.pool[p].first + i]
            s.free[s.pool[p].first + i] = k.pool_free[k.pool[p].first + i]
    for j in range(len(s.job)):
        s.job[j].left = 0
        s.job[j].first = NEVER
        s.job[j].end = -1
        s.job[j].rest = 0
    for o in range(len(s.op)):
        s.op[o].placed = 0
        s.op[o].floor = 0
        s.op[o].prev = -1
        s.op[o].batch = -1
        s.op[o].present = present(k, s, o)
        if s.op[o].present and k.op[o].job >= 0 and not k.op[o].supply:
            s.job[k.op[o].job].left += 1
    for z in range(len(s.arc)):
        s.arc[z].carry = -1
        s.arc[z].pool = -1
        s.arc[z].open = 0
    for r in range(len(s.lane)):
        s.lane[r].last = -1
        s.lane[r].run = 0
        s.lane[r].reserved = 0
    tally.left = count_blocks(k, s)
    count_nothing(k, s)


@inner
def reserve_initial(k: Any, s: Any) -> None:
    """Takes the modules that resources have at the outset, where the past leaves as many."""
    for r in range(len(s.lane)):
        if not s.tally[0].reserving or k.res[r].initial < 0 or s.lane[r].last >= 0:
            continue
        s.tally[0].log = 0
        x = k.res[r].state_first + k.res[r].initial
        s.lane[r].reserved = 1
        for i in range(k.state[x].module_first, k.state[x].module_last):
            if blocked_until(s.pool, s.at, s.free, k.module[i], 0, NEVER, 1) >= 0:
                s.lane[r].reserved = 0
        if s.lane[r].reserved:
            for i in range(k.state[x].module_first, k.state[x].module_last):
                load(s, k.module[i], 0, NEVER, 1)


@inner
def count_blocks(k: Any, s: Any) -> Any:
    """Sets key and degree of each block that has something to place, and heaps those that may begin."""
    count = 0
    for b in range(k.par[0].blocks):
        s.key[b] = NEVER
        s.degree[b] = 0
        s.ready[b] = 0
        for i in range(k.block_first[b], k.block_first[b + 1]):
            o = k.block_op[i]
            if s.op[o].present and not k.op[o].fact:
                s.key[b] = min(s.key[b], s.op[o].rank)
                s.ready[b] = max(s.ready[b], k.op[o].release, k.op[o].fixed_start, s.op[o].after)
                for z in range(k.op[o].in_first, k.op[o].in_last):
                    a = k.arc[z].source
                    if s.op[a].present and not k.op[a].fact and k.op[a].block != b:
                        s.degree[b] += 1
        count += s.key[b] < NEVER
    for b in range(k.par[0].blocks):
        if s.key[b] < NEVER and s.degree[b] == 0:
            s.key[b] += s.tally[0].eager * s.ready[b]
            s.tally[0].heap = push(s.heap, s.key, s.tally[0].heap, b)
    return count


@inner
def settle_facts(k: Any, s: Any) -> None:
    """Enters what already happened, by start; facts that began together in one class are a batch, unless
    they go into buffers, where each must be counted."""
    found = s.found[3]
    for i in range(len(k.fact)):
        o = k.fact[i]
        if not s.op[o].present:
            continue
        m = k.op[o].fixed_mode
        s.tally[0].log = 0
        found.mode = m
        found.start = k.op[o].fixed_start
        found.end = k.op[o].fixed_end
        found.ps = found.start
        found.pe = found.start
        found.batch = -1
        last = s.lane[k.mode[m].resource].last
        if last >= 0 and k.mode[m].batch_class >= 0 and s.op[last].start == found.start \
                and k.mode[s.op[last].mode].batch_class == k.mode[m].batch_class and s.op[last].end == found.end \
                and s.op[last].places + k.op[o].places <= k.res[k.mode[m].resource].batch_capacity \
                and s.op[last].pending == 0 and not feeds(k, s, o, m):
            found.batch = last
        settle(k, s, o, found)


@inner
def room_for_begun(k: Any, s: Any) -> Any:
    """Whether the work in process that began in the past, and goes on, has room beside the rest of the past."""
    pool = k.par[0].job_pool
    first = NEVER
    for j in range(len(s.job)):
        if s.job[j].left > 0:
            first = min(first, s.job[j].first)
    if pool < 0 or first >= NEVER:
        return True
    short = False
    for i in range(step(s.pool, s.at, pool, max(first, k.par[0].now)), s.pool[pool].first + s.pool[pool].steps):
        short = short or s.free[i] < 0
    return not short


@inner
def begin(k: Any, s: Any) -> Any:
    """Empties the state and enters what happened; whether what goes on has room."""
    empty(k, s)
    settle_facts(k, s)
    reserve_initial(k, s)
    return room_for_begun(k, s)
