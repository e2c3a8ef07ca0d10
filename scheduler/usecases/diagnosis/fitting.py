"""Do operations fit: into open windows, around loading and unloading, into the places of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.domain.orders import OrderEntry
from scheduler.domain.quantities import format_duration
from scheduler.domain.scenario import Scenario
from scheduler.planning.crews import PHASES
from scheduler.planning.template import Template, WayShop, durations
from scheduler.usecases.diagnosis.findings import Findings
from scheduler.usecases.diagnosis.windows import FOREVER, longest_staffed

Members = Sequence[int]
RUN = PHASES.index("run")


class FitCheck:
    """Holds the operations of a configuration against what resources can take.

    longest: ticks of work in the longest open window of each resource.
    """

    def __init__(self, scenario: Scenario, entries: Sequence[OrderEntry], longest: Sequence[int], found: Findings):
        self.scenario, self.entries, self.found = scenario, entries, found
        self.windows = np.array(longest, dtype=np.int64)
        cells = scenario.plant.cells
        self._staffed: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        self.resources = [resource.id for resource in scenario.resources]
        self.room = np.array([batch.capacity if (batch := cells[r.cell].batch) else 0 for r in scenario.resources])

    def run(self, template: Template, members: Members) -> None:
        """Notes the orders, from the largest down, of which an operation fits nowhere."""
        steps = template.steps
        if not steps:
            return
        of_size: dict[int, list[int]] = {}
        for i in members:
            of_size.setdefault(self.entries[i].quantity, []).append(i)
        sizes = sorted(of_size, reverse=True)
        shape = _Shape(self.scenario, template)
        windows = self._windows(template)
        if len(windows) and windows.min() < FOREVER:
            for size in sizes:
                found = self._long(template, shape, size, windows)
                wrong = [(step, ticks) for step, ticks in found if shape.certain[step]]
                for i in of_size[size]:
                    for step, ticks in wrong:
                        self._note_long(template, i, step, ticks, windows)
                if not wrong and not shape.split:
                    break
        self._places(template, shape, of_size)
        self._loading(template, shape, of_size)

    def _windows(self, template: Template) -> np.ndarray:
        """Ticks of work in the longest window of each way, its crews on shift."""
        windows: np.ndarray = self.windows[template.ways[0]]
        m = 0
        for step in template.steps:
            for k, (way, need) in enumerate(zip(step.ways, step.shop.ways), m):
                people: dict[int, int] = {}
                for crew, number, phase in template.teams[need.team].needs:
                    if phase == RUN:
                        people[crew] = people.get(crew, 0) + number
                if people:
                    key = (way.resource, tuple(people.items()))
                    if key not in self._staffed:
                        resource = self.scenario.resources[way.resource]
                        self._staffed[key] = longest_staffed(self.scenario, resource, key[1])
                    windows[k] = self._staffed[key]
            m += len(step.ways)
        return windows

    def _long(self, template: Template, shape: _Shape, size: int, windows: np.ndarray) -> list[tuple[int, int]]:
        """(step, its ticks) of those that fit no window; of a choice only where each branch has one."""
        ticks = shape.ticks(template, size)
        fitting = (ticks <= windows) | shape.pausing
        fits = np.bincount(shape.step_of_way, weights=fitting, minlength=len(template.steps))
        least = np.full(len(template.steps), FOREVER, dtype=np.int64)
        np.minimum.at(least, shape.step_of_way, ticks)
        open_ = np.bincount(shape.step_of_way, weights=windows > 0, minlength=len(template.steps)) > 0
        wrong = (fits == 0) & open_
        found = [(s, int(least[s])) for s in np.flatnonzero(wrong & (shape.choice < 0)).tolist()]
        for choice in np.unique(shape.choice[shape.choice >= 0]).tolist():
            mine = np.flatnonzero(shape.choice == choice)
            there = mine[shape.least[mine] <= shape.pieces[mine] * size]
            bad = set(shape.branch[there[wrong[there]]].tolist())
            if set(shape.branch[there].tolist()) <= bad:
                first = int(there[wrong[there] & (shape.branch[there] == 0)][0])
                found.append((first, int(least[first])))
        return found

    def _note_long(self, template: Template, i: int, step: int, ticks: int, windows: np.ndarray) -> None:
        ways, first = template.steps[step], int(template.way_first[step])
        best = max(range(len(ways.ways)), key=lambda k: windows[first + k])
        crews = template.teams[ways.shop.ways[best].team].crews if ways.shop.ways else ()
        who = f" and crew {', '.join(dict.fromkeys(crews))}" if crews else ""
        self.found.add(
            ("orders", i, "quantity"), f"no resource can make order '{self.entries[i].id}': operation "
            f"'{_name(template, step)}' takes {format_duration(ticks * template.tick)}, and the longest open window is "
            f"{format_duration(int(windows[first + best]) * template.tick)} "
            f"(resource '{self.resources[ways.ways[best].resource]}'{who})",
            "split the order, shorten the operation, or open a longer window")

    def _places(self, template: Template, shape: _Shape, of_size: dict[int, list[int]]) -> None:
        for s, step in enumerate(template.steps):
            if not step.shop.batch or not shape.certain[s] or shape.choice[s] >= 0:
                continue
            room = [int(self.room[way.resource]) for way in step.ways]
            for size, members in of_size.items() if room and 0 not in room else ():
                needed = step.shop.places * int(shape.pieces[s]) * size
                for i in members if needed > max(room) else ():
                    self.found.add(
                        ("orders", i, "quantity"), f"operation '{_name(template, s)}' of order '{self.entries[i].id}' "
                        f"takes {needed} places, and no resource that can run it has more than {max(room)}",
                        "split the order, or write a larger capacity")

    def _loading(self, template: Template, shape: _Shape, of_size: dict[int, list[int]]) -> None:
        """The smallest order is the one whose operations may be shorter than loading and unloading."""
        ways = [way for step in template.steps for way in step.shop.ways or (WayShop(),) * len(step.ways)]
        aside = np.array([way.load + way.unload for way in ways], dtype=np.int64)
        if not aside.any():
            return
        size = min(of_size)
        wrong = np.unique(shape.step_of_way[(aside > shape.ticks(template, size)) & (aside > 0)])
        for s in wrong.tolist():
            if shape.certain[s] and template.steps[s].shop.parts == 1 and not shape.pooled[s]:
                for i in of_size[size]:
                    self.found.add(
                        ("orders", i, "quantity"), f"loading and unloading take longer than operation "
                        f"'{_name(template, s)}' of order '{self.entries[i].id}'",
                        "they are the first and last part of its duration: lengthen it, or shorten them")


class _Shape:
    """Columns of a template's steps [S] and ways [M]. certain: each order makes all its pieces itself."""

    def __init__(self, scenario: Scenario, template: Template):
        steps, components = template.steps, scenario.catalog.components
        self.step_of_way = np.repeat(np.arange(len(steps)), np.diff(template.way_first))
        item = np.array([step.item for step in steps])
        certain, pooled = [True], [False]
        for part in template.items[1:]:
            certain.append(certain[part.parent] and components[part.component].stock == 0)
            pooled.append(pooled[part.parent] or part.pooled)
        self.certain, self.pooled = np.array(certain)[item], np.array(pooled)[item]
        self.pieces = np.array(template.pieces, dtype=np.int64)[item]
        self.choice, self.branch, self.least, self.parts = (
            np.array([getattr(step.shop, name) for step in steps], dtype=np.int64)
            for name in ("choice", "branch", "least", "parts"))
        self.split = bool((self.parts > 1).any())
        self.pausing = np.array([step.shop.pausing for step in steps])[self.step_of_way]

    def ticks(self, template: Template, size: int) -> np.ndarray:
        """Ticks of each way for an order of `size` pieces; of a split, of its largest part."""
        pieces = -(-self.pieces * size // self.parts)
        return durations(template.ways, pieces[self.step_of_way], template.tick)


def _name(template: Template, step: int) -> str:
    component = template.items[template.steps[step].item].component
    return f"{component}/{template.steps[step].name}" if component else template.steps[step].name
