"""The serial schedule generation: blocks from a list, each at the earliest time that all rules allow.

Sources: Kelley 1963 (serial scheme); Franck, Neumann, Schwindt 2001 (calendars and maximum lags, with unscheduling).
"""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner, outer
from scheduler.problem.serial.choose import choose
from scheduler.problem.serial.clash import load, unwind
from scheduler.problem.serial.clock import NEVER, fill, reaching
from scheduler.problem.serial.place import TOGETHER, feeds, transport
from scheduler.problem.serial.pools import blocked_until, step
from scheduler.problem.serial.settle import leave, settle, undo

DONE, STUCK, FULL = range(3)
"""Answers of build: a schedule; the list leads to none; more storage is needed."""
ATTEMPTS = 400
"""How often a block begins anew, later, until its maximum lags hold."""
CAREFREE = 4
"""Attempts after which a block keeps the modes it has taken."""


@inner
def push(heap: Any, key: Any, size: Any, block: Any) -> Any:
    """Adds a block to a heap by key; returns the new size."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if key[heap[parent]] <= key[block]:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = block
    return size + 1


@inner
def pop(heap: Any, key: Any, size: Any) -> Any:
    """Removes the first block of a heap, which is heap[0]; returns the new size."""
    size -= 1
    block = heap[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[block]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = block
    return size


@inner
def present(k: Any, s: Any, o: Any) -> Any:
    """Whether operation o takes part."""
    if k.op[o].job >= 0 and s.refused[k.op[o].job]:
        return False
    b = k.op[o].branch
    return b < 0 or s.chosen[k.branch_choice[b]] == b


@inner
def begin(k: Any, s: Any) -> Any:
    """Empties the state; returns how many blocks there are to place."""
    tally = s.tally[0]
    tally.log = 0
    tally.seq = 0
    tally.released = 0
    tally.full = 0
    tally.reserving = tally.keeping
    tally.heap = 0
    tally.waiting = 0
    tally.parked = 0
    if tally.overtime:
        fill(k.window, k.overtime, s.bought, s.cal, s.win)
        tally.overtime = 0
    for p in range(len(s.pool)):
        s.pool[p].size = k.pool[p].size
        for i in range(k.pool[p].size):
            s.at[s.pool[p].first + i] = k.pool_at[k.pool[p].first + i]
            s.free[s.pool[p].first + i] = k.pool_free[k.pool[p].first + i]
    for j in range(len(s.job)):
        s.job[j].left = 0
        s.job[j].first = NEVER
        s.job[j].end = -1
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
    return count_blocks(k, s)


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
    for i in range(step(s.pool, s.at, pool, max(first, k.par[0].now)), s.pool[pool].first + s.pool[pool].size):
        short = short or s.free[i] < 0
    return not short


@inner
def next_of(k: Any, s: Any, b: Any) -> Any:
    """The operation of block b to place next: nothing of the block before it is missing, and its rank is the least."""
    best = -1
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        if not s.op[o].present or s.op[o].placed or (best >= 0 and s.op[o].rank >= s.op[best].rank):
            continue
        ready = True
        for z in range(k.op[o].in_first, k.op[o].in_last):
            a = k.arc[z].source
            ready = ready and (not s.op[a].present or s.op[a].placed == 1)
        if ready:
            best = o
    return best


@inner
def postponed(k: Any, s: Any, o: Any, found: Any) -> Any:
    """What operation o, so late, asks of those before it in its block: 0 nothing, 1 it raised floors, 2 impossible."""
    answer = 0
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        if not s.op[a].placed or k.arc[z].most >= NEVER or k.arc[z].head_last > k.arc[z].head_first:
            continue
        late = found.start - transport(k, s, z, found.mode) - k.arc[z].most
        if s.op[a].end < late:
            x = s.op[a].mode
            floor = max(s.op[a].start + 1, reaching(s.win, s.cal, k.mode[x].calendar, late, k.mode[x].units))
            if k.op[a].fact or floor >= NEVER:
                return 2
            s.op[a].floor = max(s.op[a].floor, floor)
            answer = 1
    for i in range(k.op[o].link_first, k.op[o].link_last):
        x = k.link[i].other
        if k.link[i].kind == TOGETHER and s.op[x].placed and s.op[x].start < found.start:
            if k.op[x].fact:
                return 2
            s.op[x].floor = max(s.op[x].floor, found.start)
            answer = 1
    return answer


@inner
def place_block(k: Any, s: Any, b: Any) -> Any:
    """Places all operations of a block, or none: whether it could."""
    first = k.block_first[b]
    last = k.block_first[b + 1]
    s.tally[0].log = 0
    for i in range(first, last):
        s.op[k.block_op[i]].floor = 0
        s.op[k.block_op[i]].frozen = -1
    for attempt in range(ATTEMPTS):
        begun = s.tally[0].seq
        again = False
        while True:
            o = next_of(k, s, b) if last - first > 1 else (-1 if s.op[k.block_op[first]].placed else k.block_op[first])
            if o < 0:
                return True
            if not choose(k, s, o, s.op[o].frozen if attempt > CAREFREE else -1):
                break
            answer = postponed(k, s, o, s.found[0])
            again = answer == 1
            if answer > 0:
                break
            s.op[o].frozen = s.found[0].mode
            settle(k, s, o, s.found[0])
        unwind(s, 0)
        take_back(k, s, b, begun)
        s.tally[0].released = 0
        if not again or s.tally[0].full:
            return False
    return False


@inner
def take_back(k: Any, s: Any, b: Any, begun: Any) -> None:
    """Undoes what was placed of block b, last first."""
    while s.tally[0].seq > begun:
        for i in range(k.block_first[b], k.block_first[b + 1]):
            o = k.block_op[i]
            if s.op[o].placed and s.op[o].seq == s.tally[0].seq - 1:
                undo(k, s, o)
                break


@inner
def parks(k: Any, s: Any, b: Any) -> Any:
    """Whether a block would begin a job while there is no room for more work in process."""
    pool = k.par[0].job_pool
    if pool < 0 or s.free[s.pool[pool].first + s.pool[pool].size - 1] > 0:
        return False
    found = False
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        j = k.op[o].job
        found = found or (s.op[o].present and j >= 0 and not k.op[o].supply and s.job[j].first >= NEVER)
    return found


@outer
def build(k: Any, s: Any) -> Any:
    """Builds the schedule of the state's list: DONE, STUCK or FULL."""
    left = begin(k, s)
    settle_facts(k, s)
    reserve_initial(k, s)
    if not room_for_begun(k, s):
        return STUCK
    tally = s.tally[0]
    pool = k.par[0].job_pool
    while left > 0:
        if tally.full:
            return FULL
        if tally.released:
            release(k, s)
        roomy = tally.parked > 0 and s.free[s.pool[pool].first + s.pool[pool].size - 1] > 0
        if roomy and (tally.heap == 0 or s.key[s.parked[0]] < s.key[s.heap[0]]):
            b = s.parked[0]
            tally.parked = pop(s.parked, s.key, tally.parked)
        elif tally.heap > 0:
            b = s.heap[0]
            tally.heap = pop(s.heap, s.key, tally.heap)
        elif tally.reserving and give_modules(k, s):
            continue
        else:
            return STUCK
        if parks(k, s, b):
            tally.parked = push(s.parked, s.key, tally.parked, b)
        elif place_block(k, s, b):
            left -= 1
            succeed(k, s, b)
        else:
            s.waiting[tally.waiting] = b
            tally.waiting += 1
    return FULL if tally.full else DONE


