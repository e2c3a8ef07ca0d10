"""Runs: when operations start and end on their calendars, and the ticks at which parts of their work are done."""

from __future__ import annotations

from scheduler.engines.cpsat.rules.clocks import Group
from scheduler.engines.cpsat.rules.draft import Draft, Expr, Part
from scheduler.engines.cpsat.rules.shop import NEVER


def add_runs(m: Draft) -> None:
    """Start in the ranges of the chosen mode, end where its work is done, open what has to be bought."""
    shop = m.shop
    for o in range(shop.n):
        if shop.fact[o]:
            _add_fact(m, o)
            continue
        groups = [g for k in m.live[o] for g in m.groups[k]]
        ranges = [r for k in m.live[o] for rs in m.groups[k].values() for r in rs]
        if not ranges:
            m.start.append(m.cp.new_constant(0))
            m.end.append(0)
            continue
        start = m.within(ranges)
        offsets = {g.offset for g in groups}
        end: Expr
        if len(offsets) == 1 and None not in offsets:
            end = start + next(iter(offsets))
        else:
            least = min(g.end(lo) for k in m.live[o] for g, rs in m.groups[k].items() for lo, _ in rs)
            end = m.integer(least, m.spans.latest[o])
        m.start.append(start)
        m.end.append(end)
        for k in m.live[o]:
            m.runs[k] = m.select(m.groups[k], start, m.mode[k])
            if len(offsets) > 1 or None in offsets:
                for literal, group, _ in m.runs[k]:
                    m.relate(group, start, end, literal)
        if not m.is_always(m.there[o]):
            m.cp.add(start == min(lo for lo, _ in ranges)).only_enforce_if(~m.there[o])
        _hint(m, o)


def _add_fact(m: Draft, o: int) -> None:
    shop = m.shop
    m.start.append(m.cp.new_constant(shop.fixed_start[o]))
    m.end.append(shop.fixed_end[o])
    for k in m.live[o]:
        m.runs[k] = [(m.mode[k], Group(1, 1, shop.fixed_end[o] - shop.fixed_start[o]), [])]


def _hint(m: Draft, o: int) -> None:
    given = m.start_from
    if given is not None and given.mode[o] >= 0:
        m.hint(m.start[o], int(given.start[o]))


def done(m: Draft, o: int, work: dict[int, int]) -> Expr:
    """The tick at which `work` ticks (per mode) of normal work of an operation are done, counted from its start."""
    shop = m.shop
    if all(work[k] == shop.duration[k] for k in m.live[o]) and not shop.fact[o]:
        return m.end[o]
    parts: list[Part] = []
    simple: set[int | None] = set()
    for k in m.live[o]:
        if not work[k]:
            made: list[Part] = [(m.mode[k], Group(1, 1, 0), [])]
        else:
            made = progress(m, o, k, work[k])
        parts += made
        simple |= {g.offset for _, g, _ in made}
    if not parts:
        return m.end[o]
    if len(simple) == 1 and None not in simple:
        return m.start[o] + next(iter(simple))
    tick = m.integer(0, max(m.horizon, shop.fixed_end[o]))
    for literal, group, _ in parts:
        m.relate(group, m.start[o], tick, literal)
    return tick


def progress(m: Draft, o: int, k: int, work: int, shapes: bool = False) -> list[Part]:
    """The relations between the start of a mode and the tick at which so much of its work is done."""
    shop = m.shop
    clock = shop.clocks[shop.calendar_of[k]]
    low, high = m.spans.low[o], shop.fixed_start[o] if shop.fact[o] else m.spans.latest[o]
    groups = clock.after(work * int(shop.rules.pace), low, high, pausing=shop.fact[o] or shop.pausing[k],
                         anywhere=shop.fact[o], latest=NEVER if shop.fact[o] else m.horizon,
                         never=shop.fixed_end[o] if shop.fact[o] else None, shapes=shapes)
    m.restricted |= clock.cut
    if shop.fact[o] and not groups:
        return [(m.mode[k], Group(0, 1, shop.fixed_end[o]), [])]
    offsets = {g.offset for g in groups}
    if not shop.fact[o] and not shop.pausing[k] and len(offsets) == 1 and None not in offsets:
        return [(m.mode[k], Group(1, 1, next(iter(offsets)) or 0), [])]
    return m.select(groups, m.start[o], m.mode[k])
