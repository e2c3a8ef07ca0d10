"""Sequences on limited resources: one at a time, or a circuit of immediate successors with its preparations."""

from __future__ import annotations

from itertools import pairwise

from scheduler.engines.cpsat.rules.draft import Draft, Expr
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.problem.rules import PREPARE


def add_leaving(m: Draft) -> None:
    """When the lot leaves the resource: at the end of its run, later only where there is a buffer behind it."""
    shop = m.shop
    for o in range(shop.n):
        waits = any(shop.buffer(a, b) >= 0 for arc in shop.arcs_from[o]
                    for a in m.live[o] for b in m.live[arc.after])
        if not waits:
            m.leave.append(m.end[o])
            continue
        low = shop.fixed_end[o] if shop.fact[o] else m.spans.low[o]
        leave = m.integer(low, max(low, m.horizon))
        m.cp.add(leave >= m.end[o])
        m.leave.append(leave)
        if m.start_from is not None and m.start_from.extra is not None and m.start_from.mode[o] >= 0:
            m.hint(leave, int(m.start_from.extra.leave[o]))
    for (a, b), literal in m.follow.items():
        x, y = shop.owner[a], shop.owner[b]
        if m.leave[x] is not m.end[x] or m.leave[y] is not m.end[y]:
            m.only_if(m.cp.add(m.leave[x] == m.leave[y]), literal)


def needs_circuit(shop: Shop, r: int, live: list[int]) -> bool:
    """Whether the order of operations on a resource matters beyond one at a time."""
    p, rules = shop.problem, shop.rules
    a, b = int(p.setup_first[r]), int(p.setup_first[r]) + int(p.states[r]) ** 2
    states = {shop.state[k] for k in live}
    if p.setup_time[a:b].any():
        return True
    if shop.money_counts and int(p.weights[2]) > 0 and p.setup_cost[a:b].any():
        return True
    if any(shop.modules(r, s) for s in states) or (len(states) > 1 and any(shop.campaign(k) for k in live)):
        return True
    return (bool((rules.buffer >= 0).any()) or shop.loose_facts(r)) and any(not shop.duration[k] for k in live)


def add_sequences(m: Draft) -> None:
    """One place after the other on every limited resource; preparations where the order matters."""
    shop = m.shop
    m.entering = [[] for _ in range(shop.n)]
    m.prepare = list(m.start)
    rows: list[list[int]] = [[] for _ in range(shop.problem.resources)]
    for ks in m.live:
        for k in ks:
            rows[shop.resource[k]].append(k)
    waits: dict[int, list[tuple[Expr, int]]] = {}
    for r, live in enumerate(rows):
        if shop.unlimited[r] or m.stopped():
            continue
        if needs_circuit(shop, r, live):
            waits |= _add_turns(m, r, live)
        _add_no_overlap(m, r, [k for k in live if not shop.fact[shop.owner[k]]])
    _add_preparations(m, waits)
    for r in m.turn:
        _add_order(m, r)


def _add_no_overlap(m: Draft, r: int, live: list[int]) -> None:
    """One at a time among what may still move, and all of it after the last fact."""
    shop, row = m.shop, []
    facts = shop.fixed_batches(r)
    for k in live:
        o = shop.owner[k]
        lead = m.lead[k]
        if m.leave[o] is m.end[o] or r in m.turn:
            offsets = {g.offset for _, g, _ in m.runs[k]}
            size = next(iter(offsets)) if len(offsets) == 1 else None
            end = m.end[o]
        else:
            size, end = None, m.leave[o]
        if size is None:
            # never empty: with lengths of zero CP-SAT 9.15 claimed false optima
            size = m.integer(1, m.horizon)
            row.append(m.cp.new_optional_interval_var(m.start[o], size, end, lead, ""))
        else:
            row.append(m.cp.new_optional_fixed_size_interval_var(m.start[o], size, lead, ""))
        if facts:
            m.only_if(m.cp.add(m.start[o] >= m.leave[facts[-1][0]]), lead)
    if len(row) > 1:
        m.cp.add_no_overlap(row)


