"""The judge's account of a shop's schedules and the evaluator's are the same, each made without the other."""

from __future__ import annotations

import pytest

from scheduler.evaluation.costs import costs, measures
from scheduler.validation.columns import Columns, columns_of
from scheduler.validation.costs import measured
from scheduler.validation.shop import Shop, context_of
from tests.validation.shop_cases import ALLOWED
from tests.validation.shop_kit import Case, by_hand, op, order, shop


def counted(case: Case) -> dict[str, int]:
    scenario, made = case
    columns = columns_of(made)
    assert isinstance(columns, Columns)
    context = context_of(scenario, made, columns)
    assert isinstance(context, Shop)
    found = measured(context)
    assert found is not None
    return found


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule, mine in ALLOWED.items() for name in mine])
def test_judge_and_evaluator_agree(rule: str, name: str) -> None:
    scenario, made = ALLOWED[rule][name]()
    assert counted((scenario, made)) == measures(scenario, made, costs(scenario, made))


def test_people_are_paid_for_run_loading_and_unloading() -> None:
    """A slow one takes 15 minutes for ten, at 60 an hour like the resource; two load for three, at 30 an hour."""
    crews = {
        "slow": {"skills": {"fit": 150}, "hourly_cost": 60},
        "pair": {"skills": {"lift": 100}, "people": 2, "hourly_cost": 30},
    }
    needs = [{"skill": "fit"}, {"skill": "lift", "people": 2, "during": "loading"}]
    scenario = shop(order("A", cut=op(crews=needs, loading="3 min")), plant={"crews": crews})
    made = by_hand(scenario, [("A", "cut", "m1", 0, 15)], teams={("A", "cut"): "slow pair"})
    assert counted((scenario, made))["money"] == 1500 + 1500 + 3 * 2 * 50


def test_moving_what_was_announced_costs_by_the_hour() -> None:
    announced = {"lot": "A", "operation": "cut", "state": "announced", "resource": "m2", "start": "2024-01-01T01:00:00"}
    prices = {"per_move": 2, "per_hour": 3, "other_resource": 5, "tolerance": "10 min"}
    scenario = shop(order("A", cut=op()), policy={"replanning": prices}, floor=[announced])
    for start, resource, expected in ((30, "m1", 200 + 150 + 500), (50, "m2", 0), (71, "m2", 200 + 55)):
        made = by_hand(scenario, [("A", "cut", resource, start, start + 10)])
        assert counted((scenario, made))["money"] == 1000 + expected
