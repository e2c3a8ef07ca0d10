"""The CP-SAT engine: the whole problem as one constraint model, level by level, with proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from scheduler.engines.contract import Channel, Conflict, Event, Limits, Result, Status
from scheduler.engines.cpsat.conflict import explain
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import floors
from scheduler.engines.cpsat.model import build
from scheduler.engines.cpsat.search import Clock, Effort, run
from scheduler.engines.cpsat.size import model_size, too_large
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.bounds import trivial_bound
from scheduler.problem.evaluate import objective
from scheduler.problem.problem import MEASURES, Problem, Solution

LEVEL_SHARE = 0.7
"""Part of what is left that a level may use while others follow."""
FOCUS = 1.25
"""Where nothing can be proved, schedules up to this many times as long as the best one are looked at."""
NAME = "cpsat"


@dataclass(eq=False)
class _Run:
    """What one call of solve knows so far."""

    facts: Facts
    limits: Limits
    channel: Channel
    clock: Clock
    best: Solution | None = None
    value: tuple[int, ...] | None = None
    bound: float = 0.0
    bound_source: str = "trivial"
    proven: list[bool] = field(default_factory=list)
    sound: bool = False
    """Whether the last model's horizon cuts off nothing."""

    def take(self, solution: Solution, source: str = NAME) -> None:
        """Takes a solution of the model if it holds and is better; a wrong one is traced and dropped."""
        if wrong := fault(self.facts, solution):
            self.channel.trace.append(Event(self.channel.seconds(), None, None, f"{source}: dropped, {wrong}"))
            return
        value = objective(self.facts.problem, solution)
        if self.value is None or value < self.value:
            self.best, self.value = solution, value
            self.channel.offer(solution, value, source)

    def take_bound(self, bound: float, source: str = NAME) -> None:
        """Takes a valid bound of the first level (whole units) if it is better."""
        whole = ceil(bound - 1e-6)
        if self.value is not None:
            whole = min(whole, self.value[0])
        if whole > self.bound or self.bound_source == "":
            self.bound, self.bound_source = whole, source
            self.channel.offer_bound(whole, source)

    def stopped(self) -> bool:
        """Whether somebody asks to end: the stop event, or (unless work must repeat exactly) a gap closed by others."""
        if self.channel.stop.is_set():
            return True
        gap = None if self.limits.deterministic is not None else self.channel.gap()
        return gap is not None and len(self.facts.problem.levels) == 1 and gap <= self.limits.target_gap

    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self.stopped() or self.clock.over()

    def result(self, status: Status, conflict: Conflict | None = None) -> Result:
        return Result(
            status, self.best, self.value, self.bound, self.bound_source, conflict, (), tuple(self.channel.trace)
        )


class CpSatEngine:
    """Complete constraint model: optional intervals per mode, a circuit of configurations per resource, calendars,
    transport, exact integer objective. Anytime; proves optimality and infeasibility over a horizon that cuts off
    nothing better.

    Sources: Laborie, Rogerie, Shaw, Vilim 2018 (optional intervals); OR-Tools CP-SAT.
    """

    name = NAME

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        """Minimises the problem's levels within the limits. Never worse than a feasible start; a start that is not
        feasible (a deadline broken) still serves as a hint. Beyond `size.MOST` arcs and intervals only the start and
        a trivial bound return."""
        run_ = _Run(Facts(problem), limits, channel, Clock(limits.seconds, limits.deterministic), bound_source="")
        run_.take_bound(_trivial(run_.facts), "trivial")
        if start is not None and not fault(run_.facts, start):
            run_.take(start, "start")
        if too_large(problem, limits.seconds):
            run_.bound_source = f"trivial (no model: {model_size(problem)} arcs and intervals)"
            return run_.result("feasible" if run_.best is not None else "not_found")
        for level in range(len(problem.levels)):
            if run_.ended():
                run_.proven.append(_reached(run_, level, None))
                break
            if _solve_level(run_, level, start) == "infeasible":
                return _infeasible(run_)
        if run_.best is None:
            return run_.result("not_found")
        optimal = len(run_.proven) == len(problem.levels) and all(run_.proven)
        return run_.result("optimal" if optimal else "feasible")


def _trivial(facts: Facts) -> int:
    """The better of the cheap bounds of the first level."""
    problem = facts.problem
    known = trivial_bound(problem)
    if problem.levels[0] != "money" or any(end >= NEVER for end in facts.head_end):
        return known
    return max(known, floors(facts).money)


def _infeasible(run_: _Run) -> Result:
    proven, conflict = explain(run_.facts, run_.limits, run_.clock, run_.channel.stop.is_set, run_.sound)
    return run_.result("infeasible", conflict) if proven else run_.result("not_found")


def _solve_level(run_: _Run, level: int, start: Solution | None) -> str:
    """Minimises one level with those before it held at their values; says how CP-SAT ended."""
    facts, problem = run_.facts, run_.facts.problem
    measure = problem.levels[level]
    limits, caps = facts.caps(), facts.caps()
    if run_.value is not None:
        for k in range(level + 1):
            i = MEASURES.index(problem.levels[k])
            caps[i] = min(caps[i], run_.value[k])
            if k < level:
                limits[i] = caps[i]
    focus = NEVER if run_.best is None else int(run_.best.end.max(initial=0) * FOCUS)
    span = spans(facts, caps, facts.money_counts(), focus)
    run_.sound = span.exact
    draft = build(facts, span, limits, measure, run_.best or start, stopped=run_.ended)
    if run_.ended():
        run_.proven.append(_reached(run_, level, None))
        return "unknown"
    last = level == len(problem.levels) - 1
    seconds, work = run_.clock.share(1.0 if last else LEVEL_SHARE)
    effort = Effort(seconds, work, run_.limits.target_gap if level == 0 else 0.0, run_.limits.seed, run_.limits.workers)

    def bound(value: float) -> None:
        if level == 0 and span.exact:
            run_.take_bound(value)

    outcome = run(draft, effort, run_.stopped, run_.take, bound)
    run_.clock.spend(outcome.work)
    if outcome.status == "infeasible" and run_.best is None:
        return "infeasible"
    if outcome.bound is not None:
        bound(outcome.bound)
    run_.proven.append(_reached(run_, level, outcome.bound if span.exact else None))
    return outcome.status


def _reached(run_: _Run, level: int, bound: float | None) -> bool:
    """Whether no schedule is better at this level: by this model's bound, at the first level by any bound we have."""
    if run_.value is None:
        return False
    if level == 0 and run_.bound >= run_.value[0]:
        return True
    return bound is not None and ceil(bound - 1e-6) >= run_.value[level]