def _add_turns(m: Draft, r: int, live: list[int]) -> dict[int, list[tuple[Expr, int]]]:
    """A circuit through the places and a dummy node: who comes right after whom, facts first in their order.

    Returns per mode (literal, ticks of preparation that come with it).
    """
    shop = m.shop
    facts = [shop.modes[group[0]][0] for group in shop.fixed_batches(r)]
    free = [k for k in live if not shop.fact[shop.owner[k]]]
    node = {k: i + 1 for i, k in enumerate([*facts, *free])}
    turn = m.turn[r] = {}
    follows = _hinted_turns(m, r)
    last = facts[-1] if facts else -1
    pairs = list(zip([-1, *facts], facts))
    pairs += [(a, b) for a in [last, *free] for b in [*free, -1] if a != b and not _excluded(m, a, b)]
    rows: list[tuple[int, int, Expr]] = []
    for a, b in pairs:
        turn[a, b] = m.literal()
        if follows is not None:
            m.hint(turn[a, b], (a, b) in follows)
        rows.append((node.get(a, 0), node.get(b, 0), turn[a, b]))
    rows += [(node[k], node[k], ~m.lead[k]) for k in free if not m.is_always(m.lead[k])]
    if not facts:
        unused = m.literal()
        rows.append((0, 0, unused))
        for k in free:
            # operations of zero duration could otherwise form a circuit that leaves the dummy out
            m.cp.add_implication(unused, ~m.lead[k])
    if rows:
        m.cp.add_circuit(rows)
    waits: dict[int, list[tuple[Expr, int]]] = {}
    for (a, b), literal in turn.items():
        if b < 0:
            continue
        state = shop.state[a] if a >= 0 else int(shop.problem.initial_state[r])
        time, cost = shop.setup(r, state, shop.state[b])
        o = shop.owner[b]
        if cost:
            m.entering[o].append((cost, literal))
        if time and not shop.fact[o]:
            waits.setdefault(b, []).append((literal, time))
    return waits


def _excluded(m: Draft, a: int, b: int) -> bool:
    """Whether precedence or spans rule out that mode b comes right after mode a on their resource."""
    shop = m.shop
    if a < 0 or b < 0:
        return False
    x, y = shop.owner[a], shop.owner[b]
    if x == y or m.spans.low[x] + shop.least_ticks(a, shop.duration[a]) > m.spans.latest[y]:
        return True
    reverse = any(arc.after == x and arc.head is None and not shop.fact[x] for arc in shop.arcs_from[y])
    return reverse and bool(shop.duration[a] or shop.duration[b])


def _hinted_turns(m: Draft, r: int) -> set[tuple[int, int]] | None:
    given = m.start_from
    if given is None or given.extra is None:
        return None
    row = [o for o in range(m.shop.n) if given.mode[o] >= 0 and m.shop.resource[int(given.mode[o])] == r
           and int(given.extra.batch[o]) in {-1, o}]
    row.sort(key=lambda o: int(given.rank[o]))
    modes = [-1, *(int(given.mode[o]) for o in row), -1]
    return set(pairwise(modes))


def _add_preparations(m: Draft, waits: dict[int, list[tuple[Expr, int]]]) -> None:
    """[ps, pe) in open ticks of the setup calendar where time is needed, else ps = start."""
    shop = m.shop
    for o in sorted({shop.owner[k] for k in waits}):
        begin = m.integer(min(m.spans.low[o], int(shop.rules.now)), m.spans.latest[o])
        m.prepare[o] = begin
        given = m.start_from
        if given is not None and given.extra is not None and given.mode[o] >= 0:
            m.hint(begin, int(given.extra.prepare_start[o]))
        m.cp.add(begin <= m.start[o])
        busy = []
        for k in m.live[o]:
            for time in sorted({t for _, t in waits.get(k, [])}):
                literal = m.any_of([x for x, t in waits[k] if t == time])
                busy.append(literal)
                _prepare(m, o, k, time, literal)
        idle = m.literal()
        m.cp.add(sum(busy) + idle == 1)
        m.cp.add(begin == m.start[o]).only_enforce_if(idle)


def _prepare(m: Draft, o: int, k: int, time: int, literal: Expr) -> None:
    shop = m.shop
    clock = shop.open_ticks[shop.setup_calendar_of[k]]
    groups = clock.after(time, int(shop.rules.now), m.spans.latest[o], latest=m.spans.latest[o],
                         shapes=any(phase == PREPARE for _, _, phase in shop.needs[k]))
    m.restricted |= clock.cut
    for part in m.select(groups, m.prepare[o], literal):
        here, group, _ = part
        if group.scale_end == 1:
            least = group.scale_start * m.prepare[o] + group.shift
            m.only_if(m.cp.add(m.start[o] >= least), here)
        else:
            m.only_if(m.cp.add(group.scale_end * m.start[o] >= group.scale_start * m.prepare[o] + group.shift), here)
        m.preparing.setdefault(k, []).append((time, part))


def _add_order(m: Draft, r: int) -> None:
    """Who comes right after whom begins its preparation only after the other has left."""
    shop = m.shop
    for (a, b), literal in m.turn[r].items():
        if a < 0 or b < 0 or shop.fact[shop.owner[b]]:
            continue
        x, y = shop.owner[a], shop.owner[b]
        time, _ = shop.setup(r, shop.state[a], shop.state[b])
        m.cp.add(m.prepare[y] >= m.leave[x]).only_enforce_if(literal)
        if time:
            m.cp.add(m.start[y] >= m.leave[x] + time).only_enforce_if(literal)
