"""The constraint model of a plain problem, level by level, with proof. Runs in the solver's own process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.budget import Clock, Effort
from scheduler.engines.cpsat.conflict import explain
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.model import build
from scheduler.engines.cpsat.progress import FOCUS, LEVEL_SHARE, Run, reached
from scheduler.engines.cpsat.search import run
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.problem import MEASURES, Problem, Solution

CORE = 0.35
"""Share of a level's time."""


@dataclass(eq=False, kw_only=True)
class _Run(Run):
    """A run with what is known about the plain problem."""

    facts: Facts


def solve_plain(problem: Problem, start: Solution | None, limits: Limits, channel: Channel,
                plain: bool = False) -> Result:
    """Minimises the levels of a problem without rules within the limits; as CpSatEngine.solve. plain: as in Effort."""
    facts = Facts(problem)
    clock = Clock(limits.seconds, limits.deterministic)
    run_ = _Run(problem, partial(fault, facts), limits, channel, clock, facts=facts, plain=plain)
    solved = run_.through_levels(start, lambda level: _solve_level(run_, level, start))
    return run_.concluded() if solved else _infeasible(run_)


def _infeasible(run_: _Run) -> Result:
    proven, conflict = explain(run_.facts, run_.limits, run_.clock, run_.channel.stop.is_set, run_.sound)
    return run_.result("infeasible", conflict) if proven else run_.result("not_found")


def _solve_level(run_: _Run, level: int, start: Solution | None) -> str:
    """Minimises one level with those before it held at their values; says how CP-SAT ended. With one worker a sum is
    first bounded term by term for a part of the time."""
    last = level == len(run_.problem.levels) - 1
    share = 1.0 if last else LEVEL_SHARE
    if run_.limits.workers == 1 and run_.problem.levels[level] != "makespan" and not run_.plain:
        status = _attempt(run_, level, start, share * CORE, core=True)
        if run_.ended() or status in ("optimal", "infeasible"):
            return status
        run_.proven.pop()
    return _attempt(run_, level, start, share)


def _attempt(run_: _Run, level: int, start: Solution | None, share: float, core: bool = False) -> str:
    """Minimises a level once, within this share of what is left."""
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
    seconds, work = run_.clock.share(share)
    gap = run_.limits.target_gap if level == 0 else 0.0
    effort = Effort(seconds, work, gap, run_.limits.seed, run_.limits.workers, run_.plain, core=core)

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
