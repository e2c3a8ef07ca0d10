"""Component lots pooled over orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.planning.build import build
from tests.planning.shops import CELLS, arcs, names, scenario, work
from tests.planning.test_build import pegs

PLAIN = {"cells": {"shop": CELLS["shop"]}}


def pooled(leg: dict[str, Any], orders: list[dict[str, Any]], more: dict[str, Any] | None = None,
           uses: list[dict[str, Any]] | None = None, **family: Any) -> Scenario:
    made = {"operations": {"saw": work("0 min", "1 min")}, **leg}
    return scenario({"a": work()}, orders, plant=PLAIN, uses=uses or [{"component": "leg", "quantity": 4}],
                    components={"leg": made, **(more or {})}, **family)


def due(day: int, **more: Any) -> dict[str, Any]:
    return {"due": datetime(2024, 1, day), **more}


def test_groups_by_due_date_with_minimum_and_multiple() -> None:
    orders = [due(9, id="late"), {"id": "never"}, due(3, id="first", release=datetime(2024, 1, 1, 2)),
              due(5, id="within", quantity=2, release=datetime(2024, 1, 1, 1)), {"id": "open", "quantity": 3}]
    leg = {"pool": {"within": "2 d", "minimum": 5, "multiple": 6}, "material_cost": 2}
    plan = build(pooled(leg, orders))
    assert plan.shop is None
    assert plan.lots.id == ("late", "never", "first", "within", "open", "leg:1", "leg:2", "leg:3")
    assert plan.lots.item[5:] == ("leg",) * 3
    assert plan.lots.order.tolist() == [0, 1, 2, 3, 4, -1, -1, -1]
    assert plan.lots.quantity[5:].tolist() == [12, 6, 18]
    assert plan.op_release[5:].tolist() == [120, 0, 0]
    assert plan.mode_duration[5:].tolist() == [12, 6, 18]
    assert (plan.lot_material / 1e8).tolist() == [0, 0, 0, 0, 0, 24, 12, 36]
    assert pegs(plan) == [("leg", "lot", 0, "leg:2", "late", 4, -1), ("leg", "lot", 1, "leg:3", "never", 4, -1),
                          ("leg", "lot", 2, "leg:1", "first", 4, -1), ("leg", "lot", 3, "leg:1", "within", 8, -1),
                          ("leg", "lot", 4, "leg:3", "open", 12, -1)]
    assert arcs(plan) == {("leg:2:saw", "late:a"), ("leg:3:saw", "never:a"), ("leg:1:saw", "first:a"),
                          ("leg:1:saw", "within:a"), ("leg:3:saw", "open:a")}


def test_stock_comes_first_and_pooled_lots_take_theirs_after_the_orders() -> None:
    more = {"steel": {"stock": 9, "stock_value": 1, "buy": {"lead_time": "1 h", "price": 3}}}
    leg = {"pool": {}, "stock": 5, "components": [{"component": "steel", "quantity": 2}]}
    uses = [{"component": "leg", "quantity": 4}, {"component": "steel", "quantity": 3}]
    plan = build(pooled(leg, [{"id": "P"}, {"id": "O"}], more, uses))
    assert plan.lots.id == ("P", "O", "leg:1")
    assert pegs(plan) == [("leg", "stock", 0, "", "P", 4, 0), ("steel", "stock", 0, "", "P", 3, 0),
                          ("leg", "stock", 1, "", "O", 1, 0), ("leg", "lot", 1, "leg:1", "O", 3, -1),
                          ("steel", "stock", 1, "", "O", 3, 0),
                          ("steel", "stock", -1, "", "leg:1", 3, 0), ("steel", "buy", -1, "", "leg:1", 3, 60)]
    assert (plan.lot_material / 1e8).tolist() == [3, 3, 3 + 9]


def test_pools_of_pools_and_their_parts_and_tools() -> None:
    more = {"bar": {"pool": {"multiple": 10}, "operations": {"draw": work()}},
            "tip": {"operations": {"turn": work()}},
            "die": {"kind": "tool", "operations": {"mill": work()}, "components": [{"component": "bar"}]}}
    leg = {"pool": {}, "components": [{"component": "bar", "quantity": 2}, {"component": "tip"}, {"component": "die"}]}
    uses = [{"component": "leg"}, {"component": "bar"}]
    plan = build(pooled(leg, [{"id": "P"}, due(4, id="O", quantity=2)], more, uses))
    assert plan.lots.id == ("P", "O", "die", "leg:1", "leg:1/tip", "leg:2", "leg:2/tip", "bar:1", "bar:2")
    assert plan.lots.quantity.tolist() == [1, 2, 1, 2, 2, 1, 1, 10, 10]
    supplied = {(lot, consumer, count) for _, source, _, lot, consumer, count, _ in pegs(plan) if source == "lot"}
    assert supplied == {("leg:2", "P", 1), ("leg:1", "O", 2), ("leg:1/tip", "leg:1", 2), ("leg:2/tip", "leg:2", 1),
                        ("die", "leg:1", 1), ("die", "leg:2", 1), ("bar:1", "O", 2), ("bar:1", "leg:1", 4),
                        ("bar:2", "leg:2", 2), ("bar:2", "P", 1), ("bar:2", "die", 1)}
    assert {("bar:2:draw", "die:mill"), ("die:mill", "leg:1:saw"), ("bar:1:draw", "leg:1:saw"),
            ("leg:1/tip:turn", "leg:1:saw"), ("leg:1:saw", "a")} < arcs(plan)


def test_several_ends_and_several_that_wait() -> None:
    leg = {"pool": {}, "operations": {"x": work(), "y": work(after=[])}}
    made = scenario({"a": work(), "b": work(after=[])}, [{"id": "O"}, {"id": "P"}], plant=PLAIN,
                    uses=[{"component": "leg"}], components={"leg": leg})
    assert arcs(build(made)) == {(f"leg:1:{x}", y) for x in "xy" for y in ("a", "b", "P:a", "P:b")}


def test_a_pooled_lot_is_split_by_its_own_quantity() -> None:
    leg = {"pool": {"within": "1 h"}, "operations": {"saw": work(split={"parts": 2, "minimum": 5})}}
    plan = build(pooled(leg, [due(3, id="O"), due(5, id="P", quantity=2), due(5, id="S")]))
    assert names(plan)[3:] == ["leg:1:saw", "leg:2:saw", "leg:2:saw (1 of 2)", "leg:2:saw (2 of 2)"]
    assert {arc for arc in arcs(plan) if arc[1] in ("a", "S:a")} == {
        ("leg:1:saw", "a"), *((n, "S:a") for n in names(plan)[4:])}


@pytest.mark.parametrize("effect", [{"change_operations": {"leg/saw": {"add_cost": 1}}},
                                    {"remove_operations": ["leg/saw"]}, {"add_operations": {"leg/oil": work()}}])
def test_an_effect_on_a_pooled_component_is_a_mistake(effect: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="belongs to a component made in lots shared by orders"):
        build(pooled({"pool": {}}, [{"id": "O"}], options={"o": {"default": "x", "choices": {"x": effect}}}))


@pytest.mark.parametrize(("leg", "orders", "words"), [
    ({"pool": {}, "operations": {}, "buy": {"lead_time": "1 h"}}, [{"id": "O"}], "is not a part made and has a pool"),
    ({"pool": {}, "kind": "tool"}, [{"id": "O"}], "is not a part made and has a pool"),
    ({"pool": {}, "operations": {"saw": {"capability": "{colour}"}}}, [{"id": "O"}], "no resource can run"),
    ({"pool": {}}, [{"id": "leg:1"}], "orders/0/id: a lot shared by orders is named 'leg:1' too"),
])
def test_mistakes(leg: dict[str, Any], orders: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        build(pooled(leg, orders))


def test_a_pool_that_waits_for_itself_through_a_tool() -> None:
    more = {"die": {"kind": "tool", "operations": {"mill": work()}, "components": [{"component": "leg"}]}}
    with pytest.raises(InputError, match="component 'die' needs itself: die -> leg -> die"):
        build(pooled({"pool": {}, "components": [{"component": "die"}]}, [{"id": "O"}], more))
