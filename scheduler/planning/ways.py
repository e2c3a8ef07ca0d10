"""The modes of an operation: places x teams, and what they need."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.domain.catalog import Operation
from scheduler.domain.plant import CrewNeed, FixtureNeed
from scheduler.domain.scenario import Scenario
from scheduler.errors import Location
from scheduler.planning.crews import Staff
from scheduler.planning.drafts import Drafter, Scaled, StepDraft, WayDraft, nearest
from scheduler.planning.modes import Place, Places
from scheduler.planning.template import NOBODY, Team, Way, WayShop

PLAIN_WAY = WayShop()


class _Given(NamedTuple):
    """One way of an operation with all it inherits, before places and crews are found for it."""

    index: int  # type: ignore[assignment]
    work: Scaled
    cost: int
    crews: tuple[CrewNeed, ...]
    where: Location
    fixtures: int


class Finder:
    """Finds the modes of one variant's operations. teams, fixtures: as in Template, grown on the way."""

    def __init__(self, scenario: Scenario, drafter: Drafter, places: Places, staff: Staff):
        self.scenario, self.drafter, self.places, self.staff = scenario, drafter, places, staff
        self.teams: dict[Team, int] = {NOBODY: 0}
        self.fixtures: dict[tuple[tuple[int, int, bool], ...], int] = {(): 0}
        self.batching = any(cell.batch is not None for cell in scenario.plant.cells.values())
        self._last: tuple[StepDraft, tuple[Way, ...], tuple[WayShop, ...]] | None = None

    def batch(self, step: StepDraft) -> str:
        """The compatibility class of an operation, '' for none."""
        special = step.special
        if special is None or special.batch is None or not self.batching:
            return ""
        return self.drafter.resolve(special.batch, (*step.where, "batch"))

    def ways(self, name: str, step: StepDraft, again: bool = False) -> tuple[tuple[Way, ...], tuple[WayShop, ...]]:
        """All modes, in the order: as given, each alternative; places; teams. And what they need, () where nothing.

        again: the operation is a part of the one asked for before.
        """
        if again and self._last is not None and self._last[0] is step:
            return self._last[1:]
        main = step.main
        found: list[Way] = []
        needs: list[WayShop] = []
        before = len(self.drafter.mistakes)
        for k, way in enumerate((main, *step.alternatives)):
            full = _inherited(way, main)
            if full.capability is None and full.resources is None:
                self.drafter.wrong(step.where, f"operation '{name}' has neither capability nor resources",
                                   "name the capability it needs or the resources that run it")
                continue
            self._check(name, step, full)
            asked = {a: self.drafter.resolve(v, step.where) for a, v in (full.needs or {}).items()}
            places = self.places.find(full.capability, asked, full.resources)
            assert full.work is not None
            assert full.cost is not None
            if step.special is None and not self.staff.changing:
                found += [Way(r, c, k, *full.work, full.cost) for r, c in places]
                continue
            given = _Given(k, full.work, full.cost, *self._needs(step, k))
            for way_found, need in self._staffed(name, step, places, given):
                found.append(way_found)
                needs.append(need)
        if not found and len(self.drafter.mistakes) == before:
            self.drafter.wrong(step.where, f"no resource can run operation '{name}': nothing has {self._asked(step)}",
                               "give a configuration of a cell what it asks for, or change what it asks for")
        if needs and all(need == PLAIN_WAY for need in needs):
            needs = []
        self._last = step, tuple(found), tuple(needs)
        return self._last[1:]

    def _check(self, name: str, step: StepDraft, full: WayDraft) -> None:
        for other in full.resources or ():
            if not self.places.knows(other):
                self.drafter.wrong((*step.where, "resources"), f"unknown resource '{other}'",
                                   nearest(other, [r.id for r in self.scenario.resources]))
        if full.cost is not None and full.cost < 0:
            self.drafter.wrong(step.where, f"operation '{name}' would cost less than nothing ({full.cost / 100:.2f})",
                               "add less negative amounts")

    def _needs(self, step: StepDraft, k: int) -> tuple[tuple[CrewNeed, ...], Location, int]:
        """Crews of way k, their place in the file, and its fixtures; an alternative inherits what it does not give."""
        if step.special is None:
            return (), step.where, 0
        crews, fixtures = step.special.crews, step.special.fixtures
        where = held = step.where
        if k:
            other = step.special.alternatives[k - 1]
            place = (*step.where, "alternatives", k - 1)
            crews, where = (crews, where) if other.crews is None else (other.crews, place)
            fixtures, held = (fixtures, held) if other.fixtures is None else (other.fixtures, place)
        return crews, where, self._held(fixtures, held)

    def _held(self, fixtures: tuple[FixtureNeed, ...], where: Location) -> int:
        if not fixtures:
            return 0
        kinds = self.staff.held(self.drafter, fixtures, (*where, "fixtures"))
        return self.fixtures.setdefault(kinds, len(self.fixtures))

    def _staffed(self, name: str, step: StepDraft, places: tuple[Place, ...],
                 given: _Given) -> list[tuple[Way, WayShop]]:
        axis = self.scenario.axis
        special = step.special or Operation.model_construct()
        load, unload = axis.duration(special.loading), axis.duration(special.unloading)
        found = []
        for r, c in places:
            for team in self.staff.teams(self.drafter, given.crews, r, (*given.where, "crews")):
                work = given.work.percent(team.percent) if team.percent != 100 else given.work
                if work.per_piece == 0 and load + unload > -(-work.fixed // (work.scale * axis.tick)):
                    self.drafter.wrong(step.where, f"loading and unloading take longer than operation '{name}'"
                                       + (f" by {', '.join(team.crews)}" if team.percent != 100 else ""),
                                       "they are the first and last part of its duration: lengthen it, or shorten them")
                number = self.teams.setdefault(team, len(self.teams))
                found.append((Way(r, c, given.index, *work, given.cost), WayShop(
                    number, given.fixtures, load, unload, team.run, team.loading * load + team.unloading * unload)))
        return found

    def _asked(self, step: StepDraft) -> str:
        main = step.main
        parts = [f"capability '{main.capability}'"] if main.capability is not None else []
        parts += [f"{a} '{self.drafter.resolve(v, step.where)}'" for a, v in (main.needs or {}).items()]
        return " with ".join(parts) + (" among " + ", ".join(main.resources) if main.resources else "")


def _inherited(way: WayDraft, main: WayDraft) -> WayDraft:
    return WayDraft(main.capability if way.capability is None else way.capability,
                    main.needs if way.needs is None else way.needs,
                    main.resources if way.resources is None else way.resources,
                    main.work if way.work is None else way.work, main.cost if way.cost is None else way.cost)
