"""Checks of the plant: names, shifts, closures, configurations and the matrix of reconfigurations."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo, available_timezones

from scheduler.domain.plant import CalendarSpec, Cell, ChangeRule, Configuration, Reconfiguration, ResourceSpec
from scheduler.domain.quantities import DAY_MILLIS, format_duration
from scheduler.domain.scenario import ScenarioFile
from scheduler.domain.timeaxis import parse_days, parse_shift
from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings, instead
from scheduler.usecases.diagnosis.periods import apart, check_periods, in_order

MAX_CONFIGURATIONS = 1000
OF = " of the configurations"


def known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def check_plant(file: ScenarioFile, found: Findings) -> None:
    """Time zone, tick, locations, calendars, then cell by cell."""
    if not known_zone(file.time_zone):
        found.unknown(("time_zone",), "time zone", file.time_zone, sorted(available_timezones()))
    if not 1 <= file.tick <= DAY_MILLIS:
        found.add(("tick",), f"a tick of {format_duration(file.tick)}",
                  "write a tick from 1 ms to 1 d, such as '1 min'")
    _locations(file, found)
    for name, calendar in file.plant.calendars.items():
        _calendar(calendar, ("plant", "calendars", name), found)
    _buffers(file, found)
    seen: dict[str, str] = {}
    for name, cell in file.plant.cells.items():
        _cell(file, cell, ("plant", "cells", name), found)
        for resource in cell.resources:
            if resource in seen:
                found.add(("plant", "cells", name, "resources", resource),
                          f"resource '{resource}' stands in cell '{seen[resource]}' too",
                          "give every resource of the plant a name of its own")
            seen.setdefault(resource, name)


def _locations(file: ScenarioFile, found: Findings) -> None:
    known = file.plant.locations
    for n, name in enumerate(known):
        if name in known[:n]:
            found.add(("plant", "locations", n), f"location '{name}' stands twice", "keep one of them")
    for n, entry in enumerate(file.plant.transport.times):
        for side, name in (("from", entry.from_), ("to", entry.to)):
            if name not in known:
                found.unknown(("plant", "transport", "times", n, side), "location", name, known)


def _buffers(file: ScenarioFile, found: Findings) -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, buffer in file.plant.buffers.items():
        where = ("plant", "buffers", name)
        ends = (buffer.from_, buffer.to)
        for side, cell in zip(("from", "to"), ends):
            if cell not in file.plant.cells:
                found.unknown((*where, side), "cell", cell, list(file.plant.cells))
        if ends in seen:
            found.add(where, f"buffer '{seen[ends]}' stands between the same cells", "make one of them, of both sizes")
        seen.setdefault(ends, name)


def _calendar(spec: CalendarSpec, where: Location, found: Findings) -> None:
    for name, weekly in (("weekly", spec.weekly or {}), ("unattended", spec.unattended)):
        for days, shifts in weekly.items():
            place = (*where, name, days)
            _parsed(parse_days, days, place, found)
            for n, shift in enumerate(shifts):
                _parsed(parse_shift, shift, (*place, n), found)
    check_periods(spec.maintenance, (*where, "maintenance"), "a closure", found)
    if check_periods(spec.overtime, (*where, "overtime"), "overtime", found):
        apart(spec.overtime, (*where, "overtime"), "this overtime", found)


def _parsed(parse: object, text: str, where: Location, found: Findings) -> None:
    try:
        parse(text)  # type: ignore[operator]
    except ValueError as error:
        what, _, instead = str(error).partition("; ")
        found.add(where, what, instead)


def _cell(file: ScenarioFile, cell: Cell, where: Location, found: Findings) -> None:
    specs: list[tuple[Cell | ResourceSpec, Location]] = [
        (cell, where), *((spec, (*where, "resources", name)) for name, spec in cell.resources.items())]
    for spec, place in specs:
        if spec.location is not None and spec.location not in file.plant.locations:
            found.unknown((*place, "location"), "location", spec.location, file.plant.locations)
        if spec.calendar is not None and spec.calendar not in file.plant.calendars:
            found.unknown((*place, "calendar"), "calendar", spec.calendar, list(file.plant.calendars))
    for name, resource in cell.resources.items():
        _resource(resource, (*where, "resources", name), found)
    _kind(cell, where, found)
    if not sound(cell):
        count = math.prod(len(values) for values in cell.configurations_from.values())
        found.add((*where, "configurations_from"), f"{count} combinations of attribute values",
                  f"list at least one value for each attribute, and at most {MAX_CONFIGURATIONS} combinations")
        return
    known = cell.all_configurations
    for name, resource in cell.resources.items():
        initial = resource.initial_configuration
        if initial is not None and initial not in known:
            found.unknown((*where, "resources", name, "initial_configuration"), "configuration", initial, list(known))
    _reconfiguration(cell, known, (*where, "reconfiguration"), found)


def _resource(resource: ResourceSpec, where: Location, found: Findings) -> None:
    check_periods(resource.maintenance, (*where, "maintenance"), "a closure", found)
    if check_periods(resource.speeds, (*where, "speeds"), "a speed", found):
        apart(resource.speeds, (*where, "speeds"), "this speed", found)
    for name, planned in resource.planned_maintenance.items():
        place = (*where, "planned_maintenance", name)
        in_order(planned.earliest, planned.latest, place, "maintenance", found)


def _kind(cell: Cell, where: Location, found: Findings) -> None:
    """What a subcontractor cannot have."""
    if cell.kind != "subcontractor":
        return
    if cell.batch is not None:
        found.add((*where, "batch"), "a subcontractor with 'batch'", "take it out: it takes any number at once anyway")
    if cell.reconfiguration != Reconfiguration():
        found.add((*where, "reconfiguration"), "a subcontractor with 'reconfiguration'",
                  "take it out: it never reconfigures")
    for name, resource in cell.resources.items():
        if resource.planned_maintenance:
            found.add((*where, "resources", name, "planned_maintenance"), "a subcontractor with 'planned_maintenance'",
                      "take it out: it takes any number of operations at once")


def sound(cell: Cell) -> bool:
    """The configurations of the cell can be listed."""
    count = math.prod(len(values) for values in cell.configurations_from.values())
    return 1 <= count <= MAX_CONFIGURATIONS


def _reconfiguration(cell: Cell, known: dict[str, Configuration], where: Location, found: Findings) -> None:
    spec = cell.reconfiguration
    values: dict[str, dict[str, None]] = {}
    for configuration in known.values():
        for attribute, value in configuration.attributes.items():
            values.setdefault(attribute, {})[value] = None
    for attribute in spec.attributes:
        if attribute not in values:
            found.unknown((*where, "attributes", attribute), "attribute", attribute, list(values), OF)
    for kind, rules in (("pairs", spec.pairs), ("rules", spec.rules)):
        for n, rule in enumerate(rules):
            _rule(rule, known, values, (*where, kind, n), found)
    if spec.matrix is not None:
        _matrix(spec.matrix, list(known), (*where, "matrix"), found)


def _rule(rule: ChangeRule, known: dict[str, Configuration], values: dict[str, dict[str, None]], where: Location,
          found: Findings) -> None:
    for side, want in (("from", rule.from_), ("to", rule.to)):
        if isinstance(want, str) and want not in known:
            found.unknown((*where, side), "configuration", want, list(known))
        elif isinstance(want, dict):
            for attribute, value in want.items():
                if attribute not in values:
                    found.unknown((*where, side, attribute), "attribute", attribute, list(values), OF)
                elif value not in values[attribute]:
                    found.add((*where, side, attribute), f"no configuration has {attribute} '{value}'",
                              instead(value, values[attribute], "value"))


def _matrix(matrix: tuple[tuple[int, ...], ...], names: list[str], where: Location, found: Findings) -> None:
    n = len(names)
    order = f"the configurations are {', '.join(names[:12])}{', ...' if n > 12 else ''}"
    if len(matrix) != n:
        found.add(where, f"the matrix has {len(matrix)} rows, not {n}", f"write one row for each; {order}")
    for i, row in enumerate(matrix):
        if len(row) != n:
            found.add((*where, i), f"row {i + 1} of the matrix has {len(row)} entries, not {n}",
                      f"write one time for each; {order}")
