"""Campaigns: a resource keeps its state for so many open ticks before it may be reconfigured."""

from __future__ import annotations

from scheduler.engines.cpsat.rules.clocks import Groups
from scheduler.engines.cpsat.rules.draft import Draft, Expr


def add_campaigns(m: Draft) -> None:
    """Where the state changes, the preparation begins after the campaign of the state before is done."""
    shop = m.shop
    for r, turn in m.turn.items():
        modes = sorted({a for a, _ in turn if a >= 0})
        if not any(shop.campaign(k) for k in modes) or len({shop.state[k] for k in modes}) < 2:
            continue
        groups = {k: _campaign(m, r, k) for k in modes if shop.campaign(k)}
        top = max(g.end(b) for found in groups.values() for g, ranges in found.items() for _, b in ranges)
        over = {k: m.integer(0, top) for k in groups}
        for k, found in groups.items():
            begins = [x for (a, b), x in turn.items() if b == k and (a < 0 or shop.state[a] != shop.state[k])]
            _begin(m, k, found, m.any_of(begins), over[k])
        for (a, b), literal in turn.items():
            if a not in over or b < 0:
                continue
            if shop.state[a] == shop.state[b]:
                m.cp.add(over[b] >= over[a]).only_enforce_if(literal)
            elif not shop.fact[shop.owner[b]]:
                m.cp.add(m.prepare[shop.owner[b]] >= over[a]).only_enforce_if(literal)


def _campaign(m: Draft, r: int, k: int) -> Groups:
    """When a campaign is over that begins with this mode; after the horizon where the calendar ends before."""
    shop, o = m.shop, m.shop.owner[k]
    clock = shop.open_ticks[int(shop.problem.calendar[r])]
    low, high = m.spans.low[o], shop.fixed_start[o] if shop.fact[o] else m.spans.latest[o]
    found = clock.after(shop.campaign(k), low, high, anywhere=True, never=m.horizon + 1)
    m.restricted |= clock.cut
    return found


def _begin(m: Draft, k: int, groups: Groups, literal: Expr, over: Expr) -> None:
    """The campaign counts from the start of the first operation of a run."""
    start = m.start[m.shop.owner[k]]
    for part, group, _ in m.select(groups, start, literal):
        m.only_if(m.cp.add(group.scale_end * over >= group.scale_start * start + group.shift), part)
