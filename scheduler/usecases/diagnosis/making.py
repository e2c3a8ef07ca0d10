"""Can every order be made at all: each distinct configuration is taken apart once and held against stock and open hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from scheduler.domain.assemble import assemble
from scheduler.domain.orders import NEVER, OrderEntry, Variant
from scheduler.domain.plant import Cell, Plant, Reconfiguration
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import format_duration
from scheduler.domain.scenario import Resource, Scenario, ScenarioFile
from scheduler.errors import InputError, Location, Mistake
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.template import Template, durations
from scheduler.usecases.diagnosis.findings import Findings, listed
from scheduler.usecases.diagnosis.plant import sound
from scheduler.usecases.diagnosis.rules import broken_rules, default_choices

FOREVER = int(NEVER)
LOOK_AHEAD = timedelta(days=40)
MAX_PIECES = 10**12


class MakingCheck:
    """Explodes the configurations of sound orders in a copy of the plant without its wrong references."""

    def __init__(self, file: ScenarioFile, entries: Sequence[OrderEntry], sound_orders: list[int], found: Findings):
        self.file, self.found, self.rows = file, found, sound_orders
        self.scenario = assemble(_without_references(file), [entries[i] for i in sound_orders])
        self.ids = [entries[i].id for i in sound_orders]

    def run(self) -> None:
        self._windows()
        used = self.scenario.orders.variant
        quantity = self.scenario.orders.quantity
        demand: dict[str, int] = {}
        for v, variant in enumerate(self.scenario.orders.variants):
            mine = np.flatnonzero(used == v) if len(self.scenario.orders.variants) < 50 else None
            template = self._exploded(variant)
            if template is None:
                continue
            if mine is None:
                mine = self._members(v)
            self._too_long(template, variant, int(mine[np.argmax(quantity[mine])]))
            total = int(quantity[mine].sum())
            for item in template.items[1:]:
                if item.parent == 0 or item.tool:
                    demand[item.component] = demand.get(item.component, 0) + (1 if item.tool else item.quantity * total)
            if max(template.pieces) * total > MAX_PIECES:
                self.found.add(("orders", self.rows[int(mine[0])], "quantity"), f"more than {MAX_PIECES} pieces of a component",
                               "order fewer, or use fewer in each")
        for name, family in self.file.catalog.families.items():
            choices = default_choices(family)
            if all(option.default in option.choices for option in family.options.values()) and not any(
                    broken_rules(family, choices)):
                self._exploded(Variant(name, tuple(choices.items())))
        self._short(demand)

    def _members(self, v: int) -> np.ndarray:
        if not hasattr(self, "_sorted"):
            self._sorted = np.argsort(self.scenario.orders.variant, kind="stable")
            self._first = np.searchsorted(self.scenario.orders.variant[self._sorted], np.arange(len(self.scenario.orders.variants) + 1))
        members: np.ndarray = self._sorted[self._first[v]:self._first[v + 1]]
        return members

    def _exploded(self, variant: Variant) -> Template | None:
        try:
            return explode(self.scenario, variant)
        except InputError as error:
            for mistake in error.mistakes:
                self._note(mistake)
            return None

    def _note(self, mistake: Mistake) -> None:
        """Notes a mistake of a configuration unless one has been noted at, above or below its place."""
        where = mistake.where
        if where[:1] == ("orders",) and len(where) > 1:
            where = ("orders", self.rows[int(where[1])], *where[2:])
        for known in self.found.mistakes:
            n = min(len(known.where), len(where))
            if n > 2 and known.where[:n] == where[:n]:
                return
            if "->" in known.what and "->" in mistake.what and set(known.what.split()) & set(mistake.what.split("->")[1].split()):
                return
        self.found.add(where, mistake.what, mistake.instead)

    def _windows(self) -> None:
        """The longest open window of each resource, and those that are never open."""
        self.longest: list[int] = []
        known: dict[object, int] = {}
        for resource in self.scenario.resources:
            key = (resource.calendar, resource.closures, resource.available_from)
            if key not in known:
                known[key] = self._longest(resource)
            self.longest.append(known[key])
            if known[key] == 0:
                self.found.add(("plant", "cells", resource.cell, "resources", resource.id),
                               f"resource '{resource.id}' is never open", "give its calendar shifts outside of its closures")

    def _longest(self, resource: Resource) -> int:
        spec = self.scenario.plant.calendars[resource.calendar] if resource.calendar else None
        axis, last = self.scenario.axis, self.scenario.axis.origin
        ends = [c.end for c in (*resource.closures, *(spec.maintenance if spec else ()))]
        ends += [datetime(d.year, d.month, d.day) for d in (spec.holidays if spec else ())]
        first = max([resource.available_from, axis.to_ticks(last), *(axis.to_ticks(e, up=True) for e in ends)])
        horizon = first + axis.duration(int(LOOK_AHEAD.total_seconds()) * 1000)
        starts, stops = self.scenario.windows(resource, horizon)
        if not len(starts):
            return 0
        endless = stops[-1] >= horizon and (stops[-1] - starts[-1]) > 8 * axis.ticks_per_day
        return FOREVER if endless else int((stops - starts).max())

    def _too_long(self, template: Template, variant: Variant, order: int) -> None:
        """An operation that fits no window of any resource that can run it."""
        if min(self.longest) == FOREVER or not template.steps:
            return
        row, ordered = self.rows[order], int(self.scenario.orders.quantity[order])
        stock = [self.file.catalog.components[i.component].stock if i.component else 0 for i in template.items]
        pieces = np.array([1 if s else n * ordered for n, s in zip(template.pieces, stock)], dtype=np.int64)
        owner = np.array([s.item for s in template.steps])
        way_step = np.repeat(np.arange(len(template.steps)), np.diff(template.way_first))
        ticks = durations(template.ways, pieces[owner[way_step]], template.tick)
        windows = np.array(self.longest)[template.ways[0]]
        fits = np.bincount(way_step, weights=ticks <= windows, minlength=len(template.steps))
        for step in np.flatnonzero(fits == 0):
            mine = way_step == step
            if not windows[mine].any() or stock[owner[step]]:
                continue
            best = int(np.flatnonzero(mine)[np.argmax(windows[mine])])
            resource = self.scenario.resources[int(template.ways[0, best])].id
            component = template.items[owner[step]].component
            name = template.steps[step].name if not component else f"{component}/{template.steps[step].name}"
            where: Location = ("orders", row, "quantity")
            tick = self.scenario.axis.tick
            self.found.add(where, f"no resource can make order '{self.ids[order]}': operation '{name}' takes "
                           f"{format_duration(int(ticks[mine].min()) * tick)}, and the longest open window is "
                           f"{format_duration(int(windows[best]) * tick)} ('{resource}')",
                           "split the order, shorten the operation, or open a longer window")

    def _short(self, demand: dict[str, int]) -> None:
        """Components that can neither be made nor bought while the stock is short."""
        components = self.file.catalog.components
        todo = list(demand)
        while todo:
            name = todo.pop(0)
            spec, need = components[name], demand[name]
            missing = need - spec.stock if spec.kind == "part" else int(spec.stock == 0)
            if missing <= 0:
                continue
            if not spec.operations:
                if spec.buy is None:
                    users = f"the orders need {need}" if spec.kind == "part" else "the orders need it"
                    self.found.add(("catalog", "components", name),
                                   f"component '{name}' can neither be made nor bought, {users} and {spec.stock} are in stock",
                                   "add 'operations' or 'buy', or raise 'stock'")
                continue
            if spec.kind == "tool":
                try:
                    explode_tool(self.scenario, name)
                except InputError as error:
                    for mistake in error.mistakes:
                        self._note(mistake)
                    continue
            for use in spec.components:
                if use.component in components:
                    if use.component not in demand:
                        todo.append(use.component)
                    demand[use.component] = demand.get(use.component, 0) + use.quantity * missing


def _without_references(file: ScenarioFile) -> ScenarioFile:
    """The file with every unknown name of the plant left out, so that a scenario can be built from it."""
    plant = file.plant
    cells = {name: _clean(cell, plant) for name, cell in plant.cells.items() if sound(cell)}
    clean = plant.model_copy(update={"cells": cells, "transport": type(plant.transport)()})
    return file.model_copy(update={"plant": clean, "policy": Policy(), "customers": {}})


def _clean(cell: Cell, plant: Plant) -> Cell:
    known = cell.all_configurations

    def update(spec: object, names: dict[str, object]) -> dict[str, object]:
        return {field: None for field, among in names.items()
                if getattr(spec, field) not in among}  # type: ignore[operator]

    places: dict[str, object] = {"location": plant.locations, "calendar": plant.calendars}
    resources = {name: r.model_copy(update=update(r, {**places, "initial_configuration": known}))
                 for name, r in cell.resources.items()}
    return cell.model_copy(update={**update(cell, places), "resources": resources, "reconfiguration": Reconfiguration()})


__all__ = ["MakingCheck", "Scenario", "listed"]
