"""A scenario as its files say it, while events change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler.domain.assemble import assemble
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import Availability, Closure, PlannedMaintenance, ResourceSpec
from scheduler.domain.scenario import Scenario, ScenarioFile

BREAKDOWN = "breakdown"
"""Reason of the closures that events make, by which a repair finds them."""
Key = tuple[str, str]
"""(lot id, operation name)."""


@dataclass(frozen=True, eq=False)
class Files:
    """What a scenario folder holds: scenario.yaml, the orders, the floor."""

    file: ScenarioFile
    entries: tuple[OrderEntry, ...]
    floor: tuple[FloorEntry, ...] = ()

    def scenario(self) -> Scenario:
        """Raises what `assemble` raises; mistakes are `diagnose`'s to find."""
        return assemble(self.file, self.entries, floor=self.floor)


@dataclass(eq=False)
class Told:
    """What the events say. started: (start, resource or None, place of the event); finished: (start or None, end,
    resource or None); remaining: (since when, ms, place); places: place of the last event about each operation's start
    or end; placed: of the one that named a resource; orders: place of the last event about each order's fields; late:
    (lot, component) of late material, with when it comes."""

    started: dict[Key, tuple[datetime, str | None, str]] = field(default_factory=dict)
    finished: dict[Key, tuple[datetime | None, datetime, str | None]] = field(default_factory=dict)
    remaining: dict[Key, tuple[datetime, int, str]] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)
    placed: dict[Key, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    late: dict[Key, datetime] = field(default_factory=dict)


def with_closure(file: ScenarioFile, resource: str, closure: Closure) -> ScenarioFile:
    """The file with one more closure of a resource."""
    return _resource(file, resource, lambda spec: {"maintenance": (*spec.maintenance, closure)})


def with_planned(file: ScenarioFile, resource: str, name: str, planned: PlannedMaintenance) -> tuple[ScenarioFile, str]:
    """The file with one more planned maintenance of a resource, and its name: numbered where there is one of it."""
    chosen = name

    def more(spec: ResourceSpec) -> dict[str, Any]:
        nonlocal chosen
        count = 1
        while chosen in spec.planned_maintenance:
            count += 1
            chosen = f"{name} {count}"
        return {"planned_maintenance": {**spec.planned_maintenance, chosen: planned}}

    return _resource(file, resource, more), chosen


def with_repair(file: ScenarioFile, resource: str, at: datetime) -> ScenarioFile:
    """The file in which breakdowns of the resource that reach beyond `at` end there."""
    def cut(spec: ResourceSpec) -> dict[str, Any]:
        kept = []
        for closure in spec.maintenance:
            if closure.reason == BREAKDOWN and closure.end > at:
                if closure.start < at:
                    kept.append(closure.model_copy(update={"end": at}))
            else:
                kept.append(closure)
        return {"maintenance": tuple(kept)}

    return _resource(file, resource, cut)


def _resource(file: ScenarioFile, name: str, change: Callable[[ResourceSpec], dict[str, Any]]) -> ScenarioFile:
    cells = dict(file.plant.cells)
    for cell_name, cell in cells.items():
        if name in cell.resources:
            spec = cell.resources[name]
            changed = spec.model_copy(update=change(spec))
            cells[cell_name] = cell.model_copy(update={"resources": {**cell.resources, name: changed}})
    return file.model_copy(update={"plant": file.plant.model_copy(update={"cells": cells})})


def with_absence(file: ScenarioFile, crew: str, absence: Availability) -> ScenarioFile:
    """The file with one more change of a crew."""
    spec = file.plant.crews[crew]
    crews = {**file.plant.crews, crew: spec.model_copy(update={"changes": (*spec.changes, absence)})}
    return file.model_copy(update={"plant": file.plant.model_copy(update={"crews": crews})})
