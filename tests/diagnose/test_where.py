"""`diagnose` by itself: paths into the scenario, without files."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Location
from scheduler.usecases.diagnose import diagnose
from tests.factories import tiny_factory, tiny_orders


def said(orders: list[dict[str, Any]] | None = None, **overrides: Any) -> dict[Location, str]:
    file = ScenarioFile.model_validate(tiny_factory(**overrides))
    entries = [OrderEntry.model_validate(order) for order in (tiny_orders() if orders is None else orders)]
    return {mistake.where: mistake.what for mistake in diagnose(file, entries)}


def test_a_good_factory() -> None:
    assert said() == {}


def test_paths_into_plant_and_catalog() -> None:
    assert said(plant={"cells": {"shop": {"calendar": "night"}}},
                catalog={"components": {"body": {"operations": {"press": {"capability": "pres"}}}}}) == {
        ("plant", "cells", "shop", "calendar"): "unknown calendar 'night'",
        ("catalog", "components", "body", "operations", "press", "capability"):
            "unknown capability 'pres', which no resource has",
    }


def test_paths_into_orders() -> None:
    orders = [*tiny_orders(), {"id": "A1", "family": "cabinet", "choices": {"colour": "pink"}},
              {"id": "A5", "family": "cabinet", "release": date(2024, 1, 9), "due": date(2024, 1, 8)}]
    assert list(said(orders)) == [("orders", 4, "id"), ("orders", 4, "choices", "colour"), ("orders", 5, "due")]


def test_due_on_the_day_of_the_release_is_no_mistake() -> None:
    day = date(2024, 1, 9)
    assert said([{"id": "A5", "family": "cabinet", "release": day, "due": day, "deadline": day}]) == {}


def test_stock_counts_over_all_orders_and_levels() -> None:
    short = said(catalog={"components": {"sheet": {"buy": None}}})
    assert short == {("catalog", "components", "sheet"):
                     "component 'sheet' is needed 21 times, 6 are in stock, and it can neither be made nor bought"}
    assert said(catalog={"components": {"sheet": {"buy": None, "stock": 21}}}) == {}


def test_only_orders_that_are_too_large_are_told() -> None:
    orders = [{"id": f"A{n}", "family": "cabinet", "quantity": n} for n in (1, 200, 40, 90)]
    found = said(orders)
    assert list(found) == [("orders", 1, "quantity"), ("orders", 3, "quantity")]
    assert found["orders", 3, "quantity"] == (
        "no resource can make order 'A90': operation 'assemble' takes 18 h, and the longest open window is 16 h "
        "(resource 'bench2')")


def test_what_a_tool_needs_is_checked_once() -> None:
    assert said(catalog={"components": {"mould": {"components": [{"component": "steel"}]}}}) == {
        ("catalog", "components", "mould", "components", 0, "component"): "unknown component 'steel'"}


def test_work_follows_the_configurations_not_the_orders() -> None:
    orders = [{"id": f"A{n}", "family": "cabinet", "choices": {"colour": "red"}, "due": date(2024, 2, 1)}
              for n in range(5000)]
    assert said(orders) == {}
