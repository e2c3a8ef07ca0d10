"""Dispatching and annealing: what they promise beyond the semantic suite."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.engines.annealing import AnnealingEngine, Search, state_of
from scheduler.engines.annealing_state import totals
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.dispatch import DispatchEngine, dispatch, grid, tails
from scheduler.engines.heap import pop, push
from scheduler.engines.portfolio import ENGINES, PartChannel, PortfolioEngine, engine
from scheduler.problem.bounds import hopeless, misfits
from scheduler.problem.evaluate import evaluate, objective
from scheduler.problem.problem import FAR, Problem
from scheduler.problem.timing import arrays, semi_active
from tests.engines.problems import problems, seeded
from tests.engines.small import ft06, shop


@settings(max_examples=40, deadline=None, derandomize=True)
@given(problems(), st.integers(1, 10**6))
def test_incremental_times_and_totals_equal_a_full_pass(problem: Problem, seed: int) -> None:
    start = dispatch(problem, arrays(problem), tails(problem), 0, 1.0, 1.0)
    if start is None or problem.operations < 2:
        return
    search = Search(problem, start, seed)
    for temperature in (2.0, 0.5, 0.05):
        search.step(temperature, 300, Channel(), timed_chunks=False)
        s, n = search.state, problem.operations
        again = state_of(problem, s.mode, s.position, s.random)
        placed = semi_active(
            search.k,
            again.mode,
            again.first,
            again.seq,
            again.length,
            again.start,
            again.end,
            again.work_end,
            np.empty(n, np.int64),
            np.empty(n, np.int64),
        )
        assert placed == n
        assert (again.start == s.start).all()
        assert (again.end == s.end).all()
        fixed = int((problem.fixed_cost * problem.weights[1]).sum())
        totals(search.k, search.jobs, search.goal, again, fixed)
        assert again.total.tolist() == s.total.tolist()
        assert sorted(search.best_mode) == sorted(search.best_mode)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(problems())
def test_annealing_is_never_worse_than_its_start_and_repeats(problem: Problem) -> None:
    begun = DispatchEngine().solve(problem, None, Limits(5), Channel())
    if begun.solution is None:
        return
    limits = Limits(60, deterministic=0.01, seed=7)
    runs = [AnnealingEngine().solve(problem, begun.solution, limits, Channel()) for _ in range(2)]
    first, second = (run.solution for run in runs)
    assert first is not None
    assert second is not None
    assert (first.start == second.start).all()
    assert (first.mode == second.mode).all()
    if begun.status in ("feasible", "optimal"):
        assert runs[0].objective is not None
        assert begun.objective is not None
        assert runs[0].objective <= begun.objective


def test_annealing_finds_the_optimum_of_ft06() -> None:
    found = AnnealingEngine().solve(ft06(), None, Limits(60, deterministic=3, seed=1), Channel())
    assert found.objective == (55,)
    assert found.bound is None


def test_every_rule_of_the_grid_runs_on_a_small_problem_and_one_on_a_huge_one() -> None:
    assert len({rule for rule, _, _ in grid(100, money=True)}) == 7
    assert len(grid(100, money=False)) < len(grid(100, money=True))
    assert len(grid(10**8, money=True)) == 1


def test_rules_differ() -> None:
    """Shortest operation first delivers the short order first; due date the urgent one."""
    problem = shop([[[(0, 9)]], [[(0, 1)]]])
    fields = {**problem.__dict__, "due": np.array([9, 30], dtype=np.int64)}
    problem = Problem(**fields)
    k, tail = arrays(problem), tails(problem)
    by_due = dispatch(problem, k, tail, 0, 1.0, 0.0)
    by_size = dispatch(problem, k, tail, 3, 1.0, 0.0)
    assert by_due is not None
    assert by_size is not None
    assert by_due.rank.tolist() == [0, 1]
    assert by_size.rank.tolist() == [1, 0]


def test_dispatching_names_the_deadlines_it_breaks() -> None:
    problem = shop([[[(0, 5)]], [[(0, 5)]]])
    problem = Problem(**{**problem.__dict__, "deadline": np.array([5, 5], dtype=np.int64)})
    found = DispatchEngine().solve(problem, None, Limits(5), Channel())
    assert found.status == "not_found"
    assert len(found.missed) == 1
    assert found.solution is not None


def test_a_deadline_before_the_longest_path_is_hopeless_alone() -> None:
    """Order 0 needs 7 in a row; order 1 only meets its deadline of 5 if it goes first, which is no proof."""
    problem = shop([[[(0, 3)], [(1, 4)]], [[(0, 5)]]])
    tight = Problem(**{**problem.__dict__, "deadline": np.array([6, 5], dtype=np.int64)})
    loose = Problem(**{**problem.__dict__, "deadline": np.array([7, 5], dtype=np.int64)})
    assert hopeless(tight) == (0,)
    assert hopeless(loose) == ()


def test_an_operation_longer_than_every_window_is_a_proof() -> None:
    problem = shop([[[(0, 3)], [(0, 5)]]], windows=((0, 4), (10, 14)))
    assert misfits(problem) == (1,)
    assert misfits(shop([[[(0, 3)], [(0, 4)]]], windows=((0, 4), (10, 14)))) == ()


def test_shared_lots_inherit_urgency() -> None:
    """The tool of the urgent order is made before the tool of the other one."""
    problem = shop([[[(1, 1)]], [[(1, 1)]], [[(0, 4)]], [[(0, 4)]]])
    fields = {
        **problem.__dict__,
        "account": np.array([0, 1, 2, 3]),
        "due": np.array([50, 10]),
        "deadline": np.full(2, FAR),
        "job_release": np.zeros(2, np.int64),
        "weight": np.ones(2, np.int64),
        "late_rate": np.zeros(2, np.int64),
        "hold_rate": np.zeros(2, np.int64),
        "early": np.ones(2, bool),
        "pred_first": np.array([0, 1, 2, 2, 2]),
        "pred": np.array([2, 3]),
        "succ_first": np.array([0, 0, 0, 1, 2]),
        "succ": np.array([0, 1]),
    }
    problem = Problem(**fields)
    found = dispatch(problem, arrays(problem), tails(problem), 0, 1.0, 0.0)
    assert found is not None
    assert found.start[3] < found.start[2]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=30))
def test_heap_sorts_by_key_then_item(entries: list[tuple[int, int]]) -> None:
    keys, items, size = np.zeros(40), np.zeros(40, np.int64), 0
    for key, item in entries:
        size = push(keys, items, size, float(key), item)
    out = []
    while size:
        out.append((int(keys[0]), int(items[0])))
        size = pop(keys, items, size)
    assert out == sorted(entries)


@pytest.mark.parametrize("workers", [1, 2])
def test_portfolio_proves_small_problems(workers: int) -> None:
    found = PortfolioEngine().solve(ft06(), None, Limits(60, workers=workers), Channel())
    assert found.status == "optimal"
    assert found.objective == (55,)
    assert found.bound == 55


def test_portfolio_stops_when_asked_and_keeps_its_best() -> None:
    problem = seeded(3)
    channel = Channel()
    channel.stop.set()
    found = PortfolioEngine().solve(problem, None, Limits(60), channel)
    assert found.status in ("feasible", "optimal", "not_found", "infeasible")
    if found.solution is not None and found.status != "not_found":
        assert found.objective == objective(problem, found.solution)


def test_a_part_hears_the_whole_stop_but_not_the_other_way_round() -> None:
    whole = Channel()
    part = PartChannel(whole)
    part.stop.set()
    assert not whole.stop.is_set()
    other = PartChannel(whole)
    whole.stop.set()
    assert other.stop.is_set()


def test_the_channel_keeps_the_best_and_tells_of_it() -> None:
    told: list[int | None] = []
    channel = Channel(listen=lambda event: told.append(event.objective))
    problem = ft06()
    found = DispatchEngine().solve(problem, None, Limits(5), channel)
    assert found.solution is not None
    assert not channel.offer(found.solution, (10**6,), "worse")
    assert channel.offer(found.solution, (1,), "better")
    assert not channel.offer_bound(-5.0, "weaker")
    assert told[-1] == 1
    assert evaluate(problem, found.solution)[1] == found.objective[0] if found.objective else False


def test_engines_by_name() -> None:
    assert [engine(name).name for name in ENGINES] == ["auto", "dispatch", "annealing", "tabu", "cpsat"]
    with pytest.raises(KeyError):
        engine("nothing")
