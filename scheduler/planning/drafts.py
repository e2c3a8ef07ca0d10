"""Drafts: the items and operations of a variant while choices still change them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import gcd
from typing import NamedTuple

from scheduler.domain.catalog import (
    Alternative,
    Catalog,
    Component,
    ComponentUse,
    Hold,
    Operation,
    OperationChange,
    SubPlan,
    Work,
)
from scheduler.errors import InputError, Location, Mistake

SPECIAL = frozenset(("crews", "fixtures", "loading", "unloading", "pausing", "links", "same_resource_as",
                     "other_resource_than", "start_with", "split", "batch", "places"))
MAINTENANCE = "maintenance"
"""The item of planned maintenance."""
_OPTION = re.compile(r"\{([^{}]+)\}")


class Scaled(NamedTuple):
    """fixed / scale and per_piece / scale milliseconds: percentages stay exact until the one rounding to ticks."""

    fixed: int
    per_piece: int
    scale: int = 1

    def plus(self, work: Work) -> Scaled:
        return Scaled(self.fixed + work.fixed * self.scale, self.per_piece + work.per_piece * self.scale, self.scale)

    def percent(self, value: int) -> Scaled:
        common = gcd(self.fixed * value, self.per_piece * value, self.scale * 100)
        return Scaled(self.fixed * value // common, self.per_piece * value // common, self.scale * 100 // common)


def scaled(work: Work) -> Scaled:
    return Scaled(work.fixed, work.per_piece)


@dataclass(slots=True)
class WayDraft:
    """The operation as given, or an alternative, where None is inherited from it."""

    capability: str | None
    needs: dict[str, str] | None
    resources: tuple[str, ...] | None
    work: Scaled | None
    cost: int | None


@dataclass(slots=True)
class StepDraft:
    """special: the operation where it says anything beyond a plain one; the names in it begin with `prefix`."""

    main: WayDraft
    alternatives: list[WayDraft]
    after: list[str]
    where: Location
    special: Operation | None = None
    prefix: str = ""

    def change(self, change: OperationChange) -> None:
        """Replacements reach the operation; additions and percentages also alternatives with values of their own."""
        main = self.main
        main.capability = main.capability if change.capability is None else change.capability
        main.needs = main.needs if change.needs is None else change.needs
        main.work = main.work if change.work is None else scaled(change.work)
        main.cost = main.cost if change.cost is None else change.cost
        for way in (main, *self.alternatives):
            if way.work is not None:
                way.work = way.work if change.add_work is None else way.work.plus(change.add_work)
                way.work = way.work if change.duration_percent is None else way.work.percent(change.duration_percent)
            if way.cost is not None:
                way.cost += change.add_cost or 0


@dataclass
class UseDraft:
    """All uses of one component in one item. at: names of the waiting operations, None: those without predecessor."""

    item: ItemDraft
    quantity: int
    at: list[str | None]


@dataclass
class ItemDraft:
    """listed: operations of a product before any choice (of a component its spec says)."""

    component: str
    where: Location
    spec: Component | None
    steps: dict[str, StepDraft] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    sub_plans: dict[str, SubPlan] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    uses: dict[str, UseDraft] = field(default_factory=dict)

    @property
    def tool(self) -> bool:
        return self.spec is not None and self.spec.kind == "tool"

    @property
    def pooled(self) -> bool:
        return self.spec is not None and self.spec.pool is not None

    def below(self, component: str) -> list[ItemDraft]:
        """All items of that component below this one, but not below what is made in lots shared by orders."""
        return [found for use in self.uses.values() for found in (
            ([use.item] if use.item.component == component else [])
            + ([] if use.item.pooled else use.item.below(component)))]

    def sinks(self) -> list[str]:
        before = {name for step in self.steps.values() for name in step.after}
        return [name for name in self.steps if name not in before]


def nearest(name: str, known: list[str]) -> str:
    """'write 'x'' with the nearest known name, or the list of them."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"write '{close[0]}'"
    return "write one of " + ", ".join(f"'{k}'" for k in known[:8]) if known else "remove it"


