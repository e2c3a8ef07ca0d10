"""A variant taken apart: items, operations, modes and precedence after all effects of its choices."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.orders import Variant
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.errors import InputError, Location
from scheduler.planning.crews import Staff
from scheduler.planning.drafts import Drafter, ItemDraft, UseDraft, nearest
from scheduler.planning.effects import Effects
from scheduler.planning.layout import Layout, Node
from scheduler.planning.modes import Places
from scheduler.planning.network import cycle_of
from scheduler.planning.relations import exclusions, holds, links
from scheduler.planning.ruled import dynamic
from scheduler.planning.template import (
    PLAIN_FOLLOW,
    PLAIN_STEP,
    Follow,
    Item,
    Step,
    StepShop,
    Supply,
    Template,
    WayShop,
)
from scheduler.planning.ways import Finder

_FINDERS: WeakKeyDictionary[Scenario, tuple[Places, Staff]] = WeakKeyDictionary()
_ROWS: WeakKeyDictionary[Scenario, dict[int, int]] = WeakKeyDictionary()


def explode(scenario: Scenario, variant: Variant) -> Template:
    """The template of a variant (a family with its choices, or an order's own routing).

    Material cost of the product includes its choices' costs. Tools are leaves; `explode_tool` takes them apart. Raises
    InputError with all mistakes: unknown names, a cycle, an operation nothing can run, what excludes each other.
    """
    drafter = _drafter(scenario, dict(variant.choices))
    if variant.family is not None:
        family = scenario.catalog.families[variant.family]
        where: Location = ("catalog", "families", variant.family)
        drafter.optional = [name for option in family.options.values() for choice in option.choices.values()
                            for name in choice.add_operations]
        product = ItemDraft("", where, None, drafter.steps(family.operations, where), tuple(family.operations),
                            family.sub_plans, family.holds)
        drafter.use(product, family.components, (*where, "components"), ("",))
        effects, material = Effects(drafter, family, product), family.material_cost
        for option, chosen in variant.choices:
            choice = family.options[option].choices[chosen]
            effects.apply(choice, (*where, "options", option, "choices", chosen))
            material += choice.cost
    else:
        assert variant.routing is not None
        routing, material = variant.routing, variant.routing.material_cost
        where = ("orders", _row(scenario, variant), "routing")
        product = ItemDraft("", where, None, drafter.steps(routing.operations, where), tuple(routing.operations),
                            routing.sub_plans, routing.holds)
        drafter.use(product, routing.components, (*where, "components"), ("",))
    return _finished(scenario, drafter, product, material)


def explode_tool(scenario: Scenario, name: str) -> Template:
    """The template of a component made in lots shared by orders (a tool, which is made once, or a pooled part), with
    what it needs itself and without any choices; raises like `explode`."""
    drafter = _drafter(scenario, {})
    item = drafter.component(name, ("catalog", "components", name), ())
    if item is None:
        raise InputError(drafter.mistakes)
    return _finished(scenario, drafter, item, item.spec.material_cost if item.spec else 0)


def _drafter(scenario: Scenario, choices: dict[str, str]) -> Drafter:
    return Drafter(scenario.catalog, choices, any(spec.planned_maintenance for cell in scenario.plant.cells.values()
                                                  for spec in cell.resources.values()))


def _row(scenario: Scenario, variant: Variant) -> int:
    """The first order of a variant, 0 where it has none."""
    if scenario not in _ROWS:
        orders = scenario.orders
        numbers, rows = np.unique(orders.variant, return_index=True)
        _ROWS[scenario] = {id(orders.variants[v]): row for v, row in zip(numbers.tolist(), rows.tolist())}
    return _ROWS[scenario].get(id(variant), 0)


def _finished(scenario: Scenario, drafter: Drafter, root: ItemDraft, material: int) -> Template:
    if scenario not in _FINDERS:
        _FINDERS[scenario] = Places(scenario), Staff(scenario)
    builder = _Builder(scenario, drafter, *_FINDERS[scenario], root.where)
    builder.add(root, -1, UseDraft(root, 1, []), material)
    if drafter.mistakes:
        raise InputError(drafter.mistakes)
    return builder.template()


class _Builder:
    """Writes drafts down as items and steps, depth-first."""

    def __init__(self, scenario: Scenario, drafter: Drafter, places: Places, staff: Staff, root: Location):
        self.scenario, self.drafter, self.staff, self.root = scenario, drafter, staff, root
        self.finder = Finder(scenario, drafter, places, staff)
        self.items: list[Item] = []
        self.steps: list[Step] = []
        self.supplies: list[Supply] = []
        self.holds: list[tuple[int, int, int, int]] = []
        self.links: list[tuple[int, int, int]] = []
        self.choices = 0
        self._layouts: list[Layout | None] = []
        self._names: list[list[str]] = []

    def template(self) -> Template:
        steps, finder = self.steps, self.finder
        ruled = bool(len(finder.teams) > 1 or len(finder.fixtures) > 1 or self.choices or self.holds or self.links
                     or self.supplies or any(s.shop.pausing or s.shop.batch or s.shop.links for s in steps))
        return Template(tuple(self.items), tuple(steps), self.scenario.axis.tick, ruled, tuple(finder.teams),
                        tuple(finder.fixtures), tuple(self.holds), tuple(self.links), tuple(self.supplies))

    def add(self, draft: ItemDraft, parent: int, use: UseDraft, material: int) -> None:
        me, first = len(self.items), len(self.steps)
        leaf = draft.tool and parent >= 0
        layout = None if _plain(draft) else Layout(self.drafter, draft, self.scenario.axis)
        self._layouts.append(layout)
        self._names.append(list(draft.steps))
        if not draft.steps and (draft.spec is None or (draft.spec.operations and not leaf)):
            chosen = ", ".join(f"{option} {choice}" for option, choice in self.drafter.choices.items())
            self.drafter.wrong(draft.where, f"no operation is left with {chosen}",
                               "keep one, remove the component as a whole, or exclude these choices by a rule")
        if layout is None:
            sinks = self._write_plain(draft, me, first)
        else:
            self._check_cycle(draft, {node.name: [layout.nodes[p].name for p in node.after] for node in layout.nodes})
            self._write(layout, me, first)
            sinks = layout.sinks()
        spec = draft.spec
        buy = spec.buy if spec else None
        self.items.append(Item(
            draft.component, parent, 1 if leaf else use.quantity, self._at(draft, parent, use), leaf, first,
            len(self.steps), tuple(first + i for i in sinks), material, spec.stock_value if spec else 0,
            self.scenario.axis.duration(buy.lead_time) if buy else -1, buy.price if buy else 0,
            parent >= 0 and draft.pooled,
            self._supplied(draft, me) if parent >= 0 and spec is not None and dynamic(spec) else False))
        if draft.steps:
            for below in draft.uses.values():
                self.add(below.item, me, below, below.item.spec.material_cost if below.item.spec else 0)

    def _write_plain(self, draft: ItemDraft, me: int, first: int) -> list[int]:
        """Writes the operations of an item without choices, and returns those without successor."""
        places = {name: i for i, name in enumerate(draft.steps)}
        forward, before = True, set()
        for i, (name, step) in enumerate(draft.steps.items()):
            after = [places[n] for n in dict.fromkeys(step.after)]
            forward = forward and all(p < i for p in after)
            before.update(after)
            ways, needs = self.finder.ways(name, step)
            self.steps.append(Step(name, me, tuple([first + p for p in after]), ways,
                                   StepShop(ways=needs) if needs else PLAIN_STEP))
        if not forward:
            self._check_cycle(draft, {name: step.after for name, step in draft.steps.items()})
        return [i for i in range(len(places)) if i not in before]

    def _write(self, layout: Layout, me: int, first: int) -> None:
        for name, at in layout.places.items():
            exclusions(self.drafter, name, layout.nodes[at].step)
        for node in layout.nodes:
            after = tuple(first + p for p in node.after)
            ways, needs = self.finder.ways(node.name, node.step, node.part > 1 or node.parts > 1)
            self.steps.append(Step(node.name, me, after, ways, self._shop(node, needs)))
        self.choices += layout.choices
        self.links += [(kind, first + a, first + b) for kind, a, b in links(self.drafter, layout)]
        self.holds += [(fixture, number, first + a, first + b)
                       for fixture, number, a, b in holds(self.drafter, layout, self.staff)]

    def _shop(self, node: Node, needs: tuple[WayShop, ...]) -> StepShop:
        special = node.step.special
        if special is None and node.choice < 0 and not needs:
            return PLAIN_STEP
        follows: tuple[Follow, ...] = tuple(node.after.values())
        if all(follow == PLAIN_FOLLOW for follow in follows):
            follows = ()
        return StepShop(
            pausing=special is not None and special.pausing, batch=self.finder.batch(node.step),
            places=special.places if special else 1, links=follows,
            choice=self.choices + node.choice if node.choice >= 0 else -1, branch=node.branch, part=node.part,
            parts=node.parts, least=node.least, ways=needs)

    def _supplied(self, draft: ItemDraft, item: int) -> bool:
        spec, axis = draft.spec, self.scenario.axis
        assert spec is not None
        ways = [(SOURCES.index("stock"), 0, spec.stock_value)]
        if spec.buy is not None:
            ways.append((SOURCES.index("buy"), axis.duration(spec.buy.lead_time), spec.buy.price))
            faster = spec.buy.expedite
            if faster is not None:
                ways.append((SOURCES.index("expedite"), axis.duration(faster.lead_time), faster.price))
        total = spec.stock + sum(arrival.quantity for arrival in spec.arrivals)
        self.supplies.append(Supply(item, total, tuple(ways)))
        return True

    def _check_cycle(self, draft: ItemDraft, after: dict[str, list[str]]) -> None:
        circle = cycle_of(after)
        if circle:
            plans = {name: plan for plan, spec in draft.sub_plans.items() for name in spec.operations}
            inner = () if circle[0] not in plans or circle[0] in draft.steps else ("sub_plans", plans[circle[0]])
            self.drafter.wrong((*draft.where, *inner, "operations", circle[0]),
                               "operations wait for each other: " + " -> ".join(circle), "break this circle")

    def _at(self, draft: ItemDraft, parent: int, use: UseDraft) -> tuple[int, ...]:
        if parent < 0:
            return ()
        layout, consumer, names = self._layouts[parent], self.items[parent], self._names[parent]
        found: list[int] = []
        for at in use.at:
            if at is None:
                found += [i for i in range(consumer.first, consumer.last) if not self.steps[i].after]
            elif at in names:
                found += [consumer.first + i for i in (layout.starts[at] if layout else [names.index(at)])]
            else:
                where = ("catalog", "components", consumer.component) if consumer.component else self.root
                self.drafter.wrong((*where, "components"),
                                   f"component '{draft.component}' is needed at operation '{at}', which is not there",
                                   nearest(at, names))
        return tuple(sorted(set(found)))


def _plain(draft: ItemDraft) -> bool:
    """Whether an item has nothing to lay out."""
    return not draft.sub_plans and not draft.holds and all(step.special is None for step in draft.steps.values())
