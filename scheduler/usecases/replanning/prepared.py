"""Reconfigurations that were done or under way by now for operations that have not begun."""

from __future__ import annotations

from collections import defaultdict

from scheduler.domain.floor import FloorEntry
from scheduler.domain.plant import PlannedMaintenance
from scheduler.domain.scenario import ScenarioFile
from scheduler.usecases.replanning.happened import Past, Row
from scheduler.usecases.replanning.state import with_planned

NAME = "reconfigured"
"""With which the name of what stands for a reconfiguration begins."""


def prepared(past: Past, file: ScenarioFile) -> tuple[ScenarioFile, list[FloorEntry]]:
    """The file with a planned maintenance for each such reconfiguration, and the facts about it: the resource is in
    that configuration from then on."""
    facts = []
    for row in _next(past):
        start, end = int(past.schedule.rec_start[row.i]), int(past.schedule.rec_end[row.i])
        hours = past.hours
        if not start < end or start >= past.now or hours.meets(row.resource, start, start + 1):
            continue
        work = hours.planned_work(row.resource, start, end)
        done = hours.done(row.resource, start, work, past.now)
        millis = max(1, work) * past.axis.tick
        file, name = with_planned(file, row.resource, f"{NAME} to {row.configuration}", PlannedMaintenance(
            duration=f"{millis} ms", earliest=past.when(start), latest=past.when(max(end, past.now))))
        fact = FloorEntry(lot=f"{row.resource}:{name}", operation=name, state="finished", resource=row.resource,
                          configuration=row.configuration, start=past.when(start))
        if done is None:
            left = max(0, work - hours.work(row.resource, start, past.now)) * past.axis.tick
            fact = fact.model_copy(update={"state": "started", "remaining": left})
        else:
            fact = fact.model_copy(update={"end": past.when(done)})
        facts.append(fact)
    return file, facts


def _next(past: Past) -> list[Row]:
    """The operation that each resource was to run next, where all before it was done when its preparation began."""
    busy: dict[str, int] = defaultdict(int)
    for key in past.floor:
        place, (_, end) = past.place(key), past.span(key)
        busy[place] = max(busy[place], end)
    found: dict[str, Row] = {}
    for row in sorted(past.rows, key=lambda row: int(past.schedule.position[row.i])):
        if row.key not in past.floor:
            found.setdefault(row.resource, row)
    return [row for resource, row in found.items() if busy[resource] <= int(past.schedule.rec_start[row.i])]
