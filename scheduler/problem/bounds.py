"""Lower bounds that hold for every schedule and cost next to nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scheduler.problem import ruled_bounds
from scheduler.problem.problem import FAR, MICRO, Problem
from scheduler.problem.timing import arrays, place


def cheapest_modes(problem: Problem) -> np.ndarray:
    """Least mode cost of each operation, micros, [n]."""
    return np.minimum.reduceat(problem.mode_cost, problem.mode_first[:-1])


def heads(problem: Problem) -> np.ndarray:
    """Earliest end of each operation if no resource were ever busy, ticks, [n]: longest paths with calendars and
    the least transport."""
    end = np.zeros(problem.operations, dtype=np.int64)
    if problem.operations:
        _heads(arrays(problem), end)
    return end


@njit(cache=True, nogil=True)
def _heads(k: Any, end: Any) -> None:
    n = len(end)
    degree = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    tail = 0
    for o in range(n):
        degree[o] = k.pred_first[o + 1] - k.pred_first[o]
        if degree[o] == 0:
            order[tail] = o
            tail += 1
    for head in range(n):
        o = order[head]
        best = FAR
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            r = k.mode_resource[m]
            t = k.release[o]
            for z in range(k.pred_first[o], k.pred_first[o + 1]):
                p = k.pred[z]
                lag = FAR
                for x in range(k.mode_first[p], k.mode_first[p + 1]):
                    lag = min(lag, k.transport[k.location[k.mode_resource[x]], k.location[r]])
                t = max(t, end[p] + lag)
            start, _ = place(k, k.calendar[r], t, 0, k.mode_duration[m])
            best = min(best, start + k.mode_duration[m])
        end[o] = best
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            s = k.succ[z]
            degree[s] -= 1
            if degree[s] == 0:
                order[tail] = s
                tail += 1


def misfits(problem: Problem) -> tuple[int, ...]:
    """Operations that fit no window of any resource that can run them, however long one waits: each alone is a proof.

    Longest windows are those of the expanded calendars, which cover at least some weeks.
    """
    if problem.rules is not None:
        return ruled_bounds.misfits(problem)
    if not problem.operations:
        return ()
    longest = np.zeros(len(problem.window_first) - 1, dtype=np.int64)
    owner = np.repeat(np.arange(len(longest)), np.diff(problem.window_first))
    np.maximum.at(longest, owner, problem.window_end - problem.window_start)
    fits = problem.mode_duration <= longest[problem.calendar[problem.mode_resource]]
    return tuple(int(o) for o in np.flatnonzero(~np.logical_or.reduceat(fits, problem.mode_first[:-1])))


def hopeless(problem: Problem) -> tuple[int, ...]:
    """Jobs whose hard deadline no schedule can meet, even if no resource were ever busy: each alone is a proof."""
    if not (problem.deadline < FAR).any():
        return ()
    if problem.rules is not None:
        return ruled_bounds.hopeless(problem)
    own = problem.account < problem.jobs
    end = heads(problem)
    earliest = np.zeros(problem.jobs, dtype=np.int64)
    np.maximum.at(earliest, problem.account[own], np.where(end < FAR, end, 0)[own])
    return tuple(int(j) for j in np.flatnonzero(earliest > problem.deadline))


def trivial_bound(problem: Problem, measure: str | None = None) -> int:
    """A bound of the first level (or of `measure`): cheapest modes, materials, and the lateness no resource could
    avoid.

    money: per account the rounded sum of cheapest modes, fixed costs and the lateness of the earliest possible
    delivery; makespan: the larger of the longest path and the load of resources that share all their operations.
    """
    measure = measure or problem.levels[0]
    if problem.rules is not None:
        return ruled_bounds.trivial_bound(problem, measure)
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


def trivial_source(problem: Problem) -> str:
    """What to call the trivial bound of the first level where it is shown."""
    return "longest paths and loads" if problem.levels[0] == "makespan" else "cheapest modes"


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
