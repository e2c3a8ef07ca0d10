"""What the model builder knows about a problem with rules before any variable exists: plain lists and what follows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.engines.cpsat.rules.clocks import Clock, clocks
from scheduler.problem.problem import FAR, MEASURES, Problem
from scheduler.problem.rules import Rules

NEVER = int(FAR)


@dataclass(frozen=True)
class Arc:
    """before -> after; index: its place in Problem.pred; head, tail: ticks per mode, None where it is plain."""

    index: int
    before: int
    after: int
    least: int
    most: int
    head: dict[int, int] | None
    tail: dict[int, int] | None


@dataclass(eq=False)
class Shop:
    """A problem with rules as Python lists (fast to loop over). Times in ticks."""

    problem: Problem

    def __post_init__(self) -> None:
        p = self.problem
        assert p.rules is not None
        r = self.rules = p.rules
        self.n = n = p.operations
        first = p.mode_first.tolist()
        self.modes = [list(range(a, b)) for a, b in itertools.pairwise(first)]
        self.fixed_start = p.fixed_start.tolist() if len(p.fixed_start) == n else [-1] * n
        if len(p.fixed_mode) == n:
            for o in np.flatnonzero(p.fixed_mode >= 0).tolist():
                self.modes[o] = [int(p.fixed_mode[o])]
        self.owner = np.repeat(np.arange(n), np.diff(p.mode_first)).tolist()
        self.resource = p.mode_resource.tolist()
        self.state = p.mode_state.tolist()
        self.duration = p.mode_duration.tolist()
        self.pausing = r.mode_pause.tolist()
        self.calendar_of = r.mode_calendar.tolist()
        self.setup_calendar_of = r.mode_setup_calendar.tolist()
        self.account = p.account.tolist()
        self.fact = [bool(f) for f in r.fact]
        self.fixed_end = r.fixed_end.tolist()
        self.release = [max(int(r.now), int(x)) for x in p.release]
        self.unlimited = [bool(u) for u in r.unlimited]
        self.clocks: list[Clock] = clocks(p)
        self.open_ticks: list[Clock] = [c.unit() for c in self.clocks]
        self.transport = p.transport.tolist()
        self.location = p.location.tolist()

    @cached_property
    def arcs(self) -> list[Arc]:
        """All arcs."""
        p, r = self.problem, self.rules
        found = []
        for o in range(self.n):
            for z in range(int(p.pred_first[o]), int(p.pred_first[o + 1])):
                a = int(p.pred[z])
                head = tail = None
                if r.head_first[z + 1] > r.head_first[z]:
                    head = {int(p.mode_first[a]) + i: int(x) for i, x in enumerate(
                        r.head[r.head_first[z]: r.head_first[z + 1]])}
                    tail = {int(p.mode_first[o]) + i: int(x) for i, x in enumerate(
                        r.tail[r.tail_first[z]: r.tail_first[z + 1]])}
                found.append(Arc(z, a, o, int(r.arc_min[z]), min(NEVER, int(r.arc_max[z])), head, tail))
        return found

    @cached_property
    def arcs_from(self) -> list[list[Arc]]:
        """Arcs by the operation they come from."""
        found: list[list[Arc]] = [[] for _ in range(self.n)]
        for arc in self.arcs:
            found[arc.before].append(arc)
        return found

    @cached_property
    def arcs_to(self) -> list[list[Arc]]:
        """Arcs by the operation they lead to."""
        found: list[list[Arc]] = [[] for _ in range(self.n)]
        for arc in self.arcs:
            found[arc.after].append(arc)
        return found

    @cached_property
    def order(self) -> list[int]:
        """A topological order of the operations."""
        degree = [len(before) for before in self.arcs_to]
        order = [o for o in range(self.n) if not degree[o]]
        for o in order:
            for arc in self.arcs_from[o]:
                degree[arc.after] -= 1
                if not degree[arc.after]:
                    order.append(arc.after)
        return order

    @cached_property
    def own(self) -> list[list[int]]:
        """Per job the operations that count for its times: all but supply."""
        found: list[list[int]] = [[] for _ in range(self.problem.jobs)]
        for o, a in enumerate(self.account):
            if a < self.problem.jobs and not self.rules.supply[o]:
                found[a].append(o)
        return found

    @cached_property
    def needs(self) -> list[list[tuple[int, int, int]]]:
        """Per mode (pool, quantity, phase)."""
        r = self.rules
        rows = list(zip(r.need_pool.tolist(), r.need_quantity.tolist(), r.need_phase.tolist()))
        return [[row for row in rows[a:b] if row[1]] for a, b in itertools.pairwise(r.need_first.tolist())]

    @cached_property
    def fact_rows(self) -> list[list[int]]:
        """Per limited resource the facts on it in order."""
        rows: list[list[int]] = [[] for _ in range(self.problem.resources)]
        for o in np.flatnonzero(self.rules.fact).tolist():
            r = self.resource[self.modes[o][0]]
            if not self.unlimited[r]:
                rows[r].append(o)
        for row in rows:
            row.sort(key=lambda o: (self.fixed_start[o], self.fixed_end[o], o))
        return rows

    def fixed_batches(self, r: int) -> list[list[int]]:
        """The facts of a resource in order, those that ran together in one group, leader first."""
        rules, found = self.rules, list[list[int]]()
        for o in self.fact_rows[r]:
            m, group = self.modes[o][0], found[-1] if found else []
            kind = int(rules.batch_class[m])
            if group and kind >= 0:
                x = group[0]
                same = (kind, self.fixed_start[o], self.fixed_end[o]) == (
                    int(rules.batch_class[self.modes[x][0]]), self.fixed_start[x], self.fixed_end[x])
                places = sum(int(rules.batch_places[y]) for y in [*group, o])
                if same and places <= rules.batch_capacity[r]:
                    group.append(o)
                    continue
            found.append([o])
        return found

    def loose_facts(self, r: int) -> bool:
        """Whether the facts of a resource leave their order or their batches open."""
        row = self.fact_rows[r]
        return any(self.fixed_start[a] == self.fixed_start[b] for a, b in itertools.pairwise(row))

    def conditional(self, o: int) -> bool:
        """Whether an operation may be absent."""
        a = self.account[o]
        refusable = a < self.problem.jobs and self.rules.refuse_cost[a] < NEVER
        return bool(refusable or self.rules.branch[o] >= 0)

    def implied(self, o: int, other: int) -> bool:
        """Whether `other` is present wherever o is."""
        if not self.conditional(other):
            return True
        same_job = self.account[o] == self.account[other] < self.problem.jobs
        branch = int(self.rules.branch[other])
        if branch >= 0:
            return branch == int(self.rules.branch[o])
        return bool(same_job)

    def setup(self, r: int, before: int, after: int) -> tuple[int, int]:
        """(open ticks, micros) of reconfiguring resource r; before -1: nothing is needed."""
        if before < 0:
            return 0, 0
        p = self.problem
        i = int(p.setup_first[r]) + before * int(p.states[r]) + after
        return int(p.setup_time[i]), int(p.setup_cost[i])

    def modules(self, r: int, state: int) -> frozenset[int]:
        """Pools of the modules of a state (-1: none)."""
        if state < 0:
            return frozenset()
        rules = self.rules
        at = int(rules.state_first[r]) + state
        return frozenset(rules.module_pool[rules.module_first[at]: rules.module_first[at + 1]].tolist())

    def campaign(self, m: int) -> int:
        """Open ticks the resource of a mode stays in its state."""
        return int(self.rules.campaign[int(self.rules.state_first[self.resource[m]]) + self.state[m]])

    def lag(self, before: int, after: int) -> int:
        """Ticks of transport between two modes."""
        return int(self.transport[self.location[self.resource[before]]][self.location[self.resource[after]]])

    def buffer(self, before: int, after: int) -> int:
        """Pool of the buffer between two modes, -1: none."""
        rules: Rules = self.rules
        return int(rules.buffer[rules.group[self.resource[before]], rules.group[self.resource[after]]])

    def batchable(self, m: int) -> bool:
        """Whether a mode may share a batch."""
        return bool(self.rules.batch_class[m] >= 0 and self.rules.batch_capacity[self.resource[m]] > 0
                    and not self.unlimited[self.resource[m]])

    def least_ticks(self, m: int, work: int) -> int:
        """Fewest ticks in which `work` ticks of normal work pass on the calendar of a mode."""
        rate = max((s.rate for s in self.clocks[self.calendar_of[m]].segments), default=0)
        return -(-work * int(self.rules.pace) // rate) if rate else 0

    @cached_property
    def money_counts(self) -> bool:
        """Whether money is a level or has a budget."""
        return "money" in self.problem.levels or int(self.problem.budgets[0]) < NEVER

    def caps(self) -> list[int]:
        """The budgets, one limit per measure (NEVER: none)."""
        return [min(NEVER, int(b)) for b in self.problem.budgets[: len(MEASURES)]]
