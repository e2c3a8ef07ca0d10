"""Conflicts in plain sentences."""

from __future__ import annotations

from scheduler.encoding.conflict import describe_conflict
from scheduler.planning.build import build
from tests.factories import make, tiny_factory


def test_sentences() -> None:
    scenario = make(tiny_factory(policy={"budgets": {"money": 100, "makespan": "2 d"}}))
    assert describe_conflict(scenario, build(scenario), [3], ["money", "makespan"], [1]) == [
        "order A4 must be complete by 2024-01-12 24:00",
        "the total cost must not exceed the budget of 100.00 EUR",
        "the makespan must not exceed the budget of 2 d",
        "operation assemble of lot A1 takes 24 min and must fit into one open window of bench1 or bench2"]
