"""From a solution back to a schedule, and from a stored schedule to a solution to start from."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Schedule
from scheduler.planning.plan import Plan
from scheduler.problem.problem import Problem, Solution


def decode(scenario: Scenario, plan: Plan, problem: Problem, solution: Solution, header: Header) -> Schedule:
    """The schedule of a solution; operations as in the plan, reconfigurations shown as late as they can be."""
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
        start, stop, work = problem.window_start[a:b], problem.window_end[a:b], problem.window_work[a:b]
        at = np.searchsorted(start, solution.start[rows], side="right") - 1
        inside = np.maximum(at, 0)
        done = np.where(at < 0, 0, work[inside] + np.minimum(solution.start[rows], stop[inside]) - start[inside])
        last = np.maximum(np.searchsorted(work, done, side="left") - 1, 0)
        end[rows] = start[last] + done - work[last]
        first = np.maximum(np.searchsorted(work, done - needed[rows], side="right") - 1, 0)
        begin[rows] = start[first] + done - needed[rows] - work[first]
    return begin, end


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


def warm(problem: Problem, plan: Plan, scenario: Scenario, schedule: Schedule) -> Solution | None:
    """The solution that a stored schedule is of this problem; None where it does not fit.

    Operations are matched by lot id and name, modes by resource, configuration and index with the same duration.
    Whether the times obey every rule is not checked here.
    """
    wanted = {(plan.lots.id[lot], plan.names[name]): o
              for o, (lot, name) in enumerate(zip(plan.op_lot.tolist(), plan.op_name.tolist()))}
    places = {r.id: (i, {c: k for k, c in enumerate(r.configurations)}) for i, r in enumerate(scenario.resources)}
    n = len(plan)
    if len(schedule) != n:
        return None
    row = np.full(n, -1, dtype=np.int64)
    for i, (lot, name) in enumerate(zip(schedule.lot.tolist(), schedule.name.tolist())):
        o = wanted.get((schedule.lots.id[lot], schedule.names[name]), -1)
        if o < 0 or row[o] >= 0:
            return None
        row[o] = i
    to_resource = np.array([places.get(name, (-1, {}))[0] for name in schedule.resources], dtype=np.int64)
    most = max((len(c) for c in schedule.configurations), default=0)
    to_state = np.full((len(schedule.resources), max(most, 1)), -1, dtype=np.int64)
    for r, (name, configurations) in enumerate(zip(schedule.resources, schedule.configurations)):
        for c, configuration in enumerate(configurations):
            to_state[r, c] = places.get(name, (-1, {}))[1].get(configuration, -1)
    resource = to_resource[schedule.resource[row]]
    state = to_state[schedule.resource[row], schedule.configuration[row]]
    start, end = schedule.start[row], schedule.end[row]
    op = np.repeat(np.arange(n), np.diff(problem.mode_first))
    fits = np.flatnonzero((problem.mode_resource == resource[op]) & (problem.mode_state == state[op])
                          & (plan.mode_index == schedule.mode[row][op]) & (problem.mode_duration == (end - start)[op]))
    mode = np.full(n, -1, dtype=np.int64)
    mode[op[fits]] = fits
    if (mode < 0).any():
        return None
    return Solution(mode=mode, start=start, end=end, rank=schedule.position[row])
