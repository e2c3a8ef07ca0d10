"""What the model builder knows about a problem before any variable exists: plain lists, order, transport, setups,
heads."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.engines.cpsat.calendars import Calendar, calendars
from scheduler.problem.problem import FAR, MEASURES, Problem

NEVER = int(FAR)


@dataclass(eq=False)
class Facts:
    """A problem as Python lists (fast to loop over), with what follows from it without search. Times in ticks."""

    problem: Problem

    def __post_init__(self) -> None:
        p = self.problem
        self.n = p.operations
        first = p.mode_first.tolist()
        self.modes = [list(range(a, b)) for a, b in itertools.pairwise(first)]
        self.fixed_start = p.fixed_start.tolist() if len(p.fixed_start) == self.n else [-1] * self.n
        if len(p.fixed_mode) == self.n:
            for o in np.flatnonzero(p.fixed_mode >= 0).tolist():
                self.modes[o] = [int(p.fixed_mode[o])]
        self.resource = p.mode_resource.tolist()
        self.state = p.mode_state.tolist()
        self.duration = p.mode_duration.tolist()
        self.cost = p.mode_cost.tolist()
        self.owner = np.repeat(np.arange(self.n), np.diff(p.mode_first)).tolist()
        self.release = p.release.tolist()
        self.account = p.account.tolist()
        self.location = p.location.tolist()
        self.calendar_of = p.calendar.tolist()
        self.pred = [p.pred[a:b].tolist() for a, b in zip(p.pred_first, p.pred_first[1:])]
        self.succ: list[list[int]] = [[] for _ in range(self.n)]
        for o, before in enumerate(self.pred):
            for a in before:
                self.succ[a].append(o)
        self.calendars: list[Calendar] = calendars(p)
        self.shortest = [min(self.duration[m] for m in ms) for ms in self.modes]
        self.transport = p.transport.tolist()
        self.moves = bool(p.transport.any())
        self.kept_after: dict[int, int] = {}
        self.kept_before: dict[int, int] = {}

    def keep(self, rows: list[list[int]]) -> None:
        """Modes on each resource that stay in this order, whatever comes between them."""
        for row in rows:
            for before, after in itertools.pairwise([-1, *row, -1]):
                if before >= 0:
                    self.kept_after[before] = after
                if after >= 0:
                    self.kept_before[after] = before

    @cached_property
    def order(self) -> list[int]:
        """A topological order of the operations."""
        degree = [len(before) for before in self.pred]
        order = [o for o in range(self.n) if not degree[o]]
        for o in order:
            for s in self.succ[o]:
                degree[s] -= 1
                if not degree[s]:
                    order.append(s)
        return order

    @cached_property
    def by_resource(self) -> list[list[int]]:
        """The modes on each resource."""
        found: list[list[int]] = [[] for _ in range(self.problem.resources)]
        for ms in self.modes:
            for m in ms:
                found[self.resource[m]].append(m)
        return found

    @cached_property
    def ancestors(self) -> list[int]:
        """Per operation the set of operations that precede it, directly or not, as bits of an integer."""
        bits = [0] * self.n
        for o in self.order:
            for a in self.pred[o]:
                bits[o] |= bits[a] | (1 << a)
        return bits

    def calendar(self, mode: int) -> Calendar:
        """The calendar of a mode's resource."""
        found: Calendar = self.calendars[self.calendar_of[self.resource[mode]]]
        return found

    def money_counts(self) -> bool:
        """Whether money is a level or has a budget."""
        return "money" in self.problem.levels or int(self.problem.budgets[0]) < NEVER

    @cached_property
    def with_setups(self) -> list[bool]:
        """Resources that need a circuit: some reconfiguration takes time, or costs money that counts."""
        p = self.problem
        costs = self.money_counts() and int(p.weights[2]) > 0
        found = []
        for r in range(p.resources):
            a, b = int(p.setup_first[r]), int(p.setup_first[r]) + int(p.states[r]) ** 2
            found.append(
                bool(p.setup_time[a:b].any() or (costs and p.setup_cost[a:b].any())) and bool(self.by_resource[r])
            )
        return found

    def setup(self, r: int, before: int, after: int) -> tuple[int, int]:
        """(working ticks, micros) of reconfiguring resource r; before -1: nothing is needed."""
        if before < 0:
            return 0, 0
        i = int(self.problem.setup_first[r]) + before * int(self.problem.states[r]) + after
        return int(self.problem.setup_time[i]), int(self.problem.setup_cost[i])

    @cached_property
    def entering(self) -> list[tuple[int, int, int]]:
        """Per mode, working ticks: (least setup after another operation, least of any kind, most of any kind)."""
        p = self.problem
        found = [(0, 0, 0)] * len(self.resource)
        for r, with_setups in enumerate(self.with_setups):
            if not with_setups:
                continue
            size, a = int(p.states[r]), int(p.setup_first[r])
            time = p.setup_time[a : a + size * size].reshape(size, size)
            seen = {self.state[m] for m in self.by_resource[r]}
            begin = int(p.initial_state[r])
            column = time[sorted(seen)]
            least, most = column.min(axis=0).tolist(), column.max(axis=0).tolist()
            initial = time[begin].tolist() if begin >= 0 else [0] * size
            for m in self.by_resource[r]:
                s = self.state[m]
                found[m] = (least[s], min(least[s], initial[s]), max(most[s], initial[s]))
        return found

    def lag(self, before: int, after: int) -> int:
        """Ticks of transport between two modes."""
        if not self.moves:
            return 0
        return int(self.transport[self.location[self.resource[before]]][self.location[self.resource[after]]])

    def least_lag(self, before: int, after: int) -> int:
        """Least transport between two operations over all their modes, ticks."""
        if not self.moves:
            return 0
        return min(self.lag(a, b) for a in self.modes[before] for b in self.modes[after])

    @cached_property
    def heads(self) -> list[int]:
        """Earliest start of each mode if no resource were ever busy (NEVER: it cannot start): longest paths with
        calendars and least setup."""
        head = [NEVER] * len(self.resource)
        for o in self.order:
            for m in self.modes[o]:
                ready = max(self.release[o], self.fixed_start[o])
                for a in self.pred[o]:
                    ready = max(ready, min(head[k] + self.duration[k] + self.lag(k, m) for k in self.modes[a]))
                calendar = self.calendar(m)
                begin = calendar.real(self.entering[m][1])
                if begin is None or ready >= NEVER:
                    continue
                start = calendar.earliest(max(ready, begin), self.duration[m])
                if start is not None and (self.fixed_start[o] < 0 or start == self.fixed_start[o]):
                    head[m] = start
        return head

    @cached_property
    def head_end(self) -> list[int]:
        """Earliest end of each operation."""
        return [min((self.heads[m] + self.duration[m] for m in ms), default=NEVER) for ms in self.modes]

    @cached_property
    def tails(self) -> list[int]:
        """Least ticks from the end of each operation to the end of everything that follows it."""
        tail = [0] * self.n
        for o in reversed(self.order):
            for s in self.succ[o]:
                tail[o] = max(tail[o], self.least_lag(o, s) + self.shortest[s] + tail[s])
        return tail

    def caps(self) -> list[int]:
        """The budgets, one limit per measure (NEVER: none)."""
        return [min(NEVER, int(b)) for b in self.problem.budgets[: len(MEASURES)]]
