"""What has happened by now: the facts that the floor of the new scenario begins with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import TypeVar

import numpy as np

from scheduler.domain.floor import FloorEntry, FloorState
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.errors import Mistake
from scheduler.planning.plan import Plan
from scheduler.usecases.replanning.downtime import Downtime
from scheduler.usecases.replanning.state import Key, Told

FACTS = ("finished", "started")
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A row of the schedule by names; start, end in ticks; i: its number; batch: -1 none."""

    key: Key
    resource: str
    configuration: str
    mode: int
    start: int
    end: int
    i: int
    batch: int = -1


class Past:
    """Splits a schedule at `now`: facts and the rest.

    before: the scenario the schedule was made for, with its plan; after: the one with the events' changes to the plant.
    Events are believed. What they do not speak of ran as planned, where it could at its planned time: its predecessors
    were done, its resource was free and not down. What runs takes the working time it had left.
    """

    def __init__(self, before: Scenario, plan: Plan, after: Scenario, schedule: Schedule, told: Told, now: int) -> None:
        self.before, self.plan, self.after = before, plan, after
        self.schedule, self.told, self.now = schedule, told, now
        self.axis, self.hours = before.axis, Downtime(before, after)
        self.floor: dict[Key, FloorEntry] = {}
        """Facts, by operation."""
        self.mistakes: list[Mistake] = []
        self._happen()

    @cached_property
    def rows(self) -> list[Row]:
        """All rows by start; of those that start together the ones before others first, as some may take no time."""
        found: list[Row] = []
        for _, together in groupby(self.planned.values(), key=lambda row: row.start):
            left = {row.key: row for row in together}
            while left:
                lanes: set[str] = set()
                for row in list(left.values()):
                    if row.resource not in lanes and not any(pred in left for pred in self.preds.get(row.key, ())):
                        found.append(left.pop(row.key))
                        break
                    lanes.add(row.resource)
                else:  # a circle of what takes no time, by sequences on resources
                    found.append(left.pop(next(iter(left))))
        return found

    @cached_property
    def planned(self) -> dict[Key, Row]:
        """All rows by start and position."""
        return {row.key: row for row in rows_of(self.schedule)}

    @cached_property
    def preds(self) -> dict[Key, list[Key]]:
        ids, names = self.plan.lots.id, self.plan.names
        key = [(ids[lot], names[name]) for lot, name in zip(self.plan.op_lot.tolist(), self.plan.op_name.tolist())]
        found: dict[Key, list[Key]] = defaultdict(list)
        for a, b in zip(self.plan.arc_from.tolist(), self.plan.arc_to.tolist()):
            if key[a] in self.planned:
                found[key[b]].append(key[a])
        return found

    def when(self, tick: int) -> datetime:
        return self.axis.to_datetime(tick)

    def _spread(self) -> None:
        """What is told of one operation of a batch holds for all of them that nothing is told of."""
        batches: dict[int, list[Key]] = defaultdict(list)
        for row in self.rows:
            if row.batch >= 0:
                batches[row.batch].append(row.key)
        told = self.told
        known = {*told.started, *told.finished, *told.remaining}

        def spread(column: dict[Key, T]) -> None:
            for key in list(column):
                batch = self.planned[key].batch
                column.update({other: column[key] for other in batches.get(batch, ()) if other not in known})

        spread(told.started)
        spread(told.finished)
        spread(told.remaining)

    def _happen(self) -> None:
        self._spread()
        for key in self._told_first():
            row = self.planned[key]
            self.floor[key] = self._finished(row) if key in self.told.finished else self._started(row)
        told = [(self.planned[key], *self.span(key)) for key in self.floor]
        last: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            if row.key not in self.floor and row.start < self.now and self._could(row, last) and not any(
                    self.place(other.key) == row.resource and start < max(row.end, row.start + 1)
                    and max(row.start, start) < max(end, start + 1) and not self._outside(row, other)
                    for other, start, end in told):
                self.floor[row.key] = self._as_planned(row)
                last[row.resource] = (self.span(row.key)[1], row.batch)
        for key, place in self.told.places.items():
            for pred in self.preds.get(key, ()) if key in self.floor else ():
                if pred not in self.floor:
                    self.mistakes.append(Mistake(
                        (), f"'{'/'.join(pred)}', which comes before '{'/'.join(key)}', has not begun by now, as far "
                        "as is known", "say first that it 'finished' (or 'started', where the two overlap)", place))
        for key, (_, _, place) in self.told.remaining.items():
            if key not in self.floor:
                self.mistakes.append(Mistake((), f"'{'/'.join(key)}' has not started by now, as far as is known",
                                             "say first that it 'started', or leave this out", place))

    def _told_first(self) -> list[Key]:
        """Operations that events speak of, as they ended or started."""
        found = {key: self._ticks(end) for key, (_, end, _) in self.told.finished.items()}
        found |= {key: self._ticks(start) for key, (start, _, _) in self.told.started.items() if key not in found}
        return sorted(found, key=lambda key: (found[key], key))

    def span(self, key: Key) -> tuple[int, int]:
        """[start, end) of a fact; what runs ends after now."""
        fact = self.floor[key]
        assert fact.start is not None
        return self._ticks(fact.start), self.now + 1 if fact.end is None else self._ticks(fact.end)

    def place(self, key: Key) -> str:
        """Resource of a fact."""
        return self.floor[key].resource or self.planned[key].resource

    def _ticks(self, moment: datetime) -> int:
        return self.axis.to_ticks(moment)

    def _finished(self, row: Row) -> FloorEntry:
        given, stop, resource = self.told.finished[row.key]
        end = self._ticks(stop)
        known = given or (self._earlier[row.key].start if row.key in self._earlier else None)
        if known is not None:
            return self._entry(row, "finished", min(self._ticks(known), end), end, resource)
        before = [self.span(key)[1] for key in self.floor if self.place(key) == (resource or row.resource)]
        start = max([row.start, *(tick for tick in before if tick <= end)])
        return self._entry(row, "finished", min(start, end), end, resource)

    def _started(self, row: Row) -> FloorEntry:
        moment, resource, _ = self.told.started[row.key]
        start = self._ticks(moment)
        work = self.hours.planned_work(row.resource, row.start, row.end)
        return self._running(row, start, work, resource)

    def _as_planned(self, row: Row) -> FloorEntry:
        disturbed = row.key in self.told.remaining or self.hours.meets(row.resource, row.start, row.end)
        if row.end <= self.now and not disturbed:
            return self._entry(row, "finished", row.start, row.end)
        return self._running(row, row.start, self.hours.planned_work(row.resource, row.start, row.end))

    def _running(self, row: Row, start: int, work: int, resource: str | None = None) -> FloorEntry:
        """What began at `start` and takes so much work, or what is told of it: finished where that is done by now."""
        where, since, left = resource or row.resource, start, work
        if row.key in self.told.remaining:
            moment, millis, _ = self.told.remaining[row.key]
            since, left = max(start, self._ticks(moment)), self.axis.duration(millis)
        end = self.hours.done(where, since, left, self.now)
        if end is not None and row.key not in self.told.started:
            return self._entry(row, "finished", start, end, resource)
        rest = max(0, left - self.hours.work(where, since, self.now)) * self.axis.tick
        return self._entry(row, "started", start, None, resource).model_copy(update={"remaining": rest})

    @cached_property
    def _earlier(self) -> dict[Key, FloorEntry]:
        """Facts of the scenario before."""
        return {(e.lot, e.operation): e for e in self.before.floor if e.state in FACTS}

    def _could(self, row: Row, last: dict[str, tuple[int, int]]) -> bool:
        """Whether the plan could be kept at its start; last: end and batch of what ran last on each resource."""
        if row.key in self._earlier:
            return True
        if self.hours.meets(row.resource, row.start, row.start + 1):
            return False
        end, batch = last.get(row.resource, (0, -1))
        if end > row.start and not self._unlimited[row.resource] and not (batch == row.batch >= 0):
            return False
        return all(pred in self.floor and self._reached(pred, row) for pred in self.preds.get(row.key, ()))

    def _reached(self, pred: Key, row: Row) -> bool:
        """A predecessor is done, or was planned to overlap (transfer lots) and has started."""
        return self.span(pred)[1] <= row.start or self.planned[pred].end > row.start

    def _outside(self, row: Row, other: Row) -> bool:
        """The two may run at once."""
        return self._unlimited[row.resource] or row.batch == other.batch >= 0

    @cached_property
    def _unlimited(self) -> dict[str, bool]:
        return {name: cell.kind == "subcontractor" for cell in self.before.plant.cells.values()
                for name in cell.resources}

    def _entry(self, row: Row, state: FloorState, start: int, end: int | None,
               resource: str | None = None) -> FloorEntry:
        same = resource in (None, row.resource)
        return FloorEntry(lot=row.key[0], operation=row.key[1], state=state,
                          resource=resource or row.resource, configuration=row.configuration if same else None,
                          mode=row.mode if same else None, start=self.when(start),
                          end=None if end is None else self.when(end))


def rows_of(schedule: Schedule) -> list[Row]:
    """All rows by start and position."""
    found = []
    for i in np.lexsort((schedule.position, schedule.start)).tolist():
        row = schedule.row(i)
        found.append(Row((row.lot, row.operation), row.resource, row.configuration, row.mode, row.start, row.end, i,
                         -1 if row.batch is None else row.batch))
    return found
