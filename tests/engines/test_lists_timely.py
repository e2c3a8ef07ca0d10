"""Lists that begin orders late and gather batches: what they aim at, and that what comes of it obeys every rule."""

from __future__ import annotations

import random

import pytest

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.lists import ListDispatch, key_of
from scheduler.engines.lists_timely import Timely
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import MICRO, Problem, Solution
from scheduler.problem.serial.serial import Serial, plan_of
from tests.engines.problems import column
from tests.engines.small import shop
from tests.rules.problems import random_rules_problem, ruled
from tests.rules.reference import check, measures


def dispatched(problem: Problem) -> Solution:
    found, _ = ListDispatch().construct(problem, Limits(60.0), Channel())
    assert found is not None
    assert check(problem, found) == []
    return found


def test_an_order_begins_when_it_needs_to() -> None:
    """The second resource is taken until 10, and holding costs: the first operation ends then, not before."""
    problem = shop([[[(1, 10)]], [[(0, 2)], [(1, 3)]]], levels=("money",), hold_rate=column([0, MICRO]),
                   fixed_mode=column([0, -1, -1]), fixed_start=column([0, -1, -1]))
    assert dispatched(ruled(problem)).start.tolist() == [0, 8, 10]


def test_it_begins_before_a_night_that_it_may_not_pause_over() -> None:
    problem = shop([[[(1, 4)], [(1, 1)]], [[(0, 3)], [(1, 3)]]], windows=((0, 8), (20, 40)), levels=("money",),
                   hold_rate=column([0, MICRO]), release=column([20, 0, 0, 0]),
                   fixed_mode=column([0, 1, -1, -1]), fixed_start=column([20, 24, -1, -1]))
    problem = ruled(problem)
    serial = Serial(problem)
    built = serial.run(plan_of(problem, [0, 1, 2, 3]))
    assert built is not None
    assert built.start.tolist() == [20, 24, 0, 25]
    assert Timely(problem, serial, built).late.tolist()[2] == 22


@pytest.mark.parametrize(("rate", "starts"), [(MICRO, [7, 7]), (3 * MICRO, [3, 7])])
def test_a_batch_waits_as_long_as_it_saves_more_than_waiting_costs(rate: int, starts: list[int]) -> None:
    """Four ticks of waiting for an order in work, against five saved."""
    problem = shop([[[(1, 3)], [(0, 4)]], [[(2, 6)], [(0, 4)]]], levels=("money",), hold_rate=column([rate, rate]),
                   mode_cost=column([0, 6 * MICRO, 0, 6 * MICRO]), fixed_mode=column([0, -1, 2, -1]),
                   fixed_start=column([0, -1, 0, -1]))
    problem = ruled(problem, batch_class=[-1, 0, -1, 0], batch_capacity=[2, 0, 0],
                    mode_shared=[0, 5 * MICRO, 0, 5 * MICRO])
    serial = Serial(problem)
    built = serial.run(plan_of(problem, [0, 1, 2, 3]))
    assert built is not None
    aims = Timely(problem, serial, built).start[[1, 3]].tolist()
    assert aims == starts


@pytest.mark.parametrize("seed", range(40))
def test_what_comes_of_it_obeys_every_rule(seed: int) -> None:
    problem = random_rules_problem(seed)
    serial, luck = Serial(problem), random.Random(seed)
    for _ in range(3):
        given = plan_of(problem, luck.sample(range(problem.operations), problem.operations))
        built = serial.run(given)
        if built is None:
            continue
        timely = Timely(problem, serial, built)
        assert (timely.late >= built.start).all()
        found = serial.run(timely.plan(given, 1))
        if found is not None:
            assert [x for x in check(problem, found) if "deadline" not in x and "budget" not in x] == []
            assert evaluate(problem, found) == measures(problem, found)


@pytest.mark.parametrize("seed", range(6))
def test_dispatching_is_no_worse_for_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_rules_problem(seed)
    found, key = ListDispatch().construct(problem, Limits(60.0), Channel())
    monkeypatch.setattr("scheduler.engines.lists.pays", lambda problem: False)
    without, before = ListDispatch().construct(problem, Limits(60.0), Channel())
    assert (found is None) == (without is None)
    if found is not None:
        assert key <= before
        assert key == key_of(problem, found)
