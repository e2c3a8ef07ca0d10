"""The optimum of a tiny scenario by trying everything, timed on the scenario's own calendars and matrices.

Shares no code with the engines, the problem's calendars or the timing kernel: operations are put one by one at the
end of a resource's sequence, as early as they can be, in every order and mode. Where holding costs, every later first
start of the orders concerned is tried too: for given modes, sequences and first starts the earliest schedule is best in
every measure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, product

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import MEASURES
from scheduler.domain.scenario import Scenario, changes
from scheduler.planning.plan import Plan
from scheduler.problem.problem import Problem, Solution
from tests.reference import dates, reference_measures

DAYS = 28
"""Calendars are expanded so far."""
Levels = tuple[int, ...]
Placed = tuple[int, int, int, int]
"""(mode, rank, start, end) of an operation."""


@dataclass(frozen=True)
class Truth:
    """The best schedule found and its levels (None: there is none); exact: nothing was left out."""

    levels: Levels | None
    solution: Solution | None
    exact: bool
    tried: int


class TooManyError(Exception):
    """More to try than allowed."""


class Exhaustive:
    """Tries at most `most` placements of operations."""

    def __init__(self, scenario: Scenario, plan: Plan, problem: Problem, most: int) -> None:
        self.scenario, self.plan, self.problem, self.left = scenario, plan, problem, most
        self.most = most
        self.exact = True
        self.best: tuple[Levels, Solution] | None = None
        horizon = int(DAYS * scenario.axis.ticks_per_day)
        self.windows = []
        for resource in scenario.resources:
            start, end = (column.tolist() for column in scenario.windows(resource, horizon))
            self.windows.append((start, end, [0, *accumulate(e - s for s, e in zip(start, end))]))
        matrices = {name: changes(cell, scenario.axis)[0] for name, cell in scenario.plant.cells.items()}
        self.change = [matrices[r.cell] for r in scenario.resources]
        self.preds: list[list[int]] = [[] for _ in range(len(plan))]
        for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist()):
            self.preds[b].append(a)
        self.floor = plan.op_release.tolist()
        self.own = plan.lots.order[plan.op_lot].tolist()
        policy = scenario.policy
        held = policy.weights.holding > 0 and ("money" in policy.levels or policy.budgets.money is not None)
        self.held = [j for j in range(len(scenario.orders)) if held and scenario.orders.hold_rate[j] > 0]

    def run(self) -> Truth:
        try:
            for found in self._all({}, [[] for _ in self.windows], set()):
                self._take(found)
        except TooManyError:
            self.exact = False
        levels, solution = self.best or (None, None)
        return Truth(levels, solution, self.exact, self.most - self.left)

    def _all(self, placed: dict[int, Placed], rows: list[list[int]], seen: set[object]) -> Iterator[dict[int, Placed]]:
        """Every complete schedule that can be built by appending; states met before are left."""
        key = frozenset((o, p[0], p[1]) for o, p in placed.items())
        if key in seen:
            return
        seen.add(key)
        if len(placed) == len(self.plan):
            yield dict(placed)
        for o in range(len(self.plan)):
            if o in placed or any(p not in placed for p in self.preds[o]):
                continue
            for m in range(int(self.plan.mode_first[o]), int(self.plan.mode_first[o + 1])):
                row = rows[int(self.plan.mode_resource[m])]
                at = self._place(o, m, placed, row, self.floor[o])
                if at is None:
                    self.exact = False
                    continue
                placed[o] = at
                row.append(o)
                yield from self._all(placed, rows, seen)
                row.pop()
                del placed[o]

    def _place(self, o: int, m: int, placed: dict[int, Placed], row: list[int], floor: int) -> Placed | None:
        """The earliest place at the end of the row; None beyond the calendars."""
        self.left -= 1
        if self.left < 0:
            raise TooManyError
        plan, scenario = self.plan, self.scenario
        r, wanted = int(plan.mode_resource[m]), int(plan.mode_configuration[m])
        starts, ends, _ = self.windows[r]
        before, free = scenario.resources[r].initial, 0
        if row:
            last = placed[row[-1]]
            before, free = int(plan.mode_configuration[last[0]]), last[3]
        change = int(self.change[r][before, wanted]) if before >= 0 else 0
        t = max(floor, free, 0)
        for p in self.preds[o]:
            there = scenario.resources[int(plan.mode_resource[placed[p][0]])].location
            t = max(t, placed[p][3] + int(scenario.transport[there, scenario.resources[r].location]))
        if change:
            t = max(t, self._worked(r, self._work(r, free) + change))
        duration = int(plan.mode_duration[m])
        for w in range(bisect_left(ends, t), len(ends)):
            start = max(t, starts[w])
            if start + duration <= ends[w]:
                return m, len(row), start, start + duration
        return None

    def _work(self, r: int, tick: int) -> int:
        """Open ticks before `tick`."""
        starts, ends, work = self.windows[r]
        w = bisect_left(starts, tick)
        return work[w] - max(0, ends[w - 1] - tick) if w else 0

    def _worked(self, r: int, amount: int) -> int:
        """The earliest tick before which so many ticks were open."""
        starts, _, work = self.windows[r]
        if amount > work[-1]:
            return int(NEVER)
        w = bisect_left(work, amount) - 1
        return int(starts[w] + amount - work[w])

    def _take(self, placed: dict[int, Placed]) -> None:
        first = self._measure(placed)
        if not self.held or not first:
            return
        sequence = sorted(placed, key=lambda o: (placed[o][2], placed[o][3], o))
        sequence = self._in_order(placed, sequence)
        _, _, starts = dates(self.problem, first)
        end = self._far(placed)
        later = [range(starts[j], end) for j in self.held]
        if np.prod([float(len(r)) for r in later]) * len(placed) > self.left:
            self.exact = False
            return
        for chosen in product(*later):
            floors = dict(zip(self.held, chosen))
            again: dict[int, Placed] = {}
            rows: list[list[int]] = [[] for _ in self.windows]
            for o in sequence:
                row = rows[int(self.plan.mode_resource[placed[o][0]])]
                at = self._place(o, placed[o][0], again, row, max(self.floor[o], floors.get(self.own[o], 0)))
                if at is None:
                    break
                again[o] = at
                row.append(o)
            else:
                self._measure(again)

    def _in_order(self, placed: dict[int, Placed], operations: list[int]) -> list[int]:
        """Operations after all that come before them, by precedence and on their resource."""
        found: list[int] = []
        done: set[int] = set()
        count = [0] * len(self.windows)
        while len(found) < len(operations):
            for o in operations:
                r = int(self.plan.mode_resource[placed[o][0]])
                if o not in done and placed[o][1] == count[r] and all(p in done for p in self.preds[o]):
                    found.append(o)
                    done.add(o)
                    count[r] += 1
        return found

    def _far(self, placed: dict[int, Placed]) -> int:
        """Beyond this no first start can help: the last due date or end, and a week for a closed time to pass."""
        due = [int(d) for d in self.scenario.orders.due if d < NEVER]
        last = max(*(p[3] for p in placed.values()), *due, 0)
        closed = any(len(w[0]) > 1 or w[0][0] > 0 for w in self.windows if w[0])
        return last + sum(p[3] - p[2] for p in placed.values()) + int(7 * self.scenario.axis.ticks_per_day * closed) + 1

    def _measure(self, placed: dict[int, Placed]) -> Solution:
        """Keeps the schedule if it breaks no limit and is the best so far."""
        columns = [np.array([placed[o][k] for o in range(len(placed))], dtype=np.int64) for k in range(4)]
        solution = Solution(columns[0], columns[2], columns[3], columns[1])
        values = dict(zip(MEASURES, reference_measures(self.problem, solution)))
        completion, _, _ = dates(self.problem, solution)
        if any(c > d for c, d in zip(completion, self.scenario.orders.deadline)) or self._over(values):
            return solution
        levels = tuple(values[m] for m in self.scenario.policy.levels)
        if self.best is None or levels < self.best[0]:
            self.best = levels, solution
        return solution

    def _over(self, values: dict[str, int]) -> bool:
        for name in MEASURES:
            limit = getattr(self.scenario.policy.budgets, name)
            if limit is not None and values[name] > (limit if name == "money" else limit // self.scenario.axis.tick):
                return True
        return False

