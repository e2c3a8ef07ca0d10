"""What two schedules have in common, and the thin verbs on top of the evaluator."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.evaluation.costs import costs
from scheduler.evaluation.explain import explain_late
from scheduler.usecases.compare import Moved, Redated, compare
from scheduler.usecases.explain import explain
from tests.evaluation.hand import bars, generated, rows
from tests.factories import make, merged, plain_factory, tiny_factory

FACTORY = plain_factory({"saw": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}},
                                 "configurations_from": {"colour": ["red", "blue"]}}})
STEP = {"capability": "cut", "work": {"fixed": "1 h"}}
ORDERS = [{"id": name, "routing": {"operations": {"cut": STEP}}, "due": "2024-01-01T01:30:00"} for name in "ABC"]


def test_what_moved() -> None:
    scenario = make(FACTORY, ORDERS)
    first = bars(scenario, {"A cut": ("s1", 0, 60, "red"), "B cut": ("s1", 60, 120, "red"),
                            "C cut": ("s2", 0, 60, "red")})
    other = bars(scenario, {"A cut": ("s1", 0, 60, "red"), "C cut": ("s2", 0, 60, "blue"),
                            "B cut": ("s2", 60, 130, "blue")})
    found = compare(scenario, [first, other], ["before", "after"])
    change = found.changes[0]
    assert (change.label, change.same, change.only_first, change.only_other) == ("after", 1, (), ())
    assert set(change.moved) == {
        Moved("B", "cut", ("s1", "s2"), ("red", "blue"), (0, 0), (60, 60)),
        Moved("C", "cut", ("s2", "s2"), ("red", "blue"), (0, 0), (0, 0))}
    assert change.orders == (Redated("B", (120, 130), (30, 40)),)
    table = dict(found.table())
    assert table["makespan"] == (120, 130)
    assert table["resources/s2/operations"] == (1, 2)


def test_the_largest_shift_comes_first() -> None:
    scenario = make(FACTORY, ORDERS)
    first = bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 120)})
    other = bars(scenario, {"B cut": ("s1", 0, 60), "A cut": ("s1", 200, 260)})
    assert [m.shift for m in compare(scenario, [first, other], ["x", "y"]).changes[0].moved] == [200, -60]


def test_operations_without_a_partner_are_named() -> None:
    scenario = make(FACTORY, ORDERS)
    first = bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 120)})
    other = bars(scenario, {"A cut": ("s1", 0, 60), "C cut": ("s1", 60, 120)})
    change = compare(scenario, [first, other], ["x", "y"]).changes[0]
    assert (change.only_first, change.only_other, change.same) == (("B cut",), ("C cut",), 1)
    assert Redated("C", (-1, 120), (0, 30)) in change.orders


def test_a_schedule_does_not_differ_from_itself_in_another_row_order() -> None:
    scenario = make(tiny_factory())
    first = generated(scenario, 1)
    turned = rows(first, np.arange(len(first))[::-1])
    found = compare(scenario, [first, turned, first], ["a", "b", "c"])
    assert [c.moved for c in found.changes] == [(), ()]
    assert [c.orders for c in found.changes] == [(), ()]
    assert found.kpis[0] == found.kpis[1]


def test_one_label_for_each_schedule() -> None:
    scenario = make(FACTORY, ORDERS)
    with pytest.raises(ValueError, match="one label for each"):
        compare(scenario, [bars(scenario, {})], [])


def test_explain_gives_late_orders_or_those_asked_for() -> None:
    scenario = make(merged(FACTORY, {"plant": {"cells": {"saw": {"resources": {"s2": {"location": "yard"}}}},
                                               "locations": ["yard"]}}), ORDERS)
    schedule = bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 120), "C cut": ("s1", 120, 180)})
    late = explain_late(scenario, schedule, costs(scenario, schedule))
    reasons = explain(scenario, schedule)
    assert [e.order for e in reasons.explanations] == ["C", "B"]
    assert reasons.explanations == tuple(late)
    assert [(b.resource, b.orders, b.waited) for b in reasons.bottlenecks] == [("s1", 2, 180)]
    asked = explain(scenario, schedule, orders=[0])
    assert [e.order for e in asked.explanations] == ["A"]
    assert asked.bottlenecks == reasons.bottlenecks
    assert len(explain(scenario, schedule, limit=1).explanations) == 1
