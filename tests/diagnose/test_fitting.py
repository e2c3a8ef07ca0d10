"""What makes an operation fit that is longer than every shift, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diagnose.test_where import said
from tests.factories import plain_factory

NINE_HOURS = {"capability": "work", "work": {"per_piece": "270 min"}}
TOO_LONG = ("no resource can make order 'A': operation 'long' takes 9 h, and the longest open window is 8 h "
            "(resource 'one')")
ORDERS = [{"id": "A", "family": "thing", "quantity": 2}]


def works(operation: dict[str, Any], cell: dict[str, Any] | None = None, family: dict[str, Any] | None = None,
          **plant: Any) -> dict[Any, str]:
    factory = plain_factory({"cell": {"calendar": "day", "capabilities": ["work"], "resources": {"one": {}},
                                      **(cell or {})}})
    day = {"weekly": {"mon-fri": ["08:00-16:00"]}, **plant.pop("day", {})}
    factory["plant"] |= {"calendars": {"day": day}, **plant}
    operations = {"long": {**NINE_HOURS, **operation}}
    factory["catalog"] = {"families": {"thing": {"operations": operations, **(family or {})}}}
    return said(ORDERS, **factory)


def test_it_is_too_long() -> None:
    assert works({}) == {("orders", 0, "quantity"): TOO_LONG}


@pytest.mark.parametrize("works_with", [
    {"operation": {"pausing": True}},
    {"operation": {"split": {"parts": 2}}},
    {"operation": {"alternatives": [{"work": {"per_piece": "3 h"}}]}},
    {"operation": {}, "family": {"sub_plans": {"shorter": {"replaces": ["long"], "operations": {
        "first": {"capability": "work", "work": {"fixed": "4 h"}}}}}}},
    {"operation": {}, "day": {"overtime": [
        {"start": "2024-01-09T16:00:00", "end": "2024-01-09T17:00:00", "cost": 9}]}},
    {"operation": {}, "cell": {"resources": {"one": {"speeds": [
        {"start": "2024-01-09T00:00:00", "end": "2024-01-10T00:00:00", "percent": 113}]}}}},
    {"operation": {"crews": [{"skill": "work"}]}, "crews": {"fast": {"skills": {"work": 80}, "calendar": "day"}}},
], ids=["pausing", "split", "alternative", "sub-plan", "overtime", "speed", "crew"])
def test_it_fits_then(works_with: dict[str, Any]) -> None:
    assert works(**works_with) == {}


@pytest.mark.parametrize("works_with", [
    {"operation": {"split": {"parts": 2, "minimum": 2}}},
    {"operation": {}, "family": {"sub_plans": {"longer": {"replaces": ["long"], "operations": {
        "first": {"capability": "work", "work": {"fixed": "10 h"}}}}}}},
    {"operation": {}, "day": {"overtime": [
        {"start": "2024-01-09T17:00:00", "end": "2024-01-09T20:00:00", "cost": 9}]}},
], ids=["parts too small", "sub-plan", "overtime apart"])
def test_it_does_not_fit_then(works_with: dict[str, Any]) -> None:
    assert works(**works_with) == {("orders", 0, "quantity"): TOO_LONG}


def test_crews_shorten_windows() -> None:
    crew = {"crews": {"pair": {"skills": {"lift": 100}, "shifts": [{"calendar": "day", "people": 1},
                                                                  {"calendar": "noon", "people": 1}]}}}
    factory = plain_factory({"cell": {"capabilities": ["work"], "resources": {"one": {}}}})
    factory["plant"] |= {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}},
                                       "noon": {"weekly": {"mon-fri": ["10:00-15:00"]}}}, **crew}
    factory["catalog"] = {"families": {"thing": {"operations": {"long": {
        **NINE_HOURS, "crews": [{"skill": "lift", "people": 2}]}}}}}
    assert said(ORDERS, **factory) == {("orders", 0, "quantity"): TOO_LONG.replace("is 8 h", "is 5 h").replace(
        "'one'", "'one' and crew pair")}
