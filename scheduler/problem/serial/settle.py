"""Entering an operation into the schedule, with everything it loads, and taking it back."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clash import has_module, load, load_needs, unwind
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.place import buffer_of, carried
from scheduler.problem.serial.pools import blocked_until, free_from
from scheduler.problem.serial.running import count_job, count_operation, touch


@inner
def settle(k: Any, s: Any, o: Any, found: Any) -> None:
    """Places operation o where trial found room (or where a fact is). Loads are logged; undo takes the rest back."""
    m = found.mode
    r = k.mode[m].resource
    x = s.op[o]
    x.mode = m
    x.start = found.start
    x.end = found.end
    x.ps = found.ps
    x.pe = found.pe
    x.batch = found.batch
    x.placed = 1
    x.seq = s.tally[0].seq
    s.tally[0].seq += 1
    x.fan = 0
    x.pending = 0
    x.ambiguous = 0
    x.left = 1
    x.leave = found.end
    x.places = k.op[o].places
    joining = found.batch >= 0
    touch(s, o)
    if joining:
        touch(s, found.batch)
    if k.par[0].vehicle_pool >= 0 and not k.op[o].fact:
        carried(k, s, o, m, 0)
    load_needs(k, s, o, m, x.ps, x.pe, x.start, x.end, joining, False)
    if joining:
        s.op[found.batch].places += k.op[o].places
    elif not k.res[r].unlimited:
        enter_lane(k, s, o, m, r)
    x.old_latest = s.tally[0].latest
    s.tally[0].latest = max(x.end, s.tally[0].latest)
    count_operation(k, s, o, 1)
    load_holds(k, s, o)
    enter_job(k, s, o)
    take_from_buffers(k, s, o, r)
    if k.mode[m].buffers:
        open_buffers(k, s, o, r)


@inner
def enter_lane(k: Any, s: Any, o: Any, m: Any, r: Any) -> None:
    """Makes operation o the last on its resource, with its modules."""
    lane = s.lane[r]
    x = s.op[o]
    last = lane.last
    x.prev = last
    x.old_last = last
    x.old_run = lane.run
    x.old_reserved = lane.reserved
    before = k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state
    since = 0 if last < 0 else s.op[last].end
    after = k.mode[m].state
    if k.mode[m].batch_class >= 0 and k.res[r].batch_capacity > 0:
        x.batch = o
    reserving = s.tally[0].reserving and not k.op[o].fact
    if lane.reserved and before >= 0:
        y = k.res[r].state_first + before
        for i in range(k.state[y].module_first, k.state[y].module_last):
            if not has_module(k, r, after, k.module[i]):
                load(s, k.module[i], since, NEVER, -1)
                s.tally[0].released = 1
            elif not reserving:
                load(s, k.module[i], x.end, NEVER, -1)
                s.tally[0].released = 1
    y = k.res[r].state_first + after
    for i in range(k.state[y].module_first, k.state[y].module_last):
        common = has_module(k, r, before, k.module[i])
        if not (common and lane.reserved):
            load(s, k.module[i], since if common else x.ps, NEVER if reserving else x.end, 1)
    if last < 0 or before != after:
        lane.run = x.start
    lane.last = o
    lane.reserved = reserving


@inner
def load_holds(k: Any, s: Any, o: Any) -> None:
    """Begins the holds that begin with operation o (for ever, until their last operation is placed) and ends others."""
    for i in range(k.op[o].hold_first, k.op[o].hold_last):
        h = k.hold[k.holding[i]]
        if h.source == o and s.op[h.target].present:
            load(s, h.pool, s.op[o].ps, s.op[h.target].end if s.op[h.target].placed else NEVER, h.quantity)
        elif h.target == o and h.source != o and s.op[h.source].placed:
            load(s, h.pool, max(s.op[o].end, s.op[h.source].ps), NEVER, -h.quantity)
            s.tally[0].released = 1


@inner
def enter_job(k: Any, s: Any, o: Any) -> None:
    """Counts operation o in its job: first start, latest end, work in process."""
    j = k.op[o].job
    if j < 0 or k.op[o].supply:
        return
    pool = k.par[0].job_pool
    x = s.op[o]
    job = s.job[j]
    x.old_first = job.first
    x.old_end = job.end
    count_job(k, s, j, -1)
    if x.start < job.first:
        if pool >= 0:
            load(s, pool, x.start, job.first, 1)
        job.first = x.start
    job.end = max(job.end, x.end)
    count_job(k, s, j, 1)
    job.left -= 1
    if job.left == 0 and pool >= 0:
        load(s, pool, job.end, NEVER, -1)
        s.tally[0].released = 1


@inner
def take_from_buffers(k: Any, s: Any, o: Any, r: Any) -> None:
    """Ends the loads of the lots that operation o on resource r takes out of buffers, and frees what they blocked."""
    start = s.op[o].start
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        if not s.op[a].placed or s.arc[z].pool == -1:
            continue
        x = s.op[a]
        touch(s, a)
        s.arc[z].old_leave = x.leave
        s.arc[z].old_left = x.left
        x.pending -= 1
        pool = s.arc[z].pool
        if pool == -2:
            x.ambiguous -= 1
            pool = k.buffer[k.res[k.mode[x.mode].resource].group, k.res[r].group]
        s.tally[0].released = 1
        if x.left:
            if s.arc[z].open:
                load(s, pool, max(start, x.leave), NEVER, -1)
                x.leave = min(x.leave, start)
        elif pool >= 0:
            until = blocked_until(s.pool, s.at, s.free, pool, x.end, start, 1)
            x.leave = min(start, max(x.end, until))
            x.left = 1
            load(s, pool, x.leave, start, 1)
        elif x.pending == 0:
            x.leave = x.end
            x.left = 1


@inner
def open_buffers(k: Any, s: Any, o: Any, r: Any) -> None:
    """Notes which buffers operation o leaves into; it blocks its resource until it has left."""
    x = s.op[o]
    for i in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[i]
        b = k.arc[z].target
        s.arc[z].pool = -1
        s.arc[z].open = 0
        if not s.op[b].present or s.op[b].placed:
            continue
        s.arc[z].pool = buffer_of(k, s, z, r)
        if s.arc[z].pool != -1:
            x.fan += 1
            x.pending += 1
            x.left = 0
        if s.arc[z].pool == -2:
            x.ambiguous += 1
    if not x.left:
        leave(k, s, o)


@inner
def leave(k: Any, s: Any, o: Any) -> None:
    """Lets the lot of operation o into its buffers, where they have room from some time on."""
    x = s.op[o]
    if x.ambiguous > 0:
        return
    t = x.end
    while True:
        mark = s.tally[0].log
        soonest = t
        for i in range(k.op[o].out_first, k.op[o].out_last):
            z = k.out[i]
            if s.arc[z].pool >= 0 and not s.op[k.arc[z].target].placed:
                soonest = max(soonest, free_from(s.pool, s.at, s.free, s.arc[z].pool, soonest, NEVER, 1))
                if soonest < NEVER:
                    load(s, s.arc[z].pool, soonest, NEVER, 1)
        if soonest == t:
            break
        unwind(s, mark)  # again: all lots leave at one time
        if soonest >= NEVER:
            return
        t = soonest
    touch(s, o)
    x.leave = t
    x.left = 1
    s.tally[0].released = 1
    for i in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[i]
        if s.arc[z].pool >= 0 and not s.op[k.arc[z].target].placed:
            s.arc[z].open = 1


@inner
def undo(k: Any, s: Any, o: Any) -> None:
    """Takes operation o, the last one placed, out again; its loads are unwound apart."""
    x = s.op[o]
    r = k.mode[x.mode].resource
    count_operation(k, s, o, -1)
    s.tally[0].latest = x.old_latest
    x.placed = 0
    s.tally[0].seq -= 1
    if x.batch >= 0 and x.batch != o:
        s.op[x.batch].places -= k.op[o].places
    elif not k.res[r].unlimited:
        s.lane[r].last = x.old_last
        s.lane[r].run = x.old_run
        s.lane[r].reserved = x.old_reserved
    j = k.op[o].job
    if j >= 0 and not k.op[o].supply:
        count_job(k, s, j, -1)
        s.job[j].first = x.old_first
        s.job[j].end = x.old_end
        count_job(k, s, j, 1)
        s.job[j].left += 1
    for z in range(k.op[o].in_last - 1, k.op[o].in_first - 1, -1):
        a = k.arc[z].source
        if s.op[a].placed and s.arc[z].pool != -1:
            s.op[a].leave = s.arc[z].old_leave
            s.op[a].left = s.arc[z].old_left
            s.op[a].pending += 1
            if s.arc[z].pool == -2:
                s.op[a].ambiguous += 1
    for i in range(k.op[o].out_first, k.op[o].out_last):
        s.arc[k.out[i]].pool = -1
        s.arc[k.out[i]].open = 0
