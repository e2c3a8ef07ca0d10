"""Dispatching and annealing where the problem has rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.dispatch import DispatchEngine
from scheduler.engines.lists import ListDispatch, key_of
from scheduler.engines.lists_kernel import anneal_lists
from scheduler.engines.lists_search import ListSearch, placed
from scheduler.problem.evaluate import evaluate, objective
from scheduler.problem.problem import FAR, Problem
from scheduler.problem.ruled import extra_of
from tests.engines.problems import Features, column
from tests.engines.small import shop
from tests.rules.mixture import Mixer, batches, crews, facts, refusal, seeded, speeds, work_in_process
from tests.rules.problems import random_rules_problem, ruled
from tests.rules.reference import check, measures

LIMITS = Limits(seconds=60.0, deterministic=0.02, workers=1)


def middling(seed: int) -> Problem:
    """About thirty operations with several rules, money first."""
    mixer = Mixer(seeded(seed, Features(operations=30, jobs=12, levels=(("money",),))), seed)
    for rule in (speeds, crews, batches, work_in_process, refusal, facts):
        rule(mixer)
    return mixer.finished()


@pytest.mark.parametrize("seed", range(25))
def test_annealing_is_never_worse_than_dispatching(seed: int) -> None:
    problem = random_rules_problem(seed)
    start, key = DispatchEngine().construct(problem, Limits(5.0), Channel())
    if start is None:
        return
    found = AnnealingEngine().solve(problem, start, LIMITS, Channel())
    assert found.solution is not None
    assert key_of(problem, found.solution) <= key
    assert found.objective == objective(problem, found.solution)
    assert evaluate(problem, found.solution) == measures(problem, found.solution)
    broken = check(problem, found.solution)
    assert not [x for x in broken if "deadline" not in x and "budget" not in x]
    assert (found.status == "feasible") == (broken == [])


@pytest.mark.parametrize("seed", range(4))
def test_annealing_repeats_exactly_under_a_deterministic_limit(seed: int) -> None:
    problem = middling(seed)
    start, _ = DispatchEngine().construct(problem, Limits(60.0), Channel())
    if start is None:
        return
    one, two = (AnnealingEngine().solve(problem, start, LIMITS, Channel()) for _ in range(2))
    assert one.objective == two.objective
    assert one.solution is not None
    assert two.solution is not None
    assert one.solution.start.tolist() == two.solution.start.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_the_kernel_values_a_plan_as_evaluation_does(seed: int) -> None:
    problem = random_rules_problem(seed)
    start, _ = DispatchEngine().construct(problem, Limits(5.0), Channel())
    if start is None:
        return
    search = ListSearch(problem, start, 1)
    search.step(1.0, 40)
    anneal_lists(search.serial.shop, search.serial.state, search.saved, search.goal, search.course, 0.0, 0, 0.0, 0.0)
    assert tuple(search.course.out[:4].tolist()) == evaluate(problem, search.serial.solution())


def test_an_order_is_refused_where_that_is_cheaper() -> None:
    problem = replace(shop([[[(0, 5)]], [[(0, 5)]]], levels=("money",)), due=column([5, 5]),
                      late_rate=column([1_000_000, 1_000_000]))
    cheap = ruled(problem, refuse_cost=[3_000_000, 2_000_000])
    solution, key = ListDispatch().construct(cheap, Limits(5.0), Channel())
    assert solution is not None
    assert key == (0, 2)
    assert extra_of(solution).refused.tolist() == [False, True]
    dear = ruled(problem, refuse_cost=[6_000_000, int(FAR)])
    assert ListDispatch().construct(dear, Limits(5.0), Channel())[1] == (0, 5)


def test_overtime_is_bought_where_it_pays() -> None:
    problem = replace(shop([[[(0, 4)]]], windows=((0, 4), (10, 20)), levels=("money",)), release=column([2]),
                      due=column([6]), late_rate=column([1_000_000]),
                      window_first=column([0, 3]), window_start=column([0, 4, 10]), window_end=column([4, 8, 20]),
                      window_work=column([0, 4, 8]))
    overtime = {"overtime_first": [0, 0, 1, 1], "overtime_id": [0]}
    for price, best in ((3, 3), (50, 8)):
        given = ruled(problem, **overtime, overtime_cost=[price * 1_000_000])
        assert ListDispatch().construct(given, Limits(5.0), Channel())[1] == (0, best)


def test_a_start_keeps_order_and_modes_after_a_breakdown() -> None:
    """The second resource is down until 20: what ran there waits, the rest stays where it was."""
    jobs = [[[(0, 3)], [(1, 2)]], [[(0, 3)], [(1, 2)]], [[(2, 4)]]]
    problem = ruled(shop(jobs))
    start, _ = DispatchEngine().construct(problem, Limits(5.0), Channel())
    assert start is not None
    down = replace(shop(jobs), calendar=column([0, 1, 0]), window_first=column([0, 1, 2]),
                   window_start=column([0, 20]), window_end=column([int(FAR), int(FAR)]), window_work=column([0, 0]))
    broken = ruled(down)
    found = placed(broken, start)
    assert found is not None
    assert check(broken, found) == []
    first = np.flatnonzero(down.mode_resource != 1)
    assert found.start[first].tolist() == start.start[first].tolist()
    assert sorted(found.start[[1, 3]].tolist()) == [20, 22]


def test_broken_deadlines_are_missed_and_no_schedule() -> None:
    problem = ruled(replace(shop([[[(0, 5)]]]), deadline=column([3])))
    result = DispatchEngine().solve(problem, None, Limits(5.0), Channel())
    assert (result.status, result.missed) == ("not_found", (0,))