class Drafter:
    """Drafts items of one variant; collects mistakes on the way.

    maintained: maintenance is planned somewhere; optional: operations that some choice could add, as the family names
    them.
    """

    def __init__(self, catalog: Catalog, choices: dict[str, str], maintained: bool = False):
        self.catalog, self.choices, self.maintained = catalog, choices, maintained
        self.mistakes: list[Mistake] = []
        self.optional: list[str] = []

    def wrong(self, where: Location, what: str, instead: str) -> None:
        mistake = Mistake(where, what, instead)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def resolve(self, text: str, where: Location) -> str:
        """The text with each '{option}' replaced by the choice of that option."""
        if "{" not in text:
            return text

        def choice(found: re.Match[str]) -> str:
            if found[1] not in self.choices:
                self.wrong(where, f"'{text}' names option '{found[1]}', which is not there",
                           nearest(found[1], list(self.choices)))
            return self.choices.get(found[1], found[0])

        return _OPTION.sub(choice, text)

    def step(self, operation: Operation, after: list[str], where: Location, prefix: str = "") -> StepDraft:
        def way(spec: Operation | Alternative) -> WayDraft:
            work = None if spec.work is None else scaled(spec.work)
            return WayDraft(spec.capability, spec.needs, spec.resources, work, spec.cost)

        special = not SPECIAL.isdisjoint(operation.model_fields_set) or any(
            not SPECIAL.isdisjoint(a.model_fields_set) for a in operation.alternatives)
        return StepDraft(way(operation), [way(a) for a in operation.alternatives], after, where,
                         operation if special else None, prefix)

    def steps(self, operations: dict[str, Operation], where: Location) -> dict[str, StepDraft]:
        """Operations as listed; without `after` each comes after the one listed before it."""
        found: dict[str, StepDraft] = {}
        previous: list[str] = []
        for name, operation in operations.items():
            place = (*where, "operations", name)
            after = previous if operation.after is None else list(dict.fromkeys(operation.after))
            for other in after:
                if other not in operations:
                    self.wrong((*place, "after"), f"unknown operation '{other}'", nearest(other, list(operations)))
            found[name] = self.step(operation, [a for a in after if a in operations], place)
            previous = [name]
        return found

    def component(self, name: str, where: Location, path: tuple[str, ...]) -> ItemDraft | None:
        """The item of a component with all below it; tools stay leaves, since they are made once for everybody.

        Raises InputError on a component that needs itself.
        """
        if name in path:
            circle = " -> ".join((*path[path.index(name):], name))
            raise InputError([Mistake(("catalog", "components", name, "components"),
                                      f"component '{name}' needs itself: {circle}", "remove one of these uses")])
        spec = self.catalog.components.get(name)
        if spec is None:
            self.wrong(where, f"unknown component '{name}'", nearest(name, list(self.catalog.components)))
            return None
        item = ItemDraft(name, ("catalog", "components", name), spec)
        self._sound(item, spec)
        if spec.kind == "part" or not path:  # a tool is taken apart only where it is the root itself
            item.steps = self.steps(spec.operations, item.where)
            item.sub_plans, item.holds = spec.sub_plans, spec.holds
            self.use(item, spec.components, (*item.where, "components"), (*path, name))
        return item

    def _sound(self, item: ItemDraft, spec: Component) -> None:
        """Notes what a component says that it cannot have."""
        if spec.arrivals and (spec.operations or spec.kind == "tool"):
            self.wrong((*item.where, "arrivals"), f"component '{item.component}' is not a bought part and has arrivals",
                       "leave out 'arrivals', or its operations")
        if spec.pool is not None and (not spec.operations or spec.kind == "tool"):
            self.wrong((*item.where, "pool"), f"component '{item.component}' is not a part made and has a pool",
                       "leave out 'pool', or give it operations")
        if item.component == MAINTENANCE and self.maintained:
            self.wrong(item.where, f"no component may be named '{MAINTENANCE}' where maintenance is planned",
                       "give it another name")

    def use(self, item: ItemDraft, uses: tuple[ComponentUse, ...], where: Location, path: tuple[str, ...]) -> None:
        """Adds uses to an item; a component it already uses only gets more pieces and more waiting operations."""
        for i, use in enumerate(uses):
            name = self.resolve(use.component, (*where, i))
            if name not in item.uses:
                made = self.component(name, (*where, i), path)
                if made is None:
                    continue
                item.uses[name] = UseDraft(made, 0, [])
            item.uses[name].quantity += use.quantity
            item.uses[name].at.append(use.at)
