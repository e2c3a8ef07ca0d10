"""Small shops, schedules for them written by hand, and where the cases of the shop's rules are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Carries, Schedule
from tests.factories import make, merged, plain_factory
from tests.validation.hand import ints, row, schedule

Case = tuple[Scenario, Schedule]
FORBIDDEN: dict[str, dict[str, Callable[[], Case]]] = {}
"""Cases by rule and name: the rule, and no other, has something to say."""
ALLOWED: dict[str, dict[str, Callable[[], Case]]] = {}
"""Cases by rule and name: no rule has anything to say."""


def forbids(rule: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(case: Callable[[], Case]) -> Callable[[], Case]:
        FORBIDDEN.setdefault(rule, {})[case.__name__] = case
        return case

    return keep


def allows(rule: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(case: Callable[[], Case]) -> Callable[[], Case]:
        ALLOWED.setdefault(rule, {})[case.__name__] = case
        return case

    return keep


def op(minutes: int = 10, **more: Any) -> dict[str, Any]:
    return {"capability": "work", "work": {"fixed": f"{minutes} min"}, **more}


def order(name: str, *, routing: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """An order of the operations among the fields (those that are mappings with a capability or resources)."""
    operations = {k: v for k, v in fields.items() if isinstance(v, dict)}
    rest = {k: v for k, v in fields.items() if k not in operations}
    return {"id": name, "routing": {"operations": operations, **(routing or {})}, **rest}


def shop(
    *orders: dict[str, Any],
    cell: dict[str, Any] | None = None,
    cells: dict[str, Any] | None = None,
    plant: dict[str, Any] | None = None,
    **over: Any,
) -> Scenario:
    """A cell 'shop' of m1 and m2 that can 'work', at 60 an hour; what is given is laid on top."""
    base = {"shop": {"capabilities": ["work"], "hourly_cost": 60, "resources": {"m1": {}, "m2": {}}}}
    factory = plain_factory(merged(base, {"shop": cell or {}, **(cells or {})}), **over)
    factory["plant"] = merged(factory["plant"], plant or {})
    return make(factory, orders)


def by_hand(
    scenario: Scenario,
    rows: Sequence[tuple[Any, ...]],
    *,
    lots: Sequence[tuple[str, str, str, int]] = (),
    pegs: Sequence[tuple[str, str, str, str, int, int]] = (),
    teams: dict[tuple[str, str], str] | None = None,
    leave: dict[tuple[str, str], int] | None = None,
    batches: Sequence[Sequence[tuple[str, str]]] = (),
    carries: Sequence[tuple[tuple[str, str], tuple[str, str], int, int]] = (),
    overtime: Sequence[tuple[str, int, int]] = (),
    refused: Sequence[str] = (),
    **header: Any,
) -> Schedule:
    """rows, pegs and further lots as in `schedule`; every order has its product's lot. Operations are named as (lot,
    operation); teams: crews with blanks between."""
    orders = scenario.orders
    products = [(name, "", name, int(quantity)) for name, quantity in zip(orders.id, orders.quantity)]
    made = schedule(scenario, [*products, *lots], rows, pegs, **header)
    numbers: dict[tuple[str, ...], int] = {(): 0}
    team, stays, batch = np.zeros(len(made), dtype=np.int64), made.end.copy(), np.full(len(made), -1)
    for key, names in (teams or {}).items():
        team[row(made, *key)] = numbers.setdefault(tuple(names.split()), len(numbers))
    for key, tick in (leave or {}).items():
        stays[row(made, *key)] = tick
    for k, members in enumerate(batches):
        for key in members:
            batch[row(made, *key)] = k
    told = [(row(made, *a), row(made, *b), start, end) for a, b, start, end in carries]
    return replace(
        made,
        team=team,
        teams=tuple(numbers),
        leave=stays,
        batch=batch,
        carries=Carries(*ints(told, 4)) if carries else None,
        overtime=tuple(overtime),
        refused=tuple(orders.index()[name] for name in refused),
    )
