"""Annealing on lists where the problem has rules.

Where the whole of a large problem cannot be built for each move, schedules are built up to some places behind the
stretch only. What costs less there is taken; when the stretch is left, the whole is built, and where it has become
worse than temperature allows, all moves of the stretch are undone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.engines.lists_edits import (
    BEHIND,
    BOUGHT,
    FIRST,
    LEFT,
    OPEN,
    REFUSED,
    SIZE,
    SPAN,
    STOP,
    UNTIL,
    begin_move,
    draw,
    luck,
    take_back_edits,
)
from scheduler.engines.lists_moves import move
from scheduler.engines.lists_stretch import (
    BROKEN,
    change,
    enter,
    enter_all,
    enter_jobs,
    keep_marks,
    least_of,
    leave_jobs,
    reachable,
    run_on,
)
from scheduler.problem.compiling import inner, outer
from scheduler.problem.serial.begin import begin
from scheduler.problem.serial.build import DONE, FULL, STUCK
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.running import count_job
from scheduler.problem.serial.snapshot import go_back, mend_heaps, save
from scheduler.problem.serial.value import measure

WORST = 1e300
MARGIN = 0.3
"""By how many mean operations' costs a plan may, on the way, cost more than what would be accepted."""
PLAN, PREFIX, AGAIN, REST, EXPECTED, MOVE, CLOSE = range(7)
"""Steps: the value of the plan; up to the next stretch (again); from there on (again, now that it is known how much
later jobs end); a move; the whole of what the stretch has become."""
BEGUN, NOW = range(2)
"""What Course.local holds: value before the stretch, what the present plan costs up to where schedules are built."""


@inner
def value_of(k: Any, s: Any, g: Any, c: Any) -> Any:
    """The schedule in the state, which is whole, as one number."""
    measure(k, s, c.terms, c.out)
    total = g.levels[4] * c.out[4] + BROKEN * c.out[5]
    for i in range(4):
        total += g.levels[i] * c.out[i]
        if g.budgets[i] < NEVER and c.out[i] > g.budgets[i]:
            total += BROKEN + g.penalty[i] * (c.out[i] - g.budgets[i])
    return total


@inner
def start_over(k: Any, s: Any, c: Any, until: Any) -> Any:
    """Begins the schedule of the present plan, to be built up to a place; whether what goes on has room."""
    c.walk[OPEN] = 0
    c.walk[UNTIL] = until
    c.walk[BEHIND] = NEVER
    enter_all(s, c)
    s.tally[0].overtime = 1
    return begin(k, s)


@inner
def put(target: Any, source: Any) -> None:
    """Copies an array."""
    for i in range(len(source)):
        target[i] = source[i]


@inner
def keep(s: Any, c: Any) -> None:
    """Copies the plan, to undo a stretch."""
    put(c.old_order, c.order)
    put(c.old_wanted, c.wanted)
    put(c.old_after, c.after)
    put(c.old_refused, s.refused)
    put(c.old_bought, s.bought)
    put(c.old_chosen, s.chosen)


@inner
def restore(s: Any, c: Any) -> None:
    """Undoes a stretch."""
    put(c.order, c.old_order)
    for i in range(len(c.order)):
        c.rank[c.order[i]] = i
    put(c.wanted, c.old_wanted)
    put(c.after, c.old_after)
    put(s.refused, c.old_refused)
    put(s.chosen, c.old_chosen)
    put(s.bought, c.old_bought)


@inner
def remember(s: Any, c: Any) -> None:
    """The plan is the best one so far."""
    put(c.best_order, c.order)
    put(c.best_wanted, c.wanted)
    put(c.best_after, c.after)
    put(c.best_refused, s.refused)
    put(c.best_bought, s.bought)
    put(c.best_chosen, s.chosen)


@inner
def note(s: Any, c: Any, o: Any) -> None:
    """Keeps the times of an operation of the schedule that was accepted: moves look at them."""
    there = s.op[o].placed
    c.prepare[o] = s.op[o].ps
    c.start[o] = s.op[o].start if there else -1
    c.end[o] = s.op[o].end if there else -1
    c.last[o] = s.op[o].prev if there else -1
    if there:
        c.mode[o] = s.op[o].mode
        if s.op[o].prev >= 0:
            c.next[s.op[o].prev] = o


@inner
def note_all(s: Any, c: Any) -> None:
    """Keeps all times, and when each job ends."""
    for o in range(len(s.op)):
        c.next[o] = -1
    for o in range(len(s.op)):
        note(s, c, o)
    for j in range(len(s.job)):
        c.finish[j] = s.job[j].end


@inner
def note_touched(s: Any, c: Any) -> None:
    """Keeps the times of what was placed since the stretch began."""
    for i in range(s.tally[0].touched):
        c.next[s.touched[i]] = -1
    for i in range(s.tally[0].touched):
        if s.op[s.touched[i]].placed or c.walk[STOP] >= len(c.order):
            note(s, c, s.touched[i])


