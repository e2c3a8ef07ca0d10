"""A schedule's columns as they stand, and the words to speak about them."""

from __future__ import annotations

from typing import Any

from scheduler.domain.quantities import DAY_MILLIS, format_duration
from scheduler.domain.results import Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.validation.columns import Columns

FURTHEST_DAYS = 36_525
"""No schedule reaches further than a century: calendars need not be expanded for times that cannot be meant."""


class View:
    """Columns as in the schedule (n rows of operations, L lots). Words never fail, whatever the columns hold."""

    def __init__(self, scenario: Scenario, schedule: Schedule, columns: Columns):
        self.scenario, self.schedule, self.columns = scenario, schedule, columns
        self.resources, self.orders = scenario.resources, scenario.orders
        rows = columns.rows
        self.lot, self.name, self.mode, self.position = rows["lot"], rows["name"], rows["mode"], rows["position"]
        self.resource, self.configuration = rows["resource"], rows["configuration"]
        self.start, self.end = rows["start"], rows["end"]
        self.rec_start, self.rec_end = rows["rec_start"], rows["rec_end"]
        self.lot_order, self.lot_quantity = columns.lots["order"], columns.lots["quantity"]
        self.lot_id, self.lot_item = columns.lot_id, columns.lot_item
        self.furthest = max(1, FURTHEST_DAYS * DAY_MILLIS // scenario.axis.tick)
        """The last tick that is believed."""

    def when(self, tick: Any) -> str:
        """A tick as people read it; what lies beyond the calendar as its number."""
        tick = int(tick)
        if abs(tick) > self.furthest:
            return f"tick {tick}"
        try:
            return self.scenario.axis.text(tick)
        except OverflowError:
            return f"tick {tick}"

    def span(self, ticks: Any) -> str:
        ticks = int(ticks)
        if self.scenario.axis.integer:
            return str(ticks)
        return ("-" if ticks < 0 else "") + format_duration(abs(ticks) * self.scenario.axis.tick)

    def order_of(self, lot: int) -> str:
        """Name of the order of a lot, '' where there is none."""
        order = int(self.lot_order[lot]) if 0 <= lot < len(self.lot_order) else -1
        return self.orders.id[order] if 0 <= order < len(self.orders) else ""

    def named_operation(self, row: int) -> str:
        """'LOT/OPERATION'."""
        lot, name = int(self.lot[row]), int(self.name[row])
        lot_text = self.lot_id[lot] if 0 <= lot < len(self.lot_id) else f"lot {lot}"
        name_text = self.columns.names[name] if 0 <= name < len(self.columns.names) else f"operation {name}"
        return f"{lot_text}/{name_text}"

    def named_resource(self, row: int) -> str:
        number = int(self.resource[row])
        return self.resources[number].id if 0 <= number < len(self.resources) else f"resource {number}"

    def named_configuration(self, row: int) -> str:
        return self.resources[int(self.resource[row])].configurations[int(self.configuration[row])]

    def blame(self, rule: str, row: int, text: str, time: Any = None) -> Violation:
        """'Operation LOT/OPERATION ...' broke the rule; `time` is its start unless given."""
        operation = self.named_operation(row)
        return Violation(rule, f"Operation {operation} {text}", self.order_of(int(self.lot[row])), operation,
                         self.named_resource(row), int(self.start[row] if time is None else time))

    def blame_lot(self, rule: str, lot: int, text: str, time: Any = None) -> Violation:
        """'Lot ... ...' broke the rule."""
        return Violation(rule, f"Lot {self.lot_id[lot]} {text}", self.order_of(lot),
                         time=None if time is None else int(time))
