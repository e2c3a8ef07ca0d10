"""What one lot of an item consists of, read from the catalog anew for the judge: operations, ways to run them, arcs, needs.

Nothing here is shared with the planner on purpose: a mistake in the planner's explosion must not excuse itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd

from scheduler.domain.catalog import AddedOperation, Choice, Component, ComponentUse, Family, Operation, OperationChange, Work
from scheduler.domain.orders import Routing, Variant
from scheduler.domain.scenario import Scenario

Span = tuple[int, int, int]
"""(fixed, per piece, divisor): a lot of q pieces takes (fixed + per piece x q) / divisor milliseconds, exactly."""
Ability = tuple[str | None, tuple[tuple[str, str], ...], tuple[str, ...] | None]
"""(capability, needs, resources) that decide which resources in which configurations can do an operation."""


@dataclass(frozen=True)
class Way:
    """One way to run an operation: 0 as given, k its k-th alternative. cost: hundredths."""

    ability: Ability
    span: Span
    cost: int


@dataclass(frozen=True)
class Use:
    """`quantity` pieces of `component` per piece, there before each of the operations `targets` starts."""

    component: str
    quantity: int
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Template:
    """A lot of an item with certain choices. arcs: (before, after) by operation number. material: hundredths per piece."""

    names: tuple[str, ...]
    ways: tuple[tuple[Way, ...], ...]
    arcs: tuple[tuple[int, int], ...]
    uses: tuple[Use, ...]
    material: int


@dataclass
class _Way:
    """A way being written; None is inherited from the operation itself."""

    capability: str | None
    needs: Mapping[str, str] | None
    resources: tuple[str, ...] | None
    span: Span | None
    cost: int | None


@dataclass
class _Draft:
    """An item being written: ways and predecessors per operation, uses as [component, quantity, operations]."""

    ways: dict[str, list[_Way]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)
    uses: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def put(self, name: str, operation: Operation, after: Iterable[str]) -> None:
        first = _Way(operation.capability, operation.needs, operation.resources, _span(operation.work), operation.cost)
        others = [_Way(a.capability, a.needs, a.resources, _span(a.work) if a.work else None, a.cost)
                  for a in operation.alternatives]
        self.ways[name] = [first, *others]
        self.before[name] = set(after)

    def last(self) -> list[str]:
        """Operations without successor."""
        followed = set().union(*self.before.values()) if self.before else set()
        return [name for name in self.ways if name not in followed]

    def remove(self, name: str) -> None:
        """Joins the predecessors of an operation to its successors; what it waited for, its successors wait for."""
        if name not in self.ways:
            return
        del self.ways[name]
        earlier = self.before.pop(name)
        later = [other for other, preds in self.before.items() if name in preds]
        for other in later:
            self.before[other] = (self.before[other] - {name}) | earlier
        self.uses = [(c, q, [*(t for t in at if t != name), *later] if name in at else at) for c, q, at in self.uses]

    def add(self, name: str, operation: AddedOperation, plain: Mapping[str, str]) -> None:
        """Puts a choice's operation in its place; `plain` maps names written with their component to those without."""
        before = [plain.get(b, b) for b in operation.before]
        if operation.after is not None:
            after = [plain.get(a, a) for a in operation.after]
        else:
            after = [] if before else self.last()
        self.put(name, operation, after)
        for other in before:
            if other in self.before:
                self.before[other].add(name)

    def change(self, name: str, change: OperationChange) -> None:
        """Replacing touches the operation as given only; adding and scaling also touch alternatives with a value of their own."""
        if name not in self.ways:
            return
        first = self.ways[name][0]
        if change.capability is not None:
            first.capability = change.capability
        if change.needs is not None:
            first.needs = change.needs
        if change.work is not None:
            first.span = _span(change.work)
        if change.cost is not None:
            first.cost = change.cost
        for way in self.ways[name]:
            if way.span is not None:
                fixed, piece, divisor = way.span
                if change.add_work is not None:
                    fixed += change.add_work.fixed * divisor
                    piece += change.add_work.per_piece * divisor
                if change.duration_percent is not None:
                    fixed, piece, divisor = fixed * change.duration_percent, piece * change.duration_percent, divisor * 100
                common = gcd(fixed, piece, divisor)
                way.span = (fixed // common, piece // common, divisor // common)
            if way.cost is not None and change.add_cost is not None:
                way.cost += change.add_cost


def _span(work: Work) -> Span:
    return work.fixed, work.per_piece, 1


def _filled(text: str, chosen: Sequence[tuple[str, str]]) -> str:
    if "{" in text:
        for option, choice in chosen:
            text = text.replace("{" + option + "}", choice)
    return text


def _effects(draft: _Draft, choice: Choice, item: str, chosen: Sequence[tuple[str, str]]) -> None:
    """One choice's effects on the item ('' for the product): removals, additions, changes."""
    prefix = f"{item}/" if item else ""

    def mine(names: Iterable[str]) -> dict[str, str]:
        return {name: name[len(prefix):] for name in names if name.startswith(prefix)}

    if not item:
        gone = {_filled(name, chosen) for name in choice.remove_components}
        draft.uses = [use for use in draft.uses if _filled(use[0], chosen) not in gone]
    for name in mine(choice.remove_operations).values():
        draft.remove(name)
    if not item:
        draft.uses += [_use(use) for use in choice.add_components]
    for name, plain in mine(choice.add_operations).items():
        added = choice.add_operations[name]
        draft.add(plain, added, mine((*(added.after or ()), *added.before)))
    for name, plain in mine(choice.change_operations).items():
        draft.change(plain, choice.change_operations[name])


def _use(use: ComponentUse) -> tuple[str, int, list[str]]:
    return use.component, use.quantity, [use.at] if use.at else []


def _finished(draft: _Draft, chosen: Sequence[tuple[str, str]], material: int) -> Template:
    number = {name: i for i, name in enumerate(draft.ways)}
    arcs = [(number[p], number[name]) for name, preds in draft.before.items() for p in sorted(preds) if p in number]
    after = {b for _, b in arcs}
    roots = tuple(i for i in number.values() if i not in after)
    ways = []
    for found in draft.ways.values():
        base = found[0]
        row = []
        for way in found:
            needs = base.needs if way.needs is None else way.needs
            row.append(Way(
                (base.capability if way.capability is None else way.capability,
                 tuple(sorted((k, _filled(v, chosen)) for k, v in (needs or {}).items())),
                 base.resources if way.resources is None else way.resources),
                way.span or base.span or (0, 0, 1), (base.cost if way.cost is None else way.cost) or 0))
        ways.append(tuple(row))
    uses = tuple(Use(_filled(component, chosen), quantity,
                     tuple(dict.fromkeys(number[t] for t in at if t in number)) or roots)
                 for component, quantity, at in draft.uses)
    return Template(tuple(number), tuple(ways), tuple(arcs), uses, material)


class Catalogue:
    """Templates by order variant and item, each written once for all choices that make no difference to it."""

    def __init__(self, scenario: Scenario):
        self.catalog = scenario.catalog
        self.variants = scenario.orders.variants
        self.templates: list[Template] = []
        self._found: dict[tuple[object, ...], int] = {}
        self._relevant: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, variant: int, item: str) -> int:
        """Number of the template for `item` ('' for the product) in an order of `variant` (-1: a shared lot)."""
        asked = ("asked", variant, item)
        if asked not in self._found:
            key, chosen, choices = self._key(self.variants[variant] if variant >= 0 else None, variant, item)
            if key not in self._found:
                self._found[key] = len(self.templates)
                self.templates.append(self._write(self._source(variant, item), item, chosen, choices))
            self._found[asked] = self._found[key]
        return self._found[asked]

    def _source(self, variant: int, item: str) -> Family | Routing | Component:
        if item:
            return self.catalog.components[item]
        made = self.variants[variant]
        return self.catalog.families[made.family] if made.family else made.routing or Routing.model_construct(operations={})

    def _key(self, variant: Variant | None, number: int,
             item: str) -> tuple[tuple[object, ...], tuple[tuple[str, str], ...], list[Choice]]:
        """What decides about the template: the item with the choices that matter to it."""
        if variant is None or variant.family is None:
            return (("item", item, ()) if item else ("routing", number)), (), []
        matters = self._matters(variant.family, item)
        chosen = tuple((o, c) for o, c in variant.choices if o in matters)
        options = self.catalog.families[variant.family].options
        choices = [options[o].choices[c] for o, c in chosen]
        return ("item", item or ("family", variant.family), chosen), chosen, choices

    def _matters(self, family: str, item: str) -> tuple[str, ...]:
        """Options whose choices touch the item, or whose choice is part of a name in it."""
        if (family, item) not in self._relevant:
            options = self.catalog.families[family].options
            source = self.catalog.components[item] if item else self.catalog.families[family]
            text = "".join(_texts(source.operations.values(), source.components))
            if not item:
                for option in options.values():
                    for choice in option.choices.values():
                        text += "".join((*_texts(choice.add_operations.values(), choice.add_components),
                                         *choice.remove_components))
            for option in options.values():
                for choice in option.choices.values():
                    text += "".join(t for c in choice.change_operations.values() for t in (c.needs or {}).values())
                    text += "".join(_texts(choice.add_operations.values(), ()))
            self._relevant[family, item] = tuple(
                name for name, option in options.items()
                if "{" + name + "}" in text or any(_touches(choice, item) for choice in option.choices.values()))
        return self._relevant[family, item]

    def _write(self, source: Family | Routing | Component, item: str, chosen: tuple[tuple[str, str], ...],
               choices: list[Choice]) -> Template:
        draft = _Draft()
        previous: tuple[str, ...] = ()
        for name, operation in source.operations.items():
            draft.put(name, operation, previous if operation.after is None else operation.after)
            previous = (name,)
        draft.uses = [_use(use) for use in source.components]
        for choice in choices:
            _effects(draft, choice, item, chosen)
        extra = 0 if item else sum(choice.cost for choice in choices)
        return _finished(draft, chosen, source.material_cost + extra)


def _texts(operations: Iterable[Operation], uses: Iterable[ComponentUse]) -> list[str]:
    """All texts in which '{option}' may stand."""
    found = [use.component for use in uses]
    for operation in operations:
        found += operation.needs.values()
        for other in operation.alternatives:
            found += (other.needs or {}).values()
    return found


def _touches(choice: Choice, item: str) -> bool:
    names = (*choice.remove_operations, *choice.add_operations, *choice.change_operations)
    if item:
        return any(name.startswith(f"{item}/") for name in names)
    return bool(choice.cost or choice.add_components or choice.remove_components or names)
