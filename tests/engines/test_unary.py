"""Annealing on orders, where modes take a machine and a worker: exact on tiny problems, and what it says is true."""

from __future__ import annotations

import pytest

from scheduler.encoding.encode import encode
from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.portfolio import PortfolioEngine
from scheduler.engines.unary import relaxed, unary
from scheduler.planning.build import build
from scheduler.problem.makespan_bounds import makespan_bound
from scheduler.problem.problem import Problem
from tests.rules.kit import factory, order, step
from tests.rules.reference import check


def problem(seed: int) -> Problem:
    """Three orders of two operations on two machines, with two people of one skill each, all durations different."""
    hours = [1 + (seed * 7 + 3 * i) % 4 for i in range(6)]
    people = [{"skill": f"s{(seed + i) % 2}", "people": 1, "during": "run"} for i in range(6)]
    made = [order(f"O{i}", {"a": step(hours[2 * i], "m1", "m2", crews=[people[2 * i]]),
                            "b": step(hours[2 * i + 1], "m2", crews=[people[2 * i + 1]])}) for i in range(3)]
    crews = {f"w{i}": {"skills": {f"s{i}": 100}, "people": 1} for i in range(2)}
    scenario = factory({"c": {"resources": {"m1": {}, "m2": {}}}}, made, plant={"crews": crews})
    return encode(scenario, build(scenario))


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_the_optimum_and_its_bounds_hold(seed: int) -> None:
    given = problem(seed)
    assert unary(given)
    exact = CpSatEngine().solve(given, None, Limits(20.0, workers=1), Channel())
    assert exact.status == "optimal"
    assert exact.objective is not None
    found = AnnealingEngine().solve(given, None, Limits(10.0, deterministic=0.05), Channel())
    assert found.solution is not None
    assert found.objective == exact.objective
    assert check(given, found.solution) == []
    for plain in relaxed(given):
        assert max(makespan_bound(plain, 0.5), default=0) <= exact.objective[0]


def test_the_portfolio_proves_it_where_a_bound_is_reached() -> None:
    proven = [PortfolioEngine().solve(problem(seed), None, Limits(1.0), Channel()) for seed in range(4)]
    assert any(found.status == "optimal" for found in proven)


def test_the_same_seed_and_work_repeat() -> None:
    given = problem(3)
    ends = [AnnealingEngine().solve(given, None, Limits(30.0, deterministic=0.02, seed=5), Channel()) for _ in range(2)]
    assert ends[0].solution is not None
    assert ends[1].solution is not None
    assert (ends[0].solution.start == ends[1].solution.start).all()
