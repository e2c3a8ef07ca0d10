"""The standard cost: what a family's default variant costs in its cheapest modes."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.catalog import Buy, Component
from scheduler.domain.orders import NEVER, Variant, orders_from_columns
from scheduler.domain.scenario import MICRO, Scenario, round_micros
from scheduler.domain.schedule import SOURCES
from scheduler.evaluation.recipes import recipes
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.planning.template import durations

_KNOWN: WeakKeyDictionary[Scenario, dict[tuple[str, int], int]] = WeakKeyDictionary()


def standard_cost(scenario: Scenario, family: str, quantity: int) -> int:
    """Processing and materials of `quantity` pieces of the family's default variant, in hundredths.

    Every operation in its cheapest mode, all parts made or bought as if the stock were empty, tools not counted.
    """
    return int(standard_costs(scenario, family, np.array([quantity], dtype=np.int64))[0])


def standard_costs(scenario: Scenario, family: str, quantity: np.ndarray) -> np.ndarray:
    """`standard_cost` of each of the quantities [Q]."""
    template = recipes(scenario).default(scenario, family)
    rate = np.array([r.rate for r in scenario.resources], dtype=np.int64)
    micros = np.zeros(len(quantity), dtype=np.int64)
    counted: list[bool] = []
    for item, pieces in zip(template.items, template.pieces):
        there = item.parent < 0 or (counted[item.parent] and not item.tool)
        counted.append(there and item.made)
        if not there:
            continue
        need = quantity * pieces
        micros += need * (item.material_cost if item.made else item.price) * MICRO
        for step in range(item.first, item.last):
            ways = template.ways[:, template.way_first[step]:template.way_first[step + 1]]
            ticks = durations(ways, need[:, None], template.tick)
            micros += (ticks * rate[ways[0]] + ways[6] * MICRO).min(axis=1)
    return np.asarray(round_micros(micros))


def shop_standard_costs(scenario: Scenario, family: str, quantity: np.ndarray) -> np.ndarray:
    """`standard_cost` of each of the quantities [Q] beyond the plain shop: crews included, each operation alone in its
    batch, the cheapest of all sub-plans, nothing made for a pool."""
    known = _KNOWN.setdefault(scenario, {})
    missing = [q for q in quantity.tolist() if (family, q) not in known]
    if missing:
        known.update(zip(((family, q) for q in missing), _cheapest(_only(scenario, family, missing), len(missing))))
    return np.array([known[family, q] for q in quantity.tolist()], dtype=np.int64)


def _only(scenario: Scenario, family: str, quantity: list[int]) -> Plan:
    """The plan of orders of the default variant in these quantities, with empty stock and nothing on the floor."""
    components = {name: part.model_copy(update={"stock": 0, "arrivals": (), "pool": None, "buy": _source(part)})
                  for name, part in scenario.catalog.components.items()}
    n = len(quantity)
    options = scenario.catalog.families[family].options
    numbers = {name: [0] * n for name in ("variant", "release", "penalty", "price", "late_rate", "hold_rate")}
    orders = orders_from_columns({
        **numbers, "id": [str(i) for i in range(n)], "customer": [""] * n, "quantity": quantity, "due": [NEVER] * n,
        "deadline": [NEVER] * n, "priority": [1] * n, "early": [True] * n,
        "variants": [Variant(family, tuple((name, option.default) for name, option in options.items()))]})
    return build(replace(scenario, catalog=scenario.catalog.model_copy(update={"components": components}),
                         orders=orders, floor=(), now=0))


def _source(part: Component) -> Buy | None:
    """How a part that has neither operations nor a purchase is had all the same: for nothing."""
    return part.buy if part.buy is not None or part.operations else Buy(lead_time=0)


def _cheapest(plan: Plan, orders: int) -> list[int]:
    """Hundredths of each order by its cheapest modes and branches, materials included."""
    n, micros = len(plan), [0] * orders
    order = plan.lots.order
    for lot in np.flatnonzero(order >= 0).tolist():
        micros[int(order[lot])] += int(plan.lot_material[lot])
    cost = plan.mode_cost.copy()
    if plan.shop is not None:
        cost[plan.shop.mode_source == SOURCES.index("stock")] = NEVER
    least = np.minimum.reduceat(cost, plan.mode_first[:-1]) if n else cost
    branch = plan.shop.op_branch if plan.shop is not None else np.full(n, -1, dtype=np.int64)
    branches: dict[int, list[int]] = {}
    for o, (lot, b) in enumerate(zip(plan.op_lot.tolist(), branch.tolist())):
        j = int(order[lot])
        if j < 0:
            continue
        if b < 0:
            micros[j] += int(least[o])
        else:
            branches.setdefault(b, [j, 0])[1] += int(least[o])
    choices: dict[int, list[tuple[int, int]]] = {}
    for b, (j, amount) in branches.items():
        assert plan.shop is not None
        choices.setdefault(int(plan.shop.branch_choice[b]), []).append((amount, j))
    for options in choices.values():
        amount, j = min(options)
        micros[j] += amount
    return [int(round_micros(m)) for m in micros]
