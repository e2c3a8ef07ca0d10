"""The stories whose answer lies in the rules of the shop floor: crews that decide, batches, plates, all rules."""

from __future__ import annotations

import importlib.util
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.formats.expected import read_expected
from scheduler.loading import load, read_mistakes
from scheduler.usecases.solve import Options, Outcome, solve

FOLDER = Path(__file__).parents[2] / "scenarios"
STORIES = ("clothing", "bottles", "all_features")


@cache
def story(name: str) -> Scenario:
    return load(FOLDER / name)


@cache
def found(name: str) -> Outcome:
    return solve(story(name), Options(engine="dispatch", deterministic_limit=0.02, time_limit=60, workers=1))


@pytest.mark.parametrize("name", STORIES)
def test_without_mistakes(name: str) -> None:
    assert [str(mistake) for mistake in read_mistakes(FOLDER / name)] == []


@pytest.mark.parametrize("name", STORIES)
def test_folder_is_complete(name: str) -> None:
    first = (FOLDER / name / "scenario.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../scenario.schema.json"
    readme = (FOLDER / name / "README.md").read_text(encoding="utf-8").lower()
    assert "the numbers are ours" in " ".join(readme.split())
    assert "cost_total" in read_expected(FOLDER / name / "expected.json")


@pytest.mark.parametrize("name", STORIES)
def test_a_first_schedule_is_valid_and_near_the_stored_one(name: str) -> None:
    """solve() raises where its judge finds a violation."""
    outcome = found(name)
    assert outcome.status == "feasible"
    assert outcome.kpis is not None
    stored = read_expected(FOLDER / name / "expected.json")["cost_total"].value
    assert isinstance(stored, int)
    assert 0.9 * stored < outcome.kpis.values["cost_total"] < 1.5 * stored


def test_tailors_are_busy_and_machines_are_not() -> None:
    outcome = found("clothing")
    assert outcome.schedule is not None
    assert outcome.kpis is not None
    last = int(outcome.schedule.end.max())
    busy = {}
    for pool in outcome.kpis.pools:
        length = np.diff(np.minimum(pool.time, last))
        busy[pool.name] = float((pool.load * length).sum() / (pool.capacity * length).sum())
    assert min(busy["masters"], busy["journeymen"]) > 0.6
    assert max(busy["measurers"], busy["cutters"], busy["pressers"]) < 0.3
    assert outcome.kpis.values["utilisation"] < 0.3


def test_a_fitting_is_the_next_day_and_stitchers_work_part_time() -> None:
    outcome = found("clothing")
    assert outcome.schedule is not None
    axis = outcome.scenario.axis
    rows = {(row.lot, row.operation): row for row in outcome.schedule.rows()}
    suits = [lot for lot, operation in rows if operation == "fitting"]
    assert len(suits) == 21
    for lot in suits:
        basted, fitted = axis.to_datetime(rows[lot, "baste"].end), axis.to_datetime(rows[lot, "fitting"].start)
        assert fitted.date() > basted.date()
    starts = [axis.to_datetime(row.start) for row in rows.values() if row.operation in ("hand stitching", "monogram")]
    assert starts
    assert all(start.weekday() < 4 for start in starts)


def test_large_orders_are_printed_from_plates() -> None:
    outcome = found("bottles")
    assert outcome.schedule is not None
    quantity = dict(zip(outcome.scenario.orders.id, outcome.scenario.orders.quantity.tolist()))
    plates = [quantity[row.order] for row in outcome.schedule.rows() if row.operation == "print plate"]
    digital = [quantity[row.order] for row in outcome.schedule.rows() if row.operation == "print digital"]
    assert plates
    assert np.mean(plates) > 5 * np.mean(digital)
    assert max(plates) == 240


def test_the_oven_runs_batches_of_one_finish() -> None:
    outcome = found("bottles")
    assert outcome.schedule is not None
    cured = [row for row in outcome.schedule.rows() if row.operation == "cure"]
    batches = Counter(row.start for row in cured)
    assert len(batches) < 0.7 * len(cured)
    assert len({(row.start, row.configuration) for row in cured}) == len(batches)


def test_only_private_orders_are_refused() -> None:
    outcome = found("bottles")
    assert outcome.schedule is not None
    customers = outcome.scenario.orders.customer
    assert {customers[order] for order in outcome.schedule.refused} <= {"private"}


def test_generator_writes_the_committed_orders(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("generate_bottles", FOLDER / "bottles" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.generate(100, 1, tmp_path / "same")
    assert (tmp_path / "same" / "orders.csv").read_bytes() == (FOLDER / "bottles" / "orders.csv").read_bytes()
    module.generate(300, 2, tmp_path / "more")
    assert read_mistakes(tmp_path / "more") == []
    assert len(load(tmp_path / "more").orders) == 300
