"""Components supplied as the solver chooses, and planned maintenance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.schedule import SOURCES
from scheduler.errors import InputError
from scheduler.planning.build import build
from tests.planning.shops import CELLS, ROOM, arcs, mistakes, modes, names, planned, scenario, work
from tests.planning.test_build import pegs

STEEL: dict[str, Any] = {
    "stock": 2, "stock_value": 1, "arrivals": [{"at": datetime(2024, 1, 2), "quantity": 4}],
    "buy": {"lead_time": "3 h", "price": 2, "expedite": {"lead_time": "30 min", "price": 5}},
}


def test_a_supply_operation_per_need() -> None:
    orders = [{"id": "O", "quantity": 2, "release": datetime(2024, 1, 1, 1)}, {"id": "P", "quantity": 3}]
    plan, shop = planned({"a": work(), "b": work()}, orders, components={"steel": STEEL},
                         uses=[{"component": "steel", "quantity": 3, "at": "b"}], material_cost=1)
    assert names(plan) == ["a", "b", "supply of steel", "P:a", "P:b", "P:supply of steel"]
    assert arcs(plan) == {("a", "b"), ("supply of steel", "b"), ("P:a", "P:b"), ("P:supply of steel", "P:b")}
    assert pegs(plan) == [("steel", "buy", 0, "", "O", 6, -1), ("steel", "buy", 1, "", "P", 9, -1)]
    assert shop.op_supply.tolist() == [-1, -1, 0, -1, -1, 1]
    assert (shop.stocked, shop.op_component.tolist()) == (("steel",), [-1, -1, 0, -1, -1, 0])
    assert shop.op_quantity.tolist() == [2, 2, 6, 3, 3, 9]
    assert plan.op_release.tolist() == [60, 60, 60, 0, 0, 0]
    mine, other = modes(plan, "supply of steel"), modes(plan, "P:supply of steel")
    assert [SOURCES[s] for s in shop.mode_source[mine]] == ["stock", "buy", "expedite"]
    assert [SOURCES[s] for s in shop.mode_source[other]] == ["buy", "expedite"]
    assert plan.mode_duration[mine].tolist() == [0, 180, 30]
    assert (plan.mode_cost[mine] / 1e8).tolist() == [6, 12, 30]
    assert (plan.mode_cost[other] / 1e8).tolist() == [18, 45]
    assert set(plan.mode_resource[[*mine, *other]].tolist()) == {-1}
    assert set(shop.mode_term[[*mine, *other]].tolist()) == {TERMS.index("material")}
    assert (plan.lot_material / 1e8).tolist() == [2, 3]
    assert shop.mode_source[:2].tolist() == [-1, -1]


def test_needs_of_component_lots_and_the_same_component_twice() -> None:
    leg = {"operations": {"saw": work()}, "components": [{"component": "steel"}, {"component": "glue"}]}
    plan, shop = planned({"a": work()}, components={"leg": leg, "steel": STEEL, "glue": STEEL},
                         uses=[{"component": "leg", "quantity": 2}, {"component": "steel"}, {"component": "steel"}])
    assert names(plan) == ["a", "supply of steel", "O/leg:saw", "O/leg:supply of steel", "O/leg:supply of glue"]
    assert plan.op_lot.tolist() == [0, 0, 1, 1, 1]
    assert shop.op_quantity.tolist() == [1, 2, 2, 2, 2]
    assert [(plan.pegs.component[p], plan.pegs.consumer[p]) for p in shop.op_supply if p >= 0] == [
        ("steel", 0), ("steel", 1), ("glue", 1)]


def test_a_bought_part_without_choice_stays_plain() -> None:
    made = scenario({"a": work()}, plant={"cells": {"shop": CELLS["shop"]}}, uses=[{"component": "x"}],
                    components={"x": {"buy": {"lead_time": "1 h", "price": 2}}})
    assert build(made).shop is None


@pytest.mark.parametrize(("steel", "words"), [
    ({"arrivals": STEEL["arrivals"]}, "component 'steel' is short and neither made nor bought"),
    ({"arrivals": STEEL["arrivals"], "operations": {"x": work()}}, "is not a bought part and has arrivals"),
])
def test_mistakes(steel: dict[str, Any], words: str) -> None:
    (found,) = mistakes({"a": work()}, uses=[{"component": "steel", "quantity": 5}], components={"steel": steel})
    assert words in found


def test_planned_maintenance_is_a_lot_of_its_own() -> None:
    check = {"oil": {"duration": "90 min", "earliest": datetime(2024, 1, 1, 8), "latest": datetime(2024, 1, 3)}}
    cells = {"shop": {**CELLS["shop"], "resources": {"r1": {}, "r2": {"planned_maintenance": check}}},
             "room": {**ROOM, "hourly_cost": 9,
                      "resources": {"booth": {"planned_maintenance": {"clean": check["oil"]}}}}}
    plan, shop = planned({"a": work()}, plant={"cells": cells, "crews": {"rigs": {"skills": {"rig": 100}}}})
    assert plan.lots.id == ("O", "r2:oil", "booth:clean")
    assert plan.lots.item == ("", "maintenance", "maintenance")
    assert (plan.lots.order.tolist(), plan.lots.quantity.tolist()) == ([0, -1, -1], [1, 1, 1])
    assert names(plan) == ["a", "r2:oil:oil", "booth:clean:clean"]
    assert plan.op_release.tolist() == [0, 480, 480]
    assert shop.op_latest.tolist() == [NEVER, 2880, 2880]
    assert [(r, c, k) for r, c, k in zip(plan.mode_resource.tolist(), plan.mode_configuration.tolist(),
                                         plan.mode_index.tolist())] == [(0, 0, 0), (1, 0, 0), (2, 0, 0), (2, 1, 0)]
    assert plan.mode_duration.tolist() == [10, 90, 90, 90]
    assert (plan.mode_cost[1:].tolist(), shop.mode_shared[1:].tolist()) == ([0, 0, 0], [0, 0, 0])
    assert shop.mode_pause.tolist() == [False, True, True, True]
    assert [shop.teams[t] for t in shop.mode_team] == [(), (), ("rigs",), ("rigs",)]


def test_no_component_is_named_maintenance_where_it_is_planned() -> None:
    check = {"oil": {"duration": "1 h", "earliest": datetime(2024, 1, 1), "latest": datetime(2024, 1, 3)}}
    cells = {"shop": {**CELLS["shop"], "resources": {"r1": {"planned_maintenance": check}}}}
    made = scenario({"a": work()}, plant={"cells": cells}, uses=[{"component": "maintenance"}],
                    components={"maintenance": {"operations": {"x": work()}}})
    with pytest.raises(InputError, match="no component may be named 'maintenance'"):
        build(made)
