"""Checks of one item's operations against each other: links, splits, holds and sub-plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

import networkx as nx

from scheduler.domain.catalog import Hold, Link, Operation, SubPlan, Work
from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings, listed
from scheduler.usecases.diagnosis.shop import Shop
from scheduler.usecases.diagnosis.staff import StaffCheck

KINDS = ("same_resource_as", "other_resource_than", "start_with")
SHARING = ("transfer", "overlap")
"""Kinds of links by which the next operation begins before the last piece is done."""


class Routed(Protocol):
    """A family, a component or an order's own routing."""

    @property
    def operations(self) -> dict[str, Operation]: ...

    @property
    def sub_plans(self) -> dict[str, SubPlan]: ...

    @property
    def holds(self) -> tuple[Hold, ...]: ...


class RoutingCheck:
    """The operations of an item and those that choices may add to it (`added`), all by their names in the item."""

    def __init__(self, item: Routed, where: Location, added: Mapping[str, Operation], shop: Shop, staff: StaffCheck,
                 found: Findings):
        self.item, self.where, self.shop, self.staff, self.found = item, where, shop, staff, found
        inside = {name: operation for plan in item.sub_plans.values() for name, operation in plan.operations.items()}
        self.own = {**item.operations, **added}
        self.all = {**inside, **self.own}
        self.added = added
        self.splits = {name for name, operation in self.own.items() if operation.split is not None}
        self.graph = precedence(item.operations)
        self.sound = nx.is_directed_acyclic_graph(self.graph)

    def run(self) -> None:
        for name, operation in self.item.operations.items():
            before = [*self.graph.predecessors(name), *self.added] if name in self.graph else []
            self.operation(name, operation, (*self.where, "operations", name), before)
        replaced: dict[str, tuple[str, frozenset[str]]] = {}
        for name, plan in self.item.sub_plans.items():
            self._sub_plan(name, plan, (*self.where, "sub_plans", name), replaced)
        for n, hold in enumerate(self.item.holds):
            self._hold(hold, (*self.where, "holds", n))

    def operation(self, name: str, operation: Operation, where: Location, before: Collection[str] | None,
                  prefix: str = "") -> None:
        """Links of one operation. before: those that come directly before it (None: not known here); prefix: of the
        names it uses."""
        for key, link in operation.links.items():
            other = key.removeprefix(prefix)
            place = (*where, "links", key)
            if other not in self.own and (before is None or other not in before):
                self.found.unknown(place, "operation", key, list(self.all if before is None else before))
            elif before is not None and other not in before:
                self.found.add(place, f"operation '{other}' does not come directly before '{name}'",
                               f"name it in 'after', or link {listed(before)}" if before else "name it in 'after'")
            else:
                self._link(link, place, (name, other))
        for kind in KINDS:
            for n, key in enumerate(getattr(operation, kind)):
                self._pair(kind, name, key.removeprefix(prefix), (*where, kind, n))
        both = [other for other in operation.same_resource_as if other in operation.other_resource_than]
        for other in both:
            self.found.add((*where, "other_resource_than"), f"operation '{name}' must and must not run on the resource "
                           f"of '{other}'", "keep one of them")
        self._split(name, operation, where)

    def _link(self, link: Link, where: Location, names: tuple[str, str]) -> None:
        given = [field for field in ("maximum", *SHARING) if getattr(link, field) is not None]
        if len(given) > 1:
            self.found.add((*where, given[1]), f"'{given[1]}' beside '{given[0]}'", f"keep only one of {listed(given)}")
        elif link.maximum is not None and link.maximum < link.minimum:
            self.found.add((*where, "maximum"), "a maximum below the minimum", "write one of at least the minimum")
        for name in names:
            if name in self.splits and any(field in SHARING for field in given):
                self.found.add(where, f"operation '{name}' may be split, and hands over or takes a part of its lot",
                               "take 'split' out, or leave this link plain")

    def _pair(self, kind: str, name: str, other: str, where: Location) -> None:
        if other not in self.all:
            self.found.unknown(where, "operation", other, [n for n in self.all if n != name])
            return
        if other == name:
            self.found.add(where, f"operation '{name}' names itself in '{kind}'", "name another operation of the item")
            return
        for each in dict.fromkeys((name, other)):
            if each in self.splits:
                self.found.add(where, f"operation '{each}' may be split, and is tied to another one by '{kind}'",
                               "take 'split' or this out")
        if kind == "start_with":
            self._together(name, other, where)
            return
        mine, theirs = (self.shop.able(self.all[each]) for each in (name, other))
        if kind == "same_resource_as" and mine and theirs and not mine & theirs:
            self.found.add(where, f"no resource can run both '{name}' and '{other}'",
                           f"'{name}' runs on {listed(sorted(mine))}, '{other}' on {listed(sorted(theirs))}")
        if kind == "other_resource_than" and len(mine | theirs) == 1:
            self.found.add(where, f"only resource '{next(iter(mine))}' can run '{name}' and '{other}'",
                           "take this out, or give one of them another resource")

    def _together(self, name: str, other: str, where: Location) -> None:
        """Two operations of which one waits for the other and takes time cannot start together."""
        for first, second in ((name, other), (other, name)):
            if (self.sound and first in self.graph and second in self.graph and nx.has_path(self.graph, first, second)
                    and self.all[first].work != Work()):
                self.found.add(where, f"operation '{second}' comes after '{first}', and cannot start with it",
                               f"write an 'after' for '{second}' that does not lead to '{first}'")

    def _split(self, name: str, operation: Operation, where: Location) -> None:
        if operation.split is None:
            return
        if operation.batch is not None:
            self.found.add((*where, "split"), f"operation '{name}' has 'split' and 'batch'", "keep one of them")
        parts = [f"{name} ({i} of {k})" for k in range(2, operation.split.parts + 1) for i in range(1, k + 1)]
        for part in parts:
            if part in self.all:
                self.found.add((*where, "split"), f"another operation is named as a part: '{part}'",
                               "give it another name")

    def _sub_plan(self, name: str, plan: SubPlan, where: Location,
                  replaced: dict[str, tuple[str, frozenset[str]]]) -> None:
        part = frozenset(plan.replaces)
        for n, other in enumerate(plan.replaces):
            place = (*where, "replaces", n)
            if other not in self.own:
                self.found.unknown(place, "operation", other, list(self.own))
            elif other in self.splits:
                self.found.add(place, f"operation '{other}' may be split, and is replaced by sub-plan '{name}'",
                               "take 'split' out, or do not replace it")
            elif replaced.get(other, ("", part))[1] != part:
                self.found.add(place, f"operation '{other}' is replaced by sub-plan '{replaced[other][0]}' together "
                               "with others", "replace the same operations in both, or none of the same")
            replaced.setdefault(other, (name, part))
        self._between(part, where)
        graph = precedence(plan.operations)
        for own, operation in plan.operations.items():
            place = (*where, "operations", own)
            taken = own in self.own or any(own in other.operations for key, other in self.item.sub_plans.items()
                                           if key != name)
            if taken:
                self.found.add(place, f"operation '{own}' is there already", "give that of the sub-plan another name")
            if operation.split is not None:
                self.found.add((*place, "split"), f"operation '{own}' of a sub-plan may be split", "take 'split' out")
            self.operation(own, operation, place, list(graph.predecessors(own)))

    def _between(self, part: frozenset[str], where: Location) -> None:
        """What lies between replaced operations would have to come before and after the sub-plan."""
        if not self.sound or not part <= set(self.graph):
            return
        later, earlier = set[str](), set[str]()
        for name in part:
            later |= nx.descendants(self.graph, name)
            earlier |= nx.ancestors(self.graph, name)
        for name in self.item.operations:
            if name in later & earlier and name not in part:
                self.found.add((*where, "replaces"), f"operation '{name}' lies between operations that are replaced",
                               "replace it too")

    def _hold(self, hold: Hold, where: Location) -> None:
        self.staff.fixture(hold.fixture, hold.number, where)
        for side, name in (("from", hold.from_), ("to", hold.to)):
            if name not in self.all:
                self.found.unknown((*where, side), "operation", name, list(self.all))
            elif name in self.splits:
                self.found.add((*where, side), f"operation '{name}' may be split, and begins or ends a hold",
                               "take 'split' out, or ask for the fixture in the operation")
        if (self.sound and hold.from_ in self.graph and hold.to in self.graph
                and not nx.has_path(self.graph, hold.from_, hold.to)):
            self.found.add((*where, "to"), f"operation '{hold.to}' does not come after '{hold.from_}'",
                           "name an operation that does")


def precedence(operations: Mapping[str, Operation]) -> nx.DiGraph:
    """Which operation comes directly before which; names that are none are left out."""
    graph = nx.DiGraph()
    previous: tuple[str, ...] = ()
    graph.add_nodes_from(operations)
    for name, operation in operations.items():
        after = previous if operation.after is None else operation.after
        graph.add_edges_from((other, name) for other in after if other in operations)
        previous = (name,)
    return graph
