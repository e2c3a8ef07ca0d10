"""The moves of annealing where the problem has rules: on the list, modes, branches, refusals, overtime, waiting."""

from __future__ import annotations

from typing import Any

from scheduler.engines.lists_edits import (
    BOUGHT,
    CHOSEN,
    FIRST,
    REFUSED,
    SPAN,
    STOP,
    draw,
    hold_back,
    insert,
    luck,
    set_choice,
    want,
)
from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER, tick_of_work, work_before
from scheduler.problem.serial.place import SAME

SHIFT, JOB, MODE, AFTER, REFUSE, OVERTIME, BRANCH, DELAY, GROUP = range(9)
"""Moves: one operation in the list; all of an order; another mode; an earliest start; refusing or taking an order;
buying a window or not; another branch; all of an order as late as its delivery allows; an operation beside another of
the same state or batch class."""
ANCESTORS = 40
"""Operations before one in its routing that may be pulled forward with it."""


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
    """An operation of the stretch to move: often one of an order that costs much beyond running it, else any."""
    first = c.walk[FIRST]
    span = c.walk[SPAN]
    if luck(c) < 0.5 and k.par[0].jobs > 0:
        best = -1
        most = -1
        for _ in range(4):
            o = c.order[first + draw(c, span)]
            j = k.op[o].job
            if j < 0 or k.op[o].fact or s.refused[j]:
                continue
            cost = c.terms[j, 2] * k.weights[2] + c.terms[j, 3] * k.weights[3] + c.terms[j, 4] * k.weights[4]
            if cost > most:
                best = o
                most = cost
        if best >= 0:
            return best
    for _ in range(8):
        o = c.order[first + draw(c, span)]
        if not k.op[o].fact:
            return o
    return g.free[draw(c, len(g.free))]


@inner
def shift(k: Any, s: Any, g: Any, c: Any) -> None:
    """An operation before one of those just before it on its resource, or anywhere near in the list."""
    o = pick(k, s, g, c)
    x = c.last[o]
    first = c.walk[FIRST]
    n = c.walk[STOP] - first
    if luck(c) < 0.6 and c.start[o] >= 0 and x >= 0 and not k.op[x].fact:
        for _ in range(draw(c, 4)):
            if c.last[x] >= 0 and not k.op[c.last[x]].fact:
                x = c.last[x]
        place = c.rank[x]
        if first <= place < c.rank[o]:
            pull(k, c, o, place)
            return
    reach = 1 + int(n * 0.3 * luck(c) * luck(c) * luck(c))
    place = c.rank[o] + draw(c, 2 * reach + 1) - reach
    place = min(first + n - 1, max(first, place))
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
    foremost = c.walk[FIRST]
    stop = c.walk[STOP]
    reach = 1 + int((stop - foremost) * 0.3 * luck(c) * luck(c))
    first = g.job_first[j]
    last = g.job_first[j + 1]
    if luck(c) < 0.6:
        place = foremost - 1
        while True:  # foremost first
            best = -1
            for i in range(first, last):
                a = g.job_op[i]
                if c.rank[a] > place and (best < 0 or c.rank[a] < c.rank[best]):
                    best = a
            if best < 0:
                return
            place = c.rank[best]
            insert(c, best, max(foremost, place - reach))
    place = stop
    while True:
        best = -1
        for i in range(first, last):
            a = g.job_op[i]
            if c.rank[a] < place and (best < 0 or c.rank[a] > c.rank[best]):
                best = a
        if best < 0:
            return
        place = c.rank[best]
        insert(c, best, min(stop - 1, place + reach))


