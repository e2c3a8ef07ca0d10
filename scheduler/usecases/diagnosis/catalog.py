"""Checks of the catalog: names in families, options, rules, components and operations, and circles among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import networkx as nx

from scheduler.domain.catalog import Alternative, Catalog, Choice, Component, ComponentUse, Family, Operation
from scheduler.domain.orders import Routing
from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings, chain, instead
from scheduler.usecases.diagnosis.materials import check_component
from scheduler.usecases.diagnosis.routing import RoutingCheck, precedence
from scheduler.usecases.diagnosis.rules import broken_rules, default_choices
from scheduler.usecases.diagnosis.shop import Shop
from scheduler.usecases.diagnosis.staff import StaffCheck

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class CatalogCheck:
    """Checks all items of a catalog against each other and against what the plant can do."""

    def __init__(self, catalog: Catalog, shop: Shop, staff: StaffCheck, found: Findings):
        self.catalog, self.shop, self.staff, self.found = catalog, shop, staff, found
        self.maintained = any(spec.planned_maintenance for cell in staff.plant.cells.values()
                              for spec in cell.resources.values())
        self.options = list(dict.fromkeys(o for family in catalog.families.values() for o in family.options))
        self.below = [f"{c}/{o}" for c, spec in catalog.components.items() for o in spec.operations]

    def run(self) -> None:
        for name, family in self.catalog.families.items():
            self._family(family, ("catalog", "families", name))
        for name, component in self.catalog.components.items():
            where: Location = ("catalog", "components", name)
            check_component(name, component, where, self.maintained, self.found)
            self.item(component, where, self.options)
        self._bill_of_materials()

    def item(self, item: Family | Component | Routing, where: Location, options: Collection[str],
             further: Collection[str] = ()) -> None:
        """Operations and uses of one item. `further`: operations that choices may add."""
        operations = item.operations
        known = [*operations, *further]
        self._operations(operations, where, options)
        for name, plan in item.sub_plans.items():
            self._operations(plan.operations, (*where, "sub_plans", name), options)
        for n, use in enumerate(item.components):
            self._use(use, (*where, "components", n), options, known)
        self._routing(item, where).run()

    def _routing(self, item: Family | Component | Routing, where: Location) -> RoutingCheck:
        prefix = f"{where[-1]}/" if where[:2] == ("catalog", "components") else ""
        families = [item] if isinstance(item, Family) else self.catalog.families.values() if prefix else []
        added = {name.removeprefix(prefix): operation for family in families for option in family.options.values()
                 for choice in option.choices.values() for name, operation in choice.add_operations.items()
                 if name.startswith(prefix)}
        return RoutingCheck(item, where, added, self.shop, self.staff, self.found)

    def _operations(self, operations: Mapping[str, Operation], where: Location, options: Collection[str]) -> None:
        for name, operation in operations.items():
            place = (*where, "operations", name)
            for n, other in enumerate(operation.after or ()):
                if other not in operations:
                    self.found.unknown((*place, "after", n), "operation", other, list(operations))
            self._operation(operation, place, options)
        self._precedence(operations, where)

    def _operation(self, operation: Operation, where: Location, options: Collection[str]) -> None:
        ways: list[Operation | Alternative] = [operation, *operation.alternatives]
        if operation.capability is None and operation.resources is None:
            self.found.add(where, f"operation '{where[-1]}' has neither capability nor resources",
                           "name the capability it needs or the resources that run it")
            ways = []
        for k, way in enumerate(ways):
            place = (*where, "alternatives", k - 1) if k else where
            self._ask(way.capability or operation.capability, operation.needs if way.needs is None else way.needs,
                      operation.resources if way.resources is None else way.resources, place, options)
            phases = {"loading": operation.loading, "unloading": operation.unloading}
            self.staff.crews(way.crews or (), (*place, "crews"), phases)
            self.staff.held(way.fixtures or (), (*place, "fixtures"))
        self._batch(operation, where, options)

    def _batch(self, operation: Operation, where: Location, options: Collection[str]) -> None:
        if operation.batch is None:
            if operation.places != 1:
                self.found.add((*where, "places"), "'places' without a batch class", "name its 'batch', or take it out")
            return
        self._placeholders(operation.batch, (*where, "batch"), options)
        able = self.shop.able(operation)
        room = [self.shop.capacity.get(self.shop.resources[resource]) for resource in able]
        if able and not any(room):
            self.found.add((*where, "batch"), f"operation '{where[-1]}' has a 'batch' class, and no resource that can "
                           "run it takes batches", "write 'batch: {capacity: ...}' for a cell, or take the class out")
        elif able and None not in room and operation.places > max(filter(None, room)):
            self.found.add((*where, "places"), f"a piece takes {operation.places} places, and no resource that can run "
                           f"it has more than {max(filter(None, room))}", "write fewer places, or a larger capacity")

    def _ask(self, capability: str | None, needs: Mapping[str, str], resources: tuple[str, ...] | None, where: Location,
             options: Collection[str]) -> None:
        for attribute, value in needs.items():
            self._placeholders(value, (*where, "needs", attribute), options)
        self.shop.check(capability, dict(needs), resources, where, self.found)

    def _placeholders(self, text: str, where: Location, options: Collection[str]) -> None:
        for option in PLACEHOLDER.findall(text):
            if option not in options:
                self.found.unknown(where, "option", option, options, f" in '{text}'")

    def _use(self, use: ComponentUse, where: Location, options: Collection[str], operations: Collection[str]) -> None:
        self._placeholders(use.component, (*where, "component"), options)
        if "{" not in use.component and use.component not in self.catalog.components:
            self.found.unknown((*where, "component"), "component", use.component, list(self.catalog.components))
        if use.at is not None and use.at not in operations:
            self.found.unknown((*where, "at"), "operation", use.at, operations)

    def _family(self, family: Family, where: Location) -> None:
        choices = [(o, c, spec) for o, option in family.options.items() for c, spec in option.choices.items()]
        added = list(dict.fromkeys(name for _, _, spec in choices for name in spec.add_operations))
        self.item(family, where, list(family.options), added)
        routing = self._routing(family, where)
        before = len(self.found)
        for name, option in family.options.items():
            if option.default not in option.choices:
                self.found.unknown((*where, "options", name, "default"), "choice", option.default, list(option.choices),
                                   f" as the default of option '{name}'")
        self._rules(family, where)
        if len(self.found) == before:
            for broken, what, remedy in broken_rules(family, default_choices(family)):
                self.found.add((*where, "options", broken, "default"), f"the default choices break a rule: {what}",
                               remedy)
        for o, c, spec in choices:
            self._choice(family, spec, (*where, "options", o, "choices", c), added, routing)

    def _rules(self, family: Family, where: Location) -> None:
        for n, rule in enumerate(family.rules):
            for part in ("when", "requires", "excludes"):
                for option, wanted in getattr(rule, part).items():
                    place = (*where, "rules", n, part, option)
                    if option not in family.options:
                        self.found.unknown(place, "option", option, list(family.options))
                        continue
                    for choice in (wanted,) if isinstance(wanted, str) else wanted:
                        if choice not in family.options[option].choices:
                            self.found.unknown(place, "choice", choice, list(family.options[option].choices),
                                               f" of option '{option}'")
            if not rule.requires and not rule.excludes:
                self.found.add((*where, "rules", n), "a rule that neither requires nor excludes anything",
                               "add 'requires' or 'excludes'")

    def _choice(self, family: Family, choice: Choice, where: Location, added: Collection[str],
                routing: RoutingCheck) -> None:
        options, known = list(family.options), [*family.operations, *added]
        everywhere = [*known, *self.below]
        for name, operation in choice.add_operations.items():
            place = (*where, "add_operations", name)
            component, slash, _ = name.rpartition("/")
            if name in family.operations:
                self.found.add(place, f"operation '{name}' is there without this choice",
                               "give the added one another name")
            if slash and component not in self.catalog.components:
                self.found.unknown(place, "component", component, list(self.catalog.components))
            for side, names in (("after", operation.after or ()), ("before", operation.before)):
                for n, other in enumerate(names):
                    if other not in everywhere and f"{component}/{other}" not in everywhere:
                        self.found.unknown((*place, side, n), "operation", other, everywhere)
            self._operation(operation, place, options)
            if slash and component in self.catalog.components:
                spec = self.catalog.components[component]
                inside = self._routing(spec, ("catalog", "components", component))
                inside.operation(name.removeprefix(f"{component}/"), operation, place, None, f"{component}/")
            elif not slash:
                routing.operation(name, operation, place, None)
        for name in (*choice.add_operations, *choice.remove_operations, *choice.change_operations):
            self._shared(name, choice, where)
        for n, use in enumerate(choice.add_components):
            self._use(use, (*where, "add_components", n), options, known)
        for n, name in enumerate(choice.remove_operations):
            if name not in everywhere:
                self.found.unknown((*where, "remove_operations", n), "operation", name, everywhere)
        all_choices = [c for option in family.options.values() for c in option.choices.values()]
        uses = (family.components, *(c.add_components for c in all_choices))
        used = [use.component for some in uses for use in some]
        for n, name in enumerate(choice.remove_components):
            if "{" not in name and name not in used and not any(_matches(u, name) for u in used):
                self.found.add((*where, "remove_components", n), f"component '{name}' is not used here",
                               instead(name, used, "component"))
        for name, change in choice.change_operations.items():
            place = (*where, "change_operations", name)
            if name not in everywhere:
                self.found.unknown(place, "operation", name, everywhere)
            self._ask(change.capability, change.needs or {}, None, place, options)

    def _shared(self, name: str, choice: Choice, where: Location) -> None:
        """A choice cannot change what is made in lots that several orders share."""
        component = self.catalog.components.get(name.rpartition("/")[0])
        if component is None or component.pool is None:
            return
        for kind in ("add_operations", "remove_operations", "change_operations"):
            names = list(getattr(choice, kind))
            if name in names:
                key: str | int = names.index(name) if kind == "remove_operations" else name
                self.found.add((*where, kind, key), f"operation '{name}' belongs to a component with 'pool', made in "
                               "lots of several orders", "leave this effect out, or the component's 'pool'")

    def _precedence(self, operations: Mapping[str, Operation], where: Location) -> None:
        for cycle in cycles(precedence(operations), list(operations)):
            self.found.add((*where, "operations", cycle[0]),
                           f"operations wait for each other in a circle: {chain(cycle)}",
                           "take one of these 'after' out")

    def _bill_of_materials(self) -> None:
        graph = nx.DiGraph()
        components = self.catalog.components
        for name, component in components.items():
            for use in component.components:
                graph.add_edges_from((name, other) for other in components if _matches(use.component, other))
        for cycle in cycles(graph, list(components)):
            self.found.add(("catalog", "components", cycle[0], "components"),
                           f"components contain each other in a circle: {chain(cycle)}", "take one of these uses out")


def _matches(pattern: str, name: str) -> bool:
    """The name may be what the pattern becomes when its '{option}' are filled in."""
    if "{" not in pattern:
        return pattern == name
    return re.fullmatch(".*".join(re.escape(part) for part in PLACEHOLDER.split(pattern)[::2]), name) is not None


def cycles(graph: nx.DiGraph, order: list[str]) -> list[list[str]]:
    """One circle of each knot of the graph, from its first node in `order`, which is repeated at the end."""
    rank = {name: n for n, name in enumerate(order)}
    found = []
    for knot in nx.strongly_connected_components(graph):
        if len(knot) > 1 or any(graph.has_edge(n, n) for n in knot):
            edges = nx.find_cycle(graph.subgraph(knot), min(knot, key=lambda n: rank.get(n, 0)))
            nodes = [a for a, _ in edges]
            first = nodes.index(min(nodes, key=lambda n: rank.get(n, 0)))
            found.append([*nodes[first:], *nodes[:first], nodes[first]])
    return sorted(found)
