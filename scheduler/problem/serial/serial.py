"""A list of operations in, a solution out; and the list of a solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.problem.compiling import seen
from scheduler.problem.problem import FAR, MICRO, Problem, Solution
from scheduler.problem.ruled import rules_of
from scheduler.problem.rules import Extra
from scheduler.problem.serial.build import DEAR, DONE, FULL, build
from scheduler.problem.serial.layout import Shop, shop_of
from scheduler.problem.serial.sequence import sequence
from scheduler.problem.serial.state import State, state_of


@dataclass(eq=False)
class Plan:
    """What a schedule is built from. rank [n]: place in the list, least first; mode [n]: -1 the best at its time; after
    [n]: earliest start; refused [J], overtime [K] (0 or 1); chosen [C]: branch of each choice. reserving: modules stay
    with a resource until its next operation; eager: weight of the tick an operation becomes ready at, added to rank.
    greed: weights of money, of reconfiguration time and of any end in the choice of modes; target [n]: the end beyond
    which a tick counts in full there (None: those of Serial)."""

    rank: np.ndarray
    mode: np.ndarray
    after: np.ndarray
    refused: np.ndarray
    overtime: np.ndarray
    chosen: np.ndarray
    reserving: bool = False
    eager: int = 0
    greed: tuple[float, float, float] | None = None
    target: np.ndarray | None = None

    def copy(self) -> Plan:
        return Plan(self.rank.copy(), self.mode.copy(), self.after.copy(), self.refused.copy(), self.overtime.copy(),
                    self.chosen.copy(), self.reserving, self.eager, self.greed, self.target)


ENDLESS = 1 << 62
"""More than any schedule costs."""
ROOMS = 1 << 20
"""Steps of all pools beyond which storage grows only where it has to."""


class Serial:
    """The kernel with its arrays for one problem with rules. Not to be shared between threads."""

    def __init__(self, problem: Problem, shop: Shop | None = None) -> None:
        self.problem = problem
        self.shop = shop or Shop(*map(seen, shop_of(problem)))
        self.room, self.log = 64, 4096
        while self.room * 8 < problem.operations and self.room * len(self.shop.pool) < ROOMS:
            self.room *= 4
        self.state = State(*map(seen, state_of(self.shop, self.room, self.log)))
        self.price = np.ones(problem.operations, dtype=np.float64)
        self.target = np.full(problem.operations, float(FAR))
        self.greed = np.array([0.0, 1.0, 1.0, 0.0])
        self.most = self.patience = ENDLESS
        self.dear = False

    def grow(self) -> None:
        """Twice the storage."""
        self.room, self.log = self.room * 4, self.log * 4
        self.state = State(*map(seen, state_of(self.shop, self.room, self.log)))

    def give(self, plan: Plan) -> None:
        """Puts a plan into the state."""
        s = self.state
        s.op["rank"], s.op["wanted"], s.op["after"] = plan.rank, plan.mode, plan.after
        s.refused[:], s.bought[:], s.chosen[:] = plan.refused, plan.overtime, plan.chosen
        s.tally["overtime"], s.tally["keeping"], s.tally["eager"] = 1, int(plan.reserving), plan.eager
        s.price[:], s.greed[:] = self.price, self.greed
        s.target[:] = self.target if plan.target is None else plan.target
        if plan.greed is not None:
            s.greed[:3] = plan.greed
        s.tally["most"], s.tally["patience"] = self.most, self.patience

    def run(self, plan: Plan) -> Solution | None:
        """The schedule of a plan; None where its list leads to none, or costs more than `most` (see dear)."""
        while True:
            self.give(plan)
            answer = build(self.shop, self.state)
            if answer == FULL:
                self.grow()
                continue
            self.dear = answer == DEAR
            return self.solution() if answer == DONE else None

    def beat(self, money: int) -> None:
        """From now on gives up schedules as soon as they cannot cost less than so much, hundredths x weights."""
        # each term of each account is rounded, half a unit at most
        rounding = self.problem.accounts * int(np.abs(self.problem.weights).sum()) * MICRO // 2
        self.most = min(ENDLESS, money * MICRO + rounding)

    def solution(self) -> Solution:
        """What stands in the state."""
        s, n = self.state, self.problem.operations
        op = s.op
        there = op["placed"] == 1
        zero = np.zeros(n, dtype=np.int64)

        def column(name: str, absent: int = 0) -> np.ndarray:
            return np.where(there, op[name], absent).astype(np.int64)

        mode, batch = column("mode", -1), column("batch", -1)
        rank = zero.copy()
        own = np.flatnonzero(there)
        resource = self.problem.mode_resource[mode[own]]
        unlimited = rules_of(self.problem).unlimited[resource]
        leader = np.where(batch[own] >= 0, batch[own], own)
        key = np.where(unlimited, 0, op["seq"][leader])
        time = np.where(unlimited, op["start"][own], 0)
        order = np.lexsort((op["seq"][own], time, key, resource))
        sizes = np.bincount(resource, minlength=self.problem.resources)
        offset = np.concatenate(([0], np.cumsum(sizes)))[resource[order]]
        rank[own[order]] = np.arange(len(own)) - offset
        extra = Extra(column("ps"), column("pe"), column("leave"), batch, s.arc["carry"].astype(np.int64),
                      s.bought.astype(bool), s.refused.astype(bool), s.chosen.copy(),
                      np.where(there, op["seq"], n).astype(np.int64), bool(s.tally["keeping"][0]))
        return Solution(mode, column("start"), column("end"), rank, extra)


def first_branches(problem: Problem, cost: np.ndarray | None = None) -> np.ndarray:
    """A branch of each choice, [C]: the one that what happened demands, else the one of least sum of `cost` [n]."""
    rules = rules_of(problem)
    count = len(rules.branch_choice)
    weight = np.zeros(count, dtype=np.float64)
    inside = np.flatnonzero(rules.branch >= 0)
    if cost is not None:
        np.add.at(weight, rules.branch[inside], cost[inside])
    must = np.zeros(count, dtype=bool)
    bound = np.flatnonzero((rules.branch >= 0) & rules.fact)
    must[rules.branch[bound]] = True
    chosen = np.full(int(rules.branch_choice.max(initial=-1)) + 1, -1, dtype=np.int64)
    for b in np.lexsort((np.arange(count), weight, ~must)):
        if chosen[rules.branch_choice[b]] < 0:
            chosen[rules.branch_choice[b]] = b
    return chosen


def plan_of(problem: Problem, order: Sequence[int] | np.ndarray) -> Plan:
    """A plan that makes everything in this order, without overtime but what pins need, each operation in the best mode
    at its time."""
    n = problem.operations
    rank = np.empty(n, dtype=np.int64)
    rank[np.asarray(order, dtype=np.int64)] = np.arange(n)
    return Plan(rank, np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64),
                np.zeros(problem.jobs, dtype=np.int64), pinned_overtime(problem), first_branches(problem))


def pinned_overtime(problem: Problem) -> np.ndarray:
    """Overtime without which pinned operations could not run, [K] 0 or 1: of their modes the one that needs least."""
    rules, found = rules_of(problem), np.zeros(len(rules_of(problem).overtime_cost), dtype=np.int64)
    if not len(found) or not len(problem.fixed_start):
        return found
    for o in np.flatnonzero((problem.fixed_start >= 0) & ~rules.fact).tolist():
        modes = [int(problem.fixed_mode[o])] if problem.fixed_mode[o] >= 0 else range(
            int(problem.mode_first[o]), int(problem.mode_first[o + 1]))
        ways = [_needed(problem, m, int(problem.fixed_start[o])) for m in modes]
        found[min((way for way in ways if way is not None), key=len, default=[])] = 1
    return found


def _needed(problem: Problem, m: int, start: int) -> list[int] | None:
    """Overtime in the windows that mode m begins in at `start` (and, where it may not pause, runs in at normal speed);
    None where it is closed then, whatever is bought."""
    rules, c = rules_of(problem), int(rules_of(problem).mode_calendar[m])
    end = start + (1 if rules.mode_pause[m] else max(1, int(problem.mode_duration[m])))
    part = slice(int(problem.window_first[c]), int(problem.window_first[c + 1]))
    inside = np.flatnonzero((problem.window_start[part] < end) & (problem.window_end[part] > start)) + part.start
    covered = np.minimum(problem.window_end[inside], end) - np.maximum(problem.window_start[inside], start)
    if int(covered.sum()) < end - start:
        return None
    return sorted({i for w in inside.tolist() for i in rules.overtime_id[
        rules.overtime_first[w]: rules.overtime_first[w + 1]].tolist()})


def plan_from(problem: Problem, solution: Solution) -> Plan:
    """The plan behind a solution: its operations as they were placed (in `sequence` where that is not known), in its
    modes, with its choices."""
    rules, extra = rules_of(problem), solution.extra
    listed = None if extra is None else extra.placed
    begin = sequence(problem, solution) if listed is None else listed
    plan = plan_of(problem, np.lexsort((np.arange(problem.operations), solution.rank, solution.end, begin)))
    plan.mode = solution.mode.astype(np.int64).copy()
    if extra is not None:
        plan.refused, plan.overtime = extra.refused.astype(np.int64), extra.overtime.astype(np.int64)
        if len(extra.chosen) == len(plan.chosen):
            plan.chosen = extra.chosen.astype(np.int64).copy()
        batch = (extra.batch >= 0) & (solution.mode >= 0) & ~rules.fact
        if listed is not None:
            plan.reserving = extra.reserving
        else:
            plan.after[batch] = solution.start[batch]
    return plan
