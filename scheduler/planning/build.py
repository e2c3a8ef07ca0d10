"""From a scenario to its plan: all lots, pegs, operations, modes and arcs as columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.planning.blueprint import Group, grouped
from scheduler.planning.maintenance import maintenance
from scheduler.planning.material import late_release
from scheduler.planning.pegged import Pegging
from scheduler.planning.pegging import peg
from scheduler.planning.plan import Plan
from scheduler.planning.ruled import ruled
from scheduler.planning.shop import shop
from scheduler.planning.template import durations
from scheduler.planning.writer import Members, Writer


def build(scenario: Scenario) -> Plan:
    """The plan: all lots of order 0 (product, then its components depth-first), of order 1, ..., then the shared lots.

    Shared lots come tool by tool in the order of the catalog, each followed by its own components. A bought tool is a
    shared lot without operations; the pegs of those who use it have source 'buy', name it as lot and say when it
    arrives. Then come the lots of pooled components ('COMPONENT:1', ...), each followed by its own, then planned
    maintenance ('RESOURCE:NAME', item 'maintenance'). Raises InputError with all mistakes that explode and peg find.
    """
    pegging = peg(scenario)
    members = _members(scenario, pegging)
    groups = _groups(scenario, pegging, members)
    _check(scenario, members, groups)
    writer = Writer(scenario, members, groups)
    plan = writer.plan()
    if not ruled(scenario, [p.template for p in pegging.all]):
        return plan
    return replace(plan, shop=shop(scenario, writer, plan), op_release=late_release(scenario, plan))


def _members(scenario: Scenario, pegging: Pegging) -> Members:
    n = len(scenario.orders)
    ids, release, first = [*scenario.orders.id, *pegging.tools], [scenario.orders.release], {}
    release.append(np.zeros(len(pegging.tools), dtype=np.int64))
    for name, pool in pegging.pools.items():
        first[name] = len(ids)
        ids += [f"{name}:{k + 1}" for k in range(len(pool.release))]
        release.append(pool.release)
    planned = maintenance(scenario)
    begin = len(ids)
    ids += [entry.id for entry in planned]
    release.append(np.array([entry.earliest for entry in planned], dtype=np.int64))
    return Members(n, ids, np.concatenate(release), {name: n + t for t, name in enumerate(pegging.tools)}, first, begin,
                   planned)


def _groups(scenario: Scenario, pegging: Pegging, members: Members) -> list[Group]:
    tools = {name: p.template for name, p in pegging.tools.items()}
    parts = [(p, p.orders) for p in pegging.variants]
    parts += [(p, np.array([members.tools[name]], dtype=np.int64)) for name, p in pegging.tools.items()]
    parts += [(pool.lots, members.pools[name] + pool.lots.orders) for name, pool in pegging.pools.items()]
    parts += [(entry.pegged, np.array([members.planned_at + k], dtype=np.int64))
              for k, entry in enumerate(members.planned)]
    return [group for pegged, numbers in parts for group in grouped(pegged, numbers, tools)]


def _check(scenario: Scenario, members: Members, groups: list[Group]) -> None:
    """Raises InputError where two lots would have one name, or loading takes longer than an operation."""
    found: dict[Mistake, None] = {}
    shared = set(members.ids[members.orders + len(members.tools):])
    if shared:
        for row, name in enumerate(scenario.orders.id):
            if name in shared:
                found[Mistake(("orders", row, "id"), f"a lot shared by orders is named '{name}' too",
                              "give the order another id")] = None
        if len(shared) < len(members.ids) - members.orders - len(members.tools):
            found[Mistake(("catalog", "components"), "a pooled component and a planned maintenance share a name",
                          "give one of them another name")] = None
    for group in groups:
        template, b = group.template, group.blueprint
        if any(step.shop.ways for step in template.steps) and (template.way_shop[2:4] > 0).any():
            load = template.way_shop[2] + template.way_shop[3]
            ticks = durations(template.all_ways[:, b.ways], group.way_pieces, template.tick)
            short = ticks < load[b.ways]
            for column in np.flatnonzero(short.any(axis=0)).tolist():
                step = int(np.repeat(b.steps, b.way_counts)[column])
                member = int(group.members[np.argmax(short[:, column])])
                where = ("orders", member, "quantity") if member < members.orders else ("catalog", "components")
                found[Mistake(where, f"loading and unloading take longer than operation '{template.steps[step].name}' "
                              f"of '{members.ids[member]}'",
                              "they are the first and last part of its duration: lengthen it, or shorten them")] = None
    if found:
        raise InputError(list(found))
