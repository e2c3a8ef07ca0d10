"""Calendars of problems with rules, worked by hand: overtime, speeds, crews, unattended shifts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.shifts import calendar_spans, crew_spans, numbers, overtimes, resource_spans
from scheduler.problem.problem import FAR, MICRO
from scheduler.problem.rules import LOAD, PREPARE, RUN
from tests.encoding.shops import encoded, needs, pool, windows, works

DAY = 1440
TWO_DAYS = 2 * DAY


def at(hour: float, day: int = 1) -> str:
    return f"2024-01-{day:02d}T{int(hour):02d}:{int(hour % 1 * 60):02d}:00"


def overtime(start: float, end: float, cost: int = 30) -> dict[str, Any]:
    return {"start": at(start), "end": at(end), "cost": cost}


def calendars(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}, "overtime": list(entries)}, **more}}


def crewed(crew: dict[str, Any], *entries: dict[str, Any], cell: dict[str, Any] | None = None,
           **more: Any) -> Scenario:
    """One crew 'm'; the cell has two configurations unless said otherwise."""
    cells = {"c": {"calendar": "day", "configurations": {"p": {}, "q": {}}, "resources": {"a": {}}, **(cell or {})}}
    return works(cells, plant={**calendars(*entries, **more), "crews": {"m": {"skills": {"s": 100}, **crew}}})


def test_overtime_fills_gaps_only_and_the_first_listed_has_what_two_offer() -> None:
    scenario = works(plant=calendars(overtime(15, 18), overtime(17, 20, 50)))
    found, rules = encoded(scenario, DAY)
    assert windows(found, int(found.calendar[0])) == [(480, 960, 0, 1), (960, 1080, 480, 1, 0), (1080, 1200, 600, 1, 1)]
    assert rules.overtime_cost.tolist() == [3000 * MICRO, 5000 * MICRO]
    assert overtimes(scenario)[0] == ("day", 900, 1080, 3000)


def test_a_resources_own_maintenance_closes_overtime_too() -> None:
    cells = {"c": {"calendar": "day", "resources": {"a": {
        "maintenance": [{"start": at(16.5), "end": at(17)}], "available_from": at(9)}}}}
    found, _ = encoded(works(cells, plant=calendars(overtime(16, 18), overtime(6, 7))), DAY)
    assert windows(found, int(found.calendar[0])) == [
        (540, 960, 0, 1), (960, 990, 420, 1, 0), (1020, 1080, 450, 1, 0)]


def test_speeds_count_in_hundredths_and_the_last_listed_counts() -> None:
    speeds = [{"start": at(9), "end": at(12), "percent": 50}, {"start": at(11), "end": at(13), "percent": 200}]
    cells = {"c": {"calendar": "day", "resources": {"a": {"speeds": speeds}, "b": {}}}}
    found, rules = encoded(works(cells), DAY)
    assert rules.pace == 100
    assert windows(found, int(found.calendar[0])) == [
        (480, 540, 0, 100), (540, 660, 6000, 50), (660, 780, 12000, 200), (780, 960, 36000, 100)]
    assert windows(found, int(found.calendar[1])) == [(480, 960, 0, 100)]


def test_a_speed_on_a_calendar_that_never_ends() -> None:
    cells = {"c": {"resources": {"a": {"speeds": [{"start": at(1), "end": at(2), "percent": 50}]}}}}
    found, _ = encoded(works(cells))
    assert windows(found, int(found.calendar[0])) == [
        (0, 60, 0, 100), (60, 120, 6000, 50), (120, int(FAR), 9000, 100)]


def test_running_needs_the_crew_and_a_reconfiguration_does_not() -> None:
    scenario = crewed({"calendar": "early"}, early={"weekly": {"mon-fri": ["06:00-12:00"]}})
    found, rules = encoded(scenario, DAY, teams=((), ("m",)), team_needs=((), ((0, 1, RUN),)), mode_team=[0, 1])
    plain, run = rules.mode_calendar.tolist()
    assert windows(found, plain) == [(480, 960, 0, 1)]
    assert windows(found, run) == [(480, 720, 0, 1)]
    assert rules.mode_setup_calendar.tolist() == [plain, plain]
    assert (needs(rules, 0), needs(rules, 1)) == ([], [(0, 1, RUN)])
    assert pool(rules, 0) == [(0, 0), (360, 1), (720, 0)]


def test_a_shift_with_too_few_people_does_not_count() -> None:
    shifts = [{"calendar": "day", "people": 2}, {"calendar": "early", "people": 1}]
    away = [{"start": at(14), "end": at(8, 3), "number": 1}]
    scenario = crewed({"shifts": shifts, "changes": away}, early={"weekly": {"mon-fri": ["06:00-12:00"]}})
    found, rules = encoded(scenario, TWO_DAYS, team_needs=(((0, 2, RUN), (0, 1, PREPARE)),), teams=(("m", "m"),))
    assert pool(rules, 0) == [(0, 0), (360, 1), (480, 3), (720, 2), (840, 1), (960, 0), (1800, 1), (2400, 0)]
    assert windows(found, int(rules.mode_calendar[0])) == [(480, 840, 0, 1)]
    assert windows(found, int(rules.mode_setup_calendar[0])) == [(480, 960, 0, 1), (1920, 2400, 480, 1)]


def test_crew_and_resource_in_overtime_must_both_be_bought() -> None:
    late = {"weekly": {"mon-fri": ["08:00-16:00"]}, "overtime": [overtime(15.5, 17), overtime(17.5, 18)]}
    scenario = crewed({"calendar": "late"}, overtime(16, 18), late=late)
    found, rules = encoded(scenario, DAY, team_needs=(((0, 1, RUN),),), teams=(("m",),))
    assert windows(found, int(rules.mode_calendar[0])) == [
        (480, 960, 0, 1), (960, 1020, 480, 1, 0, 1), (1050, 1080, 540, 1, 0, 2)]
    assert windows(found, int(found.calendar[0])) == [(480, 960, 0, 1), (960, 1080, 480, 1, 0)]
    assert pool(rules, 0) == [(0, 0), (480, 1), (1020, 0), (1050, 1), (1080, 0)]


def test_overtime_of_a_crew_counts_only_while_none_of_its_shifts_works() -> None:
    shifts = [{"calendar": "day", "people": 2}, {"calendar": "long", "people": 1}]
    scenario = crewed({"shifts": shifts}, overtime(16, 20), long={"weekly": {"mon-fri": ["08:00-18:00"]}})
    spans = crew_spans(scenario, scenario.plant.crews["m"], DAY)
    assert [c.tolist() for c in spans] == [[480, 960, 1080], [960, 1080, 1200], [3, 1, 2], [-1, -1, 0]]


def test_loading_in_overtime_that_the_machine_knows_nothing_of() -> None:
    """The machine never closes, so that nothing but a pool can keep the loader's overtime from being used unbought."""
    always = {"calendar": None}
    loading: dict[str, Any] = {"team_needs": (((0, 1, LOAD),),), "teams": (("m",),)}
    found, rules = encoded(crewed({"calendar": "day"}, overtime(16, 18), cell=always), DAY, **loading)
    assert windows(found, int(rules.mode_calendar[0])) == [(0, int(FAR), 0, 1)]
    assert needs(rules, 0) == [(0, 1, LOAD), (1, 1, LOAD)]
    assert pool(rules, 0) == [(0, 0), (480, 1), (1080, 0)]
    assert pool(rules, 1) == [(0, 0), (480, 1), (960, 0)]
    _, together = encoded(crewed({"calendar": "day"}, overtime(16, 18)), DAY, **loading)
    assert needs(together, 0) == [(0, 1, LOAD)]


