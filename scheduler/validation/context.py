"""What the rules look at: the schedule's columns, and what the judge derived from them and the scenario.

Rules never index with what a schedule says without one of the masks here: a bad schedule must be reported, not crash.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduler.domain.plant import Closure
from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Resource, Scenario, changes
from scheduler.domain.schedule import Schedule
from scheduler.validation.catalogue import Catalogue
from scheduler.validation.columns import Columns
from scheduler.validation.pegs import BUY, LOT, MOST_PIECES, Pegs
from scheduler.validation.tables import Tables, firsts, spread
from scheduler.validation.view import View
from scheduler.validation.worktime import Worktime


class Context(View):
    """Everything is computed when first asked for."""

    def __init__(self, scenario: Scenario, schedule: Schedule, columns: Columns, catalogue: Catalogue | None = None):
        super().__init__(scenario, schedule, columns)
        self.catalogue = catalogue or Catalogue(scenario)
        self.clean = True
        """No rule before this one found anything."""
        self.measures: dict[str, int] | None = None
        """Kept by `costs.measured`."""

    # -- components: columns over the catalog's components ------------------------------------------------------------

    @cached_property
    def is_tool(self) -> np.ndarray:
        return np.array([c.kind == "tool" for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def on_hand(self) -> np.ndarray:
        return np.array([c.stock for c in self.scenario.catalog.components.values()], dtype=np.int64)

    @cached_property
    def lead(self) -> np.ndarray:
        """Ticks until a bought component arrives, -1 where it is not bought: only what has no operations is."""
        axis = self.scenario.axis
        return np.array([axis.duration(c.buy.lead_time) if c.buy and not c.operations else -1
                         for c in self.scenario.catalog.components.values()], dtype=np.int64)

    @cached_property
    def dynamic(self) -> np.ndarray:
        """Bought parts of which every need has one source, chosen with the schedule."""
        return np.array([c.kind == "part" and not c.operations and bool(c.arrivals or (c.buy and c.buy.expedite))
                         for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def pooled(self) -> np.ndarray:
        """Parts made in lots that several orders share."""
        return np.array([c.kind == "part" and bool(c.operations) and c.pool is not None
                         for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def made(self) -> np.ndarray:
        """Components that have operations."""
        return np.array([bool(c.operations) for c in self.scenario.catalog.components.values()], dtype=bool)

    @cached_property
    def tool_lot(self) -> np.ndarray:
        """The first shared lot of each component, -1: none."""
        found = np.full(len(self.on_hand), -1, dtype=np.int64)
        shared = np.flatnonzero(self.lot_sound & (self.lot_order == -1) & (self.lot_component >= 0))[::-1]
        found[self.lot_component[shared]] = shared
        return found

    # -- lots ---------------------------------------------------------------------------------------------------------

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

    def template_for(self, consumer: int, item: str) -> int:
        """The template by which `item` would be made for the order of the lot `consumer`."""
        order = int(self.lot_order[consumer])
        return self.catalogue.of(int(self.orders.variant[order]) if order >= 0 else -1, item)

    @cached_property
    def _templates(self) -> tuple[np.ndarray, Tables]:
        return self._written({})

    def _written(self, given: dict[int, int]) -> tuple[np.ndarray, Tables]:
        """Template of each lot, and all of them as tables; `given`: lots whose template is known already."""
        variant = np.full(len(self.lot_id), -1, dtype=np.int64)
        own = self.lot_sound & (self.lot_order >= 0)
        variant[own] = self.orders.variant[self.lot_order[own]]
        usual = self.lot_sound.copy()
        usual[list(given)] = False
        found = [self.catalogue.of(v, item) if fine else given.get(lot, -1)
                 for lot, (v, item, fine) in enumerate(zip(variant.tolist(), self.lot_item, usual.tolist()))]
        return np.array(found, dtype=np.int64), Tables(self.scenario, self.catalogue.templates)

    @property
    def lot_template(self) -> np.ndarray:
        """[L] template of each lot, -1 where it is not sound."""
        return self._templates[0]

    @property
    def tables(self) -> Tables:
        return self._templates[1]

    @cached_property
    def needs(self) -> tuple[np.ndarray, np.ndarray]:
        """(lot, need number) for every component every sound lot needs."""
        return self.all_needs

    @cached_property
    def all_needs(self) -> tuple[np.ndarray, np.ndarray]:
        """The needs, those of orders that are not made included."""
        lots = np.flatnonzero(self.lot_template >= 0)
        owner, need = spread(self.tables.need_first, self.lot_template[lots])
        return lots[owner], need

    @cached_property
    def lot_release(self) -> np.ndarray:
        """[L] tick before which a lot cannot start: its order's release, and that of every order its pieces go to."""
        release = np.zeros(len(self.lot_id), dtype=np.int64)
        own = self.lot_sound & (self.lot_order >= 0)
        release[own] = self.orders.release[self.lot_order[own]]
        flow = self.pegs.of(LOT)
        supplier, consumer = self.pegs.lot[flow], self.pegs.consumer[flow]
        for _ in range(len(self.on_hand) + 1):
            before = release.copy()
            np.maximum.at(release, supplier, before[consumer])
            if (release == before).all():
                break
        return release

    # -- operations ---------------------------------------------------------------------------------------------------

    @cached_property
    def named(self) -> np.ndarray:
        """[n] lot and name are in range."""
        lots, names = len(self.lot_id), len(self.columns.names)
        found: np.ndarray = (self.lot >= 0) & (self.lot < lots) & (self.name >= 0) & (self.name < names)
        return found

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
        fine: np.ndarray = (self.resource >= 0) & (self.resource < len(self.resources))
        fine[fine] &= (self.configuration[fine] >= 0) & (self.configuration[fine] < counts[self.resource[fine]])
        return fine

    @cached_property
    def timed(self) -> np.ndarray:
        """[n] start and end can be meant: 0 <= start <= end <= furthest."""
        found: np.ndarray = (self.start >= 0) & (self.start <= self.end) & (self.end <= self.furthest)
        return found

    @cached_property
    def sound(self) -> np.ndarray:
        """[n] what all later rules may calculate with."""
        found: np.ndarray = self.named & (self.operation >= 0) & self.placed & self.timed
        return found

    @cached_property
    def needed_first(self) -> np.ndarray:
        """[L + 1] first needed operation of each lot; the needed operations of all lots are numbered in a row."""
        counts = np.zeros(len(self.lot_id), dtype=np.int64)
        fine = self.lot_template >= 0
        counts[fine] = np.diff(self.tables.operation_first)[self.lot_template[fine]]
        return firsts(counts)

    def needed(self, lot: np.ndarray, operation: np.ndarray) -> np.ndarray:
        """Number of the needed operation for lots and operations of their templates."""
        found: np.ndarray = self.needed_first[lot] + operation - self.tables.operation_first[self.lot_template[lot]]
        return found

    @cached_property
    def row_of(self) -> np.ndarray:
        """Row of each needed operation (the first, where there are several), -1: none that is sound."""
        found = np.full(int(self.needed_first[-1]), -1, dtype=np.int64)
        rows = np.flatnonzero(self.sound)[::-1]
        found[self.needed(self.lot[rows], self.operation[rows])] = rows
        return found

    @cached_property
    def expected(self) -> np.ndarray:
        """Which needed operations have to be there."""
        return np.ones(int(self.needed_first[-1]), dtype=bool)

    @cached_property
    def refused(self) -> np.ndarray:
        """[N] orders that are not made."""
        return np.zeros(len(self.orders), dtype=bool)

    @cached_property
    def lot_refused(self) -> np.ndarray:
        """[L] lots of orders that are not made."""
        return np.zeros(len(self.lot_id), dtype=bool)

    @cached_property
    def fact(self) -> np.ndarray:
        """[n] already happened or begun: no rule forbids it any more."""
        return np.zeros(len(self.lot), dtype=bool)

    @cached_property
    def way(self) -> np.ndarray:
        """[n] way number in the tables, -1 where the operation has no such mode."""
        found = np.full(len(self.lot), -1, dtype=np.int64)
        rows = np.flatnonzero(self.operation >= 0)
        at, first = self.operation[rows], self.tables.way_first
        fine = (self.mode[rows] >= 0) & (self.mode[rows] < first[at + 1] - first[at])
        found[rows[fine]] = first[at[fine]] + self.mode[rows[fine]]
        return found

    @cached_property
    def complete(self) -> bool:
        """Every needed operation is there once, and all rows, lots and pegs are sound: only then do sums tell."""
        return bool(self.sound.all() and self.lot_sound.all() and self.pegs.sound.all() and (self.way >= 0).all()
                    and len(self.lot) == self.expected.sum() and (self.row_of[self.expected] >= 0).all())

    # -- resources ----------------------------------------------------------------------------------------------------

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

    @cached_property
    def lanes(self) -> list[tuple[int, slice]]:
        """Each resource that runs something, with its part of `sequence`."""
        edges = np.searchsorted(self.resource[self.sequence[0]], np.arange(len(self.resources) + 1)).tolist()
        return [(r, slice(a, b)) for r, (a, b) in enumerate(pairwise(edges)) if a < b]

    @cached_property
    def preparation(self) -> tuple[np.ndarray, np.ndarray]:
        """Working ticks and cost in micros of the reconfiguration before each row of `sequence`."""
        rows, before = self.sequence
        plant = self.scenario.plant
        tables = {name: changes(cell, self.scenario.axis, plant.modules) for name, cell in plant.cells.items()}
        time, micros = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        for r, part in self.lanes:
            spec = self.resources[r]
            old = np.where(before[part] >= 0, self.configuration[before[part]], spec.initial)
            new = self.configuration[rows[part]]
            times, costs = tables[spec.cell]
            time[part] = np.where(old >= 0, times[old, new], 0)
            micros[part] = time[part] * spec.rate + np.where((old >= 0) & (old != new), costs[old, new], 0) * MICRO
        return time, micros

    def transport(self, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Ticks from the resources of some rows to those of others."""
        location = np.array([r.location for r in self.resources], dtype=np.int64)
        found: np.ndarray = self.scenario.transport[location[self.resource[source]], location[self.resource[target]]]
        return found

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

    # -- pegs ---------------------------------------------------------------------------------------------------------

    @cached_property
    def pegs(self) -> Pegs:
        return Pegs(self.columns, self.tables, self.lot_sound, self.lot_template, self.is_tool)

    @cached_property
    def arrival(self) -> np.ndarray:
        """[P] tick at which what a peg buys arrives; 0 for the other pegs.

        Where the source is chosen with the schedule, as the peg says: rule supply asks whether that can be.
        """
        found = np.zeros(len(self.pegs.sound), dtype=np.int64)
        bought = self.pegs.of(BUY)
        lead = np.maximum(self.lead[self.pegs.component[bought]], 0)
        found[bought] = self.lot_release[self.pegs.consumer[bought]] + lead
        if self.dynamic.any():
            chosen = np.flatnonzero(self.pegs.sound)
            chosen = chosen[self.dynamic[self.pegs.component[chosen]]]
            found[chosen] = self.pegs.available[chosen]
        return found

    def waiting(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(peg, row) for each operation that is there and waits for the pieces of one of the chosen pegs.

        Without the components that several operations take for themselves: no peg says which piece is whose.
        """
        chosen = chosen[self.pegs.need[chosen] >= 0]
        chosen = chosen[~self.tables.split[self.pegs.need[chosen]]]
        owner, target = spread(self.tables.target_first, self.pegs.need[chosen])
        peg = chosen[owner]
        row = self.row_of[self.needed(self.pegs.consumer[peg], self.tables.target[target])]
        return peg[row >= 0], row[row >= 0]

    def endings(self, lot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(place in `lot`, row) for each last operation of the lots that is there."""
        owner, member = spread(self.tables.sink_first, self.lot_template[lot])
        row = self.row_of[self.needed(lot[owner], self.tables.sinks[member])]
        return owner[row >= 0], row[row >= 0]
