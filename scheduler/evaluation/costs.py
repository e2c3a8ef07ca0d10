"""Costs of any schedule, good or bad, derived from the scenario alone."""

from __future__ import annotations

import numpy as np

from scheduler.domain.catalog import Component
from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.results import Costs
from scheduler.domain.scenario import MICRO, Scenario, round_micros
from scheduler.domain.schedule import SOURCES, Schedule
from scheduler.evaluation.extras import moving_micros, overtime_shares
from scheduler.evaluation.matched import Matched, matched, run_micros
from scheduler.evaluation.recipes import recipes
from scheduler.evaluation.sequence import sequence
from scheduler.evaluation.sharing import split, users, weights
from scheduler.evaluation.standard import shop_standard_costs, standard_cost, standard_costs
from scheduler.evaluation.used import shop_plan

PROCESSING, MATERIAL, RECONFIGURATION, LATENESS, HOLDING, OVERTIME, SUBCONTRACTING, REFUSAL, MOVING = range(len(TERMS))
MAKING = (PROCESSING, MATERIAL, SUBCONTRACTING)
"""Terms that are split into standard and customization."""


def costs(scenario: Scenario, schedule: Schedule) -> Costs:
    """Cost terms and their split per order, each account x term rounded once.

    In a plain scenario processing counts the time the schedule really gives to an operation, so that a lengthened bar
    costs more; beyond it (pauses, speeds, crews) what the mode costs as planned. A mode the operation does not have
    carries no fixed cost (the judge reports it). An order without operations has delivery and first start -1, and no
    lateness, holding or customization; a refused one costs its price and nothing else. `Costs.plant` holds what belongs
    to no order: overtime nobody used, planned maintenance, shared lots of which every user is refused.
    """
    lots, orders, shop = schedule.lots, scenario.orders, matched(scenario, schedule)
    count = len(orders)
    account = lots.order.copy()
    shared = np.flatnonzero(account < 0)
    account[shared] = count + np.arange(len(shared))
    micros = np.zeros((count + len(shared), len(TERMS)), dtype=np.int64)
    carrier = account[schedule.lot]
    if shop is None:
        np.add.at(micros[:, PROCESSING], carrier, processing_micros(scenario, schedule))
    np.add.at(micros[:, MATERIAL], account, material_micros(scenario, schedule))
    np.add.at(micros[:, RECONFIGURATION], carrier, sequence(scenario, schedule).cost)
    left = 0 if shop is None else _beyond(scenario, schedule, shop, carrier, micros)
    first_start, completion, delivery = order_times(scenario, schedule)
    there = completion >= 0
    micros[:count, LATENESS] = np.where(there, orders.late_rate * np.maximum(0, delivery - orders.due), 0)
    micros[:count, HOLDING] = np.where(there, orders.hold_rate * (delivery - first_start), 0)
    refused = list(schedule.refused)
    micros[refused] = 0
    micros[refused, REFUSAL] = orders.price[refused] * MICRO
    rounded = np.asarray(round_micros(micros))
    terms = rounded[:count].copy()
    lot, user = users(scenario, schedule, shop is not None)
    by_lot = np.zeros((len(lots.id), len(TERMS)), dtype=np.int64)
    by_lot[shared] = rounded[count:]
    np.add.at(terms, user, split(by_lot, lot, weights(scenario, schedule, lot, user)))
    plant = by_lot[np.setdiff1d(shared, lot)].sum(axis=0) if shop is not None else np.zeros(len(TERMS), dtype=np.int64)
    plant[OVERTIME] += left
    made = terms[:, MAKING].sum(axis=1)
    there[refused] = False
    standard = np.where(there, standard_of_orders(scenario, made), made)
    weighing = np.array(scenario.policy.weights.as_tuple(), dtype=np.int64)
    return Costs(terms=terms, standard=standard, customization=made - standard,
                 reconfiguration=terms[:, RECONFIGURATION], lateness=terms[:, LATENESS], holding=terms[:, HOLDING],
                 weighted=int(((terms.sum(axis=0) + plant) * weighing).sum()), delivery=delivery,
                 first_start=first_start, plant=plant)


def _beyond(scenario: Scenario, schedule: Schedule, shop: Matched, carrier: np.ndarray, micros: np.ndarray) -> int:
    """Adds running, moving and overtime to the accounts' micros; returns the hundredths of overtime nobody used."""
    amount, term = run_micros(scenario, schedule, shop)
    np.add.at(micros, (carrier, term), amount)
    np.add.at(micros[:, MOVING], carrier, moving_micros(scenario, schedule, shop))
    shares, left = overtime_shares(scenario, schedule, carrier, len(micros))
    micros[:, OVERTIME] += shares * MICRO
    return left


def measures(scenario: Scenario, schedule: Schedule, costs: Costs) -> dict[str, int]:
    """Every measure a policy can ask for: money in weighted hundredths, the others in ticks (see Policy)."""
    orders, there = scenario.orders, costs.delivery >= 0
    late = np.where(there & (orders.due < NEVER), np.maximum(0, costs.delivery - orders.due), 0)
    lead = np.where(there, costs.delivery - orders.release, 0)
    return {"money": costs.weighted, "makespan": int(schedule.end.max()) if len(schedule) else 0,
            "weighted_tardiness": int((orders.priority * late).sum()), "lead_time": int((orders.priority * lead).sum())}


