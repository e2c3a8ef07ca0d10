"""Solve: from a scenario to a schedule that the judge has accepted."""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.domain.results import Costs, KPIs, Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Schedule
from scheduler.encoding.conflict import describe_conflict
from scheduler.encoding.decode import decode
from scheduler.encoding.encode import encode
from scheduler.encoding.horizon import horizon_of
from scheduler.encoding.warm import warm
from scheduler.engines.contract import Channel, Conflict, Event, Limits, Result
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.verify import fault
from scheduler.engines.lists import key_of
from scheduler.engines.lists_search import placed
from scheduler.engines.portfolio import ENGINES, engine
from scheduler.errors import InputError, InternalError, Mistake
from scheduler.evaluation.costs import costs as costs_of
from scheduler.evaluation.costs import measures
from scheduler.evaluation.kpis import kpis as kpis_of
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.problem.bounds import hopeless, misfits
from scheduler.problem.evaluate import missed_deadlines
from scheduler.problem.problem import Problem, Solution
from scheduler.usecases.compile import compile_kernels, kinds
from scheduler.usecases.first_run import final, first_run
from scheduler.validation.judge import validate

WAITED = 3600.0
"""Seconds for which a first run may be answered while it compiles; it ends with the compiler."""
FIRST_RUN = "first run"
"""Who found what was known before the search."""
EXTENSIONS = 6
"""How often the calendars' horizon is doubled where a schedule does not fit."""


