"""What has happened by now, what is frozen, and what was announced: the floor of the new scenario."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from scheduler.domain.floor import FloorEntry, FloorState
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.planning.plan import Plan
from scheduler.usecases.replanning.state import Key, Told

FACTS = ("finished", "started")


@dataclass(frozen=True)
class Row:
    """A row of the schedule by names; start, end in ticks; i: its number."""

    key: Key
    resource: str
    configuration: str
    mode: int
    start: int
    end: int
    i: int


class Past:
    """Splits a schedule at `now`: facts, what is frozen, what is announced.

    before: the scenario the schedule was made for, with its plan; after: the one with the events' changes to the plant,
    whose closures say what was down. What the events do not speak of ran as planned, where it could: its predecessors
    and what ran before it on its resource were done, and its resource was not down.
    """

    def __init__(self, before: Scenario, plan: Plan, after: Scenario, schedule: Schedule, told: Told, now: int) -> None:
        self.before, self.plan, self.after = before, plan, after
        self.schedule, self.told, self.now = schedule, told, now
        self.axis = before.axis
        self.floor: dict[Key, FloorEntry] = {}
        """Facts, by operation."""
        self._happen()

    @cached_property
    def rows(self) -> list[Row]:
        s = self.schedule
        found = []
        for i in np.lexsort((s.position, s.start)).tolist():
            row = s.row(i)
            key = (row.lot, row.operation)
            found.append(Row(key, row.resource, row.configuration, row.mode, row.start, row.end, i))
        return found

    @cached_property
    def preds(self) -> dict[Key, list[Key]]:
        ids, names = self.plan.lots.id, self.plan.names
        key = [(ids[lot], names[name]) for lot, name in zip(self.plan.op_lot.tolist(), self.plan.op_name.tolist())]
        found: dict[Key, list[Key]] = defaultdict(list)
        present = {row.key for row in self.rows}
        for a, b in zip(self.plan.arc_from.tolist(), self.plan.arc_to.tolist()):
            if key[a] in present:
                found[key[b]].append(key[a])
        return found

    @cached_property
    def down(self) -> dict[str, list[tuple[int, int]]]:
        """[start, end) ticks in which a resource is closed out of turn, in the scenario after the events."""
        return {r.id: [(self.axis.to_ticks(c.start), self.axis.to_ticks(c.end, up=True)) for c in r.closures]
                for r in self.after.resources}

    def when(self, tick: int) -> datetime:
        return self.axis.to_datetime(tick)

    def _ticks(self, moment: datetime) -> int:
        return self.axis.to_ticks(moment)

    def _happen(self) -> None:
        ended: dict[Key, int] = {}
        last: dict[str, int] = {}
        """End of what ran last on each resource; now + 1 where it still runs or never came."""
        for row in self.rows:
            fact, end = self._fact(row, ended, last)
            if fact is not None:
                self.floor[row.key] = fact
                if fact.state == "finished":
                    ended[row.key] = end
                last[fact.resource or row.resource] = max(end, last.get(row.resource, 0))

    def _fact(self, row: Row, ended: dict[Key, int], last: dict[str, int]) -> tuple[FloorEntry | None, int]:
        told = self.told
        if row.key in told.finished:
            start, stop, resource = told.finished[row.key]
            begin = self._ticks(start) if start else self._known_start(row)
            end = self._ticks(stop)
            return self._entry(row, "finished", min(begin, end), end, resource), end
        if row.key in told.started:
            start, resource, _ = told.started[row.key]
            return self._running(row, self._ticks(start), resource)
        if row.start >= self.now or not self._could(row, ended, last):
            return None, 0
        interrupted = any(a < row.end and row.start < b for a, b in self.down.get(row.resource, []))
        if row.end <= self.now and not interrupted and row.key not in told.remaining:
            return self._entry(row, "finished", row.start, row.end), row.end
        return self._running(row, row.start)

    def _known_start(self, row: Row) -> int:
        known = self._earlier.get(row.key)
        return self._ticks(known.start) if known is not None and known.start is not None else row.start

    @cached_property
    def _earlier(self) -> dict[Key, FloorEntry]:
        """Facts of the scenario before."""
        return {(e.lot, e.operation): e for e in self.before.floor if e.state in FACTS}

    def _could(self, row: Row, ended: dict[Key, int], last: dict[str, int]) -> bool:
        """Whether the plan could be kept at its start."""
        if row.key in self._earlier:
            return True
        if any(a <= row.start < b for a, b in self.down.get(row.resource, [])):
            return False
        outside = self._unlimited.get(row.resource, False)
        if not outside and last.get(row.resource, 0) > row.start and not self._together(row):
            return False
        return all(pred in self.floor and self._reached(pred, row, ended) for pred in self.preds.get(row.key, ()))

    def _reached(self, pred: Key, row: Row, ended: dict[Key, int]) -> bool:
        """A predecessor is done, or was planned to overlap (transfer lots) and has started."""
        planned = self._planned[pred]
        return ended.get(pred, self.now + 1) <= row.start or (planned.end > row.start and pred in self.floor)

    @cached_property
    def _planned(self) -> dict[Key, Row]:
        return {row.key: row for row in self.rows}

    @cached_property
    def _unlimited(self) -> dict[str, bool]:
        return {name: cell.kind == "subcontractor" for cell in self.before.plant.cells.values()
                for name in cell.resources}

    def _together(self, row: Row) -> bool:
        batch = self.schedule.batch
        return batch is not None and int(batch[row.i]) >= 0

    def _running(self, row: Row, start: int, resource: str | None = None) -> tuple[FloorEntry, int]:
        remaining: int | None = None
        if row.key in self.told.remaining:
            since, left = self.told.remaining[row.key]
            done = self._open(resource or row.resource, self._ticks(since), self.now)
            remaining = max(0, left - done * self.axis.tick)
        entry = self._entry(row, "started", start, None, resource)
        return entry.model_copy(update={"remaining": remaining}), self.now + 1

    def _open(self, resource: str, since: int, until: int) -> int:
        """Open ticks of a resource in [since, until), breakdowns left out."""
        spec = next(r for r in self.after.resources if r.id == resource)
        starts, ends = self.after.windows(spec, until + 1)
        return int(np.maximum(0, np.minimum(ends, until) - np.maximum(starts, since)).sum())

    def _entry(self, row: Row, state: FloorState, start: int, end: int | None,
               resource: str | None = None) -> FloorEntry:
        same = resource in (None, row.resource)
        return FloorEntry(lot=row.key[0], operation=row.key[1], state=state,
                          resource=resource or row.resource, configuration=row.configuration if same else None,
                          mode=row.mode, start=self.when(start), end=None if end is None else self.when(end))

    def frozen(self, freeze: int) -> list[FloorEntry]:
        """Pins of what starts before now + freeze and what nothing that happened stands against."""
        found, kept = [], set(self.floor)
        late = {e.lot for e in self.after.floor if e.state == "material"}
        for row in self.rows:
            if row.key in self.floor or row.start >= self.now + freeze or row.start < self.now:
                continue
            hit = any(a < row.end and row.start < b for a, b in self.down.get(row.resource, []))
            waiting = [p for p in self.preds.get(row.key, ()) if p not in kept or not self._on_time(p, row)]
            if not hit and not waiting and row.key[0] not in late:
                kept.add(row.key)
                found.append(FloorEntry(lot=row.key[0], operation=row.key[1], state="pinned", resource=row.resource,
                                        configuration=row.configuration, mode=row.mode, start=self.when(row.start)))
        return found

    def _on_time(self, pred: Key, row: Row) -> bool:
        fact = self.floor.get(pred)
        if fact is None or fact.state == "finished":
            return True
        return pred not in self.told.remaining and self._planned[pred].end <= row.start and not any(
            a < self._planned[pred].end and b > self._planned[pred].start
            for a, b in self.down.get(fact.resource or "", []))

    def announced(self, orders: set[str]) -> list[FloorEntry]:
        """Where everything else was announced; orders: ids that still exist."""
        order = {lot: int(j) for lot, j in zip(self.schedule.lots.id, self.schedule.lots.order)}
        found = []
        for row in self.rows:
            j = order[row.key[0]]
            if row.key not in self.floor and (j < 0 or self.schedule.orders[j] in orders):
                found.append(FloorEntry(lot=row.key[0], operation=row.key[1], state="announced", resource=row.resource,
                                        start=self.when(row.start)))
        return found
