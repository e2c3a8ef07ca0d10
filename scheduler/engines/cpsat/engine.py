"""The CP-SAT engine: the whole problem as one constraint model, level by level, with proof."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.conflict import explain
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import floors
from scheduler.engines.cpsat.model import build
from scheduler.engines.cpsat.progress import FOCUS, LEVEL_SHARE, NAME, Run, reached
from scheduler.engines.cpsat.rules.engine import solve_with_rules
from scheduler.engines.cpsat.search import Clock, Effort, run
from scheduler.engines.cpsat.size import model_size, too_large
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.bounds import trivial_bound
from scheduler.problem.problem import MEASURES, Problem, Solution


@dataclass(eq=False, kw_only=True)
class _Run(Run):
    """A run with what is known about the plain problem."""

    facts: Facts


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
        if problem.rules is not None:
            return solve_with_rules(problem, start, limits, channel)
        facts = Facts(problem)
        clock = Clock(limits.seconds, limits.deterministic)
        run_ = _Run(problem, partial(fault, facts), limits, channel, clock, bound_source="", facts=facts)
        run_.take_bound(_trivial(run_.facts), "trivial")
        if start is not None and not fault(run_.facts, start):
            run_.take(start, "start")
        if too_large(problem, limits.seconds):
            run_.bound_source = f"trivial (no model: {model_size(problem)} arcs and intervals)"
            return run_.result("feasible" if run_.best is not None else "not_found")
        for level in range(len(problem.levels)):
            if run_.ended():
                run_.proven.append(reached(run_, level, None))
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
        run_.proven.append(reached(run_, level, None))
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
    run_.proven.append(reached(run_, level, outcome.bound if span.exact else None))
    return outcome.status
