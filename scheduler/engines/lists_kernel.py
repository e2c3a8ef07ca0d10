"""Annealing on lists where the problem has rules.

Every move changes the plan, builds the whole schedule and is undone from a copy where it is not accepted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.engines.lists_moves import luck, move
from scheduler.problem.compiling import inner, outer
from scheduler.problem.serial.build import DONE, FULL, build
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.value import measure

WORST = 1e300
BROKEN = 1e7
"""Value of a broken deadline or budget: more than anything else comes to."""


@inner
def value_of(k: Any, s: Any, g: Any, c: Any) -> Any:
    """The schedule of the present plan as one number; WORST where there is none, -1 where storage ran out."""
    for o in range(len(s.op)):
        s.op[o].rank = c.rank[o]
        s.op[o].wanted = c.wanted[o]
        s.op[o].after = c.after[o]
    answer = build(k, s)
    if answer == FULL:
        return -1.0
    if answer != DONE:
        return WORST
    measure(k, s, c.terms, c.out)
    total = g.levels[4] * c.out[4] + BROKEN * c.out[5]
    for i in range(4):
        total += g.levels[i] * c.out[i]
        if g.budgets[i] < NEVER and c.out[i] > g.budgets[i]:
            total += BROKEN + g.penalty[i] * (c.out[i] - g.budgets[i])
    return total


@inner
def put(target: Any, source: Any) -> None:
    """Copies an array."""
    for i in range(len(source)):
        target[i] = source[i]


@inner
def keep(s: Any, c: Any) -> None:
    """Copies the plan, to undo a move."""
    put(c.old_order, c.order)
    put(c.old_wanted, c.wanted)
    put(c.old_after, c.after)
    put(c.old_refused, s.refused)
    put(c.old_bought, s.bought)
    put(c.old_chosen, s.chosen)


@inner
def restore(s: Any, c: Any) -> None:
    """Undoes the last move."""
    put(c.order, c.old_order)
    for i in range(len(c.order)):
        c.rank[c.order[i]] = i
    put(c.wanted, c.old_wanted)
    put(c.after, c.old_after)
    put(s.refused, c.old_refused)
    put(s.chosen, c.old_chosen)
    for i in range(len(s.bought)):
        if s.bought[i] != c.old_bought[i]:
            s.tally[0].overtime = 1
    put(s.bought, c.old_bought)


@inner
def unchanged(s: Any, c: Any) -> Any:
    """Whether the last move changed nothing."""
    return (same(c.order, c.old_order) and same(c.wanted, c.old_wanted) and same(c.after, c.old_after)
            and same(s.refused, c.old_refused) and same(s.bought, c.old_bought) and same(s.chosen, c.old_chosen))


@inner
def same(one: Any, other: Any) -> Any:
    """Whether two arrays hold the same."""
    i = 0
    while i < len(other) and one[i] == other[i]:
        i += 1
    return i == len(other)


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
def note(s: Any, c: Any) -> None:
    """Keeps the times of the schedule that was accepted: moves look at them."""
    for o in range(len(s.op)):
        c.next[o] = -1
    for o in range(len(s.op)):
        if s.op[o].placed and s.op[o].prev >= 0:
            c.next[s.op[o].prev] = o
        c.prepare[o] = s.op[o].ps
        c.start[o] = s.op[o].start if s.op[o].placed else -1
        c.end[o] = s.op[o].end if s.op[o].placed else -1
        c.last[o] = s.op[o].prev if s.op[o].placed else -1
        if s.op[o].placed:
            c.mode[o] = s.op[o].mode


@outer
def anneal_lists(k: Any, s: Any, g: Any, c: Any, temperature: Any, proposals: Any, now: Any, best: Any) -> Any:
    """`proposals` moves from a plan of value `now`; (value, best value), value -1 where storage ran out. With
    proposals = 0, or nothing to move: the value of the plan."""
    if proposals == 0 or len(g.free) == 0:
        now = value_of(k, s, g, c)
        note(s, c)
        return now, now
    for _ in range(proposals):
        keep(s, c)
        move(k, s, g, c)
        c.count[0] += 1
        if unchanged(s, c):
            continue
        found = value_of(k, s, g, c)
        if found < 0.0:
            restore(s, c)
            return -1.0, best
        if found < WORST and found <= now - temperature * np.log(max(1e-12, luck(c))):
            now = found
            note(s, c)
            if found < best:
                best = found
                remember(s, c)
        else:
            restore(s, c)
    return now, best
