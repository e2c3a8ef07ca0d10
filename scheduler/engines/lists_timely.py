"""Orders begun as late as their delivery allows, and batches gathered: from a schedule to the list of a cheaper one.

A list takes what is ready, so that orders begin early and wait in the middle, which holding costs, and a batch leaves
with whatever happens to be there. Here every operation gets a start to aim at: backwards from the deliveries as they
are, or from the start of the batch it is to join. Sources: Valls, Ballestín, Quintanilla 2005 (justification); Mönch,
Fowler, Dauzère-Pérès, Mason, Rose 2011 (waiting for a full batch).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scheduler.problem.problem import FAR, TERMS, Problem, Solution
from scheduler.problem.ruled import extra_of, rules_of
from scheduler.problem.serial.justify import justify
from scheduler.problem.serial.serial import Plan, Serial


def pays(problem: Problem) -> bool:
    """Whether there is anything to gain: money counts first, and holding, or a batch that is shared, costs some."""
    rules = rules_of(problem)
    return problem.levels[0] == "money" and bool(
        problem.hold_rate.any() or (rules.mode_shared[rules.batch_class >= 0] > 0).any())


@dataclass
class Gathering:
    """A batch to be: the start all wait for, the places left, what a tick of waiting costs all of them (micros), the
    tick from which one of them would be delivered late."""

    start: int
    room: int
    rate: float = 0.0
    limit: int = int(FAR)
    members: list[int] = field(default_factory=list)


class Timely:
    """Lists that aim at the deliveries of one schedule, which must be what stands in the kernel's state."""

    def __init__(self, problem: Problem, serial: Serial, solution: Solution) -> None:
        self.problem, self.serial, self.solution = problem, serial, solution
        self.rules = rules_of(problem)
        own = (problem.account < problem.jobs) & ~self.rules.supply & (solution.mode >= 0)
        self.job = np.where(own, problem.account, -1)
        self.complete = np.full(problem.jobs, -1, dtype=np.int64)
        np.maximum.at(self.complete, problem.account[own], solution.end[own])
        held = np.where(problem.early | (problem.due >= FAR), self.complete, np.maximum(self.complete, problem.due))
        self.limit = np.where(self.complete >= 0, held, 0).astype(np.int64)
        placed = extra_of(solution).placed
        there = np.flatnonzero((solution.mode >= 0) & ~self.rules.fact)
        assert placed is not None
        self.placed = placed
        self.order = there[np.argsort(-placed[there], kind="stable")]
        free = np.full(problem.operations, -1, dtype=np.int64)
        self.start = self.gathered(self.latest(free))
        self.late = self.latest(self.start)

    def latest(self, given: np.ndarray) -> np.ndarray:
        """The latest start of each operation, [n], given some."""
        late = self.solution.start.astype(np.int64).copy()
        justify(self.serial.shop, self.serial.state, self.order, self.limit, given, late)
        return late

    def gathered(self, late: np.ndarray) -> np.ndarray:
        """The start of the batch each operation is to join, [n]; -1 where there is nothing to share. Operations join
        in the order of their latest starts, each the fullest batch it fits into, as long as those who wait for it lose
        less than it saves and none is late for it."""
        p, rules, mode = self.problem, self.rules, self.solution.mode
        start = np.full(p.operations, -1, dtype=np.int64)
        some = self.order[(rules.batch_class[mode[self.order]] >= 0) & (rules.mode_shared[mode[self.order]] > 0)]
        # a class is of one resource: operations that share the first one they have can run together there at least
        kinds = np.minimum.reduceat(np.where(rules.batch_class < 0, FAR, rules.batch_class), p.mode_first[:-1])
        if len(p.fixed_start):
            some = some[p.fixed_start[some] < 0]
        slack = np.where(p.due < FAR, np.maximum(0, p.due - self.complete), FAR)
        share, wait = (int(p.weights[TERMS.index(term)]) for term in ("processing", "holding"))
        waiting: dict[int, list[Gathering]] = {}
        batches: list[Gathering] = []
        for o in some[np.argsort(late[some], kind="stable")].tolist():
            m, j, now, places = int(mode[o]), int(self.job[o]), int(late[o]), int(rules.batch_places[o])
            saved = float(rules.mode_shared[m]) * share
            kind = int(kinds[o])
            still = [g for g in waiting.get(kind, ()) if g.limit >= now and g.rate * (now - g.start) <= saved]
            batch = min((g for g in still if g.room >= places), key=lambda g: g.room, default=None)
            if batch is None:
                batch = Gathering(now, int(rules.batch_capacity[p.mode_resource[m]]))
                batches.append(batch)
                still.append(batch)
            batch.start, batch.room = now, batch.room - places
            batch.members.append(o)
            if j >= 0:
                batch.rate += float(p.hold_rate[j]) * wait
                batch.limit = min(batch.limit, now + int(slack[j]))
            waiting[kind] = [g for g in still if g.room > 0]
        for batch in batches:
            start[batch.members] = batch.start
        return start

    def plan(self, given: Plan, margin: float) -> Plan:
        """The list: by the starts to aim at; what begins an order waits until `margin` mean operations before it, what
        joins a batch until it starts. Modes are chosen anew, the cheapest that ends when it should."""
        found = given.copy()
        n = self.problem.operations
        length = self.solution.end - self.solution.start
        early = int(margin * float(length[self.order].mean())) if len(self.order) else 0
        found.rank = np.empty(n, dtype=np.int64)
        found.rank[np.lexsort((self.placed, self.late))] = np.arange(n)
        found.after = np.where(self.firsts(), np.maximum(self.solution.start, self.late - early), 0).astype(np.int64)
        found.after = np.where(self.start >= 0, self.start, found.after)
        found.mode = np.full(n, -1, dtype=np.int64)
        found.target = np.where(self.solution.mode >= 0, self.late + length, FAR).astype(np.float64)
        return found

    def firsts(self) -> np.ndarray:
        """Which operations begin their order, bool [n]: none of the order's own comes before them."""
        p = self.problem
        target = np.repeat(np.arange(p.operations), np.diff(p.pred_first))
        inside = (self.job[p.pred] >= 0) & (self.job[p.pred] == self.job[target])
        found = (self.job >= 0) & ~self.rules.fact
        found[target[inside]] = False
        return np.asarray(found)
