"""Where one operation can stand at the earliest, behind everything its resource has so far."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clash import (
    FITS,
    HOPELESS,
    PREPARE,
    START,
    clash,
    clash_holds,
    load,
    load_needs,
    module_clash,
    unwind,
)
from scheduler.problem.serial.clock import (
    NEVER,
    earliest_open,
    finish,
    latest_open,
    open_before,
    reaching,
    start_at,
    tick_of_open,
)
from scheduler.problem.serial.pools import blocked_from_open, blocked_until, blocked_until_open, free_from

SAME, DIFFERENT, TOGETHER = range(3)
TRIES = 2000
LOOK_BACK = 8
"""Batches of a resource that an operation may still join, latest first."""


@inner
def transport(k: Any, s: Any, z: Any, m: Any) -> Any:
    """Ticks of transport over arc z where its target takes mode m."""
    a = k.res[k.mode[s.op[k.arc[z].source].mode].resource].location
    return k.transport[a, k.res[k.mode[m].resource].location]


@inner
def setup_index(k: Any, r: Any, before: Any, after: Any) -> Any:
    """Index of the reconfiguration on resource r; -1 where nothing is needed."""
    if before < 0:
        return -1
    return k.res[r].setup_first + before * k.res[r].states + after


@inner
def prepare(k: Any, s: Any, m: Any, soonest: Any, t: Any, ticks: Any) -> Any:
    """Latest preparation [a, b) of so many ticks in [soonest, t), or, where there is none, the earliest after it;
    (NEVER, NEVER) where there is none at all. Only where it loads a pool is there more than one to choose from."""
    c = k.mode[m].setup_calendar
    a, b = latest_open(s.win, s.cal, c, t, ticks)
    while a >= soonest:
        conflict = NEVER
        if k.mode[m].prepares:
            for i in range(k.mode[m].need_first, k.mode[m].need_last):
                if k.need[i].phase == PREPARE:
                    x = blocked_from_open(s.pool, s.at, s.free, s.win, s.cal, c, k.need[i].pool, a, b,
                                          k.need[i].quantity)
                    if x >= 0:
                        conflict = min(conflict, x)
        if conflict == NEVER:
            return a, b
        a, b = latest_open(s.win, s.cal, c, conflict, ticks)
    x = soonest
    while x < NEVER:
        a, b = earliest_open(s.win, s.cal, c, x, ticks)
        if a >= NEVER:
            break
        x = -1
        if k.mode[m].prepares:
            for i in range(k.mode[m].need_first, k.mode[m].need_last):
                if k.need[i].phase == PREPARE:
                    x = max(x, blocked_until_open(s.pool, s.at, s.free, s.win, s.cal, c, k.need[i].pool, a, b,
                                                  k.need[i].quantity))
        if x < 0:
            return a, b
    return NEVER, NEVER


@inner
def carried(k: Any, s: Any, o: Any, m: Any, t: Any) -> Any:
    """The tick by which vehicles have brought everything to operation o, at least t; loads them."""
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        s.arc[z].carry = -1
        if not s.op[a].placed or k.arc[z].head_last > k.arc[z].head_first:
            continue
        lag = transport(k, s, z, m)
        if lag > 0:
            x = free_from(s.pool, s.at, s.free, k.par[0].vehicle_pool, s.op[a].end, lag, 1)
            if x >= NEVER:
                return NEVER
            load(s, k.par[0].vehicle_pool, x, x + lag, 1)
            s.arc[z].carry = x
            t = max(t, x + lag)
    return t


@inner
def bounds(k: Any, s: Any, o: Any, m: Any) -> Any:
    """(earliest start, earliest end) of operation o in mode m as far as release, arcs and links go; NEVER: not now."""
    t = max(k.op[o].release, k.par[0].now, s.op[o].floor, s.op[o].after, k.op[o].fixed_start)
    end = t
    r = k.mode[m].resource
    for i in range(k.op[o].link_first, k.op[o].link_last):
        x = k.link[i].other
        if s.op[x].placed:
            same = k.mode[s.op[x].mode].resource == r
            kind = k.link[i].kind
            if (kind == SAME and not same) or (kind == DIFFERENT and same):
                return NEVER, NEVER
            if kind == TOGETHER:
                t = max(t, s.op[x].start)
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        if not s.op[a].placed:
            continue
        lag = transport(k, s, z, m) + k.arc[z].least
        if k.arc[z].head_last > k.arc[z].head_first:
            i = s.op[a].mode - k.op[a].mode_first
            done = finish(s.win, s.cal, k.mode[s.op[a].mode].calendar, s.op[a].start,
                          k.head[k.arc[z].head_first + i] * k.par[0].pace)
            if k.op[a].fact and done >= NEVER:
                done = s.op[a].end
            t = max(t, done + lag)
            arrives = s.op[a].end + lag
            tail = k.tail[k.arc[z].tail_first + m - k.op[o].mode_first] * k.par[0].pace
            end = max(end, arrives, finish(s.win, s.cal, k.mode[m].calendar, arrives, tail))
        else:
            t = max(t, s.op[a].end + lag)
        if k.mode[s.op[a].mode].buffers and k.buffer[k.res[k.mode[s.op[a].mode].resource].group, k.res[r].group] >= 0:
            t = max(t, s.op[a].end)
            if s.op[a].fan > 1:
                if not s.op[a].left:
                    return NEVER, NEVER
                t = max(t, s.op[a].leave)
    if k.par[0].vehicle_pool >= 0 and t < NEVER:
        mark = s.tally[0].log
        t = carried(k, s, o, m, t)
        unwind(s, mark)
    return t, end


@inner
def guarded(k: Any, s: Any, o: Any, m: Any, start: Any, end: Any) -> Any:
    """Whether what must start on the resource by some time, and has not yet, still could after `end`, or in one batch
    with operation o from `start` on."""
    r = k.mode[m].resource
    for i in range(k.res[r].guard_first, k.res[r].guard_last):
        g = k.guard[i]
        if g == o or not s.op[g].present or s.op[g].placed:
            continue
        y = s.op[g].wanted if s.op[g].wanted >= 0 else k.op[g].mode_first
        if k.mode[m].batch_class >= 0 and k.mode[y].batch_class == k.mode[m].batch_class \
                and k.op[o].places + k.op[g].places <= k.res[r].batch_capacity and k.op[g].guard >= start \
                and (k.op[g].fixed_start < 0 or k.op[g].fixed_start == start):
            continue
        x = setup_index(k, r, k.mode[m].state, k.mode[y].state)
        ready = end
        if x >= 0 and k.setup[x].time > 0:
            _, ready = earliest_open(s.win, s.cal, k.mode[y].setup_calendar, end, k.setup[x].time)
        if ready > k.op[g].guard:
            return False
    return True


@inner
def join_batch(k: Any, s: Any, o: Any, m: Any, t: Any, least: Any, found: Any) -> Any:
    """Whether operation o can join a batch of its resource that starts at or after t; then found says the earliest."""
    r = k.mode[m].resource
    x = s.lane[r].last
    best = -1
    for _ in range(LOOK_BACK):
        if x < 0 or k.op[x].fact:
            break
        if s.op[x].start >= t and k.mode[s.op[x].mode].batch_class == k.mode[m].batch_class \
                and s.op[x].places + k.op[o].places <= k.res[r].batch_capacity and s.op[x].left \
                and s.op[x].end >= least and s.op[x].leave == s.op[x].end and s.op[x].end <= k.op[o].latest_end \
                and (k.op[o].fixed_start < 0 or s.op[x].start == k.op[o].fixed_start):
            answer, _tick = clash(k, s, o, m, s.op[x].start, s.op[x].start, s.op[x].end, True)
            if answer == FITS and leaves_at(k, s, o, m, s.op[x].end):
                best = x
        x = s.op[x].prev
    if best < 0:
        return False
    found.mode = m
    found.start = s.op[best].start
    found.end = s.op[best].end
    found.ps = s.op[best].start
    found.pe = s.op[best].start
    found.batch = best
    return True


@inner
def leaves_at(k: Any, s: Any, o: Any, m: Any, end: Any) -> Any:
    """Whether the buffers behind operation o in mode m are known and have room from `end` on: a batch leaves as a
    whole, and what was in it before leaves then."""
    if not k.mode[m].buffers:
        return True
    mark = s.tally[0].log
    roomy = True
    for x in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[x]
        b = k.arc[z].target
        if not s.op[b].present or s.op[b].placed:
            continue
        pool = buffer_of(k, s, z, k.mode[m].resource)
        if pool >= 0 and roomy:
            roomy = blocked_until(s.pool, s.at, s.free, pool, end, NEVER, 1) < 0
            load(s, pool, end, NEVER, 1)
        roomy = roomy and pool != -2
    unwind(s, mark)
    return roomy


@inner
def lane_ready(k: Any, s: Any, m: Any) -> Any:
    """(tick from which the resource can be prepared for mode m, ticks of preparation); NEVER: not now."""
    r = k.mode[m].resource
    last = s.lane[r].last
    soonest = k.par[0].now
    state = k.res[r].initial
    if last >= 0:
        x = last
        while True:  # facts that ran together leave one by one
            if not s.op[x].left:
                return NEVER, 0
            soonest = max(soonest, s.op[x].leave)
            x = s.op[x].prev
            if x < 0 or not k.op[x].fact:
                break
        state = k.mode[s.op[last].mode].state
        if state != k.mode[m].state:
            least = k.state[k.res[r].state_first + state].campaign
            if least > 0:
                c = k.res[r].calendar
                x = tick_of_open(s.win, s.cal, c, open_before(s.win, s.cal, c, s.lane[r].run) + least - 1)
                soonest = max(soonest, x + 1 if x < NEVER else NEVER)
    x = setup_index(k, r, state, k.mode[m].state)
    return soonest, (k.setup[x].time if x >= 0 else 0)


@inner
def trial(k: Any, s: Any, o: Any, m: Any, found: Any) -> Any:
    """Whether operation o can be placed now in mode m; found says where, at the earliest."""
    t, least = bounds(k, s, o, m)
    if t >= NEVER or least >= NEVER:
        return False
    r = k.mode[m].resource
    free = k.res[r].unlimited
    soonest = k.par[0].now
    ticks = 0
    if not free:
        if k.mode[m].batch_class >= 0 and join_batch(k, s, o, m, t, least, found):
            return True
        soonest, ticks = lane_ready(k, s, m)
        if soonest >= NEVER:
            return False
    if not earliest(k, s, o, m, t, least, soonest, ticks, found):
        return False
    if found.end > k.op[o].latest_end or (k.op[o].fixed_start >= 0 and found.start != k.op[o].fixed_start):
        return False
    return free or k.res[r].guard_first == k.res[r].guard_last or guarded(k, s, o, m, found.start, found.end)


@inner
def earliest(k: Any, s: Any, o: Any, m: Any, t: Any, least: Any, soonest: Any, ticks: Any, found: Any) -> Any:
    """Moves start and preparation later, as little as each conflict asks for, until nothing is in the way."""
    c = k.mode[m].calendar
    limited = not k.res[k.mode[m].resource].unlimited
    for _ in range(TRIES):
        if t >= NEVER or soonest >= NEVER:
            return False
        if ticks == 0:
            t = max(t, soonest)
        start, end = start_at(s.win, s.cal, c, t, k.mode[m].units, k.mode[m].pause)
        if start >= NEVER or start > k.op[o].latest_end:
            return False
        if end < least:
            t = max(start + 1, reaching(s.win, s.cal, c, least, k.mode[m].units))
            continue
        ps = start
        pe = start
        if ticks > 0:
            ps, pe = prepare(k, s, m, soonest, start, ticks)
            if pe >= NEVER:
                return False
            if pe > start:
                t = pe
                continue
        answer, y = clash(k, s, o, m, ps, start, end, False)
        if answer == FITS and limited:
            answer, y = module_clash(k, s, m, ps, end)
        if answer == FITS and k.mode[m].adds:
            mark = s.tally[0].log
            answer, y = load_needs(k, s, o, m, ps, pe, start, end, False, True)
            if answer == FITS:
                answer, y = clash_holds(k, s, o, ps)
            unwind(s, mark)
        if answer == FITS:
            found.mode = m
            found.start = start
            found.end = end
            found.ps = ps
            found.pe = pe
            found.batch = -1
            return True
        if answer == HOPELESS or s.tally[0].full:
            return False
        if answer == START:
            t = max(start + 1, y)
        else:
            soonest = max(soonest + 1, y)
            if ticks > 0:  # a later preparation may need a later start
                _, pe = prepare(k, s, m, soonest, start, ticks)
                t = max(start, pe)
    return False


@inner
def buffer_of(k: Any, s: Any, z: Any, r: Any) -> Any:
    """Pool that the lot of arc z loads between resource r and its target: -1 none, -2 where the target's modes
    differ."""
    b = k.arc[z].target
    here = k.res[r].group
    if s.op[b].wanted >= 0:
        return k.buffer[here, k.res[k.mode[s.op[b].wanted].resource].group]
    pool = k.buffer[here, k.res[k.mode[k.op[b].mode_first].resource].group]
    for m in range(k.op[b].mode_first + 1, k.op[b].mode_last):
        if k.buffer[here, k.res[k.mode[m].resource].group] != pool:
            return -2
    return pool


@inner
def feeds(k: Any, s: Any, o: Any, m: Any) -> Any:
    """Whether operation o in mode m may leave into a buffer."""
    if not k.mode[m].buffers:
        return False
    for x in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[x]
        if s.op[k.arc[z].target].present and buffer_of(k, s, z, k.mode[m].resource) != -1:
            return True
    return False
