"""Many orders planned together say the same as each order planned alone."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from tests.planning.shops import CELLS, ROOM, names, scenario, work

PLANT: dict[str, Any] = {
    "cells": {**CELLS, "room": ROOM, "oven": {"batch": {"capacity": 50}, "capabilities": ["bake"],
                                              "resources": {"o1": {}, "o2": {"hourly_cost": 7}}}},
    "crews": {"ann": {"skills": {"weld": 100, "rig": 100}, "hourly_cost": 30},
              "bob": {"skills": {"weld": 140}, "people": 2, "hourly_cost": 20}},
    "fixtures": {"jig": {"number": 3}, "pallet": {"number": 9}},
}
PARTS: dict[str, Any] = {
    "leg": {"operations": {"saw": work("1 min", "40 s", split={"parts": 3, "minimum": 5}), "sand": work()},
            "components": [{"component": "steel", "quantity": 2, "at": "saw"}], "holds": [],
            "sub_plans": {"cast": {"replaces": ["sand"], "operations": {"pour": work(), "cool": work("1 h")}}}},
    "steel": {"stock": 20, "stock_value": 1, "arrivals": [{"at": datetime(2024, 1, 2), "quantity": 9}],
              "buy": {"lead_time": "3 h", "price": 2, "expedite": {"lead_time": "30 min", "price": 5}}},
    "glue": {"buy": {"lead_time": "5 h", "price": 1}},
}
OPERATIONS: dict[str, Any] = {
    "a": work("2 min", "1 min", crews=[{"skill": "weld"}, {"skill": "weld", "during": "loading"}], loading="1 min",
              alternatives=[{"resources": ["r2"], "crews": []}], fixtures=[{"fixture": "jig", "number": 2}]),
    "b": work("1 min", "30 s", links={"a": {"transfer": 3, "minimum": "1 min"}}, pausing=True),
    "c": {"capability": "paint", "needs": {"colour": "{colour}"}, "work": {"per_piece": "2 min"}, "cost": 3,
          "links": {"b": {"maximum": "1 d"}}},
    "d": {"capability": "bake", "work": {"fixed": "1 h"}, "batch": "{colour}", "places": 2},
    "e": work(split={"parts": 4, "minimum": 3}, after=["b"]),
}
FAMILY: dict[str, Any] = {
    "options": {"colour": {"default": "white", "choices": {
        "white": {}, "red": {"remove_operations": ["d"], "add_components": [{"component": "glue", "at": "e"}]}}}},
    "sub_plans": {"x": {"replaces": ["c", "d"], "operations": {"s": {"capability": "plate"}, "t": work()}},
                  "y": {"replaces": ["d", "c"], "operations": {"u": work()}}},
    "holds": [{"fixture": "pallet", "from": "a", "to": "b"}, {"fixture": "jig", "from": "b", "to": "d"}],
    "uses": [{"component": "leg", "quantity": 2}, {"component": "steel", "at": "c"}],
}


def orders(count: int) -> list[dict[str, Any]]:
    draw = random.Random(3)
    return [{"id": f"O{i}", "quantity": draw.randint(1, 14), "choices": {"colour": draw.choice(["white", "red"])},
             "release": datetime(2024, 1, 1) + timedelta(minutes=draw.randint(0, 99)),
             "due": datetime(2024, 1, 9) - timedelta(hours=i)} for i in range(count)]


def made(book: list[dict[str, Any]]) -> Scenario:
    return scenario(OPERATIONS, book, plant=PLANT, components=PARTS, **FAMILY)


def said(plan: Plan) -> set[tuple[Any, ...]]:
    """All a plan says, without numbers that depend on what else is planned."""
    shop, name, found = plan.shop, names(plan), set[tuple[Any, ...]]()
    assert shop is not None
    group: dict[int, list[str]] = {}
    for o, branch in enumerate(shop.op_branch.tolist()):
        group.setdefault(branch, []).append(name[o])
    both: dict[int, list[Any]] = {}
    for branch, choice in enumerate(shop.branch_choice.tolist()):
        both.setdefault(choice, []).append(tuple(group[branch]))
    found.update(("choice", tuple(members)) for members in both.values())
    for o in range(len(plan)):
        peg = int(shop.op_supply[o])
        supplied = () if peg < 0 else (plan.pegs.component[peg], plan.lots.id[plan.pegs.consumer[peg]],
                                       int(plan.pegs.quantity[peg]), shop.stocked[shop.op_component[o]])
        batch = shop.batch_names[shop.op_batch[o]] if shop.op_batch[o] >= 0 else None
        found.add(("operation", name[o], int(plan.op_release[o]), int(shop.op_quantity[o]), batch,
                   int(shop.op_places[o]), supplied, shop.op_latest[o] == NEVER))
        for m in range(int(plan.mode_first[o]), int(plan.mode_first[o + 1])):
            held = tuple((int(shop.fixture[f]), int(shop.fixture_number[f]), bool(shop.fixture_held[f]))
                         for f in range(int(shop.fixture_first[m]), int(shop.fixture_first[m + 1])))
            columns = (plan.mode_resource, plan.mode_configuration, plan.mode_index, plan.mode_duration,
                       plan.mode_cost, shop.mode_shared, shop.mode_term, shop.mode_source, shop.mode_pause,
                       shop.mode_load, shop.mode_unload)
            found.add(("mode", name[o], shop.teams[shop.mode_team[m]], shop.team_needs[shop.mode_team[m]], held,
                       *(int(column[m]) for column in columns)))
    for a in range(len(plan.arc_from)):
        handed = tuple(tuple(values[first[a]:first[a + 1]].tolist()) for first, values in (
            (shop.head_first, shop.head), (shop.tail_first, shop.tail)))
        found.add(("arc", name[plan.arc_from[a]], name[plan.arc_to[a]], int(shop.arc_min[a]), int(shop.arc_max[a]),
                   handed))
    found.update(("hold", name[a], name[b], int(f), int(n)) for a, b, f, n in zip(
        shop.hold_from, shop.hold_to, shop.hold_fixture, shop.hold_number))
    return found


def test_together_and_alone() -> None:
    book = orders(40)
    together = build(made(book))
    assert len(together) > 800
    alone = [said(build(made([{**order}]))) for order in book]
    kinds = {fact[0] for facts in alone for fact in facts}
    assert kinds == {"choice", "operation", "mode", "arc", "hold"}
    assert said(together) == set().union(*alone)


def test_the_columns_of_the_shop_fit_the_plan() -> None:
    plan = build(made(orders(25)))
    shop = plan.shop
    assert shop is not None
    n, m, a = len(plan), len(plan.mode_cost), len(plan.arc_from)
    for name, column in vars(shop).items():
        kind, _, rest = name.partition("_")
        size = {"op": n, "mode": m, "arc": a}.get(kind)
        assert size is None or len(column) == size, name
        assert rest != "first" or (column[0] == 0 and (column[1:] >= column[:-1]).all())
    assert (len(shop.fixture_first), len(shop.head_first), len(shop.tail_first)) == (m + 1, a + 1, a + 1)
    assert (len(shop.fixture), len(shop.head), len(shop.tail)) == (
        shop.fixture_first[-1], shop.head_first[-1], shop.tail_first[-1])
    assert len(set(map(str, shop.teams))) == len(shop.teams)
    assert (shop.branch_choice[1:] >= shop.branch_choice[:-1]).all()
    assert set(shop.op_branch.tolist()) == {-1, *range(len(shop.branch_choice))}
