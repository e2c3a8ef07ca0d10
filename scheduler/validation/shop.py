"""What the rules look at in a real shop: what the plain context derives, with presence, facts, teams and hours."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.plant import Cell, CrewNeed, PlannedMaintenance
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.shifts import OvertimeSlot, crew_spans, overtimes, resource_spans, unattended_spans
from scheduler.validation.columns import Columns
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL, Hours, Steps
from scheduler.validation.pegs import Pegs
from scheduler.validation.tables import Tables, spread

MAINTENANCE = "maintenance"
"""Item of the lots that planned maintenance is."""
PLANNED = -3
"""Their number among the components."""


def beyond(context: Context) -> bool:
    """Whether the scenario or the schedule has anything that a plain shop has not."""
    scenario = context.scenario
    plant, parts = scenario.plant, scenario.catalog.components.values()
    return bool(
        context.columns.extras.used or context.tables.details or scenario.now > 0 or scenario.floor
        or scenario.orders.may_refuse.any() or plant.buffers or plant.transport.vehicles is not None
        or plant.work_in_process is not None or any(c.overtime for c in plant.calendars.values())
        or any(p.arrivals or p.pool or (p.buy and p.buy.expedite) for p in parts)
        or any(map(_special, plant.cells.values())))


def context_of(scenario: Scenario, schedule: Schedule, columns: Columns) -> Context:
    """What the rules look at: the plain context where that is all there is, else the real shop."""
    context = Context(scenario, schedule, columns)
    return Shop(scenario, schedule, columns, context.catalogue) if beyond(context) else context


def _special(cell: Cell) -> bool:
    change = cell.reconfiguration
    return bool(cell.kind == "subcontractor" or cell.batch or change.crews or change.minimum_run
                or not change.unattended or any(c.modules for c in cell.configurations.values())
                or any(r.speeds or r.planned_maintenance for r in cell.resources.values()))


class Shop(Context):
    """Columns [n] are of the schedule's rows, as in the context. kept: what rules share."""

    @cached_property
    def kept(self) -> dict[str, object]:
        return {}

    # -- lots and presence --------------------------------------------------------------------------------------------

    @cached_property
    def planned(self) -> dict[str, tuple[str, str, PlannedMaintenance]]:
        """Planned maintenance by the id of its lot: resource, name, what is planned."""
        return {f"{resource}:{name}": (resource, name, planned) for cell in self.scenario.plant.cells.values()
                for resource, spec in cell.resources.items() for name, planned in spec.planned_maintenance.items()}

    @cached_property
    def lot_component(self) -> np.ndarray:
        """As in the context, and PLANNED for a planned maintenance."""
        found = super().lot_component.copy()
        for lot, (item, name) in enumerate(zip(self.lot_item, self.lot_id)):
            if item == MAINTENANCE and found[lot] == -2 and name in self.planned:
                found[lot] = PLANNED
        return found

    @cached_property
    def lot_sound(self) -> np.ndarray:
        planned = (self.lot_component == PLANNED) & (self.lot_order == -1) & (self.lot_quantity == 1)
        return np.asarray(super().lot_sound | planned)

    @cached_property
    def _templates(self) -> tuple[np.ndarray, Tables]:
        lots = np.flatnonzero(self.lot_sound & (self.lot_component == PLANNED)).tolist()
        return self._written({lot: self.catalogue.maintenance(*self.planned[self.lot_id[lot]]) for lot in lots})

    @cached_property
    def refused(self) -> np.ndarray:
        """[N] orders that are not made."""
        found = np.zeros(len(self.orders), dtype=bool)
        found[[j for j in self.columns.extras.refused if 0 <= j < len(found)]] = True
        return found

    @cached_property
    def lot_refused(self) -> np.ndarray:
        """[L] lots of orders that are not made."""
        own = (self.lot_order >= 0) & (self.lot_order < len(self.orders))
        found = np.zeros(len(self.lot_id), dtype=bool)
        found[own] = self.refused[self.lot_order[own]]
        return found

    @cached_property
    def needs(self) -> tuple[np.ndarray, np.ndarray]:
        """As in the context; what is not made needs nothing."""
        lot, need = self.all_needs
        made = ~self.lot_refused[lot]
        return lot[made], need[made]

    @cached_property
    def pegs(self) -> Pegs:
        found = super().pegs
        rows = np.flatnonzero(found.sound)
        found.need[rows[self.lot_refused[found.consumer[rows]]]] = -1
        return found

    @cached_property
    def branches(self) -> dict[tuple[int, int], dict[int, list[int]]]:
        """Rows of each branch of which something is there, by lot and choice."""
        found: dict[tuple[int, int], dict[int, list[int]]] = {}
        for i in np.flatnonzero(self.operation >= 0).tolist() if self.tables.details else ():
            detail = self.tables.details[int(self.operation[i])]
            if detail.choice >= 0:
                found.setdefault((int(self.lot[i]), detail.choice), {}).setdefault(detail.branch, []).append(i)
        return found

    def branch(self, lot: int, choice: int) -> int:
        """The branch that a lot took: the one of which most is there, or the first."""
        there = self.branches.get((lot, choice), {})
        return max(there, key=lambda branch: (len(there[branch]), -branch), default=0)

    @cached_property
    def expected(self) -> np.ndarray:
        """Which needed operations have to be there: of orders that are made, on branches that were taken."""
        lots = np.flatnonzero(self.lot_template >= 0)
        owner, operation = spread(self.tables.operation_first, self.lot_template[lots])
        found = ~self.lot_refused[lots[owner]]
        if self.tables.details:
            chosen: dict[tuple[int, int], int] = {}
            for k, (lot, number) in enumerate(zip(lots[owner].tolist(), operation.tolist())):
                detail = self.tables.details[number]
                if detail.choice >= 0:
                    key = lot, detail.choice
                    chosen[key] = chosen[key] if key in chosen else self.branch(*key)
                    found[k] &= detail.branch == chosen[key]
        return np.asarray(found)

    # -- the floor ----------------------------------------------------------------------------------------------------

    @cached_property
    def row_named(self) -> dict[tuple[str, str], int]:
        """The first row of an operation by lot id and name."""
        rows = np.flatnonzero(self.named)[::-1].tolist()
        return {(self.lot_id[int(self.lot[i])], self.columns.names[int(self.name[i])]): i for i in rows}

    @cached_property
    def facts(self) -> list[tuple[int, FloorEntry]]:
        """(row, entry) of what happened and is in the schedule."""
        return [(self.row_named[e.lot, e.operation], e) for e in self.scenario.floor
                if e.state in ("finished", "started") and (e.lot, e.operation) in self.row_named]

    @cached_property
    def fact(self) -> np.ndarray:
        found = np.zeros(len(self.lot), dtype=bool)
        found[[row for row, _ in self.facts]] = True
        return found

    # -- resources ----------------------------------------------------------------------------------------------------

    @cached_property
    def unlimited(self) -> np.ndarray:
        """[R] subcontractors."""
        return np.array([self.cell(r).kind == "subcontractor" for r in range(len(self.resources))], dtype=bool)

    def cell(self, resource: int) -> Cell:
        return self.scenario.plant.cells[self.resources[resource].cell]

    @cached_property
    def sequence(self) -> tuple[np.ndarray, np.ndarray]:
        """As in the context; on a subcontractor nothing comes before anything."""
        rows, before = super().sequence
        return rows, np.where(self.unlimited[self.resource[rows]], -1, before)

    @cached_property
    def preparation(self) -> tuple[np.ndarray, np.ndarray]:
        """As in the context; a subcontractor never reconfigures."""
        time, micros = super().preparation
        outside = self.unlimited[self.resource[self.sequence[0]]]
        return np.where(outside, 0, time), np.where(outside, 0, micros)

    @cached_property
    def leave(self) -> np.ndarray:
        """[n] tick at which the lot leaves the resource."""
        told = self.columns.extras.leave
        return np.asarray(self.end if told is None else told)

    @cached_property
    def batch(self) -> np.ndarray:
        told: np.ndarray | None = self.columns.extras.batch
        return np.full(len(self.lot), -1, dtype=np.int64) if told is None else told

    @cached_property
    def batches(self) -> dict[int, list[int]]:
        """Sound rows of each batch, by position; the first leads."""
        found: dict[int, list[int]] = {}
        rows = np.flatnonzero(self.sound & (self.batch >= 0))
        for i in rows[np.lexsort((rows, self.position[rows]))].tolist():
            found.setdefault(int(self.batch[i]), []).append(i)
        return found

    @cached_property
    def leads(self) -> np.ndarray:
        """[n] in no batch, or the first of it."""
        found = np.ones(len(self.lot), dtype=bool)
        for rows in self.batches.values():
            found[rows[1:]] = False
        return found

    @cached_property
    def prepared(self) -> np.ndarray:
        """[n] tick from which on a row holds what it holds: where its reconfiguration is shown to begin."""
        return np.asarray(np.clip(self.rec_start, 0, self.start))

    # -- people and work ----------------------------------------------------------------------------------------------

    @cached_property
    def pieces(self) -> np.ndarray:
        """[n] pieces an operation works on: those of its lot, or its part of a split."""
        found = np.zeros(len(self.lot), dtype=np.int64)
        rows = np.flatnonzero(self.operation >= 0)
        found[rows] = self.lot_quantity[self.lot[rows]]
        for i in rows.tolist() if self.tables.details else ():
            number, parts = self.tables.details[int(self.operation[i])].part
            found[i] = found[i] // parts + (number <= found[i] % parts)
        return found

    def crew_needs(self, row: int) -> tuple[CrewNeed, ...]:
        """What people the operation needs, then what reconfiguring its resource needs."""
        change = self._changing[self.resources[int(self.resource[row])].cell]
        return (*self.tables.ways[int(self.way[row])].crews, *change)

    @cached_property
    def _changing(self) -> dict[str, tuple[CrewNeed, ...]]:
        """What people reconfiguring needs, by cell; whatever `during` says, it is then that they are needed."""
        return {name: tuple(need.model_copy(update={"during": "reconfiguration"})
                            for need in cell.reconfiguration.crews
                            if cell.kind == "cell" and len(cell.all_configurations) > 1)
                for name, cell in self.scenario.plant.cells.items()}

    def team(self, row: int) -> tuple[str, ...]:
        """The crews named for an operation."""
        told, teams = self.columns.extras.team, self.columns.extras.teams
        number = -1 if told is None else int(told[row])
        return teams[number] if 0 <= number < len(teams) else ()

    @cached_property
    def staffed(self) -> dict[int, list[tuple[CrewNeed, str]]]:
        """Crew of each need of the rows that need any and name able ones for all."""
        crews, found = self.scenario.plant.crews, {}
        for i in self.crewed:
            needs, team = self.crew_needs(i), self.team(i)
            if len(needs) == len(team) and all(c in crews and n.skill in crews[c].skills for n, c in zip(needs, team)):
                found[i] = list(zip(needs, team))
        return found

    @cached_property
    def crewed(self) -> list[int]:
        """Sound rows that need people."""
        if not self.scenario.plant.crews and not any(way.crews for way in self.tables.ways):
            return []
        return [i for i in np.flatnonzero(self.sound & (self.way >= 0)).tolist() if self.crew_needs(i)]

    @cached_property
    def work(self) -> np.ndarray:
        """[n] ticks of working time at normal speed that an operation takes with its team."""
        percent = np.full(len(self.lot), NORMAL, dtype=np.int64)
        for i, staff in self.staffed.items():
            slowest = [self.scenario.plant.crews[c].skills[n.skill] for n, c in staff if n.during == "run"]
            percent[i] = max(slowest, default=NORMAL)
        found = np.zeros(len(self.lot), dtype=np.int64)
        rows = np.flatnonzero(self.way >= 0)
        way, tables = self.way[rows], self.tables
        done = (tables.fixed[way] + tables.piece[way] * self.pieces[rows]) * percent[rows]
        found[rows] = -(-done // (tables.divisor[way] * self.scenario.axis.tick * NORMAL))
        return found

    # -- hours --------------------------------------------------------------------------------------------------------

    @cached_property
    def slots(self) -> tuple[OvertimeSlot, ...]:
        return overtimes(self.scenario)

    @cached_property
    def bought(self) -> np.ndarray:
        """Numbers of the overtime slots that were bought."""
        told = set(self.columns.extras.overtime)
        return np.array([k for k, slot in enumerate(self.slots) if slot[:3] in told], dtype=np.int64)

    @cached_property
    def reach(self) -> int:
        """Just beyond the last tick that any row speaks of."""
        ends = [self.end[self.sound], np.clip(self.leave[self.sound], 0, self.furthest), [self.scenario.now]]
        return int(max(np.max(part, initial=0) for part in ends)) + 1

    @cached_property
    def _hours(self) -> dict[object, Hours]:
        return {}

    def open_hours(self, resource: int, overtime: bool = True) -> Hours:
        """When a resource works; without `overtime` none of it counts."""
        spec = self.resources[resource]
        speeds = self.cell(resource).resources[spec.id].speeds
        key = (spec.calendar, spec.closures, spec.available_from, overtime, speeds)
        if key not in self._hours:
            spans = resource_spans(self.scenario, spec, self.reach)
            bought = self.bought if overtime else self.bought[:0]
            self._hours[key] = self._of(spans.start, spans.end, spans.value, spans.overtime, bought)
        return self._hours[key]

    def _of(self, start: np.ndarray, end: np.ndarray, value: np.ndarray, overtime: np.ndarray,
            bought: np.ndarray) -> Hours:
        kept = ((overtime < 0) | np.isin(overtime, bought)) & (start < self.reach)
        return Hours(start[kept], np.minimum(end[kept], self.reach), value[kept])

    def people(self, crew: str) -> Steps:
        """How many of a crew are there over time."""
        hours = self.crew_hours(crew)
        edges = np.unique(np.concatenate(([0], hours.starts, hours.ends)))
        return Steps(edges, hours.rate(edges))

    def crew_hours(self, crew: str) -> Hours:
        """When some of a crew are there; the rates are people."""
        key = ("crew", crew)
        if key not in self._hours:
            spans = crew_spans(self.scenario, self.scenario.plant.crews[crew], self.reach)
            self._hours[key] = self._of(spans.start, spans.end, spans.value, spans.overtime, self.bought)
        return self._hours[key]

    def _with_crews(self, base: Hours, key: object, needs: tuple[tuple[str, int], ...]) -> Hours:
        if needs and (key, needs) not in self._hours:
            found = base
            for crew, people in needs:
                there = self.crew_hours(crew)
                enough = there.rates >= people
                found = found.within(there.starts[enough], there.ends[enough])
            self._hours[key, needs] = found
        return self._hours[key, needs] if needs else base

    def run_hours(self, row: int) -> Hours:
        """When the row's operation can be worked on: its resource is open and the crews of its run are there."""
        resource = int(self.resource[row])
        needs = tuple((c, n.people) for n, c in self.staffed.get(row, ()) if n.during == "run")
        return self._with_crews(self.open_hours(resource), ("run", resource), needs)

    def setup_hours(self, row: int) -> Hours:
        """When the row's reconfiguration can be worked on."""
        resource = int(self.resource[row])
        key = ("attended", resource)
        base = self.open_hours(resource)
        if not self.cell(resource).reconfiguration.unattended:
            if key not in self._hours:
                alone = unattended_spans(self.scenario, self.resources[resource], self.reach)
                self._hours[key] = base.within(*alone, inside=False)
            base = self._hours[key]
        needs = tuple((c, n.people) for n, c in self.staffed.get(row, ()) if n.during == "reconfiguration")
        return self._with_crews(base, ("setup", resource), needs)
