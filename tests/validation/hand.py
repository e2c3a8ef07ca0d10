"""Schedules written down by hand, and three factories to write them for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from scheduler.domain.assemble import assemble
from scheduler.domain.orders import OrderEntry
from scheduler.domain.results import Violation
from scheduler.domain.scenario import Scenario, ScenarioFile
from scheduler.domain.schedule import SOURCES, Header, Lots, Pegs, Schedule
from scheduler.domain.timeaxis import TimeAxis
from scheduler.validation.judge import validate
from tests.factories import make, plain_factory, tiny_factory


def schedule(
    scenario: Scenario,
    lots: Sequence[tuple[str, str, str, int]],
    rows: Sequence[tuple[Any, ...]],
    pegs: Sequence[tuple[str, str, str, str, int, int]] = (),
    **header: Any,
) -> Schedule:
    """lots: (id, item, order, quantity); rows: (lot, operation, resource, start, end, configuration = first one,
    mode = 0, reconfiguration start, end = none), in the sequence of each resource; pegs: (component, source, lot,
    consumer, quantity, available)."""
    orders = {"": -1} | scenario.orders.index()
    lot_number = {"": -1} | {lot[0]: i for i, lot in enumerate(lots)}
    names = tuple(dict.fromkeys(row[1] for row in rows))
    resources = [r.id for r in scenario.resources]
    count: dict[str, int] = {}
    columns: list[tuple[int, ...]] = []
    for row in rows:
        lot, name, resource, start, end, *more = row
        which, mode, rec_start, rec_end = (*more, *(None, 0, start, start)[len(more) :])
        place = count[resource] = count.get(resource, -1) + 1
        number = resources.index(resource)
        settings = scenario.resources[number].configurations
        columns.append(
            (
                lot_number[lot],
                names.index(name),
                number,
                settings.index(which) if which else 0,
                mode,
                start,
                end,
                rec_start,
                rec_end,
                place,
            )
        )
    table = ints(columns, 10)
    order = {lot[0]: orders[lot[2]] for lot in lots}
    peg_table = ints(
        [(order[c], SOURCES.index(s), lot_number[lot], lot_number[c], q, at) for _, s, lot, c, q, at in pegs], 6
    )
    return Schedule(
        Header(scenario.name, **header),
        Lots(
            tuple(lot[0] for lot in lots),
            tuple(lot[1] for lot in lots),
            *ints([(orders[lot[2]], lot[3]) for lot in lots], 2),
        ),
        names,
        *table,
        pegs=Pegs(tuple(peg[0] for peg in pegs), *peg_table),
        resources=tuple(resources),
        configurations=tuple(r.configurations for r in scenario.resources),
        orders=scenario.orders.id,
    )


def ints(rows: Sequence[tuple[int, ...]], width: int) -> list[np.ndarray]:
    return [np.array([row[k] for row in rows], dtype=np.int64) for k in range(width)]


def rules(scenario: Scenario, made: Schedule) -> set[str]:
    """Names of the rules a schedule breaks."""
    return {violation.rule for violation in validate(scenario, made)}


def says(scenario: Scenario, made: Schedule, rule: str) -> list[Violation]:
    return [violation for violation in validate(scenario, made) if violation.rule == rule]


def with_rows(made: Schedule, row: int, **values: int) -> Schedule:
    """The schedule with other values in one row."""
    changed = {}
    for name, value in values.items():
        column = getattr(made, name).copy()
        column[row] = value
        changed[name] = column
    return replace(made, **changed)


def moved(made: Schedule, row: int, ticks: int) -> Schedule:
    """The schedule with one operation, and the reconfiguration shown before it, moved."""
    return with_rows(
        made, row, **{name: int(getattr(made, name)[row]) + ticks for name in ("start", "end", "rec_start", "rec_end")}
    )


def with_part(made: Schedule, part: str, row: int, **values: Any) -> Schedule:
    """The schedule with other values in one row of its lots or pegs."""
    old = getattr(made, part)
    changed: dict[str, Any] = {}
    for name, value in values.items():
        column = getattr(old, name)
        if isinstance(column, tuple):
            changed[name] = (*column[:row], value, *column[row + 1 :])
        else:
            changed[name] = column.copy()
            changed[name][row] = value
    return replace(made, **{part: replace(old, **changed)})


def without_rows(made: Schedule, rows: Sequence[int]) -> Schedule:
    names = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
    return replace(made, **{name: np.delete(getattr(made, name), rows) for name in names})


def row(made: Schedule, lot: str, name: str) -> int:
    """Number of the row of an operation."""
    return next(i for i in range(len(made)) if made.lots.id[made.lot[i]] == lot and made.names[made.name[i]] == name)


def with_header(made: Schedule, **values: Any) -> Schedule:
    return replace(made, header=replace(made.header, **values))


# -- cabinets: paint, assembly, a mould made once ---------------------------------------------------------------------


def cabinets(**overrides: Any) -> Scenario:
    """Two cabinets each for one order in white, one in red for another; the mould is made, the sheets are in stock."""
    orders = [
        {"id": "A1", "family": "cabinet", "quantity": 2, "customer": "ACME", "due": "2024-01-03T00:00:00"},
        {"id": "A2", "family": "cabinet", "choices": {"colour": "red"}, "deadline": "2024-01-03T16:00:00"},
    ]
    return make(tiny_factory(**overrides), orders)


def cabinet_schedule(scenario: Scenario) -> Schedule:
    """Minutes from Monday 0:00. The two bodies of A1 take the sheets in stock, A2's are bought and come on Tuesday.

    Hall to annex takes 10 minutes. Booth 1 is white and is made red in the last 5 minutes of Monday's shift.
    """
    day = 1440
    return schedule(
        scenario,
        [
            ("mould", "mould", "", 1),
            ("A1", "", "A1", 2),
            ("A1/body", "body", "A1", 2),
            ("A2", "", "A2", 1),
            ("A2/body", "body", "A2", 1),
        ],
        [
            ("mould", "mill", "press1", 360, 480),
            ("A1/body", "press", "press1", 480, 494),
            ("A2/body", "press", "press1", 1800, 1812),
            ("A1", "paint", "booth1", 504, 529, "white"),
            ("A1", "assemble", "bench1", 539, 579),
            ("A1", "test", "bench1", 579, 589),
            ("A2", "paint", "booth1", day + 480, day + 495, "red", 0, 955, 960),
            ("A2", "assemble", "bench2", day + 505, day + 517, "standard", 1),
            ("A2", "test", "bench1", day + 517, day + 527),
        ],
        [
            ("body", "lot", "A1/body", "A1", 2, -1),
            ("hinge", "buy", "", "A1", 4, 240),
            ("sheet", "stock", "", "A1/body", 6, 0),
            ("mould", "lot", "mould", "A1/body", 1, -1),
            ("body", "lot", "A2/body", "A2", 1, -1),
            ("hinge", "buy", "", "A2", 2, 240),
            ("sheet", "buy", "", "A2/body", 3, 1440),
            ("mould", "lot", "mould", "A2/body", 1, -1),
        ],
    )


# -- a job shop: own routings on an integer axis, setups from a matrix ------------------------------------------------


def job_shop(**policy: Any) -> Scenario:
    """Two jobs of two operations on two machines; every change of tool takes 2 or 3."""
    tools = {
        "configurations": {"0": {"capabilities": ["t0"]}, "1": {"capabilities": ["t1"]}},
        "reconfiguration": {"matrix": [[0, "2 ms"], ["3 ms", 0]]},
    }
    factory = plain_factory(
        {m: {**tools, "resources": {m: {}}} for m in ("m0", "m1")}, policy={"objective": "makespan", **policy}
    )

    def operation(tool: str, *times: tuple[str, int]) -> dict[str, Any]:
        first, *others = [{"resources": [m], "work": {"fixed": f"{t} ms"} if t else {}} for m, t in times]
        return {"capability": tool, **first, "alternatives": others}

    entries = [
        {
            "id": "0",
            "routing": {"operations": {"0": operation("t0", ("m0", 4), ("m1", 6)), "1": operation("t1", ("m1", 5))}},
        },
        {
            "id": "1",
            "routing": {"operations": {"0": operation("t1", ("m0", 3), ("m1", 2)), "1": operation("t0", ("m0", 0))}},
        },
    ]
    axis = TimeAxis(datetime(2000, 1, 1, tzinfo=UTC), "UTC", tick=1, integer=True)
    return assemble(ScenarioFile.model_validate(factory), [OrderEntry.model_validate(e) for e in entries], axis)


def job_shop_schedule(scenario: Scenario) -> Schedule:
    """m0: job 0 until 4, then job 1's operation of no duration; m1: job 1, then job 0, one tool, no change."""
    return schedule(
        scenario,
        [("0", "", "0", 1), ("1", "", "1", 1)],
        [
            ("0", "0", "m0", 0, 4, "0"),
            ("1", "1", "m0", 4, 4, "0"),
            ("1", "0", "m1", 0, 2, "1", 1),
            ("0", "1", "m1", 4, 9, "1"),
        ],
        status="optimal",
        measure="makespan",
        objective=9,
        bound=9.0,
    )


