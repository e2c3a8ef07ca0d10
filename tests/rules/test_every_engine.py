"""One semantic suite over all engines for the rules of the shop floor: a line for each part of each rule.

In each tiny factory the rule decides the result: with it and without it the optimum differs, and both were worked out
by hand. Solving raises where the judge objects or where the evaluated cost is not the engine's objective.
"""

from __future__ import annotations

import pytest

from scheduler.usecases.solve import Options, solve
from tests.rules.factories import PARTS, Part

LIMITS = {"auto": 0.06, "dispatch": 0.02, "annealing": 0.02, "cpsat": 0.2}
"""Deterministic work by engine."""
PROVING = ("auto", "cpsat")
SUBJECTS = 11
"""Rules of the shop floor, as they are numbered in the factories."""


def options(engine: str) -> Options:
    return Options(engine=engine, deterministic_limit=LIMITS[engine], workers=1, time_limit=20)


@pytest.mark.parametrize("engine", LIMITS)
@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.rule} {part.name}")
def test_the_rule_decides(part: Part, engine: str) -> None:
    found = solve(part.scenario(), options(engine))
    assert found.schedule is not None
    assert found.objective is not None
    assert found.bound is None or found.bound <= part.best
    if engine in PROVING:
        assert (found.status, found.objective) == ("optimal", part.best)
    else:
        assert part.best <= found.objective <= part.found.get(engine, part.best)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.rule} {part.name}")
def test_without_the_rule_it_is_another_optimum(part: Part) -> None:
    found = solve(part.scenario(rule=False), options("cpsat"))
    assert part.best != part.without
    assert (found.status, found.objective) == ("optimal", part.without)


def test_every_rule_has_a_line() -> None:
    assert {part.rule for part in PARTS} == set(range(1, SUBJECTS + 1))
    assert len({part.name for part in PARTS}) == len(PARTS)
