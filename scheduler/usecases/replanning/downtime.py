"""Working time of resources before and after what happened, and when they were down."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.shifts import Spans, resource_spans
from scheduler.domain.timeaxis import subtract

Interval = tuple[int, int]
NORMAL = 100
"""Percent of normal speed."""


class Downtime:
    """before: the scenario that the schedule was made for; after: with what the events change about the plant."""

    def __init__(self, before: Scenario, after: Scenario) -> None:
        self.before, self.after = before, after

    @cached_property
    def down(self) -> dict[str, list[Interval]]:
        """[start, end) ticks in which a resource is closed out of turn, as the schedule did not know."""
        known = {resource.id: self._closed(self.before, resource) for resource in self.before.resources}
        found: dict[str, list[Interval]] = {}
        for resource in self.after.resources:
            closed = self._closed(self.after, resource)
            if closed != known[resource.id]:
                columns = np.array(sorted(closed), dtype=np.int64).reshape(-1, 2).T
                new = subtract(columns[0], columns[1], known[resource.id])
                found[resource.id] = list(zip(new[0].tolist(), new[1].tolist()))
        return found

    def meets(self, resource: str, start: int, end: int) -> Interval | None:
        """The first time the resource was down within [start, end)."""
        return next(((a, b) for a, b in self.down.get(resource, ()) if a < end and start < b), None)

    def planned_work(self, resource: str, start: int, end: int) -> int:
        """Ticks of normal work between two ticks as the schedule knew it, rounded up."""
        return self._work(self.before, resource, start, end)

    def work(self, resource: str, start: int, end: int) -> int:
        """Ticks of normal work that were possible between two ticks, rounded up."""
        return self._work(self.after, resource, start, end)

    def done(self, resource: str, since: int, left: int, until: int) -> int | None:
        """Tick at which `left` ticks of normal work since a tick were done; None where not by `until`."""
        spans = self._spans(self.after, resource, until)
        units = left * NORMAL
        for a, b, speed in zip(*(column.tolist() for column in spans[:3])):
            start, end = max(a, since), min(b, until)
            if start < end and units <= (end - start) * speed:
                return int(start - (-units // speed))
            units -= max(0, end - start) * speed
        return None if units else since

    def _work(self, scenario: Scenario, resource: str, start: int, end: int) -> int:
        spans = self._spans(scenario, resource, end)
        length = np.minimum(spans.end, end) - np.maximum(spans.start, start)
        return -int(-(np.maximum(length, 0) * spans.value).sum() // NORMAL)

    def _spans(self, scenario: Scenario, resource: str, until: int) -> Spans:
        spec = next(r for r in scenario.resources if r.id == resource)
        spans = resource_spans(scenario, spec, until + 1)
        return Spans(*(column[spans.overtime < 0] for column in spans))

    @staticmethod
    def _closed(scenario: Scenario, resource: Resource) -> list[Interval]:
        axis = scenario.axis
        return [(axis.to_ticks(c.start), axis.to_ticks(c.end, up=True)) for c in resource.closures]
