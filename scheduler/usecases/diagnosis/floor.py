"""Checks of what happened, what is pinned and what was announced, against the plan of what has to be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import networkx as nx
import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.quantities import format_duration
from scheduler.domain.scenario import Scenario
from scheduler.encoding.floor import finish
from scheduler.errors import InputError, Location
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.usecases.diagnosis.findings import Findings, listed
from scheduler.usecases.diagnosis.periods import short

NEEDED = {"finished": ("resource", "start", "end"), "started": ("resource", "start"), "pinned": (),
          "announced": ("resource", "start"), "material": ()}
FURTHER = {"finished": ("configuration", "mode"), "started": ("configuration", "mode", "remaining"),
           "pinned": ("resource", "configuration", "mode", "start", "behind"),
           "announced": ("configuration", "mode", "end"), "material": ("end", "stock")}
FIELDS = ("resource", "configuration", "mode", "start", "end", "remaining", "behind", "stock")
FACTS = ("finished", "started")
Name = tuple[str, str]
"""Lot and operation."""


@dataclass(frozen=True)
class _Fact:
    """Something that ran, on a resource, in ticks."""

    entry: int
    resource: str
    start: int
    end: int


class _Mode(NamedTuple):
    """A way to run an operation: what entries name, and its number in the plan."""

    resource: str
    configuration: str
    mode: int
    number: int


class FloorCheck:
    """Checks floor entries. `where` of a mistake is ('floor', i, field)."""

    def __init__(self, scenario: Scenario, entries: Sequence[FloorEntry], found: Findings):
        self.scenario, self.entries, self.found = scenario, entries, found
        self.axis, self.now = scenario.axis, scenario.now
        self.facts: list[_Fact] = []

    def run(self) -> None:
        """What the entries say by themselves: fields, times, and which of them speak of the same."""
        seen: dict[object, int] = {}
        for i, entry in enumerate(self.entries):
            self._fields(entry, i)
            self._times(entry, i)
            kind = "fact" if entry.state in FACTS else entry.state
            first = seen.setdefault((entry.lot, entry.operation, kind), i)
            if first != i:
                self._add(i, "operation", f"'{entry.operation}' of lot '{entry.lot}' stands twice as "
                          f"{'finished or started' if kind == 'fact' else kind} (first as entry {first + 1})",
                          "keep one of them")
            elif kind == "fact" and entry.resource is not None and entry.start is not None:
                start = self.axis.to_ticks(entry.start)
                end = self.now if entry.end is None or entry.state == "started" else self.axis.to_ticks(entry.end)
                self.facts.append(_Fact(i, entry.resource, start, max(start, end)))
        self._apart()

    def run_against(self, plan: Plan) -> None:
        """What they name: lots, operations, resources and configurations of the plan."""
        names = _Names(self.scenario, plan)
        circles = nx.DiGraph()
        chosen: dict[int, tuple[int, int]] = {}
        for i, entry in enumerate(self.entries):
            if entry.lot not in names.lots:
                self._unknown(i, "lot", "lot", entry.lot, list(names.lots))
            elif entry.state == "material":
                needed = names.components.get(entry.lot, [])
                if entry.operation not in needed:
                    self._unknown(i, "operation", "component", entry.operation, needed, f" of lot '{entry.lot}'")
            elif entry.operation not in names.lots[entry.lot]:
                self._unknown(i, "operation", "operation", entry.operation, list(names.lots[entry.lot]),
                              f" of lot '{entry.lot}'")
            else:
                operation = names.lots[entry.lot][entry.operation]
                self._place(entry, i, names, operation)
                self._branch(entry, i, names, operation, chosen)
                self._behind(entry, i, names, operation, circles)
        self._circles(plan, names, circles)

    def _circles(self, plan: Plan, names: _Names, circles: nx.DiGraph) -> None:
        """No operation stands behind what comes after it, by its routing or by what that stands behind."""
        if not circles:
            return
        behind = set(circles.edges)
        text = {o: name for name, o in names.operations.items()}
        circles.add_edges_from((text[b], text[a]) for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist())
                               if a in text and b in text)
        for part in nx.strongly_connected_components(circles):
            inside = [(n, entry) for n, entry in enumerate(self.entries) if entry.state == "pinned"
                      and entry.behind in part and (f"{entry.lot}/{entry.operation}", entry.behind) in behind
                      and f"{entry.lot}/{entry.operation}" in part]
            if inside:
                i, entry = inside[0]
                first = f"{entry.lot}/{entry.operation}"
                circle = [first, *nx.shortest_path(circles.subgraph(part), entry.behind, first)]
                self._add(i, "behind", "operations stand behind each other: " + " -> ".join(circle),
                          "break this circle")

    def _fields(self, entry: FloorEntry, i: int) -> None:
        needed, more = NEEDED[entry.state], FURTHER[entry.state]
        for field in needed:
            if getattr(entry, field) is None:
                self._add(i, field, f"'{entry.state}' without '{field}'", f"write its {field}")
        for field in FIELDS:
            if getattr(entry, field) is not None and field not in needed + more:
                self._add(i, field, f"'{entry.state}' with '{field}'",
                          f"it has {', '.join(needed + more)}: leave this out")
        if entry.state == "pinned" and all(getattr(entry, field) is None for field in FURTHER["pinned"]):
            self._add(i, "state", "'pinned' to nothing", "write a 'start', a 'resource' or what it comes 'behind'")
        if entry.state == "material" and entry.end is None and entry.stock is None:
            self._add(i, "end", "'material' without 'end' or 'stock'",
                      "write when it is there, or what comes from stock")

    def _times(self, entry: FloorEntry, i: int) -> None:
        for field in ("start", "end"):
            when = getattr(entry, field)
            if when is None:
                continue
            if entry.state != "material" and self.axis.to_ticks(when) != self.axis.to_ticks(when, up=True):
                self._add(i, field, f"{short(when)} is not on a whole tick of {format_duration(self.axis.tick)}",
                          "round it")
            elif self.axis.to_ticks(when) < 0:
                self._add(i, field, f"{short(when)} is before the origin", "write a later time, or an earlier origin")
        start, end = (None if when is None else self.axis.to_ticks(when) for when in (entry.start, entry.end))
        now = short(self.axis.to_datetime(self.now).replace(tzinfo=None))
        if entry.start is not None and entry.end is not None and start is not None and end is not None and end < start:
            self._add(i, "end", f"it ends at {short(entry.end)} and starts at {short(entry.start)}",
                      "write an end after the start")
        late: tuple[datetime | None, int | None, str] = (entry.end, end, "end")
        if entry.state == "started" or (start is not None and start > self.now):
            late = (entry.start, start, "start")
        if entry.state in FACTS and late[0] is not None and late[1] is not None and late[1] > self.now:
            self._add(i, late[2], f"'{entry.state}' at {short(late[0])}, which is after 'now' ({now})",
                      "write an earlier time, or a later 'now'")
        if entry.state == "pinned" and entry.start is not None and start is not None and start < self.now:
            self._add(i, "start", f"pinned to {short(entry.start)}, which is before 'now' ({now})",
                      "pin it to a later time, or say that it 'started'")

    def _apart(self) -> None:
        """No resource did two things at once, except in batches and outside the house."""
        cells = self.scenario.plant.cells
        cell_of = {resource.id: cells[resource.cell] for resource in self.scenario.resources}
        last: dict[str, _Fact] = {}
        for fact in sorted(self.facts, key=lambda f: (f.start, f.end, f.entry)):
            cell = cell_of.get(fact.resource)
            if cell is None or cell.kind == "subcontractor" or fact.start == fact.end:
                continue
            before = last.get(fact.resource)
            together = cell.batch is not None and before is not None and before.start == fact.start
            if before is not None and fact.start < before.end and not together:
                other = self.entries[before.entry]
                self._add(fact.entry, "start", f"resource '{fact.resource}' still ran '{other.operation}' of lot "
                          f"'{other.lot}' then (entry {before.entry + 1})", "correct one of the times or resources")
            if before is None or fact.end > before.end:
                last[fact.resource] = fact

    def _place(self, entry: FloorEntry, i: int, names: _Names, operation: int) -> None:
        """Resource, configuration and mode name a way to run it."""
        if entry.resource is not None and entry.resource not in names.resources:
            self._unknown(i, "resource", "resource", entry.resource, list(names.resources))
            return
        modes = names.modes(operation, entry.state not in FACTS)
        for position, field in enumerate(("resource", "configuration", "mode")):
            wanted = getattr(entry, field)
            left = [mode for mode in modes if wanted is None or mode[position] == wanted]
            if not left:
                known = listed(dict.fromkeys(str(mode[position]) for mode in modes))
                self._add(i, field, f"{field} '{wanted}' cannot run '{entry.operation}' of lot '{entry.lot}'"
                          + (" there" if position else ""), f"what can: {known}")
                return
            modes = left
        if entry.state == "started" and entry.start is not None and entry.resource is not None:
            self._rest(entry, entry.start, i, names, modes[0])

    def _rest(self, entry: FloorEntry, start: datetime, i: int, names: _Names, mode: _Mode) -> None:
        """What runs comes to an end in working time."""
        left = None if entry.remaining is None else self.axis.duration(entry.remaining)
        duration = int(names.plan.mode_duration[mode.number])
        resource = list(names.resources).index(mode.resource)
        if finish(self.scenario, resource, self.axis.to_ticks(start), duration, left) is None:
            self._add(i, "resource", f"resource '{mode.resource}' has no working time for the rest of "
                      f"'{entry.operation}' of lot '{entry.lot}'", "give its calendar shifts after now")

    def _branch(self, entry: FloorEntry, i: int, names: _Names, operation: int,
                chosen: dict[int, tuple[int, int]]) -> None:
        """What happened cannot belong to two alternatives."""
        shop = names.plan.shop
        if shop is None or entry.state not in FACTS or shop.op_branch[operation] < 0:
            return
        branch = int(shop.op_branch[operation])
        other, first = chosen.setdefault(int(shop.branch_choice[branch]), (branch, i))
        if other != branch:
            self._add(i, "operation", f"'{entry.operation}' is another way to do what "
                      f"'{self.entries[first].operation}' does (entry {first + 1})",
                      "only one of them can have happened")

    def _behind(self, entry: FloorEntry, i: int, names: _Names, operation: int, circles: nx.DiGraph) -> None:
        if entry.behind is None or entry.state != "pinned":
            return
        if entry.behind not in names.operations:
            self._unknown(i, "behind", "operation", entry.behind, list(names.operations))
            return
        circles.add_edge(f"{entry.lot}/{entry.operation}", entry.behind)
        mine, theirs = ({mode[0] for mode in names.modes(o)} for o in (operation, names.operations[entry.behind]))
        if not mine & theirs:
            self._add(i, "behind", f"no resource runs both '{entry.operation}' and '{entry.behind}'",
                      "name an operation of the same resource")

    def _add(self, i: int, field: str, what: str, instead: str) -> None:
        where: Location = ("floor", i, field)
        self.found.add(where, what, instead)

    def _unknown(self, i: int, field: str, kind: str, name: str, known: list[str], inside: str = "") -> None:
        self.found.unknown(("floor", i, field), kind, name, known, inside)


class _Names:
    """The names in a plan. lots: operations of each lot; components: what each lot needs."""

    def __init__(self, scenario: Scenario, plan: Plan):
        self.plan = plan
        self.resources = {resource.id: resource for resource in scenario.resources}
        self._ids = list(self.resources)
        self._cells = scenario.plant.cells
        self._configurations = [resource.configurations for resource in scenario.resources]
        self.lots: dict[str, dict[str, int]] = {name: {} for name in plan.lots.id}
        self.operations: dict[str, int] = {}
        real = np.ones(len(plan), dtype=bool) if plan.shop is None else plan.shop.op_supply < 0
        for o in np.flatnonzero(real).tolist():
            lot, name = plan.lots.id[plan.op_lot[o]], plan.names[plan.op_name[o]]
            self.lots[lot][name] = o
            self.operations[f"{lot}/{name}"] = o
        self.components: dict[str, list[str]] = {}
        for component, consumer in zip(plan.pegs.component, plan.pegs.consumer.tolist()):
            self.components.setdefault(plan.lots.id[consumer], []).append(component)

    def modes(self, operation: int, whole: bool = False) -> list[_Mode]:
        """All ways to run an operation; `whole`: without those on resources whose batch is too small for it."""
        plan = self.plan
        mine = range(plan.mode_first[operation], plan.mode_first[operation + 1])
        return [_Mode(self._ids[r], self._configurations[r][plan.mode_configuration[m]], int(plan.mode_index[m]), m)
                for m in mine for r in [int(plan.mode_resource[m])] if not whole or self._fits(operation, r)]

    def _fits(self, operation: int, resource: int) -> bool:
        shop, batch = self.plan.shop, self._cells[self.resources[self._ids[resource]].cell].batch
        if shop is None or batch is None or shop.op_batch[operation] < 0:
            return True
        return bool(shop.op_places[operation] * shop.op_quantity[operation] <= batch.capacity)


def check_floor(scenario: Scenario, entries: Sequence[FloorEntry], found: Findings) -> None:
    """All mistakes of floor entries. Names are held against the plan of a scenario without other mistakes only.

    scenario: without the entries.
    """
    check = FloorCheck(scenario, entries, found)
    sound = not len(found)
    check.run()
    if not sound:
        return
    try:
        begun = tuple(entry.model_copy(update={"end": None}) if entry.state == "material" else entry
                      for entry in entries if entry.state in FACTS or entry.stock is not None)
        check.run_against(build(replace(scenario, floor=begun)))
    except InputError as error:
        for mistake in error.mistakes:
            found.add(mistake.where, mistake.what, mistake.instead)
