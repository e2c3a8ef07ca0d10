"""Costs and key figures beyond the plain shop, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scheduler.domain.policy import TERMS
from scheduler.domain.results import Costs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs, measures, standard_cost
from scheduler.evaluation.kpis import kpis
from scheduler.evaluation.standard import shop_standard_costs
from scheduler.planning.build import build
from tests.evaluation.hand import bars
from tests.evaluation.shops import Row, shop_bars
from tests.evaluation.test_shop_explain import DAY, order, shop, step
from tests.factories import make, plain_factory, tiny_factory


def priced(scenario: Scenario, schedule: Schedule) -> Costs:
    """Costs that add up."""
    found = costs(scenario, schedule)
    more = found.terms[:, [TERMS.index(name) for name in ("overtime", "refusal", "moving")]].sum(axis=1)
    parts = found.standard + found.customization + found.reconfiguration + found.lateness + found.holding + more
    assert (parts == found.terms.sum(axis=1)).all()
    assert found.total == int(parts.sum() + found.plant.sum())
    values = kpis(scenario, schedule, found).values
    assert sum(values["cost_terms"].values()) == sum(values["cost_split"].values()) == found.total
    return found


def term(found: Costs, name: str) -> list[int]:
    return [int(v) for v in found.terms[:, TERMS.index(name)]]


def saws(hourly: float = 60, **cell: Any) -> dict[str, Any]:
    return {"saw": {"capabilities": ["cut"], "hourly_cost": hourly, "resources": {"s1": {}, "s2": {}}, **cell}}


def test_crews_cost_while_they_run_load_and_unload() -> None:
    needs = [{"skill": "sawing", "people": 2}, {"skill": "lifting", "during": "loading"}]
    scenario = shop(saws(), 1, {"cut": step(60, crews=needs, loading="15 min")}, plant={"crews": {
        "team": {"skills": {"sawing": 100, "lifting": 100}, "people": 3, "hourly_cost": 12}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"team": ["team", "team"]})})
    assert term(priced(scenario, schedule), "processing") == [6000 + 2 * 1200 + 300]


def test_the_crew_that_ran_it_is_paid() -> None:
    scenario = shop(saws(), 1, {"cut": step(60, crews=[{"skill": "sawing"}])}, plant={"crews": {
        "old": {"skills": {"sawing": 100}, "hourly_cost": 30}, "new": {"skills": {"sawing": 200}, "hourly_cost": 12}}})
    by_old = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"team": ["old"]})})
    by_new = shop_bars(scenario, {"A cut": ("s1", 0, 120, {"team": ["new"]})})
    assert term(priced(scenario, by_old), "processing") == [6000 + 3000]
    assert term(priced(scenario, by_new), "processing") == [12000 + 2400]


def test_a_pause_costs_nothing() -> None:
    scenario = shop(saws(calendar="day"), 1, {"cut": step(600, pausing=True)}, plant={"calendars": DAY})
    schedule = shop_bars(scenario, {"A cut": ("s1", 480, 2040)})
    assert term(priced(scenario, schedule), "processing") == [60000]
    figures = kpis(scenario, schedule, priced(scenario, schedule))
    assert figures.values["resources"]["s1"]["busy"] == 600
    assert figures.pauses is not None
    assert (figures.pauses.row.tolist(), figures.pauses.start.tolist(), figures.pauses.end.tolist()) == (
        [0], [960], [1920])


def test_slow_hours_cost_as_planned() -> None:
    slow = [{"start": "2024-01-01T00:00:00", "end": "2024-01-02T00:00:00", "percent": 50}]
    scenario = shop(saws(resources={"s1": {"speeds": slow}}), 1)
    assert term(priced(scenario, shop_bars(scenario, {"A cut": ("s1", 0, 120)})), "processing") == [6000]


OVEN = {"oven": {"capabilities": ["bake"], "hourly_cost": 60, "batch": {"capacity": 4}, "resources": {"o1": {}}}}


def test_a_batch_is_paid_once_by_the_first_in_it() -> None:
    scenario = shop(OVEN, 3, {"bake": step(60, "bake", batch="bread", cost=5)})
    joined = {"batch": 7}
    schedule = shop_bars(scenario, {"B bake": ("o1", 0, 60, joined), "A bake": ("o1", 0, 60, joined),
                                    "C bake": ("o1", 60, 120)})
    found = priced(scenario, schedule)
    assert term(found, "processing") == [500, 6500, 6500]
    values = kpis(scenario, schedule, found).values
    assert values["batches"] == {"number": 1, "operations": 2, "fill_mean": 0.5}
    assert values["resources"]["o1"]["busy"] == 120


def test_subcontracting_is_a_term_of_its_own() -> None:
    cells = {"out": {"kind": "subcontractor", "capabilities": ["cut"], "hourly_cost": 30, "resources": {"Smith": {}}}}
    scenario = shop(cells, 2, {"cut": step(60, cost=8)})
    schedule = shop_bars(scenario, {"A cut": ("Smith", 0, 60), "B cut": ("Smith", 0, 60)})
    found = priced(scenario, schedule)
    assert term(found, "subcontracting") == [3800, 3800]
    assert term(found, "processing") == [0, 0]
    assert found.standard.tolist() == [3800, 3800]
    values = kpis(scenario, schedule, found).values
    assert (values["subcontracted"], values["subcontracted_cost"]) == (2, 7600)
    assert values["resources"]["Smith"]["utilisation"] is None


def with_leg(**part: Any) -> Scenario:
    uses = {"components": [{"component": "leg", "quantity": 2}]}
    return shop(saws(), books=[order("A", {"cut": step(60)}, routing=uses)], catalog={"components": {"leg": part}})


@pytest.mark.parametrize(("source", "cents"), [("stock", 2 * 100), ("buy", 2 * 300), ("expedite", 2 * 700)])
def test_supply_costs_by_its_source(source: str, cents: int) -> None:
    scenario = with_leg(stock=5, stock_value=1, buy={"lead_time": "1 d", "price": 3,
                                                     "expedite": {"lead_time": "1 h", "price": 7}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 1440, 1500)}, supplied={"leg": (source, 0)})
    assert term(priced(scenario, schedule), "material") == [cents]


def overtime(cost: float = 10) -> dict[str, Any]:
    return {"calendars": {"day": DAY["day"] | {"overtime": [
        {"start": "2024-01-01T16:00:00", "end": "2024-01-01T18:00:00", "cost": cost}]}}}


def test_overtime_is_split_by_the_time_in_it() -> None:
    scenario = shop(saws(calendar="day"), 3, {"cut": step(60)}, plant=overtime())
    schedule = shop_bars(scenario, {"A cut": ("s1", 900, 960), "B cut": ("s1", 960, 1020), "C cut": ("s2", 930, 990)},
                         overtime=[("day", 960, 1080)])
    found = priced(scenario, schedule)
    assert term(found, "overtime") == [0, 667, 333]
    assert kpis(scenario, schedule, found).values["overtime"] == {"opened": 1, "time": 120, "cost": 1000}


def test_overtime_that_nobody_used_is_the_plants() -> None:
    scenario = shop(saws(calendar="day"), 1, plant=overtime())
    found = priced(scenario, shop_bars(scenario, {"A cut": ("s1", 480, 540)}, overtime=[("day", 960, 1080)]))
    assert term(found, "overtime") == [0]
    assert found.plant[TERMS.index("overtime")] == 1000
    assert found.weighted == found.total == 7000


def test_a_refused_order_costs_its_price_and_nothing_else() -> None:
    uses = {"components": [{"component": "leg"}]}
    scenario = shop(saws(), books=[order("A", {"cut": step(60)}, price=90), order(
        "B", {"cut": step(60)}, price=20, routing=uses, due="2024-01-01", penalty_per_day=9, priority=3)],
        catalog={"components": {"leg": {"buy": {"lead_time": "1 d", "price": 3}}}}, policy={"refuse_orders": True})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60)}, refused=[1])
    found = priced(scenario, schedule)
    assert found.terms[1].tolist() == [0, 0, 0, 0, 0, 0, 0, 2000, 0]
    assert (found.standard[1], found.delivery[1]) == (0, -1)
    assert measures(scenario, schedule, found) == {"money": 8000, "makespan": 60, "weighted_tardiness": 0,
                                                   "lead_time": 60}
    values = kpis(scenario, schedule, found).values
    assert (values["refused_orders"], values["refused_price"], values["revenue"], values["profit"]) == (
        1, 2000, 9000, 3000)


def test_shared_lots_are_paid_by_the_orders_that_are_made_or_by_the_plant() -> None:
    uses = {"components": [{"component": "mould"}]}
    scenario = shop(saws(), books=[order(n, {"cut": step(60)}, price=90, routing=uses) for n in "AB"],
                    catalog={"components": {"mould": {"kind": "tool", "operations": {"mill": step(60)}}}},
                    policy={"refuse_orders": True})
    one = priced(scenario, shop_bars(scenario, {"mould mill": ("s1", 0, 60), "A cut": ("s1", 60, 120)}, refused=[1]))
    assert term(one, "processing") == [12000, 0]
    none = priced(scenario, shop_bars(scenario, {"mould mill": ("s1", 0, 60)}, refused=[0, 1]))
    assert term(none, "processing") == [0, 0]
    assert none.plant[TERMS.index("processing")] == 6000


def test_pooled_lots_are_split_by_pieces() -> None:
    def book(name: str, pieces: int) -> dict[str, Any]:
        return order(name, {"cut": step(60)}, routing={"components": [{"component": "leg", "quantity": pieces}]})

    scenario = shop(saws(), books=[book("A", 1), book("B", 3)], catalog={"components": {"leg": {
        "pool": {"within": "1 d", "multiple": 10}, "material_cost": 1, "operations": {"turn": step(60)}}}})
    wanted: dict[str, Row] = {"leg:1 turn": ("s1", 0, 60), "A cut": ("s1", 60, 120), "B cut": ("s2", 60, 120)}
    schedule = bars(scenario, {key: row[:3] for key, row in wanted.items()})
    found = costs(scenario, schedule)
    assert term(found, "processing") == [6000 + 1500, 6000 + 4500]
    assert term(found, "material") == [250, 750]


def test_moving_counts_what_was_announced_and_has_not_happened() -> None:
    def said(lot: str, start: str, resource: str, state: str = "announced") -> dict[str, Any]:
        return {"lot": lot, "operation": "cut", "state": state, "start": f"2024-01-01T{start}:00",
                "resource": resource, **({"end": "2024-01-01T01:00:00"} if state == "finished" else {})}

    scenario = shop(saws(), 4, policy={"replanning": {"per_move": 2, "per_hour": 6, "other_resource": 3,
                                                      "tolerance": "10 min"}},
                    floor=[said("A", "02:00", "s1"), said("B", "02:10", "s2"), said("C", "03:00", "s1"),
                           said("D", "00:00", "s1", "finished"), said("D", "05:00", "s2")], now="2024-01-01T01:00:00")
    schedule = shop_bars(scenario, {"D cut": ("s1", 0, 60), "A cut": ("s1", 60, 120), "B cut": ("s2", 120, 180),
                                    "C cut": ("s2", 180, 240)})
    found = priced(scenario, schedule)
    assert term(found, "moving") == [200 + 600, 0, 300, 0]
    values = kpis(scenario, schedule, found).values
    assert (values["moved_operations"], values["moved_cost"], values["finished_operations"]) == (2, 1100, 1)


def test_planned_maintenance_costs_nothing_and_belongs_to_no_order() -> None:
    care = {"duration": "30 min", "earliest": "2024-01-01T00:00:00", "latest": "2024-01-01T08:00:00"}
    scenario = shop(saws(resources={"s1": {"planned_maintenance": {"oil": care}}}), 1)
    schedule = shop_bars(scenario, {"s1:oil oil": ("s1", 0, 30), "A cut": ("s1", 30, 90)})
    found = priced(scenario, schedule)
    assert found.total == 6000
    values = kpis(scenario, schedule, found).values
    assert (values["operations"], values["maintenance"], values["resources"]["s1"]["busy"]) == (1, 1, 60)


def test_modules_cost_when_they_are_exchanged() -> None:
    cell = saws(configurations={"big": {"modules": ["head"]}, "small": {}},
                resources={"s1": {"initial_configuration": "small"}},
                reconfiguration={"default": {"time": "10 min", "cost": 1}})
    scenario = shop(cell, 1, plant={"modules": {"head": {"install": {"time": "20 min", "cost": 4}}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 30, 90, {"configuration": "big", "prepared": (0, 30)})})
    assert term(priced(scenario, schedule), "reconfiguration") == [3000 + 500]


def test_the_standard_of_a_shop_is_that_of_the_plain_one_where_nothing_is_used() -> None:
    scenario = make(tiny_factory(), [])
    found = shop_standard_costs(scenario, "cabinet", np.array([1, 5, 40, 5], dtype=np.int64))
    assert found.tolist() == [standard_cost(scenario, "cabinet", q) for q in (1, 5, 40, 5)]


def test_the_standard_counts_crews_the_cheapest_sub_plan_and_no_stock() -> None:
    family = {"operations": {"cut": step(60, crews=[{"skill": "sawing"}])}, "sub_plans": {"fast": {
        "replaces": ["cut"], "operations": {"slit": step(30), "tear": step(20)}}},
        "components": [{"component": "leg"}]}
    scenario = make(plain_factory(saws(), catalog={"families": {"table": family}, "components": {
        "leg": {"stock": 9, "buy": {"lead_time": "1 d", "price": 3, "expedite": {"lead_time": "1 h", "price": 7}}}}},
        plant={"crews": {"team": {"skills": {"sawing": 100}, "hourly_cost": 12}}}), [{"id": "A", "family": "table"}])
    assert shop_standard_costs(scenario, "table", np.array([1])).tolist() == [5000 + 300]
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"team": ["team"]})}, supplied={"leg": ("stock", 0)})
    found = priced(scenario, schedule)
    assert (found.standard[0], found.customization[0]) == (5300, 7200 - 5300)


def test_pools_over_time() -> None:
    scenario = shop(saws(), 2, {"cut": step(60, crews=[{"skill": "sawing"}])}, plant={"crews": {
        "team": {"skills": {"sawing": 100}, "people": 3, "changes": [
            {"start": "2024-01-01T00:30:00", "end": "2024-01-01T01:00:00", "number": 2}]}}})
    team = {"team": ["team"]}
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, team), "B cut": ("s2", 30, 90, team)})
    found = kpis(scenario, schedule, priced(scenario, schedule))
    (pool,) = found.pools
    assert (pool.time.tolist(), pool.load.tolist(), pool.capacity.tolist()) == (
        [0, 30, 60, 90], [1, 2, 1], [3, 2, 3])
    assert found.values["crews"]["team"] == {"busy": 120, "open": 240, "utilisation": 0.5, "most": 2}


def test_blocked_time() -> None:
    scenario = shop(saws(), 1, plant={"work_in_process": 1})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"leave": 75})})
    assert kpis(scenario, schedule, priced(scenario, schedule)).values["blocked_time"] == 15


def test_lots_of_a_plan_without_rows_are_priced_too() -> None:
    scenario = shop(saws(), 2, plant={"work_in_process": 1})
    schedule = shop_bars(scenario, {})
    assert priced(scenario, schedule).total == 0
    assert len(build(scenario)) == 2
