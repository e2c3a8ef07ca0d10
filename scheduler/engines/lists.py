"""Dispatching where the problem has rules: priority lists for the serial kernel, a grid of rules and weights.

The lists are by due date, slack and the like, either as they are or with the time at which an operation becomes ready
added, which is how a shop floor would take them; orders one after another where nothing else leads to a schedule. Then
orders that cost more than refusing them are refused, and overtime and other branches are tried.
Sources: Panwalkar, Iskander 1977 (rules); Kolisch 1996 (serial scheme, priority rules under limited resources).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from scheduler.engines.contract import Channel, Limits
from scheduler.problem.evaluate import account_terms, evaluate, levels_of, missed_deadlines, over_budget
from scheduler.problem.problem import FAR, MICRO, TERMS, Problem, Solution
from scheduler.problem.ruled import extra_of, moved_pins, rules_of
from scheduler.problem.serial.serial import Plan, Serial, first_branches, plan_from, plan_of

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
EARLY = 4
"""Number of the list after which dear orders are refused: those after it are tried without these orders too."""
GRID = 0.6
"""Share of the time for lists; the rest is for refusing, overtime and branches."""
ROUNDS = 3
"""Rounds of refusing."""
FILLED = 4
"""Lists that are filled with one order after another where none makes everything."""
ALONE = 50
"""Orders refused one at a time where refusing all that are too dear is no gain."""


@dataclass(frozen=True)
class ListTrial:
    """One list: its rule by name, the measures it reached."""

    rule: str
    measures: tuple[int, ...]


def broken(problem: Problem, solution: Solution, measures: tuple[int, ...]) -> int:
    """How many hard limits (deadlines, budgets, pins) a solution breaks."""
    return (moved_pins(problem, solution) + len(missed_deadlines(problem, solution))
            + len(over_budget(problem, measures)))


def key_of(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Broken hard limits, then the levels: the less the better."""
    measures = evaluate(problem, solution)
    return (broken(problem, solution, measures), *levels_of(problem, measures))


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


