"""Reconfigurations that were done or under way by now for operations that have not begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from scheduler.domain.catalog import Operation
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry, Routing
from scheduler.usecases.replanning.happened import Past, Row

NAME = "reconfigured"
"""Name of the operation that stands for a reconfiguration."""


def prepared(past: Past, taken: Iterable[str]) -> tuple[list[OrderEntry], list[FloorEntry]]:
    """An order with one operation without work for each such reconfiguration, named 'RESOURCE -> CONFIGURATION', and
    the facts about it: the resource is in that configuration from then on. taken: names that cannot be given."""
    given, orders, facts = set(taken), [], []
    for row in _next(past):
        start, end = int(past.schedule.rec_start[row.i]), int(past.schedule.rec_end[row.i])
        hours = past.hours
        if not start < end or start >= past.now or hours.meets(row.resource, start, start + 1):
            continue
        name, count = f"{row.resource} -> {row.configuration}", 1
        while name in given:
            count += 1
            name = f"{row.resource} -> {row.configuration} ({count})"
        given.add(name)
        work = hours.planned_work(row.resource, start, end)
        done = hours.done(row.resource, start, work, past.now)
        fact = FloorEntry(lot=name, operation=NAME, state="finished", resource=row.resource,
                          configuration=row.configuration, start=past.when(start))
        if done is None:
            left = max(0, work - hours.work(row.resource, start, past.now)) * past.axis.tick
            fact = fact.model_copy(update={"state": "started", "remaining": left})
        else:
            fact = fact.model_copy(update={"end": past.when(done)})
        facts.append(fact)
        orders.append(OrderEntry(id=name, routing=Routing(operations={
            NAME: Operation(resources=(row.resource,), after=())})))
    return orders, facts


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