@inner
def take_stretch(g: Any, c: Any) -> None:
    """Draws the next stretch."""
    n = len(c.order)
    c.walk[SPAN] = min(n, g.span)
    c.walk[FIRST] = max(0, min(n - c.walk[SPAN], draw(c, n) - c.walk[SPAN] // 2))
    c.walk[STOP] = n if g.ahead == 0 else min(n, c.walk[FIRST] + c.walk[SPAN] + g.ahead)
    c.walk[LEFT] = g.moves


@inner
def begin_stretch(s: Any, g: Any, c: Any, now: Any) -> None:
    """The schedule in the state is that of the present plan, from which moves begin."""
    whole = c.walk[STOP] >= len(c.order)
    if not whole:
        keep(s, c)
    keep_marks(c)
    c.local[BEGUN] = now
    c.local[NOW] = now if whole else least_of(s, g)
    c.walk[OPEN] = 1


@inner
def expect(k: Any, s: Any, b: Any, c: Any) -> None:
    """What begins before the end of what is built, and ends later, is expected to end as much later as it did."""
    for j in range(len(s.job)):
        s.job[j].rest = 0
        if s.job[j].left > 0 and s.job[j].end >= 0:
            s.job[j].rest = max(0, c.finish[j] - s.job[j].end)
        b.job[j].rest = s.job[j].rest
    go_back(k, s, b)
    for j in range(len(s.job)):
        rest = b.job[j].rest
        s.job[j].rest = 0
        count_job(k, s, j, -1)
        s.job[j].rest = rest
        count_job(k, s, j, 1)
    save(s, b)


@inner
def take_back(k: Any, s: Any, g: Any, c: Any) -> None:
    """Undoes the move."""
    take_back_edits(s, c)
    enter(k, s, c)
    leave_jobs(k, s, g, c)


@inner
def from_beginning(c: Any) -> Any:
    """Whether a move that counts before the stretch is worth building all anew."""
    found = c.walk[SPAN] == len(c.order)
    for i in range(c.walk[SIZE]):
        found = found or c.edits[i, 0] == BOUGHT
    return found and c.walk[STOP] >= len(c.order)


@inner
def accept(k: Any, s: Any, b: Any, g: Any, c: Any, found: Any) -> None:
    """The changed plan is the present one."""
    c.local[NOW] = found
    if not c.walk[OPEN]:
        note_all(s, c)
        return
    keep_marks(c)
    note_touched(s, c)
    changes = False
    for i in range(c.walk[SIZE]):
        changes = changes or c.edits[i, 0] >= REFUSED
    if changes:  # who takes part is kept with the state
        go_back(k, s, b)
        enter_jobs(k, s, g, c)
        mend_heaps(s)
        save(s, b)


@outer
def anneal_lists(k: Any, s: Any, b: Any, g: Any, c: Any, temperature: Any, proposals: Any, now: Any, best: Any) -> Any:
    """`proposals` moves from a plan of value `now`; (value, best value), value -1 where storage ran out. With
    proposals = 0, or nothing to move: the value of the plan. b: a state of the sizes of s."""
    n = len(c.order)
    step = PLAN if proposals == 0 or len(g.free) == 0 else MOVE if c.walk[OPEN] else PREFIX
    made = 0
    limit = WORST
    while True:  # schedules are built in one place only: the kernel takes long to compile
        most = WORST
        more = WORST
        ready = True
        expected = step != REST or c.walk[STOP] >= n
        if step == PLAN:
            ready = start_over(k, s, c, NEVER)
        elif step == PREFIX:
            if made >= proposals:
                return now, best
            take_stretch(g, c)
            ready = start_over(k, s, c, c.walk[FIRST])
        elif step == AGAIN:
            ready = start_over(k, s, c, c.walk[FIRST])
        elif step == CLOSE:
            begin_move(c)
            go_back(k, s, b)
            mend_heaps(s)
            c.walk[UNTIL] = NEVER
            c.walk[BEHIND] = NEVER
        elif step == MOVE:
            if made >= proposals:
                return now, best
            made += 1
            c.count[0] += 1
            c.walk[LEFT] -= 1
            begin_move(c)
            move(k, s, g, c)
            limit = c.local[NOW] - temperature * np.log(max(1e-12, luck(c)))
            ready = c.walk[SIZE] > 0
            if ready and reachable(k, g, c):
                change(k, s, b, g, c)
                most = limit if c.walk[STOP] >= n else WORST
                more = limit - c.local[NOW] + MARGIN
            elif ready:
                ready = from_beginning(c) and start_over(k, s, c, NEVER)
                most = limit
        answer = run_on(k, s, g, c, most, more) if ready else STUCK
        whole = c.walk[STOP] >= n
        if answer == FULL:
            if step == MOVE:
                take_back(k, s, g, c)
            if step in (MOVE, CLOSE) and not whole:
                restore(s, c)
            c.walk[OPEN] = 0
            return -1.0, best
        if step == PLAN:
            now = value_of(k, s, g, c) if answer == DONE else WORST
            if answer == DONE:
                note_all(s, c)
            return now, now
        if step in (PREFIX, AGAIN, REST, EXPECTED) and answer != DONE:
            return now, best
        if step == PREFIX and s.tally[0].reserving != s.tally[0].keeping:
            c.walk[FIRST] = 0  # what can be placed later would decide how it goes on from here
            c.walk[SPAN] = n
            c.walk[STOP] = n
            step = AGAIN
        elif step in (PREFIX, AGAIN):
            save(s, b)
            c.walk[UNTIL] = c.walk[STOP]
            step = REST
        elif not expected:
            expect(k, s, b, c)
            step = EXPECTED
        elif step in (REST, EXPECTED):
            begin_stretch(s, g, c, now)
            step = MOVE
        elif step == CLOSE:
            found = value_of(k, s, g, c) if answer == DONE else WORST
            if found <= now - temperature * np.log(max(1e-12, luck(c))):
                now = found
                note_all(s, c)
            else:
                restore(s, c)
            step = PREFIX
        else:
            if c.walk[SIZE] > 0:
                found = WORST
                if answer == DONE:
                    found = value_of(k, s, g, c) if whole else least_of(s, g)
                if found <= limit:
                    accept(k, s, b, g, c, found)
                else:
                    take_back(k, s, g, c)
                if whole:
                    now = c.local[NOW]
            if c.walk[LEFT] <= 0 or not c.walk[OPEN]:
                c.walk[OPEN] = 0
                step = PREFIX if whole else CLOSE
        if now < best and (whole or step == PREFIX):
            best = now
            remember(s, c)
