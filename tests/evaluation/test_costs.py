"""Costs worked by hand, and that the parts always add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.results import Costs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs, measures, standard_cost
from scheduler.evaluation.sharing import split, users
from scheduler.planning.build import build
from tests.evaluation.hand import bars, damaged, generated, partial
from tests.evaluation.strategies import QUICK, order_books
from tests.factories import make, plain_factory, tiny_factory, tiny_orders

PROCESSING, MATERIAL, RECONFIGURATION, LATENESS, HOLDING = range(5)
ONE = {"mould mill": ("press1", 360, 480), "A1/body press": ("press1", 480, 494),
       "A1 paint": ("booth2", 504, 529, "white"), "A1 assemble": ("bench1", 540, 564, "standard", 1),
       "A1 test": ("bench1", 564, 574)}
WITHOUT_MOULD = {k: v for k, v in ONE.items() if k != "mould mill"}


def one(**overrides: object) -> Scenario:
    return make(tiny_factory(**overrides), tiny_orders()[:1])


def cut(minutes: int, **more: object) -> dict[str, object]:
    return {"capability": "cut", "work": {"fixed": f"{minutes} min"}, **more}


def own(order: str, operations: dict[str, object], **more: object) -> dict[str, object]:
    return {"id": order, "routing": {"operations": operations}, **more}


def saws(hourly: float = 60, **cell: object) -> dict[str, object]:
    return plain_factory({"saw": {"hourly_cost": hourly, "capabilities": ["cut"], "resources": {"s1": {}, "s2": {}},
                                  **cell}})


def adds_up(found: Costs) -> None:
    parts = (found.standard, found.customization, found.reconfiguration, found.lateness, found.holding)
    assert (sum(parts) == found.terms.sum(axis=1)).all()
    assert found.total == int(sum(parts).sum())  # type: ignore[union-attr]


def test_processing_is_rate_times_time_plus_the_mode_s_fixed_cost() -> None:
    found = costs(one(), bars(one(), ONE))
    assert found.terms[0, PROCESSING] == 700 + 3750 + (960 + 800) + 400 + (6000 + 1000)


def test_material_is_consumed_taken_from_stock_and_bought() -> None:
    found = costs(one(), bars(one(), ONE))
    product, body, sheets, hinges, mould = 2 * 1000, 2 * 1200, 6 * 400, 4 * 150, 20000
    assert found.terms[0, MATERIAL] == product + body + sheets + hinges + mould


def test_what_is_short_of_stock_is_bought() -> None:
    scenario = one(catalog={"components": {"sheet": {"stock": 2}}})
    assert costs(scenario, bars(scenario, ONE)).terms[0, MATERIAL] == 27400 + 4 * (500 - 400)


def test_choices_cost_per_piece() -> None:
    scenario = make(tiny_factory(), [{**tiny_orders()[0], "choices": {"colour": "red", "lock": "yes"}}])
    schedule = bars(scenario, {**ONE, "A1 paint": ("booth2", 504, 529, "red"), "A1 fit lock": ("bench2", 3240, 3252)})
    assert costs(scenario, schedule).terms[0, MATERIAL] == 27400 + 2 * (200 + 100) + 2 * 2000


def test_added_cost_reaches_the_operation_and_alternatives_with_their_own() -> None:
    change = {"add_cost": 3, "cost": 5}
    scenario = one(catalog={"families": {"cabinet": {"options": {"colour": {"choices": {
        "white": {"change_operations": {"assemble": change, "body/press": {"add_cost": 2}}}}}}}}})
    as_given = bars(scenario, {**ONE, "A1 assemble": ("bench1", 520, 560)})
    assert costs(scenario, as_given).terms[0, PROCESSING] == 900 + 3750 + (1600 + 800) + 400 + 7000
    assert costs(scenario, bars(scenario, ONE)).terms[0, PROCESSING] == 900 + 3750 + (960 + 800 + 300) + 400 + 7000


def test_an_account_is_rounded_once_per_term() -> None:
    scenario = make(saws(hourly=1), [own("A", {f"c{i}": cut(1) for i in range(3)})])
    found = costs(scenario, bars(scenario, {f"A c{i}": ("s1", i, i + 1) for i in range(3)}))
    assert found.terms[0, PROCESSING] == 5, "three times 1.67 hundredths are 5, not three times 2"


def test_half_a_hundredth_rounds_up() -> None:
    scenario = make(saws(hourly=0.3), [own("A", {"c": cut(1)})])
    assert costs(scenario, bars(scenario, {"A c": ("s1", 0, 1)})).terms[0, PROCESSING] == 1


def test_standard_is_the_default_variant_in_its_cheapest_modes_as_if_stock_were_empty() -> None:
    assert standard_cost(one(), "cabinet", 2) == (700 + 2500 + 1600 + 400) + (2000 + 2400 + 6 * 500 + 4 * 150)


def test_customization_of_the_default_variant_can_be_negative() -> None:
    scenario = one(catalog={"components": {"mould": {"stock": 1}}})
    schedule = bars(scenario, {**WITHOUT_MOULD, "A1 paint": ("booth1", 504, 529, "white"),
                               "A1 assemble": ("bench1", 540, 580, "standard", 0), "A1 test": ("bench1", 580, 590)})
    found = costs(scenario, schedule)
    assert found.standard[0] == 13200
    assert found.customization[0] == 6 * (400 - 500), "the sheets from stock are cheaper than bought ones"
    adds_up(found)


def test_an_own_routing_is_all_standard() -> None:
    scenario = make(saws(), [{**own("A", {"c": cut(7, cost=2)}), "quantity": 3}])
    found = costs(scenario, bars(scenario, {"A c": ("s2", 0, 7)}))
    assert (found.standard[0], found.customization[0]) == (900, 0)


def test_a_tool_in_stock_costs_nothing() -> None:
    scenario = one(catalog={"components": {"mould": {"stock": 1, "stock_value": 99}}})
    assert costs(scenario, bars(scenario, WITHOUT_MOULD)).terms[0, MATERIAL] == 7400


def test_a_bought_tool_costs_its_price() -> None:
    scenario = one(catalog={"components": {"mould": {"operations": None, "material_cost": 7,
                                                     "buy": {"lead_time": "1 d", "price": 123}}}})
    found = costs(scenario, bars(scenario, WITHOUT_MOULD))
    assert found.terms[0, MATERIAL] == 7400 + 12300
    adds_up(found)


def test_a_shared_mould_is_split_by_quantity_with_the_largest_remainder() -> None:
    scenario = make(tiny_factory())
    plain = costs(make(tiny_factory(catalog={"components": {"mould": {"material_cost": 0}}})), generated(scenario, 1))
    found = costs(scenario, generated(scenario, 1))
    assert (found.terms[:, MATERIAL] - plain.terms[:, MATERIAL]).tolist() == [5714, 2857, 8572, 2857]


def test_equal_remainders_go_to_the_lower_order() -> None:
    shares = split(np.array([[100, -100], [7, 0]]), np.array([0, 0, 0, 1]), np.array([2, 2, 2, 5]))
    assert shares.tolist() == [[34, -33], [33, -33], [33, -34], [7, 0]]


def test_what_a_tool_is_made_of_goes_to_the_orders_that_use_the_tool() -> None:
    scenario = make(tiny_factory(catalog={"components": {
        "mould": {"components": [{"component": "block"}]},
        "block": {"material_cost": 70, "operations": {"saw": {"capability": "mill", "work": {"fixed": "1 h"}}}}}}))
    schedule = generated(scenario, 1)
    shared = [i for i, order in enumerate(schedule.lots.order.tolist()) if order < 0]
    assert [schedule.lots.id[i] for i in shared] == ["mould", "mould/block"]
    lot, user = users(scenario, schedule)
    assert lot.tolist() == [i for i in shared for _ in range(4)]
    assert user.tolist() == [0, 1, 2, 3] * 2
    assert costs(scenario, schedule).terms[:, MATERIAL].sum() == build(scenario).lot_material.sum() // 1_000_000


def test_reconfiguration_goes_to_the_order_of_the_operation_it_prepares() -> None:
    scenario = make(tiny_factory(), [{"id": "A", "family": "cabinet", "choices": {"colour": "blue"}},
                                     {"id": "B", "family": "cabinet", "choices": {"colour": "red"}}])
    schedule = bars(scenario, {"A paint": ("booth1", 520, 550, "blue"), "B paint": ("booth1", 570, 585, "red")})
    found = costs(scenario, schedule)
    assert found.terms[:, RECONFIGURATION].tolist() == [2000 + 500, 2000 + 500]


def test_pairs_of_configurations_come_first_and_no_initial_one_needs_nothing() -> None:
    scenario = make(tiny_factory(), [{"id": "A", "family": "cabinet", "choices": {"colour": "red"}}])
    assert costs(scenario, bars(scenario, {"A paint": ("booth1", 520, 535, "red")})).terms[0, RECONFIGURATION] == 600
    assert costs(scenario, bars(scenario, {"A paint": ("booth2", 520, 535, "red")})).terms[0, RECONFIGURATION] == 0


def test_the_sequence_counts_and_not_the_order_of_rows() -> None:
    scenario = make(tiny_factory(), [{"id": "A", "family": "cabinet", "choices": {"colour": "blue"}},
                                     {"id": "B", "family": "cabinet"}])
    schedule = bars(scenario, {"A paint": ("booth1", 600, 630, "blue"), "B paint": ("booth1", 500, 515, "white")})
    turned = replace(schedule, position=1 - schedule.position)
    assert costs(scenario, schedule).terms[:, RECONFIGURATION].tolist() == [2500, 2500]
    assert costs(scenario, turned).terms[:, RECONFIGURATION].tolist() == [2500, 0]


def test_lateness_is_penalty_per_day_pro_rata_times_the_priority_factor() -> None:
    scenario = one()
    on_time = bars(scenario, {**ONE, "A1 test": ("bench1", 4310, 4320)})
    late = bars(scenario, {**ONE, "A1 test": ("bench1", 4670, 4680)})
    assert costs(scenario, on_time).lateness[0] == 0, "due at the end of 3 January"
    assert costs(scenario, late).lateness[0] == 3 * 5000 * 360 // 1440


def test_holding_runs_from_the_first_start_to_delivery() -> None:
    found = costs(one(), bars(one(), ONE))
    assert (int(found.first_start[0]), int(found.delivery[0])) == (480, 574), "the mould is not the order's own"
    assert found.holding[0] == 4, "0.1 % of 600.00 per day for 94 minutes"


def test_an_order_that_may_not_leave_early_is_held_until_it_is_due() -> None:
    scenario = make(tiny_factory(), [{**tiny_orders()[0], "may_leave_early": False}])
    found = costs(scenario, bars(scenario, ONE))
    assert found.delivery[0] == 3 * 1440
    assert found.holding[0] == 160, "60 hundredths per day for 3840 minutes"
    late = costs(scenario, bars(scenario, {**ONE, "A1 test": ("bench1", 4670, 4680)}))
    assert late.delivery[0] == 4680


def test_weights_weigh_the_terms_of_the_objective_only() -> None:
    scenario = one(policy={"weights": {"material": 0, "processing": 3}})
    found = costs(scenario, bars(scenario, ONE))
    assert found.weighted == 3 * 13610 + 4
    assert found.total == 13610 + 27400 + 4
    assert measures(scenario, bars(scenario, ONE), found) == {
        "money": found.weighted, "makespan": 574, "weighted_tardiness": 0, "lead_time": 3 * 574}


def test_measures_weigh_with_priority() -> None:
    scenario = make(saws(), [own("A", {"c": cut(60)}, release="2024-01-01T00:30:00", due="2024-01-01T01:00:00",
                                 priority=4), own("B", {"c": cut(90)}, priority=2)])
    schedule = bars(scenario, {"A c": ("s1", 30, 90), "B c": ("s2", 0, 90)})
    assert measures(scenario, schedule, costs(scenario, schedule)) == {
        "money": 15000, "makespan": 90, "weighted_tardiness": 4 * 30, "lead_time": 4 * 60 + 2 * 90}


def test_a_bar_drawn_longer_costs_more() -> None:
    scenario = make(saws(), [own("A", {"c": cut(60)})])
    assert costs(scenario, bars(scenario, {"A c": ("s1", 0, 75)})).total == 7500


def test_an_order_without_operations_is_not_delivered() -> None:
    scenario = make(saws(), [own("A", {"c": cut(60)}, due="2024-01-01"), own("B", {"c": cut(60)}, penalty_per_day=5)])
    found = costs(scenario, bars(scenario, {"B c": ("s1", 0, 60)}))
    assert found.delivery.tolist() == [-1, 60]
    assert found.terms[0].tolist() == [0] * 9
    assert (found.standard[0], found.customization[0]) == (0, 0)


def test_nothing_scheduled_costs_what_was_bought() -> None:
    scenario = make(tiny_factory())
    found = costs(scenario, bars(scenario, {}))
    assert found.total == found.terms[:, MATERIAL].sum() == build(scenario).lot_material.sum() // 1_000_000
    adds_up(found)


def from_the_plan(scenario: Scenario, schedule: Schedule) -> tuple[int, int]:
    """Processing and material as the plan prices them, account by account."""
    plan, prices = build(scenario), {}
    for op in range(len(plan)):
        for m in range(int(plan.mode_first[op]), int(plan.mode_first[op + 1])):
            prices[int(plan.op_lot[op]), int(plan.op_name[op]), int(plan.mode_resource[m]),
                   int(plan.mode_configuration[m]), int(plan.mode_index[m])] = int(plan.mode_cost[m])
    accounts: dict[tuple[int, int], list[int]] = {}
    for key in zip(*(c.tolist() for c in (schedule.lot, schedule.name, schedule.resource, schedule.configuration,
                                          schedule.mode))):
        order = int(plan.lots.order[key[0]])
        accounts.setdefault((order, key[0] if order < 0 else 0), [0, 0])[0] += prices[key]
    for lot, material in enumerate(plan.lot_material.tolist()):
        order = int(plan.lots.order[lot])
        accounts.setdefault((order, lot if order < 0 else 0), [0, 0])[1] += material
    rounded = [[(m + 500_000) // 1_000_000 for m in pair] for pair in accounts.values()]
    return sum(r[0] for r in rounded), sum(r[1] for r in rounded)


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_the_parts_add_up_and_agree_with_the_plan(orders: list[dict[str, object]], seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    schedule = generated(scenario, seed, idle=400)
    found = costs(scenario, schedule)
    adds_up(found)
    assert (found.terms[:, PROCESSING].sum(), found.terms[:, MATERIAL].sum()) == from_the_plan(scenario, schedule)
    assert found.weighted == found.total


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_damaged_and_partial_schedules_are_priced_too(orders: list[dict[str, object]], seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    for schedule in (damaged(generated(scenario, seed), seed), partial(generated(scenario, seed), seed)):
        adds_up(costs(scenario, schedule))


@pytest.mark.parametrize("quantity", [1, 5, 40])
def test_the_cheapest_mode_depends_on_the_quantity(quantity: int) -> None:
    press, paint, test = 500 + 100 * quantity, 500 + 1000 * quantity, 400
    assemble = min(800 * quantity, 480 * quantity + 800)
    parts = (1000 + 1200 + 3 * 500 + 2 * 150) * quantity
    assert standard_cost(make(tiny_factory()), "cabinet", quantity) == press + paint + assemble + test + parts
