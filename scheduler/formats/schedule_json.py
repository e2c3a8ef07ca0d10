"""schedule.json: a schedule as a header and columns, complete and versioned. Reading it gives the same schedule.

What a plain factory has none of (crews, batches, transports by vehicles, overtime, refused orders) is left out.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from scheduler.domain.schedule import SOURCES, STATUSES, Carries, Header, Lots, Pegs, Schedule
from scheduler.errors import InputError
from scheduler.formats.schedule_check import Checker

FORMAT = "scheduler-schedule"
VERSION = 1
OPERATION_COLUMNS = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start",
                     "rec_end", "position")
MORE_COLUMNS = ("leave", "team", "batch")
"""Columns of operations that are there only where the schedule has them."""
CARRY_COLUMNS = ("before", "after", "start", "end")
PEG_COLUMNS = ("order", "source", "lot", "consumer", "quantity", "available")
NO_TEAMS: tuple[tuple[str, ...], ...] = ((),)
Kinds = tuple[tuple[type, ...], bool]
"""The types a value may have, and whether it may be null."""
NUMBER = (int, float)
HEADER: dict[str, Kinds] = {
    "scenario": ((str,), False), "status": ((str,), False), "measure": ((str,), False), "objective": ((int,), True),
    "bound": (NUMBER, True), "bound_source": ((str,), False), "engine": ((str,), False), "seed": ((int,), False),
    "wall_seconds": (NUMBER, False)}
EVENT: tuple[Kinds, ...] = ((NUMBER, False), ((int,), True), (NUMBER, True), ((str,), False))


def schedule_text(schedule: Schedule) -> str:
    """The content of schedule.json. A bound or objective that is not finite is unknown (null)."""
    head = schedule.header
    header = {
        "scenario": head.scenario, "status": head.status, "measure": head.measure, "objective": head.objective,
        "bound": _finite(head.bound), "bound_source": head.bound_source, "engine": head.engine, "seed": head.seed,
        "wall_seconds": head.wall_seconds, "trace": [[s, o, _finite(b), who] for s, o, b, who in head.trace],
        "levels": list(head.levels)}
    lots, pegs = schedule.lots, schedule.pegs
    parts: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "header": header,
        "orders": schedule.orders, "resources": schedule.resources, "configurations": schedule.configurations,
        "names": schedule.names,
        "lots": {"id": lots.id, "item": lots.item, "order": lots.order.tolist(), "quantity": lots.quantity.tolist()},
        "operations": {name: getattr(schedule, name).tolist() for name in OPERATION_COLUMNS},
        "pegs": {"component": pegs.component, **{name: getattr(pegs, name).tolist() for name in PEG_COLUMNS}},
        **_more(schedule)}
    parts["operations"].update({name: getattr(schedule, name).tolist() for name in MORE_COLUMNS
                                if getattr(schedule, name) is not None})
    lines = [f'"{key}":{json.dumps(value, separators=(",", ":"), default=_plain)}' for key, value in parts.items()]
    return "{" + ",\n".join(lines) + "}\n"


def _more(schedule: Schedule) -> dict[str, Any]:
    """The parts that not every schedule has."""
    carries = schedule.carries
    found: dict[str, Any] = {
        "teams": schedule.teams if schedule.teams != NO_TEAMS else None,
        "carries": {name: getattr(carries, name).tolist() for name in CARRY_COLUMNS} if carries else None,
        "overtime": schedule.overtime or None, "refused": schedule.refused or None}
    return {name: part for name, part in found.items() if part is not None}


def read_schedule(path: Path) -> Schedule:
    """The schedule in a schedule.json. Raises InputError, with all that is wrong, for any file that is not one."""
    place = str(path)
    try:
        content = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _bad(place, f"is not a text file (byte {error.start})", "name a schedule.json") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _bad(place, f"cannot be read: {reason}", "name a schedule.json") from error
    try:
        data = json.loads(content, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _bad(f"{place}:{error.lineno}:{error.colno}", f"is not JSON: {error.msg}",
                   "name a schedule.json as 'solve' writes it") from error
    except (ValueError, RecursionError) as error:
        raise _bad(place, f"is not JSON: {error}", "name a schedule.json as 'solve' writes it") from error
    return _schedule(data, place)


def _schedule(data: Any, place: str) -> Schedule:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _bad(place, "is not a schedule", f'a schedule.json says "format": "{FORMAT}"')
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise _bad(place, f"has version {data.get('version')!r}", f"supported is version {VERSION}")
    check = Checker(place)
    header = _header(check, data.get("header"))
    orders, resources, names = (check.texts(data, key, key) for key in ("orders", "resources", "names"))
    configurations = _groups(check, data, "configurations")
    check.same("configurations", len(configurations), "resources", len(resources))
    table = check.mapping(data, "lots", "lots")
    lots = Lots(check.texts(table, "id", "lots/id"), check.texts(table, "item", "lots/item"),
                check.integers(table, "order", "lots/order"), check.integers(table, "quantity", "lots/quantity"))
    check.lengths("lots", len(lots.id), item=lots.item, order=lots.order, quantity=lots.quantity)
    check.within("lots/order", lots.order, -1, len(orders), "orders")
    table = check.mapping(data, "operations", "operations")
    columns: dict[str, Any] = {
        name: check.integers(table, name, f"operations/{name}") for name in OPERATION_COLUMNS + MORE_COLUMNS
        if name in OPERATION_COLUMNS or name in table}
    check.lengths("operations", len(columns["lot"]), **columns)
    for name, count, of in (("lot", len(lots.id), "lots"), ("name", len(names), "names"),
                            ("resource", len(resources), "resources")):
        check.within(f"operations/{name}", columns[name], 0, count, of)
    check.stop()
    sizes = np.array([len(group) for group in configurations], dtype=np.int64)
    check.within("operations/configuration", columns["configuration"], 0, sizes[columns["resource"]],
                 "configurations of its resource")
    pegs = _pegs(check, check.mapping(data, "pegs", "pegs"), len(orders), len(lots.id))
    more = _read_more(check, data, columns, len(orders))
    check.stop()
    return Schedule(header=header, lots=lots, names=names, pegs=pegs, resources=resources,
                    configurations=configurations, orders=orders, **columns, **more)


def _groups(check: Checker, data: dict[str, Any], key: str) -> tuple[tuple[str, ...], ...]:
    """A list of lists of texts."""
    return tuple(check.texts({key: group}, key, f"{key}/{i}") for i, group in enumerate(check.sequence(data, key, key)))


def _read_more(check: Checker, data: dict[str, Any], columns: dict[str, Any], orders: int) -> dict[str, Any]:
    """The parts that not every schedule has, those that are there."""
    found: dict[str, Any] = {}
    if "teams" in data:
        found["teams"] = _groups(check, data, "teams")
    if "team" in columns:
        check.within("operations/team", columns["team"], 0, len(found.get("teams", NO_TEAMS)), "teams")
    if "batch" in columns:
        for at in np.flatnonzero(columns["batch"] < -1)[:1].tolist():
            check.add(f"operations/batch/{at}", f"is {columns['batch'][at]}", "-1, or what a batch has in common")
    if "carries" in data:
        table = check.mapping(data, "carries", "carries")
        carries = {name: check.integers(table, name, f"carries/{name}") for name in CARRY_COLUMNS}
        check.lengths("carries", len(carries["before"]), **carries)
        for name in ("before", "after"):
            check.within(f"carries/{name}", carries[name], 0, len(columns["lot"]), "operations")
        found["carries"] = Carries(**carries)
    if "overtime" in data:
        found["overtime"] = _overtime(check, check.sequence(data, "overtime", "overtime"))
    if "refused" in data:
        refused = check.integers(data, "refused", "refused")
        check.within("refused", refused, 0, orders, "orders")
        found["refused"] = tuple(refused.tolist())
    return found


def _overtime(check: Checker, entries: list[Any]) -> tuple[tuple[str, int, int], ...]:
    found = []
    for i, entry in enumerate(entries):
        if isinstance(entry, list) and [type(value) for value in entry] == [str, int, int]:
            found.append((entry[0], entry[1], entry[2]))
        else:
            check.add(f"overtime/{i}", "is not a window of overtime", "[calendar, start, end] with ticks")
    return tuple(found)


def _pegs(check: Checker, table: dict[str, Any], orders: int, lots: int) -> Pegs:
    columns = {name: check.integers(table, name, f"pegs/{name}") for name in PEG_COLUMNS}
    component = check.texts(table, "component", "pegs/component")
    check.lengths("pegs", len(component), **columns)
    for name, low, count, of in (("order", -1, orders, "orders"), ("source", 0, len(SOURCES), "sources"),
                                 ("lot", -1, lots, "lots"), ("consumer", 0, lots, "lots")):
        check.within(f"pegs/{name}", columns[name], low, count, of)
    return Pegs(component=component, **columns)


def _header(check: Checker, data: Any) -> Header:
    table = check.mapping({"header": data}, "header", "header")
    values = {name: check.value(table, name, f"header/{name}", *kinds) for name, kinds in HEADER.items()}
    if values["status"] is not None and values["status"] not in STATUSES:
        check.add("header/status", f"is '{values['status']}'", f"one of {', '.join(STATUSES)}")
    trace = []
    for i, entry in enumerate(check.sequence(table, "trace", "header/trace")):
        if isinstance(entry, list) and len(entry) == len(EVENT) and all(
                type(value) in kinds or (null and value is None) for value, (kinds, null) in zip(entry, EVENT)):
            trace.append((entry[0], entry[1], entry[2], entry[3]))
        else:
            check.add(f"header/trace/{i}", "is not an event", "[seconds, objective or null, bound or null, who]")
    levels = check.sequence(table, "levels", "header/levels")
    if not all(isinstance(level, dict) for level in levels):
        check.add("header/levels", "holds what is not a mapping", "a mapping per level")
    return Header(trace=tuple(trace), levels=tuple(levels), **values)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _plain(value: Any) -> Any:
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no place in a schedule")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _bad(place: str, what: str, instead: str) -> InputError:
    return Checker(place).error(what, instead)