@dataclass(frozen=True)
class Options:
    """How to solve. time_limit: seconds of wall clock (None: the policy's); deterministic_limit: units of work, with
    one worker the same schedule every time; seed: None for the policy's; listen is called with every incumbent
    and bound, `tell` with what is being done; setting `stop` returns the best schedule so far.
    """

    engine: str = "auto"
    time_limit: float | None = None
    target_gap: float = 0.0
    workers: int = 2
    seed: int | None = None
    deterministic_limit: float | None = None
    listen: Callable[[Event], None] | None = None
    tell: Callable[[str], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solve gave. status: optimal, feasible, infeasible (proven) or not_found; schedule, costs, kpis: None
    without one.

    objective and bound: of the policy's first measure (money in hundredths, times in ticks). conflict: what together
    makes the scenario infeasible; missed: hard deadlines that the best schedule tried would break; failures: parts of
    the solve that failed on the way, a sentence each; stopped: whether `Options.stop` ended the search before its
    limit or a proof did.
    """

    scenario: Scenario
    status: str
    schedule: Schedule | None
    costs: Costs | None
    kpis: KPIs | None
    objective: int | None
    bound: int | None
    bound_source: str
    wall_seconds: float
    conflict: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    trace: tuple[Event, ...] = ()
    failures: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def gap(self) -> float | None:
        """(objective - bound) / objective; None while either is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return 0.0 if self.objective == 0 else (self.objective - self.bound) / abs(self.objective)


def solve(scenario: Scenario, options: Options | None = None, start: Schedule | None = None) -> Outcome:
    """Finds the best schedule of a scenario within the limits, and a bound.

    `start` is a schedule of the same scenario to begin with. Every schedule returned was accepted by the judge; one
    that is not is raised as InternalError. Raises InputError for an unknown engine.
    """
    options = options or Options()
    opened = time.monotonic()
    if options.engine not in ENGINES:
        raise InputError([Mistake(("engine",), f"unknown engine '{options.engine}'",
                                  "use one of " + ", ".join(ENGINES), place="--engine")])
    tell = options.tell or (lambda _: None)
    tell("preparing")
    plan = build(scenario)
    run = Run(scenario, plan, options)
    early = run.compile(tell)
    if early is not None and (final(early, options.target_gap) or options.stop.is_set()):
        result, problem = early, run.problem
    else:
        tell("solving")
        result, problem = run.solve(start, early)
    tell("checking")
    return outcome(scenario, plan, problem, result, options, time.monotonic() - opened)


def begun(problem: Problem, hint: Solution) -> Solution | None:
    """What a search may begin with: the hint itself where it breaks no rule, or the best schedule of the list behind
    it."""
    again = placed(problem, hint)
    if fault(Shop(problem), hint) or (again is not None and key_of(problem, again) <= key_of(problem, hint)):
        return again
    return hint


class Run:
    """One scenario's plan and problem, which may be solved again with other levels and budgets."""

    def __init__(self, scenario: Scenario, plan: Plan, options: Options) -> None:
        self.scenario, self.plan, self.options = scenario, plan, options
        self.problem = encode(scenario, plan)

    def limits(self, seconds: float | None = None) -> Limits:
        policy, options = self.scenario.policy, self.options
        given = seconds if seconds is not None else options.time_limit
        return Limits(seconds=given if given is not None else policy.time_limit / 1000,
                      deterministic=options.deterministic_limit, target_gap=options.target_gap,
                      seed=policy.seed if options.seed is None else options.seed, workers=max(1, options.workers))

    def compile(self, tell: Callable[[str], None]) -> Result | None:
        """Compiles the kernels that the search needs; what was found meanwhile, None where they were there."""
        options = self.options
        needed, channel = kinds(self.problem, options.engine), Channel(listen=options.listen, stop=options.stop)
        limits = dataclasses.replace(self.limits(), seconds=WAITED)
        early = first_run(self.problem, needed, limits, channel, options.engine == "auto", tell)
        if early is None or not (final(early, options.target_gap) or options.stop.is_set()):
            for kind in needed:
                compile_kernels(tell, kind)
        return early

    def solve(self, start: Schedule | None = None, early: Result | None = None) -> tuple[Result, Problem]:
        """Solves; where the calendars end too early for the schedule found, they are extended and it is solved
        again. early: what is known of the problem before."""
        limits, began = self.limits(), time.monotonic()
        if wrong := misfits(self.problem):
            return Result("infeasible", None, None, None, "windows", Conflict(operations=wrong)), self.problem
        if jobs := hopeless(self.problem):
            return Result("infeasible", None, None, None, "longest paths", Conflict(jobs=jobs[:1])), self.problem
        for _ in range(EXTENSIONS):
            channel = Channel(listen=self.options.listen, stop=self.options.stop)
            if early is not None:
                channel.know(early, FIRST_RUN)
            first = warm(self.problem, self.plan, self.scenario, start)
            if first is not None and self.problem.rules is not None:
                first = begun(self.problem, first)
            result = engine(self.options.engine).solve(self.problem, first, limits, channel)
            if result.status != "not_found" or result.solution is not None or self.options.stop.is_set():
                break
            if time.monotonic() - began > limits.seconds:
                break
            if self.fits(limits):
                break
            self.problem = encode(self.scenario, self.plan, self.horizon() * 2)
        return result, self.problem

    def fits(self, limits: Limits) -> bool:
        """Whether the work has room before the calendars end: dispatching places it, whatever deadlines it breaks."""
        if self.options.engine == "dispatch":
            return False
        channel = Channel(stop=self.options.stop)
        return engine("dispatch").solve(self.problem, None, limits, channel).solution is not None

    def horizon(self) -> int:
        """Tick up to which the calendars of the problem are expanded."""
        return horizon_of(self.problem) or 1


def outcome(scenario: Scenario, plan: Plan, problem: Problem, result: Result, options: Options,
            wall_seconds: float) -> Outcome:
    """Decodes, judges and evaluates an engine's result."""
    found = result.solution if result.status in ("optimal", "feasible") else None
    known = Outcome(scenario=scenario, status=result.status, schedule=None, costs=None, kpis=None, objective=None,
                    bound=_whole(result.bound), bound_source=result.bound_source, wall_seconds=wall_seconds,
                    trace=result.trace, failures=result.failures,
                    stopped=options.stop.is_set() and result.status not in ("optimal", "infeasible"))
    if found is None or result.objective is None:
        conflict = describe_conflict(scenario, plan, result.conflict.jobs, result.conflict.budgets,
                                     result.conflict.operations) if result.conflict else []
        return dataclasses.replace(known, conflict=tuple(conflict), missed=_missed(scenario, problem, result.solution))
    header = header_of(scenario, result, options, wall_seconds)
    schedule = decode(scenario, plan, problem, found, header)
    violations = validate(scenario, schedule)
    if violations:
        raise InternalError(f"our own schedule breaks {len(violations)} rules: {violations[0]}", violations)
    costs = costs_of(scenario, schedule)
    measured = measures(scenario, schedule, costs)
    expected = tuple(measured[level] for level in problem.levels)
    if expected != result.objective:
        raise InternalError(f"the engine's objective {result.objective} is not the evaluated one {expected}")
    return dataclasses.replace(known, schedule=schedule, costs=costs, kpis=kpis_of(scenario, schedule, costs),
                               objective=result.objective[0])


def _whole(bound: float | None) -> int | None:
    """A bound of whole units as a whole number."""
    return None if bound is None else math.ceil(bound)


def header_of(scenario: Scenario, result: Result, options: Options, wall_seconds: float) -> Header:
    levels = scenario.policy.levels
    values = result.objective or ()
    return Header(scenario=scenario.name, status=result.status, measure=levels[0],
                  objective=values[0] if values else None, bound=_whole(result.bound),
                  bound_source=result.bound_source, engine=options.engine,
                  seed=scenario.policy.seed if options.seed is None else options.seed,
                  wall_seconds=round(wall_seconds, 3),
                  trace=tuple((round(e.seconds, 3), e.objective, e.bound, e.source) for e in result.trace),
                  levels=tuple({"measure": m, "objective": v} for m, v in zip(levels, values)))


def _missed(scenario: Scenario, problem: Problem, solution: Solution | None) -> tuple[str, ...]:
    """One sentence for each hard deadline that the best schedule tried would break."""
    if solution is None:
        return ()
    orders, axis = scenario.orders, scenario.axis
    found = []
    for j in missed_deadlines(problem, solution):
        own = problem.account == j
        if problem.rules is not None:
            own = own & ~problem.rules.supply & (solution.mode >= 0)
        done = int(solution.end[own].max(initial=0))
        found.append(f"order {orders.id[j]} would be complete at {axis.text(done)}, "
                     f"after its deadline {axis.until(int(orders.deadline[j]))}")
    return tuple(found)


def with_policy(scenario: Scenario, **changes: object) -> Scenario:
    """The scenario with some fields of its policy replaced."""
    return dataclasses.replace(scenario, policy=scenario.policy.model_copy(update=changes))


__all__ = ["Event", "Options", "Outcome", "Run", "header_of", "outcome", "solve", "with_policy"]
