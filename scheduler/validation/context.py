"""What the rules look at: the scenario, the schedule's columns, and what the judge derived from both.

Rules never index with what a schedule says without one of the masks here: a bad schedule must be reported, not crash.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scheduler.domain.plant import Closure
from scheduler.domain.quantities import DAY_MILLIS, format_duration
from scheduler.domain.results import Violation
from scheduler.domain.scenario import Resource, Scenario, changes
from scheduler.domain.schedule import Schedule
from scheduler.validation.columns import Columns
from scheduler.validation.tables import Tables, firsts, spread
from scheduler.validation.templates import Catalogue
from scheduler.validation.worktime import Worktime

FURTHEST_DAYS = 36_525
"""No schedule reaches further than a century: calendars need not be expanded for times that cannot be meant."""
MOST_PIECES = 1 << 40
STOCK, LOT, BUY = 0, 1, 2


class Context:
    """Everything is computed when first asked for. Column names are as in the schedule (rows of operations, n of them)."""

    def __init__(self, scenario: Scenario, schedule: Schedule, columns: Columns):
        self.scenario, self.schedule, self.columns = scenario, schedule, columns
        self.resources, self.orders = scenario.resources, scenario.orders
        rows = columns.rows
        self.lot, self.name, self.resource, self.configuration = (
            rows["lot"], rows["name"], rows["resource"], rows["configuration"])
        self.mode, self.start, self.end = rows["mode"], rows["start"], rows["end"]
        self.rec_start, self.rec_end, self.position = rows["rec_start"], rows["rec_end"], rows["position"]
        self.lot_order, self.lot_quantity = columns.lots["order"], columns.lots["quantity"]
        self.lot_id, self.lot_item = columns.lot_id, columns.lot_item
        self.clean = True
        """No rule before this one found anything."""
        self.measures: dict[str, int] | None = None
        """Kept by `costs.measured`."""

    # -- lots -----------------------------------------------------------------------------------------------------

    @cached_property
    def lot_component(self) -> np.ndarray:
        """[L] component made, -1: the product itself, -2: nothing the catalog knows."""
        known = {name: i for i, name in enumerate(self.scenario.catalog.components)} | {"": -1}
        return np.array([known.get(item, -2) for item in self.lot_item], dtype=np.int64)

    @cached_property
    def lot_sound(self) -> np.ndarray:
        """[L] a known item of a known order (or a shared lot of a component) and a believable quantity."""
        known = (self.lot_order >= -1) & (self.lot_order < len(self.orders)) & (self.lot_component >= -1)
        known &= (self.lot_order >= 0) | (self.lot_component >= 0)
        return known & (self.lot_quantity >= 1) & (self.lot_quantity <= MOST_PIECES)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self.scenario)

    def template_for(self, consumer: int, item: str) -> int:
        """The template by which `item` would be made for the order of the lot `consumer`."""
        order = int(self.lot_order[consumer])
        return self._catalogue.of(int(self.orders.variant[order]) if order >= 0 else -1, item)

    @cached_property
    def _templates(self) -> tuple[np.ndarray, Tables]:
        catalogue = self._catalogue
        variant = self.orders.variant
        for number in np.unique(variant).tolist():
            catalogue.of(number, "")
        owner = np.where(self.lot_order >= 0, variant[np.clip(self.lot_order, 0, max(0, len(variant) - 1))]
                         if len(variant) else -1, -1).tolist()
        found = [catalogue.of(v, item) if fine else -1
                 for v, item, fine in zip(owner, self.lot_item, self.lot_sound.tolist())]
        return np.array(found, dtype=np.int64), Tables(self.scenario, catalogue.templates)

    @property
    def lot_template(self) -> np.ndarray:
        """[L] template of each lot, -1 where it is not sound."""
        return self._templates[0]

    @property
    def tables(self) -> Tables:
        return self._templates[1]

    @cached_property
    def is_tool(self) -> np.ndarray:
        return np.array([c.kind == "tool" for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def stock(self) -> np.ndarray:
        return np.array([c.stock for c in self.scenario.catalog.components.values()], dtype=np.int64)

    @cached_property
    def lead(self) -> np.ndarray:
        """Ticks until a bought component arrives, -1 where it is not bought: only what has no operations is."""
        axis = self.scenario.axis
        return np.array([axis.duration(c.buy.lead_time) if c.buy and not c.operations else -1
                         for c in self.scenario.catalog.components.values()], dtype=np.int64)

    @cached_property
    def made(self) -> np.ndarray:
        """Components that have operations."""
        return np.array([bool(c.operations) for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def tool_lot(self) -> np.ndarray:
        """The first shared lot of each component, -1: none."""
        found = np.full(len(self.stock), -1, dtype=np.int64)
        shared = np.flatnonzero(self.lot_sound & (self.lot_order == -1))[::-1]
        found[self.lot_component[shared]] = shared
        return found

    # -- operations -----------------------------------------------------------------------------------------------

    @cached_property
    def named(self) -> np.ndarray:
        """[n] lot and name are in range."""
        return ((self.lot >= 0) & (self.lot < len(self.lot_id))
                & (self.name >= 0) & (self.name < len(self.columns.names)))

    @cached_property
    def operation(self) -> np.ndarray:
        """[n] operation number in the tables, -1 where the lot has no such operation."""
        words = np.array([self.tables.vocabulary.get(name, -1) for name in self.columns.names], dtype=np.int64)
        found = np.full(len(self.lot), -1, dtype=np.int64)
        rows = np.flatnonzero(self.named)
        found[rows] = self.tables.operation(self.lot_template[self.lot[rows]], words[self.name[rows]])
        return found

    @cached_property
    def placed(self) -> np.ndarray:
        """[n] resource and configuration are in range."""
        counts = np.array([len(r.configurations) for r in self.resources], dtype=np.int64)
        fine = (self.resource >= 0) & (self.resource < len(self.resources))
        fine[fine] &= (self.configuration[fine] >= 0) & (self.configuration[fine] < counts[self.resource[fine]])
        return fine

    @cached_property
    def furthest(self) -> int:
        """The last tick that is believed."""
        return max(1, FURTHEST_DAYS * DAY_MILLIS // self.scenario.axis.tick)

    @cached_property
    def timed(self) -> np.ndarray:
        """[n] start and end can be meant: 0 <= start <= end <= furthest."""
        return (self.start >= 0) & (self.start <= self.end) & (self.end <= self.furthest)

    @cached_property
    def sound(self) -> np.ndarray:
        """[n] what all later rules may calculate with."""
        return self.named & (self.operation >= 0) & self.placed & self.timed

    @cached_property
    def needed_first(self) -> np.ndarray:
        """[L + 1] first of the needed operations of each lot; the needed operations of all lots are numbered in a row."""
        sizes = np.diff(self.tables.operation_first)
        fine = self.lot_template >= 0
        return firsts(np.where(fine, sizes[np.where(fine, self.lot_template, 0)] if len(sizes) else 0, 0))

    @cached_property
    def needed_lot(self) -> np.ndarray:
        """Lot of each needed operation."""
        return np.repeat(np.arange(len(self.lot_id), dtype=np.int64), np.diff(self.needed_first))

    def needed(self, lot: np.ndarray, operation: np.ndarray) -> np.ndarray:
        """Number of the needed operation for a lot and an operation of its template."""
        return self.needed_first[lot] + operation - self.tables.operation_first[self.lot_template[lot]]

    @cached_property
    def row_of(self) -> np.ndarray:
        """Row of each needed operation (the first, where there are several), -1: none that is sound."""
        found = np.full(int(self.needed_first[-1]), -1, dtype=np.int64)
        rows = np.flatnonzero(self.sound)[::-1]
        found[self.needed(self.lot[rows], self.operation[rows])] = rows
        return found

    @cached_property
    def way(self) -> np.ndarray:
        """[n] way number in the tables, -1 where the operation has no such mode."""
        found = np.full(len(self.lot), -1, dtype=np.int64)
        rows = np.flatnonzero(self.operation >= 0)
        first = self.tables.way_first
        at = self.operation[rows]
        count = first[at + 1] - first[at]
        fine = (self.mode[rows] >= 0) & (self.mode[rows] < count)
        found[rows[fine]] = first[at[fine]] + self.mode[rows[fine]]
        return found

    @cached_property
    def sequence(self) -> tuple[np.ndarray, np.ndarray]:
        """Sound rows by resource and position, and for each its row before on the resource (-1: it is the first)."""
        rows = np.flatnonzero(self.sound)
        rows = rows[np.lexsort((self.end[rows], self.start[rows], self.position[rows], self.resource[rows]))]
        before = np.full(len(rows), -1, dtype=np.int64)
        if len(rows):
            same = self.resource[rows[1:]] == self.resource[rows[:-1]]
            before[1:][same] = rows[:-1][same]
        return rows, before

    # -- resources ------------------------------------------------------------------------------------------------

    @cached_property
    def location(self) -> np.ndarray:
        return np.array([r.location for r in self.resources], dtype=np.int64)

    def transport(self, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Ticks from the resources of some rows to those of others."""
        return self.scenario.transport[self.location[self.resource[source]], self.location[self.resource[target]]]

    @cached_property
    def changes(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Reconfiguration times and fixed costs by cell."""
        return {name: changes(cell, self.scenario.axis) for name, cell in self.scenario.plant.cells.items()}

    @cached_property
    def preparation(self) -> tuple[np.ndarray, np.ndarray]:
        """Working ticks and cost in micros of the reconfiguration before each row of `sequence`."""
        rows, before = self.sequence
        time, micros = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        edges = np.searchsorted(self.resource[rows], np.arange(len(self.resources) + 1))
        for r, spec in enumerate(self.resources):
            part = slice(int(edges[r]), int(edges[r + 1]))
            if part.start == part.stop:
                continue
            old = np.where(before[part] >= 0, self.configuration[before[part]], spec.initial)
            new = self.configuration[rows[part]]
            times, costs = self.changes[spec.cell]
            known = old >= 0
            time[part] = np.where(known, times[old, new], 0)
            micros[part] = time[part] * spec.rate + np.where(known & (old != new), costs[old, new], 0) * 1_000_000
        return time, micros

    @cached_property
    def _worktimes(self) -> dict[tuple[str | None, tuple[Closure, ...], int], Worktime]:
        rows = np.flatnonzero(self.sound)
        last = np.zeros(len(self.resources), dtype=np.int64)
        np.maximum.at(last, self.resource[rows], self.end[rows])
        asked: dict[tuple[str | None, tuple[Closure, ...], int], tuple[Resource, int]] = {}
        for spec, until in zip(self.resources, last.tolist()):
            key = (spec.calendar, spec.closures, spec.available_from)
            asked[key] = (spec, max(until, asked[key][1] if key in asked else 0))
        return {key: Worktime(*self.scenario.windows(spec, until + 1)) for key, (spec, until) in asked.items()}

    def worktime(self, resource: int) -> Worktime:
        """Open time of a resource, up to the last operation on it."""
        spec = self.resources[resource]
        return self._worktimes[spec.calendar, spec.closures, spec.available_from]

    # -- pegs -----------------------------------------------------------------------------------------------------

    @cached_property
    def pegs(self) -> Pegs:
        return Pegs(self)

    @cached_property
    def lot_release(self) -> np.ndarray:
        """[L] tick before which a lot cannot start: its order's release, and that of every order its pieces go to."""
        release = np.zeros(len(self.lot_id), dtype=np.int64)
        own = self.lot_sound & (self.lot_order >= 0)
        release[own] = self.orders.release[self.lot_order[own]]
        pegs = self.pegs
        flow = pegs.sound & (pegs.source == LOT) & ~pegs.tool
        supplier, consumer = pegs.lot[flow], pegs.consumer[flow]
        for _ in range(len(self.stock) + 1):
            before = release.copy()
            np.maximum.at(release, supplier, before[consumer])
            if (release == before).all():
                break
        return release

    @cached_property
    def complete(self) -> bool:
        """Every needed operation is there once and sound, and all lots and pegs are: only then do sums mean something."""
        return bool(self.sound.all() and self.lot_sound.all() and self.pegs.sound.all() and (self.way >= 0).all()
                    and len(self.lot) == len(self.row_of) and (self.row_of >= 0).all())

    # -- words ----------------------------------------------------------------------------------------------------

    def when(self, tick: int) -> str:
        """A tick as people read it; what lies beyond the calendar as its number."""
        return self.scenario.axis.text(tick) if abs(tick) <= self.furthest else f"tick {tick}"

    def span(self, ticks: int) -> str:
        return str(ticks) if self.scenario.axis.integer else format_duration(ticks * self.scenario.axis.tick)

    def lot_order_text(self, lot: int) -> str:
        order = int(self.lot_order[lot]) if 0 <= lot < len(self.lot_order) else -1
        return self.orders.id[order] if 0 <= order < len(self.orders) else ""

    def operation_text(self, row: int) -> str:
        lot, name = int(self.lot[row]), int(self.name[row])
        lot_text = self.lot_id[lot] if 0 <= lot < len(self.lot_id) else f"lot {lot}"
        return f"{lot_text}/{self.columns.names[name] if 0 <= name < len(self.columns.names) else f'operation {name}'}"

    def resource_text(self, row: int) -> str:
        number = int(self.resource[row])
        return self.resources[number].id if 0 <= number < len(self.resources) else f"resource {number}"

    def blame(self, rule: str, row: int, message: str, time: int | None = None) -> Violation:
        """A violation at a row of the schedule; `time` is its start unless given."""
        return Violation(rule, message, order=self.lot_order_text(int(self.lot[row])), operation=self.operation_text(row),
                         resource=self.resource_text(row), time=int(self.start[row]) if time is None else int(time))

    def blame_lot(self, rule: str, lot: int, message: str, time: int | None = None) -> Violation:
        return Violation(rule, message, order=self.lot_order_text(lot), time=time)


class Pegs:
    """The pegs with what they stand for. component: -1 unknown; need: number in the tables, -1 where the consumer needs no such thing."""

    def __init__(self, context: Context):
        columns = context.columns.pegs
        lots = len(context.lot_id)
        known = {name: i for i, name in enumerate(context.scenario.catalog.components)}
        self.component = np.array([known.get(name, -1) for name in context.columns.peg_component], dtype=np.int64)
        self.order, self.source, self.lot = columns["order"], columns["source"], columns["lot"]
        self.consumer, self.quantity, self.available = columns["consumer"], columns["quantity"], columns["available"]
        fine = (self.component >= 0) & (self.source >= STOCK) & (self.source <= BUY)
        fine &= (self.consumer >= 0) & (self.consumer < lots) & (self.lot >= -1) & (self.lot < lots)
        fine &= ((self.source != LOT) | (self.lot >= 0)) & (self.quantity >= 1) & (self.quantity <= MOST_PIECES)
        fine[fine] &= context.lot_sound[self.consumer[fine]]
        made = fine & (self.source == LOT)
        fine[made] &= context.lot_sound[self.lot[made]]
        self.sound = fine
        """[P] everything is in range and speaks of sound lots."""
        self.tool = np.zeros(len(fine), dtype=bool)
        self.tool[fine] = context.is_tool[self.component[fine]]
        self.need = np.full(len(fine), -1, dtype=np.int64)
        self.need[fine] = context.tables.need(context.lot_template[self.consumer[fine]], self.component[fine])

    def targets(self, context: Context, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(peg, row) for each operation that waits for one of the chosen pegs' pieces and is there."""
        chosen = chosen[self.need[chosen] >= 0]
        owner, member = spread(context.tables.target_first, self.need[chosen])
        peg = chosen[owner]
        row = context.row_of[context.needed(self.consumer[peg], context.tables.target[member])]
        return peg[row >= 0], row[row >= 0]

    @staticmethod
    def ends(context: Context, lot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(place in `lot`, row) for each last operation of the lots that is there."""
        owner, member = spread(context.tables.sink_first, context.lot_template[lot])
        row = context.row_of[context.needed(lot[owner], context.tables.sinks[member])]
        return owner[row >= 0], row[row >= 0]
