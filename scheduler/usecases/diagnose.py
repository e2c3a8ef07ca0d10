"""Finds the mistakes of a scenario that need computing, all in one go."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import CalendarSpec
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Mistake
from scheduler.usecases.diagnosis.catalog import CatalogCheck
from scheduler.usecases.diagnosis.findings import Findings
from scheduler.usecases.diagnosis.making import MakingCheck
from scheduler.usecases.diagnosis.orders import OrdersCheck
from scheduler.usecases.diagnosis.plant import check_plant, known_zone
from scheduler.usecases.diagnosis.policy import check_policy
from scheduler.usecases.diagnosis.shop import Shop


def diagnose(file: ScenarioFile, entries: Sequence[OrderEntry], floor: Sequence[FloorEntry] = ()) -> list[Mistake]:
    """All mistakes: unknown names, circles, broken rules, impossible dates, and orders that nothing can make.

    `where` of a mistake is its path in the file; ('orders', i, ...) for entry i. Work grows with the number of
    distinct configurations, plus a cheap pass over all orders.
    """
    found = Findings()
    check_plant(file, found)
    check_policy(file, found)
    catalog = CatalogCheck(file.catalog, Shop(file.plant), found)
    catalog.run()
    usable = _usable(file, found)
    orders = OrdersCheck(usable, catalog, found)
    orders.run(entries)
    if catalog.shop.complete:
        MakingCheck(usable, entries, orders.groups, found).run()
    return list(found.mistakes)


def _usable(file: ScenarioFile, found: Findings) -> ScenarioFile:
    """The file with a time axis and calendars that can be computed with, so that mistakes in them hide no others."""
    wrong = {m.where[2] for m in found.mistakes if m.where[:2] == ("plant", "calendars")}
    calendars = {name: CalendarSpec() if name in wrong else spec for name, spec in file.plant.calendars.items()}
    return file.model_copy(update={
        "time_zone": file.time_zone if known_zone(file.time_zone) else "UTC",
        "tick": file.tick if file.tick > 0 else ScenarioFile.model_fields["tick"].default,
        "plant": file.plant.model_copy(update={"calendars": calendars})})
