"""Finds the mistakes of a scenario that need computing, all in one go."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.assemble import assemble, axis_of
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import CalendarSpec
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Mistake
from scheduler.usecases.diagnosis.catalog import CatalogCheck
from scheduler.usecases.diagnosis.findings import Findings
from scheduler.usecases.diagnosis.floor import check_floor
from scheduler.usecases.diagnosis.making import MakingCheck, without_references
from scheduler.usecases.diagnosis.orders import OrdersCheck
from scheduler.usecases.diagnosis.periods import short
from scheduler.usecases.diagnosis.plant import check_plant, known_zone
from scheduler.usecases.diagnosis.policy import check_policy
from scheduler.usecases.diagnosis.shop import Shop
from scheduler.usecases.diagnosis.staff import StaffCheck


def diagnose(file: ScenarioFile, entries: Sequence[OrderEntry], floor: Sequence[FloorEntry] = ()) -> list[Mistake]:
    """All mistakes: unknown names, circles, broken rules, impossible dates, and orders that nothing can make.

    `where` of a mistake is its path in the file; ('orders', i, ...) for entry i. Work grows with the number of
    distinct configurations, plus a cheap pass over all orders.
    """
    found = Findings()
    happened = [*(file.floor or ()), *floor]
    check_plant(file, found)
    staff = StaffCheck(file.plant, found)
    staff.run()
    check_policy(file, found)
    catalog = CatalogCheck(file.catalog, Shop(file.plant), staff, found)
    catalog.run()
    usable = _usable(file, found)
    orders = OrdersCheck(usable, catalog, found)
    orders.run(entries)
    if catalog.shop.complete:
        MakingCheck(usable, entries, orders.groups, happened, found).run()
    if file.now is not None and axis_of(usable).to_ticks(file.now) < 0:
        found.add(("now",), f"now ({short(file.now)}) is before the origin ({short(file.origin)})",
                  "write a 'now' from the origin on, or an earlier origin")
    if happened:
        _floor(usable if len(found) else file, entries, happened, found)
    return list(found.mistakes)


def _floor(file: ScenarioFile, entries: Sequence[OrderEntry], happened: Sequence[FloorEntry], found: Findings) -> None:
    bare = file.model_copy(update={"floor": None})
    if len(found):
        check_floor(assemble(without_references(bare), ()), happened, found)
    else:
        check_floor(assemble(bare, entries), happened, found)


def _usable(file: ScenarioFile, found: Findings) -> ScenarioFile:
    """The file with a time axis and calendars that can be computed with, so that mistakes in them hide no others."""
    wrong = {m.where[2] for m in found.mistakes if m.where[:2] == ("plant", "calendars")}
    calendars = {name: CalendarSpec() if name in wrong else spec for name, spec in file.plant.calendars.items()}
    return file.model_copy(update={
        "time_zone": file.time_zone if known_zone(file.time_zone) else "UTC",
        "tick": file.tick if file.tick > 0 else ScenarioFile.model_fields["tick"].default,
        "plant": file.plant.model_copy(update={"calendars": calendars})})
