"""Lower bounds that hold for every schedule and cost next to nothing."""

from __future__ import annotations

import numpy as np

from scheduler.problem.problem import FAR, MICRO, Problem
from scheduler.problem.timing import arrays, place


def cheapest_modes(problem: Problem) -> np.ndarray:
    """Least mode cost of each operation, micros, [n]."""
    return np.minimum.reduceat(problem.mode_cost, problem.mode_first[:-1])


def heads(problem: Problem) -> np.ndarray:
    """Earliest end of each operation if no resource were ever busy, ticks, [n]: longest paths with calendars and the least transport."""
    k = arrays(problem)
    n = problem.operations
    end = np.zeros(n, dtype=np.int64)
    degree = np.diff(problem.pred_first).copy()
    ready = list(np.flatnonzero(degree == 0))
    away = bool(problem.transport.any())
    while ready:
        o = int(ready.pop())
        best = int(FAR)
        for m in range(problem.mode_first[o], problem.mode_first[o + 1]):
            r = problem.mode_resource[m]
            t = int(problem.release[o])
            for p in problem.pred[problem.pred_first[o]:problem.pred_first[o + 1]]:
                lag = 0
                if away:
                    from_ = problem.location[problem.mode_resource[problem.mode_first[p]:problem.mode_first[p + 1]]]
                    lag = int(problem.transport[from_, problem.location[r]].min())
                t = max(t, int(end[p]) + lag)
            start, _ = place(k, problem.calendar[r], t, 0, problem.mode_duration[m])
            best = min(best, int(start) + int(problem.mode_duration[m]))
        end[o] = best
        for s in problem.succ[problem.succ_first[o]:problem.succ_first[o + 1]]:
            degree[s] -= 1
            if degree[s] == 0:
                ready.append(s)
    return end


def trivial_bound(problem: Problem, measure: str | None = None) -> int:
    """A bound of the first level (or of `measure`): cheapest modes, materials, and the lateness no resource could avoid.

    money: per account the rounded sum of cheapest modes, fixed costs and the lateness of the earliest possible
    delivery; makespan: the larger of the longest path and the load of resources that share all their operations.
    """
    measure = measure or problem.levels[0]
    end = heads(problem)
    completion = np.where(np.bincount(problem.account, minlength=problem.accounts)[: problem.jobs] > 0, 0,
                          problem.job_release)
    own = problem.account < problem.jobs
    np.maximum.at(completion, problem.account[own], end[own])
    delivery = np.where(problem.early | (problem.due >= FAR), completion, np.maximum(completion, problem.due))
    late = np.where(problem.due < FAR, np.maximum(0, delivery - problem.due), 0)
    if measure == "makespan":
        return max(int(end.max(initial=0)), _load_bound(problem))
    if measure == "weighted_tardiness":
        return int((problem.weight * late).sum())
    if measure == "lead_time":
        return int((problem.weight * (delivery - problem.job_release)).sum())
    micros = np.zeros((problem.accounts, 3), dtype=np.int64)
    np.add.at(micros[:, 0], problem.account, cheapest_modes(problem))
    micros[:, 1] = problem.fixed_cost
    micros[: problem.jobs, 2] = problem.late_rate * late
    rounded = (micros + MICRO // 2) // MICRO
    return int((rounded @ problem.weights[[0, 1, 3]]).sum())


def _load_bound(problem: Problem) -> int:
    """Least makespan by load: all operations shortest, spread evenly over all resources from the earliest release."""
    if not problem.operations:
        return 0
    shortest = np.minimum.reduceat(problem.mode_duration, problem.mode_first[:-1])
    best = -(-int(shortest.sum()) // problem.resources)
    single = np.diff(problem.mode_first) == 1
    if single.any():
        resource = problem.mode_resource[problem.mode_first[:-1][single]]
        load = np.bincount(resource, weights=shortest[single], minlength=problem.resources)
        best = max(best, int(load.max()))
    return best
