"""Annealing where the problem has rules: the plan behind a schedule is changed, and the schedule built again.

The temperature falls geometrically with the share of the limit that is spent. Sources: Kirkpatrick, Gelatt, Vecchi
1983; Bouleimen, Lecocq 2003 (annealing on lists with modes).
"""

from __future__ import annotations

import numpy as np

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.lists import key_of
from scheduler.engines.lists_edits import OPEN, Course, Goal
from scheduler.engines.lists_kernel import WORST, anneal_lists
from scheduler.engines.lists_rules import Lists
from scheduler.engines.lists_stretch import GRAIN
from scheduler.problem.problem import FAR, MEASURES, TERMS, Problem, Solution
from scheduler.problem.ruled import rules_of
from scheduler.problem.serial.serial import Plan, Serial, plan_from
from scheduler.problem.serial.state import State, state_of

PLACEMENTS_PER_UNIT = 2_000_000
"""Operations placed in one unit of deterministic work."""
HOT, COLD = 0.5, 0.005
"""First and last temperature in units of a mean operation's cost."""
CHUNK_SECONDS = 0.05
ODDS = {"shift": 0.34, "job": 0.12, "mode": 0.18, "after": 0.06, "refuse": 0.04, "overtime": 0.02, "branch": 0.04,
        "delay": 0.10, "group": 0.10}
"""Odds of the moves, in the order of lists_moves; what a problem has nothing of falls to the first."""
EASY = 3
"""Ticks before its due date that an order not made would begin, in ticks of its shortest work."""
SMALL, MEDIUM = 250, 3_000
"""Operations up to which moves begin anywhere, and up to which the whole is built for each of them."""
STRETCH, AHEAD = 300, 400
"""Beyond that: operations of a stretch, and places behind it that are built."""
LATE = 20.0
"""Price of a tick beyond a deadline, in mean costs per tick."""


def placed(problem: Problem, hint: Solution) -> Solution | None:
    """The best schedule of the plan behind a hint, which may break rules itself; None where none can be built."""
    serial = Serial(problem)
    Lists(problem).prepare(serial)
    found = [schedule for plan in readings(problem, hint) if (schedule := serial.run(plan)) is not None]
    return min(found, key=lambda schedule: key_of(problem, schedule), default=None)


def readings(problem: Problem, start: Solution) -> tuple[Plan, ...]:
    """Ways to read the plan behind a schedule: as early as can be, as it is, waiting for its times, keeping room; the
    last two also with whatever modes are best now, as some may have become bad."""
    given = plan_from(problem, start)
    free = given.copy()
    free.after[:] = 0
    waiting = given.copy()
    waiting.after = np.where(start.mode >= 0, start.start, 0).astype(np.int64)
    keeping = waiting.copy()
    keeping.reserving = True
    elsewhere, apart = waiting.copy(), keeping.copy()
    elsewhere.mode[:] = apart.mode[:] = -1
    return free, given, waiting, keeping, elsewhere, apart


