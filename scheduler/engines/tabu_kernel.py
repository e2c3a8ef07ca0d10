"""The kernel of tabu search for the makespan: critical operations go to other places, on every resource that can run
them.

A move takes an operation of one critical path out and puts it where, by heads and tails, no circle can arise; what it
would make of the longest path through the operation is estimated from heads and tails as they are (see tabu_graph).
On its own resource an operation of a critical block goes before or behind all of the block, and its first and last
operation anywhere within: other moves there shorten no path, and following them gained less (measured). Where there
are reconfigurations they may, and all places are looked at.
Sources: Mastrolilli, Gambardella 2000 (neighbourhood); Balas, Vazacopoulos 1998 and Zhang, Li, Guan, Rao 2007 (blocks:
N6, N7); González, Vela, Varela 2015 (with setups); Dell'Amico, Trubian 1993 (estimates); Nowicki, Smutnicki 1996 (tabu
on job shops).
"""

from __future__ import annotations

from typing import Any

from scheduler.engines.tabu_graph import (
    MOST,
    TOP,
    between,
    draw,
    left,
    longest,
    put,
    reached,
    ready_by_arcs,
    rest_by_arcs,
)
from scheduler.problem.compiling import inner, outer, woven


@inner
def critical_path(k: Any, s: Any, makespan: Any) -> Any:
    """Fills s.path with a random longest path, last first; its length."""
    o = -1
    ties = 0
    for i in range(len(k.ends)):
        if s.head[k.ends[i]] == makespan:
            ties += 1
            if draw(s, ties) == 0:
                o = k.ends[i]
    size = 0
    while o >= 0:
        s.path[size] = o
        size += 1
        t = s.head[o] - s.duration[o]
        found = -1
        ties = 0
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            if s.head[k.pred[z]] == t:
                ties += 1
                if draw(s, ties) == 0:
                    found = k.pred[z]
        x = s.before[o]
        if x >= 0 and s.head[x] + between(k, s.mode[x], s.mode[o]) == t:
            ties += 1
            if draw(s, ties) == 0:
                found = x
        o = found
    return size


@inner
def offer(s: Any, kept: Any, keep: Any, o: Any, m: Any, at: Any, value: Any) -> Any:
    """Enters a candidate among the best `keep`; how many there are."""
    if kept == keep:
        if value >= s.top_value[kept - 1]:
            return kept
        kept -= 1
    i = kept
    while i > 0 and s.top_value[i - 1] > value:
        s.top_value[i] = s.top_value[i - 1]
        s.top[i, 0] = s.top[i - 1, 0]
        s.top[i, 1] = s.top[i - 1, 1]
        s.top[i, 2] = s.top[i - 1, 2]
        i -= 1
    s.top_value[i] = value
    s.top[i, 0] = o
    s.top[i, 1] = m
    s.top[i, 2] = at
    return kept + 1


@woven
def weigh(s: Any, o: Any, m: Any, at: Any, value: Any, allowed: Any, best: Any, keep: Any, kept: Any,
          spare: Any) -> Any:
    """Offers a place where it is allowed or better than ever; else draws whether it comes into the row behind. Ties
    are broken by luck. (kept, spare)."""
    if allowed or value < 2 * best:
        return offer(s, kept, keep, o, m, at, 4 * value + draw(s, 4)), spare
    if draw(s, spare + 1) == 0:
        s.top[TOP, 0], s.top[TOP, 1], s.top[TOP, 2] = o, m, at
    return kept, spare + 1


@inner
def candidates(k: Any, s: Any, o: Any, block: Any, now: Any, best: Any, keep: Any, kept: Any, longer: Any,
               spare: Any) -> Any:
    """Offers places for operation o; (kept, spare): how many are kept, how many were tabu, one of which is drawn
    into the row behind. block: see places_here. Value: twice the estimated longest path through o, plus `longer` for
    each tick that it takes more than now."""
    h = ready_by_arcs(k, s, o)
    t = rest_by_arcs(k, s, o)
    here = k.mode_resource[s.mode[o]]
    for m in range(k.mode_first[o], k.mode_first[o + 1]):
        r = k.mode_resource[m]
        d = k.mode_duration[m]
        z = k.room[r]
        size = s.length[r]
        extra = longer * (d - s.duration[o])
        allowed = s.tabu[m] <= now
        if r == here:
            kept, spare = places_here(k, s, o, m, block, h, t, extra, allowed, best, keep, kept, spare)
            continue
        a = 0
        b = size
        while a < b:
            i = (a + b) >> 1
            if s.head[s.seq[z + i]] > h:
                b = i
            else:
                a = i + 1
        first = a
        a = 0
        b = size
        while a < b:
            i = (a + b) >> 1
            if s.tail[s.seq[z + i]] <= t:
                b = i
            else:
                a = i + 1
        last = a
        if last <= first:  # anywhere between them is as good: nothing there touches the path
            first = last + draw(s, first - last + 1)
            last = first
        for i in range(first, last + 1):
            before = reached(k, s, s.seq[z + i - 1] if i > 0 else -1, m)
            behind = left(k, s, m, s.seq[z + i] if i < size else -1)
            value = 2 * (max(h, before) + d + max(t, behind)) + extra
            kept, spare = weigh(s, o, m, i, value, allowed, best, keep, kept, spare)
    return kept, spare


