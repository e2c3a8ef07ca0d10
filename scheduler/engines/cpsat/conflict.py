"""Why nothing is feasible: a small set of deadlines and budgets that cannot hold together.

First every deadline and budget hangs on an assumption, and CP-SAT returns a sufficient set of them. Then the set is
thinned by deletion (Chinneck, Dravnieks 1991): what it can do without, one by one, goes. Each step is a proof over a
sound horizon or changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.engines.contract import Conflict, Limits
from scheduler.engines.cpsat.budget import Clock, Effort
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.model import build
from scheduler.engines.cpsat.search import run
from scheduler.engines.cpsat.spans import spans
from scheduler.problem.problem import FAR, MEASURES

SHARE = 0.25
"""Part of the time left that one step may use."""
Item = tuple[str, int]
"""('job', j) for a deadline, ('budget', i) for a budget."""


def explain(
    facts: Facts, limits: Limits, clock: Clock, stopped: Callable[[], bool], proven: bool
) -> tuple[bool, Conflict]:
    """(whether infeasibility is proven, the set that takes part), within what is left on the clock. proven: it
    already is."""
    problem = facts.problem
    items: list[Item] = [("job", j) for j in np.flatnonzero(problem.deadline < FAR).tolist()]
    items += [("budget", i) for i in np.flatnonzero(problem.budgets < FAR).tolist()]
    if not _impossible(facts, items, limits, clock, stopped, part=0.5) and not proven:
        return False, Conflict()
    core = _assumed(facts, items, limits, clock, stopped)
    if core is not None and (not core or _impossible(facts, core, limits, clock, stopped)):
        items = core
    if items and _impossible(facts, [], limits, clock, stopped):
        items = []
    step = max(1, len(items) // 2)
    while items and not clock.over() and not stopped():
        for i in range(0, len(items), step):
            rest = items[:i] + items[i + step :]
            if rest and _impossible(facts, rest, limits, clock, stopped):
                items = rest
                break
        else:
            if step == 1:
                break
            step //= 2
        step = max(1, min(step, len(items) // 2))
    jobs = tuple(j for kind, j in items if kind == "job")
    return True, Conflict(jobs, tuple(MEASURES[i] for kind, i in items if kind == "budget"))


def _only(facts: Facts, items: list[Item]) -> Facts:
    """The problem with only these deadlines and budgets, and no other objective."""
    problem = facts.problem
    deadline, budgets = np.full_like(problem.deadline, FAR), np.full_like(problem.budgets, FAR)
    for kind, i in items:
        if kind == "job":
            deadline[i] = problem.deadline[i]
        else:
            budgets[i] = problem.budgets[i]
    return Facts(replace(problem, deadline=deadline, budgets=budgets, levels=("makespan",)))


def _effort(limits: Limits, clock: Clock, part: float) -> Effort:
    seconds, work = clock.share(part)
    return Effort(max(seconds, 0.1), work, 0.0, limits.seed, 1)


def _impossible(
    facts: Facts, items: list[Item], limits: Limits, clock: Clock, stopped: Callable[[], bool], part: float = SHARE
) -> bool:
    """Whether these deadlines and budgets are proven to exclude each other."""
    if clock.over() and part == SHARE:
        return False
    only = _only(facts, items)
    span = spans(only, only.caps(), int(only.problem.budgets[0]) < NEVER)
    if not span.exact:
        return False
    if not all(span.live):
        return True
    draft = build(only, span, only.caps(), None, None)
    outcome = run(draft, _effort(limits, clock, part), stopped, lambda _: None, lambda _: None)
    clock.spend(outcome.work)
    return outcome.status == "infeasible"


def _assumed(
    facts: Facts, items: list[Item], limits: Limits, clock: Clock, stopped: Callable[[], bool]
) -> list[Item] | None:
    """A sufficient set by assumptions, None where none is found in time. The caller proves it again."""
    free = _only(facts, [])
    span = spans(free, free.caps(), False)
    if clock.over() or not all(span.live):
        return None
    limited = tuple(m for m, cap in zip(MEASURES, facts.caps()) if cap < NEVER)
    draft = build(free, span, free.caps(), None, None, limited)
    literals = {}
    for kind, i in items:
        literal = draft.cp.new_bool_var("")
        literals[literal.index] = (kind, i)
        if kind == "job":
            for o in np.flatnonzero(facts.problem.account == i).tolist():
                draft.cp.add(draft.end[o] <= int(facts.problem.deadline[i])).only_enforce_if(literal)
        else:
            draft.cp.add(draft.measures[MEASURES[i]] <= facts.caps()[i]).only_enforce_if(literal)
        draft.cp.add_assumption(literal)
    outcome = run(draft, _effort(limits, clock, SHARE), stopped, lambda _: None, lambda _: None)
    clock.spend(outcome.work)
    if outcome.status != "infeasible" or not literals.keys() >= set(outcome.assumptions):
        # after presolve CP-SAT 9.15 now and then names a literal that is no assumption: such a set says nothing
        return None
    return [literals[i] for i in outcome.assumptions]
