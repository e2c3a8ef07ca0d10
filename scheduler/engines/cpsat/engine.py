"""The CP-SAT engine: the whole problem as one constraint model, level by level, with proof."""

from __future__ import annotations

from functools import partial
from typing import Literal

from scheduler.engines.contract import Channel, CrashError, Limits, Result
from scheduler.engines.cpsat.asking import ask
from scheduler.engines.cpsat.budget import Clock
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import floors
from scheduler.engines.cpsat.progress import NAME, Run
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.spans import floor
from scheduler.engines.cpsat.rules.verify import fault as fault_with_rules
from scheduler.engines.cpsat.size import model_size, too_large
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.bounds import trivial_bound, trivial_source
from scheduler.problem.problem import Problem, Solution


class CpSatEngine:
    """Complete constraint model: optional intervals per mode, a circuit of configurations per resource, calendars,
    transport, exact integer objective. Anytime; proves optimality and infeasibility over a horizon that cuts off
    nothing better.

    CP-SAT runs in a process of its own, which may crash: what it found until then is kept, a second one tries with
    plainer parameters, and after that there is none. Every schedule it sends is checked here against the problem.

    Sources: Laborie, Rogerie, Shaw, Vilim 2018 (optional intervals); OR-Tools CP-SAT.
    """

    name = NAME
    what: Literal["levels", "neighbourhoods"] = "levels"

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        """Minimises the problem's levels within the limits. Never worse than a feasible start; a start that is not
        feasible (a deadline broken) still serves as a hint. Beyond `size.MOST` arcs and intervals only the start and
        a trivial bound return. Raises InternalError where our own code fails."""
        run_ = _begun(problem, limits, channel)
        if start is not None and not run_.fault(start):
            run_.take(start, "start")
        if self.what == "levels" and too_large(problem, limits.seconds):
            run_.bound_source = f"{run_.bound_source} (no model: {model_size(problem)} arcs and intervals)".strip()
            return run_.concluded()
        for plain in (False, True):
            if run_.ended():
                break
            try:
                return trusted(run_, ask(run_, self.what, run_.best or start, plain))
            except CrashError as crash:
                channel.fail(self.name, crash)
        return run_.concluded()


class NeighbourhoodEngine(CpSatEngine):
    """Neighbourhoods of the best schedule, one after the other, searched by CP-SAT (see improve.py). Needs a start;
    claims no bound of its own."""

    name = "neighbourhoods"
    what = "neighbourhoods"


def _begun(problem: Problem, limits: Limits, channel: Channel) -> Run:
    """A run with the bound that is known without search."""
    clock = Clock(limits.seconds, limits.deterministic)
    if problem.rules is not None:
        shop = Shop(problem)
        run_ = Run(problem, partial(fault_with_rules, shop), limits, channel, clock)
        run_.take_bound(floor(shop, problem.levels[0]), trivial_source(problem))
        return run_
    facts = Facts(problem)
    run_ = Run(problem, partial(fault, facts), limits, channel, clock)
    run_.take_bound(_trivial(facts), trivial_source(problem))
    return run_


def _trivial(facts: Facts) -> int:
    """The better of the cheap bounds of the first level."""
    problem = facts.problem
    known = trivial_bound(problem)
    if problem.levels[0] != "money" or any(end >= NEVER for end in facts.head_end):
        return known
    return max(known, floors(facts).money)


def trusted(run_: Run, given: Result) -> Result:
    """The result with the schedule that was checked here; what was proved counts only with it."""
    if given.status == "infeasible" and (run_.best is not None or run_.channel.known()[0] is not None):
        run_.channel.fail(NAME, CrashError("it claims that there is no schedule, although one is known"))
        return run_.concluded()
    if given.status == "infeasible":
        return run_.result("infeasible", given.conflict)
    if given.solution is not None:
        run_.take(given.solution)  # not sent before where others had one as good
    if run_.best is None:
        return run_.result("not_found")
    return run_.result("optimal" if given.status == "optimal" and given.objective == run_.value else "feasible")
