"""A variant taken apart: items, operations, modes and precedence after all effects of its choices."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.orders import Variant
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Location
from scheduler.planning.drafts import Drafter, ItemDraft, StepDraft, UseDraft, WayDraft, nearest
from scheduler.planning.effects import Effects
from scheduler.planning.modes import Places
from scheduler.planning.network import cycle_of
from scheduler.planning.template import Item, Step, Template, Way

_PLACES: WeakKeyDictionary[Scenario, Places] = WeakKeyDictionary()
_ROWS: WeakKeyDictionary[Scenario, dict[int, int]] = WeakKeyDictionary()


def explode(scenario: Scenario, variant: Variant) -> Template:
    """The template of a variant (a family with its choices, or an order's own routing).

    Material cost of the product includes its choices' costs. Tools are leaves; `explode_tool` takes them apart. Raises
    InputError with all mistakes: unknown names, a cycle, an operation nothing can run.
    """
    drafter = Drafter(scenario.catalog, dict(variant.choices))
    if variant.family is not None:
        family = scenario.catalog.families[variant.family]
        where: Location = ("catalog", "families", variant.family)
        product = ItemDraft("", where, None, drafter.steps(family.operations, where))
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
        product = ItemDraft("", where, None, drafter.steps(routing.operations, where))
        drafter.use(product, routing.components, (*where, "components"), ("",))
    return _finished(scenario, drafter, product, material)


def explode_tool(scenario: Scenario, name: str) -> Template:
    """The template of a tool, which is made once for all orders, with what it needs itself; raises like `explode`."""
    drafter = Drafter(scenario.catalog, {})
    item = drafter.component(name, ("catalog", "components", name), ())
    if item is None:
        raise InputError(drafter.mistakes)
    return _finished(scenario, drafter, item, item.spec.material_cost if item.spec else 0)


def _row(scenario: Scenario, variant: Variant) -> int:
    """The first order of a variant, 0 where it has none."""
    if scenario not in _ROWS:
        orders = scenario.orders
        numbers, rows = np.unique(orders.variant, return_index=True)
        _ROWS[scenario] = {id(orders.variants[v]): row for v, row in zip(numbers.tolist(), rows.tolist())}
    return _ROWS[scenario].get(id(variant), 0)


def _finished(scenario: Scenario, drafter: Drafter, root: ItemDraft, material: int) -> Template:
    if scenario not in _PLACES:
        _PLACES[scenario] = Places(scenario)
    builder = _Builder(scenario, drafter, _PLACES[scenario], root.where)
    builder.add(root, -1, UseDraft(root, 1, []), material)
    if drafter.mistakes:
        raise InputError(drafter.mistakes)
    return Template(tuple(builder.items), tuple(builder.steps), scenario.axis.tick, drafter.ruled)


class _Builder:
    """Writes drafts down as items and steps, depth-first."""

    def __init__(self, scenario: Scenario, drafter: Drafter, places: Places, root: Location):
        self.scenario, self.drafter, self.places, self.root = scenario, drafter, places, root
        self.items: list[Item] = []
        self.steps: list[Step] = []
        self._names: list[dict[str, int]] = []

    def add(self, draft: ItemDraft, parent: int, use: UseDraft, material: int) -> None:
        me, first = len(self.items), len(self.steps)
        leaf = draft.tool and parent >= 0
        names = {name: first + i for i, name in enumerate(draft.steps)}
        self._names.append(names)
        self._check_cycle(draft)
        if not draft.steps and (draft.spec is None or (draft.spec.operations and not leaf)):
            chosen = ", ".join(f"{option} {choice}" for option, choice in self.drafter.choices.items())
            self.drafter.wrong(draft.where, f"no operation is left with {chosen}",
                               "keep one, remove the component as a whole, or exclude these choices by a rule")
        for name, step in draft.steps.items():
            after = tuple(names[n] for n in dict.fromkeys(step.after))
            self.steps.append(Step(name, me, after, self._ways(name, step)))
        spec = draft.spec
        buy = spec.buy if spec else None
        self.items.append(Item(
            draft.component, parent, 1 if leaf else use.quantity, self._at(draft, parent, use), leaf, first,
            len(self.steps), tuple(names[n] for n in draft.sinks()), material, spec.stock_value if spec else 0,
            self.scenario.axis.duration(buy.lead_time) if buy else -1, buy.price if buy else 0))
        if draft.steps:
            for below in draft.uses.values():
                self.add(below.item, me, below, below.item.spec.material_cost if below.item.spec else 0)

    def _check_cycle(self, draft: ItemDraft) -> None:
        done: set[str] = set()
        for name, step in draft.steps.items():
            if not done.issuperset(step.after):
                circle = cycle_of({n: s.after for n, s in draft.steps.items()})
                if circle:
                    self.drafter.wrong((*draft.where, "operations", circle[0]),
                                       "operations wait for each other: " + " -> ".join(circle), "break this circle")
                return
            done.add(name)

    def _at(self, draft: ItemDraft, parent: int, use: UseDraft) -> tuple[int, ...]:
        if parent < 0:
            return ()
        names, consumer = self._names[parent], self.items[parent]
        found: list[int] = []
        for at in use.at:
            if at is None:
                found += [i for i in range(consumer.first, consumer.last) if not self.steps[i].after]
            elif at in names:
                found.append(names[at])
            else:
                where = ("catalog", "components", consumer.component) if consumer.component else self.root
                self.drafter.wrong((*where, "components"),
                                   f"component '{draft.component}' is needed at operation '{at}', which is not there",
                                   nearest(at, list(names)))
        return tuple(sorted(set(found)))

    def _ways(self, name: str, step: StepDraft) -> tuple[Way, ...]:
        main = step.main
        found: list[Way] = []
        before = len(self.drafter.mistakes)
        for k, way in enumerate((main, *step.alternatives)):
            full = _inherited(way, main)
            if full.capability is None and full.resources is None:
                self.drafter.wrong(step.where, f"operation '{name}' has neither capability nor resources",
                                   "name the capability it needs or the resources that run it")
                continue
            for other in full.resources or ():
                if not self.places.knows(other):
                    self.drafter.wrong((*step.where, "resources"), f"unknown resource '{other}'",
                                       nearest(other, [r.id for r in self.scenario.resources]))
            needs = {a: self.drafter.resolve(v, step.where) for a, v in (full.needs or {}).items()}
            work, cost = full.work, full.cost
            assert work is not None
            assert cost is not None
            if cost < 0:
                self.drafter.wrong(step.where, f"operation '{name}' would cost less than nothing ({cost / 100:.2f})",
                                   "add less negative amounts")
            found += [Way(r, c, k, *work, cost) for r, c in self.places.find(full.capability, needs, full.resources)]
        if not found and len(self.drafter.mistakes) == before:
            self.drafter.wrong(step.where, f"no resource can run operation '{name}': nothing has {_asked(self, step)}",
                               "give a configuration of a cell what it asks for, or change what it asks for")
        return tuple(found)


def _inherited(way: WayDraft, main: WayDraft) -> WayDraft:
    return WayDraft(main.capability if way.capability is None else way.capability,
                    main.needs if way.needs is None else way.needs,
                    main.resources if way.resources is None else way.resources,
                    main.work if way.work is None else way.work, main.cost if way.cost is None else way.cost)


def _asked(builder: _Builder, step: StepDraft) -> str:
    main = step.main
    parts = [f"capability '{main.capability}'"] if main.capability is not None else []
    parts += [f"{a} '{builder.drafter.resolve(v, step.where)}'" for a, v in (main.needs or {}).items()]
    return " with ".join(parts) + (" among " + ", ".join(main.resources) if main.resources else "")
