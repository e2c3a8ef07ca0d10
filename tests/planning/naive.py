"""The plan of an order book written order by order, operation by operation: slow, simple, and apart from `build`."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from scheduler.domain.scenario import Scenario
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.plan import Plan
from scheduler.planning.template import Template


class Facts(NamedTuple):
    """A plan as sets of plain facts."""

    lots: list[tuple[str, str, int, int, int]]
    operations: dict[tuple[str, str], tuple[int, list[tuple[int, int, int, int, int]]]]
    arcs: set[tuple[tuple[str, str], tuple[str, str]]]
    pegs: Counter[tuple[Any, ...]]


def facts(plan: Plan) -> Facts:
    lots = list(zip(plan.lots.id, plan.lots.item, plan.lots.order.tolist(), plan.lots.quantity.tolist(),
                    plan.lot_material.tolist()))
    keys = [(plan.lots.id[lot], plan.names[name]) for lot, name in zip(plan.op_lot.tolist(), plan.op_name.tolist())]
    modes = list(zip(*(column.tolist() for column in (
        plan.mode_resource, plan.mode_configuration, plan.mode_index, plan.mode_duration, plan.mode_cost))))
    operations = {key: (release, modes[a:b]) for key, release, a, b in zip(
        keys, plan.op_release.tolist(), plan.mode_first[:-1].tolist(), plan.mode_first[1:].tolist())}
    name = [*plan.lots.id, ""]
    pegs = Counter(zip(plan.pegs.component, plan.pegs.order.tolist(), plan.pegs.source.tolist(),
                       [name[i] for i in plan.pegs.lot.tolist()], [name[i] for i in plan.pegs.consumer.tolist()],
                       plan.pegs.quantity.tolist(), plan.pegs.available.tolist()))
    arcs = {(keys[a], keys[b]) for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist())}
    return Facts(lots, operations, arcs, pegs)


class Naive:
    """Works through tools and orders as the semantics say. Tools needed must be given."""

    def __init__(self, scenario: Scenario, tools: list[str]):
        self.scenario, self.tools = scenario, tools
        self.stock = {n: c.stock for n, c in scenario.catalog.components.items() if c.kind == "part"}
        self.found = Facts([], {}, set(), Counter())
        self.lots: dict[int, list[tuple[str, str, int, int, int]]] = {}
        self.sinks: dict[str, list[tuple[str, str]]] = {}

    def facts(self) -> Facts:
        orders = self.scenario.orders
        n = len(orders)
        for t, name in enumerate(self.tools):
            self.member(n + t, -1, name, explode_tool(self.scenario, name), 1, 0)
        for j in sorted(range(n), key=lambda j: (int(orders.due[j]), j)):
            self.member(j, j, orders.id[j], explode(self.scenario, orders.variants[orders.variant[j]]),
                        int(orders.quantity[j]), int(orders.release[j]))
        for j in range(n + len(self.tools)):
            self.found.lots.extend(self.lots[j])
        return self.found

    def member(self, number: int, order: int, name: str, template: Template, quantity: int, release: int) -> None:
        self.lots[number] = []
        self.seen: Counter[str] = Counter()
        self.lot(number, order, name, template, 0, name, quantity, release)

    def lot(self, number: int, order: int, root: str, template: Template, at: int, lot: str, pieces: int,
            release: int) -> None:
        item = template.items[at]
        place = len(self.lots[number])
        self.lots[number].append((lot, item.component, order, pieces, 0))
        material = (item.material_cost if item.made else item.price) * pieces
        ready = dict.fromkeys(range(item.first, item.last), release)
        rate = [r.rate for r in self.scenario.resources]
        for s in ready:
            modes = []
            for way in template.steps[s].ways:
                ticks = -(-(way.fixed + way.per_piece * pieces) // (way.scale * template.tick))
                modes.append((way.resource, way.configuration, way.index, ticks,
                              rate[way.resource] * ticks + way.cost * 1_000_000))
            key = (lot, template.steps[s].name)
            self.found.operations[key] = (0, modes)
            self.found.arcs.update(((lot, template.steps[p].name), key) for p in template.steps[s].after)
        self.sinks[lot] = [(lot, template.steps[s].name) for s in item.sinks]
        for i, part in enumerate(template.items):
            if part.parent == at:
                material += self.part(number, order, root, template, i, lot, pieces, release, ready)
        for s, tick in ready.items():
            key = (lot, template.steps[s].name)
            self.found.operations[key] = (tick, self.found.operations[key][1])
        self.lots[number][place] = (lot, item.component, order, pieces, material * 1_000_000)

    def part(self, number: int, order: int, root: str, template: Template, i: int, lot: str, pieces: int, release: int,
             ready: dict[int, int]) -> int:
        part = template.items[i]
        waiting = [(lot, template.steps[s].name) for s in part.at]
        if part.tool:
            if part.component not in self.tools:
                return 0
            made = explode_tool(self.scenario, part.component).items[0]
            self.found.pegs[part.component, order, 1 if made.made else 2, part.component, lot, 1,
                            -1 if made.made else made.lead_time] += 1
            for s in part.at:
                ready[s] = max(ready[s], 0 if made.made else made.lead_time)
            self.found.arcs.update((a, b) for a in self.sinks[part.component] for b in waiting)
            return 0
        need = pieces * part.quantity
        taken = min(need, self.stock[part.component])
        self.stock[part.component] -= taken
        if taken:
            self.found.pegs[part.component, order, 0, "", lot, taken, 0] += 1
        cost, rest = part.stock_value * taken, need - taken
        if rest and part.made:
            self.seen[part.component] += 1
            count = self.seen[part.component]
            below = f"{root}/{part.component}" + (f"#{count}" if count > 1 else "")
            self.found.pegs[part.component, order, 1, below, lot, rest, -1] += 1
            self.lot(number, order, root, template, i, below, rest, release)
            self.found.arcs.update((a, b) for a in self.sinks[below] for b in waiting)
        elif rest:
            self.found.pegs[part.component, order, 2, "", lot, rest, release + part.lead_time] += 1
            for s in part.at:
                ready[s] = max(ready[s], release + part.lead_time)
            cost += part.price * rest
        return cost
