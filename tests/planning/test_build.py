"""Lots, pegs, operations and arcs of an order book, worked by hand and compared with a slow independent build."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.errors import InputError
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from tests.factories import make, plain_factory, tiny_factory
from tests.planning.naive import Naive, facts

CELLS = {"shop": {"hourly_cost": 60, "capabilities": ["work"], "resources": {"r1": {}}}}


def work(fixed: str = "10 min", per_piece: str = "0 min", **more: Any) -> dict[str, Any]:
    return {"capability": "work", "work": {"fixed": fixed, "per_piece": per_piece}, **more}


def scenario(components: dict[str, Any], uses: list[dict[str, Any]], orders: list[dict[str, Any]] | None = None,
             operations: dict[str, Any] | None = None) -> Scenario:
    family = {"operations": operations or {"first": work(), "last": work()}, "components": uses, "material_cost": 1}
    return make(plain_factory(CELLS, catalog={"families": {"f": family}, "components": components}),
                [{"family": "f", **order} for order in orders or [{"id": "O"}]])


def pegs(plan: Plan) -> list[tuple[str, str, int, str, str, int, int]]:
    ids = [*plan.lots.id, ""]
    p = plan.pegs
    return [(p.component[i], SOURCES[p.source[i]], int(p.order[i]), ids[p.lot[i]], ids[p.consumer[i]],
             int(p.quantity[i]), int(p.available[i])) for i in range(len(p.order))]


def operation(plan: Plan, lot: str, name: str) -> int:
    found = list(zip((plan.lots.id[i] for i in plan.op_lot), (plan.names[i] for i in plan.op_name)))
    return found.index((lot, name))


def arcs(plan: Plan) -> set[tuple[str, str]]:
    name = [f"{plan.lots.id[lot]}:{plan.names[n]}" for lot, n in zip(plan.op_lot, plan.op_name)]
    return {(name[a], name[b]) for a, b in zip(plan.arc_from, plan.arc_to)}


def test_stock_goes_to_the_earliest_due_and_the_rest_is_made() -> None:
    orders = [{"id": "late", "quantity": 3, "due": datetime(2024, 1, 9)},
              {"id": "early", "quantity": 2, "due": datetime(2024, 1, 5)}, {"id": "never", "quantity": 1}]
    part = {"stock": 7, "stock_value": 4, "material_cost": 3, "operations": {"make": work(per_piece="1 min")}}
    plan = build(scenario({"x": part}, [{"component": "x", "quantity": 2, "at": "last"}], orders))
    assert plan.lots.id == ("late", "late/x", "early", "never", "never/x")
    assert plan.lots.item == ("", "x", "", "", "x")
    assert plan.lots.order.tolist() == [0, 0, 1, 2, 2]
    assert plan.lots.quantity.tolist() == [3, 3, 2, 1, 2]
    assert pegs(plan) == [("x", "stock", 0, "", "late", 3, 0), ("x", "lot", 0, "late/x", "late", 3, -1),
                          ("x", "stock", 1, "", "early", 4, 0), ("x", "lot", 2, "never/x", "never", 2, -1)]
    assert (plan.lot_material / 1e8).tolist() == [3 + 3 * 4, 3 * 3, 2 + 4 * 4, 1, 2 * 3]
    assert plan.mode_duration[plan.mode_first[operation(plan, "late/x", "make")]] == 13
    assert plan.mode_duration[plan.mode_first[operation(plan, "never/x", "make")]] == 12
    assert arcs(plan) == {("late:first", "late:last"), ("late/x:make", "late:last"), ("early:first", "early:last"),
                          ("never:first", "never:last"), ("never/x:make", "never:last")}


def test_equal_due_dates_go_by_order_of_entry() -> None:
    orders = [{"id": "a", "due": datetime(2024, 1, 5)}, {"id": "b", "due": datetime(2024, 1, 5)}]
    plan = build(scenario({"x": {"stock": 1, "operations": {"make": work()}}}, [{"component": "x"}], orders))
    assert plan.lots.id == ("a", "b", "b/x")


def test_component_lots_over_several_levels() -> None:
    components = {"frame": {"operations": {"weld": work(), "grind": work()}, "components": [
                      {"component": "bar", "quantity": 3}, {"component": "bolt", "quantity": 2, "at": "grind"}]},
                  "bar": {"stock": 5, "operations": {"saw": work()},
                          "components": [{"component": "steel", "quantity": 2}]},
                  "steel": {"buy": {"lead_time": "1 h", "price": 2}},
                  "bolt": {"buy": {"lead_time": "30 min", "price": 1}}}
    uses = [{"component": "frame"}, {"component": "bar", "at": "last"}]
    plan = build(scenario(components, uses, [{"id": "O", "quantity": 3, "release": datetime(2024, 1, 1, 2)}]))
    assert plan.lots.id == ("O", "O/frame", "O/bar", "O/bar#2")
    assert plan.lots.quantity.tolist() == [3, 3, 4, 3]
    assert pegs(plan) == [
        ("frame", "lot", 0, "O/frame", "O", 3, -1), ("bar", "stock", 0, "", "O/frame", 5, 0),
        ("bar", "lot", 0, "O/bar", "O/frame", 4, -1), ("steel", "buy", 0, "", "O/bar", 8, 180),
        ("bolt", "buy", 0, "", "O/frame", 6, 150), ("bar", "lot", 0, "O/bar#2", "O", 3, -1),
        ("steel", "buy", 0, "", "O/bar#2", 6, 180)]
    assert [int(plan.op_release[operation(plan, *key)]) for key in (
        ("O", "first"), ("O/frame", "weld"), ("O/frame", "grind"), ("O/bar", "saw"), ("O/bar#2", "saw"))] == [
        120, 120, 150, 180, 180]
    assert arcs(plan) == {("O:first", "O:last"), ("O/frame:grind", "O:first"), ("O/frame:weld", "O/frame:grind"),
                          ("O/bar:saw", "O/frame:weld"), ("O/bar#2:saw", "O:last")}
    assert (plan.lot_material / 1e8).tolist() == [3, 6, 16, 12]


def test_stock_of_an_item_makes_all_below_it_needless() -> None:
    components = {"frame": {"stock": 9, "operations": {"weld": work()},
                            "components": [{"component": "bar"}, {"component": "jig"}]},
                  "bar": {"stock": 1, "operations": {"saw": work()}},
                  "jig": {"kind": "tool", "operations": {"mill": work()}}}
    plan = build(scenario(components, [{"component": "frame"}]))
    assert plan.lots.id == ("O",)
    assert len(plan) == 2


def test_durations_round_up_once_with_the_quantity() -> None:
    made = scenario({}, [], [{"id": "O", "quantity": 3}], {"a": work("10 s", "25 s")})
    assert build(made).mode_duration.tolist() == [2]
    assert build(made).mode_cost.tolist() == [2 * 100 * 1_000_000]


def test_a_tool_is_made_once_for_all_who_need_it() -> None:
    components = {"mould": {"kind": "tool", "material_cost": 50,
                            "operations": {"mill": work("2 h", cost=5), "polish": work()},
                            "components": [{"component": "block", "quantity": 2}]},
                  "block": {"stock": 3, "stock_value": 1, "operations": {"cast": work()}}}
    uses = [{"component": "block"}, {"component": "mould", "quantity": 7, "at": "last"}]
    orders = [{"id": "a", "quantity": 2, "release": datetime(2024, 1, 1, 1)}, {"id": "b"}]
    plan = build(scenario(components, uses, orders))
    assert plan.lots.id == ("a", "a/block", "b", "b/block", "mould")
    assert plan.lots.order.tolist() == [0, 0, 1, 1, -1]
    assert pegs(plan) == [
        ("block", "stock", 0, "", "a", 1, 0), ("block", "lot", 0, "a/block", "a", 1, -1),
        ("mould", "lot", 0, "mould", "a", 1, -1), ("block", "lot", 1, "b/block", "b", 1, -1),
        ("mould", "lot", 1, "mould", "b", 1, -1),
        ("block", "stock", -1, "", "mould", 2, 0)]
    assert plan.op_release[operation(plan, "mould", "mill")] == 0
    assert {("mould:polish", "a:last"), ("mould:polish", "b:last"), ("mould:mill", "mould:polish")} < arcs(plan)
    assert plan.lot_material[4] == 52 * 100 * 1_000_000


def test_a_tool_in_stock_needs_nothing() -> None:
    tool = {"kind": "tool", "stock": 1, "operations": {"mill": work()}}
    plan = build(scenario({"mould": tool}, [{"component": "mould"}]))
    assert (plan.lots.id, pegs(plan)) == (("O",), [])


def test_a_bought_tool_is_a_lot_without_operations() -> None:
    tool = {"kind": "tool", "buy": {"lead_time": "5 h", "price": 70}}
    orders = [{"id": "a", "release": datetime(2024, 1, 1, 1)}, {"id": "b", "release": datetime(2024, 1, 2)}]
    plan = build(scenario({"gauge": tool}, [{"component": "gauge", "at": "last"}], orders))
    assert plan.lots.id == ("a", "b", "gauge")
    assert plan.lot_first.tolist() == [0, 2, 4, 4]
    assert plan.op_release.tolist() == [60, 300, 1440, 1440]
    assert pegs(plan) == [("gauge", "buy", 0, "gauge", "a", 1, 300), ("gauge", "buy", 1, "gauge", "b", 1, 300)]
    assert plan.lot_material.tolist() == [100_000_000, 100_000_000, 7_000_000_000]


def test_tools_of_tools_and_their_parts_are_shared_lots() -> None:
    components = {"mould": {"kind": "tool", "operations": {"mill": work()},
                            "components": [{"component": "cutter"}, {"component": "block"}]},
                  "block": {"operations": {"cast": work()}},
                  "cutter": {"kind": "tool", "operations": {"grind": work()}}}
    plan = build(scenario(components, [{"component": "mould"}]))
    assert plan.lots.id == ("O", "mould", "mould/block", "cutter")
    assert plan.lots.order.tolist() == [0, -1, -1, -1]
    assert ("cutter", "lot", -1, "cutter", "mould", 1, -1) in pegs(plan)
    assert {("cutter:grind", "mould:mill"), ("mould/block:cast", "mould:mill"), ("mould:mill", "O:first")} < arcs(plan)


def test_stock_taken_by_a_tool_can_make_another_tool_needed() -> None:
    components = {"mould": {"kind": "tool", "operations": {"mill": work()}, "components": [{"component": "block"}]},
                  "block": {"stock": 1, "operations": {"cast": work()}, "components": [{"component": "pan"}]},
                  "pan": {"kind": "tool", "operations": {"forge": work()}}}
    plan = build(scenario(components, [{"component": "mould"}, {"component": "block"}]))
    assert plan.lots.id == ("O", "O/block", "mould", "pan")


@pytest.mark.parametrize(("components", "words"), [
    ({"x": {"stock": 1}}, "component 'x' is short and neither made nor bought"),
    ({"x": {"kind": "tool"}}, "component 'x' is short and neither made nor bought"),
    ({"x": {"kind": "tool", "operations": {"a": work()}, "components": [{"component": "y"}]},
      "y": {"kind": "tool", "operations": {"a": work()}, "components": [{"component": "x"}]}},
     "tools need each other: x -> y -> x"),
])
def test_what_cannot_be_had_is_a_mistake(components: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        build(scenario(components, [{"component": "x"}], [{"id": "O", "quantity": 2}]))


def test_mistakes_of_all_variants_come_at_once() -> None:
    routing = {"operations": {"a": {"capability": "fly"}}}
    with pytest.raises(InputError) as caught:
        build(make(plain_factory(CELLS), [{"id": str(i), "routing": routing} for i in range(3)]))
    assert [m.where[:3] for m in caught.value.mistakes] == [("orders", i, "routing") for i in range(3)]


def test_an_empty_order_book() -> None:
    plan = build(make(tiny_factory(), []))
    assert (len(plan), plan.lots.id, plan.lot_first.tolist(), plan.mode_first.tolist()) == (0, (), [0], [0])


def large_book(count: int) -> Scenario:
    draw = random.Random(7)
    part = {"stock": 700, "stock_value": 2, "material_cost": 1, "components": [{"component": "pin"}],
            "operations": {"turn": {"capability": "mill", "work": {"per_piece": "31 s"}}}}
    factory = tiny_factory(catalog={"components": {
        "body": {"stock": 300}, "sheet": {"stock": 5000}, "hinge": {"buy": None, **part},
        "pin": {"stock": 100, "buy": {"lead_time": "2 h", "price": 1}},
        "rack": {"kind": "tool", "buy": {"lead_time": "3 d", "price": 99}}},
        "families": {"cabinet": {"components": [
            {"component": "body"}, {"component": "hinge", "quantity": 2, "at": "assemble"},
            {"component": "rack", "at": "test"}, {"component": "hinge"}, {"component": "pin", "quantity": 3}]}}})
    return make(factory, [
        {"id": f"O{i}", "family": "cabinet", "quantity": draw.randint(1, 30),
         "choices": {"colour": draw.choice(["white", "red", "blue"]), "lock": draw.choice(["yes", "no"])},
         "release": datetime(2024, 1, 1) + timedelta(minutes=draw.randint(0, 9999)),
         "due": datetime(2024, 1, 8) + timedelta(hours=draw.randint(0, 200))} for i in range(count)])


def test_grouped_build_equals_the_naive_one() -> None:
    made = large_book(2000)
    plan = build(made)
    fast, slow = facts(plan), Naive(made, ["mould", "rack"]).facts()
    assert len(plan) > 10_000
    assert fast.lots == slow.lots
    assert fast.operations == slow.operations
    assert fast.arcs == slow.arcs
    assert fast.pegs == slow.pegs


def test_columns_are_whole_and_contiguous() -> None:
    plan = build(large_book(50))
    assert (np.diff(plan.op_lot) >= 0).all()
    assert plan.lot_first[-1] == len(plan) == len(plan.op_release)
    assert (np.repeat(np.arange(len(plan.lots.id)), np.diff(plan.lot_first)) == plan.op_lot).all()
    assert plan.mode_first[-1] == len(plan.mode_cost)
    assert (np.diff(plan.mode_first) > 0).all()
    columns = (plan.op_lot, plan.mode_duration, plan.arc_from, plan.lot_material)
    assert all(column.dtype == np.int64 for column in columns)