# -- computers: bought parts ------------------------------------------------------------------------------------------


def computers(**overrides: Any) -> Scenario:
    """Computers with a made board, bought chips, two screws taken at one operation and four at another."""
    bench = {
        "calendar": "day",
        "capabilities": ["solder", "mount"],
        "hourly_cost": 36,
        "resources": {"bench": {}, "second": {}},
    }
    over: dict[str, Any] = {
        "name": "computers",
        "plant": {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}}},
        "catalog": {
            "components": {
                "chip": {"stock": 3, "stock_value": 7, "buy": {"lead_time": "12 h", "price": 9}},
                "screw": {"stock": 4, "stock_value": 0.5, "buy": {"lead_time": "10 h", "price": 1}},
                "board": {
                    "material_cost": 5,
                    "stock": 0,
                    "components": [{"component": "chip"}],
                    "operations": {"solder": {"capability": "solder", "work": {"per_piece": "30 min"}}},
                },
            },
            "families": {
                "computer": {
                    "material_cost": 20,
                    "components": [
                        {"component": "board", "at": "mount"},
                        {"component": "screw", "quantity": 2, "at": "mount"},
                        {"component": "screw", "quantity": 4, "at": "close"},
                    ],
                    "operations": {
                        "mount": {"capability": "mount", "work": {"fixed": "20 min", "per_piece": "20 min"}},
                        "close": {"capability": "mount", "work": {"per_piece": "10 min"}},
                    },
                }
            },
        },
    }
    factory = plain_factory({"benches": bench}, **over)
    orders = [
        {"id": "C1", "family": "computer", "quantity": 2, "price": 100},
        {"id": "C2", "family": "computer", "quantity": 1, "due": "2024-01-01T10:00:00", "penalty_per_day": 24},
    ]
    return make({**factory, **overrides}, orders)


def computer_schedule(scenario: Scenario) -> Schedule:
    """C1 is the first order, but C2 gets the screws in stock: it mounts with 2 of 4 and closes with bought ones.

    Chips: C1 takes two and C2 one of the three. Bought screws come at 10:00 (minute 600).
    """
    return schedule(
        scenario,
        [("C1", "", "C1", 2), ("C1/board", "board", "C1", 2), ("C2", "", "C2", 1), ("C2/board", "board", "C2", 1)],
        [
            ("C1/board", "solder", "bench", 480, 540),
            ("C2/board", "solder", "second", 480, 510),
            ("C2", "mount", "second", 510, 550),
            ("C1", "mount", "bench", 600, 660),
            ("C1", "close", "bench", 660, 680),
            ("C2", "close", "second", 600, 610),
        ],
        [
            ("board", "lot", "C1/board", "C1", 2, -1),
            ("chip", "stock", "", "C1/board", 2, 0),
            ("screw", "buy", "", "C1", 12, 600),
            ("board", "lot", "C2/board", "C2", 1, -1),
            ("chip", "stock", "", "C2/board", 1, 0),
            ("screw", "stock", "", "C2", 4, 0),
            ("screw", "buy", "", "C2", 2, 600),
        ],
    )
