"""Links between operations: lags, transfer lots and overlap, same or other resource; holds over several operations."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.problem import rules
from tests.planning.shops import CELLS, arcs, lags, mistakes, names, planned, scenario, work

WELDERS: dict[str, Any] = {"crews": {"w": {"skills": {"weld": 150}}}, "fixtures": {"jig": {"number": 2}}}


def transfers(plan: Plan) -> dict[tuple[str, str], tuple[list[int], list[int]]]:
    """Heads and tails of the arcs that have them."""
    name, shop = names(plan), plan.shop
    assert shop is not None
    return {(name[plan.arc_from[a]], name[plan.arc_to[a]]): (
        shop.head[shop.head_first[a]:shop.head_first[a + 1]].tolist(),
        shop.tail[shop.tail_first[a]:shop.tail_first[a + 1]].tolist())
        for a in range(len(plan.arc_from)) if shop.head_first[a + 1] > shop.head_first[a]}


def test_lags_round_up_and_other_arcs_stay_plain() -> None:
    plan, _ = planned({"a": work(), "b": work(links={"a": {"minimum": "90 s", "maximum": "5 min"}}),
                       "c": work(after=["a", "b"], links={"b": {"maximum": 0}})})
    assert lags(plan) == {("a", "b"): (2, 5), ("b", "c"): (0, 0)}
    assert arcs(plan) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_a_plain_link_is_no_rule() -> None:
    made = scenario({"a": work(), "b": work(links={"a": {}}, pausing=False)}, plant={"cells": {"shop": CELLS["shop"]}})
    assert build(made).shop is None


def test_transfer_lots_by_mode() -> None:
    a = work("2 min", "90 s", alternatives=[{"resources": ["r2"], "work": {"per_piece": "30 s"}}])
    b = work("3 min", "1 min", crews=[{"skill": "weld"}], links={"a": {"transfer": 4, "minimum": "1 min"}})
    plan, _ = planned({"a": a, "b": b}, [{"id": "O", "quantity": 10}, {"id": "P", "quantity": 3}], plant=WELDERS)
    assert transfers(plan) == {("a", "b"): ([8, 2], [6]), ("P:a", "P:b"): ([7, 2], [5])}
    assert lags(plan) == {("a", "b"): (1, None), ("P:a", "P:b"): (1, None)}
    assert plan.mode_duration.tolist() == [17, 5, 20, 7, 2, 9]


def test_overlap_is_a_share_of_the_duration_with_no_tail() -> None:
    plan, _ = planned({"a": work("10 min", alternatives=[{"work": {"fixed": "3 min"}}]),
                       "b": work(links={"a": {"overlap": 25}})})
    assert transfers(plan) == {("a", "b"): ([3, 1], [0])}


def test_same_other_and_together() -> None:
    plan, shop = planned({"a": work(), "b": work(same_resource_as=["a"], after=[]),
                          "c": work(other_resource_than=["a"], start_with=["b"], after=[])})
    name = names(plan)
    found = {(int(k), name[a], name[b]) for k, a, b in zip(shop.link_kind, shop.link_a, shop.link_b)}
    assert found == {(rules.SAME, "a", "b"), (rules.DIFFERENT, "a", "c"), (rules.TOGETHER, "b", "c")}


def test_a_hold_per_lot_and_none_where_a_choice_removed_an_end() -> None:
    options = {"size": {"default": "big", "choices": {"big": {}, "small": {"remove_operations": ["c"]}}}}
    orders = [{"id": "O"}, {"id": "P"}, {"id": "S", "choices": {"size": "small"}}]
    plan, shop = planned({"a": work(), "b": work(), "c": work(links={"b": {"maximum": 0}}, same_resource_as=["a"])},
                         orders, plant=WELDERS, options=options,
                         holds=[{"fixture": "jig", "number": 2, "from": "a", "to": "c"}])
    name = names(plan)
    assert [(name[a], name[b]) for a, b in zip(shop.hold_from, shop.hold_to)] == [("a", "c"), ("P:a", "P:c")]
    assert (shop.hold_fixture.tolist(), shop.hold_number.tolist()) == ([0, 0], [2, 2])
    assert len(shop.link_kind) == 2


def test_links_of_an_added_operation_of_a_component() -> None:
    added = {"capability": "work", "resources": ["r1"], "after": ["leg/saw"], "same_resource_as": ["leg/saw"],
             "links": {"leg/saw": {"maximum": 0}}}
    leg = {"operations": {"saw": work()}}
    plan, shop = planned({"a": work()}, uses=[{"component": "leg"}], components={"leg": leg},
                         options={"o": {"default": "x", "choices": {"x": {"add_operations": {"leg/oil": added}}}}})
    assert lags(plan) == {("O/leg:saw", "O/leg:oil"): (0, 0)}
    assert len(shop.link_kind) == 1


@pytest.mark.parametrize(("b", "words"), [
    (work(links={"x": {}}), "'x' is not among the operations that come directly before 'b'; write one of 'a'"),
    (work(links={"c": {}}), "links/c: 'c' is not among the operations that come directly before 'b'"),
    (work(links={"a": {"minimum": "2 min", "maximum": "1 min"}}), "the maximum of this link is below its minimum"),
    (work(links={"a": {"transfer": 2, "maximum": "1 min"}}), "maximum and transfer of a link exclude each other"),
    (work(links={"a": {"transfer": 2, "overlap": 5}}), "transfer and overlap of a link exclude each other"),
    (work(same_resource_as=["aa"]), "same_resource_as/0: unknown operation 'aa'; write 'a'"),
    (work(other_resource_than=["b"]), "other_resource_than/0: operation 'b' names itself"),
])
def test_mistakes(b: dict[str, Any], words: str) -> None:
    (found,) = mistakes({"a": work(), "b": b, "c": work()})
    assert words in found


@pytest.mark.parametrize(("hold", "words"), [
    ({"fixture": "jog", "from": "a", "to": "b"}, "holds/0/fixture: unknown fixture 'jog'; write 'jig'"),
    ({"fixture": "jig", "number": 9, "from": "a", "to": "b"}, "there are never 9 of fixture 'jig'"),
    ({"fixture": "jig", "from": "a", "to": "bb"}, "holds/0/to: unknown operation 'bb'; write 'b'"),
    ({"fixture": "jig", "from": "b", "to": "a"}, "operation 'a' does not come after 'b'"),
])
def test_mistakes_of_holds(hold: dict[str, Any], words: str) -> None:
    (found,) = mistakes({"a": work(), "b": work()}, plant=WELDERS, holds=[hold])
    assert words in found
