"""The constructive engine: dispatching with several rules, aware of reconfiguration and calendars.

Time runs forward. An operation that becomes ready joins the queue of one of its resources: the one where queue, work,
reconfiguration and the price of the mode together cost least. A free resource takes from its queue, of the best
operation of each configuration, the one with the least index of the rule plus a weight for the reconfiguration. Each
queue is a pairing heap per configuration, so that a run costs O(n log n) however many operations wait. A grid of rules
and weights is tried and the best schedule is kept.
Sources: Panwalkar, Iskander 1977 (rules); Vepsalainen, Morton 1987 (apparent tardiness cost).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from scheduler.engines.contract import Channel, Limits, Result, Status
from scheduler.engines.dispatch_kernel import run_rule, tails_kernel
from scheduler.engines.dispatch_late_kernel import run_late
from scheduler.engines.lists import ListDispatch, broken
from scheduler.problem.bounds import trivial_bound, trivial_source
from scheduler.problem.evaluate import evaluate, levels_of, missed_deadlines, over_budget, timed
from scheduler.problem.problem import FAR, Problem, Solution
from scheduler.problem.timing import Arrays, arrays

RULES = ("due date", "slack", "apparent tardiness cost", "shortest operation", "most work remaining",
         "first come", "weighted shortest work remaining")
LATE = "modes last, patience"
"""Name of the runs that choose modes last, before their patience."""
SETUP_WEIGHTS = (1.0, 4.0, 16.0, 0.0)
COST_WEIGHTS = (1.0, 0.0, 4.0)
WORK = 4_000_000
"""Operations dispatched over all rules at most (at least one rule runs)."""
PATIENCE = ((3.0, 0.5), (3.0, 1.5), (6.0, 0.5), (1.5, 0.5), (3.0, 0.0))
LATE_COSTS = (0.3, 0.7, 0.1, 2.0, 0.0)
LATE_WORK = 2_000_000_000
"""Operations squared over all runs that choose modes last, which look at all that wait each time."""


@dataclass(frozen=True)
class Trial:
    """One run: rule by name, the weights, the measures it reached."""

    rule: str
    setup_weight: float
    cost_weight: float
    measures: tuple[int, ...]


def tails(problem: Problem) -> np.ndarray:
    """Shortest remaining work from the start of each operation to the end of its longest path, ticks, [n]."""
    shortest = np.minimum.reduceat(problem.mode_duration, problem.mode_first[:-1])
    return np.asarray(tails_kernel(problem.succ_first, problem.succ, problem.pred_first, problem.pred, shortest))


def grid(operations: int, money: bool) -> list[tuple[int, float, float]]:
    """(rule, weight of reconfiguration, weight of mode cost) to try, in order, as many as the size allows."""
    costs = COST_WEIGHTS if money else (0.0,)
    every = [(rule, s, c) for c in costs for s in SETUP_WEIGHTS for rule in range(len(RULES))]
    return every[: max(1, min(len(every), WORK // max(1, operations)))]


def late_grid(operations: int, levels: tuple[str, ...]) -> list[tuple[float, float, float]]:
    """(patience, patience with reconfigurations, weight of mode cost) to try with modes chosen last: where money or due
    dates count first, as many as the size allows."""
    if levels[0] not in ("money", "weighted_tardiness"):
        return []
    every = [(k, s, c) for c in (LATE_COSTS if "money" in levels else (0.0,)) for k, s in PATIENCE]
    return every[: LATE_WORK // max(1, operations * operations)]


class DispatchEngine:
    """Best schedule of the dispatching rules. Where every rule breaks a deadline: not_found, with the deadlines
    missed."""

    name = "dispatch"

    def __init__(self) -> None:
        self.trials: list[Trial] = []

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        best, key = self.construct(problem, limits, channel)
        bound = trivial_bound(problem)
        if bound > -FAR:
            channel.offer_bound(float(bound), trivial_source(problem))
        if best is None:
            return Result("not_found", None, None, float(bound), trivial_source(problem), trace=tuple(channel.trace))
        measures = evaluate(problem, best)
        value = levels_of(problem, measures)
        missed = missed_deadlines(problem, best)
        if key[0]:
            return Result("not_found", best, value, float(bound), trivial_source(problem), missed=missed,
                          trace=tuple(channel.trace))
        status: Status = "optimal" if len(value) == 1 and value[0] <= bound else "feasible"
        return Result(status, best, value, float(bound), trivial_source(problem), trace=tuple(channel.trace))

    def construct(self, problem: Problem, limits: Limits, channel: Channel) -> tuple[Solution | None, tuple[int, ...]]:
        """Best solution over the rules and its key (broken hard limits, then the levels). Offers feasible ones."""
        self.trials = []
        if problem.rules is not None:
            lists = ListDispatch()
            found, reached = lists.construct(problem, limits, channel)
            self.trials = [Trial(t.rule, 0.0, 0.0, t.measures) for t in lists.trials]
            return found, reached
        if not problem.operations:
            empty = np.empty(0, dtype=np.int64)
            return Solution(empty, empty, empty, empty), (0,)
        opened = channel.seconds()
        best: Solution | None = None
        best_key: tuple[int, ...] = (1 << 62,)
        for name, setup_weight, cost_weight, run in self._runs(problem):
            if best is not None and (channel.stop.is_set() or channel.seconds() - opened > limits.seconds):
                break
            found = run()
            if found is None:
                continue
            measures = evaluate(problem, found)
            self.trials.append(Trial(name, setup_weight, cost_weight, measures))
            broken = broken_by(problem, found, measures)
            key = (broken, *levels_of(problem, measures))
            if key < best_key:
                best, best_key = found, key
                if not broken:
                    channel.offer(found, levels_of(problem, measures), f"dispatch: {name}")
        return best, best_key

    def _runs(self, problem: Problem) -> Iterator[tuple[str, float, float, Callable[[], Solution | None]]]:
        """(rule, its two weights, what runs it), the most promising first."""
        k, tail, urgent = arrays(problem), tails(problem), urgency(problem)
        for patience, setup, cost in late_grid(problem.operations, problem.levels):
            yield f"{LATE} {patience:g}", setup, cost, partial(late, problem, k, tail, patience, setup, cost, urgent)
        for rule, setup, cost in grid(problem.operations, "money" in problem.levels):
            yield RULES[rule], setup, cost, partial(dispatch, problem, k, tail, rule, setup, cost, urgent)


def broken_by(problem: Problem, solution: Solution, measures: tuple[int, ...]) -> int:
    """How many hard limits (deadlines, budgets, fixed modes and starts) a solution breaks."""
    if problem.rules is not None:
        return broken(problem, solution, measures)
    moved = 0
    for given, found in ((problem.fixed_mode, solution.mode), (problem.fixed_start, solution.start)):
        if len(given):
            moved += int(((given >= 0) & (given != found)).sum())
    return moved + len(missed_deadlines(problem, solution)) + len(over_budget(problem, measures))


def dispatch(problem: Problem, k: Arrays, tail: np.ndarray, rule: int, setup_weight: float,
             cost_weight: float, urgent: tuple[np.ndarray, np.ndarray] | None = None) -> Solution | None:
    """One run of one rule; None where the calendars end before the work does."""
    due, weight = urgency(problem) if urgent is None else urgent
    mode, rank = run_rule(k, tail.astype(np.float64), due, weight, rule, setup_weight, cost_weight,
                          _money_per_tick(problem))
    if problem.operations and mode[0] < 0:
        return None
    return timed(problem, mode, rank)


def late(problem: Problem, k: Arrays, tail: np.ndarray, patience: float, setup_patience: float, cost_weight: float,
         urgent: tuple[np.ndarray, np.ndarray]) -> Solution | None:
    """One run that chooses modes last (see dispatch_late_kernel); None where the calendars end before the work does.
    """
    n = problem.operations
    price = _money_per_tick(problem)
    tail = tail * _stretch(problem)
    due, weight = urgent
    # without a due date the longest rest goes first, behind all that have one
    due = np.minimum(due, max(due[due < FAR].max(initial=0.0), (problem.release + tail).max(initial=0.0)))
    mode, rank = np.zeros((2, n), dtype=np.int64)
    setups = problem.setup_time[problem.setup_time > 0]
    done = run_late(k, tail, due, weight, cost_weight / price if price else 0.0, patience,
                    setup_patience, max(1.0, float(problem.mode_duration.mean())),
                    max(1.0, float(setups.mean())) if len(setups) else 1.0,
                    np.zeros((11, max(n, problem.resources)), dtype=np.int64), mode, rank)
    return timed(problem, mode, rank) if done else None


def _stretch(problem: Problem) -> float:
    """Real ticks for a tick of work, over all calendars that end."""
    first, last = problem.window_first[:-1], problem.window_first[1:] - 1
    used = (last >= first) & (problem.window_end[last] < FAR)
    first, last = first[used], last[used]
    real = problem.window_end[last] - problem.window_start[first]
    work = problem.window_work[last] + problem.window_end[last] - problem.window_start[last]
    return float(np.mean(real / np.maximum(1, work))) if len(real) else 1.0


def urgency(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """(due date in ticks, FAR for none, price or priority of a tick) of each operation, as floats."""
    job = np.minimum(problem.account, max(0, problem.jobs - 1))
    own = problem.account < problem.jobs
    target = np.minimum(problem.due, problem.deadline)
    due = np.where(own & (problem.jobs > 0), target[job] if problem.jobs else FAR, FAR)
    rate = np.maximum(problem.late_rate, problem.weight) if problem.late_rate.any() else np.maximum(problem.weight, 1)
    weight = np.where(own, rate[job] if problem.jobs else 1, 1).astype(np.float64)
    due, weight = _inherit(problem, due, weight)
    return due.astype(np.float64), weight


def _inherit(problem: Problem, due: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shared lots take the earliest due date and the largest weight of what waits for them."""
    shared = np.flatnonzero(problem.account >= problem.jobs)
    for o in shared[::-1]:
        after = problem.succ[problem.succ_first[o]:problem.succ_first[o + 1]]
        if len(after):
            due[o], weight[o] = due[after].min(), weight[after].max()
    return due, weight


def _money_per_tick(problem: Problem) -> float:
    """What a tick of waiting is worth in micros, to weigh mode costs against time: the mean lateness rate."""
    if "money" not in problem.levels:
        return 0.0
    return float(max(1.0, problem.late_rate.mean())) if problem.jobs else 1.0
