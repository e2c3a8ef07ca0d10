"""The special vehicles on a bad Tuesday: the announced plan is valid, and a replan after the events is too."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from scheduler.domain.schedule import Schedule
from scheduler.formats.events import read_events
from scheduler.formats.schedule_json import read_schedule
from scheduler.loading import load_files
from scheduler.usecases.replan import Replanned, replan
from scheduler.usecases.solve import Options
from scheduler.validation.judge import validate
from tests.scenarios.test_stories import FOLDER, story

TUESDAY = FOLDER / "bad_tuesday"
NOW = datetime(2026, 6, 9, 10, 30)


@cache
def announced() -> Schedule:
    return read_schedule(TUESDAY / "plan" / "schedule.json")


@cache
def replanned() -> Replanned:
    events = read_events(TUESDAY / "events.jsonl")
    return replan(load_files(FOLDER / "special_vehicles"), announced(), events, NOW,
                  Options(engine="dispatch", time_limit=4, workers=1))


def test_the_story_is_told() -> None:
    text = (TUESDAY / "README.md").read_text(encoding="utf-8")
    assert "The numbers are ours" in text
    assert "scheduler replan scenarios/special_vehicles scenarios/bad_tuesday/plan" in text.replace(" \\\n    ", " ")


def test_the_announced_plan_is_valid() -> None:
    assert validate(story("special_vehicles"), announced()) == []


def test_the_new_schedule_is_valid_and_the_past_stands() -> None:
    found = replanned()
    schedule, old = found.outcome.schedule, announced()
    assert schedule is not None
    assert validate(found.files.scenario(), schedule) == []
    now = found.outcome.scenario.now
    before = {(row.lot, row.operation): row for row in old.rows() if row.start < now}
    after = {(row.lot, row.operation): row for row in schedule.rows()}
    assert found.facts == len(before)
    for key, row in before.items():
        assert (after[key].resource, after[key].start) == (row.resource, row.start)
    late = {key for key, row in before.items() if after[key].end != row.end}
    assert late == {("V10/roof", "weld-skin"), ("V10/loom", "crimp")}


def test_what_the_events_ask_for() -> None:
    found = replanned()
    schedule, scenario = found.outcome.schedule, found.outcome.scenario
    assert schedule is not None
    rows = {(row.lot, row.operation): row for row in schedule.rows()}
    assert ("V16", "fit-oxygen") in rows
    down = [row for row in rows.values() if row.resource == "weld-1" and row.lot != "V10/roof"
            and row.start < scenario.axis.to_ticks(datetime(2026, 6, 11, 8)) and row.start >= scenario.now]
    assert down == []
    cranes = scenario.axis.to_ticks(datetime(2026, 6, 15, 10))
    assert min(rows[order, "fit-interior"].start for order in ("V08", "V11")) >= cranes
    assert rows["V04", "fit-interior"].start < cranes, "its cranes were in stock"
    assert any(move.cause.startswith("weld-1 is down") for move in found.moved)
