"""Loads of pools in a schedule, and where they are too much."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.engines.cpsat.rules.looking import Look
from scheduler.engines.cpsat.rules.shop import NEVER
from scheduler.problem.rules import HOLD, KEEP, LOAD, PREPARE, RUN

Load = tuple[int, int, int, int, bool]
"""(pool, quantity, start, end, whether it is a fact)."""


def overloaded(v: Look) -> Iterator[str]:
    """Pools whose capacity is exceeded, from now on, where something that is no fact takes part."""
    rules = v.shop.rules
    found: dict[int, list[Load]] = {}
    for load in (*_needs(v), *_held(v), *_modules(v), *_moved(v)):
        if load[0] >= 0 and load[1] and load[2] < load[3]:
            found.setdefault(load[0], []).append(load)
    for pool, loads in found.items():
        first, last = int(rules.pool_first[pool]), int(rules.pool_first[pool + 1])
        times, capacity = rules.pool_time[first:last], rules.pool_capacity[first:last]
        cuts = np.array(sorted({t for _, _, a, b, _ in loads for t in (a, b)} | set(times.tolist()) | {int(rules.now)}))
        total, free = np.zeros(len(cuts), np.int64), np.zeros(len(cuts), np.int64)
        for _, quantity, a, b, fact in loads:
            i, j = np.searchsorted(cuts, [a, b])
            total[i:j] += quantity
            free[i:j] += not fact
        limit = capacity[np.maximum(np.searchsorted(times, cuts, side="right") - 1, 0)]
        if ((total > limit) & (free > 0) & (cuts >= rules.now)).any():
            yield f"pool {pool} overloaded"


def _needs(v: Look) -> Iterator[Load]:
    shop, rules = v.shop, v.shop.rules
    for o in v.here:
        k, fact = v.mode[o], shop.fact[o]
        leads = v.batch[o] in {-1, o}
        for pool, quantity, phase in shop.needs[k]:
            a, b, calendar = v.start[o], v.end[o], shop.calendar_of[k]
            if phase == KEEP:
                yield pool, quantity, a, NEVER, fact
                continue
            if phase == HOLD:
                yield pool, quantity, v.prepare_start[o], b, fact
                continue
            if not leads:
                continue
            if phase == PREPARE:
                a, b, calendar = v.prepare_start[o], v.prepare_end[o], shop.setup_calendar_of[k]
            elif phase == LOAD:
                until = v.done(o, int(rules.mode_load[k]))
                b = b if until is None else min(b, until)
            elif phase != RUN:
                since = v.done(o, shop.duration[k] - int(rules.mode_unload[k]))
                a = b if since is None else since
            parts = [(a, b, 1)] if fact else v.open_parts(calendar, a, b)
            for s, e, _ in parts:
                yield pool, quantity, s, e, fact


def _held(v: Look) -> Iterator[Load]:
    shop, r = v.shop, v.shop.rules
    for pool, quantity, a, b in zip(r.hold_pool.tolist(), r.hold_quantity.tolist(), r.hold_from.tolist(),
                                    r.hold_to.tolist()):
        if v.mode[a] >= 0 and v.mode[b] >= 0:
            since = v.prepare_start[a]
            if shop.fact[a] and not shop.fact[b]:
                yield pool, quantity, since, v.end[a], True
                since = v.end[a]
            yield pool, quantity, since, v.end[b], shop.fact[b]
    for own in shop.own:
        there = [o for o in own if v.mode[o] >= 0]
        if there:
            yield (r.job_pool, 1, min(v.start[o] for o in there), max(v.end[o] for o in there),
                   all(shop.fact[o] for o in there))


def _modules(v: Look) -> Iterator[Load]:
    shop = v.shop
    for r, row in v.rows.items():
        mounted, since, known = shop.modules(r, int(shop.problem.initial_state[r])), 0, True
        for o in row:
            wanted = shop.modules(r, v.state(o))
            for pool in wanted:
                yield pool, 1, v.prepare_start[o], v.end[o], shop.fact[o]
                if pool in mounted:
                    yield pool, 1, since, v.prepare_start[o], known and shop.fact[o]
            mounted, since, known = wanted, v.end[o], shop.fact[o]


def _moved(v: Look) -> Iterator[Load]:
    shop = v.shop
    for arc in shop.arcs:
        a, b = arc.before, arc.after
        if v.mode[a] < 0 or v.mode[b] < 0:
            continue
        pool = shop.buffer(v.mode[a], v.mode[b])
        if pool >= 0:
            yield pool, 1, v.leave[a], v.start[b], shop.fact[a] and shop.fact[b]
        carry = v.carry[arc.index]
        if shop.rules.vehicle_pool >= 0 and carry >= 0 and arc.head is None:
            yield shop.rules.vehicle_pool, 1, carry, carry + shop.lag(v.mode[a], v.mode[b]), shop.fact[b]
