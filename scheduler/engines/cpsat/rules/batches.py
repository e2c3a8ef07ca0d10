"""Batches: operations of one class that run together, led by one of them."""

from __future__ import annotations

from scheduler.engines.cpsat.rules.draft import Draft


def add_batches(m: Draft) -> None:
    """What runs on a limited resource leads (alone or a batch) or follows a leader with the same times."""
    shop = m.shop
    for r in range(shop.problem.resources):
        if shop.unlimited[r]:
            continue
        live = [k for ks in m.live for k in ks if shop.resource[k] == r]
        mine = [k for k in live if shop.batchable(k) and not shop.fact[shop.owner[k]]]
        pairs = [(a, b) for a in mine for b in mine if _together(m, a, b)]
        for a, b in pairs:
            m.follow[a, b] = m.literal()
            _hint(m, a, b)
        joined = {a for a, _ in pairs}
        for k in live:
            m.lead[k] = m.mode[k] if k not in joined else m.literal()
        for k in sorted(joined):
            _join(m, k, [(a, b) for a, b in pairs if a == k], [(a, b) for a, b in pairs if b == k])
        _add_facts(m, r)


def _together(m: Draft, a: int, b: int) -> bool:
    """Whether mode a may follow mode b."""
    shop, rules = m.shop, m.shop.rules
    x, y = shop.owner[a], shop.owner[b]
    room = int(rules.batch_capacity[shop.resource[b]]) - int(rules.batch_places[y])
    return (x != y and rules.batch_class[a] == rules.batch_class[b] and shop.state[a] == shop.state[b]
            and int(rules.batch_places[x]) <= room
            and max(m.spans.low[x], m.spans.low[y]) <= min(m.spans.latest[x], m.spans.latest[y]))


def _join(m: Draft, k: int, out: list[tuple[int, int]], into: list[tuple[int, int]]) -> None:
    shop, rules = m.shop, m.shop.rules
    x = shop.owner[k]
    m.cp.add(m.lead[k] + sum(m.follow[pair] for pair in out) == m.mode[k])
    for _, b in out:
        y = shop.owner[b]
        m.cp.add_implication(m.follow[k, b], m.lead[b])
        m.cp.add(m.start[x] == m.start[y]).only_enforce_if(m.follow[k, b])
        m.cp.add(m.end[x] == m.end[y]).only_enforce_if(m.follow[k, b])
    room = int(rules.batch_capacity[shop.resource[k]]) - int(rules.batch_places[x])
    places = [(int(rules.batch_places[shop.owner[a]]), m.follow[a, k]) for a, _ in into]
    if sum(p for p, _ in places) > room:
        m.cp.add(sum(p * literal for p, literal in places) <= room)


def _hint(m: Draft, a: int, b: int) -> None:
    given = m.start_from
    if given is not None and given.extra is not None:
        x, y = m.shop.owner[a], m.shop.owner[b]
        m.hint(m.follow[a, b], given.mode[x] == a and given.mode[y] == b and given.extra.batch[x] == y)


def _add_facts(m: Draft, r: int) -> None:
    """Facts with the same times that may have run together did: all but the first follow it."""
    for group in m.shop.fixed_batches(r):
        leader = m.shop.modes[group[0]][0]
        for o in group[1:]:
            k = m.shop.modes[o][0]
            m.follow[k, leader] = m.always()
            m.lead[k] = m.never()
    m.restricted |= m.shop.loose_facts(r)
