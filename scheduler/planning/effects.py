"""What the choices of a variant do to its items and operations."""

from __future__ import annotations

from scheduler.domain.catalog import AddedOperation, Choice, Family
from scheduler.errors import Location
from scheduler.planning.drafts import Drafter, ItemDraft, nearest


class Effects:
    """Applies choices, one after the other, to the draft of a product.

    Operations are named as in the product, or 'component/operation' for those of a component anywhere below it. What
    another choice has removed cannot be changed or removed any more, and that is no mistake; a name that nothing in
    the family has is one.
    """

    def __init__(self, drafter: Drafter, family: Family, product: ItemDraft):
        self.drafter, self.family, self.product = drafter, family, product

    def apply(self, choice: Choice, where: Location) -> None:
        for i, name in enumerate(choice.remove_components):
            self._remove_component(self.drafter.resolve(name, (*where, "remove_components", i)),
                                   (*where, "remove_components", i))
        for i, name in enumerate(choice.remove_operations):
            for item, step in self._find(name, (*where, "remove_operations", i)):
                remove(item, step)
        self.drafter.use(self.product, choice.add_components, (*where, "add_components"), ("",))
        for name, operation in choice.add_operations.items():
            self._add(name, operation, (*where, "add_operations", name))
        for name, change in choice.change_operations.items():
            for item, step in self._find(name, (*where, "change_operations", name)):
                item.steps[step].change(change)

    def _remove_component(self, name: str, where: Location) -> None:
        if self.product.uses.pop(name, None) is None:
            uses = [*self.family.components, *(use for option in self.family.options.values()
                                               for choice in option.choices.values() for use in choice.add_components)]
            known = list(dict.fromkeys(self.drafter.resolve(use.component, where) for use in uses))
            if name not in known:
                self.drafter.wrong(where, f"component '{name}' is not used", nearest(name, known))

    def _items(self, name: str) -> tuple[list[ItemDraft], str]:
        """The items a name speaks of, and the bare name of the operation."""
        component, slash, step = name.partition("/")
        if name in self.product.steps or not slash:
            return [self.product], name
        return self.product.below(component), step

    def _known(self) -> list[str]:
        added = [n for option in self.family.options.values() for choice in option.choices.values()
                 for n in choice.add_operations]
        below = [f"{c}/{n}" for c, spec in self.drafter.catalog.components.items() for n in spec.operations]
        return list(dict.fromkeys((*self.family.operations, *added, *below)))

    def _find(self, name: str, where: Location) -> list[tuple[ItemDraft, str]]:
        items, step = self._items(name)
        found = [(item, step) for item in items if step in item.steps]
        self._shared([item for item, _ in found], name, where)
        if not found and name not in (known := self._known()):
            self.drafter.wrong(where, f"unknown operation '{name}'", nearest(name, known))
        return found

    def _shared(self, items: list[ItemDraft], name: str, where: Location) -> None:
        if any(item.pooled for item in items):
            self.drafter.wrong(where, f"operation '{name}' belongs to a component made in lots shared by orders",
                               "leave out this effect, or the component's 'pool'")

    def _add(self, name: str, operation: AddedOperation, where: Location) -> None:
        items, step = self._items(name)
        prefix = name[:len(name) - len(step)]
        if not items and prefix[:-1] not in self.drafter.catalog.components:
            self.drafter.wrong(where, f"unknown component '{prefix[:-1]}'",
                               nearest(prefix[:-1], list(self.drafter.catalog.components)))
        self._shared(items, name, where)
        for item in items:
            if step in item.steps:
                self.drafter.wrong(where, f"operation '{name}' is already there", "give it another name")
                continue
            bare = {k: [n.removeprefix(prefix) for n in names or ()]
                    for k, names in (("after", operation.after), ("before", operation.before))}
            for k, names in bare.items():
                for other in names:
                    if other not in item.steps:
                        self.drafter.wrong((*where, k), f"operation '{other}' is not there (any more)",
                                           nearest(other, list(item.steps)))
            after = item.sinks() if operation.after is None and not operation.before else bare["after"]
            item.steps[step] = self.drafter.step(operation, [n for n in after if n in item.steps], where, prefix)
            for other in bare["before"]:
                if other in item.steps:
                    item.steps[other].after.append(step)


def remove(item: ItemDraft, name: str) -> None:
    """Removes an operation and joins its predecessors to its successors, which then wait for what it waited for."""
    gone = item.steps.pop(name)
    successors: list[str | None] = []
    for other, step in item.steps.items():
        if name in step.after:
            successors.append(other)
            at = step.after.index(name)
            step.after[at:at + 1] = [n for n in gone.after if n not in step.after]
    for use in item.uses.values():
        if name in use.at:
            use.at = [n for n in use.at if n != name] + successors or [None]
