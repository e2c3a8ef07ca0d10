"""What one lot of an item consists of, read from the catalog anew for the judge: operations, ways, arcs, needs.

Nothing here is shared with the planner on purpose: a mistake in the planner's explosion must not excuse itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import gcd
from typing import NamedTuple

from scheduler.domain.catalog import (
    AddedOperation,
    Alternative,
    ComponentUse,
    Link,
    Operation,
    OperationChange,
    Work,
)
from scheduler.domain.plant import CrewNeed, FixtureNeed

Span = tuple[int, int, int]
"""(fixed, per piece, divisor): a lot of q pieces takes (fixed + per piece x q) / divisor milliseconds, exactly."""
Ability = tuple[str | None, tuple[tuple[str, str], ...], tuple[str, ...] | None]
"""(capability, needs, resources) that decide which resources in which configurations can do an operation."""


BEYOND = frozenset(("crews", "fixtures", "loading", "unloading", "pausing", "links", "same_resource_as",
                    "other_resource_than", "start_with", "split", "batch", "places"))
"""Fields of an operation that the plain shop does not know."""


class Way(NamedTuple):
    """One way to run an operation: 0 as given, k its k-th alternative. cost: hundredths."""

    ability: Ability
    span: Span
    cost: int
    crews: tuple[CrewNeed, ...] = ()
    fixtures: tuple[FixtureNeed, ...] = ()


class Detail(NamedTuple):
    """What one operation of a template asks for beyond the plain shop. loading, unloading: milliseconds.

    origin: its name in the catalog; part: (i, k) where it is part i of k of a split lot, each of at least `minimum`
    pieces. choice, branch: present only where this branch of the choice is taken (-1: always).
    """

    pausing: bool = False
    loading: int = 0
    unloading: int = 0
    batch: str | None = None
    places: int = 1
    same: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    origin: str = ""
    part: tuple[int, int] = (1, 1)
    minimum: int = 1
    choice: int = -1
    branch: int = -1


PLAIN = Detail()


class Held(NamedTuple):
    """`number` of a fixture from the reconfiguration for operation `first` to the end of `last`."""

    fixture: str
    number: int
    first: int
    last: int


class Use(NamedTuple):
    """`quantity` pieces of `component` per piece, there before each of the operations `targets` starts."""

    component: str
    quantity: int
    targets: tuple[int, ...]


class Template(NamedTuple):
    """A lot of an item with certain choices. arcs: (before, after), operation numbers. material: hundredths a piece.

    details: one for each operation, none at all in a plain shop. links: (place in `arcs`, what it says).
    """

    names: tuple[str, ...]
    ways: tuple[tuple[Way, ...], ...]
    arcs: tuple[tuple[int, int], ...]
    uses: tuple[Use, ...]
    material: int
    details: tuple[Detail, ...] = ()
    links: tuple[tuple[int, Link], ...] = ()
    holds: tuple[Held, ...] = ()


@dataclass(slots=True)
class WayDraft:
    """A way being written; None is inherited from the operation itself."""

    capability: str | None
    needs: Mapping[str, str] | None
    resources: tuple[str, ...] | None
    span: Span | None
    cost: int | None
    crews: tuple[CrewNeed, ...] | None = ()
    fixtures: tuple[FixtureNeed, ...] | None = ()


def _span(work: Work) -> Span:
    return work.fixed, work.per_piece, 1


def filled(text: str, chosen: Iterable[tuple[str, str]]) -> str:
    """The text with '{option}' replaced by the choice of that option."""
    if "{" in text:
        for option, choice in chosen:
            text = text.replace("{" + option + "}", choice)
    return text


@dataclass
class Draft:
    """An item being written: ways and predecessors of each operation, uses as (component, quantity, operations).

    asks: operations that ask for something beyond the plain shop.
    """

    ways: dict[str, list[WayDraft]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)
    uses: list[tuple[str, int, list[str]]] = field(default_factory=list)
    asks: dict[str, Operation] = field(default_factory=dict)

    def put(self, name: str, operation: Operation, after: Iterable[str]) -> None:
        first = WayDraft(operation.capability, operation.needs, operation.resources, _span(operation.work),
                         operation.cost, operation.crews, operation.fixtures)
        self.ways[name] = [first, *map(_alternative, operation.alternatives)]
        self.before[name] = set(after)
        if not (operation.model_fields_set.isdisjoint(BEYOND)
                and all(a.model_fields_set.isdisjoint(BEYOND) for a in operation.alternatives)):
            self.asks[name] = operation

    def take(self, uses: Iterable[ComponentUse]) -> None:
        self.uses += [(use.component, use.quantity, [use.at] if use.at else []) for use in uses]

    def last(self) -> list[str]:
        """Operations without successor."""
        followed = set().union(*self.before.values())
        return [name for name in self.ways if name not in followed]

    def remove(self, name: str) -> None:
        """Joins the predecessors of an operation to its successors.

        What it waited for, its successors wait for; without any, the other operations that take the same component.
        """
        if name not in self.ways:
            return
        del self.ways[name]
        self.asks.pop(name, None)
        earlier = self.before.pop(name)
        later = [other for other, preds in self.before.items() if name in preds]
        for other in later:
            self.before[other] = (self.before[other] - {name}) | earlier
        rest = {use[0]: [t for u in self.uses if u[0] == use[0] for t in u[2] if t != name] for use in self.uses}
        self.uses = [(c, q, ([t for t in at if t != name] + later or rest[c]) if name in at else at)
                     for c, q, at in self.uses]

    def add(self, name: str, operation: AddedOperation, plain: Mapping[str, str]) -> None:
        """Puts a choice's operation in its place; `plain` maps names written with their component to those without."""
        before = [plain.get(b, b) for b in operation.before]
        if operation.after is not None:
            after = [plain.get(a, a) for a in operation.after]
        else:
            after = [] if before else self.last()
        self.put(name, operation, after)
        if name in self.asks:
            self.asks[name] = operation.model_copy(update={
                "links": {plain.get(a, a): link for a, link in operation.links.items()},
                **{field: tuple(plain.get(a, a) for a in getattr(operation, field))
                   for field in ("same_resource_as", "other_resource_than", "start_with")}})
        for other in before:
            if other in self.before:
                self.before[other].add(name)

    def change(self, name: str, change: OperationChange) -> None:
        """Replacing touches the operation as given; adding and scaling also alternatives with a value of their own."""
        if name not in self.ways:
            return
        first = self.ways[name][0]
        first.capability = first.capability if change.capability is None else change.capability
        first.needs = first.needs if change.needs is None else change.needs
        first.span = first.span if change.work is None else _span(change.work)
        first.cost = first.cost if change.cost is None else change.cost
        for way in self.ways[name]:
            if way.span is not None:
                way.span = _changed(way.span, change)
            if way.cost is not None:
                way.cost += change.add_cost or 0

    def finished(self, chosen: tuple[tuple[str, str], ...], material: int) -> Template:
        """The plain part of the template; an item without operations is bought as it is and needs nothing."""
        number = {name: i for i, name in enumerate(self.ways)}
        arcs = [(number[p], number[name]) for name, preds in self.before.items() for p in sorted(preds) if p in number]
        after = {b for _, b in arcs}
        roots = tuple(i for i in number.values() if i not in after)
        uses = tuple(Use(filled(component, chosen), quantity,
                         tuple(dict.fromkeys(number[t] for t in at if t in number)) or roots)
                     for component, quantity, at in self.uses) if number else ()
        return Template(tuple(number), tuple(_finished(ways, chosen) for ways in self.ways.values()), tuple(arcs), uses,
                        material)


