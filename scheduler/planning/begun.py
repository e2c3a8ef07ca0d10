"""Stock of orders in which something happened: what has been used stays with those who used it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from scheduler.domain.scenario import Scenario
from scheduler.planning.template import Template

Held = dict[int, tuple[int, bool]]
"""For items of a template: (pieces from stock, whether more may be taken)."""
FACTS = ("finished", "started")


def held(scenario: Scenario, templates: Sequence[Template], by_due: Sequence[int],
         left: dict[str, int]) -> dict[int, Held]:
    """What orders hold of the stock `left`, which is lessened by it; empty where nothing has happened.

    First, in the order of `by_due`, come needs whose operation has begun. They get what the floor's `stock` says, or
    as much as is there; of a component of which a lot has begun, one piece at least is made. What was bought is no
    longer taken from stock.
    """
    facts: dict[str, set[str]] = defaultdict(set)
    stock: dict[tuple[str, str], int] = {}
    for entry in scenario.floor:
        if entry.state in FACTS:
            facts[entry.lot].add(entry.operation)
        elif entry.state == "material" and entry.stock is not None:
            stock[entry.lot, entry.operation] = entry.stock
    if not facts and not stock:
        return {}
    lots = {*facts, *(lot for lot, _ in stock)}
    roots = {lot.partition("/")[0] for lot in lots} | lots
    orders, found = scenario.orders, {}
    for j in by_due:
        if orders.id[j] in roots:
            mine = _Order(templates[orders.variant[j]], orders.id[j], facts, stock).take(int(orders.quantity[j]), left)
            if mine:
                found[j] = mine
    return found


class _Order:
    """One order; lots of a component that it needs several times are numbered as if none came from stock."""

    def __init__(self, template: Template, name: str, facts: dict[str, set[str]], stock: dict[tuple[str, str], int]):
        self.template, self.facts, self.stock = template, facts, stock
        self.lot: dict[int, str] = {}
        seen: dict[str, int] = defaultdict(int)
        for i, item in enumerate(template.items):
            if i == 0:
                self.lot[i] = name
            elif item.made and not item.pooled:
                seen[item.component] += 1
                count = seen[item.component]
                self.lot[i] = f"{name}/{item.component}" + (f"#{count}" if count > 1 else "")

    def take(self, quantity: int, left: dict[str, int]) -> Held:
        items, found = self.template.items, {}
        rest: dict[int, int] = {0: quantity}
        for i, item in enumerate(items[1:], start=1):
            lot = self.lot.get(item.parent, "")
            if item.parent not in rest or item.dynamic or item.tool or items[item.parent].pooled:
                continue
            need = rest[item.parent] * item.quantity
            begun = bool(self.facts.get(self.lot.get(i, "")))
            used = any(self.template.steps[s].name in self.facts.get(lot, ()) for s in item.at)
            most = min(need - 1 if begun else need, self.stock.get((lot, item.component), need))
            if begun or used:
                have = min(left.get(item.component, 0), most)
                if have:
                    left[item.component] -= have
                found[i] = (have, False)
                rest[i] = need - have
            elif (lot, item.component) in self.stock:
                found[i] = (most, True)
        return found
