"""An independent brute force agrees with the proven optimum, for each part of each rule with several random numbers;
and every engine's solution is accepted and measured alike by the independent checker."""

from __future__ import annotations

import pytest

from scheduler.encoding.encode import encode
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.portfolio import engine
from scheduler.planning.build import build
from scheduler.problem.problem import MEASURES, Problem
from tests.rules.factories import PARTS, Part
from tests.rules.reference import brute_force, check, measures

SEEDS = (1, 2)
LIMITS = {"dispatch": 0.02, "annealing": 0.01, "cpsat": 0.2}
"""Deterministic work by engine."""


def ruled(part: Part, seed: int | None) -> Problem:
    """The problem of a part with other numbers."""
    scenario = part.scenario(seed=seed)
    problem = encode(scenario, build(scenario))
    assert problem.rules is not None
    return problem


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.rule} {part.name}")
def test_brute_force_agrees_with_every_proof(part: Part, seed: int) -> None:
    problem = ruled(part, seed)
    values, proven = {}, None
    for name, work in LIMITS.items():
        result = engine(name).solve(problem, None, Limits(seconds=20.0, deterministic=work, workers=1), Channel())
        if result.solution is None:
            assert result.status in ("infeasible", "not_found")
            continue
        assert check(problem, result.solution) == []
        measured = dict(zip(MEASURES, measures(problem, result.solution)))
        values[name] = tuple(measured[level] for level in problem.levels)
        assert result.objective == values[name]
        if result.status == "optimal":
            proven = values[name]
            ends = int(result.solution.end.max(initial=0))
    assert proven is not None, "so small a factory is solved to proof"
    best = brute_force(problem, max(ends, part.hours))
    assert best is not None
    assert best[0] == proven
    assert all(value >= proven for value in values.values())

