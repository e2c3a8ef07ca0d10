"""Finds the mistakes of a scenario that need computing, all in one go."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Mistake
from scheduler.usecases.diagnosis.catalog import CatalogCheck
from scheduler.usecases.diagnosis.findings import Findings
from scheduler.usecases.diagnosis.making import MakingCheck
from scheduler.usecases.diagnosis.orders import OrdersCheck
from scheduler.usecases.diagnosis.plant import check_plant, known_zone
from scheduler.usecases.diagnosis.policy import check_policy
from scheduler.usecases.diagnosis.shop import Shop


def diagnose(file: ScenarioFile, entries: Sequence[OrderEntry]) -> list[Mistake]:
    """All mistakes: unknown names, circles, broken rules, impossible dates, and orders that nothing can make.

    `where` of a mistake is its path in the file; ('orders', i, ...) for entry i. Work grows with the number of
    distinct configurations, plus a cheap pass over all orders.
    """
    found = Findings()
    check_plant(file, found)
    check_policy(file, found)
    catalog = CatalogCheck(file.catalog, Shop(file.plant), found)
    catalog.run()
    orders = OrdersCheck(file, catalog, found)
    orders.run(entries)
    calendars = any(m.where[:2] == ("plant", "calendars") for m in found.mistakes)
    if known_zone(file.time_zone) and file.tick > 0 and not calendars and catalog.shop.complete:
        MakingCheck(file, entries, orders.groups, found).run()
    return list(found.mistakes)
