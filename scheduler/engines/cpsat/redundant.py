"""Constraints that follow from the others and help to prune: setups before every operation, groups of resources,
load."""

from __future__ import annotations

from scheduler.engines.cpsat.draft import Draft
from scheduler.engines.cpsat.facts import Facts

GROUPS = 12
"""Most groups of resources that get a cumulative constraint."""
THRESHOLDS = 5
"""Most heads, and tails, at which the load of a resource is stated."""


def add_entering_setups(m: Draft) -> None:
    """No overlap in working time of operations with the least setup any operation before them would need.

    Valid between neighbours in the sequence and so between all; the first operation may reach back before the
    beginning.
    """
    f = m.facts
    for r, with_setups in enumerate(f.with_setups):
        modes = m.spans.on(r)
        if not with_setups or len(modes) < 2 or not any(f.entering[k][0] for k in modes):
            continue
        row = []
        for k in modes:
            start = m.clocks[f.owner[k], f.calendar_of[r]] - f.entering[k][0]
            row.append(
                m.cp.new_optional_fixed_size_interval_var(start, f.duration[k] + f.entering[k][0], m.present[k], "")
            )
        m.cp.add_no_overlap(row)


def groups(facts: Facts, live: list[list[int]]) -> list[tuple[frozenset[int], list[int]]]:
    """Sets of at least two resources with the operations (of some duration) that run nowhere else, the fullest
    first."""
    sets: dict[frozenset[int], list[int]] = {}
    for o, modes in enumerate(live):
        if facts.shortest[o] > 0:
            sets.setdefault(frozenset(facts.resource[k] for k in modes), []).append(o)
    union = frozenset().union(*sets) if sets else frozenset()
    found = []
    for group in {*sets, union}:
        if len(group) > 1:
            inside = [o for part, ops in sets.items() if part <= group for o in ops]
            if len(inside) > len(group) and (len(sets) > 1 or group == union):
                found.append((group, sorted(inside)))
    found.sort(key=lambda g: (-sum(facts.shortest[o] for o in g[1]) / len(g[0]), sorted(g[0])))
    return found[:GROUPS]


def add_groups(m: Draft) -> None:
    """Where operations run only within a group of resources, no more run at once than it has resources."""
    f = m.facts
    spanning = {
        o: m.cp.new_fixed_size_interval_var(m.start[o], f.shortest[o], "")
        for _, ops in groups(f, m.spans.live)
        for o in ops
    }
    for group, ops in groups(f, m.spans.live):
        m.cp.add_cumulative([spanning[o] for o in ops], [1] * len(ops), len(group))


def _spread(values: list[int]) -> list[int]:
    distinct = sorted(set(values))
    if len(distinct) <= THRESHOLDS:
        return distinct
    return sorted({distinct[i * (len(distinct) - 1) // (THRESHOLDS - 1)] for i in range(THRESHOLDS)})


def _outside(m: Draft, inside: list[int], heads: dict[int, int], tails: dict[int, int]) -> int:
    """Head and tail around a load. Heads of modes hold only if one of them is chosen: otherwise those of operations."""
    f = m.facts
    head, tail = min(heads[k] for k in inside), min(tails[k] for k in inside)
    if head + tail <= max(e + t for e, t in zip(f.head_end, f.tails)):
        return head + tail
    return min(m.spans.low[x] for k in inside for x in m.spans.live[f.owner[k]]) + tail


def add_loads(m: Draft) -> None:
    """Makespan >= head + load + tail per resource, over its operations with at least that head and that tail.

    With assignment literals in it, the linear relaxation spreads load over all resources at once: the bound of choice
    for highly flexible shops (heads and tails as in Carlier, Pinson 1989).
    """
    if "makespan" not in m.levels:
        return
    f, makespan = m.facts, m.measures["makespan"]
    for r in range(f.problem.resources):
        modes = [k for k in m.spans.on(r) if f.duration[k] > 0]
        heads = {k: m.spans.low[k] for k in modes}
        tails = {k: f.tails[f.owner[k]] for k in modes}
        stated = set()
        for head in _spread(list(heads.values())):
            for tail in _spread(list(tails.values())):
                inside = [k for k in modes if heads[k] >= head and tails[k] >= tail]
                if len(inside) < 2 or tuple(inside) in stated:
                    continue
                stated.add(tuple(inside))
                setup = [f.entering[k][0] for k in inside]
                load = sum((f.duration[k] + s) * m.present[k] for k, s in zip(inside, setup))
                m.cp.add(makespan >= _outside(m, inside, heads, tails) - max(setup) + load)
