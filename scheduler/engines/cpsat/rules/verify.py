"""A second look at every schedule of a problem with rules, against the rules themselves (solvers have faults too)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.engines.cpsat.rules.looking import Look
from scheduler.engines.cpsat.rules.shop import NEVER, Arc, Shop
from scheduler.engines.cpsat.rules.verify_pools import overloaded
from scheduler.problem.evaluate import evaluate, missed_deadlines, over_budget
from scheduler.problem.problem import Solution
from scheduler.problem.rules import DIFFERENT, SAME, TOGETHER


def fault(shop: Shop, s: Solution) -> str:
    """The first broken rule of a schedule in a few words, '' where all hold."""
    n, x = shop.n, s.extra
    if x is None:
        return "no extra"
    if any(len(a) != n for a in (s.mode, s.start, s.end, s.rank, x.prepare_start, x.prepare_end, x.leave, x.batch)):
        return "columns of the wrong length"
    wrong = _presence(shop, s)
    if wrong:
        return wrong
    look = Look(shop, s)
    for rule in (_runs, _sequences, _batches, _arcs, _links, overloaded, _campaigns):
        for wrong in rule(look):
            return wrong
    if missed_deadlines(shop.problem, s):
        return "a missed deadline"
    return "a budget exceeded" if over_budget(shop.problem, evaluate(shop.problem, s)) else ""


def _presence(shop: Shop, s: Solution) -> str:
    p, rules, x = shop.problem, shop.rules, s.extra
    assert x is not None
    choices = rules.branch_choice
    if (len(x.overtime), len(x.refused), len(x.carry)) != (len(rules.overtime_cost), p.jobs, len(p.pred)):
        return "columns of the wrong length"
    if (x.refused & (rules.refuse_cost >= NEVER)).any():
        return "an order refused that must be made"
    if len(choices) and (choices[x.chosen] != np.arange(len(x.chosen))).any():
        return "a branch of another choice"
    there = np.ones(shop.n, dtype=bool)
    own = p.account < p.jobs
    there[own] = ~x.refused[p.account[own]]
    some = rules.branch >= 0
    if some.any():
        there[some] &= x.chosen[choices[rules.branch[some]]] == rules.branch[some]
    if ((s.mode >= 0) != there).any():
        return "an operation there that should not be, or the other way round"
    if (rules.fact & ~there).any():
        return "a fact left out"
    k = s.mode[there]
    if (k < p.mode_first[:-1][there]).any() or (k >= p.mode_first[1:][there]).any():
        return "a mode of another operation"
    for given, taken, what in ((p.fixed_mode, s.mode, "mode"), (p.fixed_start, s.start, "start")):
        if len(given) == shop.n and ((given >= 0) & (given != taken) & there).any():
            return f"a fixed {what} moved"
    return ""


def _runs(v: Look) -> Iterator[str]:
    shop = v.shop
    for o in v.here:
        if shop.fact[o]:
            if v.end[o] != shop.fixed_end[o]:
                yield f"fact {o} ended elsewhere"
            continue
        if v.start[o] < shop.release[o] or v.end[o] > shop.rules.latest_end[o]:
            yield f"operation {o} outside its dates"
        if v.run(o) != v.end[o]:
            yield f"operation {o} does not fit its calendar"


def _sequences(v: Look) -> Iterator[str]:
    shop = v.shop
    for r, row in v.rows.items():
        ranks = [v.rank[o] for o in v.here if v.resource(o) == r]
        if len(set(ranks)) < len(ranks):
            yield f"a rank twice on resource {r}"
        state, before = int(shop.problem.initial_state[r]), -1
        for o in row:
            free = v.leave[before] if before >= 0 else 0
            time = shop.setup(r, state, v.state(o))[0]
            a, b = v.prepare_start[o], v.prepare_end[o]
            if shop.fact[o]:
                if before >= 0 and (not shop.fact[before] or v.start[before] > v.start[o]):
                    yield f"fact {o} out of order"
                if (a, b) != (v.start[o], v.start[o]):
                    yield f"fact {o} with a preparation"
            elif not time:
                if (a, b) != (v.start[o], v.start[o]) or v.start[o] < free:
                    yield f"operations {before} and {o} too close"
            elif a < max(free, int(shop.rules.now)) or b > v.start[o] or not v.prepared(o, a, b, time):
                yield f"the preparation of {o} out of place"
            state, before = v.state(o), o


def _batches(v: Look) -> Iterator[str]:
    rules = v.shop.rules
    members: dict[int, list[int]] = {}
    for o in v.here:
        if v.batch[o] >= 0:
            members.setdefault(v.batch[o], []).append(o)
    for b, group in members.items():
        if b not in group:
            yield f"batch {b} without its leader"
            return
        for o in group:
            same = (v.resource(o), v.state(o), int(rules.batch_class[v.mode[o]])) == (
                v.resource(b), v.state(b), int(rules.batch_class[v.mode[b]]))
            if not same or rules.batch_class[v.mode[b]] < 0:
                yield f"{o} does not fit batch {b}"
            if (v.start[o], v.end[o], v.leave[o]) != (v.start[b], v.end[b], v.leave[b]):
                yield f"{o} has other times than batch {b}"
            if o != b and (v.prepare_start[o], v.prepare_end[o]) != (v.start[o], v.start[o]):
                yield f"{o} shows a preparation inside a batch"
        if sum(int(rules.batch_places[o]) for o in group) > rules.batch_capacity[v.resource(b)]:
            yield f"batch {b} too full"
        ranks = sorted(v.rank[o] for o in group)
        if ranks != list(range(v.rank[b], v.rank[b] + len(group))):
            yield f"batch {b} not in one place"


def _arcs(v: Look) -> Iterator[str]:
    shop = v.shop
    waits: dict[int, int] = {}
    for arc in shop.arcs:
        a, b = arc.before, arc.after
        if v.mode[a] < 0 or v.mode[b] < 0:
            continue
        if shop.buffer(v.mode[a], v.mode[b]) >= 0:
            waits[a] = min(waits.get(a, NEVER), v.start[b])
        if not shop.fact[b]:
            yield from _transfer(v, arc) if arc.head is not None else _plain(v, arc)
    for a in v.here:
        if not shop.fact[a] and not v.end[a] <= v.leave[a] <= waits.get(a, v.end[a]):
            yield f"{a} leaves at the wrong time"


def _plain(v: Look, arc: Arc) -> Iterator[str]:
    a, b = arc.before, arc.after
    lag = v.shop.lag(v.mode[a], v.mode[b])
    if not v.end[a] + arc.least + lag <= v.start[b] <= v.end[a] + arc.most + lag:
        yield f"{b} too soon or too late after {a}"
    if v.shop.rules.vehicle_pool >= 0 and lag and not v.end[a] <= v.carry[arc.index] <= v.start[b] - lag:
        yield f"no vehicle from {a} to {b}"


def _transfer(v: Look, arc: Arc) -> Iterator[str]:
    a, b = arc.before, arc.after
    assert arc.head is not None
    assert arc.tail is not None
    lag = v.shop.lag(v.mode[a], v.mode[b])
    ready = v.done(a, arc.head[v.mode[a]])
    arrives = v.end[a] + arc.least + lag
    if ready is None and v.shop.fact[a]:
        ready = v.end[a]
    if ready is None or v.start[b] < ready + arc.least + lag:
        yield f"{b} before the first transfer lot of {a}"
    work = v.work(b, arrives, v.end[b])
    if v.end[b] < arrives or work < arc.tail[v.mode[b]] * int(v.shop.rules.pace):
        yield f"{b} done before the last transfer lot of {a}"


def _links(v: Look) -> Iterator[str]:
    rules = v.shop.rules
    for kind, a, b in zip(rules.link_kind.tolist(), rules.link_a.tolist(), rules.link_b.tolist()):
        if v.mode[a] < 0 or v.mode[b] < 0 or (v.shop.fact[a] and v.shop.fact[b]):
            continue
        same = v.resource(a) == v.resource(b)
        if (kind == SAME and not same) or (kind == DIFFERENT and same) or (
                kind == TOGETHER and v.start[a] != v.start[b]):
            yield f"the link between {a} and {b} broken"


def _campaigns(v: Look) -> Iterator[str]:
    shop = v.shop
    for r, row in v.rows.items():
        since, before = 0, -1
        for o in row:
            if before < 0 or v.state(before) != v.state(o):
                if before >= 0 and not shop.fact[o]:
                    need = shop.campaign(v.mode[before])
                    if v.opened(int(shop.problem.calendar[r]), since, v.prepare_start[o]) < need:
                        yield f"{o} breaks the campaign before it"
                since = v.start[o]
            before = o
