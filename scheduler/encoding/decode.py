"""From a solution back to a schedule."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Schedule
from scheduler.encoding.decode_shop import decode_shop
from scheduler.planning.plan import Plan
from scheduler.problem.problem import Problem, Solution


def decode(scenario: Scenario, plan: Plan, problem: Problem, solution: Solution, header: Header) -> Schedule:
    """The schedule of a solution; operations as in the plan, reconfigurations shown as late as they can be (with rules:
    where the solution has them)."""
    if problem.rules is not None:
        return decode_shop(scenario, plan, problem, solution, header)
    mode = solution.mode
    rec_start, rec_end = reconfigurations(problem, solution)
    return Schedule(
        header=header, lots=plan.lots, names=plan.names, lot=plan.op_lot, name=plan.op_name,
        resource=problem.mode_resource[mode], configuration=problem.mode_state[mode], mode=plan.mode_index[mode],
        start=solution.start, end=solution.end, rec_start=rec_start, rec_end=rec_end, position=solution.rank,
        pegs=plan.pegs, resources=tuple(r.id for r in scenario.resources),
        configurations=tuple(r.configurations for r in scenario.resources), orders=scenario.orders.id)


def reconfigurations(problem: Problem, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """[rec_start, rec_end) in ticks of the reconfiguration before each operation; both its start where there is none.

    rec_end is the end of the last open tick before the start, rec_start lies the needed working time before it.
    """
    needed = setup_ticks(problem, solution)
    begin, end = solution.start.copy(), solution.start.copy()
    which = np.flatnonzero(needed > 0)
    calendar = problem.calendar[problem.mode_resource[solution.mode[which]]]
    for k in np.unique(calendar):
        rows = which[calendar == k]
        a, b = problem.window_first[k], problem.window_first[k + 1]
        start, work = problem.window_start[a:b], problem.window_work[a:b]
        done = worked(problem, k, solution.start[rows])
        last = np.maximum(np.searchsorted(work, done, side="left") - 1, 0)
        end[rows] = start[last] + done - work[last]
        first = np.maximum(np.searchsorted(work, done - needed[rows], side="right") - 1, 0)
        begin[rows] = start[first] + done - needed[rows] - work[first]
    return begin, end


def worked(problem: Problem, calendar: int, ticks: np.ndarray) -> np.ndarray:
    """Working ticks of a calendar before each of the ticks."""
    part = slice(int(problem.window_first[calendar]), int(problem.window_first[calendar + 1]))
    start, end, work = problem.window_start[part], problem.window_end[part], problem.window_work[part]
    if not len(start):
        return np.zeros(len(ticks), dtype=np.int64)
    at = np.searchsorted(start, ticks, side="right") - 1
    return np.where(at < 0, 0, work[at] + np.minimum(ticks, end[at]) - start[at])


def setup_ticks(problem: Problem, solution: Solution) -> np.ndarray:
    """Working ticks of the reconfiguration before each operation, from its place in the sequence."""
    resource, state = problem.mode_resource[solution.mode], problem.mode_state[solution.mode]
    order = np.lexsort((solution.rank, resource))
    before = np.empty_like(state)
    before[order[1:]] = state[order[:-1]]
    heads = np.ones(len(order), dtype=bool)
    heads[1:] = resource[order[1:]] != resource[order[:-1]]
    before[order[heads]] = problem.initial_state[resource[order[heads]]]
    cell = problem.setup_first[resource] + np.maximum(before, 0) * problem.states[resource] + state
    found: np.ndarray = np.where(before < 0, 0, problem.setup_time[cell])
    return found
