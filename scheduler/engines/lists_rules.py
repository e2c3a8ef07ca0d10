"""Priority lists of a problem with rules: its operations by due date, slack and the like, with weights of money.

They are taken either as they are or with the time at which an operation becomes ready added, which is how a shop floor
would take them. Sources: Panwalkar, Iskander 1977 (rules); Kolisch 1996 (priority rules under limited resources).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.problem.problem import FAR, TERMS, Problem
from scheduler.problem.ruled import rules_of
from scheduler.problem.serial.serial import Plan, Serial, first_branches, plan_of

RULES = ("slack", "due date", "first come", "most work remaining", "shortest operation", "price of refusal",
         "weighted slack")
Weights = tuple[float, float, float]
WEIGHTS: tuple[Weights, ...] = ((1.0, 1.0, 1.0), (1.0, 1.0, 0.05), (1.0, 0.2, 0.005), (4.0, 1.0, 1.0), (1.0, 4.0, 0.2),
                                (20.0, 1.0, 1.0), (1.0, 0.0, 1.0), (0.2, 1.0, 1.0), (0.0, 1.0, 1.0))
"""(weight of money, of reconfiguration time, of any end) to try against lateness."""
BY_ORDER = 12
"""Lists tried before the one that takes orders one after another."""
SHUFFLES, SHUFFLED = 60, 6_000
"""Random lists at most, and operations in all of them together: small problems are cheap to try."""


class Lists:
    """The priorities of one problem's operations."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rules = rules_of(problem)
        n = problem.operations
        cheap = np.minimum.reduceat(problem.mode_cost, problem.mode_first[:-1]) if n else np.zeros(0, dtype=np.int64)
        short = np.minimum.reduceat(problem.mode_duration, problem.mode_first[:-1]) if n else cheap
        self.cheap, self.short = cheap.astype(np.float64), short.astype(np.int64)
        self.tail = self._tails()
        self.due, self.weight = self._targets()

    def _topological(self) -> list[int]:
        p = self.problem
        degree = np.diff(p.pred_first).tolist()
        ready = [o for o in range(p.operations) if not degree[o]]
        for o in ready:
            for s in p.succ[p.succ_first[o]: p.succ_first[o + 1]].tolist():
                degree[s] -= 1
                if not degree[s]:
                    ready.append(s)
        return ready

    def _tails(self) -> np.ndarray:
        """Shortest remaining work from the start of each operation on, ticks, [n]."""
        p = self.problem
        self.order = self._topological()
        tail = self.short.tolist()
        for o in reversed(self.order):
            after = p.succ[p.succ_first[o]: p.succ_first[o + 1]].tolist()
            tail[o] += max((tail[s] for s in after), default=0)
        return np.array(tail, dtype=np.int64)

    def _targets(self) -> tuple[np.ndarray, np.ndarray]:
        """Due date and price per tick of each operation: its order's; of shared ones the most urgent successor's."""
        p = self.problem
        target = np.minimum(p.due, p.deadline)
        rate = np.maximum(p.late_rate, p.weight) if p.late_rate.any() else np.maximum(p.weight, 1)
        own = p.account < p.jobs
        due = np.full(p.operations, FAR, dtype=np.int64)
        weight = np.zeros(p.operations, dtype=np.float64)
        due[own], weight[own] = target[p.account[own]], rate[p.account[own]]
        for o in reversed(self.order):
            if not own[o]:
                after = p.succ[p.succ_first[o]: p.succ_first[o + 1]]
                if len(after):
                    due[o], weight[o] = due[after].min(), weight[after].max()
        due = np.minimum(due, np.minimum(self.rules.latest_end, FAR))
        soon = int(due[due < FAR].max(initial=0)) + int(self.tail.max(initial=0)) + 1
        return np.minimum(due, soon), np.maximum(weight, 1e-3)

    def priority(self, rule: int) -> np.ndarray:
        """Rank of each operation under a rule, ticks, the less the sooner, [n]."""
        p, big = self.problem, int(self.tail.max(initial=1)) + 1
        if rule == 0:
            return np.asarray(self.due - self.tail)
        if rule == 1:
            return self.due
        if rule == 2:
            return p.release.astype(np.int64)
        if rule == 3:
            return big - self.tail
        if rule == 4:
            return self.short
        if rule == 5:
            own = p.account < p.jobs
            work = np.bincount(p.account, weights=self.short, minlength=p.accounts)[: p.jobs]
            worth = np.full(p.operations, np.inf)
            worth[own] = (self.rules.refuse_cost / np.maximum(1, work))[p.account[own]]
            return np.argsort(np.argsort(-worth, kind="stable"), kind="stable").astype(np.int64)
        share = self.weight / max(1e-9, float(self.weight.mean()))
        return np.asarray(self.due - self.tail - big * np.minimum(share, 4.0), dtype=np.int64)

    def start_times(self) -> np.ndarray | None:
        """Rank by what was announced; None where nothing was."""
        ref = self.rules.ref_start
        if not (ref >= 0).any():
            return None
        rank = np.where(ref >= 0, ref, -1).astype(np.int64)
        for o in self.order:  # what is new comes when what is before it has been
            if rank[o] < 0:
                before = self.problem.pred[self.problem.pred_first[o]: self.problem.pred_first[o + 1]]
                rank[o] = max(self.rules.now, int((rank[before] + self.short[before]).max(initial=0)))
        return rank

    def by_order(self) -> np.ndarray:
        """Orders one after another, by due date, shared lots with the first that needs them."""
        rank = np.zeros(self.problem.operations, dtype=np.int64)
        place = {o: i for i, o in enumerate(self.order)}
        keys = [(int(self.due[o]), int(self.problem.account[o]), place[o]) for o in range(len(rank))]
        rank[sorted(range(len(rank)), key=lambda o: keys[o])] = np.arange(len(rank))
        return rank

    def plans(self) -> Iterator[tuple[str, Plan, Weights]]:
        """(name, plan, weights) of every list to try, the most promising first."""
        ref = self.start_times()
        if ref is not None:
            yield "as announced", self.announced(ref), WEIGHTS[0]
            yield "as announced, sooner", self.plan(ref), WEIGHTS[0]
        grid = [(w + rule + (0 if eager else 4), w, rule, eager)
                for w in range(len(WEIGHTS)) for rule in range(len(RULES)) for eager in (1, 0)]
        for number, (_, w, rule, eager) in enumerate(sorted(grid)):
            plan = self.plan(self.priority(rule))
            plan.eager = eager
            yield RULES[rule], plan, WEIGHTS[w]
            if number == BY_ORDER:
                yield "order by order", self.plan(self.by_order()), WEIGHTS[0]
        for rule in range(3):
            for mode in self.single_modes():
                plan = self.plan(self.priority(rule))
                plan.mode, plan.eager = mode, 1
                yield f"{RULES[rule]}, modes beforehand", plan, WEIGHTS[0]
        luck = np.random.default_rng(1)
        first, count = self.problem.mode_first[:-1], np.diff(self.problem.mode_first)
        for i in range(min(SHUFFLES, SHUFFLED // max(1, self.problem.operations))):
            plan = self.plan(luck.permutation(self.problem.operations))
            if i % 2:
                plan.mode = (first + luck.integers(0, count)).astype(np.int64)
            yield "shuffled", plan, WEIGHTS[0]

    def single_modes(self) -> Iterator[np.ndarray]:
        """The cheapest and the shortest mode of each operation."""
        p = self.problem
        owner = np.repeat(np.arange(p.operations), np.diff(p.mode_first))
        for first, second in ((p.mode_cost, p.mode_duration), (p.mode_duration, p.mode_cost)):
            modes = np.lexsort((second, first, owner))[p.mode_first[:-1]].astype(np.int64)
            modes[np.concatenate((self.rules.link_a, self.rules.link_b))] = -1
            yield modes

    def announced(self, rank: np.ndarray) -> Plan:
        """Nothing earlier than was announced, but for what moves freely."""
        plan = self.plan(rank)
        known = self.rules.ref_start >= 0
        plan.after = np.where(known, np.maximum(0, self.rules.ref_start - self.rules.move_tolerance), 0)
        return plan

    def plan(self, rank: np.ndarray) -> Plan:
        plan = plan_of(self.problem, self.order)
        plan.rank = rank.astype(np.int64)
        plan.chosen = first_branches(self.problem, self.cheap)
        return plan

    def prices(self) -> np.ndarray:
        """What a tick of each operation's waiting is worth, [n]."""
        p = self.problem
        if "money" not in p.levels:
            return np.ones(p.operations)
        mean = float(p.late_rate.mean()) * float(p.weights[TERMS.index("lateness")]) if p.jobs else 0.0
        work = float(self.short.sum())
        return np.full(p.operations, max(1.0, mean, 0.1 * float(self.cheap.sum()) / max(1.0, work)))


    def prepare(self, serial: Serial) -> None:
        """Prices and targets for the choice of modes."""
        serial.price[:] = self.prices()
        serial.target[:] = self.due - self.tail + self.short
        serial.greed[:3] = weighed(self.problem, WEIGHTS[0])


def weighed(problem: Problem, weights: Weights) -> Weights:
    """The weights that count: without money among the levels it has none, and time all."""
    if "money" in problem.levels:
        return weights
    return 0.0, weights[1], max(weights[2], 0.05)


def latest_starts(problem: Problem) -> np.ndarray:
    """When pinned operations start, and by when what follows a fact within a maximum lag must, [n]; FAR: whenever."""
    rules, found = rules_of(problem), np.full(problem.operations, FAR, dtype=np.int64)
    target = np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))
    bound = (rules.arc_max < FAR) & rules.fact[problem.pred] & ~rules.fact[target]
    np.minimum.at(found, target[bound], rules.fixed_end[problem.pred[bound]] + rules.arc_max[bound])
    if len(problem.fixed_start):
        pinned = (problem.fixed_start >= 0) & ~rules.fact
        found[pinned] = problem.fixed_start[pinned]
    return found
