"""Writes groups into the columns of a plan."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Lots, Pegs
from scheduler.planning.blueprint import BUY, STOCK, Blueprint, Group
from scheduler.planning.maintenance import Planned
from scheduler.planning.plan import Plan
from scheduler.planning.template import durations


class Members(NamedTuple):
    """Who has lots: the orders, then tools, lots of pooled components and planned maintenance.

    ids: of their first lots; release: ticks; tools: number of each; pools: number of a pooled component's first lot;
    planned_at: number of the first of `planned`.
    """

    orders: int
    ids: list[str]
    release: np.ndarray
    tools: dict[str, int]
    pools: dict[str, int]
    planned_at: int
    planned: list[Planned]


def offsets(counts: np.ndarray) -> np.ndarray:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))


class Writer:
    """Writes groups into columns: every member gets a stretch of each column, in the order of members.

    lot_at, op_at, way_at, arc_at, peg_at [members + 1]: where its stretch begins.
    """

    def __init__(self, scenario: Scenario, members: Members, groups: list[Group]):
        self.scenario, self.members, self.groups = scenario, members, groups
        self.rate = np.array([*(resource.rate for resource in scenario.resources), 0], dtype=np.int64)
        self.shared: dict[int, Group] = {int(m): g for g in groups if g.members[-1] >= members.orders
                                         for m in g.members.tolist()}
        sizes = np.zeros((5, len(members.ids)), dtype=np.int64)
        for g in groups:
            b = g.blueprint
            tool_arcs = sum(len(self._tool(name).sinks) for name, _ in b.tool_arcs)
            sizes[:, g.members] = np.array([[len(b.lots)], [len(b.steps)], [len(b.ways)],
                                            [b.arcs.shape[1] + tool_arcs], [len(b.pegs)]])
        self.lot_at, self.op_at, self.way_at, self.arc_at, self.peg_at = (offsets(row) for row in sizes)
        self.words: dict[str, int] = {}
        self.suffixes: dict[str, int] = {}
        self.names: dict[str, int] = {}

    def _tool(self, name: str) -> Blueprint:
        return self.shared[self.members.tools[name]].blueprint

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
        self.ways[4, self.way_at[self.members.planned_at]:] = 0
        arcs = np.concatenate((self.arcs, *self._pool_arcs()), axis=1)
        orders = self.members.orders
        member, suffix, item, quantity, material, steps = self.lots
        suffixes, words = list(self.suffixes), list(self.words)
        order = np.where(member < orders, member, -1)
        peg_member = self.pegs[1]
        return Plan(
            lots=Lots(tuple(self.members.ids[m] + suffixes[s] for m, s in zip(member.tolist(), suffix.tolist())),
                      tuple(words[i] for i in item.tolist()), order, quantity),
            pegs=Pegs(tuple(words[i] for i in self.pegs[0].tolist()),
                      np.where(peg_member < orders, peg_member, -1), *self.pegs[2:]),
            names=tuple(self.names), lot_first=offsets(steps), lot_material=material, op_lot=self.ops[0],
            op_name=self.ops[1], op_release=self.ops[2], mode_first=offsets(self.ops[3]), mode_resource=self.ways[0],
            mode_configuration=self.ways[1], mode_index=self.ways[2], mode_duration=self.ways[3],
            mode_cost=self.ways[4], arc_from=arcs[0], arc_to=arcs[1])

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
            elif not (item.tool or item.pooled or item.dynamic):
                material[:, item.parent] += item.price * group.rest[:, i]
            if i:
                material[:, item.parent] += item.stock_value * group.taken[:, i]
        at = self.lot_at[group.members][:, None] + np.arange(len(b.lots))
        self.lots[0, at] = group.members[:, None]
        self.lots[1, at], self.lots[2, at] = suffix, words
        self.lots[3, at], self.lots[4, at] = group.rest[:, b.lots], material[:, b.lots] * MICRO
        self.lots[5, at] = np.bincount(b.step_lot, minlength=len(b.lots))

    def _name(self, group: Group, step: int) -> int:
        template = group.template
        if step < len(template.steps):
            return self.names.setdefault(template.steps[step].name, len(self.names))
        supplied = template.items[template.supplies[step - len(template.steps)].item].component
        return self.names.setdefault(f"supply of {supplied}", len(self.names))

    def _write_operations(self, group: Group) -> None:
        template, b = group.template, group.blueprint
        at = self.op_at[group.members][:, None] + np.arange(len(b.steps))
        self.ops[0, at] = self.lot_at[group.members][:, None] + b.step_lot
        self.ops[1, at] = [self._name(group, s) for s in b.steps.tolist()]
        self.ops[2, at] = np.maximum(self.members.release[group.members][:, None] + b.lead, b.floor)
        self.ops[3, at] = b.way_counts
        ways = template.all_ways[:, b.ways]
        at = self.way_at[group.members][:, None] + np.arange(len(b.ways))
        pieces = group.way_pieces
        ticks = durations(ways, pieces, template.tick)
        self.ways[0, at], self.ways[1, at], self.ways[2, at] = ways[0], ways[1], ways[2]
        self.ways[3, at] = ticks
        cost = self.rate[ways[0]] * ticks + ways[6] * MICRO
        if template.ruled:
            needs = template.way_shop[:, b.ways]
            cost += ticks * needs[4] + needs[5]
        if template.supplies:
            cost += template.sources[1, b.ways] * pieces * MICRO
        self.ways[4, at] = cost

    def _write_arcs(self, group: Group) -> None:
        b = group.blueprint
        shared = [(int(self.op_at[self.members.tools[name]]) + s, k)
                  for name, k in b.tool_arcs for s in self._tool(name).sinks]
        first, own = self.op_at[group.members][:, None], b.arcs.shape[1]
        at = self.arc_at[group.members][:, None] + np.arange(own + len(shared))
        self.arcs[0, at[:, :own]], self.arcs[1, at[:, :own]] = first + b.arcs[0], first + b.arcs[1]
        if shared:
            self.arcs[0, at[:, own:]] = [a for a, _ in shared]
            self.arcs[1, at[:, own:]] = first + np.array([k for _, k in shared])

    def _pool_arcs(self) -> list[np.ndarray]:
        """Arcs [2, A] from the last operations of pooled lots to the operations that wait for them."""
        found = []
        for group in self.groups:
            for need in group.blueprint.pools:
                lots = self._pool(group, need.item)
                waiting = self.op_at[group.members][:, None] + np.array(need.at, dtype=np.int64)
                sinks = {m: self.op_at[m] + np.array(self.shared[m].blueprint.sinks) for m in np.unique(lots).tolist()}
                after = np.concatenate([np.tile(row, len(sinks[m])) for row, m in zip(waiting, lots.tolist())])
                before = np.concatenate([np.repeat(sinks[m], len(need.at)) for m in lots.tolist()])
                found.append(np.stack((before, after)))
        return found

    def _pool(self, group: Group, item: int) -> np.ndarray:
        """The members [k] that make a pooled item of a group."""
        return self.members.pools[group.template.items[item].component] + group.pools[item]

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
            source == BUY, self.members.release[group.members][:, None] + lead, -1))
        self.pegs[6, at[:, b.supply[b.supply >= 0]]] = -1
        for k, name in b.tool_pegs:
            tool = self.members.tools[name]
            root = self.shared[tool].template.items[0]
            self.pegs[3, at[:, k]] = self.lot_at[tool]
            self.pegs[5, at[:, k]] = 1
            self.pegs[6, at[:, k]] = -1 if root.made else root.lead_time
        for need in b.pools:
            self.pegs[3, at[:, need.peg]] = self.lot_at[self._pool(group, need.item)]
