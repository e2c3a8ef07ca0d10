"""Can every order be made at all: each configuration is taken apart once and held against open hours and stock."""

from __future__ import annotations

import re
from collections.abc import Sequence

import networkx as nx
import numpy as np

from scheduler.domain.assemble import assemble
from scheduler.domain.orders import OrderEntry, Variant
from scheduler.domain.plant import Cell, Plant, Reconfiguration, ResourceSpec, Transport
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import MAX_MILLIS, format_duration
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import InputError, Location, Mistake
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template, durations
from scheduler.usecases.diagnosis.findings import MAX_MONEY, Findings
from scheduler.usecases.diagnosis.plant import sound
from scheduler.usecases.diagnosis.rules import broken_rules, default_choices
from scheduler.usecases.diagnosis.windows import FOREVER, longest_windows

MAX_PIECES = 10**12
QUOTED = re.compile(r"'([^']*)'")


class MakingCheck:
    """Explodes the configurations of sound orders in a copy of the plant without its wrong references.

    `groups`: the entries of each configuration that can be built, by position.
    """

    def __init__(self, file: ScenarioFile, entries: Sequence[OrderEntry], groups: list[list[int]], found: Findings):
        self.file, self.entries, self.found = file, entries, found
        self.firsts = [group[0] for group in groups]
        self.scenario = assemble(_without_references(file), [entries[i] for i in self.firsts])
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

    def run(self) -> None:
        self.longest = longest_windows(self.scenario)
        for resource, length in zip(self.scenario.resources, self.longest):
            if length == 0:
                self.found.add(("plant", "cells", resource.cell, "resources", resource.id),
                               f"resource '{resource.id}' is never open",
                               "give its calendar shifts outside of its closures")
        for variant, members in zip(self.scenario.orders.variants, self.members):
            template = self._exploded(variant, f" (order '{self.entries[members[0]].id}')")
            if template is not None and self._within_reach(template, members):
                self._too_long(template, members)
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
        known = where in self.places or any(where[:n] in self.exact for n in range(4, len(where) + 1))
        circle = _circle(mistake.what)
        known = known or not self.unknown.isdisjoint(QUOTED.findall(mistake.what))
        if not known and (where, mistake.what) not in self.noted and not (circle and circle in self.circles):
            self.noted.add((where, mistake.what))
            self.found.add(where, mistake.what + whose, mistake.instead)

    def _too_long(self, template: Template, members: list[int]) -> None:
        """Operations that fit no window of any resource that can run them, from the largest order down."""
        if not template.steps or min(self.longest) == FOREVER:
            return
        certain = [True]
        for item in template.items[1:]:
            certain.append(certain[item.parent] and self.file.catalog.components[item.component].stock == 0)
        step_of_way = np.repeat(np.arange(len(template.steps)), np.diff(template.way_first))
        item_of_way = np.array([step.item for step in template.steps])[step_of_way]
        windows = np.array(self.longest)[template.ways[0]]
        pieces = np.array(template.pieces, dtype=np.int64)[item_of_way]
        for i in sorted(members, key=lambda i: -self.entries[i].quantity):
            ticks = durations(template.ways, pieces * self.entries[i].quantity, template.tick)
            fits = np.bincount(step_of_way, weights=(ticks <= windows), minlength=len(template.steps))
            wrong = [int(s) for s in np.flatnonzero(fits == 0) if certain[template.steps[s].item]]
            if not wrong:
                break
            for step in wrong:
                mine = slice(template.way_first[step], template.way_first[step + 1])
                if windows[mine].max() > 0:
                    self._note_long(template, i, step, int(ticks[mine].min()), windows[mine])

    def _note_long(self, template: Template, i: int, step: int, ticks: int, windows: np.ndarray) -> None:
        best = int(np.argmax(windows))
        resource = self.scenario.resources[template.steps[step].ways[best].resource].id
        component, name = template.items[template.steps[step].item].component, template.steps[step].name
        self.found.add(
            ("orders", i, "quantity"), f"no resource can make order '{self.entries[i].id}': operation "
            f"'{component + '/' if component else ''}{name}' takes {format_duration(ticks * template.tick)}, and the "
            f"longest open window is {format_duration(int(windows[best]) * template.tick)} (resource '{resource}')",
            "split the order, shorten the operation, or open a longer window")

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
            missing = int(spec.stock == 0) if tool else max(0, need - spec.stock)
            if missing and not spec.operations and spec.buy is None:
                needed = "is needed" if tool else f"is needed {need} times"
                self.found.add(("catalog", "components", name),
                               f"component '{name}' {needed}, {spec.stock} are in stock, and it can neither be made "
                               "nor bought", "add 'operations' or 'buy', or raise 'stock'")
            if not missing or not spec.operations:
                continue
            if tool:
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


def _without_references(file: ScenarioFile) -> ScenarioFile:
    """The file with every unknown name of the plant left out, so that a scenario can be built from it."""
    cells = {name: _clean(cell, file.plant) for name, cell in file.plant.cells.items() if sound(cell)}
    plant = file.plant.model_copy(update={"cells": cells, "transport": Transport()})
    return file.model_copy(update={"plant": plant, "policy": Policy(), "customers": {}})


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
