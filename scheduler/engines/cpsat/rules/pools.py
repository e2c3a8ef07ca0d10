"""Pools: what loads them, and that no load exceeds the capacity wherever something that may still move takes part."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from scheduler.engines.cpsat.rules.clocks import Clock
from scheduler.engines.cpsat.rules.draft import Draft, Expr
from scheduler.engines.cpsat.rules.runs import done
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
    for literal, time, group in m.preparing.get(k, []):
        if group.solid:
            m.load(pool, quantity, m.prepare[o], m.prepare[o] + time, literal, time)
            continue
        until = m.integer(0, m.spans.latest[o])
        m.relate(group, m.prepare[o], until, literal)
        span = (("prepare", o), m.prepare[o]), (("prepared", literal.index), until)
        _opened(m, clock, span, (int(m.shop.rules.now), m.spans.latest[o]), literal, pool, quantity)


def _run_need(m: Draft, o: int, k: int, pool: int, quantity: int, phase: int) -> None:
    """LOAD, RUN or UNLOAD of a mode of some duration."""
    shop, rules, work = m.shop, m.shop.rules, m.shop.duration[k]
    since, until = m.start[o], m.end[o]
    if phase == LOAD:
        work = int(rules.mode_load[k])
        until = done(m, o, {x: min(int(rules.mode_load[x]), shop.duration[x]) for x in m.live[o]})
    elif phase != RUN:
        work = int(rules.mode_unload[k])
        since = done(m, o, {x: max(0, shop.duration[x] - int(rules.mode_unload[x])) for x in m.live[o]})
    if not work:
        return
    lead = m.lead.get(k, m.mode[k])
    solid = [(x, g) for x, g in m.runs[k] if g.solid]
    offsets = {g.offset for _, g in solid}
    literal = m.both([lead, m.any_of([x for x, _ in solid])]) if len(solid) < len(m.runs[k]) else lead
    if solid:
        size = next(iter(offsets)) if phase == RUN and len(offsets) == 1 else None
        if size is None and phase in {RUN, LOAD}:
            size = SOME
        m.load(pool, quantity, since, until, literal, size)
    broken = [x for x, g in m.runs[k] if not g.solid]
    if broken:
        clock = shop.clocks[shop.calendar_of[k]]
        span = ((f"since {phase} {k}", o), since), ((f"until {phase} {k}", o), until)
        bounds = m.spans.low[o], m.spans.latest[o]
        _opened(m, clock, span, bounds, m.both([lead, m.any_of(broken)]), pool, quantity)


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
        first = m.integer(0, m.horizon)
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
    """The load of every pool is within its capacity, facts counted but not bound."""
    rules = m.shop.rules
    for pool, loads in sorted(m.loads.items()):
        first, last = int(rules.pool_first[pool]), int(rules.pool_first[pool + 1])
        times, capacity = rules.pool_time[first:last].tolist(), rules.pool_capacity[first:last].tolist()
        steps = _left(m, times, capacity, m.fixed.get(pool, []))
        most = max(c for _, _, c in steps)
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
