"""What is there: orders that may be refused, branches of choices, overtime that may be bought, modes."""

from __future__ import annotations

import numpy as np

from scheduler.engines.cpsat.rules.clocks import Clock, Group, Groups
from scheduler.engines.cpsat.rules.draft import Draft
from scheduler.engines.cpsat.rules.shop import NEVER
from scheduler.problem.rules import LOAD, RUN


def add_orders(m: Draft) -> None:
    """A literal per order that may be refused; an order with facts is made."""
    shop = m.shop
    begun = {shop.account[o] for o in np.flatnonzero(shop.rules.fact).tolist()}
    for j in range(shop.problem.jobs):
        free = shop.rules.refuse_cost[j] < NEVER and j not in begun
        m.made.append(m.literal() if free else m.always())
        if free and m.start_from is not None and m.start_from.extra is not None:
            m.hint(m.made[j], not m.start_from.extra.refused[j])


def add_branches(m: Draft) -> None:
    """Of every choice exactly one branch where its order is made, none where it is not."""
    shop, rules = m.shop, m.shop.rules
    choices = rules.branch_choice.tolist()
    order: dict[int, int] = {}
    for o, b in enumerate(rules.branch.tolist()):
        if b >= 0:
            order[choices[b]] = shop.account[o]
    m.branch = [m.literal() for _ in choices]
    for c in sorted(set(choices)):
        mine = [m.branch[b] for b, choice in enumerate(choices) if choice == c]
        a = order.get(c, shop.problem.jobs)
        made = m.made[a] if a < shop.problem.jobs else m.always()
        m.cp.add(sum(mine) == made)
    if m.start_from is not None and m.start_from.extra is not None:
        extra = m.start_from.extra
        for b, c in enumerate(choices):
            a = order.get(c, shop.problem.jobs)
            refused = a < shop.problem.jobs and bool(extra.refused[a])
            m.hint(m.branch[b], extra.chosen[c] == b and not refused)


def add_overtime(m: Draft) -> None:
    """A literal per overtime that may be bought."""
    for k in range(len(m.shop.rules.overtime_cost)):
        m.bought.append(m.literal())
        if m.start_from is not None and m.start_from.extra is not None:
            m.hint(m.bought[k], bool(m.start_from.extra.overtime[k]))


def add_modes(m: Draft) -> None:
    """Exactly one mode of what is there; modes that fit nowhere within the horizon are dropped."""
    shop = m.shop
    for o in range(shop.n):
        a, b = shop.account[o], int(shop.rules.branch[o])
        made = m.made[a] if a < shop.problem.jobs else m.always()
        there = m.branch[b] if b >= 0 else made
        if shop.fact[o] and not m.is_always(there):
            m.cp.add_bool_and([there])
        m.there.append(there)
        live = []
        for k in shop.modes[o]:
            m.groups[k] = {} if shop.fact[o] else runs_of(m, o, k)
            if shop.fact[o] or m.groups[k]:
                live.append(k)
        m.live.append(live)
        if len(live) == 1:
            m.mode[live[0]] = there
        else:
            for k in live:
                m.mode[k] = m.literal()
                if m.start_from is not None:
                    m.hint(m.mode[k], m.start_from.mode[o] == k)
            if live:
                m.cp.add(sum(m.mode[k] for k in live) == there)
            else:
                m.cp.add_bool_or([~there])


def runs_of(m: Draft, o: int, k: int) -> Groups:
    """The relations between start and end of a mode, with the ranges of starts within the spans."""
    shop = m.shop
    low, high = m.spans.low[o], m.spans.latest[o]
    if shop.fixed_start[o] >= 0:
        low, high = max(low, shop.fixed_start[o]), min(high, shop.fixed_start[o])
    clock: Clock = shop.clocks[shop.calendar_of[k]]
    if low > high:
        return {}
    if not shop.duration[k]:
        return clock.at_rest(low, high)
    found = clock.after(shop.duration[k] * int(shop.rules.pace), low, high, latest=m.spans.latest[o],
                        pausing=shop.pausing[k], shapes=any(phase in {LOAD, RUN} for _, _, phase in shop.needs[k]))
    m.restricted |= clock.cut
    if not shop.pausing[k]:
        # what does not pause has no closed tick inside, so only what has to be bought differs
        return {Group(g.scale_start, g.scale_end, g.shift, g.pattern): r for g, r in found.items()}
    return found
