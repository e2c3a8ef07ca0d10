"""Events applied to a scenario: the plant, the orders and what is known about operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from scheduler.domain.assemble import axis_of
from scheduler.domain.events import (
    Breakdown,
    CrewAbsent,
    Finished,
    FloorEvent,
    MaterialLate,
    OrderCancelled,
    OrderChanged,
    OrderNew,
    Remaining,
    Repair,
    Rush,
    Started,
    order_entry,
)
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import Availability, Closure
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.usecases.replanning.state import BREAKDOWN, Files, Key, Told, with_absence, with_closure, with_repair


class Applier:
    """Applies events one by one and collects all mistakes with their places."""

    def __init__(self, files: Files, schedule: Schedule, now: datetime) -> None:
        self.file, self.floor = files.file, list(files.floor)
        self.orders: dict[str, OrderEntry] = {entry.id: entry for entry in files.entries}
        self.schedule, self.now, self.told = schedule, now, Told()
        self.axis = axis_of(files.file)
        self.resources = [name for cell in self.file.plant.cells.values() for name in cell.resources]
        self.operations: dict[str, Key] = {}
        for lot, name in zip(schedule.lot.tolist(), schedule.name.tolist()):
            key = (schedule.lots.id[lot], schedule.names[name])
            self.operations[f"{key[0]}/{key[1]}"] = key
        self.down: dict[str, str] = {}
        self.mistakes: list[Mistake] = []

    def files(self) -> Files:
        return Files(self.file, tuple(self.orders.values()), tuple(self.floor))

    def apply(self, events: Iterable[tuple[FloorEvent, str]]) -> Told:
        """Applies all events in order of time (of the file, where equal). Raises InputError with every mistake."""
        for event, place in sorted(events, key=lambda pair: self.local(pair[0].at)):
            self.place = place
            if self.local(event.at) > self.local(self.now):
                self.wrong(f"the event lies at {event.at}, after now", "leave it out until it has happened, or give a "
                                                                       "later --now")
                continue
            getattr(self, "_" + type(event).__name__.lower())(event)
        for resource, place in self.down.items():
            self.mistakes.append(Mistake((), f"nobody says until when '{resource}' is down",
                                         "give the breakdown an 'until', as expected now", place))
        if self.mistakes:
            raise InputError(self.mistakes)
        return self.told

    def local(self, when: datetime) -> datetime:
        return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(self.axis.zone))

    def wrong(self, what: str, instead: str) -> None:
        self.mistakes.append(Mistake((), what, instead, self.place))

    def _known(self, name: str, among: Iterable[str], kind: str) -> bool:
        names = list(among)
        if name in names:
            return True
        near = get_close_matches(name, names, n=1)
        self.wrong(f"unknown {kind} '{name}'",
                   f"did you mean '{near[0]}'?" if near else f"name a {kind} of the scenario")
        return False

    def _operation(self, name: str) -> Key | None:
        return self.operations[name] if self._known(name, self.operations, "operation") else None

    def _later(self, until: datetime, since: datetime) -> bool:
        if self.local(until) <= self.local(since):
            self.wrong(f"'until' ({until}) is not after 'at' ({since})", "write a later time")
            return False
        return True

    def _breakdown(self, event: Breakdown) -> None:
        if not self._known(event.id, self.resources, "resource"):
            return
        if event.until is None:
            self.down[event.id] = self.place
            far = self.axis.to_datetime(10**7)
            closure = Closure(start=self.local(event.at), end=far, reason=BREAKDOWN)
            self.file = with_closure(self.file, event.id, closure)
        elif self._later(event.until, event.at):
            self.file = with_closure(self.file, event.id, Closure(
                start=self.local(event.at), end=self.local(event.until), reason=BREAKDOWN))

    def _repair(self, event: Repair) -> None:
        if self._known(event.id, self.resources, "resource"):
            self.down.pop(event.id, None)
            self.file = with_repair(self.file, event.id, self.local(event.at))

    def _started(self, event: Started) -> None:
        key = self._operation(event.id)
        if key and (event.resource is None or self._known(event.resource, self.resources, "resource")):
            self.told.started[key] = (event.at, event.resource, event.remaining)
            if event.remaining is not None:
                self.told.remaining[key] = (event.at, event.remaining)

    def _finished(self, event: Finished) -> None:
        key = self._operation(event.id)
        if key and (event.resource is None or self._known(event.resource, self.resources, "resource")):
            start = event.start or (self.told.started[key][0] if key in self.told.started else None)
            if start is not None and self.local(start) > self.local(event.at):
                self.wrong(f"'{event.id}' would end before its start", "correct 'at' or 'start'")
                return
            self.told.finished[key] = (start, event.at, event.resource)

    def _remaining(self, event: Remaining) -> None:
        key = self._operation(event.id)
        if key:
            self.told.remaining[key] = (event.at, event.remaining)

    def _ordernew(self, event: OrderNew) -> None:
        if event.id in self.orders:
            self.wrong(f"there is an order '{event.id}' already", "use kind 'order_changed', or another id")
            return
        self._take(event.id, order_entry(event))

    def _orderchanged(self, event: OrderChanged) -> None:
        if self._known(event.id, self.orders, "order"):
            self._take(event.id, order_entry(event, self.orders[event.id]))

    def _take(self, name: str, found: OrderEntry | list[str]) -> None:
        if isinstance(found, OrderEntry):
            self.orders[name] = found
        else:
            for what in found:
                self.wrong(what, "write it as in orders.csv")

    def _ordercancelled(self, event: OrderCancelled) -> None:
        if self._known(event.id, self.orders, "order"):
            del self.orders[event.id]
            mine = {self.schedule.lots.id[i] for i, j in enumerate(self.schedule.lots.order.tolist())
                    if j >= 0 and self.schedule.orders[j] == event.id}
            self.floor = [entry for entry in self.floor if entry.lot not in mine]

    def _rush(self, event: Rush) -> None:
        if self._known(event.id, self.orders, "order"):
            given = {name: getattr(event, name) for name in ("priority", "due", "penalty_per_day")}
            self.orders[event.id] = self.orders[event.id].model_copy(
                update={name: value for name, value in given.items() if value is not None})

    def _materiallate(self, event: MaterialLate) -> None:
        known = self._known(event.id, self.file.catalog.components, "component")
        if not known or not self._later(event.until, event.at):
            return
        pegs, ids = self.schedule.pegs, self.schedule.lots.id
        consumers = zip(pegs.consumer.tolist(), pegs.component)
        lots = list(dict.fromkeys(ids[consumer] for consumer, name in consumers if name == event.id))
        if event.lot is not None:
            if not self._known(event.lot, lots, f"lot that needs '{event.id}'"):
                return
            lots = [event.lot]
        for lot in lots:
            self.floor = [e for e in self.floor if (e.lot, e.operation, e.state) != (lot, event.id, "material")]
            self.floor.append(FloorEntry(lot=lot, operation=event.id, state="material", end=self.local(event.until)))

    def _crewabsent(self, event: CrewAbsent) -> None:
        if self._known(event.id, self.file.plant.crews, "crew") and self._later(event.until, event.at):
            crew = self.file.plant.crews[event.id]
            there = max(shift.people for shift in crew.shifts) if crew.shifts else crew.people
            self.file = with_absence(self.file, event.id, Availability(
                start=self.local(event.at), end=self.local(event.until), number=max(0, there - event.people),
                reason="absent"))
