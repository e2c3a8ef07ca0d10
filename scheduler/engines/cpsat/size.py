"""How large a model would be, before it is built."""

from __future__ import annotations

import numpy as np

from scheduler.engines.cpsat.rules import size as with_rules
from scheduler.problem.problem import Problem

MOST = 400_000
"""Arcs and intervals beyond which no model is built."""
PER_SECOND = 5_000
"""Arcs and intervals that a second of the time limit can carry."""


def model_size(problem: Problem) -> int:
    """Arcs between modes on resources with setups, plus intervals (one per mode). An upper estimate: nothing is
    pruned yet."""
    if problem.rules is not None:
        return with_rules.model_size(problem)
    count = np.bincount(problem.mode_resource, minlength=problem.resources)
    arcs = 0
    for r in range(problem.resources):
        a, b = int(problem.setup_first[r]), int(problem.setup_first[r]) + int(problem.states[r]) ** 2
        if problem.setup_time[a:b].any() or problem.setup_cost[a:b].any():
            arcs += int(count[r]) ** 2 + 2 * int(count[r])
    return arcs + len(problem.mode_resource)


def too_large(problem: Problem, seconds: float) -> bool:
    """Whether building the model would take most of the time, or all of the memory."""
    if problem.rules is not None:
        return with_rules.too_large(problem, seconds)
    return model_size(problem) > min(MOST, PER_SECOND * max(1.0, seconds))
