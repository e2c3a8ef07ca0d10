"""How large the model of a problem with rules would be, before it is built."""

from __future__ import annotations

import numpy as np

from scheduler.problem.problem import Problem

MOST = 400_000
"""Literals and intervals beyond which no model is built."""
PER_SECOND = 4_000
"""Literals and intervals that a second of the time limit can carry."""


def model_size(problem: Problem) -> int:
    """An upper estimate of arcs in circuits, pairs in batches, and intervals of modes, needs and arcs."""
    rules = problem.rules
    assert rules is not None
    count = np.bincount(problem.mode_resource, minlength=problem.resources)
    total = 2 * len(problem.mode_resource) + 3 * len(problem.pred)
    for r in range(problem.resources):
        if rules.unlimited[r]:
            continue
        a, b = int(problem.setup_first[r]), int(problem.setup_first[r]) + int(problem.states[r]) ** 2
        s, t = int(rules.state_first[r]), int(rules.state_first[r + 1])
        modules = rules.module_first[t] > rules.module_first[s]
        if problem.setup_time[a:b].any() or problem.setup_cost[a:b].any() or modules or rules.campaign[s:t].any():
            total += int(count[r]) ** 2 + 2 * int(count[r])
        if rules.batch_capacity[r] > 0:
            classes = rules.batch_class[(problem.mode_resource == r) & (rules.batch_class >= 0)]
            total += int((np.unique(classes, return_counts=True)[1] ** 2).sum())
    needs, windows = np.diff(rules.need_first), np.diff(problem.window_first)
    parts = np.where(rules.mode_pause, windows[rules.mode_calendar] if len(windows) else 0, 1)
    return total + int((needs * np.minimum(parts, 200)).sum())


def too_large(problem: Problem, seconds: float) -> bool:
    """Whether building the model would take most of the time, or all of the memory."""
    return model_size(problem) > min(MOST, PER_SECOND * max(1.0, seconds))
