"""One semantic suite over all engines: what every engine promises, on small random problems, against the slow
reference."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.contract import Channel, Engine, Limits, Result
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import Problem
from tests.engines.problems import Features, problems
from tests.reference import brute_force, check, end_of_time, reference_measures, reference_objective

ENGINES: list[Callable[[], Engine]] = [CpSatEngine, DispatchEngine, AnnealingEngine]
LIMITS = Limits(seconds=5.0, deterministic=0.1, workers=1)
GIVEN_UP = ("deadline", "budget", "fixed start")
"""What a solution may break that is shown with status not_found, and never called a schedule."""
AFFORDABLE = 3_000
"""Schedules that brute force may look at in a test."""
PLAIN = Features(operations=4, holding=False)
HOLDING = Features(operations=3, jobs=2)
LIMITED = Features(operations=4, holding=False, deadlines=True, budgets=True)
FIXED = Features(operations=4, holding=False, fixed=True)
WIDE = Features(operations=9, jobs=4)

suite = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def solve(engine: Callable[[], Engine], problem: Problem) -> Result:
    """The engine's result, with everything that needs no optimum already checked."""
    channel = Channel()
    result = engine().solve(problem, None, LIMITS, channel)
    if result.solution is not None:
        broken = check(problem, result.solution)
        assert result.objective == reference_objective(problem, result.solution)
        assert evaluate(problem, result.solution) == reference_measures(problem, result.solution)
        if result.status in ("optimal", "feasible"):
            assert broken == []
            assert channel.objective is not None
            assert result.objective <= channel.objective
            assert result.bound is None or result.bound <= result.objective[0]
        else:
            assert all(any(what in b for what in GIVEN_UP) for b in broken)
    else:
        assert result.status in ("infeasible", "not_found")
    assert not [e for e in result.trace if "dropped" in e.source]
    return result


def affordable(problem: Problem) -> bool:
    """Whether brute force ends soon."""
    count = float(np.prod(np.diff(problem.mode_first))) * factorial(problem.operations)
    held = (problem.hold_rate > 0).sum() if problem.weights[4] > 0 else 0
    return count * float(end_of_time(problem)) ** held <= AFFORDABLE * 20


def judge(problem: Problem, result: Result) -> None:
    """Claims of proof agree with brute force."""
    best = brute_force(problem)
    if best is None:
        assert result.status in ("infeasible", "not_found")
        return
    assert result.status != "infeasible"
    assert result.bound is None or result.bound <= best[0][0]
    if result.objective is not None and result.status in ("optimal", "feasible"):
        assert result.objective >= best[0]
    if result.status == "optimal":
        assert result.objective == best[0]


@pytest.mark.parametrize("engine", ENGINES)
class TestEveryEngine:
    @suite
    @given(problem=problems(PLAIN))
    def test_regular_measures(self, engine: Callable[[], Engine], problem: Problem) -> None:
        judge(problem, solve(engine, problem))

    @suite
    @given(problem=problems(HOLDING))
    def test_holding(self, engine: Callable[[], Engine], problem: Problem) -> None:
        result = solve(engine, problem)
        if affordable(problem):
            judge(problem, result)

    @suite
    @given(problem=problems(LIMITED))
    def test_deadlines_and_budgets(self, engine: Callable[[], Engine], problem: Problem) -> None:
        judge(problem, solve(engine, problem))

    @suite
    @given(problem=problems(WIDE))
    def test_more_operations(self, engine: Callable[[], Engine], problem: Problem) -> None:
        solve(engine, problem)

    @suite
    @given(problem=problems(FIXED))
    def test_fixed_operations(self, engine: Callable[[], Engine], problem: Problem) -> None:
        judge(problem, solve(engine, problem))
