"""The generated factories and shops: a Problem says of them what they are, and their checkers refuse what is wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from benchmarks import factory, parts, plain
from benchmarks.factory import WrongError
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.portfolio import engine
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import Problem, Solution


def solved(problem: Problem, name: str = "dispatch") -> Solution:
    found = engine(name).solve(problem, None, Limits(5, deterministic=0.1), Channel()).solution
    assert found is not None
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_problem_costs_what_the_factory_pays(seed: int) -> None:
    made = factory.draw(200, seed)
    problem = factory.problem_of(made)
    for found in (solved(problem), solved(problem, "annealing")):
        paid = factory.cost_of(made, found.mode, found.start)
        assert evaluate(problem, found)[0] / factory.UNIT == pytest.approx(paid, abs=0.02 * len(made.last))
        ends = found.end[made.last]
        assert (ends < made.due).any(), "a factory without early orders shows nothing of their price"


def test_the_factory_refuses_what_its_rules_forbid() -> None:
    made = factory.draw(200, 1)
    found = solved(factory.problem_of(made))
    follower = int(np.flatnonzero(np.diff(made.pred_first))[0])
    resource = made.mode_resource[found.mode]
    order = np.lexsort((found.start, resource))
    second = next(b for a, b in pairwise(order) if resource[a] == resource[b]
                  and made.setup[resource[a], made.state[a], made.state[b]] > 0)
    later = int(np.argmax(made.release))
    for o, start, mode, said in ((follower, int(found.start[made.pred[0]]), None, "has ended"),
                                 (later, 400, None, "release"),
                                 (follower, int(found.start.max()) + 14 * 1440, found.mode[follower - 1], "another"),
                                 (int(made.last[0]), 6 * 1440 + 700 + 52 * factory.WEEK, None, "closed")):
        wrong = replace(found, start=found.start.copy(), mode=found.mode.copy())
        wrong.start[o] = start
        if mode is not None:
            wrong.mode[o] = mode
        with pytest.raises(WrongError, match=said):
            factory.cost_of(made, wrong.mode, wrong.start)
    free = replace(made, release=np.zeros_like(made.release), pred=made.pred[:0], pred_first=made.pred_first * 0)
    wrong = replace(found, start=found.start.copy())
    before = order[list(order).index(second) - 1]
    wrong.start[second] = found.end[before]
    with pytest.raises(WrongError, match=r"is ready|closed"):
        factory.cost_of(free, wrong.mode, wrong.start)


def test_a_factory_is_the_same_for_a_seed_and_about_as_large_as_asked() -> None:
    a, b, other = factory.draw(300, 1), factory.draw(300, 1), factory.draw(300, 2)
    assert (a.mode_duration == b.mode_duration).all()
    assert len(a.mode_duration) != len(other.mode_duration) or (a.mode_duration != other.mode_duration).any()
    assert 300 <= len(a.order) < 320


def test_a_plain_shop_is_measured_and_wrong_schedules_are_refused() -> None:
    problem = plain.draw(20, 10, 5)
    found = solved(problem)
    assert plain.makespan_of(problem, found) == evaluate(problem, found)[1] >= plain.load_bound(problem)
    resource = problem.mode_resource[found.mode]
    order = np.lexsort((found.start, resource))
    after = next(b for a, b in pairwise(order) if resource[a] == resource[b])
    for start, said in ((found.start - 1, "outset"), (np.zeros_like(found.start), "before it in its job")):
        wrong = replace(found, start=start, end=start + problem.mode_duration[found.mode])
        with pytest.raises(WrongError, match=said):
            plain.makespan_of(problem, wrong)
    unordered = replace(problem, pred=problem.pred[:0], pred_first=problem.pred_first * 0)
    start = found.start.copy()
    start[after] -= 1
    with pytest.raises(WrongError, match="same time"):
        plain.makespan_of(unordered, replace(
            found, start=start + 100, end=start + 100 + problem.mode_duration[found.mode]))
    with pytest.raises(WrongError, match="shorter"):
        plain.makespan_of(problem, replace(found, end=found.end + 1))


def test_modes_of_an_operation_are_on_different_resources() -> None:
    problem = plain.draw(50, 13, 4)
    owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
    assert len(np.unique(owner * 13 + problem.mode_resource)) == len(owner)


@pytest.mark.parametrize("way", parts.WAYS)
def test_parts_and_independent_runs_never_cost_more_than_their_start(way: str) -> None:
    problem = factory.problem_of(factory.draw(300, 1))
    start = solved(problem)
    assert 0 < parts.measure(way, problem, start, Limits(0.3, seed=1, workers=2)) <= 1
