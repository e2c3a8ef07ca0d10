"""Schedules built from lists obey every rule, by the independent checker, and are priced to the last unit."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import FAR, MICRO, Problem, Solution
from scheduler.problem.rules import HOLD, RUN, TOGETHER
from scheduler.problem.serial.blocks import components
from scheduler.problem.serial.layout import shop_of
from scheduler.problem.serial.serial import ENDLESS, Serial, plan_from, plan_of
from tests.engines.problems import column
from tests.engines.small import ft06, shop, states
from tests.rules.problems import RULES, problem_with, random_rules_problem, ruled
from tests.rules.reference import check, measures

LIMITS = ("deadline", "budget")
"""What a list may break: only a search can keep it."""


def broken(problem: Problem, solution: Solution) -> list[str]:
    return [x for x in check(problem, solution) if not any(word in x for word in LIMITS)]


def build(problem: Problem, order: list[int] | None = None) -> Solution:
    found = Serial(problem).run(plan_of(problem, order or range(problem.operations)))
    assert found is not None
    assert broken(problem, found) == []
    assert evaluate(problem, found) == measures(problem, found)
    return found


def lists(problem: Problem, seed: int) -> list[Solution]:
    """The schedules of a few random lists, those that lead to one."""
    serial, luck, found = Serial(problem), random.Random(seed), []
    for i in range(4):
        plan = plan_of(problem, luck.sample(range(problem.operations), problem.operations))
        plan.reserving, plan.eager = i % 2 == 1, i // 2
        plan.overtime[:] = i == 3
        found.append(serial.run(plan))
    return [x for x in found if x is not None]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_alone_is_obeyed(rule: object) -> None:
    built = 0
    for seed in range(8):
        problem = problem_with(rule, seed)  # type: ignore[arg-type]
        for solution in lists(problem, seed):
            assert broken(problem, solution) == [], seed
            assert evaluate(problem, solution) == measures(problem, solution), seed
            built += 1
    assert built


@pytest.mark.parametrize("seed", [*range(60), 236, 237])
def test_any_mixture_is_obeyed(seed: int) -> None:
    problem = random_rules_problem(seed)
    for solution in lists(problem, seed):
        assert broken(problem, solution) == []
        assert evaluate(problem, solution) == measures(problem, solution)


@pytest.mark.parametrize("seed", range(30))
def test_the_plan_of_a_schedule_builds_it_again(seed: int) -> None:
    problem = random_rules_problem(seed)
    serial = Serial(problem)
    for solution in lists(problem, seed):
        again = serial.run(plan_from(problem, solution))
        if again is not None:
            assert broken(problem, again) == []


def test_rules_that_change_nothing_give_the_job_shop() -> None:
    assert build(ruled(ft06())).end.max() >= 55


def test_an_operation_pauses_over_the_night() -> None:
    problem = shop([[[(0, 6)]]], windows=((0, 4), (10, 20)))
    assert Serial(ruled(problem)).run(plan_of(ruled(problem), [0])).start.tolist() == [10]  # type: ignore[union-attr]
    found = build(ruled(problem, mode_pause=[True]))
    assert (found.start.tolist(), found.end.tolist()) == ([0], [12])


def test_a_crew_is_shared() -> None:
    problem = shop([[[(0, 3)]], [[(1, 3)]]])
    crew = {"pool_first": [0, 1], "pool_time": [0], "need_first": [0, 1, 2], "need_pool": [0, 0],
            "need_quantity": [1, 1], "need_phase": [RUN, RUN]}
    assert build(ruled(problem, **crew, pool_capacity=[1])).start.tolist() == [0, 3]
    assert build(ruled(problem, **crew, pool_capacity=[2])).start.tolist() == [0, 0]


def test_a_fixture_is_held_from_the_preparation_on() -> None:
    given = states([[0, 2], [2, 0]], [1, 0], initial=0)
    problem = shop([[[(0, 3)]]], **{**given, "mode_state": column([1])})
    rules = {"pool_first": [0, 2], "pool_time": [0, 4], "pool_capacity": [0, 1], "need_first": [0, 1],
             "need_pool": [0], "need_quantity": [1], "need_phase": [HOLD]}
    found = build(ruled(problem, **rules))
    assert found.extra is not None
    assert (found.extra.prepare_start[0], found.start[0]) == (4, 6)


def test_no_wait_pushes_the_first_operation() -> None:
    """The second resource is taken until 7, so the first operation waits until its successor can follow at once."""
    problem = shop([[[(1, 7)]], [[(0, 2)], [(1, 3)]]])
    found = build(ruled(problem, arc_max=[0]), [0, 1, 2])
    assert found.start.tolist() == [0, 5, 7]


def test_operations_start_together() -> None:
    problem = shop([[[(1, 5)]], [[(0, 2)]], [[(1, 3)]]])
    found = build(ruled(problem, link_kind=[TOGETHER], link_a=[1], link_b=[2]), [0, 1, 2])
    assert found.start.tolist() == [0, 5, 5]


def test_a_batch_runs_at_once_up_to_its_capacity() -> None:
    problem = shop([[[(0, 4)]], [[(0, 4)]], [[(0, 4)]]], mode_cost=column([3_000_000] * 3), levels=("money",))
    found = build(ruled(problem, batch_class=[0, 0, 0], batch_capacity=[2], mode_shared=[2_000_000] * 3))
    assert sorted(found.start.tolist()) == [0, 0, 4]
    assert evaluate(problem=ruled(problem, batch_class=[0, 0, 0], batch_capacity=[2], mode_shared=[2_000_000] * 3),
                    solution=found)[0] == 7


def test_a_full_buffer_blocks_the_resource() -> None:
    """Without room in between, the first resource is free only when the second takes the lot."""
    problem = shop([[[(0, 1)], [(1, 5)]], [[(0, 1)], [(1, 5)]], [[(0, 1)], [(1, 5)]]])
    given = {"group": [0, 1], "buffer": [[-1, 0], [-1, -1]], "pool_first": [0, 1], "pool_time": [0]}
    blocked = build(ruled(problem, **given, pool_capacity=[0]))
    assert blocked.start[4] == 6
    assert build(ruled(problem, **given, pool_capacity=[1])).start[4] == 2


def test_a_batch_leaves_into_a_buffer_that_has_room_for_all_of_it() -> None:
    problem = shop([[[(0, 4)], [(1, 2)]], [[(0, 4)], [(1, 2)]]])
    given = {"group": [0, 1], "buffer": [[-1, 0], [-1, -1]], "pool_first": [0, 1], "pool_time": [0],
             "batch_class": [0, -1, 0, -1], "batch_capacity": [2, 0]}
    together = build(ruled(problem, **given, pool_capacity=[2]), [0, 2, 1, 3])
    assert (together.start[0], together.start[2]) == (0, 0)
    assert together.extra is not None
    assert together.extra.leave[0] == together.extra.leave[2] == 4
    apart = build(ruled(problem, **given, pool_capacity=[1]), [0, 2, 1, 3])
    assert (apart.start[0], apart.start[2]) == (0, 4)


@pytest.mark.parametrize("seed", range(30))
def test_only_what_costs_too_much_is_given_up(seed: int) -> None:
    problem = replace(random_rules_problem(seed), levels=("money",))
    serial = Serial(problem)
    for solution in lists(problem, seed):
        plan, money = plan_from(problem, solution), evaluate(problem, solution)[0]
        whole = serial.run(plan)
        for limit in (money // 2, money - 1, money, 2 * money) if whole is not None else ():
            serial.beat(limit)
            found = serial.run(plan)
            if serial.dear:
                assert evaluate(problem, whole)[0] > limit  # type: ignore[arg-type]
            else:
                assert found is not None
                assert found.start.tolist() == whole.start.tolist()  # type: ignore[union-attr]
        serial.most = ENDLESS


def test_what_cannot_cost_less_is_given_up() -> None:
    problem = ruled(shop([[[(0, 3)]], [[(0, 3)]]], levels=("money",), mode_cost=column([100 * MICRO] * 2)))
    serial = Serial(problem)
    serial.beat(100)
    assert serial.run(plan_of(problem, [0, 1])) is None
    assert serial.dear
    serial.beat(200)
    assert serial.run(plan_of(problem, [0, 1])) is not None
    assert not serial.dear


def test_work_in_process_is_limited() -> None:
    problem = shop([[[(0, 2)], [(1, 4)]], [[(0, 2)], [(1, 4)]]])
    given = {"pool_first": [0, 1], "pool_time": [0], "pool_capacity": [1], "job_pool": 0}
    assert build(ruled(problem, **given), [0, 2, 1, 3]).start[2] == 6


def test_a_pinned_operation_is_not_pushed() -> None:
    problem = shop([[[(0, 3)]], [[(0, 3)]]], fixed_mode=column([-1, 1]), fixed_start=column([-1, 2]))
    assert build(ruled(problem)).start.tolist() == [5, 2]


def test_what_happened_comes_first() -> None:
    problem = shop([[[(0, 3)]], [[(0, 3)]]], fixed_mode=column([-1, 1]), fixed_start=column([-1, 1]))
    found = build(ruled(problem, fact=[False, True], fixed_end=[-1, 6], now=4))
    assert (found.start.tolist(), found.end.tolist(), found.rank.tolist()) == ([6, 1], [9, 6], [1, 0])


def test_blocks_close_over_what_lies_between() -> None:
    """Ends tied by a common start make a circle with the operation between them: one block."""
    problem = shop([[[(0, 1)], [(1, 1)], [(2, 1)]]])
    packed = shop_of(ruled(problem, link_kind=[TOGETHER], link_a=[0], link_b=[2]))
    assert packed.op["block"].tolist() == [0, 0, 0]
    number, count = components(4, np.array([0, 1, 2, 3]), np.array([1, 2, 0, 0]))
    assert count == 2
    assert len({*number[:3].tolist()}) == 1


def test_a_latest_end_comes_before_what_the_list_prefers() -> None:
    problem = shop([[[(0, 5)]], [[(0, 2)]]])
    found = build(ruled(problem, latest_end=[int(FAR), 4]), [0, 1])
    assert found.start.tolist() == [2, 0]