@inner
def release(k: Any, s: Any) -> None:
    """Something became free: what waits may try again, and lots may leave blocked resources."""
    tally = s.tally[0]
    for r in range(len(s.lane)):
        o = s.lane[r].last
        while o >= 0:
            if not s.op[o].left:
                tally.log = 0
                leave(k, s, o)
            o = s.op[o].prev
            if o >= 0 and not k.op[o].fact:
                break
    tally.released = 0
    while tally.waiting > 0:
        tally.waiting -= 1
        tally.heap = push(s.heap, s.key, tally.heap, s.waiting[tally.waiting])


@inner
def succeed(k: Any, s: Any, b: Any) -> None:
    """Heaps the blocks that only waited for block b. Opens the way for what a pinned operation kept waiting."""
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        if not s.op[o].present or k.op[o].fact:
            continue
        if k.op[o].guard >= 0:
            s.tally[0].released = 1
        for x in range(k.op[o].out_first, k.op[o].out_last):
            a = k.arc[k.out[x]].target
            c = k.op[a].block
            if s.op[a].present and not k.op[a].fact and c != b:
                s.degree[c] -= 1
                s.ready[c] = max(s.ready[c], s.op[o].end)
                if s.degree[c] == 0:
                    s.key[c] += s.tally[0].eager * s.ready[c]
                    s.tally[0].heap = push(s.heap, s.key, s.tally[0].heap, c)


@inner
def give_modules(k: Any, s: Any) -> Any:
    """Nothing can go on: modules no longer stay where they are until the next operation. Whether that frees any."""
    s.tally[0].reserving = 0
    for r in range(len(s.lane)):
        if not s.lane[r].reserved:
            continue
        s.lane[r].reserved = 0
        o = s.lane[r].last
        state = k.res[r].initial if o < 0 else k.mode[s.op[o].mode].state
        if state < 0:
            continue
        x = k.res[r].state_first + state
        for i in range(k.state[x].module_first, k.state[x].module_last):
            s.tally[0].log = 0
            load(s, k.module[i], 0 if o < 0 else s.op[o].end, NEVER, -1)
    s.tally[0].released = 1
    return True
