"""frePPLe's resources as cells and crews, and what operations load of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import permutations

from scheduler.domain.plant import (
    CalendarSpec,
    Cell,
    ChangeRule,
    Configuration,
    Crew,
    CrewNeed,
    Plant,
    Reconfiguration,
    ResourceSpec,
)
from scheduler.formats.frepple.hours import Hours, calendar, read_hours
from scheduler.formats.frepple.tables import Folder, Row, effective
from scheduler.formats.frepple.values import duration, flag, money, number, since, until, whole

NOWHERE = "unloaded"
"""The cell of operations that load no resource."""
MOST = 1000


@dataclass(eq=False)
class Resource:
    row: Row
    name: str
    owner: str
    location: str
    size: int
    unlimited: bool
    efficiency: Decimal
    members: list[str] = field(default_factory=list)
    setups: dict[str, None] = field(default_factory=dict)
    skills: dict[str, None] = field(default_factory=dict)
    """As a crew: what operations ask for."""

    @property
    def names(self) -> tuple[str, ...]:
        """Our resources: one for each operation it can run at once."""
        many = self.size > 1 and not self.unlimited
        return tuple(f"{self.name} ({i})" for i in range(1, self.size + 1)) if many else (self.name,)


@dataclass
class Load:
    """What an operation needs at once: one of `able`, with a setup; `people` of it where it is a crew."""

    row: Row
    able: list[Resource]
    setup: str
    people: int


@dataclass
class Use:
    """Where an operation runs and who helps: machines in order of preference, their setups, crews."""

    machines: list[Resource]
    setup: str
    crews: tuple[CrewNeed, ...]
    paused: bool
    """Some machine or crew has closed time."""


class Machines:
    """All resources of a folder. First every operation's `use` is asked for, then `plant`."""

    def __init__(self, folder: Folder, first: date, last: date):
        self.folder, self.first, self.last = folder, first, last
        self.hours = read_hours(folder)
        self.places = {row.needed("name"): row.text("available") for row in folder["location"]}
        self.calendars: dict[str, CalendarSpec] = {}
        self.known = {row.needed("name"): self._resource(row) for row in folder["resource"]}
        for resource in self.known.values():
            if resource.owner in self.known:
                self.known[resource.owner].members.append(resource.name)
        self.able: dict[str, set[str]] = {}
        for row in folder["resourceskill"]:
            effective(row, since, until)
            if row.take("priority", whole, 1):
                self.able.setdefault(row.needed("skill"), set()).add(row.needed("resource"))
        self.loads: dict[str, list[Load]] = {}
        self._read_loads()
        self.primary: dict[str, Row] = {}
        self.helping: dict[str, Row] = {}
        self.unloaded: set[str] = set()

    def _resource(self, row: Row) -> Resource:
        kind = row.text("type", "default").lower()
        if kind not in ("default", "infinite"):
            row.wrong("type", f"a resource of type '{kind}' has capacity by time buckets, without a sequence",
                      "write 'default'; such resources cannot be scheduled in detail")
        size = row.take("maximum", whole, 1)
        if not 1 <= size <= MOST:
            row.wrong("maximum", f"'maximum' is {size}", f"write 1 to {MOST}")
            size = 1
        efficiency = row.take("efficiency", number, Decimal(100))
        if efficiency <= 0:
            row.wrong("efficiency", f"'efficiency' is {efficiency}", "write a percentage above 0")
            efficiency = Decimal(100)
        unlimited = kind == "infinite" or not row.take("constrained", flag, True)
        return Resource(row, row.text("name"), row.text("owner"), row.text("location"), size, unlimited, efficiency)

    def _leaves(self, name: str) -> list[Resource]:
        found, left, seen = [], [name], {name}
        while left:
            resource = self.known[left.pop(0)]
            fresh = [m for m in resource.members if m not in seen]
            seen.update(fresh)
            left += fresh
            if not resource.members:
                found.append(resource)
        return found

    def _read_loads(self) -> None:
        groups: dict[tuple[str, str], Load] = {}
        for i, row in enumerate(self.folder["operationresource"]):
            effective(row, since, until)
            operation, name, skill = row.needed("operation"), row.needed("resource"), row.text("skill")
            if name not in self.known:
                row.wrong("resource", f"there is no resource '{name}'", "add it to the resources")
                continue
            able = [r for r in self._leaves(name) if not skill or r.name in self.able.get(skill, ())]
            if not able:
                row.wrong("skill", f"nobody of '{name}' has skill '{skill}'", "add it to the resource skills")
                continue
            people = row.take("quantity", whole, 1)
            if people < 1:
                row.wrong("quantity", f"'quantity' is {people}", "write 1 or more")
            key = operation, row.text("name") or f"\0{i}"
            if key in groups:
                known = groups[key]
                known.able += [r for r in able if r not in known.able]
                if row.text("setup") != known.setup or people != known.people:
                    row.wrong("setup", "alternatives of one load differ in setup or quantity",
                              "write the same in all of them")
            else:
                groups[key] = Load(row, able, row.text("setup"), people)
                self.loads.setdefault(operation, []).append(groups[key])

    def use(self, operation: str, location: str) -> Use:
        """What an operation loads. The machine is the load with a setup, else the first one without skill, else the
        first; all other loads are people or tools that help during the run."""
        loads = self.loads.get(operation, [])
        if not loads:
            self.unloaded.add(location)
            return Use([], "", (), self.places.get(location, "") != "")
        main = next((x for x in loads if x.setup), next((x for x in loads if not x.row.text("skill")), loads[0]))
        if main.people != 1:
            main.row.wrong("quantity", f"operation '{operation}' takes {main.people} of its machine at once",
                           "write 1; only further loads may take more")
        crews = []
        for load in loads:
            if load is main:
                continue
            skill = " or ".join(r.name for r in load.able)
            for resource in load.able:
                resource.skills[skill] = None
                self.helping.setdefault(resource.name, load.row)
                if resource.efficiency != 100:
                    resource.row.wrong("efficiency", f"'{resource.name}' helps with an efficiency that is not 100",
                                       "only machines may have one")
            if not all(r.unlimited for r in load.able):
                crews.append(CrewNeed(skill=skill, people=max(1, load.people)))
        for resource in main.able:
            self.primary.setdefault(resource.name, main.row)
            if main.setup and resource.row.text("setupmatrix"):
                resource.setups[main.setup] = None
        open_ = all(self._calendar(r.row.text("available"), r.location) is None for x in loads for r in x.able)
        return Use(main.able, main.setup, tuple(crews), not open_)

    def _calendar(self, *names: str) -> str | None:
        """Our calendar for time that all of these leave open: a calendar's name, then a location's."""
        own, location = names
        wanted = [n for n in dict.fromkeys((own, self.places.get(location, ""))) if n]
        parts: list[Hours] = []
        for name in wanted:
            if name not in self.hours:
                self.folder["demand"][0].wrong("", f"there is no calendar '{name}', which a resource or location names",
                                               "add it to the calendars")
                return None
            parts.append(self.hours[name])
        key = " and ".join(wanted)
        if key and key not in self.calendars:
            made = calendar(parts, self.first, self.last)
            if made is None:
                return None
            self.calendars[key] = made
        return key or None

    def plant(self, more: dict[str, Cell]) -> Plant:
        """Cells of all machines in use and `more`, crews of all that help."""
        cells: dict[str, Cell] = {}
        crews: dict[str, Crew] = {}
        for resource in self.known.values():
            hours = self._calendar(resource.row.text("available"), resource.location)
            cost = Decimal(resource.row.take("cost", money, 0)) / 100
            if resource.name in self.primary and resource.name in self.helping:
                self.helping[resource.name].wrong(
                    "resource", f"'{resource.name}' is the machine of one operation and helps another",
                    "make it two resources")
            elif resource.name in self.primary:
                cells[resource.name] = self._cell(resource, hours, cost)
            elif resource.skills and not resource.unlimited:
                crews[resource.name] = Crew(skills=dict.fromkeys(resource.skills, 100), people=resource.size,
                                            calendar=hours, hourly_cost=cost)
        for location in sorted(self.unloaded):
            cells[self.nowhere(location)] = Cell(
                kind="subcontractor", calendar=self._calendar("", location),
                resources={self.nowhere(location): ResourceSpec()})
        return Plant(calendars=self.calendars, crews=crews, cells={**cells, **more})

    def nowhere(self, location: str) -> str:
        """Our resource, without limit, of operations at a location that load nothing."""
        return f"{NOWHERE} at {location}" if location else NOWHERE

    def _cell(self, resource: Resource, hours: str | None, cost: Decimal) -> Cell:
        setups = dict(resource.setups)
        initial = resource.row.text("setup") if resource.row.text("setupmatrix") else ""
        if initial:
            setups = {initial: None, **setups}
        return Cell(
            kind="subcontractor" if resource.unlimited else "cell", calendar=hours, hourly_cost=cost,
            configurations={name: Configuration(attributes={"setup": name}) for name in setups},
            reconfiguration=Reconfiguration(pairs=tuple(self._changes(resource, list(setups)))),
            resources={name: ResourceSpec(initial_configuration=initial or None) for name in resource.names})

    def _changes(self, resource: Resource, setups: list[str]) -> list[ChangeRule]:
        """The first matching rule of the setup matrix for each pair, by ascending priority."""
        matrix = resource.row.text("setupmatrix")
        rules = sorted((r for r in self.folder["setuprule"] if r.text("setupmatrix") == matrix),
                       key=lambda r: r.take("priority", whole, 0))
        found = []
        for before, after in permutations(setups, 2):
            rule = next((r for r in rules if _matches(r, before, after)), None)
            if rule is None:
                resource.row.wrong("setupmatrix", f"no rule of '{matrix}' allows going from '{before}' to '{after}'",
                                   "add a rule; changes that are never allowed cannot be read")
                continue
            found.append(ChangeRule(
                **{"from": before}, to=after, time=f"{rule.take('duration', duration, 0)} ms",
                cost=Decimal(rule.take("cost", money, 0)) / 100))
        return found


def _matches(rule: Row, before: str, after: str) -> bool:
    """Whether 'before to after' matches the rule's regular expression 'from to to'; empty sides match everything."""
    pattern = f"{rule.text('fromsetup', '.*')} to {rule.text('tosetup', '.*')}"
    try:
        return re.fullmatch(pattern, f"{before} to {after}") is not None
    except re.error as error:
        rule.wrong("fromsetup", f"'{pattern}' is not a regular expression ({error})", "correct it")
        return False
