"""The plant: locations, calendars, cells, resources, configurations and what reconfiguring costs."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from scheduler.domain.quantities import Cost, Duration, Model


class TransportTime(Model):
    """Transport time between two locations, both ways unless `one_way`."""

    from_: str = Field(alias="from")
    to: str
    time: Duration
    one_way: bool = False


class Transport(Model):
    """Transport times. `default` holds between different locations; within one location it is 0 unless given."""

    default: Duration = 0
    times: tuple[TransportTime, ...] = ()


class Closure(Model):
    """A closed interval [start, end) in local time, for instance a maintenance."""

    start: datetime
    end: datetime
    reason: str = ""


class CalendarSpec(Model):
    """When a resource works, in the scenario's time zone.

    `weekly` maps days ('mon', 'mon-fri', 'sat,sun', 'daily') to shifts 'HH:MM-HH:MM' (an end at or before the start
    lies on the next day; '00:00-24:00' is all day). Shifts that touch make one window. Without `weekly` the
    calendar is always open. `holidays` close the whole local day.
    """

    weekly: dict[str, tuple[str, ...]] | None = None
    holidays: tuple[date, ...] = ()
    maintenance: tuple[Closure, ...] = ()


class Configuration(Model):
    """What a resource can be set up as. It can do its `capabilities`, and every operation capability of its cell.

    `attributes` (for instance colour: white) are what operations ask for in `needs` and what reconfiguration rules
    speak of.
    """

    capabilities: tuple[str, ...] = ()
    attributes: dict[str, str] = {}


class Change(Model):
    """Time and fixed cost of one reconfiguration (the resource's hourly cost runs on top)."""

    time: Duration = 0
    cost: Cost = 0


class ChangeRule(Change):
    """Applies where both sides match: a configuration name, or attributes with their values."""

    from_: str | dict[str, str] | None = Field(default=None, alias="from")
    to: str | dict[str, str] | None = None


class Reconfiguration(Model):
    """Time and cost from each configuration to each other one. Staying in a configuration is free.

    The first that speaks decides: `matrix` (times in the order of `Cell.all_configurations`, row before, column
    after; no cost), `pairs` (in order), then `rules` (in order), then the sum of `attributes` over the attributes that
    differ (if any of those that differ is listed), then `default`.
    """

    default: Change = Change()
    attributes: dict[str, Change] = {}
    rules: tuple[ChangeRule, ...] = ()
    pairs: tuple[ChangeRule, ...] = ()
    matrix: tuple[tuple[Duration, ...], ...] | None = None


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


class Cell(Model):
    """A work centre of resources that can become the same configurations.

    `capabilities` need no configuration of their own: every configuration has them. `configurations` may be named
    one by one, and `configurations_from` makes one for each combination of attribute values, named by the values
    joined with '-' in the order given. Without any, the cell has the single configuration 'standard'.
    """

    description: str = ""
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
    """All locations, calendars and cells. A cell without a calendar is always open."""

    locations: tuple[str, ...] = ()
    transport: Transport = Transport()
    calendars: dict[str, CalendarSpec] = {}
    cells: dict[str, Cell] = Field(min_length=1)