class ListDispatch:
    """Tries lists within the limits; the best solution and its key are what construct returns."""

    def __init__(self) -> None:
        self.trials: list[ListTrial] = []
        self.key: tuple[int, ...] | None = None

    def construct(self, problem: Problem, limits: Limits,
                  channel: Channel) -> tuple[Solution | None, tuple[int, ...]]:
        """Best solution and its key (broken hard limits, then the levels). Offers what breaks none."""
        self.trials = []
        self.problem, self.channel = problem, channel
        self.latest = latest_starts(problem)
        self.best: Solution | None = None
        self.best_key: tuple[int, ...] = (1 << 62,)
        opened = channel.seconds()
        self.until = opened + limits.seconds * GRID
        serial, lists = Serial(problem), Lists(problem)
        lists.prepare(serial)
        best: tuple[Plan, Weights] | None = None
        none = np.zeros(problem.jobs, dtype=np.int64)
        for number, (name, given, weights) in enumerate(lists.plans()):
            kept = best[0].refused if best is not None and number > EARLY else none
            known = self.best is not None or channel.best is not None
            if self.late() and (known or channel.seconds() - opened > limits.seconds):
                break
            serial.greed[:3] = weighed(problem, weights)
            for refused, keeping in product((kept, none) if kept.any() else (none,),
                                            (False, True) if len(rules_of(problem).module_pool) else (False,)):
                before = self.best_key
                plan = replace(given, refused=refused, reserving=keeping)
                self.take(serial, plan, f"dispatch: {name}{', refusing' if refused.any() else ''}")
                if self.best_key < before:
                    best = plan, weights
            if best is not None and (number == EARLY or (number > EARLY and best[0].rank is given.rank)):
                serial.greed[:3] = weighed(problem, best[1])
                best = self.refuse(serial, best[0]), best[1]
        if best is None:
            self.until = opened + limits.seconds
            self.without(serial, lists)
            return self.best, self.best_key
        serial.greed[:3] = weighed(problem, best[1])
        self.until = opened + limits.seconds
        self.improve(serial, best[0])
        return self.best, self.best_key

    def late(self) -> bool:
        return self.channel.stop.is_set() or self.channel.seconds() > self.until

    def take(self, serial: Serial, plan: Plan, name: str) -> bool:
        """Builds a plan; whether it is the best so far. Its key, None where it led to none, is kept in `key`."""
        found, self.key = serial.run(plan), None
        if found is None and (self.latest < FAR).any():
            found = serial.run(replace(plan, rank=self.urgent_first(plan.rank)))
        if found is None:
            return False
        measures = evaluate(self.problem, found)
        self.trials.append(ListTrial(name, measures))
        self.key = key = (broken(self.problem, found, measures), *levels_of(self.problem, measures))
        if key >= self.best_key:
            return False
        self.best, self.best_key = found, key
        if not key[0]:
            self.channel.offer(found, key[1:], name)
        return True

    def urgent_first(self, rank: np.ndarray) -> np.ndarray:
        """The same list with what must start by some time before all else, so that nothing takes its place or crew."""
        urgent = self.latest < FAR
        soon = int(rank.min()) - int(self.latest[urgent].max()) - 2
        return np.where(urgent, soon + np.where(urgent, self.latest, 0), rank).astype(np.int64)

    def improve(self, serial: Serial, plan: Plan) -> None:
        """Refuses what costs more than its price and makes what does not, buys overtime and takes other branches where
        that is better."""
        for j in self._refused_dearest(plan):
            changed = replace(plan, refused=np.where(np.arange(len(plan.refused)) == j, 0, plan.refused))
            if not self.late() and self.take(serial, changed, "dispatch: one more order"):
                plan = changed
        plan = self.refuse(serial, plan)
        for change in self._changes(plan):
            if self.late():
                break
            changed = change(plan)
            if self.take(serial, changed, "dispatch: overtime and branches"):
                plan = changed

    def _refused_dearest(self, plan: Plan) -> np.ndarray:
        """The refused jobs that cost most to refuse."""
        refused = np.flatnonzero(plan.refused)
        return refused[np.argsort(-rules_of(self.problem).refuse_cost[refused], kind="stable")][:ALONE]

    def refuse(self, serial: Serial, plan: Plan) -> Plan:
        """Refuses what costs more than its price where that is better; the plan then."""
        for _ in range(ROUNDS):
            dear = self._too_dear()
            if not dear.any() or self.late():
                break
            changed = replace(plan, refused=np.where(dear, 1, plan.refused))
            if self.take(serial, changed, "dispatch: refusing"):
                plan = changed
                continue
            for j in np.flatnonzero(dear)[:ALONE]:
                changed = replace(plan, refused=np.where(np.arange(len(dear)) == j, 1, plan.refused))
                if not self.late() and self.take(serial, changed, "dispatch: refusing"):
                    plan = changed
            break
        return plan

    def without(self, serial: Serial, lists: Lists) -> None:
        """Where no list makes everything: refuses all that may be refused, then takes orders one by one as they fit."""
        rules = rules_of(self.problem)
        free = (rules.refuse_cost < FAR).astype(np.int64)
        free[self.problem.account[rules.fact & (self.problem.account < self.problem.jobs)]] = 0
        worked = 0
        for name, given, _ in lists.plans() if free.any() else ():
            plan = replace(given, refused=free)
            if self.late() or worked == FILLED:
                return
            self.take(serial, plan, f"dispatch: {name}")
            if self.key is None:
                continue
            worked, reached = worked + 1, self.key
            for j in np.argsort(-rules.refuse_cost, kind="stable"):
                if plan.refused[j] and not self.late():
                    more = replace(plan, refused=np.where(np.arange(len(free)) == j, 0, plan.refused))
                    self.take(serial, more, f"dispatch: {name}, one more order")
                    if self.key is not None and self.key < reached:
                        plan, reached = more, self.key

    def _too_dear(self) -> np.ndarray:
        """Jobs that cost more in the best solution than it would to refuse them, bool [J]."""
        rules, p = rules_of(self.problem), self.problem
        if self.best is None or not (rules.refuse_cost < FAR).any() or p.levels[0] != "money":
            return np.zeros(p.jobs, dtype=bool)
        cost = (account_terms(p, self.best) @ p.weights)[: p.jobs]
        price = np.where(rules.refuse_cost < FAR, rules.refuse_cost // MICRO * p.weights[TERMS.index("refusal")], FAR)
        hopeless = np.zeros(p.jobs, dtype=bool)
        hopeless[list(missed_deadlines(p, self.best))] = True
        return np.asarray(((cost > price) | (hopeless & (price < FAR))) & ~extra_of(self.best).refused)

    def _changes(self, plan: Plan) -> Iterator[Callable[[Plan], Plan]]:
        rules = rules_of(self.problem)
        for i in [None, *range(len(plan.overtime))] if len(plan.overtime) else []:
            def bought(p: Plan, i: int | None = i) -> Plan:
                overtime = p.overtime.copy()
                overtime[slice(None) if i is None else i] = 1
                return replace(p, overtime=overtime)
            yield bought
        for b, choice in enumerate(rules.branch_choice.tolist()):
            if plan.chosen[choice] == b or rules.fact[rules.branch == self_branch(plan, choice)].any():
                continue

            def other(p: Plan, b: int = b, choice: int = choice) -> Plan:
                chosen = p.chosen.copy()
                chosen[choice] = b
                return replace(p, chosen=chosen)
            yield other


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


def self_branch(plan: Plan, choice: int) -> int:
    """The branch a plan has chosen."""
    return int(plan.chosen[choice])


def repair(problem: Problem, start: Solution | None) -> Solution | None:
    """A schedule close to `start` (or to what was announced, without it): the same order, the same modes, and where
    that leads to none the best modes. None where neither does."""
    serial, lists = Serial(problem), Lists(problem)
    lists.prepare(serial)
    plans = []
    if start is not None:
        plan = plan_from(problem, start)
        plans += [plan, replace(plan, mode=np.full(problem.operations, -1, dtype=np.int64), after=plan.after * 0)]
    if (rank := lists.start_times()) is not None:
        plans += [lists.announced(rank), lists.plan(rank)]
    for plan in plans:
        for keeping in (False, True) if len(rules_of(problem).module_pool) else (False,):
            found = serial.run(replace(plan, reserving=keeping))
            if found is not None:
                return found
    return None
