"""A schedule of any scenario by the simplest means: operation after operation, each appended where it ends first."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from itertools import pairwise

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Schedule
from scheduler.encoding.decode import decode
from scheduler.encoding.encode import encode
from scheduler.planning.build import build
from scheduler.problem.problem import FAR, Problem, Solution


def serial(scenario: Scenario, header: Header | None = None) -> Schedule:
    """Valid but for deadlines and budgets. Where calendars do not reach far enough, they are expanded further."""
    plan = build(scenario)
    problem = encode(scenario, plan)
    while True:
        try:
            found = _append(problem)
        except IndexError:
            reach = int(problem.window_end[problem.window_end < FAR].max())
            problem = encode(scenario, plan, 2 * reach)
            continue
        return decode(scenario, plan, problem, found, header or Header(scenario=scenario.name))


def _append(problem: Problem) -> Solution:
    n = problem.operations
    mode, start, end, rank = (np.zeros(n, dtype=np.int64) for _ in range(4))
    location, release = problem.location.tolist(), problem.release.tolist()
    columns = problem.window_start, problem.window_end, problem.window_work
    windows = [list(zip(*(column[a:b].tolist() for column in columns))) for a, b in pairwise(problem.window_first)]
    openings = [[w[0] for w in rows] for rows in windows]
    works = [[w[2] for w in rows] for rows in windows]
    longest = [max((b - a for a, b, _ in rows), default=0) for rows in windows]
    free = [(0, int(s), 0) for s in problem.initial_state]
    missing = np.diff(problem.pred_first).tolist()
    ready = [o for o in range(n) if not missing[o]]
    heapq.heapify(ready)
    modes, preds, succs = problem.mode_first.tolist(), problem.pred_first.tolist(), problem.succ_first.tolist()
    transport = problem.transport.tolist()
    while ready:
        o = heapq.heappop(ready)
        before = [
            (int(end[p]), location[int(problem.mode_resource[mode[p]])])
            for p in problem.pred[preds[o] : preds[o + 1]].tolist()
        ]
        best = None
        for m in range(modes[o], modes[o + 1]):
            r, state, length = (int(c[m]) for c in (problem.mode_resource, problem.mode_state, problem.mode_duration))
            if length > longest[problem.calendar[r]]:
                continue
            earliest = max([release[o], *(e + transport[place][location[r]] for e, place in before)])
            since, old, _ = free[r]
            setup = 0 if old < 0 else int(problem.setup_time[problem.setup_first[r] + old * problem.states[r] + state])
            k = int(problem.calendar[r])
            at = _start(windows[k], openings[k], works[k], since, setup, earliest, length)
            if best is None or at + length < best[0]:
                best = (at + length, at, m, r, state)
        assert best is not None
        end[o], start[o], mode[o], r, state = best
        rank[o] = free[r][2]
        free[r] = (int(end[o]), state, free[r][2] + 1)
        for s in problem.succ[succs[o] : succs[o + 1]].tolist():
            missing[s] -= 1
            if not missing[s]:
                heapq.heappush(ready, s)
    return Solution(mode=mode, start=start, end=end, rank=rank)


def _start(
    windows: list[tuple[int, int, int]],
    openings: list[int],
    works: list[int],
    since: int,
    setup: int,
    earliest: int,
    length: int,
) -> int:
    """Earliest start in one window with `setup` working ticks after `since`."""
    k = bisect_right(openings, since) - 1
    done = 0 if k < 0 else windows[k][2] + min(since, windows[k][1]) - windows[k][0]
    wanted = done + setup
    w = max(0, bisect_right(works, wanted) - 1)
    at = max(earliest, since)
    if setup:
        at = max(at, windows[w][0] + wanted - windows[w][2])
    k = max(0, bisect_right(openings, at) - 1)
    while True:
        begin = max(at, windows[k][0])
        if begin + length <= windows[k][1]:
            return begin
        k += 1
