"""Which crews and fixtures an operation can have: teams for its needs, and what is wrong with them."""

from __future__ import annotations

from itertools import product

from scheduler.domain.plant import Cell, Crew, CrewNeed, Fixture, FixtureNeed
from scheduler.domain.scenario import Scenario, rate_per_tick
from scheduler.errors import Location
from scheduler.planning.drafts import Drafter, nearest
from scheduler.planning.template import NOBODY, Team

PHASES = ("reconfiguration", "loading", "run", "unloading")
"""In the order of the phases of problem.rules."""
HOUR = 3_600_000
Needs = tuple[CrewNeed, ...]


class Staff:
    """The crews and fixtures of one scenario; remembers teams, since most operations ask for the same."""

    def __init__(self, scenario: Scenario):
        plant = scenario.plant
        self.crews, self.fixtures = plant.crews, plant.fixtures
        self._number = {name: i for i, name in enumerate(self.crews)}
        self._fixture = {name: i for i, name in enumerate(self.fixtures)}
        self._rate = {name: rate_per_tick(crew.hourly_cost, HOUR, scenario.axis.tick)
                      for name, crew in self.crews.items()}
        during = {"during": "reconfiguration"}
        cells = {name: tuple(need.model_copy(update=during) for need in cell.reconfiguration.crews)
                 for name, cell in plant.cells.items() if reconfigures(cell)}
        self.changing = {name: needs for name, needs in cells.items() if needs}
        self.cell = [resource.cell for resource in scenario.resources]
        self._known: dict[tuple[Needs, str], tuple[Team, ...]] = {}

    def teams(self, drafter: Drafter, needs: Needs, resource: int, where: Location) -> tuple[Team, ...]:
        """All teams for an operation's needs on a resource, crews in the order of the plant; () with a mistake noted
        where there is none. where: place of the needs."""
        cell = self.cell[resource]
        change = self.changing.get(cell, ())
        if not needs and not change:
            return (NOBODY,)
        key = (needs, cell if change else "")
        if key not in self._known:
            able = [self._able(drafter, need, (*where, i)) for i, need in enumerate(needs)]
            place = ("plant", "cells", cell, "reconfiguration", "crews")
            able += [self._able(drafter, need, (*place, i)) for i, need in enumerate(change)]
            found = tuple(self._team((*needs, *change), names) for names in product(*able))
            if not found:
                return ()
            self._known[key] = found
        return self._known[key]

    def _able(self, drafter: Drafter, need: CrewNeed, where: Location) -> list[str]:
        skilled = [name for name, crew in self.crews.items() if need.skill in crew.skills]
        found = [name for name in skilled if most_people(self.crews[name]) >= need.people]
        if not skilled:
            skills = list(dict.fromkeys(skill for crew in self.crews.values() for skill in crew.skills))
            drafter.wrong((*where, "skill"), f"no crew has skill '{need.skill}'", nearest(need.skill, skills))
        elif not found:
            most = max(most_people(self.crews[name]) for name in skilled)
            drafter.wrong((*where, "people"), f"no crew with skill '{need.skill}' has {need.people} people",
                          f"ask for at most {most}, or give a crew more people")
        return found

    def _team(self, needs: Needs, names: tuple[str, ...]) -> Team:
        pairs = list(zip(needs, names))
        rates = dict.fromkeys(PHASES, 0)
        for need, name in pairs:
            rates[need.during] += need.people * self._rate[name]
        return Team(names, tuple((self._number[name], need.people, PHASES.index(need.during)) for need, name in pairs),
                    max((self.crews[name].skills[need.skill] for need, name in pairs if need.during == "run"),
                        default=100), rates["run"], rates["loading"], rates["unloading"])

    def fixture(self, drafter: Drafter, name: str, number: int, where: Location) -> int:
        """The index of a fixture, -1 with a mistake noted where there are never that many."""
        if name not in self._fixture:
            drafter.wrong((*where, "fixture"), f"unknown fixture '{name}'", nearest(name, list(self.fixtures)))
            return -1
        most = most_fixtures(self.fixtures[name])
        if most < number:
            drafter.wrong((*where, "number"), f"there are never {number} of fixture '{name}'",
                          f"ask for at most {most}, or have more of them")
            return -1
        return self._fixture[name]

    def held(self, drafter: Drafter, needs: tuple[FixtureNeed, ...],
             where: Location) -> tuple[tuple[int, int, bool], ...]:
        """(index, number, held from the reconfiguration on) of each fixture an operation needs."""
        found = [(self.fixture(drafter, need.fixture, need.number, (*where, i)), need.number,
                  need.during == "reconfiguration") for i, need in enumerate(needs)]
        return tuple(entry for entry in found if entry[0] >= 0)


def reconfigures(cell: Cell) -> bool:
    """Whether resources of a cell ever change their configuration."""
    return cell.kind == "cell" and len(cell.all_configurations) > 1


def most_people(crew: Crew) -> int:
    """At least as many as a crew ever has at one time: all its shifts together (changes only take away)."""
    return sum(shift.people for shift in crew.shifts) if crew.shifts else crew.people


def most_fixtures(fixture: Fixture) -> int:
    return max(fixture.number, *(change.number for change in fixture.changes)) if fixture.changes else fixture.number
