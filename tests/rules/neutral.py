"""Rules that change nothing: every array of Rules with its neutral value, to be replaced where a test wants more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.problem.problem import FAR, Problem
from scheduler.problem.rules import Rules


def column(values: Any) -> np.ndarray:
    """A list as the Problem wants it."""
    return np.array(values, dtype=np.int64)


def rules_for(problem: Problem, **changes: Any) -> Rules:
    """Rules under which `problem` is what it is without any; `changes` replaces fields (lists become columns)."""
    n, m, a = problem.operations, len(problem.mode_resource), len(problem.pred)
    r, w, s = problem.resources, len(problem.window_start), int(problem.states.sum())

    def full(size: int, value: int) -> np.ndarray:
        return np.full(size, value, dtype=np.int64)

    calendar = problem.calendar[problem.mode_resource]
    none = full(0, 0)
    neutral = _fields(
        now=0, pace=1, pool_first=column([0]), pool_time=none, pool_capacity=none,
        mode_calendar=calendar, mode_setup_calendar=calendar, mode_pause=np.zeros(m, dtype=bool),
        mode_load=full(m, 0), mode_unload=full(m, 0), mode_term=full(m, 0), mode_shared=full(m, 0),
        batch_class=full(m, -1), need_first=full(m + 1, 0), need_pool=none, need_quantity=none, need_phase=none,
        window_rate=full(w, 1), overtime_first=full(w + 1, 0), overtime_id=none, overtime_cost=none,
        arc_min=full(a, 0), arc_max=full(a, int(FAR)), head_first=full(a + 1, 0), head=none, tail_first=full(a + 1, 0),
        tail=none, branch=full(n, -1), branch_choice=none, batch_places=full(n, 1), latest_end=full(n, int(FAR)),
        supply=np.zeros(n, dtype=bool), fact=np.zeros(n, dtype=bool), fixed_end=full(n, -1), ref_start=full(n, -1),
        ref_resource=full(n, -1), refuse_cost=full(problem.jobs, int(FAR)), unlimited=np.zeros(r, dtype=bool),
        group=full(r, 0), batch_capacity=full(r, 0), buffer=np.full((1, 1), -1, dtype=np.int64),
        state_first=column([0, *np.cumsum(problem.states)]), campaign=full(s, 0), module_first=full(s + 1, 0),
        module_pool=none, hold_pool=none, hold_quantity=none, hold_from=none, hold_to=none, link_kind=none,
        link_a=none, link_b=none)
    given = {name: np.array(v, dtype=neutral[name].dtype) if isinstance(neutral.get(name), np.ndarray) else v
             for name, v in changes.items()}
    return Rules(**{**neutral, **given})


def ruled(problem: Problem, **changes: Any) -> Problem:
    """The problem with neutral rules, some of their fields replaced."""
    return replace(problem, rules=rules_for(problem, **changes))


def _fields(**given: Any) -> dict[str, Any]:
    return given
