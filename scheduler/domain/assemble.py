"""From a scenario file and order entries to a Scenario: defaults, the value class rule, dates to ticks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.catalog import Catalog
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import NEVER, OrderEntry, Variant, orders_from_columns
from scheduler.domain.policy import Customer, Policy, ValueClass
from scheduler.domain.quantities import DAY_MILLIS as DAY
from scheduler.domain.scenario import Scenario, ScenarioFile, rate_per_tick
from scheduler.domain.timeaxis import TimeAxis


def axis_of(file: ScenarioFile) -> TimeAxis:
    zone = ZoneInfo(file.time_zone)
    origin = file.origin if file.origin.tzinfo else file.origin.replace(tzinfo=zone)
    return TimeAxis(origin=origin, zone=file.time_zone, tick=file.tick)


def to_tick(axis: TimeAxis, when: datetime | date | None, end_of_day: bool, missing: int) -> int:
    """Tick of a moment; a date without time is its start or end. `due` rounds down, `release` up, never before 0."""
    if when is None:
        return missing
    if not isinstance(when, datetime):
        when = datetime.combine(when, time()) + timedelta(days=1 if end_of_day else 0)
    return axis.to_ticks(when, up=not end_of_day) if end_of_day else max(0, axis.to_ticks(when, up=True))


def priority_and_penalty(entry: OrderEntry, price: int, customers: dict[str, Customer],
                         classes: dict[str, ValueClass]) -> tuple[int, int]:
    """Priority and penalty per day (hundredths) of an order by its own word or its customer's value class."""
    customer = customers.get(entry.customer or "")
    rule = classes.get(customer.value_class) if customer else None
    priority = entry.priority if entry.priority is not None else (rule.priority if rule else 1)
    if entry.penalty_per_day is not None:
        return priority, entry.penalty_per_day
    if rule is None:
        return priority, 0
    penalty = rule.penalty_per_day + round(price * rule.penalty_percent / 100)
    return priority, penalty if rule.penalty_limit is None else min(penalty, rule.penalty_limit)


def full_choices(catalog: Catalog, family: str, chosen: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """A choice for each option of the family, in the family's order."""
    return tuple((name, chosen.get(name, option.default)) for name, option in catalog.families[family].options.items())


def list_price(catalog: Catalog, family: str, choices: tuple[tuple[str, str], ...]) -> int:
    """List price of one piece in hundredths."""
    spec = catalog.families[family]
    return spec.price + sum(spec.options[o].choices[c].price for o, c in choices)


def rates(policy: Policy, axis: TimeAxis, priority: int, penalty: int, price: int) -> tuple[int, int]:
    """late_rate and hold_rate in millionths of a hundredth per tick."""
    factor = policy.priority_factors.get(priority, float(priority))
    late = rate_per_tick(round(penalty * factor), DAY, axis.tick)
    hold = round(rate_per_tick(price, DAY, axis.tick) * policy.holding_percent_per_day / 100)
    return late, hold


def assemble(file: ScenarioFile, entries: Iterable[OrderEntry], axis: TimeAxis | None = None,
             floor: Iterable[FloorEntry] = ()) -> Scenario:
    """The scenario of a file and its orders. Names must exist and choices obey the rules: `diagnose` checks that first.

    A price not given is the list price x quantity (0 for an own routing).
    """
    axis = axis or axis_of(file)
    tick = lru_cache(maxsize=None)(lambda when, end, missing: to_tick(axis, when, end, missing))
    variants: dict[Any, int] = {}
    made: list[Variant] = []
    columns: dict[str, list[Any]] = {k: [] for k in (
        "id", "customer", "variant", "quantity", "release", "due", "deadline", "priority", "penalty", "price",
        "late_rate", "hold_rate", "early", "may_refuse")}
    for entry in entries:
        if entry.family is not None:
            key: Any = (entry.family, full_choices(file.catalog, entry.family, entry.choices))
            unit = list_price(file.catalog, *key)
        else:
            key, unit = id(entry), 0
        if key not in variants:
            variants[key] = len(made)
            made.append(Variant(entry.family, key[1] if entry.family else (), entry.routing))
        price = entry.price if entry.price is not None else unit * entry.quantity
        priority, penalty = priority_and_penalty(entry, price, file.customers, file.value_classes)
        late, hold = rates(file.policy, axis, priority, penalty, price)
        due = tick(entry.due, True, int(NEVER))
        for name, value in (
                ("id", entry.id), ("customer", entry.customer or ""), ("variant", variants[key]),
                ("quantity", entry.quantity), ("release", tick(entry.release, False, 0)), ("due", due),
                ("deadline", tick(entry.deadline, True, int(NEVER))), ("priority", priority), ("penalty", penalty),
                ("price", price), ("late_rate", late if due < NEVER else 0), ("hold_rate", hold),
                ("early", entry.may_leave_early or due >= NEVER),
                ("may_refuse", file.policy.refuse_orders and not entry.must_make and price > 0)):
            columns[name].append(value)
    columns["variants"] = made
    return Scenario(name=file.name, description=file.description, axis=axis, currency=file.currency, plant=file.plant,
                    catalog=file.catalog, value_classes=file.value_classes, customers=file.customers,
                    policy=file.policy, orders=orders_from_columns(columns),
                    now=max(0, axis.to_ticks(file.now)) if file.now else 0, floor=(*(file.floor or ()), *floor))
