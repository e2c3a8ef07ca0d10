"""A workshop for replanning: saws with two blades, a bench with people, an oven, boards that are bought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from scheduler.domain.events import EVENT
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.domain.schedule import Schedule
from scheduler.usecases.replan import Replanned, replan
from scheduler.usecases.replanning.state import Files
from scheduler.usecases.solve import Options, solve
from scheduler.validation.judge import validate
from tests.factories import merged

QUICK = Options(engine="dispatch", time_limit=5, workers=1)
PROVEN = Options(engine="cpsat", time_limit=10, target_gap=0.02)
DAY = "2024-01-01T"
"""A Monday; the workshop opens at 8."""

WORKSHOP: dict[str, Any] = {
    "version": 1, "name": "workshop", "origin": "2024-01-01T08:00", "tick": "5 min",
    "plant": {
        "calendars": {"day": {"weekly": {"mon-fri": ["08:00-18:00"]}}},
        "crews": {"joiners": {"skills": {"join": 100}, "people": 2, "calendar": "day", "hourly_cost": 20}},
        "cells": {
            "saws": {"calendar": "day", "hourly_cost": 40, "capabilities": ["saw"],
                     "configurations_from": {"blade": ["fine", "rough"]},
                     "reconfiguration": {"default": {"time": "30 min", "cost": 10}},
                     "resources": {"saw-1": {"initial_configuration": "fine"},
                                   "saw-2": {"initial_configuration": "rough"}}},
            "benches": {"calendar": "day", "hourly_cost": 10, "capabilities": ["join"],
                        "resources": {"bench-1": {}, "bench-2": {}}},
            "oven": {"calendar": "day", "hourly_cost": 30, "batch": {"capacity": 4}, "capabilities": ["dry"],
                     "resources": {"oven-1": {}}}}},
    "catalog": {
        "families": {"box": {
            "price": 500,
            "options": {"blade": {"default": "fine", "choices": {"fine": {}, "rough": {}}}},
            "components": [{"component": "board", "quantity": 2, "at": "saw"}, {"component": "hinge", "at": "join"}],
            "operations": {
                "saw": {"capability": "saw", "needs": {"blade": "{blade}"}, "work": {"fixed": "1 h"}},
                "dry": {"capability": "dry", "batch": "all", "work": {"fixed": "2 h"}},
                "join": {"capability": "join", "crews": [{"skill": "join"}], "work": {"fixed": "90 min"}}}}},
        "components": {"board": {"stock": 8, "stock_value": 5, "buy": {"lead_time": "1 d", "price": 8}},
                       "hinge": {"stock": 2, "stock_value": 1, "buy": {"lead_time": "6 h", "price": 2}}}},
    "policy": {"objective": "money", "holding_percent_per_day": 1,
               "replanning": {"per_move": 5, "per_hour": 1, "other_resource": 20, "freeze": "1 h"}}}
ORDERS: tuple[dict[str, Any], ...] = tuple(
    {"id": f"B{i}", "family": "box", "choices": {"blade": "rough" if i % 2 else "fine"},
     "due": f"2024-01-0{1 + i // 3}", "penalty_per_day": 100} for i in range(1, 7))


def files(**changes: Any) -> Files:
    """The workshop with changes merged in."""
    return Files(ScenarioFile.model_validate(merged(WORKSHOP, changes)),
                 tuple(OrderEntry.model_validate(order) for order in ORDERS))


@cache
def announced() -> Schedule:
    """A schedule of the workshop that begins as early as can be, so that much has happened when it is replanned."""
    found = solve(files(policy={"objective": "lead_time"}).scenario(), QUICK).schedule
    assert found is not None
    return found


def events(*given: dict[str, Any]) -> list[tuple[Any, str]]:
    return [(EVENT.validate_python(fields), f"events.jsonl:{n}") for n, fields in enumerate(given, start=1)]


def replanned(now: str, *given: dict[str, Any], options: Options = PROVEN, of: Files | None = None,
              schedule: Schedule | None = None) -> Replanned:
    """A replan that has a schedule, which the judge accepts for the scenario as it then is."""
    found = replan(of or files(), schedule or announced(), events(*given), datetime.fromisoformat(now), options)
    assert found.outcome.schedule is not None
    assert validate(found.files.scenario(), found.outcome.schedule) == []
    return found


def starts(schedule: Schedule) -> dict[tuple[str, str], tuple[str, int, int]]:
    """(resource, start, end) of each operation."""
    return {(row.lot, row.operation): (row.resource, row.start, row.end) for row in schedule.rows()}


def of_order(names: Iterable[tuple[str, str]], order: str) -> list[tuple[str, str]]:
    return [name for name in names if name[0].split("/")[0] == order]
