"""Problems written by hand: shops with one state per resource, always open unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.problem.problem import FAR, Problem
from tests.engines.problems import column

Windows = Sequence[tuple[int, int]]
FT06 = """2 1 0 3 1 6 3 7 5 3 4 6
1 8 2 5 4 10 5 10 0 10 3 4
2 5 3 4 5 8 0 9 1 1 4 7
1 5 0 5 2 5 3 3 4 8 5 9
2 9 1 3 4 5 5 4 0 3 3 1
1 3 3 3 5 9 0 10 4 4 2 1"""
"""Fisher, Thompson 1963: six jobs as resource and duration in turn, optimum 55."""


def shop(
    jobs: Sequence[Sequence[Sequence[tuple[int, int]]]], windows: Windows = ((0, int(FAR)),), **given: Any
) -> Problem:
    """Jobs as lists of operations as lists of (resource, duration); one calendar; `given` replaces fields of the
    Problem."""
    modes = [alternatives for job in jobs for alternatives in job]
    n, resources = len(modes), 1 + max(r for m in modes for r, _ in m)
    account = [j for j, job in enumerate(jobs) for _ in job]
    pred = [[o - 1] if o and account[o - 1] == account[o] else [] for o in range(n)]
    succ = [[o + 1] if o + 1 < n and account[o + 1] == account[o] else [] for o in range(n)]
    flat = [mode for m in modes for mode in m]
    zeros, ones = [0] * len(jobs), [1] * len(jobs)
    length = [e - s for s, e in windows]
    problem = Problem(
        mode_first=firsts(modes),
        mode_resource=column([r for r, _ in flat]),
        mode_state=column([0] * len(flat)),
        mode_duration=column([d for _, d in flat]),
        mode_cost=column([0] * len(flat)),
        pred_first=firsts(pred),
        pred=column([p for before in pred for p in before]),
        succ_first=firsts(succ),
        succ=column([s for after in succ for s in after]),
        release=column([0] * n),
        account=column(account),
        due=np.full(len(jobs), FAR),
        deadline=np.full(len(jobs), FAR),
        job_release=column(zeros),
        weight=column(ones),
        late_rate=column(zeros),
        hold_rate=column(zeros),
        early=np.ones(len(jobs), dtype=bool),
        fixed_cost=column(zeros),
        calendar=column([0] * resources),
        location=column([0] * resources),
        initial_state=column([-1] * resources),
        states=column([1] * resources),
        setup_first=column(list(range(resources))),
        setup_time=column([0] * resources),
        setup_cost=column([0] * resources),
        window_first=column([0, len(windows)]),
        window_start=column([s for s, _ in windows]),
        window_end=column([e for _, e in windows]),
        window_work=column([0, *np.cumsum(length).tolist()][:-1]) if len(windows) > 1 else column([0]),
        transport=np.zeros((1, 1), dtype=np.int64),
        levels=("makespan",),
    )
    return replace(problem, **given)


def firsts(rows: Sequence[Sequence[Any]]) -> np.ndarray:
    """Offsets of rows packed one after another."""
    return column([0, *np.cumsum([len(row) for row in rows]).tolist()])


def ft06(**given: Any) -> Problem:
    """The job shop of six jobs and six resources."""
    rows = [list(map(int, line.split())) for line in FT06.splitlines()]
    return shop([[[(row[i], row[i + 1])] for i in range(0, len(row), 2)] for row in rows], **given)


def states(times: Sequence[Sequence[int]], chosen: Sequence[int], initial: int = -1) -> dict[str, Any]:
    """Fields of a one-resource shop with setups: the [states x states] matrix, the state of each mode, the initial
    state."""
    size = len(times)
    return {
        "states": column([size]),
        "setup_first": column([0]),
        "setup_time": column([t for row in times for t in row]),
        "setup_cost": column([0] * size * size),
        "mode_state": column(list(chosen)),
        "initial_state": column([initial]),
    }
