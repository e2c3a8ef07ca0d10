"""The list behind a stored schedule builds that schedule again, whatever rules there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.encoding.encode import encode
from scheduler.planning.build import build
from scheduler.problem.problem import Problem, Solution
from scheduler.problem.serial.serial import Serial, plan_from, plan_of
from tests.generated.rules.factories import ruled
from tests.rules.mixture import random_rules_problem

LISTS = 3


def schedules(problem: Problem) -> list[Solution]:
    """The schedules of some lists."""
    serial, luck = Serial(problem), np.random.default_rng(1)
    found = [serial.run(plan_of(problem, luck.permutation(problem.operations))) for _ in range(LISTS)]
    return [solution for solution in found if solution is not None]


def again(problem: Problem, solution: Solution) -> Solution | None:
    """What the list behind it makes of a schedule that does not say how it was made."""
    assert solution.extra is not None
    plan = plan_from(problem, replace(solution, extra=replace(solution.extra, placed=None)))
    plan.after = np.where(solution.mode >= 0, solution.start, 0)
    return Serial(problem).run(plan)


def differences(problem: Problem) -> list[str]:
    wrong = []
    for solution in schedules(problem):
        other = again(problem, solution)
        if other is None:
            wrong.append("none")
        elif (other.start != solution.start).any() or (other.mode != solution.mode).any():
            wrong.append(f"{int((other.start != solution.start).sum())} of {problem.operations}")
    return wrong


@pytest.mark.parametrize("seed", range(60))
def test_a_random_problem(seed: int) -> None:
    assert differences(random_rules_problem(seed)) == []


@pytest.mark.parametrize("seed", range(500, 560))
def test_a_generated_factory(seed: int) -> None:
    scenario = ruled(seed)[0].scenario()
    problem = encode(scenario, build(scenario))
    assert differences(problem) == []
