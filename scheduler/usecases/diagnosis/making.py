"""Can every order be made at all: each configuration is taken apart once and held against open hours and stock."""

from __future__ import annotations

import re
from collections.abc import Sequence

import networkx as nx

from scheduler.domain.assemble import assemble
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry, Variant
from scheduler.domain.plant import Cell, Crew, Plant, Reconfiguration, ResourceSpec, Transport
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import MAX_MILLIS
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import InputError, Location, Mistake
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template
from scheduler.usecases.diagnosis.findings import MAX_MONEY, Findings
from scheduler.usecases.diagnosis.fitting import FitCheck
from scheduler.usecases.diagnosis.hours import check_hours
from scheduler.usecases.diagnosis.plant import sound
from scheduler.usecases.diagnosis.rules import broken_rules, default_choices
from scheduler.usecases.diagnosis.windows import longest_windows

MAX_PIECES = 10**12
QUOTED = re.compile(r"'([^']*)'")


class MakingCheck:
    """Explodes the configurations of sound orders in a copy of the plant without its wrong references.

    `groups`: the entries of each configuration that can be built, by position.
    """

    def __init__(self, file: ScenarioFile, entries: Sequence[OrderEntry], groups: list[list[int]],
                 floor: Sequence[FloorEntry], found: Findings):
        self.file, self.entries, self.floor, self.found = file, entries, floor, found
        self.firsts = [group[0] for group in groups]
        self.scenario = assemble(without_references(file), [entries[i] for i in self.firsts])
        self.members: list[list[int]] = [[] for _ in self.scenario.orders.variants]
        for group, variant in zip(groups, self.scenario.orders.variant.tolist()):
            self.members[variant] += group
        self.demand: dict[str, int] = {}
        self.noted: set[tuple[Location, str]] = set()
        self.places = {m.where[:n] for m in found.mistakes for n in range(4, len(m.where) + 1)}
        self.exact = {m.where for m in found.mistakes}
        self.unknown = {name for m in found.mistakes if m.what.startswith("unknown")
                        for name in QUOTED.findall(m.what)[:1]}
        self.circles = {_circle(m.what) for m in found.mistakes}
        self.knots = {m.where[:3] for m in found.mistakes if "sub_plans" in m.where or "split" in m.where}

    def run(self) -> None:
        longest = longest_windows(self.scenario)
        for resource, length in zip(self.scenario.resources, longest):
            if length == 0:
                self.found.add(("plant", "cells", resource.cell, "resources", resource.id),
                               f"resource '{resource.id}' is never open",
                               "give its calendar shifts outside of its closures")
        check_hours(self.scenario, self.floor, self.found)
        fit = FitCheck(self.scenario, self.entries, longest, self.found)
        for variant, members in zip(self.scenario.orders.variants, self.members):
            template = self._exploded(variant, f" (order '{self.entries[members[0]].id}')")
            if template is not None and self._within_reach(template, members):
                fit.run(template, members)
                self._count(template, members)
        for name, family in self.file.catalog.families.items():
            choices = default_choices(family)
            known = all(c in family.options[o].choices for o, c in choices.items())
            if known and not any(broken_rules(family, choices)):
                self._exploded(Variant(name, tuple(choices.items())), "")
        self._short()

    def _exploded(self, variant: Variant, whose: str) -> Template | None:
        try:
            return explode(self.scenario, variant)
        except InputError as error:
            for mistake in error.mistakes:
                self._note(mistake, whose)
            return None

    def _note(self, mistake: Mistake, whose: str) -> None:
        """Notes a mistake of a configuration once, unless one has been found at, above or below its place before."""
        where = mistake.where
        if where[:1] == ("orders",) and len(where) > 1:
            where, whose = ("orders", self.firsts[int(where[1])], *where[2:]), ""
        known = where in self.places or where in self.exact
        known = known or any(where[:n] in self.exact for n in range(4, len(where) + 1))
        circle = _circle(mistake.what)
        if circle and where[:3] in self.knots:
            return
        known = known or not self.unknown.isdisjoint(QUOTED.findall(mistake.what))
        if not known and (where, mistake.what) not in self.noted and not (circle and circle in self.circles):
            self.noted.add((where, mistake.what))
            self.found.add(where, mistake.what + whose, mistake.instead)

    def _count(self, template: Template, members: list[int]) -> None:
        """Adds what the orders need of the components of the product itself."""
        total = sum(self.entries[i].quantity for i in members)
        for item in template.items[1:]:
            if item.parent == 0:
                self.demand[item.component] = self.demand.get(item.component, 0) + item.quantity * total

    def _within_reach(self, template: Template, members: list[int]) -> bool:
        """The figures of the largest order can be computed with."""
        i = max(members, key=lambda i: self.entries[i].quantity)
        order, quantity = self.entries[i].id, self.entries[i].quantity
        wrong = ""
        dearest = sum(n * quantity * (item.material_cost + item.stock_value + item.price)
                      for n, item in zip(template.pieces, template.items))
        if max(template.pieces) * quantity > MAX_PIECES:
            wrong = f"order '{order}' needs more than {MAX_PIECES} pieces of a component"
        elif dearest > MAX_MONEY:
            wrong = f"the materials of order '{order}' may cost more than {MAX_MONEY // 100}"
        elif any(way.fixed + way.per_piece * quantity * template.pieces[step.item] > MAX_MILLIS * way.scale
                 for step in template.steps for way in step.ways):
            wrong = f"an operation of order '{order}' takes longer than 300 years"
        if wrong:
            self.found.add(("orders", i, "quantity"), wrong, "order fewer pieces, or use less for each")
        return not wrong

    def _short(self) -> None:
        """Components that can neither be made nor bought while the stock is short."""
        components = self.file.catalog.components
        graph = nx.DiGraph([(name, use.component) for name, spec in components.items() for use in spec.components])
        graph.add_nodes_from(self.demand)
        if not nx.is_directed_acyclic_graph(graph):
            return
        for name in nx.topological_sort(graph):
            need, spec = self.demand.get(name, 0), components.get(name)
            if spec is None or need == 0:
                continue
            tool = spec.kind == "tool"
            stock = spec.stock + sum(arrival.quantity for arrival in spec.arrivals)
            missing = int(spec.stock == 0) if tool else max(0, need - stock)
            if missing and not spec.operations and spec.buy is None:
                needed = "is needed" if tool else f"is needed {need} times"
                self.found.add(("catalog", "components", name),
                               f"component '{name}' {needed}, {stock} are in stock"
                               f"{' or arrive' if spec.arrivals else ''}, and it can neither be made nor bought",
                               "add 'operations' or 'buy', or raise 'stock'")
            if not missing or not spec.operations:
                continue
            if tool or spec.pool is not None:
                self._check_tool(name)
            for use in spec.components:
                self.demand[use.component] = self.demand.get(use.component, 0) + use.quantity * missing

    def _check_tool(self, name: str) -> None:
        try:
            explode_tool(self.scenario, name)
        except InputError as error:
            for mistake in error.mistakes:
                self._note(mistake, "")


