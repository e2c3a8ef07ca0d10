"""Pools: what loads them, and that no load exceeds the capacity wherever something that may still move takes part."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.rules.clocks import Clock
from scheduler.engines.cpsat.rules.draft import Draft, Expr, Load, Part
from scheduler.engines.cpsat.rules.runs import done, progress
from scheduler.problem.rules import HOLD, KEEP, LOAD, PREPARE, RUN

Named = tuple[tuple[str, int], Expr]
"""A time with a name for its order literals."""
SOME = -1
"""A size that is not constant, and never 0."""


def _for_ever(m: Draft) -> int:
    """The end of what never ends: behind a last tick that stands for all capacity after the horizon."""
    return m.horizon + 3


def add_needs(m: Draft) -> None:
    """Crews, fixtures and stock that modes need, phase by phase; of a batch the leader alone needs crews."""
    shop = m.shop
    for o in range(shop.n):
        for k in m.live[o]:
            for pool, quantity, phase in shop.needs[k]:
                if shop.fact[o]:
                    _fact_need(m, o, k, pool, quantity, phase)
                elif phase == KEEP:
                    m.load(pool, quantity, m.start[o], _for_ever(m), m.mode[k], SOME)
                elif phase == HOLD:
                    m.load(pool, quantity, m.prepare[o], m.end[o], m.mode[k], SOME if shop.duration[k] else None)
                elif phase == PREPARE:
                    _prepare_need(m, o, k, pool, quantity)
                elif shop.duration[k]:
                    _run_need(m, o, k, pool, quantity, phase)


def _prepare_need(m: Draft, o: int, k: int, pool: int, quantity: int) -> None:
    clock = m.shop.open_ticks[m.shop.setup_calendar_of[k]]
    for time, part in m.preparing.get(k, []):
        literal, group, _ = part
        if group.solid:
            m.load(pool, quantity, m.prepare[o], m.prepare[o] + time, literal, time)
            continue
        until = m.integer(0, m.spans.latest[o])
        m.relate(group, m.prepare[o], until, literal)
        _broken(m, clock, part, (m.prepare[o], until), literal, (pool, quantity))


def _run_need(m: Draft, o: int, k: int, pool: int, quantity: int, phase: int) -> None:
    """LOAD, RUN or UNLOAD of a mode of some duration, by the leader of a batch only."""
    shop, rules = m.shop, m.shop.rules
    lead = m.lead.get(k, m.mode[k])
    clock = shop.clocks[shop.calendar_of[k]]
    if phase == RUN:
        for part in m.runs[k]:
            x, group, _ = part
            literal = lead if len(m.runs[k]) == 1 else m.both([lead, x])
            if group.solid:
                m.load(pool, quantity, m.start[o], m.end[o], literal, group.offset or SOME)
            else:
                _broken(m, clock, part, (m.start[o], m.end[o]), literal, (pool, quantity))
    elif phase == LOAD and rules.mode_load[k] >= shop.duration[k]:
        _run_need(m, o, k, pool, quantity, RUN)
    elif phase == LOAD and rules.mode_load[k] > 0:
        parts = progress(m, o, k, int(rules.mode_load[k]), shapes=True)
        for part in parts:
            x, group, _ = part
            literal = lead if len(parts) == 1 else m.both([lead, x])
            if group.solid and group.offset is not None:
                m.load(pool, quantity, m.start[o], m.start[o] + group.offset, literal, group.offset)
                continue
            until = m.integer(0, m.horizon)
            m.relate(group, m.start[o], until, x)
            if group.solid:
                m.load(pool, quantity, m.start[o], until, literal, SOME)
            else:
                _broken(m, clock, part, (m.start[o], until), literal, (pool, quantity))
    elif phase not in {LOAD, RUN} and rules.mode_unload[k] > 0:
        _unload(m, o, k, pool, quantity)


def _unload(m: Draft, o: int, k: int, pool: int, quantity: int) -> None:
    """The last part of a run: in one piece where nothing can be closed within it."""
    shop, rules = m.shop, m.shop.rules
    lead = m.lead.get(k, m.mode[k])
    clock = shop.clocks[shop.calendar_of[k]]
    since = done(m, o, {x: max(0, shop.duration[x] - int(rules.mode_unload[x])) for x in m.live[o]})
    if all(g.solid for _, g, _ in m.runs[k]):
        m.load(pool, quantity, since, m.end[o], lead)
    else:
        span = ((f"unload {k}", o), since), (("end", o), m.end[o])
        _opened(m, clock, span, (m.spans.low[o], m.spans.latest[o]), lead, pool, quantity)


def _broken(m: Draft, clock: Clock, part: Part, span: tuple[Expr, Expr], literal: Expr, need: tuple[int, int]) -> None:
    """Loads a pool in the open ticks of a span whose gaps are known: before the first, between them, after the last.

    The first closed tick after the start is the only one of its kind for which the last part is not empty.
    """
    x, group, ranges = part
    (since, until), (pool, quantity) = span, need
    closing = m.within([(t, t) for t in clock.closings(group, ranges)])
    rest = group.gaps[-1][1]
    m.only_if(m.cp.add(since + 1 <= closing), x)
    m.only_if(m.cp.add(closing + rest + 1 <= until), x)
    m.load(pool, quantity, since, closing, literal, SOME)
    for (_, a), (b, _) in pairwise(group.gaps):
        m.load(pool, quantity, closing + a, closing + b, literal, b - a)
    m.load(pool, quantity, closing + rest, until, literal, SOME)


def _opened(m: Draft, clock: Clock, span: tuple[Named, Named], bounds: tuple[int, int], literal: Expr, pool: int,
            quantity: int) -> None:
    """Loads a pool in the open ticks of a span only: a part per window that the span touches."""
    (name, since), (other, until) = span
    low, high = bounds
    for w in clock.windows():
        a, b = max(w.start, low), min(w.end, high)
        if a >= b:
            continue
        touched = m.literal()
        before, entered = m.at_most(name, since, a), m.at_most(name, since, b - 1)
        over, missed = m.at_most(other, until, b - 1), m.at_most(other, until, a)
        needed = [literal, entered, ~missed, m.opened(w.ids)]
        m.cp.add_bool_or([touched, *(~x for x in needed if not m.is_always(x))])
        for x in needed:
            m.cp.add_implication(touched, x)
        first, last = m.integer(a, b - 1), m.integer(a + 1, b)
        m.only_if(m.cp.add(first == a), touched, before)
        m.only_if(m.cp.add(first == since), touched, ~before)
        m.only_if(m.cp.add(last == until), touched, over)
        m.only_if(m.cp.add(last == b), touched, ~over)
        m.load(pool, quantity, first, last, touched, SOME)


def _fact_need(m: Draft, o: int, k: int, pool: int, quantity: int, phase: int) -> None:
    """What a fact loaded: nobody asks whether that was allowed."""
    shop, rules = m.shop, m.shop.rules
    a, b = shop.fixed_start[o], shop.fixed_end[o]
    follows = any(x == k for x, _ in m.follow)
    if phase == KEEP:
        m.load_fact(pool, quantity, a, _for_ever(m))
    elif phase == HOLD or (phase == RUN and not follows):
        m.load_fact(pool, quantity, a, b)
    elif phase not in {PREPARE, RUN} and not follows:
        load = phase == LOAD
        work = int(rules.mode_load[k]) if load else shop.duration[k] - int(rules.mode_unload[k])
        clock = shop.clocks[shop.calendar_of[k]]
        groups = clock.after(work * int(rules.pace), a, a, anywhere=True) if work > 0 else {}
        m.restricted |= len(groups) > 1
        point = next((g.end(a) for g in groups), a if work <= 0 else b)
        if load:
            m.load_fact(pool, quantity, a, min(b, point))
        else:
            m.load_fact(pool, quantity, point, b)


def add_holds(m: Draft) -> None:
    """Fixtures held over several operations, from the preparation of the first to the end of the last."""
    shop, r = m.shop, m.shop.rules
    for pool, quantity, a, b in zip(r.hold_pool.tolist(), r.hold_quantity.tolist(), r.hold_from.tolist(),
                                    r.hold_to.tolist()):
        if not m.live[a] or not m.live[b]:
            continue
        if shop.fact[a] and shop.fact[b]:
            m.load_fact(pool, quantity, shop.fixed_start[a], shop.fixed_end[b])
        elif shop.fact[a]:
            m.load_fact(pool, quantity, shop.fixed_start[a], shop.fixed_end[a])
            m.load(pool, quantity, shop.fixed_end[a], m.end[b], m.both([m.there[a], m.there[b]]))
        else:
            m.load(pool, quantity, m.prepare[a], m.end[b], m.both([m.there[a], m.there[b]]))


def add_work_in_process(m: Draft) -> None:
    """Every order begun and not complete counts one."""
    shop, pool = m.shop, int(m.shop.rules.job_pool)
    if pool < 0:
        return
    for own in shop.own:
        live = [o for o in own if m.live[o]]
        if not live:
            continue
        if all(shop.fact[o] for o in live) and len(live) == len(own):
            m.load_fact(pool, 1, min(shop.fixed_start[o] for o in live), max(shop.fixed_end[o] for o in live))
            continue
        first = m.integer(0 if any(shop.fact[o] for o in live) else int(shop.rules.now), m.horizon)
        last = m.integer(0, max([m.horizon, *(shop.fixed_end[o] for o in live if shop.fact[o])]))
        for o in live:
            m.only_if(m.cp.add(first <= m.start[o]), m.there[o])
            m.only_if(m.cp.add(last >= m.end[o]), m.there[o])
        # an order that is not made has no operation, so nothing holds these two apart
        m.load(pool, 1, first, last, m.always())


def add_modules(m: Draft) -> None:
    """Modules stay mounted while the operations that follow one another on a resource have them."""
    shop = m.shop
    for r, turn in m.turn.items():
        if not any(shop.modules(r, s) for s in range(int(shop.problem.states[r]))):
            continue
        before: dict[int, list[int]] = {}
        for a, b in turn:
            before.setdefault(b, []).append(a)
        for k in sorted(x for x in before if x >= 0):
            for pool in sorted(shop.modules(r, shop.state[k])):
                _mounted(m, r, k, pool, before[k])


def _mounted(m: Draft, r: int, k: int, pool: int, before: list[int]) -> None:
    shop, o = m.shop, m.shop.owner[k]
    has = [a for a in before if pool in shop.modules(
        r, shop.state[a] if a >= 0 else int(shop.problem.initial_state[r]))]
    if shop.fact[o]:
        since = shop.fixed_start[o]
        for a in has:
            since = min(since, shop.fixed_end[shop.owner[a]] if a >= 0 else 0)
        m.load_fact(pool, 1, since, shop.fixed_end[o])
        return
    since = m.prepare[o]
    if has:
        since = m.integer(0, m.horizon)
        m.cp.add(since <= m.prepare[o])
        for a in has:
            edge = m.end[shop.owner[a]] if a >= 0 else 0
            m.cp.add(since <= edge).only_enforce_if(m.turn[r][a, k])
    m.load(pool, 1, since, m.end[o], m.lead[k])


def add_pools(m: Draft) -> None:
    """The load of every pool is within its capacity from now on, facts counted but not bound."""
    rules = m.shop.rules
    for pool, loads in sorted(m.loads.items()):
        first, last = int(rules.pool_first[pool]), int(rules.pool_first[pool + 1])
        times, capacity = rules.pool_time[first:last].tolist(), rules.pool_capacity[first:last].tolist()
        steps = _left(m, times, capacity, m.fixed.get(pool, []))
        most = max(c for _, _, c in steps)
        most, steps = _from_now_on(m, loads, most, steps)
        if sum(x.quantity for x in loads) <= min(c for _, _, c in steps):
            continue
        intervals, demands = [], []
        for x in loads:
            intervals.append(_interval(m, x.start, x.end, x.literal, x.size))
            demands.append(x.quantity)
        for a, b, c in steps:
            if c < most:
                intervals.append(m.cp.new_fixed_size_interval_var(a, b - a, ""))
                demands.append(most - c)
        m.cp.add_cumulative(intervals, demands, most)


def _from_now_on(m: Draft, loads: list[Load], most: int, steps: list[tuple[int, int, int]]) -> tuple[
        int, list[tuple[int, int, int]]]:
    """Capacity that no load exceeds before now: what began in the past may have begun with too many."""
    now = int(m.shop.rules.now)
    if not now:
        return most, steps
    past = sum(x.quantity for x in loads if _least(x.start, now) < now)
    most = max(most, past)
    return most, [(0, now, most), *((max(a, now), b, c) for a, b, c in steps if b > now)]


def _least(start: Expr, otherwise: int) -> int:
    """The first tick that a start may take; `otherwise` where it is computed, as only what is to come is."""
    if isinstance(start, cp_model.IntVar):
        return int(start.proto.domain[0])
    return start if isinstance(start, int) else otherwise


def _interval(m: Draft, start: Expr, end: Expr, literal: Expr, size: int | None) -> Expr:
    """An interval of constant size (> 0), of some size (-1), or of one that may be empty (None)."""
    if size is not None and size > 0:
        return m.cp.new_optional_fixed_size_interval_var(start, size, literal, "")
    some = literal
    if size is None:
        # never empty: with lengths of zero CP-SAT 9.15 claimed false optima
        some = m.literal()
        m.cp.add_implication(some, literal)
        m.only_if(m.cp.add(end <= start), literal, ~some)
    length = m.integer(1, _for_ever(m))
    return m.cp.new_optional_interval_var(start, length, end, some, "")


def _left(m: Draft, times: list[int], capacity: list[int], facts: list[tuple[int, int, int]]) -> list[
        tuple[int, int, int]]:
    """(from, to, capacity left by facts) over the horizon; its last tick stands for all that comes after."""
    last = _for_ever(m) - 1
    inner = {t for t in times if t < last} | {t for _, a, b in facts for t in (a, b) if 0 < t < last}
    found: list[tuple[int, int, int]] = []
    for a, b in pairwise(sorted({0, last, last + 1} | inner)):
        used = sum(q for q, s, e in facts if s <= a < e)
        i = bisect_right(times, a) - 1
        left = max(0, (min(capacity[i:]) if a == last else capacity[i]) - used)
        if found and found[-1][2] == left:
            found[-1] = (found[-1][0], b, left)
        else:
            found.append((a, b, left))
    return found
