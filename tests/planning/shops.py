"""Small factories with rules, and what their plans say in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.planning.build import build
from scheduler.planning.plan import Plan, Shop
from tests.factories import make, plain_factory

CELLS: dict[str, Any] = {
    "shop": {"hourly_cost": 60, "capabilities": ["work"], "resources": {"r1": {}, "r2": {}}},
    "away": {"kind": "subcontractor", "hourly_cost": 6, "capabilities": ["plate"], "resources": {"sub": {}}},
}
ROOM: dict[str, Any] = {
    "hourly_cost": 0, "capabilities": ["paint"], "configurations_from": {"colour": ["white", "red"]},
    "reconfiguration": {"default": {"time": "10 min"}, "crews": [{"skill": "rig", "during": "reconfiguration"}]},
    "resources": {"booth": {}},
}


def work(fixed: str = "10 min", per_piece: str = "0 min", **more: Any) -> dict[str, Any]:
    """An operation on r1 only, unless `more` says otherwise."""
    return {"capability": "work", "resources": ["r1"], "work": {"fixed": fixed, "per_piece": per_piece}, **more}


def scenario(operations: dict[str, Any], orders: list[dict[str, Any]] | None = None, *,
             plant: dict[str, Any] | None = None, components: dict[str, Any] | None = None,
             uses: list[dict[str, Any]] | None = None, **family: Any) -> Scenario:
    """Family 'f' in a plant with CELLS and `plant`; one order 'O' of one piece unless orders say otherwise."""
    laid = {"cells": CELLS, **(plant or {})}
    made = {"operations": operations, "components": uses or [], **family}
    catalog = {"families": {"f": made}, "components": components or {}}
    return make(plain_factory(laid["cells"], plant=laid, catalog=catalog),
                [{"family": "f", **order} for order in orders or [{"id": "O"}]])


def planned(*args: Any, **more: Any) -> tuple[Plan, Shop]:
    plan = build(scenario(*args, **more))
    assert plan.shop is not None
    return plan, plan.shop


def mistakes(*args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        build(scenario(*args, **more))
    return [str(m) for m in caught.value.mistakes]


def names(plan: Plan) -> list[str]:
    """'lot:operation' of each operation; the lot is left out where it is the order 'O'."""
    pairs = [(plan.lots.id[lot], plan.names[name]) for lot, name in zip(plan.op_lot.tolist(), plan.op_name.tolist())]
    return [name if lot == "O" else f"{lot}:{name}" for lot, name in pairs]


def arcs(plan: Plan) -> set[tuple[str, str]]:
    name = names(plan)
    return {(name[a], name[b]) for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist())}


def lags(plan: Plan) -> dict[tuple[str, str], tuple[int, int | None]]:
    """(minimum, maximum) of each arc that is not plain."""
    name, shop = names(plan), plan.shop
    assert shop is not None
    return {(name[a], name[b]): (low, None if high == NEVER else high) for a, b, low, high in zip(
        plan.arc_from.tolist(), plan.arc_to.tolist(), shop.arc_min.tolist(), shop.arc_max.tolist())
        if low or high < NEVER}


def modes(plan: Plan, operation: str) -> range:
    o = names(plan).index(operation)
    return range(int(plan.mode_first[o]), int(plan.mode_first[o + 1]))


def branches(plan: Plan) -> list[list[list[str]]]:
    """For each choice, for each branch, its operations."""
    name, shop = names(plan), plan.shop
    assert shop is not None
    found: list[list[list[str]]] = [[] for _ in range(int(shop.branch_choice.max(initial=-1)) + 1)]
    for b, choice in enumerate(shop.branch_choice.tolist()):
        found[choice].append([name[o] for o in range(len(plan)) if shop.op_branch[o] == b])
    return found