@woven
def places_here(k: Any, s: Any, o: Any, m: Any, block: Any, h: Any, t: Any, extra: Any, allowed: Any, best: Any,
                keep: Any, kept: Any, spare: Any) -> Any:
    """The places on the resource where operation o is. block: index of its first and last operation there, whether
    the path goes on before and behind it, whether all places are looked at."""
    first, last, front, rear, every = block
    at = s.place[o]
    d = k.mode_duration[m]
    z = k.room[k.mode_resource[m]]
    size = s.length[k.mode_resource[m]]
    if m != s.mode[o] and allowed:
        before = reached(k, s, s.before[o], m)
        behind = left(k, s, m, s.after[o])
        value = 2 * (max(h, before) + d + max(t, behind)) + extra
        kept = offer(s, kept, keep, o, m, at, 4 * value + draw(s, 4))
    x = s.before[o]
    end = s.head[x] if x >= 0 else 0
    for i in range(at + 1, last + 1):
        w = s.seq[z + i]
        if s.tail[w] <= t:
            break
        end += between(k, s.mode[x] if x >= 0 else -1, s.mode[w])
        end = max(end, ready_by_arcs(k, s, w)) + s.duration[w]
        x = w
        if not (every or (i == last and rear) or (at == first and front)):
            continue
        before = end + between(k, s.mode[w], m)
        behind = left(k, s, m, s.seq[z + i + 1] if i + 1 < size else -1)
        value = 2 * (max(h, before) + d + max(t, behind)) + extra
        kept, spare = weigh(s, o, m, i, value, allowed, best, keep, kept, spare)
    x = s.after[o]
    rest_there = s.tail[x] if x >= 0 else 0
    for i in range(at - 1, first - 1, -1):
        w = s.seq[z + i]
        if s.head[w] <= h:
            break
        if x >= 0:
            rest_there += between(k, s.mode[w], s.mode[x])
        rest_there = max(rest_there, rest_by_arcs(k, s, w)) + s.duration[w]
        x = w
        if not (every or (i == first and front) or (at == last and rear)):
            continue
        behind = rest_there + between(k, m, s.mode[w])
        before = reached(k, s, s.seq[z + i - 1] if i > 0 else -1, m)
        value = 2 * (max(h, before) + d + max(t, behind)) + extra
        kept, spare = weigh(s, o, m, i, value, allowed, best, keep, kept, spare)
    return kept, spare


@inner
def remember(s: Any) -> None:
    for i in range(len(s.mode)):
        s.best_mode[i] = s.mode[i]
    for i in range(len(s.seq)):
        s.best_seq[i] = s.seq[i]
    for i in range(len(s.length)):
        s.best_length[i] = s.length[i]


