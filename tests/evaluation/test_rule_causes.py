"""The optimum of every rule's tiny factories, priced and explained: each rule has a cause, no chain a gap."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from functools import cache

import pytest

import tests.rules.factories
from scheduler.domain.results import Explanation
from scheduler.domain.schedule import Header
from scheduler.encoding.decode import decode
from scheduler.encoding.encode import encode
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.cpsat.rules.engine import solve_with_rules
from scheduler.evaluation.costs import costs, measures
from scheduler.evaluation.kpis import kpis
from scheduler.planning.build import build
from scheduler.report.data import report_data
from scheduler.report.html import render
from tests.evaluation.shops import dragged, told
from tests.report.shops import baked, bakery
from tests.rules.kit import PARTS, Part

for module in pkgutil.iter_modules(tests.rules.factories.__path__):
    importlib.import_module(f"tests.rules.factories.{module.name}")

CAUSES = {1: {"now", "pinned", "announced", "moved", "material"}, 2: {"crew", "pause"}, 3: {"fixture"}, 4: {"module"},
          5: {"pause", "calendar", "maintenance"}, 6: {"lag", "link", "vehicle"}, 7: {"material"}, 8: {"refused"},
          9: {"component"}, 10: {"campaign"}, 11: {"buffer", "orders"}}
"""What explanations of each rule's factories must name, all of them."""
LONGEST = 30


@cache
def explained(name: str) -> tuple[Explanation, ...]:
    """Explanations of all orders in the optimum of a part; its price is the engine's."""
    scenario = next(part for part in PARTS if part.name == name).scenario()
    plan = build(scenario)
    problem = encode(scenario, plan)
    result = solve_with_rules(problem, None, Limits(seconds=LONGEST, workers=1), Channel())
    assert result.solution is not None
    schedule = decode(scenario, plan, problem, result.solution, Header(scenario.name))
    found = costs(scenario, schedule)
    value = measures(scenario, schedule, found)
    assert tuple(value[level] for level in problem.levels) == result.objective
    figures = kpis(scenario, schedule, found).values
    assert sum(figures["cost_terms"].values()) == sum(figures["cost_split"].values()) == found.total
    return tuple(told(scenario, schedule, j) for j in range(len(scenario.orders)))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.rule} {part.name}")
def test_priced_and_explained_without_a_gap(part: Part) -> None:
    for found in explained(part.name):
        assert found.chain or "refused" in found.summary


def test_every_rule_has_its_causes() -> None:
    named: dict[int, set[str]] = defaultdict(set)
    for part in PARTS:
        for found in explained(part.name):
            named[part.rule] |= {cause.kind for cause in found.chain} or {"refused"}
    assert {rule: kinds - named[rule] for rule, kinds in CAUSES.items() if kinds - named[rule]} == {}
    assert {part.rule for part in PARTS} == set(CAUSES)


@pytest.mark.parametrize("seed", range(20))
def test_dragged_bars_are_priced_and_explained_too(seed: int) -> None:
    scenario = bakery()
    schedule = dragged(baked(scenario), seed)
    found = costs(scenario, schedule)
    figures = kpis(scenario, schedule, found).values
    assert sum(figures["cost_terms"].values()) == sum(figures["cost_split"].values()) == found.total
    for j in range(len(scenario.orders)):
        told(scenario, schedule, j)
    if seed < 3:
        render(report_data(scenario, schedule, found, kpis(scenario, schedule, found), (), (), ()))
