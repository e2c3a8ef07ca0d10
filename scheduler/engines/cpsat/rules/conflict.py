"""Which deadlines and budgets of a problem with rules cannot hold together: thinned by deletion, each step a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.engines.contract import Conflict, Limits
from scheduler.engines.cpsat.budget import Clock, Effort
from scheduler.engines.cpsat.rules.draft import Draft
from scheduler.engines.cpsat.rules.model import build
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.spans import spans
from scheduler.engines.cpsat.search import run
from scheduler.problem.problem import FAR, MEASURES, Solution

SHARE = 0.25
"""Part of the time left that one step may use."""
Item = tuple[str, int]
"""('job', j) for a deadline, ('budget', i) for a budget."""


class _Blind:
    """A model of which nobody reads the schedules."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.cp = draft.cp

    def read(self, _value: object) -> Solution:
        """Nothing."""
        none = np.zeros(0, dtype=np.int64)
        return Solution(none, none, none, none)


def explain(shop: Shop, limits: Limits, clock: Clock, stopped: Callable[[], bool]) -> Conflict:
    """A set that takes part in an infeasibility already proved, made smaller as far as time allows."""
    problem = shop.problem
    items: list[Item] = [("job", j) for j in np.flatnonzero(problem.deadline < FAR).tolist()]
    items += [("budget", i) for i in np.flatnonzero(problem.budgets < FAR).tolist()]
    if items and _impossible(shop, [], limits, clock, stopped):
        items = []
    step = max(1, len(items) // 2)
    while items and not clock.over() and not stopped():
        for i in range(0, len(items), step):
            rest = items[:i] + items[i + step:]
            if rest and _impossible(shop, rest, limits, clock, stopped):
                items = rest
                break
        else:
            if step == 1:
                break
            step //= 2
        step = max(1, min(step, len(items) // 2))
    return Conflict(tuple(j for kind, j in items if kind == "job"),
                    tuple(MEASURES[i] for kind, i in items if kind == "budget"))


def _impossible(shop: Shop, items: list[Item], limits: Limits, clock: Clock, stopped: Callable[[], bool]) -> bool:
    """Whether these deadlines and budgets are proven to exclude each other."""
    if clock.over() or stopped():
        return False
    problem = shop.problem
    deadline, budgets = np.full_like(problem.deadline, FAR), np.full_like(problem.budgets, FAR)
    for kind, i in items:
        if kind == "job":
            deadline[i] = problem.deadline[i]
        else:
            budgets[i] = problem.budgets[i]
    only = Shop(replace(problem, deadline=deadline, budgets=budgets, levels=("makespan",)))
    span = spans(only, only.caps())
    if not span.exact:
        return False
    draft = build(only, span, only.caps(), None, None, stopped)
    if draft.restricted or stopped():
        return False
    seconds, work = clock.share(SHARE)
    outcome = run(_Blind(draft), Effort(max(seconds, 0.1), work, 0.0, limits.seed, 1), stopped, lambda _: None,
                  lambda _: None)
    clock.spend(outcome.work)
    return outcome.status == "infeasible"
