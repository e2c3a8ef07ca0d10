"""Schedules of changed lists, built on from the place where the change begins to count.

Moves begin within a stretch of the list, which wanders. The state before the stretch is kept, so that only what comes
from there on is built again. A schedule is given up as soon as what it costs at least is more than what would be
accepted (exact), or, some places behind the change, as soon as it costs that much more than the present plan did when
it had come to the same place (a heuristic: what comes later could win it back).
"""

from __future__ import annotations

from typing import Any

from scheduler.engines.lists_edits import (
    BEHIND,
    BOUGHT,
    CHOSEN,
    FIRST,
    HIGH,
    LISTED,
    LOW,
    REFUSED,
    SIZE,
    STOP,
    UNTIL,
    WANTED,
)
from scheduler.problem.compiling import inner
from scheduler.problem.problem import MICRO
from scheduler.problem.serial.begin import present
from scheduler.problem.serial.build import DONE, FULL, STUCK, next_block, turn
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.heaps import push
from scheduler.problem.serial.running import MATERIAL, REFUSAL, touch
from scheduler.problem.serial.snapshot import go_back, mend_heaps, weigh, weigh_operation

GRAIN = 16
"""Places between two looks at what a schedule costs so far."""
APART = 64
"""Places behind the change from which on what it costs is compared."""
BROKEN = 1e7
"""Value of a broken deadline or budget: more than anything else comes to."""
GIVEN_UP = 3
"""Answer of run_on besides those of build."""


@inner
def least_of(s: Any, g: Any) -> Any:
    """What the schedule in the state costs at least, up to rounding; budgets do not count."""
    tally = s.tally[0]
    value = g.levels[0] * (tally.spent / MICRO) + g.levels[1] * tally.latest + g.levels[2] * tally.tardy
    return value + g.levels[3] * tally.lead + g.levels[4] * tally.beyond + BROKEN * tally.missed


@inner
def run_on(k: Any, s: Any, g: Any, c: Any, most: Any, more: Any) -> Any:
    """Builds on until the list has come to place UNTIL: DONE, STUCK, FULL or GIVEN_UP. Gives up where the schedule
    costs more than `most`, or, from place BEHIND on, by `more` more than the present plan."""
    tally = s.tally[0]
    stop = c.walk[UNTIL]
    behind = c.walk[BEHIND]
    mark = c.walk[FIRST] // GRAIN - 1
    while tally.left > 0:
        b = -1 if tally.full else next_block(k, s)
        if b < 0:
            return FULL if tally.full else STUCK
        key = s.key[b]
        if key >= stop:
            tally.heap = push(s.heap, s.key, tally.heap, b)
            break
        if key // GRAIN > mark:
            value = least_of(s, g)
            x = key // GRAIN
            if value - g.rounding[0] > most or (x * GRAIN >= behind and value - c.sofar[x] > more):
                tally.heap = push(s.heap, s.key, tally.heap, b)
                return GIVEN_UP
            while mark < x:
                mark += 1
                c.trial[mark] = value
        turn(k, s, b)
    if tally.full:
        return FULL
    value = least_of(s, g)
    for i in range(mark + 1, len(c.trial)):
        c.trial[i] = value
    return DONE


