"""Hints for problems with rules: from another scenario's schedule, and from what was announced alone."""

from __future__ import annotations

import dataclasses
from typing import Any

from scheduler.encoding.encode import encode
from scheduler.encoding.warm import warm
from scheduler.planning.build import build
from tests.encoding.test_round_trip import CELL, DUE, at, best, hours, order, step

WORK: Any = {"x": step(1), "y": step(2)}


def test_what_was_announced_is_enough() -> None:
    floor: Any = [{"lot": "O", "operation": "y", "state": "announced", "resource": "a", "start": at(4)}]
    scenario = hours(CELL, [order("O", WORK, **DUE)], floor=floor)
    plan = build(scenario)
    problem = encode(scenario, plan)
    found = warm(problem, plan, scenario, None)
    assert found is not None
    assert (found.start.tolist(), found.end.tolist(), found.rank.tolist()) == ([0, 4], [1, 6], [0, 1])


def test_nothing_known_is_no_hint() -> None:
    scenario = hours(CELL, [order("O", WORK, **DUE)], now=at(1))
    plan = build(scenario)
    assert warm(encode(scenario, plan), plan, scenario, None) is None


def test_a_new_order_comes_behind_and_a_lost_resource_is_left() -> None:
    """Made for two machines; then one is gone and an order came in."""
    two: Any = {"c": {"resources": {"b": {}, "a": {}}}}
    work: Any = {"x": step(2, "a", "b")}
    old = best(hours(two, [order("O", work, **DUE), order("P", work, **DUE)], now=at(1)), 4)
    assert sorted(row.resource for row in old.rows()) == ["a", "b"]
    left: Any = {"x": step(2, "a")}
    scenario = hours(CELL, [order(name, left, **DUE) for name in ("N", "O", "P")], now=at(1))
    plan = build(scenario)
    found = warm(encode(scenario, plan), plan, scenario, old)
    assert found is not None
    assert found.start.tolist() == [1, 1, 1]
    assert sorted(found.rank.tolist()) == [0, 1, 2]
    assert found.extra is not None
    assert not found.extra.refused.any()


def test_a_schedule_of_something_else_is_no_hint() -> None:
    scenario = hours(CELL, [order("O", WORK, **DUE)], now=at(1))
    plan = build(scenario)
    problem = encode(scenario, plan)
    other = best(hours(CELL, [order("Q", WORK, **DUE)], now=at(1)), 5)
    assert warm(problem, plan, scenario, other) is None
    same = dataclasses.replace(other, lots=dataclasses.replace(other.lots, id=("O",)))
    found = warm(problem, plan, scenario, same)
    assert found is not None
    assert found.start.tolist() == [1, 2]
