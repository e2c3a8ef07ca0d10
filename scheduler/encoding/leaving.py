"""When lots really leave their resources: an engine may let one stand longer than the buffer behind it demands."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from scheduler.problem.problem import Problem, Solution
from scheduler.problem.ruled import extra_of, rules_of


def leaves(problem: Problem, solution: Solution) -> np.ndarray:
    """The earliest tick from its end on at which each operation's lot fits into its buffers until it is taken out, the
    other lots as they are, in the order in which they leave, [n]. A batch leaves as a whole."""
    rules, leave = rules_of(problem), extra_of(solution).leave.copy()
    target = np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))
    there = (solution.mode[problem.pred] >= 0) & (solution.mode[target] >= 0)
    group = rules.group[problem.mode_resource[solution.mode]]
    pool = np.where(there, rules.buffer[group[problem.pred], group[target]], -1)
    batch = extra_of(solution).batch
    group_of = np.where(batch >= 0, batch, np.arange(problem.operations)).tolist()
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    own: dict[int, list[int]] = defaultdict(list)
    members: dict[int, list[int]] = defaultdict(list)
    for o in np.flatnonzero(solution.mode >= 0).tolist():
        members[group_of[o]].append(o)
    for z in np.flatnonzero(pool >= 0).tolist():
        inside[int(pool[z])].append((int(problem.pred[z]), int(solution.start[target[z]])))
        own[group_of[int(problem.pred[z])]].append(int(pool[z]))
    for g in sorted(own, key=lambda g: (int(leave[g]), int(solution.end[g]))):
        now, end = int(leave[members[g]].max()), int(solution.end[members[g]].max())
        if now > end:
            leave[members[g]] = max(end, *(_room_from(
                [(int(leave[a]), until) for a, until in inside[p] if group_of[a] != g],
                _places(problem, p) - own[g].count(p), now) for p in set(own[g])))
    return leave


def _places(problem: Problem, pool: int) -> int:
    rules = rules_of(problem)
    return int(rules.pool_capacity[rules.pool_first[pool]])


def _room_from(others: list[tuple[int, int]], most: int, until: int) -> int:
    """The tick from which on, up to `until`, never more than `most` of the others are inside."""
    if most < 0:
        return until
    cuts = sorted({t for span in others for t in span if t < until}, reverse=True)
    later = until
    for t in cuts:
        if sum(a <= t < b for a, b in others) > most:
            return later
        later = t
    return 0
