"""From a stored schedule to a solution to start from."""

from __future__ import annotations

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.encoding.decode import setup_ticks, worked
from scheduler.encoding.hint import hint
from scheduler.planning.plan import Plan
from scheduler.problem.problem import Problem, Solution


def warm(problem: Problem, plan: Plan, scenario: Scenario, schedule: Schedule | None) -> Solution | None:
    """The feasible solution of this problem that a stored schedule is; None where it does not fit. Where the problem
    has rules: a hint, see `hint`, for which what was announced is enough.

    Operations are matched by lot id and name, modes by the names of resource and configuration and by index with the
    same duration. Deadlines and budgets are not looked at.
    """
    if problem.rules is not None:
        return hint(problem, plan, scenario, schedule)
    row = None if schedule is None else _rows(plan, schedule)
    if schedule is None or row is None:
        return None
    resource, state = _places(scenario, schedule)
    resource, state = resource[schedule.resource[row]], state[schedule.resource[row], schedule.configuration[row]]
    start, end = schedule.start[row], schedule.end[row]
    op = np.repeat(np.arange(len(plan)), np.diff(problem.mode_first))
    same = (problem.mode_resource == resource[op]) & (problem.mode_state == state[op])
    same &= (plan.mode_index == schedule.mode[row][op]) & (problem.mode_duration == (end - start)[op])
    mode = np.full(len(plan), -1, dtype=np.int64)
    mode[op[same]] = np.flatnonzero(same)
    if (mode < 0).any():
        return None
    solution = Solution(mode=mode, start=start, end=end, rank=schedule.position[row])
    return solution if feasible(problem, solution) else None


def _rows(plan: Plan, schedule: Schedule) -> np.ndarray | None:
    """Row of the schedule for each operation of the plan; None unless they match one to one."""
    number = {(plan.lots.id[lot], plan.names[name]): o
              for o, (lot, name) in enumerate(zip(plan.op_lot.tolist(), plan.op_name.tolist()))}
    found = np.array([number.get((schedule.lots.id[lot], schedule.names[name]), -1)
                      for lot, name in zip(schedule.lot.tolist(), schedule.name.tolist())], dtype=np.int64)
    if len(found) != len(plan) or not np.array_equal(np.sort(found), np.arange(len(plan))):
        return None
    return np.argsort(found)


def _places(scenario: Scenario, schedule: Schedule) -> tuple[np.ndarray, np.ndarray]:
    """Resources and [resource, configuration] of the schedule in the scenario's numbers, -1 where it has none such."""
    known = {r.id: (i, r.configurations) for i, r in enumerate(scenario.resources)}
    resource = np.full(len(schedule.resources), -1, dtype=np.int64)
    state = np.full((len(resource), max((len(c) for c in schedule.configurations), default=0)), -1, dtype=np.int64)
    for r, name in enumerate(schedule.resources):
        resource[r], there = known.get(name, (-1, ()))
        for c, configuration in enumerate(schedule.configurations[r]):
            state[r, c] = there.index(configuration) if configuration in there else -1
    return resource, state


def feasible(problem: Problem, solution: Solution) -> bool:
    """Whether the times obey releases, precedence with transport, calendars, sequences and reconfigurations."""
    start, end, mode = solution.start, solution.end, solution.mode
    if (start < problem.release).any():
        return False
    resource = problem.mode_resource[mode]
    after = np.repeat(np.arange(len(start)), np.diff(problem.pred_first))
    location = problem.location[resource]
    if (start[after] < end[problem.pred] + problem.transport[location[problem.pred], location[after]]).any():
        return False
    order = np.lexsort((solution.rank, resource))
    same = resource[order[1:]] == resource[order[:-1]]
    since = np.zeros_like(start)
    since[order[1:][same]] = end[order[:-1][same]]
    if (start < since).any():
        return False
    needed = setup_ticks(problem, solution)
    return all(_in_calendar(problem, k, start[rows], end[rows], since[rows], needed[rows])
               for k in np.unique(problem.calendar[resource])
               for rows in [np.flatnonzero(problem.calendar[resource] == k)])


def _in_calendar(problem: Problem, k: int, start: np.ndarray, end: np.ndarray, since: np.ndarray,
                 needed: np.ndarray) -> bool:
    """Whether all fit one window, with enough working time since the operation before."""
    part = slice(int(problem.window_first[k]), int(problem.window_first[k + 1]))
    opens, closes = problem.window_start[part], problem.window_end[part]
    if not len(opens):
        return False
    at = np.searchsorted(opens, start, side="right") - 1
    fits = (at >= 0) & (end <= closes[np.maximum(at, 0)])
    return bool(fits.all() and (worked(problem, k, start) - worked(problem, k, since) >= needed).all())
