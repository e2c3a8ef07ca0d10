"""The first local search: annealing on the sequences of all resources over the timing kernel.

A move takes an operation, or a run of operations of one configuration, to another place of its resource or to another
mode; places near its time, or beside an operation of the same configuration. Some moves begin on the path of operations
that makes an order late (or the makespan long). Times are repaired from the first changed operation in time order, and
the move is given up as soon as the value so far exceeds the acceptance threshold drawn beforehand plus a margin (a
heuristic: later operations could still win something back). The temperature falls geometrically, from two thirds of a
mean operation's cost to about one percent of it.
Sources: Kirkpatrick, Gelatt, Vecchi 1983; van Laarhoven, Aarts, Lenstra 1992 (job shop); Mati, Dauzère-Pérès, Lahlou
2011 (moves for any regular criterion).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.engines.annealing_elite import Elite
from scheduler.engines.annealing_kernel import anneal
from scheduler.engines.annealing_state import Goal, Jobs, Part, Scratch, State, makespan_of, totals, value
from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.dispatch import DispatchEngine, broken_by
from scheduler.engines.lists_search import HOT as LISTS_HOT
from scheduler.engines.lists_search import ListSearch
from scheduler.engines.unary import UnarySearch, unary
from scheduler.problem.evaluate import evaluate, levels_of, missed_deadlines, timed
from scheduler.problem.problem import FAR, MEASURES, MICRO, TERMS, Problem, Solution
from scheduler.problem.timing import Arrays, arrays, semi_active

MOVES_PER_UNIT = 100_000
"""Moves of one unit of deterministic work."""
HOT, COLD = 2 / 3, 1 / 80
CHUNK = 20_000
ROUND = 10_000
"""Moves of an operation in one run, where there can be several."""
ROUNDS = {"weighted_tardiness": 3_000}
"""The same by the first level, where it differs (measured on the weighted job shops of Singer and Pinedo)."""
FEWEST = 6
"""Runs that are worth more than a single long one."""
FRESH = 4
"""Runs that begin with the start; later ones begin between two of the best."""
RELINKED = 0.5
"""How hot those are."""
HOTTER, HOTTEST = 1.5, 4.0
"""How much hotter each run is that follows one that ended where one did before, and the most."""
PROBE = 0.03
"""Share of the time after which the number of runs is known from the moves made."""


@dataclass(frozen=True)
class Odds:
    """Odds of the moves; see annealing_kernel.anneal."""

    insertion: float = 0.55
    same_configuration: float = 0.25
    other_mode: float = 0.5
    critical: float = 0.2
    reach: float = 0.6

    def array(self) -> np.ndarray:
        return np.array([self.insertion, self.insertion + self.same_configuration, 1.0, self.other_mode, self.critical,
                         self.reach])


ODDS = {"makespan": Odds(insertion=0.95, same_configuration=0.03, other_mode=0.6, critical=0.8),
        "weighted_tardiness": Odds(insertion=0.97, same_configuration=0.02, critical=0.9, reach=0.3)}
"""Odds by the first level, where they differ from the usual ones (measured on public instances)."""
HEAT = {"weighted_tardiness": 3.0}
"""By the first level how much hotter than usual it must be: a move that makes room costs many jobs a little (measured
on the weighted job shops of Singer and Pinedo)."""


class AnnealingEngine:
    """Local search from `start`, or from the best dispatching rule. Never claims a bound of its own."""

    name = "annealing"

    def __init__(self, constructor: DispatchEngine | None = None, hot: float = HOT, calm: float = 1.0) -> None:
        """hot: temperature to begin with; calm: how much longer than usual runs are, where there are several."""
        self.constructor = constructor or DispatchEngine()
        self.hot, self.calm = hot, calm
        self.moves = self.again = 0

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        opened = channel.seconds()
        if start is None:
            start, _ = self.constructor.construct(problem, limits, channel)
        if start is None:
            return Result("not_found", None, None, None, trace=tuple(channel.trace))
        if problem.rules is not None:
            return self._lists(problem, start, limits, channel, opened)
        search = Search(problem, start, limits.seed)
        if problem.operations > 1:
            self._run(search, limits, channel, opened)
        self.moves = search.moves
        best, measures = search.best, search.measures
        objective = levels_of(problem, measures)
        if broken_by(problem, best, measures):
            return Result("not_found", best, objective, None, missed=missed_deadlines(problem, best),
                          trace=tuple(channel.trace))
        return Result("feasible", best, objective, None, trace=tuple(channel.trace))

    def _lists(self, problem: Problem, start: Solution, limits: Limits, channel: Channel, opened: float) -> Result:
        """The same where the problem has rules: on priority lists, or on the order of all operations."""
        if unary(problem):
            orders = UnarySearch(problem, start, limits.seed)
            orders.run(limits, channel, opened, self.name)
            self.moves = int(orders.row.counts[0])
            found = orders.solution()
            return Result("feasible", found, levels_of(problem, evaluate(problem, found)), None,
                          trace=tuple(channel.trace))
        lists = ListSearch(problem, start, limits.seed)
        if problem.operations:
            lists.run(limits, channel, opened, self.name, self.hot * LISTS_HOT / HOT)
        self.moves = lists.moves
        objective = lists.key[1:]
        if lists.key[0]:
            return Result("not_found", lists.best, objective, None, missed=missed_deadlines(problem, lists.best),
                          trace=tuple(channel.trace))
        return Result("feasible", lists.best, objective, None, trace=tuple(channel.trace))

    def _run(self, search: Search, limits: Limits, channel: Channel, opened: float) -> None:
        """One run over all the time; or several where so many moves can be made, each from the start or, later, from a
        state between two of the best ones and not as hot."""
        budget = None if limits.deterministic is None else max(1, int(limits.deterministic * MOVES_PER_UNIT))
        luck, elite = np.random.default_rng(limits.seed), Elite()
        first = search.state.mode.copy(), search.state.position.copy()
        rounds, number, hot, self.again = 0, 0, self.hot, 0
        late = (channel.seconds() - opened) / max(1e-9, limits.seconds)
        while True:
            spent = (channel.seconds() - opened) / max(1e-9, limits.seconds)
            done = (spent - late) / max(1e-9, 1 - late) if budget is None else search.moves / budget
            gap = channel.gap() if len(search.problem.levels) == 1 else None
            if done >= 1 or spent >= 1 or channel.stop.is_set() or (gap is not None and gap <= limits.target_gap):
                break
            if not rounds and (budget or done >= PROBE):
                rounds = _rounds(search.problem, (budget or search.moves / done) / self.calm)
            if rounds and done >= (number + 1) / rounds:
                number += 1
                search.publish(channel, self.name, force=True)
                hot = self.hot * self._begin(search, elite, first, luck if number >= FRESH else None)
            within = done * rounds - number if rounds else 0.0
            chunk = search.chunk if budget is None else min(CHUNK, budget - search.moves)
            search.step(hot * (COLD / hot) ** within, chunk, channel, timed_chunks=budget is None)
            search.publish(channel, self.name)
        search.publish(channel, self.name, force=True)

    def _begin(self, search: Search, elite: Elite, first: tuple[np.ndarray, np.ndarray],
               luck: np.random.Generator | None) -> float:
        """Ends a run and begins the next, between two of the elite where there is `luck`; how hot it is to be. After a
        run that ended where one did before it begins with the start, and hotter each time."""
        self.again = 0 if elite.admit(search.best_value, search.best_state()) else self.again + 1
        child = elite.child(search.problem, luck) if luck is not None and not self.again else None
        try:
            search.begin(*(child or first))
        except ValueError:  # it would end behind the calendars
            search.begin(*first)
            return 1.0
        return RELINKED if child else min(HOTTEST, HOTTER**self.again)


def _rounds(problem: Problem, moves: float) -> int:
    """How many runs so many moves are good for."""
    rounds = int(moves) // (ROUNDS.get(problem.levels[0], ROUND) * problem.operations)
    return rounds if rounds >= FEWEST else 1


class Search:
    """The state of one annealing run and the best solution it has seen, exactly evaluated."""

    def __init__(self, problem: Problem, start: Solution, seed: int, odds: Odds | None = None) -> None:
        self.problem = problem
        self.k: Arrays = arrays(problem)
        self.jobs = jobs_of(problem)
        self.goal = goal_of(problem)
        self.odds = (odds or ODDS.get(problem.levels[0], Odds())).array()
        self.heat = HEAT.get(problem.levels[0], 1.0)
        self.scratch = scratch_of(problem)
        self.random = np.array([(seed * 2685821657736338717 + 88172645463325252) % (1 << 64) or 1], dtype=np.uint64)
        self.moves = 0
        self.chunk = 500
        self.info = np.zeros(3, dtype=np.int64)
        self.part = whole(problem)
        self.best = start
        self.measures = evaluate(problem, start)
        self.key = (broken_by(problem, start, self.measures), *levels_of(problem, self.measures))
        self.fresh = False
        self.published = -1e9
        self.publishing = 0.0
        self.begin(start.mode, start.rank)
        self.least = self.best_value

    def begin(self, mode: np.ndarray, position: np.ndarray) -> None:
        """Puts the search on a state, which is then the best of the run."""
        self.go(mode, position)
        self.best_mode, self.best_position = mode.copy(), position.copy()
        self.best_value = self.now

    def best_state(self) -> State:
        """Puts the search on the best state of the run."""
        self.go(self.best_mode, self.best_position)
        return self.state

    def go(self, mode: np.ndarray, position: np.ndarray) -> None:
        """Puts the search on a state; raises ValueError where that is no schedule."""
        problem = self.problem
        self.state = state_of(problem, mode, position, self.random)
        n = problem.operations
        placed = semi_active(self.k, self.state.mode, self.state.first, self.state.seq, self.state.length,
                             self.state.start, self.state.end, self.state.work_end, np.empty(n, np.int64),
                             np.empty(n, np.int64))
        if placed < n:
            raise ValueError("the start contradicts the precedence, or the calendars end before it")
        fixed = int((problem.fixed_cost * problem.weights[1]).sum())
        totals(self.k, self.jobs, self.goal, self.state, fixed)
        self.makespan = makespan_of(self.state)
        self.now = value(self.goal, self.state.total, self.makespan)

    def step(self, temperature: float, proposals: int, channel: Channel, timed_chunks: bool) -> None:
        """`proposals` moves; the next chunk is sized towards 20 ms where chunks are timed."""
        opened = channel.seconds()
        self.now, self.makespan, self.best_value = anneal(
            self.k, self.jobs, self.goal, self.state, self.scratch, self.part, self.odds, temperature * self.heat, 0.15,
            proposals, self.makespan, self.best_value, self.best_mode, self.best_position, self.info)
        self.moves += proposals
        self.fresh = self.fresh or self.best_value < self.least
        self.least = min(self.least, self.best_value)
        if timed_chunks:
            took = channel.seconds() - opened
            self.chunk = int(min(CHUNK * 5, max(50, proposals * min(4.0, 0.02 / max(took, 1e-4)))))

    def publish(self, channel: Channel, who: str, force: bool = False) -> None:
        """Evaluates the best state exactly and offers it, at most a tenth of the time."""
        now = channel.seconds()
        if not self.fresh or (not force and now - self.published < max(0.3, 10 * self.publishing)):
            return
        self.fresh = False
        found = timed(self.problem, self.best_mode.copy(), self.best_position.copy())
        if found is not None:
            measures = evaluate(self.problem, found)
            levels = levels_of(self.problem, measures)
            key = (broken_by(self.problem, found, measures), *levels)
            if key < self.key:
                self.best, self.measures, self.key = found, measures, key
                if not key[0]:
                    channel.offer(found, levels, who)
        self.published = channel.seconds()
        self.publishing = self.published - now


def state_of(problem: Problem, mode: np.ndarray, position: np.ndarray, random: np.ndarray) -> State:
    """A state with room on each resource for all operations that could run there."""
    n, resources = problem.operations, problem.resources
    owner = np.repeat(np.arange(n), np.diff(problem.mode_first))
    pairs = np.unique(problem.mode_resource * np.int64(n) + owner)
    room = np.bincount(pairs // n, minlength=resources)
    first = np.concatenate(([0], np.cumsum(room))).astype(np.int64)
    resource = problem.mode_resource[mode]
    seq = np.full(int(first[-1]), -1, dtype=np.int64)
    seq[first[resource] + position] = np.arange(n)
    times: tuple[Any, Any, Any] = (np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64))
    return State(mode.copy(), position.copy(), first, seq, np.bincount(resource, minlength=resources).astype(np.int64),
                 *times, np.zeros(problem.jobs, np.int64), np.zeros(problem.jobs, np.int64), np.zeros(4, np.int64),
                 random)


def scratch_of(problem: Problem) -> Scratch:
    n = problem.operations
    log, jobs = 4 * n + 256, 4 * n + 256

    def ints(size: int) -> Any:
        return np.zeros(size, dtype=np.int64)

    return Scratch(ints(n + 64), ints(n + 64), np.zeros(n, np.int8), ints(log), ints(log), ints(log), ints(log),
                   ints(jobs), ints(jobs), ints(jobs), ints(16), ints(16), ints(16), ints(4))


def whole(problem: Problem) -> Part:
    """Everything may move."""
    return Part(np.arange(problem.operations), *np.zeros((2, problem.resources), dtype=np.int64))


def jobs_of(problem: Problem) -> Jobs:
    """Jobs with the operations their completion and first start hang on."""
    n, count = problem.operations, problem.jobs
    account = problem.account

    def outer(first: np.ndarray, other: np.ndarray) -> np.ndarray:
        owner = np.repeat(np.arange(n), np.diff(first))
        inside = np.zeros(n, dtype=bool)
        inside[owner[account[owner] == account[other]]] = True
        return ~inside & (account < count)

    def csr(flag: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ops = np.flatnonzero(flag)
        ops = ops[np.argsort(account[ops], kind="stable")]
        sizes = np.bincount(account[ops], minlength=count)[:count]
        return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), ops.astype(np.int64)

    is_final, is_initial = outer(problem.succ_first, problem.succ), outer(problem.pred_first, problem.pred)
    weights = problem.weights
    return Jobs(count, *csr(is_final), *csr(is_initial), is_final, is_initial,
                problem.late_rate * weights[TERMS.index("lateness")],
                problem.hold_rate * weights[TERMS.index("holding")],
                problem.weight, int(max(1, problem.mode_duration.mean())) if n else 1)


def goal_of(problem: Problem) -> Goal:
    """Levels as coefficients: 1 is about the mean operation's cost, a later level counts a thousandth of the one
    before."""
    mean_duration = max(1.0, float(problem.mode_duration.mean())) if problem.operations else 1.0
    weight = max(1e-9, float(problem.weight.mean())) if problem.jobs else 1.0
    late = float(problem.late_rate.mean()) * float(problem.weights[3]) if problem.jobs else 0.0
    cheapest = np.minimum.reduceat(problem.mode_cost, problem.mode_first[:-1]) if problem.operations else np.zeros(1)
    money = max(1.0, float(cheapest.mean()) * float(problem.weights[0]), late * mean_duration)
    unit = {"money": money, "makespan": mean_duration, "weighted_tardiness": weight * mean_duration,
            "lead_time": weight * mean_duration}
    coefficient = dict.fromkeys(MEASURES, 0.0)
    for i, level in enumerate(problem.levels):
        coefficient[level] += 1e-3**i / unit[level]
    if problem.levels[0] == "makespan":
        coefficient["lead_time"] += 1e-3 / unit["lead_time"] / max(1, problem.jobs)
    order = ("money", "weighted_tardiness", "lead_time", "makespan")
    limits = [int(problem.budgets[MEASURES.index(m)]) for m in order]
    if limits[0] < FAR:
        limits[0] = min(int(FAR), limits[0] * MICRO)
    if limits[2] < FAR:
        limits[2] += int((problem.weight * problem.job_release).sum())
    penalty = np.array([20.0 / unit[m] for m in order])
    return Goal(np.array([coefficient["money"], coefficient["weighted_tardiness"], coefficient["lead_time"],
                          20.0 / mean_duration]), coefficient["makespan"], int(problem.weights[0]),
                int(problem.weights[2]), np.array(limits, dtype=np.int64), penalty,
                any(limit < FAR for limit in limits))


__all__ = ["AnnealingEngine", "Odds", "Search"]
