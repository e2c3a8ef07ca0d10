"""A second look at every schedule CP-SAT returns, against the problem itself (solvers have faults too)."""

from __future__ import annotations

import numpy as np

from scheduler.engines.cpsat.facts import Facts
from scheduler.problem.evaluate import evaluate, missed_deadlines, over_budget
from scheduler.problem.problem import Solution
from scheduler.problem.timing import sequences


def fault(facts: Facts, s: Solution) -> str:
    """The first broken rule of a schedule in a few words, '' where all hold."""
    p = facts.problem
    n = facts.n
    if any(len(a) != n for a in (s.mode, s.start, s.end, s.rank)):
        return "columns of the wrong length"
    if not n:
        return ""
    if (s.mode < p.mode_first[:-1]).any() or (s.mode >= p.mode_first[1:]).any():
        return "a mode of another operation"
    for given, taken, what in ((p.fixed_mode, s.mode, "mode"), (p.fixed_start, s.start, "start")):
        if len(given) == n and ((given >= 0) & (given != taken)).any():
            return f"a fixed {what} moved"
    if (s.end != s.start + p.mode_duration[s.mode]).any() or (s.start < np.maximum(p.release, 0)).any():
        return "a wrong duration, or a start before release"
    location = p.location[p.mode_resource[s.mode]]
    after = np.repeat(np.arange(n), np.diff(p.pred_first))
    if (s.start[after] < s.end[p.pred] + p.transport[location[p.pred], location[after]]).any():
        return "a start before a predecessor has arrived"
    return _on_resources(facts, s) or _limits(facts, s)


def _on_resources(facts: Facts, s: Solution) -> str:
    first, seq, length = sequences(facts.problem, s)
    start, end, mode = s.start.tolist(), s.end.tolist(), s.mode.tolist()
    for r in range(facts.problem.resources):
        calendar = facts.calendars[facts.calendar_of[r]]
        state, free, worked = int(facts.problem.initial_state[r]), 0, 0
        for o in seq[first[r] : first[r] + length[r]].tolist():
            if calendar.earliest(start[o], end[o] - start[o]) != start[o]:
                return "an operation outside its calendar"
            setup = facts.setup(r, state, facts.state[mode[o]])[0]
            if start[o] < free or calendar.work(start[o]) < worked + setup:
                return "two operations too close on a resource"
            state, free, worked = facts.state[mode[o]], end[o], calendar.work(end[o])
    return ""


def _limits(facts: Facts, s: Solution) -> str:
    if missed_deadlines(facts.problem, s):
        return "a missed deadline"
    return "a budget exceeded" if over_budget(facts.problem, evaluate(facts.problem, s)) else ""
