"""The three stories load, have the sizes they promise, and come out of their generators byte for byte."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.evaluation.costs import costs
from scheduler.loading import load, read_mistakes
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.usecases.explain import explain
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.validation.judge import validate

FOLDER = Path(__file__).parents[2] / "scenarios"
STORIES = ("refrigerators", "computers", "special_vehicles")


@cache
def story(name: str) -> Scenario:
    return load(FOLDER / name)


@cache
def plan_of(name: str) -> Plan:
    return build(story(name))


@cache
def dispatched(name: str) -> Outcome:
    return solve(story(name), Options(engine="dispatch", workers=1))


def generator(name: str, file: str = "generate") -> ModuleType:
    """A program that stands beside a story."""
    spec = importlib.util.spec_from_file_location(f"{file}_{name}", FOLDER / name / f"{file}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", STORIES)
def test_without_mistakes(name: str) -> None:
    assert [str(mistake) for mistake in read_mistakes(FOLDER / name)] == []


@pytest.mark.parametrize("name", STORIES)
def test_folder_is_complete(name: str) -> None:
    first = (FOLDER / name / "scenario.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../scenario.schema.json"
    assert "The numbers are ours" in (FOLDER / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "orders", "operations", "resources"), [
    ("refrigerators", 60, (600, 700), (18, 24)),
    ("computers", 200, (1000, 1300), (15, 25)),
    ("special_vehicles", 15, (300, 450), (12, 18)),
])
def test_promised_sizes(name: str, orders: int, operations: tuple[int, int], resources: tuple[int, int]) -> None:
    assert len(story(name).orders) == orders
    assert operations[0] <= len(plan_of(name)) <= operations[1]
    assert resources[0] <= len(story(name).resources) <= resources[1]


def test_vehicles_have_deep_routings() -> None:
    plan = plan_of("special_vehicles")
    per_order = np.bincount(plan.lots.order[plan.op_lot], minlength=15)
    assert 15 <= per_order.min() <= per_order.max() <= 30
    assert (story("special_vehicles").orders.deadline < NEVER).sum() == 2


def test_moulds_are_made_once_and_shared() -> None:
    plan = plan_of("refrigerators")
    shared = {plan.lots.id[i]: i for i in np.flatnonzero(plan.lots.order < 0)}
    assert sorted(shared) == ["mould-bamboo", "mould-golden-prince", "mould-lotus"]
    users = {name: set(plan.pegs.order[plan.pegs.lot == lot].tolist()) for name, lot in shared.items()}
    assert len(users["mould-golden-prince"]) > 1


def test_computers_are_promised_two_business_days() -> None:
    scenario = story("computers")
    for release, due in zip(scenario.orders.release.tolist(), scenario.orders.due.tolist()):
        came, leaves = scenario.axis.to_datetime(release), scenario.axis.to_datetime(due)
        assert leaves.weekday() < 5
        assert (leaves.date() - came.date()).days == (2 if came.weekday() < 3 else 4)


def test_some_computers_wait_for_parts() -> None:
    plan = plan_of("computers")
    bought = plan.pegs.source == SOURCES.index("buy")
    late = plan.pegs.available[bought] > story("computers").orders.due[plan.pegs.order[bought]]
    assert 0 < late.sum() < 20
    reasons = explain(story("computers"), dispatched("computers").schedule).explanations  # type: ignore[arg-type]
    assert any("waiting for memory-64-gb" in reason.summary for reason in reasons)


@pytest.mark.parametrize("name", STORIES)
def test_dispatching_gives_a_valid_schedule(name: str) -> None:
    found = dispatched(name)
    assert found.status == "feasible"
    assert found.schedule is not None
    assert validate(story(name), found.schedule) == []


@pytest.mark.parametrize("name", STORIES)
def test_the_sequence_matters(name: str) -> None:
    """Reconfiguration and lateness are a good part of what dispatching costs, and most orders are on time."""
    scenario, found = story(name), dispatched(name)
    assert found.schedule is not None
    result = costs(scenario, found.schedule)
    changeable = result.reconfiguration.sum() + result.lateness.sum()
    assert 0.15 < changeable / result.total < 0.5
    assert (result.delivery <= scenario.orders.due).mean() > 0.5


@pytest.mark.parametrize(("name", "count"), [("refrigerators", 60), ("computers", 200)])
def test_generator_writes_the_committed_orders(name: str, count: int, tmp_path: Path) -> None:
    generator(name).generate(count, 1, tmp_path)
    assert (tmp_path / "orders.csv").read_bytes() == (FOLDER / name / "orders.csv").read_bytes()
    assert read_mistakes(tmp_path) == []


def test_generator_repeats_itself_and_listens_to_the_seed(tmp_path: Path) -> None:
    make = generator("refrigerators").generate
    for seed, folder in ((1, "a"), (1, "b"), (2, "c")):
        make(400, seed, tmp_path / folder)
    for file in ("orders.csv", "scenario.yaml"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert (tmp_path / "a" / "orders.csv").read_bytes() != (tmp_path / "c" / "orders.csv").read_bytes()


def test_a_generated_month_grows_plant_and_orders_together(tmp_path: Path) -> None:
    generator("refrigerators").generate(800, 1, tmp_path)
    scenario = load(tmp_path)
    plan = build(scenario)
    assert len(scenario.orders) == 800
    assert 10 * 800 <= len(plan) <= 12 * 800
    assert len(scenario.resources) == 4 * 20 + 2
    assert len(plan.mode_resource) < 5 * len(plan)
    found = solve(scenario, Options(engine="dispatch", time_limit=2, workers=1))
    assert found.schedule is not None
    assert (found.costs.delivery <= scenario.orders.due).mean() > 0.6  # type: ignore[union-attr]
