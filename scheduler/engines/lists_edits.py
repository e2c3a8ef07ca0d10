"""The plan that annealing on lists changes, and a log of what a move has changed in it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scheduler.problem.compiling import inner

LISTED, WANTED, WAITING, REFUSED, BOUGHT, CHOSEN = range(6)
"""Kinds of edits: place in the list, mode, earliest start, refusal of a job, an overtime, branch of a choice."""
SIZE, LOW, HIGH, FIRST, SPAN, STOP, LEFT, OPEN, UNTIL, BEHIND = range(10)
"""What Course.walk holds: edits of the move, the first and last place of the list among them; first place and length of
the stretch that moves begin in, place up to which its schedules are built; moves left before the next stretch; whether
the state is one that go_back can take back to the first place; place up to which to build now, and from which on
to compare with the present plan (here, not as arguments: a kernel is compiled for each constant given to it)."""


class Goal(NamedTuple):
    """What counts: levels: factor of each measure, and of ticks beyond deadlines; budgets with the factor of what is
    beyond; odds: cumulative odds of the moves; free: operations that can be moved; refusable: jobs, may_refuse: [J];
    job_first, job_op:
    operations by job; choice_job: job of each choice (-1: none, or several); feeds: whether a mode of the operation may
    leave into a buffer; rounding: how much less than the sum the value may be; span, ahead, moves: operations of a
    stretch, places beyond it that are built (0: all), moves in it."""

    levels: Any
    budgets: Any
    penalty: Any
    odds: Any
    free: Any
    refusable: Any
    may_refuse: Any
    job_first: Any
    job_op: Any
    branch_fixed: Any
    choice_job: Any
    feeds: Any
    rounding: Any
    span: Any
    ahead: Any
    moves: Any


class Course(NamedTuple):
    """The plan as it is (order [n]: the list, rank its inverse), a copy of it and the best one; scratch. sofar: what
    the present plan costs at least when the list has come to every GRAIN-th place, trial: the same of a move; finish
    [J]: end of each job when the whole was last built; edits [., 3]: kind, what, and what it was."""

    order: Any
    rank: Any
    wanted: Any
    after: Any
    old_order: Any
    old_wanted: Any
    old_after: Any
    old_refused: Any
    old_bought: Any
    old_chosen: Any
    best_order: Any
    best_wanted: Any
    best_after: Any
    best_refused: Any
    best_bought: Any
    best_chosen: Any
    terms: Any
    out: Any
    group: Any
    start: Any
    end: Any
    last: Any
    next: Any
    prepare: Any
    mode: Any
    random: Any
    count: Any
    walk: Any
    edits: Any
    sofar: Any
    trial: Any
    finish: Any
    local: Any


@inner
def draw(c: Any, most: Any) -> Any:
    """A random number in 0 .. most - 1. Source: Marsaglia 2003 (xorshift)."""
    x = c.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    c.random[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(max(1, most)))


@inner
def luck(c: Any) -> Any:
    """A random number in [0, 1)."""
    return draw(c, 1 << 52) / float(1 << 52)


@inner
def begin_move(c: Any) -> None:
    """Empties the log."""
    c.walk[SIZE] = 0
    c.walk[LOW] = len(c.order)
    c.walk[HIGH] = -1


@inner
def log(c: Any, kind: Any, what: Any, was: Any) -> Any:
    """Notes an edit; False where the log is full and the edit must not be made."""
    i = c.walk[SIZE]
    if i == len(c.edits):
        return False
    c.edits[i, 0] = kind
    c.edits[i, 1] = what
    c.edits[i, 2] = was
    c.walk[SIZE] = i + 1
    return True


@inner
def put_at(c: Any, o: Any, place: Any) -> None:
    """Moves operation o to a place of the list."""
    i = c.rank[o]
    step = 1 if place > i else -1
    while i != place:
        c.order[i] = c.order[i + step]
        c.rank[c.order[i]] = i
        i += step
    c.order[place] = o
    c.rank[o] = place


@inner
def insert(c: Any, o: Any, place: Any) -> None:
    """Moves operation o to a place of the list, and notes it."""
    i = c.rank[o]
    if i == place or not log(c, LISTED, o, i):
        return
    c.walk[LOW] = min(c.walk[LOW], i, place)
    c.walk[HIGH] = max(c.walk[HIGH], i, place)
    put_at(c, o, place)


@inner
def want(c: Any, o: Any, m: Any) -> None:
    """Sets the mode of an operation."""
    if c.wanted[o] != m and log(c, WANTED, o, c.wanted[o]):
        c.wanted[o] = m


@inner
def hold_back(c: Any, o: Any, t: Any) -> None:
    """Sets the earliest start of an operation."""
    if c.after[o] != t and log(c, WAITING, o, c.after[o]):
        c.after[o] = t


@inner
def set_choice(array: Any, c: Any, kind: Any, i: Any, value: Any) -> None:
    """Sets a refusal, an overtime or a branch."""
    if array[i] != value and log(c, kind, i, array[i]):
        array[i] = value


@inner
def take_back_edits(s: Any, c: Any) -> None:
    """Undoes what the move has changed in the plan, last first."""
    for i in range(c.walk[SIZE] - 1, -1, -1):
        x = c.edits[i, 1]
        was = c.edits[i, 2]
        if c.edits[i, 0] == LISTED:
            put_at(c, x, was)
        elif c.edits[i, 0] == WANTED:
            c.wanted[x] = was
        elif c.edits[i, 0] == WAITING:
            c.after[x] = was
        elif c.edits[i, 0] == REFUSED:
            s.refused[x] = was
        elif c.edits[i, 0] == BOUGHT:
            s.bought[x] = was
        else:
            s.chosen[x] = was
