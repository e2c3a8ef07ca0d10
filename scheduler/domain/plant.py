"""The plant: locations, calendars, cells, resources, configurations and what reconfiguring costs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from scheduler.domain.quantities import Cost, Duration, Model


class TransportTime(Model):
    """Transport time between two locations, both ways unless `one_way`."""

    from_: str = Field(alias="from")
    to: str
    time: Duration
    one_way: bool = False


class Transport(Model):
    """Transport times. `default` holds between different locations; within one location it is 0 unless given.

    `vehicles` limits how many transports that take time run at once; without it there are always enough. A vehicle is
    busy from the pick-up to the arrival; its way back is not counted.
    """

    default: Duration = 0
    times: tuple[TransportTime, ...] = ()
    vehicles: int | None = Field(default=None, ge=1, le=10_000)


class Closure(Model):
    """A closed interval [start, end) in local time, for instance a maintenance."""

    start: datetime
    end: datetime
    reason: str = ""


class Overtime(Model):
    """Closed time [start, end) in local time that can be bought: `cost` once for everybody on this calendar."""

    start: datetime
    end: datetime
    cost: Cost


class CalendarSpec(Model):
    """When a resource or crew works, in the scenario's time zone.

    `unattended` are weekly shifts inside the working time in which cells may refuse to reconfigure; `overtime` is
    opened where it pays. `weekly` maps days ('mon', 'mon-fri', 'sat,sun', 'daily') to shifts 'HH:MM-HH:MM' (an end at
    or before the start lies on the next day; '00:00-24:00' is all day). Shifts that touch make one window. Without
    `weekly` the calendar is always open. `holidays` close the whole local day.
    """

    weekly: dict[str, tuple[str, ...]] | None = None
    holidays: tuple[date, ...] = ()
    maintenance: tuple[Closure, ...] = ()
    unattended: dict[str, tuple[str, ...]] = {}
    overtime: tuple[Overtime, ...] = ()


class Availability(Model):
    """From `start` to `end` (local time) only `number` are there."""

    start: datetime
    end: datetime
    number: int = Field(ge=0, le=100_000)
    reason: str = ""


class CrewShift(Model):
    """`people` of a crew work on `calendar`."""

    calendar: str
    people: int = Field(ge=1, le=100_000)


class Crew(Model):
    """People with the same skills. `skills` maps each skill to the percentage of an operation's duration that the crew
    needs for it (100: as planned).

    `people` work on `calendar` (always, without one), or `shifts` say how many work when. `changes`: for a time at
    most so many of those on shift are there. `hourly_cost` is per person and hour of run, loading or unloading.
    """

    skills: dict[str, int] = Field(min_length=1)
    people: int = Field(default=1, ge=1, le=100_000)
    calendar: str | None = None
    shifts: tuple[CrewShift, ...] = ()
    changes: tuple[Availability, ...] = ()
    hourly_cost: Cost = 0


class Fixture(Model):
    """Fixtures, tools or pallets of one kind in limited number; `changes` override the number for a time."""

    kind: Literal["fixture", "tool", "pallet"] = "fixture"
    number: int = Field(default=1, ge=1, le=100_000)
    changes: tuple[Availability, ...] = ()


class CrewNeed(Model):
    """`people` of one crew with `skill`, during a part of an operation. Which crew is chosen by the solver.

    During the run the slowest crew decides the duration. A pausing operation works only while its crew is on shift.
    """

    skill: str
    people: int = Field(default=1, ge=1, le=100_000)
    during: Literal["run", "reconfiguration", "loading", "unloading"] = "run"


class FixtureNeed(Model):
    """`number` of a fixture, held from the reconfiguration to the end of the run, or during the run only."""

    fixture: str
    number: int = Field(default=1, ge=1, le=100_000)
    during: Literal["reconfiguration", "run"] = "reconfiguration"


class Configuration(Model):
    """What a resource can be set up as. It can do its `capabilities`, and every operation capability of its cell.

    `attributes` (for instance colour: white) are what operations ask for in `needs` and what reconfiguration rules
    speak of. `modules` are mounted on the resource while operations in this configuration follow one another.
    """

    capabilities: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    modules: tuple[str, ...] = ()


class Change(Model):
    """Time and fixed cost of one reconfiguration (the resource's hourly cost runs on top)."""

    time: Duration = 0
    cost: Cost = 0


class Module(Model):
    """A module that configurations are composed of; `number` of them are shared by all resources."""

    number: int = Field(default=1, ge=1, le=10_000)
    install: Change = Change()
    remove: Change = Change()


class ChangeRule(Change):
    """Applies where both sides match: a configuration name, or attributes with their values."""

    from_: str | dict[str, str] | None = Field(default=None, alias="from")
    to: str | dict[str, str] | None = None


class Reconfiguration(Model):
    """Time and cost from each configuration to each other one. Staying in a configuration is free.

    The first that speaks decides: `matrix` (times in the order of `Cell.all_configurations`, row before, column
    after; no cost), `pairs` (in order), then `rules` (in order), then the sum of `attributes` over the attributes that
    differ (if any of those that differ is listed), then `default`. Where configurations have modules, removing those
    no longer needed and installing the new ones comes on top.

    `crews` are needed while reconfiguring, whatever the operation; `unattended: false` forbids it in unattended
    shifts. `minimum_run` is the working time a resource stays in a configuration, from the start of the first
    operation in it, before it may be reconfigured (a campaign).
    """

    crews: tuple[CrewNeed, ...] = ()
    unattended: bool = True
    minimum_run: Duration = 0
    default: Change = Change()
    attributes: dict[str, Change] = {}
    rules: tuple[ChangeRule, ...] = ()
    pairs: tuple[ChangeRule, ...] = ()
    matrix: tuple[tuple[Duration, ...], ...] | None = None


class SpeedPeriod(Model):
    """From `start` to `end` (local time) the resource runs at `percent` of its normal speed."""

    start: datetime
    end: datetime
    percent: int = Field(ge=1, le=1000)


class PlannedMaintenance(Model):
    """Maintenance that takes `duration` of the resource's working time, placed by the solver between `earliest` and
    `latest`. It leaves the configuration as it is, may pause over closed time and costs nothing."""

    duration: Duration
    earliest: datetime
    latest: datetime


class Batch(Model):
    """A resource that runs several operations of one compatibility class at once, up to `capacity` places."""

    capacity: int = Field(ge=1, le=1_000_000)


class Buffer(Model):
    """`size` places for lots that wait between an operation in cell `from` and the next one in cell `to`."""

    from_: str = Field(alias="from")
    to: str
    size: int = Field(ge=0, le=100_000)


class ResourceSpec(Model):
    """A machine or robot. What is not given here is taken from its cell.

    Without an initial configuration the first operation needs no reconfiguration.
    """

    initial_configuration: str | None = None
    calendar: str | None = None
    hourly_cost: Cost | None = None
    location: str | None = None
    available_from: datetime | None = None
    maintenance: tuple[Closure, ...] = ()
    speeds: tuple[SpeedPeriod, ...] = ()
    planned_maintenance: dict[str, PlannedMaintenance] = {}


class Cell(Model):
    """A work centre of resources that can become the same configurations.

    `capabilities` need no configuration of their own: every configuration has them. `configurations` may be named
    one by one, and `configurations_from` makes one for each combination of attribute values, named by the values
    joined with '-' in the order given. Without any, the cell has the single configuration 'standard'.

    A `subcontractor` takes any number of operations at once and never reconfigures; what runs there is paid by the
    operations' `cost` (and the hourly cost), as subcontracting. A cell with `batch` runs operations that name a
    `batch` together.
    """

    description: str = ""
    kind: Literal["cell", "subcontractor"] = "cell"
    batch: Batch | None = None
    location: str | None = None
    calendar: str | None = None
    hourly_cost: Cost = 0
    capabilities: tuple[str, ...] = ()
    configurations: dict[str, Configuration] = {}
    configurations_from: dict[str, tuple[str, ...]] = {}
    reconfiguration: Reconfiguration = Reconfiguration()
    resources: dict[str, ResourceSpec] = Field(min_length=1)

    @property
    def all_configurations(self) -> dict[str, Configuration]:
        """Named configurations, then the generated ones, each with the cell's capabilities included."""
        found = dict(self.configurations)
        if self.configurations_from:
            combos: list[dict[str, str]] = [{}]
            for attribute, values in self.configurations_from.items():
                combos = [{**combo, attribute: value} for combo in combos for value in values]
            for combo in combos:
                found.setdefault("-".join(combo.values()), Configuration(attributes=combo))
        if not found:
            found = {"standard": Configuration()}
        return {name: conf.model_copy(update={
            "capabilities": tuple(dict.fromkeys(conf.capabilities + self.capabilities))})
            for name, conf in found.items()}


class Plant(Model):
    """All locations, calendars, crews, fixtures, modules, buffers and cells. A cell without a calendar is always open.

    `work_in_process` limits how many orders are begun and not complete at any time.
    """

    locations: tuple[str, ...] = ()
    transport: Transport = Transport()
    calendars: dict[str, CalendarSpec] = {}
    crews: dict[str, Crew] = {}
    fixtures: dict[str, Fixture] = {}
    modules: dict[str, Module] = {}
    buffers: dict[str, Buffer] = {}
    work_in_process: int | None = Field(default=None, ge=1, le=1_000_000)
    cells: dict[str, Cell] = Field(min_length=1)
