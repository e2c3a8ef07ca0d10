"""Checks of the orders, one cheap pass over all of them; configurations are checked once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from scheduler.domain.assemble import axis_of, full_choices, priority_and_penalty, to_tick
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import Location
from scheduler.usecases.diagnosis.catalog import CatalogCheck
from scheduler.usecases.diagnosis.findings import MAX_MONEY, Findings
from scheduler.usecases.diagnosis.rules import broken_rules

Problem = tuple[Location, str, str]


class OrdersCheck:
    """Notes mistakes of each order; `groups` are the orders of each configuration that can be built, by position."""

    def __init__(self, file: ScenarioFile, catalog: CatalogCheck, found: Findings):
        self.file, self.catalog, self.found = file, catalog, found
        self._groups: dict[object, list[int]] = {}
        self._choices: dict[object, list[Problem]] = {}
        self._ticks: dict[tuple[object, bool], int] = {}
        self.defaults = {name: all(o.default in o.choices for o in family.options.values())
                         for name, family in file.catalog.families.items()}
        self.dearest = {
            name: family.price + sum(max(c.price for c in o.choices.values()) for o in family.options.values())
            for name, family in file.catalog.families.items()}
        self.factors = file.policy.priority_factors
        self.axis = axis_of(file)

    def run(self, entries: Sequence[OrderEntry]) -> None:
        if not entries:
            self.found.add(("orders",), "there are no orders", "write at least one")
        seen: dict[str, int] = {}
        for i, entry in enumerate(entries):
            if entry.id in seen:
                self.found.add(
                    ("orders", i, "id"), f"order '{entry.id}' stands twice (first as order {seen[entry.id] + 1})",
                    "give every order an id of its own")
            elif not entry.id:
                self.found.add(("orders", i, "id"), "an order without an id", "write one")
            elif ":" in entry.id:
                self._taken(entry, i)
            seen.setdefault(entry.id, i)
            if entry.customer is not None and self.file.customers and entry.customer not in self.file.customers:
                self.found.unknown(("orders", i, "customer"), "customer", entry.customer, list(self.file.customers))
            if entry.release is not None or entry.deadline is not None:
                self._dates(entry, i)
            self._item(entry, i)
            self._money(entry, i)

    def _taken(self, entry: OrderEntry, i: int) -> None:
        """The ids of lots of maintenance and of those that orders share are no ids of orders."""
        plant, components = self.file.plant, self.file.catalog.components
        name, _, rest = entry.id.rpartition(":")
        pooled = name in components and components[name].pool is not None and rest.isdecimal()
        if pooled or any(entry.id == f"{resource}:{planned}" for cell in plant.cells.values()
                         for resource, spec in cell.resources.items() for planned in spec.planned_maintenance):
            self.found.add(("orders", i, "id"), f"order '{entry.id}' bears the name of a lot of "
                           + ("a component that orders share" if pooled else "planned maintenance"),
                           "give the order another id")

    @property
    def groups(self) -> list[list[int]]:
        return list(self._groups.values())

    def _money(self, entry: OrderEntry, i: int) -> None:
        price = self.dearest.get(entry.family or "", 0) * entry.quantity if entry.price is None else entry.price
        if price > MAX_MONEY:
            self.found.add(("orders", i, "quantity" if entry.price is None else "price"),
                           f"order '{entry.id}' may be worth more than {MAX_MONEY // 100}",
                           "split it, or lower the price")
            return
        if entry.penalty_per_day is None and entry.customer is None:
            return
        priority, penalty = priority_and_penalty(entry, price, self.file.customers, self.file.value_classes)
        if penalty * self.factors.get(priority, priority) > MAX_MONEY:
            self.found.add(
                ("orders", i, "penalty_per_day"), f"the penalty of order '{entry.id}' times the factor of its "
                f"priority is more than {MAX_MONEY // 100} per day", "lower one of them")

    def _item(self, entry: OrderEntry, i: int) -> None:
        """Checks what the order wants made."""
        if entry.routing is not None:
            before = len(self.found)
            if entry.family is not None or entry.choices:
                field = "family" if entry.family is not None else "choices"
                self.found.add(("orders", i, field), f"order '{entry.id}' has a routing of its own and '{field}' too",
                               "keep one of them")
            self.catalog.item(entry.routing, ("orders", i, "routing"), ())
            if len(self.found) == before:
                self._groups[i] = [i]
            return
        if entry.family is None:
            self.found.add(("orders", i, "family"), f"order '{entry.id}' has neither a family nor a routing",
                           "name its family")
            return
        families = self.file.catalog.families
        if entry.family not in families:
            self.found.unknown(("orders", i, "family"), "family", entry.family, list(families))
            return
        key = (entry.family, *entry.choices.items())
        if key not in self._choices:
            self._choices[key] = self._configuration(entry)
        for where, what, instead in self._choices[key]:
            self.found.add(("orders", i, *where), what, instead)
        if not self._choices[key] and self.defaults[entry.family]:
            self._groups.setdefault(key, []).append(i)

    def _configuration(self, entry: OrderEntry) -> list[Problem]:
        """What is wrong with a configuration, with places within the order."""
        name = str(entry.family)
        family, local = self.file.catalog.families[name], Findings()
        for option, choice in entry.choices.items():
            if option not in family.options:
                local.unknown(("choices", option), "option", option, list(family.options), f" of family '{name}'")
            elif choice not in family.options[option].choices:
                local.unknown(("choices", option), "choice", choice, list(family.options[option].choices),
                              f" of option '{option}'")
        found = [(m.where, m.what, m.instead) for m in local.mistakes]
        if found or not self.defaults[name]:
            return found
        for option, what, instead in broken_rules(family, dict(full_choices(self.file.catalog, name, entry.choices))):
            place = option if option in entry.choices else next(iter(entry.choices), "")
            found.append((("choices", place) if place else ("family",), what, instead))
        return found

    def _dates(self, entry: OrderEntry, i: int) -> None:
        release, due, deadline = (self._tick(when, end) for when, end in (
            (entry.release, False), (entry.due, True), (entry.deadline, True)))
        if _before(due, entry.due, release):
            self.found.add(
                ("orders", i, "due"), f"order '{entry.id}' is due ({_short(entry.due)}) before its release "
                f"({_short(entry.release)})", "write a due date after the release")
        if _before(deadline, entry.deadline, release):
            self.found.add(
                ("orders", i, "deadline"), f"the deadline of order '{entry.id}' ({_short(entry.deadline)}) is before "
                f"its release ({_short(entry.release)})", "write a deadline after the release")
        elif deadline is not None and deadline <= 0:
            self.found.add(
                ("orders", i, "deadline"), f"the deadline of order '{entry.id}' ({_short(entry.deadline)}) is before "
                f"the origin ({_short(self.file.origin)})", "write a deadline after the origin, or 'due' instead")

    def _tick(self, when: datetime | date | None, end_of_day: bool) -> int | None:
        if when is None:
            return None
        key = (when, end_of_day)
        if key not in self._ticks:
            if end_of_day or isinstance(when, datetime):
                self._ticks[key] = to_tick(self.axis, when, True, 0)
            else:
                self._ticks[key] = self.axis.to_ticks(datetime(when.year, when.month, when.day), up=True)
        return self._ticks[key]


def _before(end: int | None, written: datetime | date | None, start: int | None) -> bool:
    """`end` lies before `start`; a date without a time is a whole day, and ends with it."""
    if end is None or start is None:
        return False
    return end < start or (end == start and not isinstance(written, datetime))


def _short(when: datetime | date | None) -> str:
    return when.strftime("%Y-%m-%d %H:%M") if isinstance(when, datetime) else str(when)