@outer
def search(k: Any, s: Any, iterations: Any, target: Any, tenure: Any, longer: Any, keep: Any) -> Any:
    """So many moves from the schedule in s, whose heads and tails are known; the best makespan met, whose sequences are
    in s.best_.... counts[0] goes on; counts[1]: the best makespan ever, which a tabu move must beat; stops at `target`.
    tenure: eighths of the length of the critical path for which a
    mode left stays tabu; longer: see candidates; keep > 1: that many candidates are looked at exactly."""
    makespan = longest(k, s)
    met = makespan
    remember(s)
    best = min(s.counts[1], makespan)
    for _ in range(iterations):
        if met <= target:
            break
        s.counts[0] += 1
        now = s.counts[0]
        size = critical_path(k, s, makespan)
        kept = 0
        spare = 0
        i = 0
        while i < size:  # block by block: neighbours on the path that are on one resource
            r = k.mode_resource[s.mode[s.path[i]]]
            j = i
            while j + 1 < size and k.mode_resource[s.mode[s.path[j + 1]]] == r:
                j += 1
            if k.setups[0]:
                block = (0, s.length[r] - 1, True, True, True)
            else:
                begin = s.head[s.path[j]] - s.duration[s.path[j]]
                block = (s.place[s.path[j]], s.place[s.path[i]], begin > 0, i > 0, False)
            for z in range(i, j + 1):
                kept, spare = candidates(k, s, s.path[z], block, now, best, keep, kept, longer, spare)
            i = j + 1
        which = 0
        if kept == 0:
            if spare == 0:
                break
            which = TOP
        elif kept > 1:
            which = exactly_best(k, s, kept)
        o = s.top[which, 0]
        left = s.mode[o]
        if not put(k, s, o, s.top[which, 1], s.top[which, 2]):
            s.counts[2] += 1
        s.tabu[left] = now + (tenure * size >> 3) + (k.mode_first[o + 1] - k.mode_first[o]) + draw(s, 10)
        makespan = longest(k, s)
        if makespan < met:
            met = makespan
            best = min(best, met)
            remember(s)
    s.counts[1] = best
    return met


@inner
def exactly_best(k: Any, s: Any, kept: Any) -> Any:
    """The candidate with the least makespan of those kept, by heads and tails without its operation."""
    n = len(s.mode)
    least = MOST
    found = 0
    for i in range(kept):
        o = s.top[i, 0]
        known = False
        for j in range(i):
            known = known or s.top[j, 0] == o
        if known:
            continue
        if s.top_value[i] >> 3 >= least >> 24:
            break  # its own path is already as long as the best
        c = s.rank[o]
        a = s.before[o]
        b = s.after[o]
        if a >= 0:
            s.after[a] = b
        if b >= 0:
            s.before[b] = a
        rest_of_all = without(k, s, o, c, n)
        if a >= 0:
            s.after[a] = o
        if b >= 0:
            s.before[b] = o
        h = k.release[o]
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            h = max(h, s.other_head[k.pred[z]])
        t = 0
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            t = max(t, s.other_tail[k.succ[z]])
        for j in range(i, kept):
            if s.top[j, 0] != o:
                continue
            m = s.top[j, 1]
            at = s.top[j, 2]
            r = k.mode_resource[m]
            x = at - 1
            y = at
            if r == k.mode_resource[s.mode[o]]:  # places are counted without o, which still stands there
                x += x >= s.place[o]
                y += y >= s.place[o]
            before = between(k, -1, m)
            if x >= 0:
                w = s.seq[k.room[r] + x]
                before = s.other_head[w] + between(k, s.mode[w], m)
            behind = 0
            if y < s.length[r]:
                w = s.seq[k.room[r] + y]
                behind = s.other_tail[w] + between(k, m, s.mode[w])
            through = max(h, before) + k.mode_duration[m] + max(t, behind)
            value = (max(through, rest_of_all) << 24) + min((1 << 24) - 2, 2 * through) + draw(s, 2)
            if value < least:
                least = value
                found = j
    return found


@inner
def without(k: Any, s: Any, o: Any, c: Any, n: Any) -> Any:
    """Heads and tails of all but operation o at rank c, whose neighbours are linked past it; the longest path."""
    found = 0
    for i in range(n):
        u = s.order[i]
        if i < c:
            s.other_head[u] = s.head[u]
        elif i == c:
            t = k.release[u]
            for z in range(k.pred_first[u], k.pred_first[u + 1]):
                t = max(t, s.other_head[k.pred[z]])
            s.other_head[u] = t
        else:
            t = k.release[u]
            for z in range(k.pred_first[u], k.pred_first[u + 1]):
                t = max(t, s.other_head[k.pred[z]])
            w = s.before[u]
            t = max(t, s.other_head[w] + between(k, s.mode[w], s.mode[u]) if w >= 0 else between(k, -1, s.mode[u]))
            s.other_head[u] = t + s.duration[u]
        found = max(found, s.other_head[u])
    for i in range(n - 1, -1, -1):
        u = s.order[i]
        if i > c:
            s.other_tail[u] = s.tail[u]
            continue
        t = 0
        for z in range(k.succ_first[u], k.succ_first[u + 1]):
            t = max(t, s.other_tail[k.succ[z]])
        w = s.after[u]
        if w >= 0 and i != c:
            t = max(t, s.other_tail[w] + between(k, s.mode[u], s.mode[w]))
        s.other_tail[u] = t if i == c else t + s.duration[u]
    return found
