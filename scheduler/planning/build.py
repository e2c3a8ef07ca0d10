"""From a scenario to its plan: all lots, pegs, operations, modes and arcs as columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES, Lots, Pegs
from scheduler.planning.pegging import Pegged, Pegging, peg
from scheduler.planning.plan import Plan
from scheduler.planning.ruled import ruled
from scheduler.planning.shop import neutral
from scheduler.planning.template import Item, Template, durations

STOCK, LOT, BUY = (SOURCES.index(name) for name in ("stock", "lot", "buy"))


class Blueprint(NamedTuple):
    """What the members of a group share. Positions are local to the member; a member is an order or a shared tool.

    lots: items that become a lot; steps, ways: positions in the template; step_lot, way_item: lot of a step, item of
    a way; way_counts [steps]; arcs [2, A]; floor, lead [steps]: ticks from the origin and from the release before which
    a purchase is not there. pegs [P, 4]: item, source, consumer lot, supplying lot or -1. tool_arcs: (tool, step that
    waits); tool_pegs: (row of pegs, tool).
    """

    lots: list[int]
    steps: np.ndarray
    step_lot: np.ndarray
    ways: np.ndarray
    way_counts: np.ndarray
    way_item: np.ndarray
    arcs: np.ndarray
    floor: np.ndarray
    lead: np.ndarray
    pegs: np.ndarray
    tool_arcs: list[tuple[str, int]]
    tool_pegs: list[tuple[int, str]]


@dataclass(frozen=True, eq=False)
class Group:
    """Members with the same template and the same items made, bought and taken from stock.

    members: orders, or N + t for tool t; taken, rest: as in Pegged.
    """

    template: Template
    members: np.ndarray
    taken: np.ndarray
    rest: np.ndarray
    blueprint: Blueprint


def build(scenario: Scenario) -> Plan:
    """The plan: all lots of order 0 (product, then its components depth-first), of order 1, ..., then the shared lots.

    Shared lots come tool by tool in the order of the catalog, each followed by its own components. A bought tool is a
    shared lot without operations; the pegs of those who use it have source 'buy', name it as lot and say when it
    arrives. Raises InputError with all mistakes that explode and peg find.
    """
    pegging = peg(scenario)
    plan = _Writer(scenario, pegging, list(_groups(scenario, pegging))).plan()
    templates = [p.template for p in (*pegging.variants, *pegging.tools.values())]
    if not ruled(scenario, templates):
        return plan
    rate = np.array([r.rate for r in scenario.resources], dtype=np.int64)
    fixed = (plan.mode_cost - rate[plan.mode_resource] * plan.mode_duration) // MICRO
    return replace(plan, shop=neutral(scenario, plan, plan.lots.quantity[plan.op_lot], fixed))


def _groups(scenario: Scenario, pegging: Pegging) -> list[Group]:
    n = len(scenario.orders)
    tools = {name: p.template for name, p in pegging.tools.items()}
    parts = [(p, p.orders) for p in pegging.variants]
    parts += [(p, np.array([n + t], dtype=np.int64)) for t, p in enumerate(pegging.tools.values())]
    found = []
    for pegged, members in parts:
        for rows in _alike(pegged):
            pattern = (pegged.taken[rows[0]] > 0, pegged.rest[rows[0]] > 0)
            found.append(Group(pegged.template, members[rows], pegged.taken[rows], pegged.rest[rows],
                               _blueprint(pegged.template, *pattern, tools)))
    return found


def _alike(pegged: Pegged) -> list[np.ndarray]:
    """Rows of orders that differ in nothing but quantities."""
    if not len(pegged.orders):
        return []
    pattern = np.concatenate((pegged.taken > 0, pegged.rest > 0), axis=1)
    if (pattern == pattern[0]).all():
        return [np.arange(len(pattern))]
    _, inverse = np.unique(np.packbits(pattern, axis=1), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    return [np.flatnonzero(inverse == g) for g in range(inverse.max() + 1)]


def _blueprint(template: Template, stocked: np.ndarray, short: np.ndarray, tools: dict[str, Template]) -> Blueprint:
    items = template.items
    lots = [i for i, item in enumerate(items) if i == 0 or (item.made and short[i])]
    lot_of = {i: k for k, i in enumerate(lots)}
    steps = np.array([s for i in lots for s in range(items[i].first, items[i].last)], dtype=np.int64)
    place = {int(s): k for k, s in enumerate(steps)}
    floor, lead = np.zeros(len(steps), dtype=np.int64), np.zeros(len(steps), dtype=np.int64)
    arcs = [(place[p], k) for s, k in place.items() for p in template.steps[s].after]
    pegs: list[tuple[int, int, int, int]] = []
    tool_arcs: list[tuple[str, int]] = []
    tool_pegs: list[tuple[int, str]] = []
    for i, item in enumerate(items[1:], start=1):
        at = [place[s] for s in item.at] if short[i] else []
        if item.tool:
            if item.component in tools and short[i]:
                root = tools[item.component].items[0]
                if not root.made:
                    floor[at] = np.maximum(floor[at], root.lead_time)
                tool_arcs += [(item.component, k) for k in at if root.made]
                tool_pegs.append((len(pegs), item.component))
                pegs.append((i, LOT if root.made else BUY, lot_of[item.parent], -1))
            continue
        if stocked[i]:
            pegs.append((i, STOCK, lot_of[item.parent], -1))
        if short[i] and i in lot_of:
            arcs += [(place[s], k) for s in item.sinks for k in at]
            pegs.append((i, LOT, lot_of[item.parent], lot_of[i]))
        elif short[i]:
            lead[at] = np.maximum(lead[at], item.lead_time)
            pegs.append((i, BUY, lot_of[item.parent], -1))
    counts = np.diff(template.way_first)[steps]
    ways = np.repeat(template.way_first[steps] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    step_item = np.array([template.steps[s].item for s in steps], dtype=np.int64)
    return Blueprint(lots, steps, np.array([lot_of[int(i)] for i in step_item], dtype=np.int64), ways, counts,
                     np.repeat(step_item, counts), np.array(arcs, dtype=np.int64).reshape(-1, 2).T, floor, lead,
                     np.array(pegs, dtype=np.int64).reshape(-1, 4), tool_arcs, tool_pegs)


def _offsets(counts: np.ndarray) -> np.ndarray:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))


class _Writer:
    """Writes groups into columns: every member gets a stretch of each column, in the order of members."""

    def __init__(self, scenario: Scenario, pegging: Pegging, groups: list[Group]):
        self.scenario, self.groups = scenario, groups
        self.orders, self.tools = len(scenario.orders), list(pegging.tools)
        self.templates = [p.template for p in pegging.tools.values()]
        self.release = np.concatenate((scenario.orders.release, np.zeros(len(self.tools), dtype=np.int64)))
        self.rate = np.array([resource.rate for resource in scenario.resources], dtype=np.int64)
        sizes = np.zeros((5, self.orders + len(self.tools)), dtype=np.int64)
        for g in groups:
            b = g.blueprint
            tool_arcs = sum(len(self._tool(name).sinks) for name, _ in b.tool_arcs)
            sizes[:, g.members] = np.array([[len(b.lots)], [len(b.steps)], [len(b.ways)],
                                            [b.arcs.shape[1] + tool_arcs], [len(b.pegs)]])
        self.lot_at, self.op_at, self.way_at, self.arc_at, self.peg_at = (_offsets(row) for row in sizes)
        self.words: dict[str, int] = {}
        self.suffixes: dict[str, int] = {}
        self.names: dict[str, int] = {}

    def _tool(self, name: str) -> Item:
        return self.templates[self.tools.index(name)].items[0]

    def plan(self) -> Plan:
        def empty(count: np.ndarray, rows: int) -> np.ndarray:
            return np.zeros((rows, int(count[-1])), dtype=np.int64)

        self.lots, self.ops = empty(self.lot_at, 6), empty(self.op_at, 4)
        self.ways, self.arcs, self.pegs = empty(self.way_at, 5), empty(self.arc_at, 2), empty(self.peg_at, 7)
        for group in self.groups:
            self._write_lots(group)
            self._write_operations(group)
            self._write_arcs(group)
            self._write_pegs(group)
        member, suffix, item, quantity, material, steps = self.lots
        ids = [*self.scenario.orders.id, *self.tools]
        suffixes, words = list(self.suffixes), list(self.words)
        order = np.where(member < self.orders, member, -1)
        peg_member = self.pegs[1]
        return Plan(
            lots=Lots(tuple(ids[m] + suffixes[s] for m, s in zip(member.tolist(), suffix.tolist())),
                      tuple(words[i] for i in item.tolist()), order, quantity),
            pegs=Pegs(tuple(words[i] for i in self.pegs[0].tolist()),
                      np.where(peg_member < self.orders, peg_member, -1), *self.pegs[2:]),
            names=tuple(self.names), lot_first=_offsets(steps), lot_material=material, op_lot=self.ops[0],
            op_name=self.ops[1], op_release=self.ops[2], mode_first=_offsets(self.ops[3]), mode_resource=self.ways[0],
            mode_configuration=self.ways[1], mode_index=self.ways[2], mode_duration=self.ways[3],
            mode_cost=self.ways[4], arc_from=self.arcs[0], arc_to=self.arcs[1])

    def _write_lots(self, group: Group) -> None:
        items, b = group.template.items, group.blueprint
        seen: dict[str, int] = {}
        suffix = []
        for i in b.lots:
            name = items[i].component
            seen[name] = seen.get(name, 0) + 1
            text = "" if i == 0 else f"/{name}" + (f"#{seen[name]}" if seen[name] > 1 else "")
            suffix.append(self.suffixes.setdefault(text, len(self.suffixes)))
        words = [self.words.setdefault(items[i].component, len(self.words)) for i in b.lots]
        material = np.zeros(group.rest.shape, dtype=np.int64)
        made = set(b.lots)
        for i, item in enumerate(items):
            if i in made:
                material[:, i] += (item.material_cost if item.made else item.price) * group.rest[:, i]
            elif not item.tool:
                material[:, item.parent] += item.price * group.rest[:, i]
            if i:
                material[:, item.parent] += item.stock_value * group.taken[:, i]
        at = self.lot_at[group.members][:, None] + np.arange(len(b.lots))
        self.lots[0, at] = group.members[:, None]
        self.lots[1, at], self.lots[2, at] = suffix, words
        self.lots[3, at], self.lots[4, at] = group.rest[:, b.lots], material[:, b.lots] * MICRO
        self.lots[5, at] = np.bincount(b.step_lot, minlength=len(b.lots))

    def _write_operations(self, group: Group) -> None:
        template, b = group.template, group.blueprint
        at = self.op_at[group.members][:, None] + np.arange(len(b.steps))
        self.ops[0, at] = self.lot_at[group.members][:, None] + b.step_lot
        self.ops[1, at] = [self.names.setdefault(template.steps[s].name, len(self.names)) for s in b.steps.tolist()]
        self.ops[2, at] = np.maximum(self.release[group.members][:, None] + b.lead, b.floor)
        self.ops[3, at] = b.way_counts
        ways = template.ways[:, b.ways]
        at = self.way_at[group.members][:, None] + np.arange(len(b.ways))
        ticks = durations(ways, group.rest[:, b.way_item], template.tick)
        self.ways[0, at], self.ways[1, at], self.ways[2, at] = ways[0], ways[1], ways[2]
        self.ways[3, at] = ticks
        self.ways[4, at] = self.rate[ways[0]] * ticks + ways[6] * MICRO

    def _write_arcs(self, group: Group) -> None:
        b = group.blueprint
        shared = [(int(self.op_at[self.orders + self.tools.index(name)]) + s, k)
                  for name, k in b.tool_arcs for s in self._tool(name).sinks]
        first, own = self.op_at[group.members][:, None], b.arcs.shape[1]
        at = self.arc_at[group.members][:, None] + np.arange(own + len(shared))
        self.arcs[0, at[:, :own]], self.arcs[1, at[:, :own]] = first + b.arcs[0], first + b.arcs[1]
        if shared:
            self.arcs[0, at[:, own:]] = [a for a, _ in shared]
            self.arcs[1, at[:, own:]] = first + np.array([k for _, k in shared])

    def _write_pegs(self, group: Group) -> None:
        b, items = group.blueprint, group.template.items
        if not len(b.pegs):
            return
        item, source, consumer, supplier = b.pegs.T
        first = self.lot_at[group.members][:, None]
        at = self.peg_at[group.members][:, None] + np.arange(len(b.pegs))
        lead = np.array([items[i].lead_time for i in item])
        self.pegs[0, at] = [self.words.setdefault(items[i].component, len(self.words)) for i in item]
        self.pegs[1, at] = group.members[:, None]
        self.pegs[2, at] = source
        self.pegs[3, at] = np.where(supplier >= 0, first + supplier, -1)
        self.pegs[4, at] = first + consumer
        self.pegs[5, at] = np.where(source == STOCK, group.taken[:, item], group.rest[:, item])
        self.pegs[6, at] = np.where(source == STOCK, 0, np.where(
            source == BUY, self.release[group.members][:, None] + lead, -1))
        for k, name in b.tool_pegs:
            self.pegs[3, at[:, k]] = self.lot_at[self.orders + self.tools.index(name)]
            self.pegs[5, at[:, k]] = 1
            root = self._tool(name)
            self.pegs[6, at[:, k]] = -1 if root.made else root.lead_time
