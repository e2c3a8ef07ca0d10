"""A scenario as its files say it, while events change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from scheduler.domain.assemble import assemble
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import Availability, Closure
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
    resource or None); remaining: (since when, ms, place); placed: place of the event that named a resource; orders:
    place of the last event about each order's fields; late: (lot, component) of late material, with when it comes."""

    started: dict[Key, tuple[datetime, str | None, str]] = field(default_factory=dict)
    finished: dict[Key, tuple[datetime | None, datetime, str | None]] = field(default_factory=dict)
    remaining: dict[Key, tuple[datetime, int, str]] = field(default_factory=dict)
    placed: dict[Key, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    late: dict[Key, datetime] = field(default_factory=dict)


def with_closure(file: ScenarioFile, resource: str, closure: Closure) -> ScenarioFile:
    """The file with one more closure of a resource."""
    return _resource(file, resource, lambda old: (*old, closure))


def with_repair(file: ScenarioFile, resource: str, at: datetime) -> ScenarioFile:
    """The file in which breakdowns of the resource that reach beyond `at` end there."""
    def cut(old: tuple[Closure, ...]) -> tuple[Closure, ...]:
        kept = []
        for closure in old:
            if closure.reason == BREAKDOWN and closure.end > at:
                if closure.start < at:
                    kept.append(closure.model_copy(update={"end": at}))
            else:
                kept.append(closure)
        return tuple(kept)

    return _resource(file, resource, cut)


def _resource(file: ScenarioFile, name: str, change: object) -> ScenarioFile:
    cells = dict(file.plant.cells)
    for cell_name, cell in cells.items():
        if name in cell.resources:
            spec = cell.resources[name]
            closed = spec.model_copy(update={"maintenance": change(spec.maintenance)})  # type: ignore[operator]
            cells[cell_name] = cell.model_copy(update={"resources": {**cell.resources, name: closed}})
    return file.model_copy(update={"plant": file.plant.model_copy(update={"cells": cells})})


def with_absence(file: ScenarioFile, crew: str, absence: Availability) -> ScenarioFile:
    """The file with one more change of a crew."""
    spec = file.plant.crews[crew]
    crews = {**file.plant.crews, crew: spec.model_copy(update={"changes": (*spec.changes, absence)})}
    return file.model_copy(update={"plant": file.plant.model_copy(update={"crews": crews})})
