"""From a stored schedule, or what was announced, to a solution of a problem with rules to begin with."""

from __future__ import annotations

from collections import deque

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.shifts import overtimes
from scheduler.encoding.floor import read_floor
from scheduler.planning.plan import Plan
from scheduler.problem.problem import FAR, Problem, Solution
from scheduler.problem.rules import Extra


def hint(problem: Problem, plan: Plan, scenario: Scenario, schedule: Schedule | None) -> Solution | None:
    """Modes, times and sequences as near as can be to a stored schedule and to what was announced. It may break rules:
    an engine takes its decisions and times it anew. None where nothing of it is known.

    Operations are matched by lot and name, modes by resource, configuration, index and crews. What the schedule does
    not know runs as soon as its predecessors are done, in its first mode.
    """
    return _Hint(problem, plan, scenario, schedule).solution()


class _Hint:
    def __init__(self, problem: Problem, plan: Plan, scenario: Scenario, schedule: Schedule | None):
        if plan.shop is None or problem.rules is None:
            raise ValueError("the plan and the problem must have rules")
        self.problem, self.plan, self.scenario, self.schedule = problem, plan, scenario, schedule
        self.shop, self.rules = plan.shop, problem.rules
        self.source = np.flatnonzero(read_floor(scenario, plan, self.shop).kept)
        n = problem.operations
        self.row = np.full(n, -1, dtype=np.int64)
        self.mode = np.full(n, -1, dtype=np.int64)
        self.start, self.end = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)

    def solution(self) -> Solution | None:
        rules = self.rules
        if self.schedule is not None:
            self._rows(self.schedule)
            self._supplies(self.schedule)
        self._announced()
        if (self.mode < 0).all():
            return None
        self._fixed()
        chosen, refused = self._chosen(), self._refused()
        absent = (rules.branch >= 0) & (chosen[rules.branch_choice[rules.branch]] != rules.branch) if len(
            chosen) else np.zeros(len(self.mode), dtype=bool)
        own = self.problem.account < self.problem.jobs
        absent[own] |= refused[self.problem.account[own]]
        self._rest(absent)
        for column in (self.mode, self.start, self.end):
            column[absent] = -1 if column is self.mode else 0
        rank = self._ranks(absent)
        return Solution(self.mode, self.start, self.end, rank, self._extra(absent, chosen, refused, rank))

    def _rows(self, schedule: Schedule) -> None:
        """Modes and times of the operations that the schedule has."""
        number = {(self.plan.lots.id[lot], self.plan.names[name]): o for o, (lot, name) in enumerate(
            zip(self.plan.op_lot.tolist(), self.plan.op_name.tolist())) if not self.rules.supply[o]}
        known = {r.id: i for i, r in enumerate(self.scenario.resources)}
        for i, (lot, name) in enumerate(zip(schedule.lot.tolist(), schedule.name.tolist())):
            o = number.get((schedule.lots.id[lot], schedule.names[name]), -1)
            r = known.get(schedule.resources[schedule.resource[i]], -1)
            if o >= 0 and r >= 0:
                team = () if schedule.team is None else schedule.teams[schedule.team[i]]
                state = schedule.configurations[schedule.resource[i]][schedule.configuration[i]]
                if (m := self._mode(o, r, state, int(schedule.mode[i]), team)) >= 0:
                    self.row[o], self.mode[o] = i, m
                    self.start[o], self.end[o] = schedule.start[i], schedule.end[i]

    def _mode(self, o: int, r: int, state: str | None, index: int, team: tuple[str, ...]) -> int:
        """The mode of o on resource r that agrees in most of configuration, index and crews; -1: none is there."""
        problem, best, found = self.problem, -1, -1
        for m in range(int(problem.mode_first[o]), int(problem.mode_first[o + 1])):
            if problem.mode_resource[m] == r:
                source = int(self.source[m])
                names = self.scenario.resources[r].configurations
                fits = (4 * (state is None or names[problem.mode_state[m]] == state)
                        + 2 * (int(self.plan.mode_index[source]) == index)
                        + (self.shop.teams[self.shop.mode_team[source]] == team))
                if fits > best:
                    best, found = fits, m
        return found

    def _supplies(self, schedule: Schedule) -> None:
        """Where the schedule's pegs say that a need came from."""
        pegs, theirs = self.plan.pegs, schedule.pegs
        known = {(schedule.lots.id[lot], name): p for p, (lot, name) in enumerate(
            zip(theirs.consumer.tolist(), theirs.component))}
        for o in np.flatnonzero(self.rules.supply).tolist():
            peg = int(self.shop.op_supply[o])
            p = known.get((self.plan.lots.id[pegs.consumer[peg]], pegs.component[peg]), -1)
            for m in range(int(self.problem.mode_first[o]), int(self.problem.mode_first[o + 1])):
                if p >= 0 and self.shop.mode_source[self.source[m]] == theirs.source[p]:
                    duration, release = int(self.problem.mode_duration[m]), int(self.problem.release[o])
                    self.mode[o] = m
                    self.start[o] = max(release, self.rules.now, int(theirs.available[p]) - duration)
                    self.end[o] = self.start[o] + duration

    def _announced(self) -> None:
        rules = self.rules
        for o in np.flatnonzero((rules.ref_start >= 0) & (self.mode < 0)).tolist():
            m = self._mode(o, int(rules.ref_resource[o]), None, 0, ())
            if m >= 0:
                self.mode[o], self.start[o] = m, rules.ref_start[o]
                self.end[o] = rules.ref_start[o] + self.problem.mode_duration[m]

    def _fixed(self) -> None:
        """Facts and pins as they are."""
        problem, rules = self.problem, self.rules
        mode, start = problem.fixed_mode >= 0, problem.fixed_start >= 0
        self.mode[mode] = problem.fixed_mode[mode]
        moved = start & (self.start >= 0)
        self.end[moved] += problem.fixed_start[moved] - self.start[moved]
        self.start[start] = problem.fixed_start[start]
        self.end[rules.fact] = rules.fixed_end[rules.fact]

    def _chosen(self) -> np.ndarray:
        """Branch of each choice: that of a fact, else of the schedule, else one that is known, else the first."""
        rules = self.rules
        chosen = np.full(int(rules.branch_choice.max(initial=-1)) + 1, -1, dtype=np.int64)
        for b in range(len(rules.branch_choice) - 1, -1, -1):
            chosen[rules.branch_choice[b]] = b
        for which in (self.mode >= 0, self.row >= 0, rules.fact):
            for o in np.flatnonzero(which & (rules.branch >= 0)).tolist():
                chosen[rules.branch_choice[rules.branch[o]]] = rules.branch[o]
        return chosen

    def _refused(self) -> np.ndarray:
        refused = np.zeros(self.problem.jobs, dtype=bool)
        if self.schedule is not None:
            names = {self.schedule.orders[j] for j in self.schedule.refused}
            refused[[j for j, name in enumerate(self.scenario.orders.id) if name in names]] = True
        return refused & (self.rules.refuse_cost < FAR)

    def _rest(self, absent: np.ndarray) -> None:
        """Times for what is not known: as soon as all before it is done."""
        problem = self.problem
        waiting = np.diff(problem.pred_first)
        ready = deque(np.flatnonzero(waiting == 0).tolist())
        while ready:
            o = ready.popleft()
            if not absent[o]:
                if self.mode[o] < 0:
                    self.mode[o] = problem.mode_first[o]
                before = problem.pred[problem.pred_first[o]: problem.pred_first[o + 1]]
                if self.start[o] < 0:
                    self.start[o] = max(int(problem.release[o]), self.rules.now, int(self.end[before].max(initial=0)))
                if self.end[o] < self.start[o]:
                    self.end[o] = self.start[o] + problem.mode_duration[self.mode[o]]
            for s in problem.succ[problem.succ_first[o]: problem.succ_first[o + 1]].tolist():
                waiting[s] -= 1
                if waiting[s] == 0:
                    ready.append(s)

    def _ranks(self, absent: np.ndarray) -> np.ndarray:
        """Places by facts first, then start, then the place in the schedule."""
        there = np.flatnonzero(~absent)
        resource = self.problem.mode_resource[self.mode[there]]
        position = np.zeros(len(self.mode), dtype=np.int64)
        if self.schedule is not None and len(self.schedule):
            position = np.where(self.row >= 0, self.schedule.position[self.row], FAR)
        facts = self.rules.fact[there]
        order = np.lexsort((there, position[there], np.where(facts, self.end[there], 0), self.start[there], ~facts,
                            resource))
        rank = np.zeros(len(self.mode), dtype=np.int64)
        first = np.searchsorted(resource[order], resource[order], side="left")
        rank[there[order]] = np.arange(len(there)) - first
        return rank

    def _extra(self, absent: np.ndarray, chosen: np.ndarray, refused: np.ndarray, rank: np.ndarray) -> Extra:
        problem, schedule = self.problem, self.schedule
        prepare_start, prepare_end, leave = self.start.copy(), self.start.copy(), self.end.copy()
        batch = np.full(len(self.mode), -1, dtype=np.int64)
        carry = np.full(len(problem.pred), -1, dtype=np.int64)
        slots = overtimes(self.scenario)
        overtime = np.zeros(len(slots), dtype=bool)
        if schedule is not None:
            known = np.flatnonzero((self.row >= 0) & ~absent & ~self.rules.fact)
            prepare_start[known] = schedule.rec_start[self.row[known]]
            prepare_end[known] = schedule.rec_end[self.row[known]]
            if schedule.leave is not None:
                leave[known] = np.maximum(schedule.leave[self.row[known]], self.end[known])
            if schedule.batch is not None:
                _lead(batch, known, schedule.batch[self.row[known]], rank)
            overtime[:] = [(s.calendar, s.start, s.end) in schedule.overtime for s in slots]
            self._carries(schedule, carry, absent)
        return Extra(prepare_start, prepare_end, leave, batch, carry, overtime, refused, chosen)

    def _carries(self, schedule: Schedule, carry: np.ndarray, absent: np.ndarray) -> None:
        if schedule.carries is None:
            return
        moved = {(a, b): s for a, b, s in zip(schedule.carries.before.tolist(), schedule.carries.after.tolist(),
                                              schedule.carries.start.tolist())}
        after = np.repeat(np.arange(len(self.mode)), np.diff(self.problem.pred_first))
        for z, (a, b) in enumerate(zip(self.problem.pred.tolist(), after.tolist())):
            if not absent[a] and not absent[b] and self.row[a] >= 0 and self.row[b] >= 0:
                carry[z] = moved.get((int(self.row[a]), int(self.row[b])), -1)


def _lead(batch: np.ndarray, known: np.ndarray, number: np.ndarray, rank: np.ndarray) -> None:
    """Writes the leader, the first by rank, for all operations with the same number >= 0."""
    for k in np.unique(number[number >= 0]).tolist():
        members = known[number == k]
        batch[members] = members[np.argmin(rank[members])]
