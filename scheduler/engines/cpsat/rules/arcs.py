"""Arcs between operations: lags, transfer lots, buffers with their leave times, vehicles; and links."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.engines.cpsat.rules.draft import Draft, Expr
from scheduler.engines.cpsat.rules.runs import done
from scheduler.engines.cpsat.rules.shop import NEVER, Arc
from scheduler.problem.rules import DIFFERENT, SAME


def somewhere(m: Draft, o: int, kind: Callable[[int], int]) -> dict[int, Expr]:
    """Literal per value of `kind` (of a resource) over the live modes: the operation is there, at such a resource."""
    found: dict[int, list[Expr]] = {}
    for k in m.live[o]:
        found.setdefault(kind(m.shop.resource[k]), []).append(m.mode[k])
    if len(found) == 1:
        return dict.fromkeys(found, m.there[o])
    return {value: m.any_of(literals) for value, literals in found.items()}


class Places:
    """Literals of locations, groups and resources of operations, made once."""

    def __init__(self, m: Draft) -> None:
        self.m = m
        self.known: dict[tuple[str, int], dict[int, Expr]] = {}

    def location(self, o: int) -> dict[int, Expr]:
        """Literal per location."""
        return self._of("location", o, lambda r: self.m.shop.location[r])

    def group(self, o: int) -> dict[int, Expr]:
        """Literal per group of resources."""
        return self._of("group", o, lambda r: int(self.m.shop.rules.group[r]))

    def resource(self, o: int) -> dict[int, Expr]:
        """Literal per resource."""
        return self._of("resource", o, lambda r: r)

    def _of(self, name: str, o: int, kind: Callable[[int], int]) -> dict[int, Expr]:
        if (name, o) not in self.known:
            self.known[name, o] = somewhere(self.m, o, kind)
        return self.known[name, o]


def add_arcs(m: Draft) -> None:
    """Every arc between two operations that are there; facts happened whatever led to them."""
    places = Places(m)
    for arc in m.shop.arcs:
        if m.shop.fact[arc.after] or not m.live[arc.before] or not m.live[arc.after]:
            continue
        ways: dict[int, list[Expr]] = {}
        for x, at in places.location(arc.before).items():
            for y, to in places.location(arc.after).items():
                ways.setdefault(m.shop.transport[x][y], []).append(m.both([at, to]))
        if arc.head is None:
            _add_plain(m, arc, ways)
        else:
            _add_transfer(m, arc, ways)


def _add_plain(m: Draft, arc: Arc, ways: dict[int, list[Expr]]) -> None:
    a, b = arc.before, arc.after
    both = m.both([m.there[a], m.there[b]])
    shortest = min(ways)
    m.only_if(m.cp.add(m.start[b] >= m.end[a] + arc.least + shortest), both)
    if arc.most < NEVER:
        m.only_if(m.cp.add(m.start[b] <= m.end[a] + arc.most + max(ways)), both)
    for lag, literals in ways.items():
        for literal in literals:
            if lag > shortest:
                m.only_if(m.cp.add(m.start[b] >= m.end[a] + arc.least + lag), literal)
            if arc.most < NEVER and lag < max(ways):
                m.only_if(m.cp.add(m.start[b] <= m.end[a] + arc.most + lag), literal)
    if m.shop.rules.vehicle_pool >= 0:
        _add_vehicle(m, arc, ways)


def _add_vehicle(m: Draft, arc: Arc, ways: dict[int, list[Expr]]) -> None:
    """A vehicle carries the lot at some time between the two."""
    moving = {lag: literals for lag, literals in ways.items() if lag > 0}
    if not moving:
        return
    a, b, pool = arc.before, arc.after, int(m.shop.rules.vehicle_pool)
    low = m.shop.fixed_end[a] if m.shop.fact[a] else m.spans.low[a]
    carry = m.integer(low, max(low, m.spans.latest[b]))
    given = m.start_from
    if given is not None and given.extra is not None and int(given.extra.carry[arc.index]) >= 0:
        m.hint(carry, int(given.extra.carry[arc.index]))
    for lag, literals in moving.items():
        for literal in literals:
            m.only_if(m.cp.add(carry >= m.end[a]), literal)
            m.only_if(m.cp.add(carry + lag <= m.start[b]), literal)
            m.load(pool, 1, carry, carry + lag, literal, lag)
    m.carry[arc.index] = (carry, m.any_of([x for literals in moving.values() for x in literals]))


def _add_transfer(m: Draft, arc: Arc, ways: dict[int, list[Expr]]) -> None:
    """Start after the first transfer lot has come, end after the last one is worked."""
    a, b = arc.before, arc.after
    assert arc.head is not None
    first = done(m, a, arc.head)
    last = _last_chance(m, arc)
    for lag, literals in ways.items():
        for literal in literals:
            m.only_if(m.cp.add(m.start[b] >= first + arc.least + lag), literal)
            m.only_if(m.cp.add(m.end[b] >= m.end[a] + arc.least + lag), literal)
            m.only_if(m.cp.add(last >= m.end[a] + arc.least + lag), literal)


def _last_chance(m: Draft, arc: Arc) -> Expr:
    """The latest tick from which there is work of `tail` ticks before the end of the target."""
    shop, b, tail = m.shop, arc.after, arc.tail or {}
    if not any(tail.values()):
        return m.end[b]
    chance = m.integer(0, m.horizon)
    for k in m.live[b]:
        if not tail.get(k):
            m.only_if(m.cp.add(chance <= m.end[b]), m.mode[k])
            continue
        clock = shop.clocks[shop.calendar_of[k]]
        groups = clock.after(tail[k] * int(shop.rules.pace), 0, m.spans.latest[b], latest=m.spans.latest[b])
        m.restricted |= clock.cut
        for literal, group, _ in m.select(groups, chance, m.mode[k]):
            m.only_if(m.cp.add(group.scale_end * m.end[b] >= group.scale_start * chance + group.shift), literal)
    return chance


def add_buffers(m: Draft) -> None:
    """A lot waits on its resource, or in the buffer from leaving to the start of what follows."""
    shop = m.shop
    places = Places(m)
    for o in range(shop.n):
        if m.leave[o] is m.end[o]:
            continue
        waiting: list[Expr] = []
        for arc in shop.arcs_from[o]:
            b = arc.after
            for x, at in places.group(o).items():
                for y, to in places.group(b).items():
                    pool = int(shop.rules.buffer[x, y])
                    if pool >= 0:
                        waiting.append(_add_buffer(m, o, b, pool, m.both([at, to])))
        idle = m.literal()
        m.cp.add_bool_or([idle, *waiting])
        m.cp.add(m.leave[o] <= m.end[o]).only_enforce_if(idle)
        for literal in waiting:
            m.cp.add_implication(literal, ~idle)


def _add_buffer(m: Draft, a: int, b: int, pool: int, literal: Expr) -> Expr:
    shop = m.shop
    if shop.fact[a] and shop.fact[b]:
        # what already happened left no later than it could
        m.load_fact(pool, 1, shop.fixed_end[a], shop.fixed_start[b])
        m.restricted |= not all(shop.fact[arc.after] for arc in shop.arcs_from[a])
        return m.never()
    m.only_if(m.cp.add(m.leave[a] <= m.start[b]), literal)
    m.load(pool, 1, m.leave[a], m.start[b], literal)
    return literal


def add_links(m: Draft) -> None:
    """Same resource, different resource, start together; facts are only bound to what may still move."""
    shop, rules = m.shop, m.shop.rules
    places = Places(m)
    for kind, a, b in zip(rules.link_kind.tolist(), rules.link_a.tolist(), rules.link_b.tolist()):
        if (shop.fact[a] and shop.fact[b]) or not m.live[a] or not m.live[b]:
            continue
        both = m.both([m.there[a], m.there[b]])
        if kind == SAME:
            here, there = places.resource(a), places.resource(b)
            for r, literal in here.items():
                if r in there:
                    m.cp.add_bool_or([~literal, ~both, there[r]])
                else:
                    m.cp.add_bool_or([~literal, ~both])
        elif kind == DIFFERENT:
            here, there = places.resource(a), places.resource(b)
            for r in sorted(here.keys() & there.keys()):
                m.cp.add_bool_or([~here[r], ~there[r]])
        else:
            m.only_if(m.cp.add(m.start[a] == m.start[b]), both)