def _changed(span: Span, change: OperationChange) -> Span:
    fixed, piece, divisor = span
    if change.add_work is not None:
        fixed, piece = fixed + change.add_work.fixed * divisor, piece + change.add_work.per_piece * divisor
    if change.duration_percent is not None:
        fixed, piece, divisor = fixed * change.duration_percent, piece * change.duration_percent, divisor * 100
    common = gcd(fixed, piece, divisor)
    return fixed // common, piece // common, divisor // common


def _alternative(given: Alternative) -> WayDraft:
    return WayDraft(given.capability, given.needs, given.resources, _span(given.work) if given.work else None,
                    given.cost, given.crews, given.fixtures)


def _finished(ways: list[WayDraft], chosen: tuple[tuple[str, str], ...]) -> tuple[Way, ...]:
    base, row = ways[0], []
    for way in ways:
        needs = (base.needs if way.needs is None else way.needs) or {}
        ability = (base.capability if way.capability is None else way.capability,
                   tuple(sorted((k, filled(v, chosen)) for k, v in needs.items())) if needs else (),
                   base.resources if way.resources is None else way.resources)
        row.append(Way(ability, way.span or base.span or (0, 0, 1), (base.cost if way.cost is None else way.cost) or 0,
                       (base.crews if way.crews is None else way.crews) or (),
                       (base.fixtures if way.fixtures is None else way.fixtures) or ()))
    return tuple(row)