class ListSearch:
    """One annealing run from a solution, and the best one seen, exactly evaluated."""

    def __init__(self, problem: Problem, start: Solution, seed: int) -> None:
        self.problem = problem
        self.serial = Serial(problem)
        self.lists = Lists(problem)
        self.lists.prepare(self.serial)
        self.best, self.key = start, key_of(problem, start)
        self.goal = goal_of(problem)
        self.moves = 0
        self.chunk = 10
        self.fresh = False
        self.published = -1e9
        self.plan = self._plan(start)
        self.aside = Serial(problem, self.serial.shop)
        self.lists.prepare(self.aside)
        self._give()
        self.course = course_of(problem, self.plan, seed)
        self.now = self._value()
        self.best_value = self.now
        self._remember()

    def _plan(self, start: Solution) -> Plan:
        """The plan behind the start: of the ways to read it, the one whose schedule is best."""
        ways = readings(self.problem, start)
        best = ways[2]
        best_key: tuple[int, ...] = (1 << 62,)
        for plan in ways:
            found = self.serial.run(plan)
            if found is not None and (key := key_of(self.problem, found)) < best_key:
                best, best_key = plan, key
                if key < self.key:
                    self.best, self.key, self.fresh = found, key, True
        best.rank = self._with_absent(best.rank, self.best)
        return best

    def _with_absent(self, rank: np.ndarray, solution: Solution) -> np.ndarray:
        """The list with what the solution does not make at the places where it could go, not at the end."""
        absent = np.flatnonzero(solution.mode < 0)
        order = np.argsort(rank, kind="stable")
        order = order[solution.mode[order] >= 0]
        if not len(absent) or not len(order):
            return rank
        sooner = np.maximum(self.problem.release, self.lists.due - EASY * self.lists.tail)[absent]
        key = np.empty(len(rank))
        key[order] = np.arange(len(order))
        key[absent] = np.searchsorted(np.maximum.accumulate(solution.start[order]), sooner) - 0.5
        found = np.empty(len(rank), dtype=np.int64)
        found[np.lexsort((-self.lists.tail, key))] = np.arange(len(rank))
        return found

    def _value(self) -> float:
        while True:
            now, _ = anneal_lists(self.serial.shop, self.serial.state, self.saved, self.goal, self.course, 0.0, 0, 0.0,
                                  0.0)
            if now >= 0:
                return float(now)
            self._grow()

    def _give(self) -> None:
        """Puts the plan that search begins from into the state, and makes room to save states."""
        self.serial.give(self.plan)
        self.saved: State = state_of(self.serial.shop, self.serial.room, self.serial.log)

    def _grow(self) -> None:
        """More storage, with the same plan."""
        state = self.serial.state
        kept = [state.refused.copy(), state.bought.copy(), state.chosen.copy()]
        self.serial.grow()
        self._give()
        self.course.walk[OPEN] = 0
        for array, values in zip((self.serial.state.refused, self.serial.state.bought, self.serial.state.chosen), kept):
            array[:] = values

    def _remember(self) -> None:
        c, s = self.course, self.serial.state
        for name in ("order", "wanted", "after"):
            getattr(c, f"best_{name}")[:] = getattr(c, name)
        c.best_refused[:], c.best_bought[:], c.best_chosen[:] = s.refused, s.bought, s.chosen

    def step(self, temperature: float, proposals: int) -> None:
        """So many moves."""
        before = self.best_value
        now, self.best_value = anneal_lists(self.serial.shop, self.serial.state, self.saved, self.goal, self.course,
                                            temperature, proposals, self.now, self.best_value)
        if now < 0:
            self._grow()
            self.now = self._value()
        else:
            self.now = now
        self.moves = int(self.course.count[0])
        self.fresh = self.fresh or self.best_value < before

    def publish(self, channel: Channel, who: str, force: bool = False) -> None:
        """Evaluates the best plan exactly and offers its schedule, now and then."""
        now = channel.seconds()
        if not self.fresh or (not force and now - self.published < 0.3):
            return
        self.published, self.fresh = now, False
        found = self._best_solution()
        if found is not None and (key := key_of(self.problem, found)) < self.key:
            self.best, self.key = found, key
        if not self.key[0]:
            channel.offer(self.best, self.key[1:], who)

    def _best_solution(self) -> Solution | None:
        c = self.course
        rank = np.empty(len(c.order), dtype=np.int64)
        rank[c.best_order] = np.arange(len(c.order))
        return self.aside.run(Plan(rank, c.best_wanted, c.best_after, c.best_refused, c.best_bought, c.best_chosen,
                                   self.plan.reserving))

    def run(self, limits: Limits, channel: Channel, opened: float, who: str, hot: float = HOT) -> None:
        """Until the limits are reached, the gap is closed or the channel says stop."""
        budget = None
        if limits.deterministic is not None:
            budget = max(1, int(limits.deterministic * PLACEMENTS_PER_UNIT / max(1, self.problem.operations)))
        while self.now < WORST and len(self.goal.free):
            spent = (channel.seconds() - opened) / max(1e-9, limits.seconds)
            done = spent if budget is None else max(self.moves / budget, 0.0)
            gap = channel.gap() if len(self.problem.levels) == 1 else None
            if done >= 1 or spent >= 1 or channel.stop.is_set() or (gap is not None and gap <= limits.target_gap):
                break
            chunk = self.chunk if budget is None else min(50, budget - self.moves)
            before = channel.seconds()
            self.step(hot * (COLD / hot) ** done, max(1, chunk))
            if budget is None:
                took = max(1e-4, channel.seconds() - before)
                self.chunk = int(min(20_000, max(1, chunk * min(4.0, CHUNK_SECONDS / took))))
            self.publish(channel, who)
        self.publish(channel, who, force=True)


