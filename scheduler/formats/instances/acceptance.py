"""Order acceptance and scheduling with sequence-dependent setups on one machine (Cesaret, Oguz, Salman 2012).

Comma-separated rows over n + 2 columns, of which the first is the state before anything ran and the last a dummy at
the end: release, processing time, due date, deadline, revenue, weight, then the (n + 2) x (n + 2) setup times, a row
for what was before. Revenue less weight x tardiness is to be as high as possible over the accepted orders, each of
which must be complete by its deadline; the setup of an order begins no earlier than its release and takes the
machine: completion = max(machine free, release) + setup + processing (Computers & Operations Research 39, 1197-1205;
the same in github.com/fontanf/orproblems, order_acceptance_and_scheduling.hpp, which reads these files).

Ours minimises what is refused plus lateness, in money. One unit of revenue is UNIT hundredths, so that weights of
four decimals are exact: value = (sum of revenues - objective / UNIT).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from scheduler.domain.catalog import Catalog, Operation, Work
from scheduler.domain.orders import Routing
from scheduler.domain.plant import (
    Availability,
    Cell,
    Configuration,
    Fixture,
    FixtureNeed,
    Plant,
    Reconfiguration,
    ResourceSpec,
)
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario
from scheduler.formats.instances.build import AXIS, own_orders
from scheduler.formats.instances.commas import decimals, whole
from scheduler.formats.instances.text import Text

UNIT = 10_000
"""Hundredths of currency for one unit of revenue."""
MOST_ORDERS = 2_000
HEADS = ("release", "processing time", "due date", "deadline", "revenue", "weight")


def read_acceptance(name: str, text: Text) -> Scenario:
    """One machine 'machine' with a configuration per order and '0', its state before anything ran; orders are named
    by their column, from 1. An order's blank (a pallet of which there is none before its release) is held from the
    setup on, so that the setup waits for the release."""
    columns = _columns(text)
    release, duration, due, deadline, _, _ = columns
    n = len(release)
    setups = _setups(text, n)
    revenue = [int(value * UNIT) for value in columns[4]]
    rate = [int(value * UNIT * MICRO) for value in columns[5]]
    ids = [str(i) for i in range(1, n - 1)]
    routings = {i: Routing.model_construct(operations={"run": Operation.model_construct(
        needs={"order": i}, resources=("machine",), work=Work.model_construct(fixed=int(duration[int(i)])),
        fixtures=(FixtureNeed.model_construct(fixture=i),) if release[int(i)] else ())}) for i in ids}
    rows = np.arange(1, n - 1)
    orders = own_orders(
        routings, release=_take(release, rows), due=_take(due, rows), deadline=_take(deadline, rows),
        price=np.array(revenue)[rows], late_rate=np.array(rate)[rows],
        penalty=np.array([round(rate[i] * 86_400_000 / MICRO) for i in rows]), may_refuse=np.ones(len(rows), bool))
    start = AXIS.to_datetime(0)
    fixtures = {i: Fixture.model_construct(kind="pallet", changes=(Availability.model_construct(
        start=start, end=AXIS.to_datetime(int(release[int(i)])), number=0, reason="not released"),))
        for i in ids if release[int(i)]}
    configurations = {"0": Configuration(), **{i: Configuration(attributes={"order": i}) for i in ids}}
    matrix = tuple(tuple(0 if a == b else setups[a][b] for b in range(n - 1)) for a in range(n - 1))
    cell = Cell.model_construct(
        resources={"machine": ResourceSpec.model_construct(initial_configuration="0")}, configurations=configurations,
        reconfiguration=Reconfiguration.model_construct(matrix=matrix))
    return Scenario(
        name=name, axis=AXIS, currency="", plant=Plant.model_construct(fixtures=fixtures, cells={"machine": cell}),
        catalog=Catalog(), value_classes={}, customers={}, policy=Policy(refuse_orders=True), orders=orders,
        description=f"Public instance: order acceptance and scheduling with setups, {n - 2} orders, 1 machine; "
                    f"one unit of revenue is {UNIT // 100} of currency.")


def value(scenario: Scenario, objective: int) -> float:
    """Revenue less weighted tardiness of the accepted orders, in the file's unit."""
    return float(Decimal(int(scenario.orders.price.sum()) - objective) / UNIT)


def _take(values: list[Decimal], rows: np.ndarray) -> np.ndarray:
    return np.array([int(values[i]) for i in rows], dtype=np.int64)


def _columns(text: Text) -> list[list[Decimal]]:
    if len(text.rows) < len(HEADS):
        raise text.broken(text.end, None, f"{len(text.rows)} rows", f"write {', '.join(HEADS)}, then the setup times")
    found: list[list[Decimal]] = []
    for head, row in zip(HEADS, text.rows):
        places = 0 if head in HEADS[:4] else 4 if head == "revenue" else 10
        values = decimals(text, row, places)
        if found and len(values) != len(found[0]):
            raise text.broken(row, None, f"{len(values)} numbers in the row of the {head}", f"write {len(found[0])}")
        if not 3 <= len(values) <= MOST_ORDERS + 2:
            raise text.broken(row, None, f"{len(values)} columns",
                              f"one for each of 1 to {MOST_ORDERS} orders, one before them and one after")
        found.append(values)
    return found


def _setups(text: Text, n: int) -> list[list[int]]:
    rows = text.rows[len(HEADS):]
    if len(rows) != n:
        raise text.broken(text.end if len(rows) < n else rows[n], None, f"{len(rows)} rows of setup times",
                          f"{n}, one for each column")
    found = [whole(text, row) for row in rows]
    for row, values in zip(rows, found):
        if len(values) != n:
            raise text.broken(row, None, f"{len(values)} setup times in this row", f"write {n}")
    return found