def order_times(scenario: Scenario, schedule: Schedule) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First start, completion and delivery of each order in ticks; -1 for orders without operations."""
    orders = scenario.orders
    first, last = np.full(len(orders), NEVER), np.full(len(orders), -1, dtype=np.int64)
    order = np.where(np.isin(schedule.lots.order, schedule.refused), -1, schedule.lots.order)[schedule.lot]
    own = order >= 0
    np.minimum.at(first, order[own], schedule.start[own])
    np.maximum.at(last, order[own], schedule.end[own])
    held = (last >= 0) & ~orders.early & (orders.due < NEVER)
    return np.where(last >= 0, first, -1), last, np.where(held, np.maximum(last, orders.due), last)


def processing_micros(scenario: Scenario, schedule: Schedule) -> np.ndarray:
    """rate x time + fixed cost of each operation, in micros."""
    rate = np.array([r.rate for r in scenario.resources], dtype=np.int64)
    running = rate[schedule.resource] * (schedule.end - schedule.start)
    return np.asarray(running + fixed_costs(scenario, schedule) * MICRO)


def fixed_costs(scenario: Scenario, schedule: Schedule) -> np.ndarray:
    """Fixed cost of each operation's mode, in hundredths."""
    lots = schedule.lots
    items = {name: i for i, name in enumerate(dict.fromkeys(lots.item))}
    item = np.array([items[name] for name in lots.item], dtype=np.int64)
    variant = np.where(lots.order >= 0, scenario.orders.variant[lots.order], -1)
    kinds, kind = np.unique(np.stack((variant, item)), axis=1, return_inverse=True)
    modes = int(schedule.mode.max(initial=0)) + 1
    codes = (kind.ravel()[schedule.lot] * len(schedule.names) + schedule.name) * modes + schedule.mode
    unique, where = np.unique(codes, return_inverse=True)
    known, names = recipes(scenario), list(items)
    found = [known.of(scenario, v, names[i]) for v, i in kinds.T.tolist()]
    price = np.zeros(len(unique), dtype=np.int64)
    for at, code in enumerate(unique.tolist()):
        step, mode = divmod(code, modes)
        recipe = found[step // len(schedule.names)]
        if recipe is not None:
            price[at] = recipe.fixed.get((schedule.names[step % len(schedule.names)], mode), 0)
    return np.asarray(price[where])


def material_micros(scenario: Scenario, schedule: Schedule) -> np.ndarray:
    """Materials consumed for each lot, with what was bought and taken from stock for it, in micros."""
    lots, pegs, components = schedule.lots, schedule.pegs, scenario.catalog.components
    unit = np.array([_unit_material(scenario, order, item) for order, item in zip(lots.order.tolist(), lots.item)],
                    dtype=np.int64)
    micros = unit * lots.quantity * MICRO
    parts = {name: _prices(part) if part.kind == "part" else (0,) * len(SOURCES) for name, part in components.items()}
    taken = np.array([parts.get(name, (0,) * len(SOURCES)) for name in pegs.component],
                     dtype=np.int64).reshape(-1, len(SOURCES))
    each = taken[np.arange(len(taken)), pegs.source]
    np.add.at(micros, pegs.consumer, each * pegs.quantity * MICRO)
    return np.asarray(micros)


def _prices(part: Component) -> tuple[int, ...]:
    """Hundredths per piece from each of SOURCES; a lot is charged by itself."""
    buy = part.buy
    found = {"stock": part.stock_value, "buy": buy.price if buy else 0,
             "expedite": buy.expedite.price if buy and buy.expedite else 0}
    return tuple(found.get(source, 0) for source in SOURCES)


def _unit_material(scenario: Scenario, order: int, item: str) -> int:
    """Hundredths per piece; a bought tool is a lot without operations and costs its price."""
    component = scenario.catalog.components.get(item)
    if component is not None:
        return component.material_cost if component.operations or not component.buy else component.buy.price
    if item or order < 0:
        return 0
    variant = scenario.orders.variants[scenario.orders.variant[order]]
    if variant.family is None:
        return variant.routing.material_cost if variant.routing else 0
    family = scenario.catalog.families[variant.family]
    return family.material_cost + sum(family.options[o].choices[c].cost for o, c in variant.choices)


def standard_of_orders(scenario: Scenario, made: np.ndarray) -> np.ndarray:
    """Standard cost of each order in hundredths; for an own routing all of `made`."""
    orders = scenario.orders
    names = list(dict.fromkeys(v.family for v in orders.variants if v.family is not None))
    family = np.array([-1 if v.family is None else names.index(v.family) for v in orders.variants],
                      dtype=np.int64)[orders.variant]
    standard = made.copy()
    costing = standard_costs if shop_plan(scenario) is None else shop_standard_costs
    for index, name in enumerate(names):
        at = np.flatnonzero(family == index)
        quantity, where = np.unique(orders.quantity[at], return_inverse=True)
        standard[at] = costing(scenario, name, quantity)[where]
    return standard


__all__ = ["costs", "fixed_costs", "material_micros", "measures", "order_times", "processing_micros", "standard_cost"]
