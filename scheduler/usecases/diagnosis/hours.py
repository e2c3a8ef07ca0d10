"""Checks of overtime and planned maintenance against open hours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.plant import PlannedMaintenance
from scheduler.domain.quantities import format_duration
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.shifts import resource_spans
from scheduler.domain.timeaxis import expand, span, subtract
from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings
from scheduler.usecases.diagnosis.periods import before, short

FACTS = ("finished", "started")


def check_hours(scenario: Scenario, floor: Sequence[FloorEntry], found: Findings) -> None:
    """Overtime that is open anyway, and maintenance that fits nowhere. floor: what has begun needs no room."""
    _overtime(scenario, found)
    begun = {entry.lot for entry in floor if entry.state in FACTS}
    for resource in scenario.resources:
        planned = scenario.plant.cells[resource.cell].resources[resource.id].planned_maintenance
        for name, spec in planned.items():
            if f"{resource.id}:{name}" not in begun and before(spec.earliest, spec.latest):
                place = ("plant", "cells", resource.cell, "resources", resource.id, "planned_maintenance", name)
                _planned(scenario, resource, name, spec, place, found)


def _overtime(scenario: Scenario, found: Findings) -> None:
    axis = scenario.axis
    for name, spec in scenario.plant.calendars.items():
        if not spec.overtime:
            continue
        slots = [(axis.to_ticks(entry.start, up=True), axis.to_ticks(entry.end)) for entry in spec.overtime]
        opened = expand(spec, (), axis, max(1, *(end for _, end in slots)))
        holes = list(zip(*(column.tolist() for column in opened)))
        for n, (start, end) in enumerate(slots):
            near = [(a, b) for a, b in holes if a < end and b > start]
            left = subtract(np.array([max(0, start)]), np.array([end]), near)
            if 0 <= start < end and not len(left[0]):
                entry = spec.overtime[n]
                found.add(("plant", "calendars", name, "overtime", n), f"overtime from {short(entry.start)} to "
                          f"{short(entry.end)}, when the calendar is open anyway", "write a time when it is closed")


def _planned(scenario: Scenario, resource: Resource, name: str, spec: PlannedMaintenance, where: Location,
             found: Findings) -> None:
    axis = scenario.axis
    latest, needed = axis.to_ticks(spec.latest), axis.duration(spec.duration)
    earliest = max(0, scenario.now, axis.to_ticks(spec.earliest, up=True))
    spans = resource_spans(scenario, resource, max(1, latest))
    ticks = np.maximum(0, np.minimum(spans.end, latest) - np.maximum(spans.start, earliest))
    room = int((ticks * spans.value).sum()) // 100
    if room < needed:
        since = short(spec.earliest) if earliest > scenario.now or not scenario.now else "now"
        found.add(where, f"maintenance '{name}' takes {format_duration(spec.duration)}, and resource '{resource.id}' "
                  f"works {span(axis, room)} from {since} to {short(spec.latest)}",
                  "write a later 'latest'" + (", or say in 'floor' when it was done" if scenario.now else ""))
