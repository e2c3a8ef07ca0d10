"""The moves of annealing where the problem has rules: on the list, modes, branches, refusals, overtime, waiting."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER, tick_of_work, work_before
from scheduler.problem.serial.place import SAME

SHIFT, JOB, MODE, AFTER, REFUSE, OVERTIME, BRANCH, DELAY, GROUP = range(9)
"""Moves: one operation in the list; all of an order; another mode; an earliest start; refusing or taking an order;
buying a window or not; another branch; all of an order as late as its delivery allows; an operation beside another of
the same state or batch class."""
ANCESTORS = 40
"""Operations before one in its routing that may be pulled forward with it."""


class Goal(NamedTuple):
    """What counts: levels: factor of each measure, and of ticks beyond deadlines; budgets with the factor of what is
    beyond; odds: cumulative odds of the moves; free: operations that can be moved; refusable: jobs; job_first, job_op:
    operations by job."""

    levels: Any
    budgets: Any
    penalty: Any
    odds: Any
    free: Any
    refusable: Any
    job_first: Any
    job_op: Any
    branch_fixed: Any


class Course(NamedTuple):
    """The plan as it is (order [n]: the list, rank its inverse), a copy of it and the best one; scratch."""

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
def insert(c: Any, o: Any, place: Any) -> None:
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
def pull(k: Any, c: Any, o: Any, place: Any) -> None:
    """Moves operation o, and what must come before it and stands later, to a place of the list."""
    c.group[0] = o
    size = 1
    i = 0
    while i < size < ANCESTORS:
        for z in range(k.op[c.group[i]].in_first, k.op[c.group[i]].in_last):
            a = k.arc[z].source
            new = c.rank[a] > place and size < ANCESTORS
            for x in range(size):
                new = new and c.group[x] != a
            if new:
                c.group[size] = a
                size += 1
        i += 1
    # the hindmost first: each comes before those moved earlier, so that the order among them stays
    for _ in range(size):
        hindmost = -1
        for x in range(size):
            a = c.group[x]
            if a >= 0 and (hindmost < 0 or c.rank[a] > c.rank[c.group[hindmost]]):
                hindmost = x
        a = c.group[hindmost]
        c.group[hindmost] = -1
        insert(c, a, place)


@inner
def pick(k: Any, s: Any, g: Any, c: Any) -> Any:
    """An operation to move: often one of an order that costs much beyond running it, else any."""
    if luck(c) < 0.5 and k.par[0].jobs > 0:
        best = -1
        most = -1
        for _ in range(4):
            j = draw(c, k.par[0].jobs)
            cost = c.terms[j, 2] * k.weights[2] + c.terms[j, 3] * k.weights[3] + c.terms[j, 4] * k.weights[4]
            if cost > most and g.job_first[j + 1] > g.job_first[j] and not s.refused[j]:
                best = j
                most = cost
        if best >= 0:
            return g.job_op[g.job_first[best] + draw(c, g.job_first[best + 1] - g.job_first[best])]
    return g.free[draw(c, len(g.free))]


@inner
def shift(k: Any, s: Any, g: Any, c: Any) -> None:
    """An operation before one of those just before it on its resource, or anywhere near in the list."""
    o = pick(k, s, g, c)
    x = c.last[o]
    n = len(c.order)
    if luck(c) < 0.6 and c.start[o] >= 0 and x >= 0 and not k.op[x].fact:
        for _ in range(draw(c, 4)):
            if c.last[x] >= 0 and not k.op[c.last[x]].fact:
                x = c.last[x]
        place = c.rank[x]
        if place < c.rank[o]:
            pull(k, c, o, place)
            return
    reach = 1 + int(n * 0.3 * luck(c) * luck(c) * luck(c))
    place = c.rank[o] + draw(c, 2 * reach + 1) - reach
    place = min(n - 1, max(0, place))
    if place < c.rank[o]:
        pull(k, c, o, place)
    else:
        insert(c, o, place)


@inner
def shift_job(k: Any, s: Any, g: Any, c: Any) -> None:
    """All operations of an order earlier or later, each by as many places."""
    o = pick(k, s, g, c)
    j = k.op[o].job
    if j < 0:
        return
    n = len(c.order)
    reach = 1 + int(n * 0.3 * luck(c) * luck(c))
    first = g.job_first[j]
    last = g.job_first[j + 1]
    if luck(c) < 0.6:
        place = -1
        while True:  # foremost first
            best = -1
            for i in range(first, last):
                a = g.job_op[i]
                if c.rank[a] > place and (best < 0 or c.rank[a] < c.rank[best]):
                    best = a
            if best < 0:
                return
            place = c.rank[best]
            insert(c, best, max(0, place - reach))
    place = n
    while True:
        best = -1
        for i in range(first, last):
            a = g.job_op[i]
            if c.rank[a] < place and (best < 0 or c.rank[a] > c.rank[best]):
                best = a
        if best < 0:
            return
        place = c.rank[best]
        insert(c, best, min(n - 1, place + reach))


@inner
def other_mode(k: Any, s: Any, g: Any, c: Any) -> None:
    """Another mode for an operation; what must be on the same resource comes along."""
    o = pick(k, s, g, c)
    count = k.op[o].mode_last - k.op[o].mode_first
    if count < 2 or k.op[o].fixed_mode >= 0:
        return
    m = k.op[o].mode_first + draw(c, count)
    if luck(c) < 0.15:
        c.wanted[o] = -1
        return
    c.wanted[o] = m
    for i in range(k.op[o].link_first, k.op[o].link_last):
        if k.link[i].kind == SAME:
            x = k.link[i].other
            fits = -1
            for y in range(k.op[x].mode_first, k.op[x].mode_last):
                if k.mode[y].resource == k.mode[m].resource and (fits < 0 or k.mode[y].state == k.mode[m].state):
                    fits = y
            if fits >= 0 and k.op[x].fixed_mode < 0:
                c.wanted[x] = fits


@inner
def wait(k: Any, s: Any, g: Any, c: Any) -> None:
    """An earliest start for an operation: none, or a little later than now, up to what follows it."""
    o = pick(k, s, g, c)
    if c.start[o] < 0:
        return
    if c.after[o] > 0 and luck(c) < 0.5:
        c.after[o] = 0
        return
    room = NEVER
    for i in range(k.op[o].out_first, k.op[o].out_last):
        b = k.arc[k.out[i]].target
        if c.start[b] >= 0:
            room = min(room, c.start[b] - c.end[o])
    j = k.op[o].job
    if room >= NEVER and j >= 0 and k.job[j].due < NEVER:
        room = k.job[j].due - c.end[o]
    if room <= 0 or room >= NEVER:
        room = max(1, c.end[o] - c.start[o])
    c.after[o] = c.start[o] + 1 + (room - 1 if luck(c) < 0.5 else draw(c, room))


@inner
def delay_job(k: Any, s: Any, g: Any, c: Any) -> None:
    """The operations of an order as late as what follows them, their resources and the order's delivery allow; or
    nothing of it waits any more."""
    j = k.op[pick(k, s, g, c)].job
    if j < 0:
        return
    first = g.job_first[j]
    last = g.job_first[j + 1]
    done = s.job[j].end if not s.refused[j] else -1
    if done < 0 or luck(c) < 0.2:
        for i in range(first, last):
            c.after[g.job_op[i]] = 0
        return
    limit = 0
    for i in range(first, last):
        limit = max(limit, c.end[g.job_op[i]])
    if not k.job[j].early and k.job[j].due < NEVER:
        limit = max(limit, k.job[j].due)
    before = NEVER
    while True:  # hindmost first: c.start, c.end are moved on the way, and set again when a plan is accepted
        o = -1
        for i in range(first, last):
            a = g.job_op[i]
            if c.start[a] >= 0 and (c.start[a] < before or (c.start[a] == before and a < c.group[0])) and (
                    o < 0 or c.start[a] > c.start[o] or (c.start[a] == c.start[o] and a > o)):
                o = a
        if o < 0:
            return
        before = c.start[o]
        c.group[0] = o
        c.after[o] = latest_start(k, s, c, o, min(limit, k.op[o].latest_end))


@inner
def latest_start(k: Any, s: Any, c: Any, o: Any, limit: Any) -> Any:
    """Latest start of operation o that ends by `limit` and before what follows it, and never sooner than it does."""
    m = c.mode[o]
    r = k.mode[m].resource
    for i in range(k.op[o].out_first, k.op[o].out_last):
        z = k.out[i]
        b = k.arc[z].target
        if c.start[b] >= 0 and k.arc[z].head_last == k.arc[z].head_first:
            t = max(c.start[b], c.after[b]) - k.arc[z].least
            limit = min(limit, t - k.transport[k.res[r].location, k.res[k.mode[c.mode[b]].resource].location])
    b = c.next[o]
    if b >= 0:
        limit = min(limit, c.prepare[b] + max(0, c.after[b] - c.start[b]))
    if limit <= c.end[o]:
        return c.start[o]
    done = work_before(s.win, s.cal, k.mode[m].calendar, limit) - k.mode[m].units
    if done <= 0:
        return c.start[o]
    return max(c.start[o], tick_of_work(s.win, s.cal, k.mode[m].calendar, done))


@inner
def group(k: Any, s: Any, g: Any, c: Any) -> None:
    """An operation right behind another of the same resource and state; of one batch class, both wait for each
    other."""
    o = pick(k, s, g, c)
    if c.start[o] < 0:
        return
    m = c.mode[o]
    for _ in range(30):
        x = g.free[draw(c, len(g.free))]
        if x == o or c.start[x] < 0:
            continue
        y = c.mode[x]
        alike = k.mode[y].resource == k.mode[m].resource and k.mode[y].state == k.mode[m].state
        together = alike and k.mode[y].batch_class >= 0 and k.mode[y].batch_class == k.mode[m].batch_class
        if not alike:
            continue
        if c.rank[x] < c.rank[o]:
            pull(k, c, o, c.rank[x] + 1)
        else:
            insert(c, o, c.rank[x] - 1)
        if together and luck(c) < 0.7:
            ready = max(arrival(k, c, o), arrival(k, c, x))
            c.after[o] = ready
            c.after[x] = ready
            c.wanted[o] = m
            c.wanted[x] = y
        return


@inner
def arrival(k: Any, c: Any, o: Any) -> Any:
    """The latest end of what comes before operation o."""
    t = k.op[o].release
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        if c.end[a] >= 0:
            t = max(t, c.end[a] + k.arc[z].least)
    return t


@inner
def refuse(s: Any, g: Any, c: Any) -> None:
    """Refuses an order, or takes one that was refused."""
    if len(g.refusable) > 0:
        j = g.refusable[draw(c, len(g.refusable))]
        s.refused[j] = 1 - s.refused[j]


@inner
def buy(s: Any, c: Any) -> None:
    """Buys one overtime, or gives it back."""
    if len(s.bought) > 0:
        i = draw(c, len(s.bought))
        s.bought[i] = 1 - s.bought[i]
        s.tally[0].overtime = 1


@inner
def other_branch(k: Any, s: Any, g: Any, c: Any) -> None:
    """Another branch for a choice."""
    if len(k.branch_choice) > 0:
        b = draw(c, len(k.branch_choice))
        if not g.branch_fixed[k.branch_choice[b]]:
            s.chosen[k.branch_choice[b]] = b


@inner
def move(k: Any, s: Any, g: Any, c: Any) -> None:
    """One random move."""
    x = luck(c)
    if x < g.odds[SHIFT]:
        shift(k, s, g, c)
    elif x < g.odds[JOB]:
        shift_job(k, s, g, c)
    elif x < g.odds[MODE]:
        other_mode(k, s, g, c)
    elif x < g.odds[AFTER]:
        wait(k, s, g, c)
    elif x < g.odds[REFUSE]:
        refuse(s, g, c)
    elif x < g.odds[OVERTIME]:
        buy(s, c)
    elif x < g.odds[BRANCH]:
        other_branch(k, s, g, c)
    elif x < g.odds[DELAY]:
        delay_job(k, s, g, c)
    else:
        group(k, s, g, c)
