"""The judge's own calculation of what a schedule costs and how fast it is."""

from __future__ import annotations

import numpy as np

from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import round_micros
from scheduler.validation import costs_shop
from scheduler.validation.context import Context
from scheduler.validation.pegs import BUY, EXPEDITE, STOCK
from scheduler.validation.shop import Shop


def measured(context: Context) -> dict[str, int] | None:
    """Every measure of a complete schedule (money in hundredths, the others in ticks); None of others."""
    if not context.complete:
        return None
    if context.measures is None:
        context.measures = _measures(context)
    return context.measures


def _measures(context: Context) -> dict[str, int]:
    orders, n = context.orders, len(context.orders)
    order = context.lot_order[context.lot]
    own = order >= 0
    completion, first = orders.release.copy(), np.full(n, np.iinfo(np.int64).max)
    has = np.zeros(n, dtype=bool)
    has[order[own]] = True
    completion[has] = 0
    np.maximum.at(completion, order[own], context.end[own])
    np.minimum.at(first, order[own], context.start[own])
    first = np.where(has, first, completion)
    delivery = np.where(orders.early, completion, np.maximum(completion, orders.due))
    tardiness = np.where(context.refused, 0, np.maximum(0, delivery - orders.due))
    stay = np.where(context.refused, 0, delivery - first)
    lead = np.where(context.refused, 0, delivery - orders.release)
    terms = _terms(context, orders.late_rate * tardiness, orders.hold_rate * stay)
    weights = context.scenario.policy.weights.as_tuple()
    return {
        "money": sum(w * terms.get(name, 0) for w, name in zip(weights, TERMS)),
        "makespan": int(context.end.max(initial=0)),
        "weighted_tardiness": int((orders.priority * tardiness).sum()),
        "lead_time": int((orders.priority * lead).sum()),
    }


def _terms(context: Context, lateness: np.ndarray, holding: np.ndarray) -> dict[str, int]:
    """Hundredths of each term, every account rounded for itself."""
    micros = {"material": _material(context), "reconfiguration": _reconfiguration(context), "lateness": lateness,
              "holding": holding}
    if not isinstance(context, Shop):
        micros["processing"] = _processing(context)
        return {name: int(np.sum(round_micros(accounts))) for name, accounts in micros.items()}
    run, outside = costs_shop.running(context)
    micros["processing"] = _sums(context, context.lot, np.where(outside, 0, run))
    micros["subcontracting"] = _sums(context, context.lot, np.where(outside, run, 0))
    micros["moving"] = _sums(context, context.lot, costs_shop.moving(context))
    terms = {name: int(np.sum(round_micros(accounts))) for name, accounts in micros.items()}
    terms["overtime"] = costs_shop.overtime(context)
    terms["refusal"] = int(context.orders.price[context.refused].sum())
    return terms


def _account(context: Context, lot: np.ndarray) -> np.ndarray:
    """Orders first, then one for each lot, of which the shared ones are used."""
    order = context.lot_order[lot]
    return np.where(order >= 0, order, len(context.orders) + lot)


def _sums(context: Context, lot: np.ndarray, micros: np.ndarray) -> np.ndarray:
    total = np.zeros(len(context.orders) + len(context.lot_id), dtype=np.int64)
    np.add.at(total, _account(context, lot), micros)
    return total


def _processing(context: Context) -> np.ndarray:
    rate = np.array([r.rate for r in context.resources], dtype=np.int64)
    micros = rate[context.resource] * (context.end - context.start) + context.tables.cost[context.way] * MICRO
    return _sums(context, context.lot, micros)


def _reconfiguration(context: Context) -> np.ndarray:
    rows, _ = context.sequence
    return _sums(context, context.lot[rows], context.preparation[1])


def _material(context: Context) -> np.ndarray:
    """Materials of each lot, its pieces from stock and its purchases; a bought tool is charged once, to its own lot."""
    components = context.scenario.catalog.components.values()
    value = np.array([c.stock_value for c in components], dtype=np.int64)
    price = np.array([c.buy.price if c.buy else 0 for c in components], dtype=np.int64)
    hurried = np.array([c.buy.expedite.price if c.buy and c.buy.expedite else 0 for c in components], dtype=np.int64)
    lots = np.arange(len(context.lot_id))
    cents = context.tables.material[context.lot_template] * context.lot_quantity
    cents = np.where(context.lot_refused, 0, cents)
    component = np.maximum(context.lot_component, 0)
    if len(price):
        bought = (context.lot_component >= 0) & context.is_tool[component] & ~context.made[component]
        cents = np.where(bought, price[component], cents)
    total = _sums(context, lots, cents * MICRO)
    pegs = context.pegs
    for source, each in ((STOCK, value), (BUY, price), (EXPEDITE, hurried)):
        rows = pegs.of(source)
        total += _sums(context, pegs.consumer[rows], each[pegs.component[rows]] * pegs.quantity[rows] * MICRO)
    return total
