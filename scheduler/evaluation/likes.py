"""Resources like an operation's own: in its cell, no slower for it, and set up no longer before it."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from scheduler.domain.scenario import changes
from scheduler.evaluation.floor import Floor
from scheduler.planning.template import durations

MOST = 500
"""Gaps that are looked at on one resource."""
NEVER = 1 << 60


class Like(NamedTuple):
    """Another mode of an operation: where, in which configuration, ticks of normal work; mode: of the plan, if any."""

    resource: int
    configuration: int
    duration: int
    mode: int = -1


class Likes:
    """Finds when resources like an operation's own were unused for as long as it takes.

    begun, leave: from and until when each row of the schedule takes its resource, preparation included.
    """

    def __init__(self, floor: Floor, begun: list[int], leave: list[int]):
        self.floor, self.begun, self.leave = floor, begun, leave
        self.configuration: list[int] = floor.schedule.configuration.tolist()
        self._rows: dict[int, tuple[list[int], list[int]]] = {}
        self._times: dict[str, np.ndarray] = {}

    def plain(self, op: int) -> list[Like]:
        """Likes of an operation of a plain shop."""
        floor = self.floor
        ways = floor.ways(op)
        if not ways:
            return []
        pieces = np.array([int(floor.schedule.lots.quantity[floor.lot[op]])])
        ticks = durations(np.array(ways, dtype=np.int64).T, pieces[:, None], floor.scenario.axis.tick)[0].tolist()
        most = floor.end[op] - floor.start[op]
        return self.alike(op, [Like(way[0], way[1], length) for way, length in zip(ways, ticks)], most)

    def alike(self, op: int, modes: list[Like], most: int) -> list[Like]:
        """Those of the modes on another resource of the same cell and place that take `most` ticks at most."""
        resources, here = self.floor.scenario.resources, self.floor.resource[op]
        cell, location = resources[here].cell, resources[here].location
        if self.floor.scenario.plant.cells[cell].kind == "subcontractor":
            return []
        return [m for m in modes if m.resource != here and resources[m.resource].cell == cell
                and resources[m.resource].location == location and m.duration <= most]

    def own(self, op: int) -> int:
        """When the last operation of the same order before this one on its resource left it: no wait for others."""
        floor = self.floor
        mine = floor.operations(floor.order(op)) if floor.order(op) >= 0 else []
        return max((self.leave[i] for i in mine if floor.resource[i] == floor.resource[op]
                    and floor.rank[i] < floor.rank[op]), default=0)

    def gaps(self, op: int, like: Like, tick: int) -> list[tuple[int, int | None, int]]:
        """(from, to, ticks of reconfiguration) of the gaps on a like resource that end after `tick`, in which the
        operation would need no more reconfiguration than on its own and change none of another; None: no end."""
        rows, leaves = self._on(like.resource)
        found: list[tuple[int, int | None, int]] = []
        initial = self.floor.scenario.resources[like.resource].initial
        for k in range(bisect_right(leaves, tick), len(rows) + 1):
            before = self.configuration[rows[k - 1]] if k else initial
            needed = self._change(op, before, like.configuration)
            then = self._change(op, like.configuration, self.configuration[rows[k]]) if k < len(rows) else 0
            if needed <= self.floor.time[op] and (k == len(rows) or then <= self.floor.time[rows[k]]):
                found.append((leaves[k - 1] if k else 0, self.begun[rows[k]] if k < len(rows) else None, needed))
            if len(found) == MOST:
                break
        return found

    def _on(self, resource: int) -> tuple[list[int], list[int]]:
        """Rows of a resource in their sequence, and until when each and all before it take it."""
        if resource not in self._rows:
            floor = self.floor
            last = floor.first_on[resource + 1] if resource + 1 < len(floor.first_on) else len(floor.order_on)
            rows = floor.order_on[floor.first_on[resource]:last]
            leaves = np.maximum.accumulate(np.array([self.leave[i] for i in rows], dtype=np.int64)).tolist()
            self._rows[resource] = rows, leaves
        return self._rows[resource]

    def _change(self, op: int, before: int, after: int) -> int:
        scenario = self.floor.scenario
        name = scenario.resources[self.floor.resource[op]].cell
        if before < 0 or before == after:
            return 0
        if scenario.axis.duration(scenario.plant.cells[name].reconfiguration.minimum_run):
            return NEVER
        if name not in self._times:
            self._times[name] = changes(scenario.plant.cells[name], scenario.axis, scenario.plant.modules)[0]
        return int(self._times[name][before, after])

    def first(self, op: int, tick: int, latest: int) -> tuple[int, int]:
        """The first start in [tick, latest) at which the operation had room on a like resource of a plain shop, and
        that resource; (latest, -1): nowhere."""
        best = (latest, -1)
        for like in self.plain(op):
            calendar = self.floor.calendar(like.resource)
            for a, b, needed in self.gaps(op, like, tick):
                if a >= best[0]:
                    break
                ready = calendar.after(a, needed)
                start = best[0] if ready is None else calendar.fit(max(tick, ready), like.duration, best[0])
                if start < best[0] and (b is None or start + like.duration <= b):
                    best = (start, like.resource)
                    break
        return best