def goal_of(problem: Problem) -> Goal:
    """Levels as factors: 1 is about a mean operation's cost, a later level counts a thousandth of the one before."""
    rules, n = rules_of(problem), problem.operations
    duration = max(1.0, float(problem.mode_duration.mean())) if n else 1.0
    weight = max(1e-9, float(problem.weight.mean())) if problem.jobs else 1.0
    late = float(problem.late_rate.mean()) * float(problem.weights[TERMS.index("lateness")]) if problem.jobs else 0.0
    cheapest = float(np.minimum.reduceat(problem.mode_cost, problem.mode_first[:-1]).mean()) if n else 0.0
    unit = {"money": max(1.0, max(cheapest * float(problem.weights[0]), late * duration) / 1e6), "makespan": duration,
            "weighted_tardiness": weight * duration, "lead_time": weight * duration}
    factor = dict.fromkeys(MEASURES, 0.0)
    for i, level in enumerate(problem.levels):
        factor[level] += 1e-3**i / unit[level]
    if problem.levels[0] == "makespan":
        factor["lead_time"] += 1e-3 / unit["lead_time"] / max(1, problem.jobs)
    there = {"refuse": bool((rules.refuse_cost < FAR).any()), "overtime": len(rules.overtime_cost) > 0,
             "branch": len(rules.branch_choice) > 0, "mode": bool((np.diff(problem.mode_first) > 1).any()),
             "delay": bool(problem.hold_rate.any()),
             "after": bool(problem.hold_rate.any() or (rules.batch_class >= 0).any() or (rules.ref_start >= 0).any())}
    odds = {name: share if there.get(name, True) else share / 5 if name == "after" else 0.0
            for name, share in ODDS.items()}
    total = sum(odds.values())
    must = np.zeros(problem.jobs, dtype=bool)
    must[problem.account[rules.fact & (problem.account < problem.jobs)]] = True
    own = np.flatnonzero((problem.account < problem.jobs) & ~rules.fact)
    own = own[np.argsort(problem.account[own], kind="stable")]
    sizes = np.bincount(problem.account[own], minlength=problem.jobs)
    choices = int(rules.branch_choice.max(initial=-1)) + 1
    branch_fixed = np.zeros(choices, dtype=np.int64)
    inside = rules.fact & (rules.branch >= 0)
    branch_fixed[rules.branch_choice[rules.branch[inside]]] = 1
    may_refuse = (rules.refuse_cost < FAR) & ~must
    levels = np.array([*(factor[m] for m in MEASURES), LATE / duration])
    feeds = np.any(rules.buffer >= 0, axis=1)[rules.group[problem.mode_resource]]
    span, ahead = stretch(n)
    return Goal(levels, problem.budgets.astype(np.int64), np.array([LATE / unit[m] for m in MEASURES]),
                np.cumsum(list(odds.values())) / total, np.flatnonzero(~rules.fact).astype(np.int64),
                np.flatnonzero(may_refuse).astype(np.int64), may_refuse,
                np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), own.astype(np.int64), branch_fixed,
                _choice_jobs(problem, choices), np.logical_or.reduceat(feeds, problem.mode_first[:-1]) if n else feeds,
                np.array([0.5 * levels[0] * problem.accounts * float(problem.weights.sum())]), span, ahead, span)


def stretch(operations: int) -> tuple[int, int]:
    """Operations of a stretch, and places beyond it that are built for a move (0: all)."""
    if operations <= SMALL:
        return operations, 0
    if operations <= MEDIUM:
        return max(SMALL, operations // 5), 0
    return STRETCH, AHEAD


def _choice_jobs(problem: Problem, choices: int) -> np.ndarray:
    """The job all of whose operations a choice is about, [C]; -1 where there is none, or others depend on it."""
    rules, found = rules_of(problem), np.full(choices, -1, dtype=np.int64)
    for o in np.flatnonzero(rules.branch >= 0):
        choice, job = rules.branch_choice[rules.branch[o]], problem.account[o]
        known = found[choice] in (-1, job) and job < problem.jobs and not rules.fact[o]
        found[choice] = job if known else -2
    return np.maximum(found, -1)


def course_of(problem: Problem, plan: Plan, seed: int) -> Course:
    """The plan and its copies for the kernel."""
    n = problem.operations
    order = np.argsort(plan.rank, kind="stable").astype(np.int64)
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)

    def ints(size: int) -> np.ndarray:
        return np.zeros(size, dtype=np.int64)

    edits = 4 * n + 1024
    names = {"order": n, "wanted": n, "after": n, "refused": len(plan.refused), "bought": len(plan.overtime),
             "chosen": len(plan.chosen)}
    copies = {f"{kind}_{name}": ints(size) for kind in ("old", "best") for name, size in names.items()}
    random = np.array([(seed * 2685821657736338717 + 88172645463325252) % (1 << 64) or 1], dtype=np.uint64)
    return Course(order=order, rank=rank, wanted=plan.mode.copy(), after=plan.after.copy(), **copies,
                  terms=np.zeros((problem.accounts, len(TERMS)), dtype=np.int64), out=ints(6), group=ints(64),
                  start=ints(n), end=ints(n), last=ints(n), next=ints(n),
                  prepare=ints(n), mode=ints(n), random=random, count=ints(1),
                  walk=ints(10), edits=np.zeros((edits, 3), dtype=np.int64), sofar=np.zeros(n // GRAIN + 2),
                  trial=np.zeros(n // GRAIN + 2), finish=ints(problem.jobs), local=np.zeros(2))
