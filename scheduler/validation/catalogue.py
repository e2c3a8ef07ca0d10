"""Which template each lot follows: the effects of choices, an item written once for all choices that leave it alone."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.domain.catalog import Choice, Component, ComponentUse, Family, Operation
from scheduler.domain.orders import Variant
from scheduler.domain.plant import PlannedMaintenance
from scheduler.domain.scenario import Scenario
from scheduler.validation.expansion import expanded
from scheduler.validation.templates import Detail, Draft, Template, Way, filled

Chosen = tuple[tuple[str, str], ...]


class Catalogue:
    """templates: in the order in which they were first asked for."""

    def __init__(self, scenario: Scenario):
        self.catalog = scenario.catalog
        self.variants = scenario.orders.variants
        self.templates: list[Template] = []
        self._asked: dict[tuple[int, str], int] = {}
        self._written: dict[tuple[object, ...], int] = {}
        self._relevant: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, variant: int, item: str) -> int:
        """Number of the template for `item` ('' for the product) in an order of `variant` (-1: a shared lot)."""
        number = self._asked.get((variant, item))
        if number is None:
            number = self._asked[variant, item] = self._find(self.variants[variant] if variant >= 0 else None, item)
        return number

    def maintenance(self, resource: str, name: str, planned: PlannedMaintenance) -> int:
        """Number of the template for a planned maintenance of a resource: one operation that may pause."""
        key = ("maintenance", resource, name)
        if key not in self._written:
            self._written[key] = len(self.templates)
            way = Way((None, (), (resource,)), (planned.duration, 0, 1), 0)
            self.templates.append(Template((name,), ((way,),), (), (), 0, (Detail(pausing=True, origin=name),)))
        return self._written[key]

    def _find(self, variant: Variant | None, item: str) -> int:
        """Choices matter only to families and their components: routings and shared lots know none."""
        family = variant.family if variant else None
        key: tuple[object, ...]
        if variant is None or family is None:
            chosen: Chosen = ()
            key = (item, chosen) if item else ("own routing", len(self.templates))
        else:
            relevant = self._matters(family, item)
            chosen = tuple((o, c) for o, c in variant.choices if o in relevant)
            key = (item, chosen, family) if chosen or not item else (item, chosen)
        if key not in self._written:
            self._written[key] = len(self.templates)
            self.templates.append(self._write(variant, item, chosen))
        return self._written[key]

    def _matters(self, family: str, item: str) -> frozenset[str]:
        """Options whose choices touch the item, or of which something it depends on is named."""
        if (family, item) not in self._relevant:
            self._relevant[family, item] = self._options(self.catalog.families[family], item)
        return self._relevant[family, item]

    def _options(self, family: Family, item: str) -> frozenset[str]:
        source = self.catalog.components[item] if item else family
        every = [choice for option in family.options.values() for choice in option.choices.values()]
        touched = any(self._touches(choice, item) for choice in every)
        texts = _texts(source.operations.values(), source.components)
        texts += [t for plan in source.sub_plans.values() for t in _texts(plan.operations.values(), ())]
        if touched or not item:
            texts += [t for c in every for t in _texts(c.add_operations.values(), c.add_components)]
            changes = [change for c in every for change in c.change_operations.values()]
            texts += [t for change in changes for t in (change.needs or {}).values()]
            texts += [t for c in every for t in c.remove_components]
        if touched and item:
            texts += _texts((), family.components)
            texts += [t for c in self.catalog.components.values() for t in _texts((), c.components)]
        text = "\n".join(t for t in texts if "{" in t)
        return frozenset(
            name for name, option in family.options.items()
            if "{" + name + "}" in text or any(
                self._touches(choice, item) or (touched and (choice.add_components or choice.remove_components))
                for choice in option.choices.values()))

    def _write(self, variant: Variant | None, item: str, chosen: Chosen) -> Template:
        family = self.catalog.families[variant.family] if variant and variant.family else None
        source = self.catalog.components[item] if item else family or (variant.routing if variant else None)
        if source is None:
            return Draft().finished((), 0)
        draft = Draft()
        _base(draft, source.operations, source.components)
        choices = [family.options[o].choices[c] for o, c in chosen] if family else []
        if item and family:
            self._component(draft, family, item, choices, chosen, source)
        else:
            for choice in choices:
                self._remove_uses(draft, choice, chosen)
                self._removals(draft, choice, item)
                draft.take(choice.add_components)
                self._additions(draft, choice, item)
        extra = 0 if item else sum(choice.cost for choice in choices)
        material = source.material_cost + extra
        if not (draft.asks or source.sub_plans or source.holds):
            return draft.finished(chosen, material)
        return expanded(draft, source.sub_plans.values(), source.holds, chosen, material)

    def _component(self, draft: Draft, family: Family, item: str, choices: list[Choice], chosen: Chosen,
                   source: object) -> None:
        """A choice reaches a component that is in the product by then; taken out and put in again, it is new."""
        assert isinstance(source, Component)
        product = Draft()
        product.take(family.components)
        for choice in choices:
            self._remove_uses(product, choice, chosen)
            if self._below(product, item, chosen):
                self._removals(draft, choice, item)
            else:
                draft.ways, draft.before, draft.uses, draft.asks = {}, {}, [], {}
                _base(draft, source.operations, source.components)
            product.take(choice.add_components)
            if self._below(product, item, chosen):
                self._additions(draft, choice, item)

    def _below(self, product: Draft, item: str, chosen: Chosen) -> bool:
        """Whether the item is anywhere below the product."""
        open_items = [filled(use[0], chosen) for use in product.uses]
        seen: set[str] = set()
        while open_items:
            name = open_items.pop()
            if name not in seen and name in self.catalog.components:
                seen.add(name)
                open_items += [filled(use.component, chosen) for use in self.catalog.components[name].components]
        return item in seen

    @staticmethod
    def _remove_uses(draft: Draft, choice: Choice, chosen: Chosen) -> None:
        gone = {filled(name, chosen) for name in choice.remove_components}
        draft.uses = [use for use in draft.uses if filled(use[0], chosen) not in gone]

    def _mine(self, names: Iterable[str], item: str) -> dict[str, str]:
        """The names that speak of the item's operations, with the bare name of each."""
        if item:
            return {name: name[len(item) + 1:] for name in names if name.startswith(f"{item}/")}
        return {name: name for name in names
                if "/" not in name or name.partition("/")[0] not in self.catalog.components}

    def _touches(self, choice: Choice, item: str) -> bool:
        """Whether a choice does anything to the item, or to the material it costs."""
        names = (*choice.remove_operations, *choice.add_operations, *choice.change_operations)
        for_product = choice.cost or choice.add_components or choice.remove_components
        return bool(self._mine(names, item) or (for_product and not item))

    def _removals(self, draft: Draft, choice: Choice, item: str) -> None:
        for bare in self._mine(choice.remove_operations, item).values():
            draft.remove(bare)

    def _additions(self, draft: Draft, choice: Choice, item: str) -> None:
        for name, bare in self._mine(choice.add_operations, item).items():
            added = choice.add_operations[name]
            named = (*(added.after or ()), *added.before, *added.links, *added.same_resource_as,
                     *added.other_resource_than, *added.start_with)
            draft.add(bare, added, self._mine(named, item))
        for name, bare in self._mine(choice.change_operations, item).items():
            draft.change(bare, choice.change_operations[name])


def _base(draft: Draft, operations: dict[str, Operation], uses: Iterable[ComponentUse]) -> None:
    """The item as the catalog gives it; without `after`, an operation comes after the one listed before it."""
    previous: tuple[str, ...] = ()
    for name, operation in operations.items():
        draft.put(name, operation, previous if operation.after is None else operation.after)
        previous = (name,)
    draft.take(uses)


def _texts(operations: Iterable[Operation], uses: Iterable[ComponentUse]) -> list[str]:
    """All texts in which '{option}' may stand."""
    found = [use.component for use in uses]
    for operation in operations:
        found += operation.needs.values()
        found += [operation.batch] if operation.batch else []
        for other in operation.alternatives:
            found += (other.needs or {}).values()
    return found
