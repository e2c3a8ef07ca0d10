"""Exact values of a solution, to the last unit, and the delay that holding costs ask for."""

from __future__ import annotations

import numpy as np

from scheduler.problem import ruled
from scheduler.problem.problem import FAR, MEASURES, MICRO, TERMS, Problem, Solution
from scheduler.problem.timing import arrays, delay, semi_active, sequences


def deliveries(problem: Problem, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(completion, delivery, first start) of each job in ticks, [J]; a job without operations completes at its
    release."""
    own = problem.account < problem.jobs
    job = problem.account[own]
    completion = np.full(problem.jobs, -1, dtype=np.int64)
    first = np.full(problem.jobs, FAR, dtype=np.int64)
    np.maximum.at(completion, job, end[own])
    np.minimum.at(first, job, start[own])
    completion = np.where(completion < 0, problem.job_release, completion)
    delivery = np.where(problem.early | (problem.due >= FAR), completion, np.maximum(completion, problem.due))
    return completion, delivery, np.where(first >= FAR, delivery, first)


def setup_micros(problem: Problem, solution: Solution) -> np.ndarray:
    """Cost of the reconfiguration before each operation, micros, [n]."""
    first, seq, length = sequences(problem, solution)
    state = problem.mode_state[solution.mode[seq]]
    resource = problem.mode_resource[solution.mode[seq]]
    before = np.empty(len(seq), dtype=np.int64)
    before[1:] = state[:-1]
    used = length > 0
    before[first[:-1][used]] = problem.initial_state[used]
    index = problem.setup_first[resource] + np.maximum(before, 0) * problem.states[resource] + state
    cost = np.where(before >= 0, problem.setup_cost[index], 0)
    found = np.zeros(len(seq), dtype=np.int64)
    found[seq] = cost
    return found


def account_terms(problem: Problem, solution: Solution) -> np.ndarray:
    """Rounded cost terms of every account, [accounts, 9] in the order of TERMS. Overtime belongs to no account (see
    ruled.overtime_units)."""
    if problem.rules is not None:
        return ruled.account_terms(problem, solution)
    micros = np.zeros((problem.accounts, len(TERMS)), dtype=np.int64)
    np.add.at(micros[:, 0], problem.account, problem.mode_cost[solution.mode])
    micros[:, 1] = problem.fixed_cost
    np.add.at(micros[:, 2], problem.account, setup_micros(problem, solution))
    _, delivery, first = deliveries(problem, solution.start, solution.end)
    late = np.where(problem.due < FAR, np.maximum(0, delivery - problem.due), 0)
    micros[: problem.jobs, 3] = problem.late_rate * late
    micros[: problem.jobs, 4] = problem.hold_rate * (delivery - first)
    return (micros + MICRO // 2) // MICRO


def evaluate(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Value of each measure in the order of MEASURES: money, makespan, weighted_tardiness, lead_time."""
    if problem.rules is not None:
        return ruled.evaluate(problem, solution)
    money = int((account_terms(problem, solution) @ problem.weights).sum())
    _, delivery, _ = deliveries(problem, solution.start, solution.end)
    late = np.where(problem.due < FAR, np.maximum(0, delivery - problem.due), 0)
    return (money, int(solution.end.max(initial=0)), int((problem.weight * late).sum()),
            int((problem.weight * (delivery - problem.job_release)).sum()))


def levels_of(problem: Problem, measures: tuple[int, ...]) -> tuple[int, ...]:
    """The values of the problem's levels, in order, out of all measures."""
    return tuple(measures[MEASURES.index(level)] for level in problem.levels)


def objective(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Value of each level of the problem, in order."""
    return levels_of(problem, evaluate(problem, solution))


def missed_deadlines(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Jobs that are complete only after their deadline."""
    if problem.rules is not None:
        return ruled.missed_deadlines(problem, solution)
    completion, _, _ = deliveries(problem, solution.start, solution.end)
    return tuple(int(j) for j in np.flatnonzero(completion > problem.deadline))


def over_budget(problem: Problem, measures: tuple[int, ...]) -> tuple[str, ...]:
    """Measures whose budget is exceeded."""
    return tuple(name for name, value, limit in zip(MEASURES, measures, problem.budgets) if value > limit)


def timed(problem: Problem, mode: np.ndarray, rank: np.ndarray) -> Solution | None:
    """The best timing we know of given sequences: as early as possible, then first starts delayed where that saves
    holding.

    None where the sequences contradict the precedence or the calendars end. Deliveries stay at their earliest, or,
    where that is cheaper, orders are moved towards their due date.
    """
    k = arrays(problem)
    n = problem.operations
    found = Solution(mode, np.zeros(n, np.int64), np.zeros(n, np.int64), rank)
    first, seq, length = sequences(problem, found)
    order = np.zeros(n, np.int64)
    work_end = np.zeros(n, np.int64)
    if semi_active(k, mode, first, seq, length, found.start, found.end, work_end, order, np.zeros(n, np.int64)) < n:
        return None
    if "money" not in problem.levels or not problem.hold_rate.any():
        return found
    best, value = found, objective(problem, found)
    completion, _, _ = deliveries(problem, found.start, found.end)
    makespan = found.end.max(initial=0)
    due = np.where(problem.due < FAR, problem.due, 0)
    held = np.where(problem.early, completion, np.maximum(completion, due))
    for target in (held, np.maximum(completion, due)):
        limit = np.full(n, makespan, dtype=np.int64)
        own = problem.account < problem.jobs
        limit[own] = np.minimum(target, problem.deadline)[problem.account[own]]
        limit = np.maximum(limit, found.end)
        start, end = found.start.copy(), found.end.copy()
        delay(k, mode, first, seq, length, start, end, order, limit)
        later = Solution(mode, start, end, rank)
        if (after := objective(problem, later)) < value:
            best, value = later, after
    return best
