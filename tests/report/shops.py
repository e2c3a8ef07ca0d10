"""A small bakery in which everything beyond the plain shop can be seen in the report, scheduled by hand."""

from __future__ import annotations

from typing import Any

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs
from scheduler.evaluation.explain import bottlenecks, explain_late
from scheduler.evaluation.kpis import kpis
from scheduler.report.data import ReportData, report_data
from tests.evaluation.shops import Row, shop_bars
from tests.factories import make, plain_factory

DAY = {"weekly": {"mon-fri": ["06:00-14:00"]},
       "overtime": [{"start": "2024-01-01T14:00:00", "end": "2024-01-01T16:00:00", "cost": 120}]}


def _step(minutes: int, capability: str, **more: Any) -> dict[str, Any]:
    return {"capability": capability, "work": {"fixed": f"{minutes} min"}, **more}


def _order(name: str, due: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "routing": {"operations": {
        "knead": _step(60, "knead", crews=[{"skill": "kneading", "people": 2}]),
        "bake": _step(90, "bake", batch="bread"),
        "decorate": _step(240, "decorate", pausing=True, crews=[{"skill": "icing"}],
                          fixtures=[{"fixture": "turntable"}], resources=["table1", "table2"], alternatives=[
                              {"resources": ["Sugar & Co"], "crews": [], "fixtures": []}])}},
        "due": due, "price": 400, "penalty_per_day": 60, **more}


def bakery() -> Scenario:
    """Seven orders, one of them begun, one refused; it is Monday, 07:30."""
    care = {"duration": "1 h", "earliest": "2024-01-01T06:00:00", "latest": "2024-01-03T00:00:00"}
    cells = {
        "kneading": {"capabilities": ["knead"], "hourly_cost": 20, "calendar": "day",
                     "resources": {"mixer1": {}, "mixer2": {"planned_maintenance": {"grease": care}}}},
        "baking": {"capabilities": ["bake"], "hourly_cost": 40, "batch": {"capacity": 3}, "resources": {"oven": {}}},
        "icing": {"capabilities": ["decorate"], "hourly_cost": 15, "calendar": "day",
                  "resources": {"table1": {}, "table2": {}}},
        "helpers": {"kind": "subcontractor", "capabilities": ["decorate"], "hourly_cost": 45,
                    "resources": {"Sugar & Co": {}}}}
    at = "2024-01-01T"
    floor = [
        {"lot": "B1", "operation": "knead", "state": "finished", "resource": "mixer1", "start": at + "06:00:00",
         "end": at + "07:00:00"},
        {"lot": "B2", "operation": "knead", "state": "started", "resource": "mixer1", "start": at + "07:00:00"},
        {"lot": "B3", "operation": "knead", "state": "announced", "resource": "mixer2", "start": at + "07:30:00"},
        {"lot": "B5", "operation": "bake", "state": "announced", "resource": "oven", "start": at + "12:00:00"}]
    orders = [_order(f"B{i}", f"2024-01-01T{12 + i}:00:00") for i in range(1, 7)]
    orders.append(_order("B7", "2024-01-01T12:00:00", price=35))
    return make(plain_factory(
        cells, name="Bakery", now=at + "07:30:00", floor=floor, plant={
            "calendars": {"day": DAY},
            "crews": {"bakers": {"skills": {"kneading": 100}, "people": 4, "hourly_cost": 18, "calendar": "day",
                                 "changes": [{"start": at + "09:00:00", "end": at + "12:00:00", "number": 2,
                                              "reason": "training"}]},
                      "icers": {"skills": {"icing": 100}, "people": 2, "hourly_cost": 22, "calendar": "day"}},
            "fixtures": {"turntable": {"number": 2}},
            "buffers": {"rack": {"from": "kneading", "to": "baking", "size": 1}}},
        policy={"refuse_orders": True, "replanning": {"per_move": 10, "per_hour": 5}}), orders)


def baked(scenario: Scenario) -> Schedule:
    """The schedule of the bakery."""
    two, ice = {"team": ["bakers"]}, {"team": ["icers"]}
    rows: dict[str, Row] = {
        "B1 knead": ("mixer1", 360, 420, two), "B2 knead": ("mixer1", 420, 480, two | {"leave": 510}),
        "B4 knead": ("mixer2", 480, 540, two), "mixer2:grease grease": ("mixer2", 540, 600),
        "B3 knead": ("mixer1", 510, 570, two | {"leave": 600}), "B5 knead": ("mixer1", 600, 660, two),
        "B6 knead": ("mixer1", 660, 720, two | {"leave": 780}),
        "B1 bake": ("oven", 510, 600, {"batch": 0}), "B2 bake": ("oven", 510, 600, {"batch": 0}),
        "B3 bake": ("oven", 600, 690, {"batch": 1}), "B4 bake": ("oven", 600, 690, {"batch": 1}),
        "B5 bake": ("oven", 780, 870, {"batch": 2}), "B6 bake": ("oven", 780, 870, {"batch": 2}),
        "B1 decorate": ("table1", 600, 840, ice), "B2 decorate": ("table2", 600, 840, ice),
        "B3 decorate": ("table1", 840, 1920, ice), "B5 decorate": ("table2", 870, 1440 + 450, ice),
        "B4 decorate": ("Sugar & Co", 690, 930, {"mode": 1}), "B6 decorate": ("Sugar & Co", 870, 1110, {"mode": 1})}
    return shop_bars(scenario, rows, overtime=[("day", 840, 960)], refused=[6])


def bakery_report() -> ReportData:
    """The whole report of the bakery, evaluated as any."""
    scenario = bakery()
    schedule = baked(scenario)
    priced = costs(scenario, schedule)
    figures = kpis(scenario, schedule, priced)
    why = explain_late(scenario, schedule, priced)
    return report_data(scenario, schedule, priced, figures, why, bottlenecks(scenario, schedule, why, figures), ())