def _circle(what: str) -> frozenset[str]:
    """The names on the circle that a message tells of."""
    return frozenset(what.rpartition(": ")[2].split(" -> ")) if " -> " in what else frozenset()


def without_references(file: ScenarioFile) -> ScenarioFile:
    """The file with every unknown name of the plant left out, so that a scenario can be built from it."""
    cells = {name: _clean(cell, file.plant) for name, cell in file.plant.cells.items() if sound(cell)}
    crews = {name: _staffed(crew, file.plant) for name, crew in file.plant.crews.items()}
    plant = file.plant.model_copy(update={"cells": cells, "crews": crews, "transport": Transport(), "buffers": {}})
    return file.model_copy(update={"plant": plant, "policy": Policy(), "customers": {}, "floor": None})


def _staffed(crew: Crew, plant: Plant) -> Crew:
    return crew.model_copy(update={"skills": {skill: max(1, percent) for skill, percent in crew.skills.items()},
                                   "calendar": crew.calendar if crew.calendar in plant.calendars else None,
                                   "shifts": tuple(s for s in crew.shifts if s.calendar in plant.calendars)})


def _clean(cell: Cell, plant: Plant) -> Cell:
    known = cell.all_configurations

    def place(spec: Cell | ResourceSpec) -> dict[str, str | None]:
        return {"location": spec.location if spec.location in plant.locations else None,
                "calendar": spec.calendar if spec.calendar in plant.calendars else None}

    resources = {name: spec.model_copy(update={
        **place(spec),
        "initial_configuration": spec.initial_configuration if spec.initial_configuration in known else None})
        for name, spec in cell.resources.items()}
    return cell.model_copy(update={**place(cell), "resources": resources, "reconfiguration": Reconfiguration()})