@inner
def keep_marks(c: Any) -> None:
    """What the schedule cost on the way is what the present plan costs."""
    for i in range(c.walk[FIRST] // GRAIN, len(c.trial)):
        c.sofar[i] = c.trial[i]


@inner
def first_place(k: Any, c: Any, o: Any) -> Any:
    """The first place of the list at which something of the block of operation o stands; -1 for facts."""
    if k.op[o].fact:
        return -1
    b = k.op[o].block
    found = NEVER
    for i in range(k.block_first[b], k.block_first[b + 1]):
        if not k.op[k.block_op[i]].fact:
            found = min(found, c.rank[k.block_op[i]])
    return found


@inner
def unseen(k: Any, g: Any, c: Any, o: Any) -> Any:
    """Whether nothing placed before the stretch has looked at the mode or the presence of operation o."""
    first = c.walk[FIRST]
    if first_place(k, c, o) < first or (first > 0 and k.op[o].guard >= 0):
        return False
    for i in range(k.op[o].link_first, k.op[o].link_last):
        x = k.link[i].other
        if not k.op[x].fact and first_place(k, c, x) < first:
            return False
    for z in range(k.op[o].in_first, k.op[o].in_last):
        if g.feeds[k.arc[z].source] and first_place(k, c, k.arc[z].source) < first:
            return False
    for i in range(k.op[o].hold_first, k.op[o].hold_last):
        h = k.hold[k.holding[i]]
        if first_place(k, c, h.source) < first or first_place(k, c, h.target) < first:
            return False
    return True


@inner
def reachable(k: Any, g: Any, c: Any) -> Any:
    """Whether all that the move has changed counts only from the stretch on, and within what is built."""
    first = c.walk[FIRST]
    if c.walk[LOW] < first or c.walk[HIGH] >= c.walk[STOP]:
        return False
    for i in range(c.walk[SIZE]):
        kind = c.edits[i, 0]
        x = c.edits[i, 1]
        if kind == BOUGHT:
            return False
        if kind in (REFUSED, CHOSEN):
            j = x if kind == REFUSED else g.choice_job[x]
            if j < 0:
                return False
            for y in range(g.job_first[j], g.job_first[j + 1]):
                o = g.job_op[y]
                if not unseen(k, g, c, o) or c.rank[o] >= c.walk[STOP]:
                    return False
        elif kind == WANTED:
            if not unseen(k, g, c, x):
                return False
        elif first_place(k, c, x) < first or c.rank[x] >= c.walk[STOP]:
            return False
    return True


@inner
def enter(k: Any, s: Any, c: Any) -> None:
    """Puts what the move has changed, or what was undone, into the list of the state."""
    for i in range(c.walk[LOW], c.walk[HIGH] + 1):
        s.op[c.order[i]].rank = i
    for i in range(c.walk[LOW], c.walk[HIGH] + 1):
        weigh(k, s, k.op[c.order[i]].block)
    for i in range(c.walk[SIZE]):
        x = c.edits[i, 1]
        if c.edits[i, 0] not in (LISTED, REFUSED, BOUGHT, CHOSEN):
            s.op[x].wanted = c.wanted[x]
            s.op[x].after = c.after[x]


@inner
def enter_all(s: Any, c: Any) -> None:
    """Puts the whole plan into the state."""
    for o in range(len(s.op)):
        s.op[o].rank = c.rank[o]
        s.op[o].wanted = c.wanted[o]
        s.op[o].after = c.after[o]


@inner
def enter_jobs(k: Any, s: Any, g: Any, c: Any) -> Any:
    """Counts anew who takes part after refusals and branches of the move; whether there were any."""
    found = False
    for i in range(c.walk[SIZE]):
        kind = c.edits[i, 0]
        if kind not in (REFUSED, CHOSEN):
            continue
        found = True
        j = c.edits[i, 1] if kind == REFUSED else g.choice_job[c.edits[i, 1]]
        if kind == REFUSED:
            sign = 1 if s.refused[j] else -1
            s.tally[0].spent += sign * (k.job[j].refuse_cost * k.weights[REFUSAL]
                                        - k.fixed_cost[j] * k.weights[MATERIAL])
        for y in range(g.job_first[j], g.job_first[j + 1]):  # keys may be those of the changed plan already
            weigh(k, s, k.op[g.job_op[y]].block)
        for y in range(g.job_first[j], g.job_first[j + 1]):
            touch(s, g.job_op[y])
            weigh_operation(k, s, g.job_op[y])
    return found


@inner
def leave_jobs(k: Any, s: Any, g: Any, c: Any) -> None:
    """After refusals and branches were undone: who takes part, for the keys of blocks."""
    for i in range(c.walk[SIZE]):
        kind = c.edits[i, 0]
        if kind not in (REFUSED, CHOSEN):
            continue
        j = c.edits[i, 1] if kind == REFUSED else g.choice_job[c.edits[i, 1]]
        for y in range(g.job_first[j], g.job_first[j + 1]):
            s.op[g.job_op[y]].present = present(k, s, g.job_op[y])
        for y in range(g.job_first[j], g.job_first[j + 1]):
            weigh(k, s, k.op[g.job_op[y]].block)


@inner
def change(k: Any, s: Any, b: Any, g: Any, c: Any) -> None:
    """Takes the state back to before the stretch, with the plan as the move has changed it."""
    go_back(k, s, b)
    enter(k, s, c)
    enter_jobs(k, s, g, c)
    mend_heaps(s)
    c.walk[UNTIL] = c.walk[STOP]
    c.walk[BEHIND] = max(c.walk[FIRST], c.walk[HIGH]) + APART
