"""frePPLe's items, operations, stocks and suppliers as families and components."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from scheduler.domain.catalog import (
    Alternative,
    Buy,
    Catalog,
    Component,
    ComponentUse,
    Expedite,
    Family,
    Link,
    Operation,
    Pool,
    SubPlan,
    Work,
)
from scheduler.formats.frepple.machines import Machines, Resource
from scheduler.formats.frepple.tables import Folder, Row, effective
from scheduler.formats.frepple.values import duration, money, number, since, until, whole

DELIVER = "deliver"
"""The operation of a product that is taken from stock, bought or pooled, and the cell it runs on."""
TIMED = ("", "fixed_time", "time_per")


@dataclass(eq=False)
class Step:
    """An operation of frePPLe's that takes time. takes: item and pieces per piece."""

    row: Row
    name: str
    takes: list[tuple[str, int]] = field(default_factory=list)


@dataclass(eq=False)
class Way:
    """One way to make an item. after: what each step comes after, with its least gap in milliseconds; takes: by the
    whole at its beginning; cost: hundredths per piece."""

    row: Row
    steps: list[Step]
    after: dict[str, dict[str, int]]
    takes: list[tuple[str, int]]
    priority: int
    cost: int

    @property
    def bill(self) -> Counter[tuple[str, int]]:
        return Counter(use for step in self.steps for use in step.takes) + Counter(self.takes)


