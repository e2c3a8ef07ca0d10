"""Checks of crews, fixtures and modules, and of everything that asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.plant import Cell, Crew, CrewNeed, FixtureNeed, Plant
from scheduler.errors import Location
from scheduler.planning.crews import most_fixtures, most_people
from scheduler.usecases.diagnosis.findings import Findings, instead
from scheduler.usecases.diagnosis.periods import check_periods

MAX_PERCENT = 10_000


class StaffCheck:
    """What there is of crews and fixtures, and the words for what there is not."""

    def __init__(self, plant: Plant, found: Findings):
        self.plant, self.found = plant, found
        self.skills: dict[str, int] = {}
        for crew in plant.crews.values():
            for skill in crew.skills:
                self.skills[skill] = max(self.skills.get(skill, 0), most_people(crew))
        self.fixtures = {name: most_fixtures(fixture) for name, fixture in plant.fixtures.items()}

    def run(self) -> None:
        for name, crew in self.plant.crews.items():
            self._crew(name, crew, ("plant", "crews", name))
        for name, fixture in self.plant.fixtures.items():
            check_periods(fixture.changes, ("plant", "fixtures", name, "changes"), "a change", self.found)
        for name, cell in self.plant.cells.items():
            self._cell(cell, ("plant", "cells", name))

    def crews(self, needs: Sequence[CrewNeed], where: Location, phases: dict[str, int] | None = None) -> None:
        """Needs of crews. phases: milliseconds of loading and unloading of the operation that asks."""
        for n, need in enumerate(needs):
            place = (*where, n)
            if need.skill not in self.skills:
                self.found.add((*place, "skill"), f"no crew has the skill '{need.skill}'",
                               instead(need.skill, list(self.skills), "crew"))
            elif need.people > self.skills[need.skill]:
                most = self.skills[need.skill]
                self.found.add((*place, "people"), f"{need.people} people with the skill '{need.skill}' are needed, "
                               f"and no crew that has it is larger than {most}",
                               f"ask for at most {most}, or give a crew more people")
            if phases is not None and phases.get(need.during) == 0:
                self.found.add((*place, "during"), f"people for '{need.during}', which takes no time here",
                               f"write for instance '{need.during}: 10 min' for the operation")

    def held(self, needs: Sequence[FixtureNeed], where: Location) -> None:
        for n, need in enumerate(needs):
            self.fixture(need.fixture, need.number, (*where, n))

    def fixture(self, name: str, number: int, where: Location) -> None:
        """`number` of a fixture, named in the fields 'fixture' and 'number' at `where`."""
        if name not in self.fixtures:
            self.found.unknown((*where, "fixture"), "fixture", name, list(self.fixtures))
        elif number > self.fixtures[name]:
            self.found.add((*where, "number"), f"{number} of fixture '{name}' are needed, and there are never more "
                           f"than {self.fixtures[name]}", "ask for fewer, or have more of them")

    def _crew(self, name: str, crew: Crew, where: Location) -> None:
        calendars = list(self.plant.calendars)
        if crew.calendar is not None and crew.calendar not in calendars:
            self.found.unknown((*where, "calendar"), "calendar", crew.calendar, calendars)
        for n, shift in enumerate(crew.shifts):
            if shift.calendar not in calendars:
                self.found.unknown((*where, "shifts", n, "calendar"), "calendar", shift.calendar, calendars)
        for field in ("calendar", "people"):
            if crew.shifts and field in crew.model_fields_set:
                self.found.add((*where, field), f"crew '{name}' has '{field}' beside 'shifts'",
                               "leave it out: each of the shifts says who works when")
        for skill, percent in crew.skills.items():
            if not 1 <= percent <= MAX_PERCENT:
                self.found.add((*where, "skills", skill), f"crew '{name}' needs {percent} % of the time for '{skill}'",
                               f"write a percentage from 1 to {MAX_PERCENT}, such as 100 for as planned")
        if check_periods(crew.changes, (*where, "changes"), "a change", self.found):
            most = most_people(crew)
            for n, change in enumerate(crew.changes):
                if change.number > most:
                    self.found.add((*where, "changes", n, "number"), f"{change.number} people in a change of crew "
                                   f"'{name}', which has {most}",
                                   "a change takes people away: write how many are left")

    def _cell(self, cell: Cell, where: Location) -> None:
        for name, configuration in cell.configurations.items():
            for n, module in enumerate(configuration.modules):
                place = (*where, "configurations", name, "modules", n)
                if module not in self.plant.modules:
                    self.found.unknown(place, "module", module, list(self.plant.modules))
                elif module in configuration.modules[:n]:
                    self.found.add(place, f"module '{module}' stands twice", "keep one of them")
        needs = cell.reconfiguration.crews
        self.crews(needs, (*where, "reconfiguration", "crews"))
        for n, need in enumerate(needs):
            if "during" in need.model_fields_set and need.during != "reconfiguration":
                self.found.add((*where, "reconfiguration", "crews", n, "during"),
                               f"people for reconfiguring, but during '{need.during}'",
                               "leave 'during' out here, or ask for them in the operation")
