"""Data folders of frePPLe (its CSV tables, one file each) as scenarios. docs/model/instances.md says what means what.

Source: frePPLe's model reference (doc/model-reference of github.com/frePPLe/frepple) and its tables' columns
(freppledb/input/models there).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import Cell, ResourceSpec
from scheduler.domain.policy import Customer, Policy, ValueClass
from scheduler.domain.scenario import ScenarioFile
from scheduler.formats.frepple.goods import DELIVER, Goods
from scheduler.formats.frepple.machines import Machines
from scheduler.formats.frepple.tables import Folder, Row, files, read_folder
from scheduler.formats.frepple.values import duration, moment, whole

PLANNED = ("", "open", "quote")
"""Statuses of demands that are planned."""
STANDARD = "standard"
USUAL_PRIORITY = 10
"""frePPLe's priority of a demand that has none."""
MOST_URGENT = 1000
YEAR = timedelta(days=366)
SECOND, MINUTE = 1000, 60_000


def is_frepple(folder: Path) -> bool:
    """Whether a folder holds frePPLe's tables: demands and operations at least."""
    return {"demand", "operation"} <= set(files(folder))


def read_frepple(path: Path) -> tuple[ScenarioFile, list[OrderEntry]]:
    """The scenario and orders of a folder. Raises InputError with every mistake, each with file, line and column."""
    folder = read_folder(path)
    folder.refuse()
    origin, currency = _parameters(folder)
    demands = [row for row in folder["demand"] if row.text("status").lower() in PLANNED]
    last = max((row.take("due", moment, origin) for row in demands), default=origin) + YEAR
    machines = Machines(folder, origin.date(), last.date())
    goods = Goods(folder, machines)
    if not demands and folder["demand"]:
        folder["demand"][0].wrong("status", "no demand is open", "one at least must be open, quote or empty")
    orders = _orders(folder, demands, goods)
    folder.refuse()
    plant = machines.plant({DELIVER: Cell(resources={DELIVER: ResourceSpec()})} if goods.delivers else {})
    folder.refuse()
    customers = {entry.customer: Customer(value_class=STANDARD) for entry in orders if entry.customer}
    file = ScenarioFile(
        version=1, name=path.resolve().name, description="Read from frePPLe's tables.", origin=origin,
        tick=f"{_tick(folder)} ms", currency=currency or "EUR", plant=plant, catalog=goods.catalog(),
        value_classes={STANDARD: ValueClass()} if customers else {}, customers=customers,
        policy=Policy(objective=("weighted_tardiness", "money")))
    return file, orders


def _parameters(folder: Folder) -> tuple[datetime, str]:
    """The date of the plan and the currency; all other parameters steer frePPLe's own algorithm."""
    found = {row.needed("name").lower(): row for row in folder["parameter"]}
    origin: datetime | None = None
    if "currentdate" in found:
        row = found["currentdate"]
        if row.text("value").lower() in ("now", "today"):
            row.wrong("value", f"currentdate is '{row.text('value')}'", "write the date that the data is of")
        origin = row.take("value", moment, None)
    elif folder["demand"]:
        folder["demand"][0].wrong("", "the folder does not say of which date it is",
                                  "add parameter.csv with 'name,value' and 'currentdate,2026-03-02 06:00:00'")
    folder.refuse()
    currency = found["currency"].text("value").strip(", ") if "currency" in found else ""
    return origin or datetime.combine(date(2000, 1, 1), datetime.min.time()), currency


def _orders(folder: Folder, demands: list[Row], goods: Goods) -> list[OrderEntry]:
    """An order for each demand. There a lower priority number is more urgent, here a higher one: the least urgent of
    the numbers that occur becomes 1, the next 2, and so on."""
    levels = sorted({row.take("priority", whole, USUAL_PRIORITY) for row in demands}, reverse=True)
    if len(levels) > MOST_URGENT:
        demands[0].wrong("priority", f"{len(levels)} different priorities", f"use at most {MOST_URGENT}")
    rank = {level: min(i, MOST_URGENT) for i, level in enumerate(levels, 1)}
    found, seen = [], set()
    for row in demands:
        name, item = row.needed("name"), row.needed("item")
        quantity = row.take("quantity", whole, 1)
        due = row.take("due", moment, None)
        if name in seen:
            row.wrong("name", f"demand '{name}' stands twice", "keep one of them")
        if due is None:
            row.needed("due")
        if quantity < 1:
            row.wrong("quantity", f"'quantity' is {quantity}", "write 1 or more")
        if row.text("policy", "independent").lower() != "independent":
            row.wrong("policy", f"'policy' is {row.text('policy')}", "only independent demands can be read")
        seen.add(name)
        goods.family(item, row)
        late = row.take("maxlateness", duration, None)
        found.append(OrderEntry(
            id=name, family=item, quantity=max(1, quantity), due=due, customer=row.text("customer") or None,
            deadline=due + timedelta(milliseconds=late) if due and late is not None else None,
            priority=rank[row.take("priority", whole, USUAL_PRIORITY)]))
    return found


def _tick(folder: Folder) -> int:
    """A minute where all durations are whole minutes, else a second."""
    times = [row.take(name, duration, 0) for table in ("operation", "itemsupplier", "setuprule", "operationdependency")
             for row in folder[table] for name in ("duration", "durationper", "leadtime", "hardsafetyleadtime")]
    return MINUTE if all(t % MINUTE == 0 for t in times) else SECOND