@pytest.mark.parametrize(("unattended", "expected"), [
    (True, [(480, 960, 0, 1)]), (False, [(480, 840, 0, 1), (900, 960, 360, 1)])])
def test_no_reconfiguration_in_an_unattended_shift(unattended: bool, expected: list[tuple[int, ...]]) -> None:
    day = {"weekly": {"mon-fri": ["08:00-16:00"]}, "unattended": {"mon": ["14:00-15:00"]}}
    cells = {"c": {"calendar": "day", "resources": {"a": {}}, "reconfiguration": {"unattended": unattended}}}
    found, rules = encoded(works(cells, plant={"calendars": {"day": day}}), DAY)
    assert windows(found, int(rules.mode_setup_calendar[0])) == expected
    assert windows(found, int(rules.mode_calendar[0])) == [(480, 960, 0, 1)]


def test_calendars_with_the_same_content_are_one() -> None:
    twin = {"weekly": {"mon-fri": ["08:00-12:00", "12:00-16:00"]}}
    cells = {"c": {"resources": {"a": {"calendar": "day"}, "b": {"calendar": "twin"}}}}
    found, rules = encoded(works(cells, plant={"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}},
                                                             "twin": twin}}))
    assert found.calendar.tolist() == [0, 0]
    assert len(found.window_first) == 2
    assert (rules.mode_calendar == 0).all()


def test_numbers_that_change() -> None:
    scenario = works(plant={"fixtures": {"jig": {"number": 4, "changes": [
        {"start": at(6), "end": at(10), "number": 2}, {"start": at(8), "end": at(12), "number": 5}]}}})
    jig = scenario.plant.fixtures["jig"]
    time, number = numbers(scenario.axis, jig.number, jig.changes)
    assert list(zip(time.tolist(), number.tolist())) == [(0, 4), (360, 2), (480, 5), (600, 5), (720, 4)]


def test_always_open_calendars_have_no_end() -> None:
    scenario = works({"c": {"resources": {"a": {}}}})
    spans = resource_spans(scenario, scenario.resources[0], 10)
    assert spans.end.tolist() == [int(FAR)]
    assert calendar_spans(scenario, None, 10).end.tolist() == [int(FAR)]
    assert spans.at(np.array([0, 5])).tolist() == [0, 0]
