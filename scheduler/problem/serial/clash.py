"""Whether pools have room for an operation at given times, and loading them."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER, finish, reaching
from scheduler.problem.serial.pools import blocked_until, blocked_until_open, change, short

PREPARE, LOAD, RUN, UNLOAD, HOLD, KEEP = range(6)
FITS, START, PREPARATION, HOPELESS = range(4)
"""Answers of clash: it fits; its start, or its preparation, must not be before a tick; no time will do."""


@inner
def load(s: Any, p: Any, a: Any, b: Any, quantity: Any) -> None:
    """Loads pool p during [a, b) so that it can be undone; tells in tally.full where the storage is full."""
    if b <= a or quantity == 0:
        return
    i = s.tally[0].log
    if i == len(s.log) or not change(s.pool, s.at, s.free, p, a, b, quantity):
        s.tally[0].full = 1
        return
    s.log[i].pool = p
    s.log[i].start = a
    s.log[i].end = b
    s.log[i].quantity = quantity
    s.tally[0].log = i + 1


@inner
def unwind(s: Any, mark: Any) -> None:
    """Undoes all loads since the log had `mark` entries."""
    while s.tally[0].log > mark:
        s.tally[0].log -= 1
        x = s.log[s.tally[0].log]
        if not change(s.pool, s.at, s.free, x.pool, x.start, x.end, -x.quantity):
            s.tally[0].full = 1


@inner
def has_module(k: Any, r: Any, state: Any, pool: Any) -> Any:
    """Whether a state of resource r has the module of that pool."""
    if state < 0:
        return False
    x = k.res[r].state_first + state
    found = False
    for i in range(k.state[x].module_first, k.state[x].module_last):
        found = found or k.module[i] == pool
    return found


@inner
def need_span(k: Any, s: Any, m: Any, phase: Any, ps: Any, start: Any, end: Any) -> Any:
    """[a, b) in which a need of that phase loads its pool (at open ticks only, but for HOLD and KEEP)."""
    c = k.mode[m].calendar
    if phase == LOAD:
        return start, min(end, finish(s.win, s.cal, c, start, k.mode[m].load))
    if phase == UNLOAD:
        return min(end, finish(s.win, s.cal, c, start, k.mode[m].unload)), end
    if phase == HOLD:
        return ps, end
    if phase == KEEP:
        return start, NEVER
    return start, end


@inner
def clash(k: Any, s: Any, o: Any, m: Any, ps: Any, start: Any, end: Any, joining: Any) -> Any:
    """(answer, tick) for operation o at these times, as far as pools go; PREPARE is settled before."""
    c = k.mode[m].calendar
    pausing = k.mode[m].pause
    for i in range(k.mode[m].need_first, k.mode[m].need_last):
        p = k.need[i].pool
        phase = k.need[i].phase
        if phase == PREPARE or (joining and phase < HOLD):
            continue
        a, b = need_span(k, s, m, phase, ps, start, end)
        if pausing and phase < HOLD:
            y = blocked_until_open(s.pool, s.at, s.free, s.win, s.cal, c, p, a, b, k.need[i].quantity)
        else:
            y = blocked_until(s.pool, s.at, s.free, p, a, b, k.need[i].quantity)
        if y >= NEVER:
            return HOPELESS, y
        if y >= 0:
            if phase == HOLD:
                return PREPARATION, y
            return START, reaching(s.win, s.cal, c, y, k.mode[m].unload) if phase == UNLOAD else y
    for i in range(k.op[o].hold_first, k.op[o].hold_last):
        h = k.hold[k.holding[i]]
        if h.source == o and s.op[h.target].present:
            until = NEVER
            if h.target == o:
                until = end
            elif s.op[h.target].placed:
                until = s.op[h.target].end
            y = blocked_until(s.pool, s.at, s.free, h.pool, ps, until, h.quantity)
            if y >= 0:
                return PREPARATION, y
        elif h.target == o and h.source != o and k.op[h.source].fact and short(
                s.pool, s.at, s.free, h.pool, max(k.par[0].now, k.op[h.source].fixed_end), end):
            return HOPELESS, NEVER
    j = k.op[o].job
    if k.par[0].job_pool >= 0 and j >= 0 and not k.op[o].supply and start < s.job[j].first:
        y = blocked_until(s.pool, s.at, s.free, k.par[0].job_pool, start, s.job[j].first, 1)
        if y >= 0:
            return START, y
    return FITS, 0


@inner
def module_clash(k: Any, s: Any, m: Any, ps: Any, end: Any) -> Any:
    """(answer, tick) as far as the modules of the mode's state go."""
    r = k.mode[m].resource
    x = k.res[r].state_first + k.mode[m].state
    last = s.lane[r].last
    before = k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state
    since = 0 if last < 0 else s.op[last].end
    for i in range(k.state[x].module_first, k.state[x].module_last):
        p = k.module[i]
        common = has_module(k, r, before, p)
        if common and s.lane[r].reserved:
            continue
        y = blocked_until(s.pool, s.at, s.free, p, since if common else ps, NEVER if s.tally[0].reserving else end, 1)
        if y >= 0:
            return (HOPELESS if common else PREPARATION), y
    return FITS, 0


@inner
def load_needs(k: Any, s: Any, o: Any, m: Any, ps: Any, pe: Any, start: Any, end: Any, joining: Any, test: Any) -> Any:
    """Loads the pools of the mode's needs; with `test` one after the other as long as they fit: (answer, tick)."""
    fact = k.op[o].fact
    for i in range(k.mode[m].need_first, k.mode[m].need_last):
        p = k.need[i].pool
        q = k.need[i].quantity
        phase = k.need[i].phase
        if joining and phase < HOLD:
            continue
        c = k.mode[m].calendar
        a, b = need_span(k, s, m, phase, ps, start, end)
        if phase == PREPARE:
            a = ps
            b = pe
            c = k.mode[m].setup_calendar
        piecewise = not fact and phase < HOLD and (phase == PREPARE or k.mode[m].pause)
        if test:
            y = -1
            if piecewise:
                y = blocked_until_open(s.pool, s.at, s.free, s.win, s.cal, c, p, a, b, q)
            else:
                y = blocked_until(s.pool, s.at, s.free, p, a, b, q)
            if y >= NEVER:
                return HOPELESS, y
            if y >= 0:
                if phase in (HOLD, PREPARE):
                    return PREPARATION, y
                return START, reaching(s.win, s.cal, c, y, k.mode[m].unload) if phase == UNLOAD else y
        if piecewise:
            load_open(s, c, p, a, b, q)
        else:
            load(s, p, a, b, q)
    return FITS, 0


@inner
def load_open(s: Any, c: Any, p: Any, a: Any, b: Any, quantity: Any) -> None:
    """Loads pool p at the open ticks of calendar c in [a, b)."""
    i = s.cal[c].first
    last = s.cal[c].last
    while i < last and s.win[i].start < b:
        if s.win[i].end > a:
            load(s, p, max(a, s.win[i].start), min(b, s.win[i].end), quantity)
        i += 1


@inner
def clash_holds(k: Any, s: Any, o: Any, ps: Any) -> Any:
    """As clash, for the holds that operation o begins, after its own needs are loaded."""
    for i in range(k.op[o].hold_first, k.op[o].hold_last):
        h = k.hold[k.holding[i]]
        if h.source == o and s.op[h.target].present:
            y = blocked_until(s.pool, s.at, s.free, h.pool, ps, NEVER, h.quantity)
            if y >= 0:
                return (HOPELESS if y >= NEVER else PREPARATION), y
    return FITS, 0
