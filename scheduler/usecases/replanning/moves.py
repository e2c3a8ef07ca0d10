"""What a replan moved, and why: each reason is read off the data, the first that holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import span
from scheduler.usecases.replanning.ahead import Absent
from scheduler.usecases.replanning.happened import Past, Row, rows_of
from scheduler.usecases.replanning.state import Key


@dataclass(frozen=True)
class Move:
    """An announced operation that is elsewhere now: (announced, new); start in ticks.

    reason: what stood in its way itself; cause: where the chain of such reasons begins. Both are parts of a sentence.
    """

    lot: str
    operation: str
    order: str
    resource: tuple[str, str]
    start: tuple[int, int]
    reason: str
    cause: str

    @property
    def shift(self) -> int:
        """Ticks it starts later."""
        return self.start[1] - self.start[0]


@dataclass(frozen=True)
class _Because:
    """A reason, and the operation whose own move explains it further, if any."""

    text: str
    other: Key | None = None


def moves(past: Past, after: Scenario, schedule: Schedule, urgent: Set[str],
          ready: Mapping[Key, tuple[int, str]]) -> tuple[list[Move], list[Key], int]:
    """(what moved by more than the policy's tolerance, largest shift first; announced but no longer made; how many
    were announced). urgent: orders that the events brought or made more urgent; ready: (tick, component) before which
    material is not there."""
    return _Reader(past, after, schedule, urgent, ready).read()


class _Reader:
    def __init__(self, past: Past, after: Scenario, schedule: Schedule, urgent: Set[str],
                 ready: Mapping[Key, tuple[int, str]]) -> None:
        self.past, self.after, self.axis, self.urgent, self.ready = past, after, past.axis, urgent, ready
        self.old = past.planned
        self.new = {row.key: row for row in rows_of(schedule)}
        self.on: dict[str, list[Row]] = defaultdict(list)
        for row in self.new.values():
            self.on[row.resource].append(row)
        order = {lot: int(j) for lot, j in zip(schedule.lots.id, schedule.lots.order.tolist())}
        self.order = {lot: schedule.orders[j] if j >= 0 else "" for lot, j in order.items()}
        self.tolerance = self.axis.duration(after.policy.replanning.tolerance)
        self.absent = Absent(past.before, after, past)
        self.because: dict[Key, _Because] = {}

    def read(self) -> tuple[list[Move], list[Key], int]:
        announced = [row for row in self.past.rows if row.key not in self.past.floor]
        gone = [row.key for row in announced if row.key not in self.new]
        moved = [(row, self.new[row.key]) for row in announced if self._moved(row.key)]
        found = [Move(*row.key, self.order[row.key[0]], (row.resource, now.resource), (row.start, now.start),
                      self._why(row.key).text, self._cause(row.key)) for row, now in moved]
        return sorted(found, key=lambda m: -abs(m.shift)), gone, len(announced)

    def _moved(self, key: Key) -> bool:
        old, now = self.old.get(key), self.new.get(key)
        return old is not None and now is not None and key not in self.past.floor and (
            now.resource != old.resource or abs(now.start - old.start) > self.tolerance)

    def _cause(self, key: Key) -> str:
        seen = {key}
        why = self._why(key)
        while why.other is not None and why.other not in seen and self._moved(why.other):
            seen.add(why.other)
            why = self._why(why.other)
        if why.other in self.past.floor:
            return self._delayed(why.other)
        return why.text if why.other is None else "the new schedule is cheaper so"

    def _delayed(self, key: Key) -> str:
        """Why something that happened ended later than planned."""
        row = self.old[key]
        if down := self.past.hours.meets(row.resource, row.start, row.end):
            return f"{row.resource} is down until {self.axis.text(down[1])}"
        return f"{key[0]} {key[1]} {'took' if self.past.floor[key].state == 'finished' else 'takes'} longer"

    def _why(self, key: Key) -> _Because:
        if key not in self.because:
            old, now = self.old[key], self.new[key]
            self.because[key] = self._happened(old, now) or self._displaced(old) or self._chosen(old, now)
        return self.because[key]

    def _happened(self, old: Row, now: Row) -> _Because | None:
        """Its own resource, material or predecessors were not there."""
        if down := self.past.hours.meets(old.resource, old.start, old.end):
            return _Because(f"{old.resource} is down until {self.axis.text(down[1])}")
        until, component = self.ready.get(old.key, (-1, ""))
        if old.start < until <= now.start:
            return _Because(f"{component} is not there before {self.axis.text(until)}")
        late = [(self.new[p].end - self.old[p].end, p) for p in self.past.preds.get(old.key, ())
                if p in self.old and p in self.new and self.new[p].end > max(old.start, self.old[p].end)]
        if late:
            shift, pred = max(late)
            return _Because(f"waits for {pred[0]} {pred[1]}, which ends {span(self.axis, shift)} later", pred)
        if crew := self.absent.of(old):
            return _Because(f"people of crew {crew} are absent")
        return None

    def _displaced(self, old: Row) -> _Because | None:
        taken = [x for x in self.on[old.resource] if x.key != old.key and x.start < old.end and old.start < x.end]
        for other in taken:
            if (order := self.order[other.key[0]]) in self.urgent:
                return _Because(f"makes room for order {order}")
        for other in sorted(taken, key=lambda x: not self._moved(x.key)):
            return _Because(f"{other.key[0]} {other.key[1]} runs there then", other.key)
        return None

    def _chosen(self, old: Row, now: Row) -> _Because:
        if self.order[old.key[0]] in self.urgent:
            return _Because(f"order {self.order[old.key[0]]} is more urgent now")
        if now.start < old.start:
            return _Because("can start earlier now")
        if now.resource != old.resource:
            return _Because("is better off there in the new schedule")
        return _Because("the new schedule is cheaper so")
