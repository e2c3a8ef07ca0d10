"""The serial schedule generation: blocks from a list, each at the earliest time that all rules allow.

Sources: Kelley 1963 (serial scheme); Franck, Neumann, Schwindt 2001 (calendars and maximum lags, with unscheduling).
"""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner, outer
from scheduler.problem.serial.begin import begin
from scheduler.problem.serial.choose import choose
from scheduler.problem.serial.clash import load, unwind
from scheduler.problem.serial.clock import NEVER, reaching
from scheduler.problem.serial.heaps import pop, push
from scheduler.problem.serial.place import TOGETHER, transport
from scheduler.problem.serial.settle import leave, settle, undo

DONE, STUCK, FULL, DEAR = range(4)
"""Answers of build: a schedule; the list leads to none; more storage is needed; it costs more, or takes more turns,
than asked for."""
ATTEMPTS = 400
"""How often a block begins anew, later, until its maximum lags hold."""
CAREFREE = 4
"""Attempts after which a block keeps the modes it has taken."""


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
    if pool < 0 or s.free[s.pool[pool].first + s.pool[pool].steps - 1] > 0:
        return False
    found = False
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        j = k.op[o].job
        found = found or (s.op[o].present and j >= 0 and not k.op[o].supply and s.job[j].first >= NEVER)
    return found


@inner
def short_of_holds(k: Any, s: Any, b: Any) -> Any:
    """Whether a block begins a hold, which lasts until what is not placed yet, of something none of which will be free
    in the end: it cannot be placed, and need not be tried."""
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        for x in range(k.op[o].hold_first, k.op[o].hold_last):
            h = k.hold[k.holding[x]]
            if h.target == o and h.source != o:
                return False
    for i in range(k.block_first[b], k.block_first[b + 1]):
        o = k.block_op[i]
        if not s.op[o].present or s.op[o].placed:
            continue
        for x in range(k.op[o].hold_first, k.op[o].hold_last):
            h = k.hold[k.holding[x]]
            if h.source == o and h.target != o and s.op[h.target].present and not s.op[h.target].placed \
                    and s.free[s.pool[h.pool].first + s.pool[h.pool].steps - 1] < h.quantity:
                return True
    return False


@inner
def next_block(k: Any, s: Any) -> Any:
    """Takes out the block whose turn it is; -1 where nothing can go on."""
    tally = s.tally[0]
    pool = k.par[0].job_pool
    while True:
        if tally.released:
            release(k, s)
        roomy = tally.parked > 0 and s.free[s.pool[pool].first + s.pool[pool].steps - 1] > 0
        if roomy and (tally.heap == 0 or s.key[s.parked[0]] < s.key[s.heap[0]]):
            b = s.parked[0]
            tally.parked = pop(s.parked, s.key, tally.parked)
            return b
        if tally.heap > 0:
            b = s.heap[0]
            tally.heap = pop(s.heap, s.key, tally.heap)
            return b
        if not tally.reserving:
            return -1
        give_modules(k, s)


@inner
def turn(k: Any, s: Any, b: Any) -> None:
    """Places a block, or lets it wait for room."""
    tally = s.tally[0]
    if parks(k, s, b):
        tally.parked = push(s.parked, s.key, tally.parked, b)
    elif not short_of_holds(k, s, b) and place_block(k, s, b):
        tally.left -= 1
        succeed(k, s, b)
    else:
        s.waiting[tally.waiting] = b
        tally.waiting += 1


@outer
def build(k: Any, s: Any) -> Any:
    """Builds the schedule of the state's list: DONE, STUCK, FULL or DEAR."""
    if not begin(k, s):
        return STUCK
    while s.tally[0].left > 0:
        if s.tally[0].spent > s.tally[0].most or s.tally[0].turns == s.tally[0].patience:
            return DEAR
        b = -1 if s.tally[0].full else next_block(k, s)
        if b < 0:
            return FULL if s.tally[0].full else STUCK
        turn(k, s, b)
        s.tally[0].turns += 1
    return FULL if s.tally[0].full else DONE


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
def give_modules(k: Any, s: Any) -> None:
    """Nothing can go on: modules no longer stay where they are until the next operation."""
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
