"""What lies ahead of what was announced: frozen, or announced only."""

from __future__ import annotations

from collections.abc import Mapping, Set

from scheduler.domain.floor import FloorEntry
from scheduler.domain.scenario import Scenario
from scheduler.usecases.replanning.happened import Past, Row
from scheduler.usecases.replanning.state import Key


def frozen(past: Past, freeze: int, ready: Mapping[Key, int], known: Set[Key]) -> list[FloorEntry]:
    """Pins of what starts before now + freeze (ticks) and what nothing that happened stands against.

    ready: ticks before which the material of operations is not there; known: operations that are still to be made.
    """
    found, kept = [], set(past.floor)
    absent = Absent(past.before, past.after, past)
    for row in past.rows:
        if row.key in past.floor or row.key not in known or not past.now <= row.start < past.now + freeze:
            continue
        if (past.hours.meets(row.resource, row.start, row.end) or ready.get(row.key, 0) > row.start
                or absent.of(row) or any(pred not in kept or not _on_time(past, pred, row)
                                         for pred in past.preds.get(row.key, ()))):
            continue
        kept.add(row.key)
        found.append(FloorEntry(lot=row.key[0], operation=row.key[1], state="pinned", resource=row.resource,
                                configuration=row.configuration, mode=row.mode, start=past.when(row.start)))
    return found


def _on_time(past: Past, pred: Key, row: Row) -> bool:
    """A predecessor that is a fact will have ended as planned."""
    fact = past.floor.get(pred)
    if fact is None or fact.state == "finished" or fact.remaining is None or fact.resource is None:
        return True
    left = past.axis.duration(fact.remaining)
    return past.hours.work(fact.resource, past.now, max(past.now, min(row.start, past.planned[pred].end))) >= left


def announced(past: Past, known: Set[Key]) -> list[FloorEntry]:
    """Where everything else of `known` was announced."""
    return [FloorEntry(lot=row.key[0], operation=row.key[1], state="announced", resource=row.resource,
                       start=past.when(row.start)) for row in past.rows if row.key not in past.floor
            and row.key in known]


class Absent:
    """Crews with an absence that the schedule did not know of."""

    def __init__(self, before: Scenario, after: Scenario, past: Past) -> None:
        self.past, axis = past, past.axis
        self.away = {}
        for name, crew in after.plant.crews.items():
            old = before.plant.crews[name].changes
            new = [(axis.to_ticks(c.start), axis.to_ticks(c.end, up=True)) for c in crew.changes if c not in old]
            if new:
                self.away[name] = new

    def of(self, row: Row) -> str:
        """A crew of the operation of which people are missing in its announced time; '' where there is none."""
        schedule = self.past.schedule
        team = schedule.teams[int(schedule.team[row.i])] if schedule.team is not None else ()
        return next((name for name in team
                     if any(a < row.end and row.start < b for a, b in self.away.get(name, ()))), "")