@inner
def other_mode(k: Any, s: Any, g: Any, c: Any) -> None:
    """Another mode for an operation; what must be on the same resource comes along."""
    o = pick(k, s, g, c)
    count = k.op[o].mode_last - k.op[o].mode_first
    if count < 2 or k.op[o].fixed_mode >= 0:
        return
    m = k.op[o].mode_first + draw(c, count)
    if luck(c) < 0.15:
        want(c, o, -1)
        return
    want(c, o, m)
    for i in range(k.op[o].link_first, k.op[o].link_last):
        if k.link[i].kind == SAME:
            x = k.link[i].other
            fits = -1
            for y in range(k.op[x].mode_first, k.op[x].mode_last):
                if k.mode[y].resource == k.mode[m].resource and (fits < 0 or k.mode[y].state == k.mode[m].state):
                    fits = y
            if fits >= 0 and k.op[x].fixed_mode < 0:
                want(c, x, fits)


@inner
def wait(k: Any, s: Any, g: Any, c: Any) -> None:
    """An earliest start for an operation: none, or a little later than now, up to what follows it."""
    o = pick(k, s, g, c)
    if c.start[o] < 0:
        return
    if c.after[o] > 0 and luck(c) < 0.5:
        hold_back(c, o, 0)
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
    hold_back(c, o, c.start[o] + 1 + (room - 1 if luck(c) < 0.5 else draw(c, room)))


@inner
def delay_job(k: Any, s: Any, g: Any, c: Any) -> None:
    """The operations of an order as late as what follows them, their resources and the order's delivery allow; or
    nothing of it waits any more."""
    j = k.op[pick(k, s, g, c)].job
    if j < 0:
        return
    first = g.job_first[j]
    last = g.job_first[j + 1]
    limit = -1
    for i in range(first, last):
        limit = max(limit, c.end[g.job_op[i]])
    if limit < 0 or s.refused[j] or luck(c) < 0.2:
        for i in range(first, last):
            hold_back(c, g.job_op[i], 0)
        return
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
        hold_back(c, o, latest_start(k, s, c, o, min(limit, k.op[o].latest_end)))


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
        x = c.order[c.walk[FIRST] + draw(c, c.walk[SPAN])]
        if x == o or k.op[x].fact or c.start[x] < 0:
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
            hold_back(c, o, ready)
            hold_back(c, x, ready)
            want(c, o, m)
            want(c, x, y)
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
def refuse(k: Any, s: Any, g: Any, c: Any) -> None:
    """Refuses an order of the stretch, or takes one that was refused."""
    j = k.op[pick_any(c)].job
    if len(g.refusable) > 0 and (j < 0 or not g.may_refuse[j]):
        j = g.refusable[draw(c, len(g.refusable))]
    if j >= 0 and g.may_refuse[j]:
        set_choice(s.refused, c, REFUSED, j, 1 - s.refused[j])


@inner
def pick_any(c: Any) -> Any:
    """Any operation of the stretch."""
    return c.order[c.walk[FIRST] + draw(c, c.walk[SPAN])]


@inner
def buy(s: Any, c: Any) -> None:
    """Buys one overtime, or gives it back."""
    if len(s.bought) > 0:
        i = draw(c, len(s.bought))
        set_choice(s.bought, c, BOUGHT, i, 1 - s.bought[i])


@inner
def other_branch(k: Any, s: Any, g: Any, c: Any) -> None:
    """Another branch for a choice of the stretch."""
    b = k.op[pick_any(c)].branch
    for _ in range(20):
        if b < 0:
            b = k.op[pick_any(c)].branch
    if b >= 0:  # another branch of the same choice
        choice = k.branch_choice[b]
        first = b
        while first > 0 and k.branch_choice[first - 1] == choice:
            first -= 1
        last = b + 1
        while last < len(k.branch_choice) and k.branch_choice[last] == choice:
            last += 1
        b = first + draw(c, last - first)
    elif len(k.branch_choice) > 0:
        b = draw(c, len(k.branch_choice))
    if b >= 0 and not g.branch_fixed[k.branch_choice[b]]:
        set_choice(s.chosen, c, CHOSEN, k.branch_choice[b], b)


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
        refuse(k, s, g, c)
    elif x < g.odds[OVERTIME]:
        buy(s, c)
    elif x < g.odds[BRANCH]:
        other_branch(k, s, g, c)
    elif x < g.odds[DELAY]:
        delay_job(k, s, g, c)
    else:
        group(k, s, g, c)
