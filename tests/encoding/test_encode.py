"""What the problem's arrays say about a scenario and its plan."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.encoding.encode import arcs, encode
from scheduler.encoding.horizon import horizon_of, longest_chain
from scheduler.planning.build import build
from scheduler.problem.problem import FAR, MEASURES, Problem
from tests.factories import make, plain_factory, tiny_factory

DAY = 1440


def problem(scenario: Scenario, horizon: int | None = None) -> Problem:
    return encode(scenario, build(scenario), horizon)


def windows(found: Problem, resource: int) -> list[tuple[int, int, int]]:
    k = found.calendar[resource]
    part = slice(found.window_first[k], found.window_first[k + 1])
    columns = (found.window_start, found.window_end, found.window_work)
    return list(zip(*(column[part].tolist() for column in columns)))


def test_accounts_are_orders_then_shared_lots() -> None:
    scenario = make(tiny_factory())
    plan = build(scenario)
    found = encode(scenario, plan)
    assert (found.jobs, found.accounts, found.operations) == (4, 5, 18)
    assert found.account.tolist() == [0] * 4 + [1] * 4 + [2] * 5 + [3] * 4 + [4]
    own = [int(plan.lot_material[plan.lots.order == j].sum()) for j in range(4)]
    assert found.fixed_cost.tolist() == [*own, 20_000_000_000]
    assert found.fixed_mode.tolist() == found.fixed_start.tolist() == [-1] * 18


def test_a_lot_without_operations_keeps_its_account() -> None:
    mould = {"operations": None, "buy": {"lead_time": "1 d", "price": 9}}
    found = problem(make(tiny_factory(catalog={"components": {"mould": mould}})))
    assert found.accounts == 5
    assert found.fixed_cost[4] == 900_000_000
    assert found.account.max() == 3


def test_arcs_are_sorted_and_listed_once() -> None:
    pred_first, pred, succ_first, succ = arcs(4, np.array([2, 0, 0, 2, 1]), np.array([3, 3, 1, 3, 3]))
    assert (pred_first.tolist(), pred.tolist()) == ([0, 0, 1, 1, 4], [0, 0, 1, 2])
    assert (succ_first.tolist(), succ.tolist()) == ([0, 2, 3, 4, 4], [1, 3, 3, 3])
    assert arcs(0, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))[0].tolist() == [0]


def test_resources_with_the_same_times_share_a_calendar() -> None:
    closure = {"start": datetime(2024, 1, 2, 10), "end": datetime(2024, 1, 2, 12)}
    factory = tiny_factory(plant={"cells": {"assembly": {"resources": {
        "bench3": {"maintenance": [closure]}, "bench4": {"available_from": datetime(2024, 1, 2, 12)}}}}})
    found = problem(make(factory), 3 * DAY)
    assert found.calendar.tolist() == [0, 1, 1, 1, 0, 2, 3]
    assert windows(found, 1) == [(480, 960, 0), (1920, 2400, 480), (3360, 3840, 960)]
    assert windows(found, 5) == [(480, 960, 0), (1920, 2040, 480), (2160, 2400, 600), (3360, 3840, 840)]
    assert windows(found, 6) == [(2160, 2400, 0), (3360, 3840, 240)]


def test_calendars_without_shifts_never_end() -> None:
    closed = {"start": datetime(2024, 1, 1, 1), "end": datetime(2024, 1, 1, 2)}
    later = {"available_from": datetime(2024, 1, 2)}
    cells = {"c": {"resources": {"a": {}, "b": {"maintenance": [closed]}, "c": later}}}
    orders = [{"id": "O", "routing": {"operations": {"x": {"resources": ["a"]}}}}]
    found = problem(make(plain_factory(cells), orders))
    far = int(FAR)
    assert [windows(found, r) for r in range(3)] == [[(0, far, 0)], [(0, 60, 0), (120, far, 60)], [(DAY, far, 0)]]


def test_setups_are_shared_within_a_cell_at_one_rate_and_priced_at_the_rate() -> None:
    found = problem(make(tiny_factory(plant={"cells": {"paint": {"resources": {"booth3": {}}}}})))
    assert found.states.tolist() == [1, 3, 3, 3, 1, 1]
    assert found.setup_first.tolist() == [0, 1, 10, 1, 19, 19]
    booth1 = slice(1, 10)
    assert found.setup_time[booth1].tolist() == [0, 5, 20, 20, 0, 20, 20, 20, 0]
    micro = 1_000_000
    assert found.setup_cost[booth1].tolist() == [c * micro for c in (0, 600, 2500, 2500, 0, 2500, 2500, 2500, 0)]
    assert found.setup_cost[10:13].tolist() == [0, 850 * micro, 3500 * micro]
    assert found.initial_state.tolist() == [-1, 0, -1, -1, -1, -1]


def test_no_location_is_the_last_row_of_the_transport_table() -> None:
    times = [{"from": "annex", "to": "hall", "time": "7 min", "one_way": True}]
    factory = tiny_factory(plant={"transport": {"times": times}, "cells": {"shop": {"location": None}}})
    found = problem(make(factory))
    assert found.location.tolist() == [2, 1, 1, 0, 0]
    assert found.transport.tolist() == [[0, 10, 0], [7, 0, 0], [0, 0, 0]]


def test_orders_and_policy() -> None:
    found = problem(make(tiny_factory(policy={
        "objective": ["weighted_tardiness", "money"], "weights": {"lateness": 7},
        "budgets": {"money": 12.5, "makespan": "119 s", "lead_time": "3 h"}})))
    assert found.due.tolist() == [3 * DAY, 3 * DAY + 720, 8 * DAY, 5 * DAY]
    assert found.deadline.tolist() == [FAR, FAR, FAR, 12 * DAY]
    assert found.job_release.tolist() == [0, 0, DAY, 0]
    assert (found.weight.tolist(), found.early.tolist()) == ([3, 1, 1, 3], [True, True, True, False])
    assert found.levels == ("weighted_tardiness", "money")
    assert found.weights.tolist() == [1, 1, 1, 7, 1, 1, 1, 1, 1]
    assert dict(zip(MEASURES, found.budgets.tolist())) == {
        "money": 1250, "makespan": 1, "weighted_tardiness": FAR, "lead_time": 180}


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Problem)])
def test_columns_are_int64(field: str) -> None:
    value: Any = getattr(problem(make(tiny_factory())), field)
    assert field in ("levels", "rules") or value.dtype == (bool if field == "early" else np.int64)


def routing_book(count: int, hours: int) -> Scenario:
    cells = {"c": {"calendar": "day", "capabilities": ["x"], "resources": {"a": {}, "b": {}}}}
    factory = plain_factory(cells, plant={"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}}}})
    return make(factory, [{"id": str(i), "routing": {"operations": {
        f"o{k}": {"capability": "x", "work": {"fixed": f"{hours} h"}} for k in range(3)}}} for i in range(count)])


def test_the_horizon_leaves_room_for_everything_on_one_resource() -> None:
    found = problem(routing_book(40, 5))
    open_ticks = (found.window_end - found.window_start)
    assert (open_ticks >= 300).sum() > 120


def test_the_horizon_lies_four_weeks_behind_the_last_date() -> None:
    orders = [{"id": "O", "routing": {"operations": {"x": {"resources": ["bench1"]}}}, "due": date(2025, 1, 1)}]
    found = problem(make(tiny_factory(), orders))
    assert found.window_end[found.window_end < FAR].max() >= (366 + 28) * DAY


def test_the_horizon_waits_for_a_long_closure() -> None:
    closed = {"start": datetime(2024, 1, 1), "end": datetime(2024, 6, 1)}
    factory = tiny_factory(plant={"cells": {"assembly": {"resources": {"bench1": {"maintenance": [closed]}}}}})
    assert windows(problem(make(factory)), 3)


def test_the_horizon_of_a_problem() -> None:
    assert horizon_of(problem(make(tiny_factory()), 3 * DAY)) == 2 * DAY + 1320
    always = plain_factory({"c": {"resources": {"a": {}}}})
    assert horizon_of(problem(make(always, []))) is None


def test_longest_chain_follows_the_arcs() -> None:
    plan = build(make(tiny_factory()))
    weight = np.ones(len(plan))
    assert longest_chain(plan, weight) == 6
    weight[17] = 10
    assert longest_chain(plan, weight) == 15
