"""The constraint model of problems with rules, level by level, with proof where the model is exact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ortools.sat.python import cp_model

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.budget import Clock, Effort
from scheduler.engines.cpsat.progress import FOCUS, LEVEL_SHARE, Run, reached
from scheduler.engines.cpsat.rules.conflict import explain
from scheduler.engines.cpsat.rules.draft import Draft
from scheduler.engines.cpsat.rules.model import build, complete_hint
from scheduler.engines.cpsat.rules.read import read
from scheduler.engines.cpsat.rules.shop import NEVER, Shop
from scheduler.engines.cpsat.rules.spans import Spans, spans
from scheduler.engines.cpsat.rules.verify import fault
from scheduler.engines.cpsat.search import Outcome, run
from scheduler.problem.problem import MEASURES, Problem, Solution

HINT_SHARE = 0.15
"""Part of the time left that completing a hint may use."""
HINT_SECONDS = 10.0
"""Most of it."""


@dataclass(frozen=True)
class Ready:
    """A finished model."""

    draft: Draft

    @property
    def cp(self) -> cp_model.CpModel:
        """The model."""
        return self.draft.cp

    def read(self, value: Any) -> Solution:
        """The schedule in a solution."""
        return read(self.draft, value)


@dataclass(eq=False, kw_only=True)
class _Run(Run):
    """A run with what is known about the problem with rules."""

    shop: Shop


def solve_with_rules(problem: Problem, start: Solution | None, limits: Limits, channel: Channel,
                     plain: bool = False) -> Result:
    """Minimises the levels of a problem with rules within the limits; as CpSatEngine.solve. plain: as in Effort."""
    shop = Shop(problem)
    clock = Clock(limits.seconds, limits.deterministic)
    run_ = _Run(problem, partial(fault, shop), limits, channel, clock, shop=shop, plain=plain)
    solved = run_.through_levels(start, lambda level: _solve_level(run_, level, start))
    return run_.concluded() if solved else _infeasible(run_)


def _infeasible(run_: _Run) -> Result:
    if not run_.sound:
        return run_.result("not_found")
    return run_.result("infeasible", explain(run_.shop, run_.limits, run_.clock, run_.channel.stop.is_set))


def _solve_level(run_: _Run, level: int, start: Solution | None) -> str:
    """Minimises one level with those before it held at their values; says how CP-SAT ended.

    Where nothing was known before, the first schedule may bound the horizon: then the level is solved once more.
    """
    outcome, exact = _attempt(run_, level, start)
    if outcome is None:
        run_.proven.append(reached(run_, level, None))
        return "unknown"
    if not exact and outcome.status == "optimal" and not run_.ended() and spans(
            run_.shop, _caps(run_, level)[1]).exact:
        outcome, exact = _attempt(run_, level, start)
    if outcome is None:
        run_.proven.append(reached(run_, level, None))
        return "unknown"
    if outcome.status == "infeasible" and run_.best is None:
        run_.sound = exact
        return "infeasible"
    run_.proven.append(reached(run_, level, outcome.bound if exact else None))
    return outcome.status


def _caps(run_: _Run, level: int) -> tuple[list[int], list[int]]:
    """(limits of the model, what every schedule of interest keeps): per measure."""
    limits, caps = run_.shop.caps(), run_.shop.caps()
    if run_.value is not None:
        for k in range(level + 1):
            i = MEASURES.index(run_.problem.levels[k])
            caps[i] = min(caps[i], run_.value[k])
            if k < level:
                limits[i] = caps[i]
    return limits, caps


def _attempt(run_: _Run, level: int, start: Solution | None) -> tuple[Outcome | None, bool]:
    """(how CP-SAT ended, whether the model was exact); None where time was over before it began."""
    limits, caps = _caps(run_, level)
    focus = NEVER if run_.best is None else int(run_.best.end.max(initial=0) * FOCUS) + 1
    span: Spans = spans(run_.shop, caps, focus)
    draft = build(run_.shop, span, limits, run_.problem.levels[level], run_.best or start, run_.ended)
    if run_.ended():
        return None, False
    exact = span.exact and not draft.restricted
    complete_hint(draft, min(HINT_SECONDS, max(0.1, run_.clock.share(HINT_SHARE)[0])))
    last = level == len(run_.problem.levels) - 1
    seconds, work = run_.clock.share(1.0 if last else LEVEL_SHARE)
    gap = run_.limits.target_gap if level == 0 else 0.0
    effort = Effort(seconds, work, gap, run_.limits.seed, run_.limits.workers, run_.plain,
                    core=run_.problem.levels[level] != "makespan")

    def bound(value: float) -> None:
        if level == 0 and exact:
            run_.take_bound(value)

    outcome = run(Ready(draft), effort, run_.stopped, run_.take, bound)
    run_.clock.spend(outcome.work)
    if outcome.bound is not None:
        bound(outcome.bound)
    return outcome, exact
