"""Sub-plans and split lots as branches of choices, with the arcs to and from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.planning.shops import arcs, branches, lags, mistakes, modes, names, planned, work


def sub_plan(replaces: list[str], *names: str, **operations: Any) -> dict[str, Any]:
    return {"replaces": replaces, "operations": {**{n: work() for n in names}, **operations}}


def test_a_sub_plan_follows_what_came_before_and_is_followed_by_what_came_after() -> None:
    plan, _ = planned({"a": work(), "b": work(), "c": work(), "d": work()}, sub_plans={
        "cast": sub_plan(["b", "c"], "s", "t", u=work(after=["s"]))})
    assert names(plan) == ["a", "b", "c", "d", "s", "t", "u"]
    assert arcs(plan) == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "s"), ("s", "t"), ("s", "u"), ("t", "d"),
                          ("u", "d")}
    assert branches(plan) == [[["b", "c"], ["s", "t", "u"]]]


def test_sub_plans_of_one_part_are_alternatives_and_neighbours_meet() -> None:
    plan, shop = planned({"a": work(), "b": work()}, [{"id": "O"}, {"id": "P"}], sub_plans={
        "x": sub_plan(["b"], "b1"), "y": sub_plan(["a"], "a1", "a2"), "z": sub_plan(["b"], "b2")})
    assert branches(plan) == [[["b"], ["b1"], ["b2"]], [["a"], ["a1", "a2"]],
                              [["P:b"], ["P:b1"], ["P:b2"]], [["P:a"], ["P:a1", "P:a2"]]]
    assert {arc for arc in arcs(plan) if "P" not in arc[0]} == {
        ("a1", "a2"), *((x, y) for x in ("a", "a2") for y in ("b", "b1", "b2"))}
    assert shop.branch_choice.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]


def test_links_hold_only_between_what_they_name() -> None:
    b = work(links={"a": {"maximum": 0}})
    c = work(links={"b": {"minimum": "1 min"}}, same_resource_as=["b", "s"])
    plan, shop = planned({"a": work(), "b": b, "c": c},
                         sub_plans={"x": sub_plan(["b"], "s", t=work(links={"s": {"maximum": "2 min"}}))})
    assert lags(plan) == {("a", "b"): (0, 0), ("b", "c"): (1, None), ("s", "t"): (0, 2)}
    assert {("a", "s"), ("t", "c")} < arcs(plan)
    name = names(plan)
    assert {(name[a], name[b]) for a, b in zip(shop.link_a, shop.link_b)} == {("b", "c"), ("c", "s")}


def test_what_is_needed_at_a_replaced_operation_the_first_of_its_alternatives_need_too() -> None:
    parts = {"x": {"operations": {"turn": work()}}, "y": {"buy": {"lead_time": "1 h"}}}
    plan, _ = planned({"a": work(), "b": work(), "c": work()}, components=parts,
                      uses=[{"component": "x", "at": "b"}, {"component": "y"}],
                      sub_plans={"p": sub_plan(["b", "c"], "s", "t"), "q": sub_plan(["a"], "r", "v")})
    assert {pair for pair in arcs(plan) if pair[0] == "O/x:turn"} == {("O/x:turn", "b"), ("O/x:turn", "s")}
    release = dict(zip(names(plan), plan.op_release.tolist()))
    assert {name for name, tick in release.items() if tick == 60} == {"a", "r"}


def test_choices_come_before_sub_plans() -> None:
    options = {"o": {"default": "no", "choices": {
        "no": {}, "yes": {"remove_operations": ["b"], "change_operations": {"a": {"add_cost": 1}}}}}}
    sub_plans = {"x": sub_plan(["b"], "s"), "y": sub_plan(["a", "b"], "t")}
    with_b = {"operations": {"a": work(), "b": work(), "c": work()}, "options": options}
    plan, _ = planned(**with_b, sub_plans={"x": sub_plans["x"]}, orders=[{"id": "O", "choices": {"o": "yes"}}])
    assert (names(plan), branches(plan)) == (["a", "c"], [])
    plan, _ = planned(**with_b, sub_plans={"y": sub_plans["y"]}, orders=[{"id": "O", "choices": {"o": "yes"}}])
    assert branches(plan) == [[["a"], ["t"]]]


def test_a_split_has_as_many_parts_as_pieces_allow() -> None:
    orders = [{"id": "O", "quantity": 7}, {"id": "P", "quantity": 5}, {"id": "S", "quantity": 3}]
    split = work("2 min", "1 min", cost=3, split={"parts": 3, "minimum": 2})
    plan, shop = planned({"a": work(), "b": split, "c": work(links={"b": {"minimum": "1 min"}})}, orders)
    parts2, parts3 = [f"b ({i} of 2)" for i in (1, 2)], [f"b ({i} of 3)" for i in (1, 2, 3)]
    assert names(plan) == ["a", "b", *parts2, *parts3, "c", "P:a", "P:b", "P:b (1 of 2)", "P:b (2 of 2)", "P:c",
                           "S:a", "S:b", "S:c"]
    assert branches(plan) == [[["b"], parts2, parts3], [["P:b"], ["P:b (1 of 2)", "P:b (2 of 2)"]]]
    pieces = dict(zip(names(plan), shop.op_quantity.tolist()))
    assert [pieces[n] for n in ("b", *parts2, *parts3)] == [7, 4, 3, 3, 2, 2]
    ticks = {n: plan.mode_duration[modes(plan, n)].tolist() for n in names(plan)}
    assert [ticks[n] for n in ("b", *parts2, *parts3)] == [[9], [6], [5], [5], [4], [4]]
    assert shop.mode_shared[modes(plan, parts2[0])].tolist() == [6 * 10**8]
    own = [n for n in names(plan)[:8] if n not in ("a", "c")]
    assert {arc for arc in arcs(plan) if ":" not in arc[0]} == {pair for n in own for pair in (("a", n), (n, "c"))}
    assert {arc: lag for arc, lag in lags(plan).items() if ":" not in arc[0]} == {(n, "c"): (1, None) for n in own}


def test_split_next_to_split_and_to_a_sub_plan() -> None:
    split = work(split={"parts": 2})
    plan, _ = planned({"a": split, "b": split, "c": work()}, [{"id": "O", "quantity": 2}],
                      sub_plans={"x": sub_plan(["c"], "s")})
    a, b = [["a", "a (1 of 2)", "a (2 of 2)"], ["b", "b (1 of 2)", "b (2 of 2)"]]
    assert arcs(plan) == {*((x, y) for x in a for y in b), *((x, y) for x in b for y in ("c", "s"))}
    assert len(branches(plan)) == 3


def test_a_component_lot_waits_to_be_split_or_not_as_its_quantity_says() -> None:
    leg = {"operations": {"saw": work("0 min", "1 min", split={"parts": 2, "minimum": 3})}, "stock": 2}
    plan, shop = planned({"a": work()}, [{"id": "O", "quantity": 1}, {"id": "P", "quantity": 2}],
                         uses=[{"component": "leg", "quantity": 4}], components={"leg": leg})
    assert names(plan) == ["a", "O/leg:saw", "P:a", "P/leg:saw", "P/leg:saw (1 of 2)", "P/leg:saw (2 of 2)"]
    assert shop.op_quantity.tolist() == [1, 2, 2, 8, 4, 4]
    assert arcs(plan) == {("O/leg:saw", "a"), *((n, "P:a") for n in names(plan)[3:])}


@pytest.mark.parametrize(("family", "words"), [
    ({"sub_plans": {"x": sub_plan(["bb"], "s")}}, "sub_plans/x/replaces: unknown operation 'bb'; write 'b'"),
    ({"sub_plans": {"x": sub_plan(["b"], "a")}}, "sub_plans/x/operations/a: operation 'a' is already there"),
    ({"sub_plans": {"x": sub_plan(["b"], "s"), "y": sub_plan(["b", "c"], "t")}},
     "sub_plans/y/replaces: another sub-plan replaces 'b' with other operations"),
    ({"sub_plans": {"x": sub_plan(["b"], "s"), "y": sub_plan(["c"], "s")}}, "operation 's' is already there"),
    ({"sub_plans": {"x": sub_plan(["a", "c"], "s")}}, "operations wait for each other: b -> s -> b"),
    ({"sub_plans": {"x": sub_plan(["a"], s=work(after=["t"]), t=work(after=["s"]))}},
     "sub_plans/x/operations/s: operations wait for each other: s -> t -> s"),
    ({"sub_plans": {"x": sub_plan(["a"], s=work(after=["b"]))}}, "unknown operation 'b'"),
    ({"sub_plans": {"x": sub_plan(["d"], "s")}}, "operation 'd' is split and replaced"),
    ({"sub_plans": {"x": sub_plan(["a"], s=work(split={"parts": 2}))}}, "operation 's' of a sub-plan is split"),
    ({"components": [{"component": "y", "at": "s"}], "sub_plans": {"x": sub_plan(["a"], "s")}},
     "component 'y' is needed at operation 's', which is not there"),
])
def test_mistakes(family: dict[str, Any], words: str) -> None:
    uses = family.pop("components", [])
    operations = {"a": work(), "b": work(), "c": work(), "d": work(split={"parts": 2})}
    (found,) = mistakes(operations, uses=uses, components={"y": {"buy": {"lead_time": "1 h"}}}, **family)
    assert words in found


@pytest.mark.parametrize(("more", "words"), [
    ({"b": work(split={"parts": 2}, batch="x")}, "operation 'b' is split and batched"),
    ({"b": work(split={"parts": 2}, links={"a": {"transfer": 1}})}, "operation 'b' is split and hands over parts"),
    ({"b": work(split={"parts": 2}), "c": work(start_with=["b"], after=[])}, "'b' is split and linked to another"),
    ({"b": work(split={"parts": 2}, same_resource_as=["a"])}, "'b' is split and linked to another"),
])
def test_what_a_split_excludes(more: dict[str, Any], words: str) -> None:
    (found,) = mistakes({"a": work(), **more})
    assert words in found


def test_a_split_in_a_hold() -> None:
    (found,) = mistakes({"a": work(split={"parts": 2}), "b": work()}, plant={"fixtures": {"jig": {}}},
                        holds=[{"fixture": "jig", "from": "a", "to": "b"}])
    assert "holds/0/from: operation 'a' is split and holds a fixture over others" in found
