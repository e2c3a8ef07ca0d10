"""The kitchen at five degrees: one demand, more to choose; it comes out of its generator byte for byte."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.loading import load, read_mistakes
from scheduler.planning.build import build
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.validation.judge import validate
from tests.scenarios.test_stories import FOLDER, generator

MENU = FOLDER / "menu"
DEGREES = range(1, 6)


@cache
def kitchen(degree: int) -> Scenario:
    return load(MENU / f"degree-{degree}")


@cache
def dispatched(degree: int) -> Outcome:
    return solve(kitchen(degree), Options(engine="dispatch", time_limit=4, workers=1))


def test_the_story_is_told() -> None:
    text = (MENU / "README.md").read_text(encoding="utf-8")
    assert "The numbers are ours" in text
    table = (MENU / "table.md").read_text(encoding="utf-8")
    assert table in text, "README.md shows the table that study.py wrote last"
    assert (MENU / "plot.png").stat().st_size > 10_000


@pytest.mark.parametrize("degree", DEGREES)
def test_without_mistakes(degree: int) -> None:
    assert [str(mistake) for mistake in read_mistakes(MENU / f"degree-{degree}")] == []


def test_generator_writes_the_committed_files(tmp_path: Path) -> None:
    generator("menu").generate(90, 1, tmp_path)
    for degree in DEGREES:
        for name in ("scenario.yaml", "orders.csv"):
            file = Path(f"degree-{degree}") / name
            assert (tmp_path / file).read_bytes() == (MENU / file).read_bytes(), file


def test_demand_is_the_same_and_choice_grows() -> None:
    one = kitchen(1).orders
    assert len(one) == 90
    options = []
    for degree in DEGREES:
        orders = kitchen(degree).orders
        assert orders.id == one.id
        for column in ("release", "due", "quantity"):
            assert np.array_equal(getattr(orders, column), getattr(one, column))
        options.append({name for variant in orders.variants for name, _ in variant.choices})
    assert options[0] == set()
    assert all(a < b for a, b in pairwise(options))
    assert len(options[-1]) == 9
    assert len(one.variants) == 3
    assert len(kitchen(5).orders.variants) > 80


def test_fewer_orders_may_share_a_batch() -> None:
    batches = []
    for degree in (1, 3, 4, 5):
        plan = build(kitchen(degree))
        assert plan.shop is not None
        batches.append(len({name for name in plan.shop.batch_names if name}))
    assert batches == sorted(batches)
    assert batches[0] < batches[1] < batches[2]


@pytest.mark.parametrize("degree", [1, 5])
def test_dispatching_gives_a_valid_schedule(degree: int) -> None:
    found = dispatched(degree)
    assert found.schedule is not None
    assert validate(kitchen(degree), found.schedule) == []
    assert found.schedule.batch is not None
    assert (found.schedule.batch >= 0).any()


def test_choice_costs_money_and_minutes() -> None:
    figures = [figures_of(degree) for degree in (1, 5)]
    assert figures[0]["cost"] < figures[1]["cost"]
    assert figures[0]["minutes"] < figures[1]["minutes"]
    assert figures[0]["reconfigurations"] < figures[1]["reconfigurations"]


def figures_of(degree: int) -> dict[str, float]:
    found: dict[str, float] = generator("menu", "study").figures(kitchen(degree), dispatched(degree))
    return found


def test_the_study_writes_table_and_plot(tmp_path: Path) -> None:
    study = generator("menu", "study")
    rows = [{"degree": degree, "offer": study.TITLES[degree], **figures_of(degree)} for degree in (1, 5)]
    study.write(rows, tmp_path)
    assert len((tmp_path / "table.md").read_text(encoding="utf-8").splitlines()) == 4
    assert len((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
