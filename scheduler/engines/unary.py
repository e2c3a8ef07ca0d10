"""Annealing for the makespan where a mode takes several resources of one: a machine and a worker, say.

Such problems have rules, and only these: pools of one, taken while running. The order list that stands for a schedule
is timed in one quick pass, hundreds of thousands of times a second. See unary_kernel for the moves and sources.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.unary_kernel import Row, Work, anneal_unary
from scheduler.problem.evaluate import evaluate, levels_of
from scheduler.problem.problem import FAR, Problem, Solution
from scheduler.problem.ruled import rules_of
from scheduler.problem.rules import RUN, Extra

CHUNK = 40_000
ROUND = 1_500_000
"""Moves in one fall of the temperature, times operations / 50."""
HOT, COLD = 25, 1
"""First and last temperature in thousandths of the makespan."""


def unary(problem: Problem) -> bool:
    """Whether the makespan is all that counts, and the only rules are pools of one that modes take while they run."""
    if problem.rules is None or problem.levels != ("makespan",) or not problem.operations:
        return False
    r = rules_of(problem)
    nothing = (r.now == 0 and r.pace == 1 and r.job_pool < 0 and r.vehicle_pool < 0 and not len(r.hold_pool)
               and not len(r.link_kind) and not len(r.module_pool) and not len(r.overtime_cost) and not len(r.head)
               and not len(r.tail) and not len(r.branch_choice))
    calm = not (r.mode_pause.any() or r.mode_load.any() or r.mode_unload.any() or r.arc_min.any() or r.supply.any()
                or r.fact.any() or r.campaign.any() or r.unlimited.any())
    free = ((r.batch_class < 0).all() and (r.arc_max >= FAR).all() and (r.latest_end >= FAR).all()
            and (r.refuse_cost >= FAR).all() and (r.buffer < 0).all() and (r.ref_start < 0).all())
    pools = ((r.pool_capacity == 1).all() and len(r.pool_time) == len(r.pool_first) - 1 and (r.need_phase == RUN).all()
             and (r.need_quantity == 1).all())
    always = (np.diff(problem.window_first) == 1).all() and (problem.window_start == 0).all() and (
        r.window_rate == 1).all()
    fixed = any(len(a) and (a >= 0).any() for a in (problem.fixed_mode, problem.fixed_start))
    return bool(nothing and calm and free and pools and always and not fixed and not problem.transport.any()
                and not problem.setup_time.any() and (problem.deadline >= FAR).all() and (problem.budgets >= FAR).all())


class UnarySearch:
    """One run from a solution, and the best one seen."""

    def __init__(self, problem: Problem, start: Solution, seed: int) -> None:
        self.problem, self.rules = problem, rules_of(problem)

        def ints(a: np.ndarray) -> np.ndarray:
            return np.ascontiguousarray(a, dtype=np.int64)

        r, n = self.rules, problem.operations
        sizes = np.diff(r.need_first) + 1
        first = np.concatenate(([0], np.cumsum(sizes)))
        need = np.empty(int(first[-1]), dtype=np.int64)
        need[first[:-1]] = problem.mode_resource
        rest = np.ones(len(need), dtype=bool)
        rest[first[:-1]] = False
        need[rest] = problem.resources + r.need_pool
        self.work = Work(ints(problem.mode_first), ints(problem.mode_duration), ints(first), need,
                         ints(problem.pred_first), ints(problem.pred), ints(problem.succ_first), ints(problem.succ),
                         ints(problem.release))
        order = self._order(start)
        rank = np.empty(n, dtype=np.int64)
        rank[order] = np.arange(n)
        resources = problem.resources + len(r.pool_first) - 1
        zero = np.zeros(n, dtype=np.int64)
        counts = np.array([0, 0, 1 << 60, -1], dtype=np.int64)
        self.row = Row(order, rank, start.mode.astype(np.int64).copy(), zero.copy(), np.zeros(resources, np.int64),
                       np.zeros(resources, np.int64), zero.copy(), zero.copy(), order.copy(), start.mode.copy(), counts,
                       np.array([seed * 7919 + 12345], dtype=np.int64))

    def _order(self, start: Solution) -> np.ndarray:
        """By start; what takes no time behind what precedes it."""
        p = self.problem
        depth = np.zeros(p.operations, dtype=np.int64)
        for o in np.argsort(start.end, kind="stable").tolist():
            depth[o] = 1 + max((int(depth[x]) for x in p.pred[p.pred_first[o]: p.pred_first[o + 1]]), default=0)
        return np.lexsort((start.rank, depth, start.start)).astype(np.int64)

    @property
    def best(self) -> int:
        return int(self.row.counts[2])

    def take(self, solution: Solution) -> None:
        """Goes on from another schedule."""
        self.row.order[:] = self._order(solution)
        self.row.rank[self.row.order] = np.arange(len(self.row.order))
        self.row.mode[:] = solution.mode

    def solution(self) -> Solution:
        """The best schedule, its operations as early as they can be in its order."""
        p, s = self.problem, self.row
        n = p.operations
        mode, start, end = s.best_mode.copy(), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        free: dict[int, int] = {}
        taken, rank = np.zeros(p.resources, dtype=np.int64), np.zeros(n, dtype=np.int64)
        for o in s.best_order.tolist():
            m = int(mode[o])
            needs = self.work.need[self.work.need_first[m]: self.work.need_first[m + 1]].tolist()
            before = [int(end[x]) for x in p.pred[p.pred_first[o]: p.pred_first[o + 1]]]
            start[o] = max([int(p.release[o]), *before, *(free.get(x, 0) for x in needs)])
            end[o] = start[o] + p.mode_duration[m]
            free.update(dict.fromkeys(needs, int(end[o])))
            rank[o] = taken[needs[0]]
            taken[needs[0]] += 1
        none = np.zeros(0, dtype=bool)
        extra = Extra(start.copy(), start.copy(), end.copy(), np.full(n, -1, dtype=np.int64),
                      np.full(len(p.pred), -1, dtype=np.int64), none, np.zeros(p.jobs, dtype=bool),
                      np.zeros(0, dtype=np.int64))
        return Solution(mode, start, end, rank, extra)

    def run(self, limits: Limits, channel: Channel, opened: float, who: str) -> None:
        """Falls of the temperature, one after another from the best schedule known, until the limits are reached or the
        gap is closed. A fall takes at most half of the time that is left."""
        total = max(CHUNK, ROUND * self.problem.operations // 50)
        budget = None if limits.deterministic is None else max(1, int(limits.deterministic * total))
        began, known, cold = channel.seconds(), 1 << 60, True
        while True:
            fall, done = total, 0
            if budget is None and not cold:
                rate = int(self.row.counts[0]) / max(1e-3, channel.seconds() - began)
                fall = int(min(total, max(5 * CHUNK, rate * (limits.seconds - channel.seconds() + opened) / 2)))
            while done < (CHUNK if cold else fall):
                if self._ended(limits, channel, opened, budget):
                    return
                shares = (1.0, 1.0) if cold else (done / fall, min(1.0, (done + CHUNK) / fall))
                size = max(1, int(self.row.counts[1]))
                heat = [int(size * HOT * (COLD / HOT) ** share) for share in shares]
                target = 0 if channel.bound is None else int(np.ceil(channel.bound - 1e-6))
                anneal_unary(self.work, self.row, CHUNK, heat[0], heat[1], target)
                done += CHUNK
                if self.best < known:
                    known = self.best
                    found = self.solution()
                    channel.offer(found, levels_of(self.problem, evaluate(self.problem, found)), who)
            cold = False
            if channel.best is not None:
                self.take(channel.best)

    def _ended(self, limits: Limits, channel: Channel, opened: float, budget: int | None) -> bool:
        gap = channel.gap()
        closed = gap is not None and gap <= limits.target_gap
        spent = budget is not None and int(self.row.counts[0]) >= budget
        return closed or spent or channel.stop.is_set() or channel.seconds() - opened >= limits.seconds


def relaxed(problem: Problem) -> list[Problem]:
    """Plain problems whose makespan bounds this one's: with the resources alone, and, where each mode takes one of
    them, with what the pools stand for alone."""
    found = [replace(problem, rules=None)]
    rules, modes = rules_of(problem), len(problem.mode_resource)
    count = len(rules.pool_first) - 1
    if count and len(rules.need_pool) == modes and (np.diff(rules.need_first) == 1).all():
        one = np.zeros(count, dtype=np.int64)
        found.append(replace(
            found[0], mode_resource=rules.need_pool.astype(np.int64), mode_state=np.zeros(modes, dtype=np.int64),
            calendar=one + problem.calendar[0], location=one + problem.location[0], initial_state=one - 1,
            states=one + 1, setup_first=np.arange(count), setup_time=one, setup_cost=one))
    return found
