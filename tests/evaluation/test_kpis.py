"""Key figures worked by hand."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.evaluation.costs import costs
from scheduler.evaluation.kpis import kpis
from tests.evaluation.hand import bars, generated, partial
from tests.evaluation.strategies import QUICK, order_books
from tests.factories import make, plain_factory, tiny_factory

FACTORY = plain_factory(
    {"saw": {"capabilities": ["cut"], "hourly_cost": 60, "calendar": "day", "resources": {"s1": {}, "s2": {}},
             "configurations_from": {"colour": ["red", "blue"]},
             "reconfiguration": {"default": {"time": "30 min", "cost": 7}}}},
    plant={"calendars": {"day": {"weekly": {"daily": ["00:00-08:00"]}}}})


def order(name: str, colour: str, minutes: int, **more: Any) -> dict[str, Any]:
    step = {"capability": "cut", "needs": {"colour": colour}, "work": {"fixed": f"{minutes} min"}}
    return {"id": name, "routing": {"operations": {"cut": step}}, "price": 500, **more}


def figures() -> dict[str, Any]:
    scenario = make(FACTORY, [
        order("A", "red", 60, due="2024-01-01T01:00:00", priority=2),
        order("B", "blue", 120, due="2024-01-01T02:30:00"), order("C", "red", 60, release="2024-01-01T01:00:00"),
        order("D", "red", 60)])
    schedule = bars(scenario, {"A cut": ("s1", 0, 60, "red"), "B cut": ("s1", 90, 210, "blue"),
                               "C cut": ("s2", 60, 120, "red")})
    return kpis(scenario, schedule, costs(scenario, schedule)).values


def test_times() -> None:
    found = figures()
    assert (found["orders"], found["orders_scheduled"], found["operations"], found["makespan"]) == (4, 3, 3, 210)
    assert (found["lead_time_mean"], found["lead_time_median"], found["lead_time_max"]) == (110, 60, 210)
    assert found["lead_time_weighted_mean"] == (2 * 60 + 210 + 60) / 4


def test_lateness() -> None:
    found = figures()
    assert (found["orders_with_due"], found["late_orders"], found["on_time_share"]) == (2, 1, 0.5)
    assert (found["lateness_total"], found["lateness_mean"], found["lateness_max"]) == (60, 30, 60)
    assert found["weighted_tardiness"] == 60


def test_use_of_resources() -> None:
    found = figures()
    assert found["utilisation"] == 240 / 420
    assert found["resources"]["s1"] == {
        "operations": 2, "busy": 180, "open": 210, "utilisation": 180 / 210, "reconfigurations": 1,
        "reconfiguration_time": 30, "reconfiguration_cost": 3700}
    assert (found["reconfigurations"], found["reconfiguration_time"], found["reconfiguration_cost"]) == (1, 30, 3700)


def test_work_in_process() -> None:
    found = figures()
    assert (found["wip_mean"], found["wip_max"]) == ((60 + 120 + 60) / 210, 2)


def test_money() -> None:
    found = figures()
    assert found["cost_terms"] == {"processing": 24000, "material": 0, "reconfiguration": 3700, "lateness": 0,
                                   "holding": 0}
    assert found["cost_split"] == {"standard": 24000, "customization": 0, "reconfiguration": 3700, "lateness": 0,
                                   "holding": 0}
    assert (found["cost_total"], found["cost_weighted"]) == (27700, 27700)
    assert (found["revenue"], found["profit"]) == (200000, 172300)


def test_orders_that_follow_each_other_at_once_are_not_in_process_together() -> None:
    scenario = make(FACTORY, [order("A", "red", 60), order("B", "red", 60)])
    schedule = bars(scenario, {"A cut": ("s1", 0, 60, "red"), "B cut": ("s1", 60, 120, "red")})
    assert kpis(scenario, schedule, costs(scenario, schedule)).values["wip_max"] == 1


def test_an_empty_schedule_has_figures_too() -> None:
    scenario = make(FACTORY, [order("A", "red", 60)])
    found = kpis(scenario, bars(scenario, {}), costs(scenario, bars(scenario, {}))).values
    assert (found["makespan"], found["lead_time_mean"], found["on_time_share"], found["utilisation"]) == (
        0, None, None, None)


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_figures_can_be_written_and_agree_with_each_other(orders: list[dict[str, Any]], seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    for schedule in (generated(scenario, seed, 300), partial(generated(scenario, seed), seed)):
        found = kpis(scenario, schedule, costs(scenario, schedule)).values
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        assert sum(found["cost_terms"].values()) == sum(found["cost_split"].values()) == found["cost_total"]
        assert sum(r["reconfigurations"] for r in found["resources"].values()) == found["reconfigurations"]
        assert found["wip_mean"] is None or 0 <= found["wip_mean"] <= found["wip_max"] <= len(orders)
