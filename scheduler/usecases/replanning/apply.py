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
from scheduler.domain.orders import OrderEntry
from scheduler.domain.plant import Availability, Closure
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.usecases.replanning.state import BREAKDOWN, Files, Key, Told, with_absence, with_closure, with_repair


class Applier:
    """Applies events one by one and collects all mistakes with their places."""

    def __init__(self, files: Files, schedule: Schedule, now: datetime) -> None:
        self.file, self.floor = files.file, files.floor
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
        """The scenario with what the events change about plant and orders; its floor is as before."""
        return Files(self.file, tuple(self.orders.values()), self.floor)

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
            self.told.started[key] = (event.at, event.resource, self.place)
            self.told.places[key] = self.place
            self._placed(key, event.resource)
            if event.remaining is not None:
                self.told.remaining[key] = (event.at, event.remaining, self.place)

    def _placed(self, key: Key, resource: str | None) -> None:
        if resource is not None:
            self.told.placed[key] = self.place

    def _finished(self, event: Finished) -> None:
        key = self._operation(event.id)
        if key and (event.resource is None or self._known(event.resource, self.resources, "resource")):
            start = event.start or (self.told.started[key][0] if key in self.told.started else None)
            if start is not None and self.local(start) > self.local(event.at):
                self.wrong(f"'{event.id}' would end before its start", "correct 'at' or 'start'")
                return
            was = self.told.started[key][1] if key in self.told.started else None
            self.told.finished[key] = (start, event.at, event.resource or was)
            self.told.places[key] = self.place
            self._placed(key, event.resource)

    def _remaining(self, event: Remaining) -> None:
        key = self._operation(event.id)
        if key:
            self.told.remaining[key] = (event.at, event.remaining, self.place)

    def _ordernew(self, event: OrderNew) -> None:
        if event.id in self.orders:
            self.wrong(f"there is an order '{event.id}' already", "use kind 'order_changed', or another id")
            return
        self._take(event.id, order_entry(event.model_copy(update={"order": {"release": event.at.isoformat(),
                                                                            **event.order}})))

    def _orderchanged(self, event: OrderChanged) -> None:
        if self._known(event.id, self.orders, "order"):
            self._take(event.id, order_entry(event, self.orders[event.id]))

    def _take(self, name: str, found: OrderEntry | list[str]) -> None:
        if isinstance(found, OrderEntry):
            self.orders[name] = found
            self.told.orders[name] = self.place
        else:
            for what in found:
                self.wrong(what, "write it as in orders.csv")

    def _ordercancelled(self, event: OrderCancelled) -> None:
        if self._known(event.id, self.orders, "order"):
            del self.orders[event.id]

    def _rush(self, event: Rush) -> None:
        if self._known(event.id, self.orders, "order"):
            given = {name: getattr(event, name) for name in ("priority", "due", "penalty_per_day")}
            self.told.orders[event.id] = self.place
            self.orders[event.id] = self.orders[event.id].model_copy(
                update={name: value for name, value in given.items() if value is not None})

    def _materiallate(self, event: MaterialLate) -> None:
        known = self._known(event.id, self.file.catalog.components, "component")
        if not known or not self._later(event.until, event.at):
            return
        expected = self._expected(event.id)
        if event.lot is not None:
            if self._known(event.lot, expected, f"lot that needs '{event.id}'"):
                self.told.late[event.lot, event.id] = self.local(event.until)
            return
        coming = [lot for lot, tick in expected.items() if tick > self.axis.to_ticks(event.at)]
        self.told.late |= {(lot, event.id): self.local(event.until) for lot in coming}
        if not coming:
            self.wrong(f"no '{event.id}' was still to come",
                       "name the 'lot' that has to wait for it, or leave this out")

    def _expected(self, component: str) -> dict[str, int]:
        """Lots that need a component, and when the last of it was to be there for them (tick)."""
        pegs, ids, found = self.schedule.pegs, self.schedule.lots.id, dict[str, int]()
        known = {e.lot: self.axis.to_ticks(e.end, up=True) for e in self.floor
                 if e.state == "material" and e.operation == component and e.end is not None}
        known |= {lot: self.axis.to_ticks(end, up=True) for (lot, name), end in self.told.late.items()
                  if name == component}
        for i in [i for i, name in enumerate(pegs.component) if name == component]:
            lot = ids[pegs.consumer[i]]
            found[lot] = max(found.get(lot, -1), int(pegs.available[i]), known.get(lot, -1))
        return found

    def _crewabsent(self, event: CrewAbsent) -> None:
        if self._known(event.id, self.file.plant.crews, "crew") and self._later(event.until, event.at):
            crew = self.file.plant.crews[event.id]
            there = max(shift.people for shift in crew.shifts) if crew.shifts else crew.people
            self.file = with_absence(self.file, event.id, Availability(
                start=self.local(event.at), end=self.local(event.until), number=max(0, there - event.people),
                reason="absent"))
