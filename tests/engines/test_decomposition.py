"""Annealing in windows: parts that do not touch each other, and a whole that is a schedule."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.factory import cost_of, draw, problem_of
from scheduler.engines.annealing import AnnealingEngine, Search
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.decomposition import (
    MOST,
    PartsEngine,
    Work,
    anneal_part,
    by_groups,
    confine,
    groups,
    join,
    windows,
)
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import Problem, Solution


def begun(problem: Problem) -> Solution:
    found, _ = DispatchEngine().construct(problem, Limits(0.2), Channel())
    assert found is not None
    return found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_worker_moves_nothing_outside_its_window_and_the_whole_is_a_schedule(number: int) -> None:
    made = draw(300)
    problem = problem_of(made)
    whole, luck = Search(problem, begun(problem), 1), np.random.default_rng(1)
    searches = [Search(problem, whole.best, i) for i in range(number)]
    for turn in range(3):
        window = windows(whole, number, luck)
        assert np.bincount(window, minlength=number).min() > 0
        assert (window[np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))]
                >= window[problem.pred]).all()
        before = whole.state
        for i, search in enumerate(searches):
            confine(search, whole, window, i)
            anneal_part(search, Work(1.0, 0.0, 3000))
            others = window != i
            assert (search.state.mode[others] == before.mode[others]).all()
            resource = problem.mode_resource[before.mode]
            first = window < i
            assert (search.state.position[first] == before.position[first]).all()
            for r in range(problem.resources):
                mine = np.flatnonzero((problem.mode_resource[search.state.mode] == r) & (window == i))
                places = np.sort(search.state.position[mine])
                assert places.tolist() == list(range(search.part.before[r], search.part.before[r] + len(mine)))
            if turn == 0:
                assert (search.state.mode != before.mode).any() or (search.state.position != before.position).any()
            assert (resource == problem.mode_resource[before.mode]).all()
        join(whole, searches, window)
        cost_of(made, whole.state.mode, whole.state.start)  # raises where it is no schedule


@pytest.mark.parametrize(("number", "operations"), [(2, 300), (3, 1000)])
def test_groups_of_resources_are_parts_that_share_no_operation_and_the_whole_is_a_schedule(
        number: int, operations: int) -> None:
    made = draw(operations)
    problem = problem_of(made)
    group = groups(problem, number)
    assert group is not None
    owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
    for r in range(problem.resources):
        assert len(np.unique(group[owner[problem.mode_resource == r]])) <= 1
    whole, luck = Search(problem, begun(problem), 1), np.random.default_rng(1)
    searches = [Search(problem, whole.best, i) for i in range(number)]
    parts = []
    for _ in range(6):
        part = by_groups(group, number, luck)
        parts.append(part)
        assert np.bincount(part, minlength=number).min() > 0
        assert len({(g, i) for g, i in zip(group.tolist(), part.tolist(), strict=True)}) == len(np.unique(group))
        before = whole.state
        for i, search in enumerate(searches):
            confine(search, whole, part, i)
            anneal_part(search, Work(1.0, 0.0, 3000))
            others = part != i
            assert (search.state.mode[others] == before.mode[others]).all()
            assert (search.state.position[others] == before.position[others]).all()
        join(whole, searches, part)
        cost_of(made, whole.state.mode, whole.state.start)  # raises where it is no schedule
    assert any((a != parts[0]).any() for a in parts[1:])


def test_no_groups_where_one_of_them_is_nearly_everything() -> None:
    problem = problem_of(draw(300))
    assert groups(problem, 1) is None
    one = replace(problem, mode_resource=np.zeros_like(problem.mode_resource))
    assert groups(one, 2) is None
    two = groups(problem, 2)
    assert two is not None
    assert np.bincount(two).max() * 2 <= MOST * problem.operations


def test_the_engine_is_never_worse_than_its_start_and_better_for_what_it_was_given() -> None:
    problem = problem_of(draw(300))
    start = begun(problem)
    before = evaluate(problem, start)[0]
    channel = Channel()
    found = PartsEngine().solve(problem, start, Limits(60, deterministic=3.0, workers=2), channel)
    assert found.status == "feasible"
    assert found.solution is not None
    assert found.objective == (evaluate(problem, found.solution)[0],)
    assert channel.objective == found.objective
    alone = AnnealingEngine().solve(problem, start, Limits(60, deterministic=3.0), Channel())
    assert alone.objective is not None
    assert found.objective[0] < before
    assert found.objective[0] < alone.objective[0] * 1.06


def test_moves_repeat_exactly_in_threads_and_in_processes() -> None:
    problem = problem_of(draw(150))
    start, limits = begun(problem), Limits(60, deterministic=0.5, workers=2)
    one, two = (PartsEngine().solve(problem, start, limits, Channel()) for _ in range(2))
    with ProcessPoolExecutor(2) as pool:
        three = PartsEngine(pool).solve(problem, start, limits, Channel())
    assert one.solution is not None
    for other in (two, three):
        assert other.objective == one.objective
        assert other.solution is not None
        assert (other.solution.start == one.solution.start).all()


def test_an_end_of_the_calendars_behind_a_join_leaves_the_whole_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(draw(150))
    whole = Search(problem, begun(problem), 1)
    search = Search(problem, whole.best, 2)
    window = windows(whole, 1, np.random.default_rng(1))
    confine(search, whole, window, 0)
    anneal_part(search, Work(1.0, 0.0, 2000))
    before, go, calls = (whole.state.mode.copy(), whole.state.position.copy()), Search.go, []

    def late(self: Search, mode: np.ndarray, position: np.ndarray) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("the calendars end before it")
        go(self, mode, position)

    monkeypatch.setattr(Search, "go", late)
    join(whole, [search], window)
    assert len(calls) == 2
    assert (whole.state.mode == before[0]).all()
    assert (whole.state.position == before[1]).all()