class Goods:
    """The catalog of a folder, for the items that are asked for."""

    def __init__(self, folder: Folder, machines: Machines):
        self.folder, self.machines = folder, machines
        self.items = {row.needed("name"): row for row in folder["item"]}
        self.operations = {row.needed("name"): row for row in folder["operation"]}
        self.children = self._children()
        self.flows = self._flows()
        self.places: dict[str, dict[str, Row]] = {}
        self.stock: dict[str, int] = {}
        self.endless: set[str] = set()
        self._stocks()
        self.ways = self._ways()
        self.suppliers = self._suppliers()
        self.components: dict[str, Component] = {}
        self.families: dict[str, Family] = {}

    def catalog(self) -> Catalog:
        return Catalog(families=self.families, components=self.components)

    def family(self, item: str, row: Row) -> None:
        """Makes the family of an item that is in demand, with all components below it."""
        if item in self.families:
            return
        self._at(item, row)
        price = Decimal(self.items[item].take("cost", money, 0)) / 100 if item in self.items else Decimal(0)
        ways = self._made(item)
        if ways and not self.stock.get(item) and item not in self.endless and self._pool(ways[0]) is None:
            operations, plans = self._routing(ways)
            self.families[item] = Family(price=price, material_cost=_cost(ways[0].cost), operations=operations,
                                         sub_plans=plans, components=self._uses(ways[0], (item,)))
        else:
            self._component(item, row, ())
            self.families[item] = Family(price=price, operations={DELIVER: Operation(resources=(DELIVER,))},
                                         components=(ComponentUse(component=item),))

    @property
    def delivers(self) -> bool:
        """Some product needs the cell DELIVER."""
        return any(DELIVER in family.operations for family in self.families.values())

    def _children(self) -> dict[str, list[tuple[int, str]]]:
        """(priority, operation) of each routing's steps and each alternate's alternatives, most preferred first."""
        found: dict[str, dict[str, int]] = {}
        for name, row in self.operations.items():
            if row.text("owner"):
                found.setdefault(row.text("owner"), {})[name] = row.take("priority", whole, 1)
        for row in self.folder["suboperation"]:
            effective(row, since, until)
            found.setdefault(row.needed("operation"), {})[row.needed("suboperation")] = row.take("priority", whole, 1)
            for name in ("operation", "suboperation"):
                if row.text(name) not in self.operations:
                    row.wrong(name, f"there is no operation '{row.text(name)}'", "add it to the operations")
        return {owner: sorted((p, n) for n, p in own.items() if p and n in self.operations)
                for owner, own in found.items()}

    def _flows(self) -> dict[str, list[tuple[str, Decimal, Row]]]:
        found: dict[str, list[tuple[str, Decimal, Row]]] = {}
        for row in self.folder["operationmaterial"]:
            effective(row, since, until)
            quantity = row.take("quantity", number, Decimal(1))
            kind = row.text("type", "start").lower()
            if row.needed("operation") not in self.operations:
                row.wrong("operation", f"there is no operation '{row.text('operation')}'", "add it to the operations")
            if kind not in ("start", "end") or (quantity < 0 and kind == "end"):
                row.wrong("type", f"material of type '{kind}' with quantity {quantity}",
                          "write start where it is taken, end where it is made")
            if quantity < 0 and quantity != int(quantity):
                row.wrong("quantity", f"{quantity} is not whole, and pieces are counted here",
                          "take a smaller unit for this item")
            found.setdefault(row.text("operation"), []).append((row.needed("item"), quantity, row))
        return found

    def _stocks(self) -> None:
        for row in self.folder["buffer"]:
            item = row.needed("item")
            self._at(item, row)
            if row.text("type").lower() == "infinite":
                self.endless.add(item)
            pieces = row.take("onhand", whole, 0)
            if pieces < 0:
                row.wrong("onhand", f"'onhand' is {pieces}", "write 0 or more")
            self.stock[item] = self.stock.get(item, 0) + max(0, pieces)

    def _at(self, item: str, row: Row) -> None:
        """Notes an item that is at two locations: nothing moves items between them here."""
        place = row.text("location")
        known = self.places.setdefault(item, {})
        if place and place not in known:
            known[place] = row
            if len(known) > 1:
                row.wrong("location", f"item '{item}' is at {' and at '.join(known)}",
                          "keep it at one location; distribution cannot be read")

    def _ways(self) -> dict[str, list[Way]]:
        """The ways to make each item, most preferred (lowest priority number above 0) first."""
        owned = {name for own in self.children.values() for _, name in own}
        found: dict[str, list[Way]] = {}
        for name, row in self.operations.items():
            effective(row, since, until)
            priority = row.take("priority", whole, 1)
            if name in owned or not priority:
                continue
            kind = row.text("type").lower()
            if kind == "alternate":
                ways = [self._way(child, p) for p, child in self.children.get(name, [])]
            elif kind in (*TIMED, "routing"):
                ways = [self._way(name, priority)]
            else:
                row.wrong("type", f"an operation of type '{kind}' cannot be read",
                          "write fixed_time, time_per, routing or alternate")
                continue
            for way in ways:
                item = row.text("item") or self._product(way)
                if not item:
                    way.row.wrong("item", f"operation '{way.row.text('name')}' makes no item",
                                  "name the item, or one material with a quantity above 0")
                    continue
                self._at(item, row)
                found.setdefault(item, []).append(way)
        for made in found.values():
            made.sort(key=lambda way: way.priority)
        return found

    def _product(self, way: Way) -> str:
        names = [way.row.text("name"), *(step.name for step in way.steps)]
        items = {way.row.text("item")} - {""} | {step.row.text("item") for step in way.steps[-1:]} - {""}
        items |= {item for name in names for item, quantity, _ in self.flows.get(name, []) if quantity > 0}
        return items.pop() if len(items) == 1 else ""

    def _way(self, name: str, priority: int) -> Way:
        row = self.operations[name]
        routing = row.text("type").lower() == "routing"
        parts = [child for _, child in self.children.get(name, [])] if routing else [name]
        if routing and not parts:
            row.wrong("name", f"routing '{name}' has no steps", "give it operations whose owner it is")
        steps = [Step(self.operations[part], part, self._takes(part)) for part in parts]
        for step in steps:
            if step.row.text("type").lower() not in TIMED:
                step.row.wrong("type", f"'{step.name}' is a step of '{name}' and has type {step.row.text('type')}",
                               "write fixed_time or time_per")
        after = {s.name: {} if i == 0 else {steps[i - 1].name: 0} for i, s in enumerate(steps)}
        own = [r for r in self.folder["operationdependency"] if r.text("operation") in after]
        if own:
            after = {s.name: {} for s in steps}
        for r in own:
            if r.needed("blockedby") not in after:
                r.wrong("blockedby", f"'{r.text('blockedby')}' is no step of '{name}', as '{r.text('operation')}' is",
                        "only steps of one routing can depend on each other here")
                continue
            after[r.text("operation")][r.text("blockedby")] = r.take("hardsafetyleadtime", duration, 0)
        cost = sum(s.row.take("cost", money, 0) for s in steps) + (row.take("cost", money, 0) if routing else 0)
        return Way(row, steps, after, self._takes(name) if routing else [], priority, cost)

    def _takes(self, operation: str) -> list[tuple[str, int]]:
        for item, quantity, row in self.flows.get(operation, []):
            if quantity > 0 and quantity != 1:
                row.wrong("quantity", f"operation '{operation}' makes {quantity} of '{item}' at once",
                          "write 1; count the operation in pieces of what it makes")
        return [(item, max(1, -int(quantity))) for item, quantity, _ in self.flows.get(operation, []) if quantity < 0]

    def _suppliers(self) -> dict[str, list[tuple[int, int, int]]]:
        """(priority, lead time, cost) of each item's suppliers, most preferred first."""
        found: dict[str, list[tuple[int, int, int]]] = {}
        for row in self.folder["itemsupplier"]:
            effective(row, since, until)
            priority = row.take("priority", whole, 1)
            self._at(row.needed("item"), row)
            if priority:
                lead = row.take("leadtime", duration, 0) + row.take("hardsafetyleadtime", duration, 0)
                found.setdefault(row.text("item"), []).append((priority, lead, row.take("cost", money, 0)))
        return {item: sorted(own) for item, own in found.items()}

    def _made(self, item: str) -> list[Way]:
        """The ways to make an item, none where buying it is preferred."""
        ways, bought = self.ways.get(item, []), self.suppliers.get(item, [])
        return [] if bought and (not ways or bought[0][0] < ways[0].priority) else ways

    def _pool(self, way: Way) -> Pool | None:
        """Lot sizes of what a way makes, None for lots as needed."""
        least, multiple = (way.row.take(name, whole, 1) for name in ("sizeminimum", "sizemultiple"))
        if least <= 1 and multiple <= 1:
            return None
        return Pool(within=f"{way.row.take('batchwindow', duration, 0)} ms", minimum=max(1, least),
                    multiple=max(1, multiple))

    def _component(self, item: str, row: Row, path: tuple[str, ...]) -> None:
        if item in self.components:
            return
        if item in path:
            row.wrong("item", f"item '{item}' needs itself: {' -> '.join((*path[path.index(item):], item))}",
                      "remove one of these materials")
            return
        ways, bought = self._made(item), self.suppliers.get(item, [])
        stock = self.stock.get(item, 0)
        if item in self.endless:
            self.components[item] = Component(stock=stock, buy=Buy(lead_time=0))
        elif ways:
            uses = self._uses(ways[0], (*path, item))
            operations, plans = self._routing(ways)
            self.components[item] = Component(stock=stock, material_cost=_cost(ways[0].cost), operations=operations,
                                              sub_plans=plans, components=uses, pool=self._pool(ways[0]))
        elif bought:
            (_, lead, cost), *others = bought
            quick = min((o for o in others if o[1] < lead), key=lambda o: (o[1], o[2]), default=None)
            self.components[item] = Component(stock=stock, buy=Buy(
                lead_time=f"{lead} ms", price=_cost(cost),
                expedite=Expedite(lead_time=f"{quick[1]} ms", price=_cost(quick[2])) if quick else None))
        elif stock:
            self.components[item] = Component(stock=stock)
        else:
            row.wrong("item", f"item '{item}' is neither made nor bought nor in stock",
                      "add an operation, an item supplier or a buffer for it")

    def _uses(self, way: Way, path: tuple[str, ...]) -> tuple[ComponentUse, ...]:
        found = []
        for at, takes in [(None, way.takes), *((step.name, step.takes) for step in way.steps)]:
            for item, pieces in takes:
                self._component(item, way.row, path)
                found.append(ComponentUse(component=item, quantity=pieces, at=at))
        return tuple(found)

    def _routing(self, ways: list[Way]) -> tuple[dict[str, Operation], dict[str, SubPlan]]:
        """The most preferred way, and the others as alternatives of its only step, or as sub-plans of all of it."""
        first, *others = ways
        operations = {step.name: self._operation(first, step) for step in first.steps}
        plans: dict[str, SubPlan] = {}
        for way in others:
            if way.bill != first.bill:
                way.row.wrong("name", f"'{way.row.text('name')}' takes other material than '{first.row.text('name')}'",
                              "ways to make one item must take the same; keep one of them")
            elif way.cost != first.cost:
                way.row.wrong("cost", f"'{way.row.text('name')}' costs other than '{first.row.text('name')}'",
                              "ways to make one item must cost the same per piece")
            elif len(way.steps) == len(first.steps) == 1:
                name = first.steps[0].name
                operations[name] = _or(operations[name], self._operation(way, way.steps[0]))
            else:
                plans[way.row.text("name")] = SubPlan(
                    replaces=tuple(operations), operations={s.name: self._operation(way, s) for s in way.steps})
        return operations, plans

    def _operation(self, way: Way, step: Step) -> Operation:
        use = self.machines.use(step.name, step.row.text("location"))
        fixed = step.row.take("duration", duration, 0)
        per = step.row.take("durationper", duration, 0) if step.row.text("type").lower() == "time_per" else 0

        def work(machine: Resource | None) -> Work:
            percent = machine.efficiency if machine else Decimal(100)
            return Work(fixed=_slower(fixed, percent), per_piece=_slower(per, percent))

        def needs(machine: Resource) -> dict[str, str]:
            return {"setup": use.setup} if use.setup in machine.setups else {}

        links = {name: Link(minimum=f"{gap} ms") for name, gap in way.after[step.name].items() if gap}
        after = tuple(way.after[step.name])
        if not use.machines:
            return Operation(resources=(self.machines.nowhere(step.row.text("location")),), work=work(None),
                             after=after, links=links, pausing=use.paused)
        first, *others = use.machines
        return Operation(
            resources=first.names, needs=needs(first), work=work(first), after=after, links=links, crews=use.crews,
            pausing=use.paused, alternatives=tuple(
                Alternative(resources=m.names, needs=needs(m), work=work(m)) for m in others))


def _or(operation: Operation, other: Operation) -> Operation:
    """The operation, or as the other one is run."""
    ways: list[Operation | Alternative] = [other, *other.alternatives]
    more = [Alternative(resources=w.resources, needs=w.needs, work=w.work,
                        crews=other.crews if w.crews is None else w.crews) for w in ways]
    return operation.model_copy(update={"alternatives": (*operation.alternatives, *more),
                                        "pausing": operation.pausing or other.pausing})


def _slower(millis: int, percent: Decimal) -> str:
    """A duration at an efficiency, rounded up to milliseconds."""
    return f"{-int(-(Decimal(millis) * 100 / percent) // 1)} ms"


def _cost(cents: int) -> Decimal:
    return Decimal(cents) / 100
