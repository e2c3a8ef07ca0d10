"""Solutions as schedules, with reconfigurations shown as late as they can be, and back again."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Header, Schedule
from scheduler.encoding.decode import decode, worked
from scheduler.encoding.encode import encode
from scheduler.encoding.warm import feasible, warm
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from scheduler.problem.problem import Problem, Solution
from tests.factories import make, tiny_factory

HEADER = Header(scenario="tiny")
TUESDAY = 1440
CABINET = [{"id": "A", "family": "cabinet", "choices": {"colour": "red"}, "quantity": 3}]


def painting(*colours: str) -> tuple[Scenario, Plan, Problem]:
    """One painting operation of ten minutes per colour; booth1 starts white and works 08:00 to 16:00."""
    orders = [{"id": f"{i}", "routing": {"operations": {"paint": {
        "capability": "paint", "needs": {"colour": colour}, "resources": ["booth1"], "work": {"fixed": "10 min"}}}}}
        for i, colour in enumerate(colours)]
    scenario = make(tiny_factory(), orders)
    plan = build(scenario)
    return scenario, plan, encode(scenario, plan)


def placed(problem: Problem, starts: list[int]) -> Solution:
    """Each operation in its first mode at these ticks, sequences by start."""
    start = np.array(starts, dtype=np.int64)
    mode = problem.mode_first[:-1]
    resource = problem.mode_resource[mode]
    rank = np.array([((resource == r) & (start < s)).sum() for r, s in zip(resource, start)], dtype=np.int64)
    return Solution(mode=mode, start=start, end=start + problem.mode_duration[mode], rank=rank)


def shown(colours: list[str], starts: list[int]) -> list[tuple[int, int]]:
    scenario, plan, problem = painting(*colours)
    schedule = decode(scenario, plan, problem, placed(problem, starts), HEADER)
    return list(zip(schedule.rec_start.tolist(), schedule.rec_end.tolist()))


@pytest.mark.parametrize(("colour", "start", "expected"), [
    ("white", 500, (500, 500)),
    ("red", 490, (485, 490)),
    ("red", TUESDAY + 480, (955, 960)),
    ("blue", TUESDAY + 485, (945, TUESDAY + 485)),
    ("blue", TUESDAY + 500, (TUESDAY + 480, TUESDAY + 500)),
    ("blue", TUESDAY + 480, (940, 960)),
])
def test_reconfiguration_from_the_initial_configuration(colour: str, start: int, expected: tuple[int, int]) -> None:
    assert shown([colour], [start]) == [expected]


def test_reconfigurations_follow_the_sequence() -> None:
    assert shown(["blue", "white", "blue"], [600, 480, 950]) == [(580, 600), (480, 480), (950, 950)]


def test_no_initial_configuration_needs_nothing() -> None:
    routing = {"operations": {"p": {"capability": "paint", "needs": {"colour": "red"}, "resources": ["booth2"]}}}
    scenario = make(tiny_factory(), [{"id": "O", "routing": routing}])
    plan = build(scenario)
    problem = encode(scenario, plan)
    assert decode(scenario, plan, problem, placed(problem, [480]), HEADER).rec_start.tolist() == [480]


def tiny() -> tuple[Scenario, Plan, Problem, Solution]:
    """One cabinet, worked by hand: mould 06:00-08:00, body until the sheets are there on Tuesday, and so on."""
    scenario = make(tiny_factory(), CABINET)
    plan = build(scenario)
    problem = encode(scenario, plan)
    assert [plan.names[i] for i in plan.op_name] == ["paint", "assemble", "test", "press", "mill"]
    paint = TUESDAY + 480
    return scenario, plan, problem, placed(problem, [paint, paint + 45, paint + 105, TUESDAY + 360, 360])


def test_decode_keeps_everything() -> None:
    scenario, plan, problem, solution = tiny()
    schedule = decode(scenario, plan, problem, solution, HEADER)
    rows = {row.operation: row for row in schedule.rows()}
    assert feasible(problem, solution)
    assert rows["paint"]._asdict() == {
        "order": "A", "operation": "paint", "resource": "booth1", "start": 1920, "end": 1955, "lot": "A", "mode": 0,
        "configuration": "red", "item": "", "reconfiguration_start": 955, "reconfiguration_end": 960, "position": 0,
        "leave": None, "team": "", "batch": None}
    assert (rows["mill"].order, rows["mill"].lot) == ("", "mould")
    assert (rows["press"].item, rows["press"].position) == ("body", 1)
    assert schedule.lots is plan.lots
    assert schedule.pegs is plan.pegs


def same(a: Solution | None, b: Solution) -> bool:
    fields = ("mode", "start", "end", "rank")
    return a is not None and all(np.array_equal(getattr(a, f), getattr(b, f)) for f in fields)


def shuffled(schedule: Schedule, seed: int) -> Schedule:
    order = np.random.default_rng(seed).permutation(len(schedule))
    columns = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
    return dataclasses.replace(schedule, **{c: getattr(schedule, c)[order] for c in columns})


def test_round_trip_in_any_order_of_rows() -> None:
    scenario, plan, problem, solution = tiny()
    schedule = decode(scenario, plan, problem, solution, HEADER)
    for seed in range(3):
        assert same(warm(problem, plan, scenario, shuffled(schedule, seed)), solution)


def test_resources_and_configurations_are_matched_by_name() -> None:
    scenario, plan, problem, solution = tiny()
    schedule = decode(scenario, plan, problem, solution, HEADER)
    factory = tiny_factory()
    cells = factory["plant"]["cells"]
    cells["paint"]["configurations_from"]["colour"].reverse()
    factory["plant"]["cells"] = dict(reversed(cells.items()))
    other = make(factory, CABINET)
    again = build(other)
    found = warm(encode(other, again), again, other, schedule)
    assert found is not None
    assert found.start.tolist() == solution.start.tolist()


@pytest.mark.parametrize("change", [
    {"catalog": {"components": {"sheet": {"buy": {"lead_time": "2 d"}}}}},
    {"catalog": {"families": {"cabinet": {"operations": {"test": {"work": {"fixed": "11 min"}}}}}}},
    {"catalog": {"families": {"cabinet": {"operations": {"pack": {"capability": "test"}}}}}},
    {"plant": {"transport": {"default": "11 min"}}},
    {"plant": {"calendars": {"day": {"weekly": {"mon-fri": ["09:00-16:00"]}}}}},
    {"plant": {"cells": {"paint": {"reconfiguration": {"pairs": [], "attributes": {"colour": {"time": "481 min"}}}}}}},
    {"plant": {"cells": {"shop": {"resources": {"press1": None, "press2": {}}}}}},
])
def test_what_no_longer_fits_is_not_used(change: dict[str, Any]) -> None:
    scenario, plan, problem, solution = tiny()
    schedule = decode(scenario, plan, problem, solution, HEADER)
    other = make(tiny_factory(**change), CABINET)
    again = build(other)
    assert warm(encode(other, again), again, other, schedule) is None


def test_overlaps_are_not_feasible() -> None:
    _, _, problem = painting("white", "white", "red")
    assert feasible(problem, placed(problem, [480, 490, 505]))
    assert not feasible(problem, placed(problem, [480, 489, 505]))
    assert not feasible(problem, placed(problem, [480, 490, 504]))
    assert not feasible(problem, placed(problem, [480, 490, 951]))
    assert not feasible(problem, placed(problem, [470, 490, 505]))


def test_worked_counts_open_ticks() -> None:
    _, _, problem = painting("white")
    k = int(problem.calendar[1])
    ticks = np.array([0, 480, 500, 960, 1000, TUESDAY + 480, TUESDAY + 481])
    assert worked(problem, k, ticks).tolist() == [0, 0, 20, 480, 480, 480, 481]
