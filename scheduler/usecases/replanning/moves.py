"""What a replan moved, and why: each reason is read off the data, the first that holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import span
from scheduler.usecases.replanning.happened import Past, Row
from scheduler.usecases.replanning.state import Key


@dataclass(frozen=True)
class Move:
    """An announced operation that is elsewhere now: (announced, new); start in ticks. reason: one sentence part."""

    lot: str
    operation: str
    resource: tuple[str, str]
    start: tuple[int, int]
    reason: str

    @property
    def shift(self) -> int:
        """Ticks it starts later."""
        return self.start[1] - self.start[0]


def moves(past: Past, after: Scenario, schedule: Schedule, new_orders: set[str]) -> tuple[list[Move], list[Key], int]:
    """(what moved by more than the policy's tolerance, largest shift first; announced but no longer made; how many
    were announced). new_orders: orders that the events brought or made more urgent."""
    return _Reader(past, after, schedule, new_orders).read()


class _Reader:
    def __init__(self, past: Past, after: Scenario, schedule: Schedule, new_orders: set[str]) -> None:
        self.past, self.after, self.axis, self.urgent = past, after, past.axis, new_orders
        self.old: dict[Key, Row] = {row.key: row for row in past.rows}
        self.new: dict[Key, Row] = {}
        self.order: dict[Key, str] = {}
        self.on: dict[str, list[Row]] = defaultdict(list)
        for i in range(len(schedule)):
            row = schedule.row(i)
            found = Row((row.lot, row.operation), row.resource, row.configuration, row.mode, row.start, row.end, i)
            self.new[found.key] = found
            self.order[found.key] = row.order
            self.on[row.resource].append(found)
        self.tolerance = self.axis.duration(after.policy.replanning.tolerance)

    def read(self) -> tuple[list[Move], list[Key], int]:
        announced = [row for row in self.past.rows if row.key not in self.past.floor]
        gone = [row.key for row in announced if row.key not in self.new]
        moved = []
        for row in announced:
            now = self.new.get(row.key)
            if now is not None and (now.resource != row.resource or abs(now.start - row.start) > self.tolerance):
                moved.append(Move(*row.key, (row.resource, now.resource), (row.start, now.start),
                                  self._reason(row, now)))
        return sorted(moved, key=lambda m: -abs(m.shift)), gone, len(announced)

    def _reason(self, old: Row, now: Row) -> str:
        return self._happened(old, now) or self._displaced(old) or self._chosen(old, now)

    def _happened(self, old: Row, now: Row) -> str:
        for a, b in self.past.down.get(old.resource, []):
            if a < old.end and old.start < b and not self._was_closed(old.resource, a, b):
                return f"{old.resource} is down until {self.axis.text(b)}"
        for entry in self.after.floor:
            if entry.state == "material" and entry.lot == old.key[0] and entry.end is not None:
                until = self.axis.to_ticks(entry.end)
                if old.start < until <= now.start:
                    return f"{entry.operation} is not there before {self.axis.text(until)}"
        for pred in self.past.preds.get(old.key, ()):
            before, later = self.old.get(pred), self.new.get(pred)
            if before is not None and later is not None and later.end > before.end and later.end > old.start:
                return f"waits for {pred[0]} {pred[1]}, which ends {span(self.axis, later.end - before.end)} later"
        return ""

    def _displaced(self, old: Row) -> str:
        taken = [x for x in self.on[old.resource] if x.key != old.key and x.start < old.end and old.start < x.end]
        for other in taken:
            if self.order.get(other.key) in self.urgent:
                return f"makes room for order {self.order[other.key]}"
        for other in taken:
            return f"{other.key[0]} {other.key[1]} runs there then"
        if crew := self._absent(old):
            return f"people of crew {crew} are absent"
        return ""

    def _chosen(self, old: Row, now: Row) -> str:
        if now.start < old.start:
            return "can start earlier now"
        if now.resource != old.resource:
            return "is better off there in the new schedule"
        return "the new schedule is cheaper with it there"

    def _was_closed(self, resource: str, a: int, b: int) -> bool:
        """Whether the schedule was made knowing of this closure."""
        known = next(r.closures for r in self.past.before.resources if r.id == resource)
        return any(self.axis.to_ticks(c.start) <= a and b <= self.axis.to_ticks(c.end, up=True) for c in known)

    def _absent(self, old: Row) -> str:
        """A crew of the operation with a change that is new and meets its announced time."""
        schedule = self.past.schedule
        team = schedule.teams[int(schedule.team[old.i])] if schedule.team is not None else ()
        for name in team:
            known = self.past.before.plant.crews[name].changes if name in self.past.before.plant.crews else ()
            for change in self.after.plant.crews[name].changes:
                if change not in known and self.axis.to_ticks(change.start) < old.end and \
                        old.start < self.axis.to_ticks(change.end, up=True):
                    return name
        return ""
