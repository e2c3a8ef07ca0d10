"""The floor beyond the plain shop: what an operation waited for, its resource and its people aside."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES, Schedule
from scheduler.evaluation.extras import announced
from scheduler.evaluation.floor import Floor
from scheduler.evaluation.matched import MAINTENANCE, Matched, facts
from scheduler.evaluation.opening import Openings, Track
from scheduler.evaluation.pools import RUN, Pools
from scheduler.evaluation.sequence import sequence

TOGETHER = 2
"""Kind of link of operations that start together."""


class Wait(NamedTuple):
    """Something from which on an operation could start. kind: release, pool, now, pinned, material or arc; before: the
    row whose end it waited for; arc: of the plan; component, source: what arrived then, and from where."""

    tick: int
    kind: str
    before: int = -1
    arc: int = -1
    component: str = ""
    source: str = ""


class ShopFloor(Floor):
    """A schedule of a shop with more than the plain rules, indexed for questions; rows as in the schedule.

    leave: tick at which a row leaves its resource; fact: what already happened; pinned: fixed start (-1: none);
    announced: (start, resource) (-1: not); members: rows of the same batch; together: rows that start together with it.
    previous and time of all rows of a batch are those of its first.
    """

    def __init__(self, scenario: Scenario, schedule: Schedule, found: Matched):
        super().__init__(scenario, schedule)
        self.found, self.plan, self.shop = found, found.plan, found.shop
        self.openings = Openings(scenario, schedule, self._last)
        self.pools = Pools(scenario, schedule, found, sequence(scenario, schedule), self.openings)
        self.leave = self.pools.leave
        self.op: list[int] = found.op.tolist()
        self.mode: list[int] = found.mode.tolist()
        self.row_of: list[int] = found.row_of.tolist()
        self.fact: list[bool] = facts(scenario, schedule, found).tolist()
        self.upkeep = [schedule.lots.item[lot] == MAINTENANCE and self.lot_order[lot] < 0 for lot in self.lot]
        start, resource = announced(scenario, schedule, found)
        self.announced = list(zip(start.tolist(), resource.tolist()))
        self.pinned = [self._pin(i) for i in range(len(self.start))]
        self.members = self._batches()
        self.together = self._together()
        self._into: dict[int, list[int]] = defaultdict(list)
        self.onward: dict[int, list[int]] = defaultdict(list)
        for k, (a, b) in enumerate(zip(self.plan.arc_from.tolist(), self.plan.arc_to.tolist())):
            self._into[b].append(k)
            self.onward[a].append(k)
        carries = schedule.carries
        self.carries = {} if carries is None else {
            (a, b): (s, e) for a, b, s, e in zip(*(c.tolist() for c in (carries.before, carries.after, carries.start,
                                                                         carries.end)))}

    def _pin(self, row: int) -> int:
        for entry in self.entries(row):
            if entry.state == "pinned" and entry.start is not None:
                return self.scenario.axis.to_ticks(entry.start)
        return -1

    def entries(self, row: int) -> list[FloorEntry]:
        """What the floor says about a row."""
        return self.found.entries.get((self.schedule.lots.id[self.lot[row]], self.name[row]), [])

    def _batches(self) -> dict[int, tuple[int, ...]]:
        groups: dict[int, list[int]] = defaultdict(list)
        if self.schedule.batch is not None:
            for i, number in enumerate(self.schedule.batch.tolist()):
                if number >= 0:
                    groups[number].append(i)
        found: dict[int, tuple[int, ...]] = {}
        for rows in groups.values():
            rows.sort(key=lambda i: self.rank[i])
            for i in rows:
                found[i] = tuple(rows)
                self.previous[i], self.time[i] = self.previous[rows[0]], self.time[rows[0]]
        return found

    def _together(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, set[int]] = defaultdict(set)
        for kind, a, b in zip(*(c.tolist() for c in (self.shop.link_kind, self.shop.link_a, self.shop.link_b))):
            rows = self.row_of[a], self.row_of[b]
            if kind == TOGETHER and min(rows) >= 0:
                found[rows[0]].add(rows[1])
                found[rows[1]].add(rows[0])
        return {row: tuple(sorted(others)) for row, others in found.items()}

    def run_track(self, row: int) -> Track:
        """When the row's resource works and its crews are there."""
        return self.pools.uses[row].run

    def duration(self, row: int) -> int:
        """Ticks of normal work, as planned for the row's mode."""
        return int(self.plan.mode_duration[self.mode[row]]) if self.mode[row] >= 0 else self.end[row] - self.start[row]

    def pausing(self, row: int) -> bool:
        return self.mode[row] >= 0 and bool(self.shop.mode_pause[self.mode[row]])

    def waits(self, row: int) -> list[Wait]:
        """What the row had to wait for, the last to come first; of those at one tick operations first."""
        op, lot = self.op[row], self.lot[row]
        order = self.lot_order[lot]
        found = [Wait(self.released(lot), "release" if order >= 0 or not self.released(lot) else "pool")]
        if self.scenario.now and not self.fact[row]:
            found.append(Wait(self.scenario.now, "now"))
        if op < 0:
            return found
        released = int(self.plan.op_release[op])
        if released > found[0].tick:
            found.append(self._arrived(row, released))
        for k in self._into[op]:
            a = int(self.plan.arc_from[k])
            if int(self.shop.op_supply[a]) >= 0:
                found += self._supplied(row, a)
            elif self.row_of[a] >= 0:
                found.append(Wait(self.follows(k, self.row_of[a], row), "arc", self.row_of[a], k))
        return sorted(found, key=lambda w: (-w.tick, w.before < 0, w.kind == "release"))

    def _arrived(self, row: int, tick: int) -> Wait:
        """What the plan lets the row wait for until then: a purchase, something late, the orders of a pooled lot."""
        lot, axis = self.lot[row], self.scenario.axis
        for entry in self.scenario.floor:
            late = entry.end is not None and entry.state == "material" and entry.lot == self.schedule.lots.id[lot]
            if late and entry.end is not None and axis.to_ticks(entry.end, up=True) == tick:
                return Wait(tick, "material", component=entry.operation, source="late")
        for p in self._pegs[self._peg_first[lot]:self._peg_first[lot + 1]].tolist():
            if int(self.schedule.pegs.available[p]) == tick:
                return Wait(tick, "material", component=self.schedule.pegs.component[p],
                            source=SOURCES[int(self.schedule.pegs.source[p])])
        return Wait(tick, "release")

    def _supplied(self, row: int, supply: int) -> list[Wait]:
        name, lot = self.shop.stocked[int(self.shop.op_component[supply])], self.lot[row]
        return [Wait(int(self.schedule.pegs.available[p]), "material", component=name,
                     source=SOURCES[int(self.schedule.pegs.source[p])])
                for p in self._pegs[self._peg_first[lot]:self._peg_first[lot + 1]].tolist()
                if self.schedule.pegs.component[p] == name]

    def lag(self, arc: int) -> int:
        return int(self.shop.arc_min[arc])

    def most(self, arc: int) -> int:
        """Maximum lag of an arc, NEVER where there is none."""
        return min(int(self.shop.arc_max[arc]), int(NEVER))

    def follows(self, arc: int, before: int, row: int) -> int:
        """Tick from which on the row could start as far as this arc goes."""
        carry, lag = self.carry(before, row), self.lag(arc)
        ended = self.end[before] + lag + carry
        first, last = (int(self.shop.head_first[k]) for k in (arc, arc + 1))
        if first == last:
            return int(max(ended, self.carries.get((before, row), (0, 0))[1]))
        head = self._part(self.shop.head, first, before)
        handed = self.run_track(before).finish(self.start[before], head, True)
        tick = min(self.end[before], self.end[before] if handed is None else handed) + lag + carry
        first, last = (int(self.shop.tail_first[k]) for k in (arc, arc + 1))
        tail = self._part(self.shop.tail, first, row) if last > first else 0
        return max(tick, self.ending(row, ended, tail, tick))

    def _part(self, column: np.ndarray, first: int, row: int) -> int:
        if self.mode[row] < 0:
            return 0
        place = self.mode[row] - int(self.plan.mode_first[self.op[row]])
        return int(column[first + place])

    def ending(self, row: int, tick: int, tail: int, least: int) -> int:
        """First start from `least` on, at most the row's own, with `tail` of its work after `tick`."""
        track, work, pause = self.run_track(row), self.duration(row), self.pausing(row)
        begin = track.first(tick, 0, True, tick)
        until = track.finish(begin, tail, True) if tail else tick
        low, high = least, max(least, self.start[row])
        while low < high:
            middle = (low + high) // 2
            end = track.finish(track.first(middle, work, pause, high), work, pause)
            if end is not None and until is not None and end < until:
                low = middle + 1
            else:
                high = middle
        return low

    def needs(self, row: int, phase: int = RUN) -> list[tuple[str, int]]:
        """(crew, people) the row needs in a phase."""
        return [(crew, people) for crew, people, at in self.pools.uses[row].needs if at == phase]


__all__ = ["ShopFloor", "Wait"]
