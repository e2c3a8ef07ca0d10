"""How late each operation of a built schedule could start, if what follows it stays where it should be.

Source: Valls, Ballestín, Quintanilla 2005 (justification).
"""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner, outer
from scheduler.problem.serial.clock import NEVER, seek, start_at, tick_of_work, work_before
from scheduler.problem.serial.place import TOGETHER, transport


@outer
def justify(k: Any, s: Any, order: Any, limit: Any, given: Any, late: Any) -> None:
    """Fills late [n] with the latest start of each operation of `order` (placed ones, each before what precedes it) in
    the mode it has, in ticks, never before the one it has; late must hold the starts as they are. limit [J]: by when
    each job is to be complete; given [n]: a start that is decided already, -1: none. Resources and pools do not count:
    whether they have room only building shows."""
    for i in range(len(order)):
        o = order[i]
        late[o] = given[o] if given[o] >= 0 else latest(k, s, o, limit, late)


@inner
def latest(k: Any, s: Any, o: Any, limit: Any, late: Any) -> Any:
    """Latest start of operation o, what comes after it starting at `late`."""
    x = s.op[o]
    j = k.op[o].job
    end = NEVER
    if j >= 0 and not k.op[o].supply:
        end = limit[j]
    most = NEVER
    for i in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[i]
        b = k.arc[z].target
        if not s.op[b].placed:
            continue
        if k.arc[z].head_last > k.arc[z].head_first:
            most = min(most, late[b] - s.op[b].start)
        else:
            end = min(end, late[b] - k.arc[z].least - transport(k, s, z, s.op[b].mode))
    for i in range(k.op[o].link_first, k.op[o].link_last):
        if k.link[i].kind == TOGETHER and s.op[k.link[i].other].placed:
            most = min(most, late[k.link[i].other] - x.start)
    t = x.start
    if x.end < end < NEVER:
        t = max(t, last_fit(k, s, x.mode, end))
    elif end >= NEVER and most < NEVER:
        t += most
    return min(t, x.start + most)


@inner
def last_fit(k: Any, s: Any, m: Any, end: Any) -> Any:
    """Latest start of mode m with which it ends by tick `end`; 0 where there is none."""
    c = k.mode[m].calendar
    if k.mode[m].units <= 0:
        return end
    while True:
        done = work_before(s.win, s.cal, c, end) - k.mode[m].units
        if done < 0:
            return 0
        t, until = start_at(s.win, s.cal, c, tick_of_work(s.win, s.cal, c, done), k.mode[m].units, k.mode[m].pause)
        if until <= end:
            return t
        i = seek(s.win, s.cal[c].first, s.cal[c].last, tick_of_work(s.win, s.cal, c, done))
        if s.win[i].run_end >= end:
            return 0
        end = s.win[i].run_end
