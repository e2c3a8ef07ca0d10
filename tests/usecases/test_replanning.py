"""Events read, applied and turned into what happened: without any solving after the first schedule."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.events import EVENT
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.domain.schedule import SOURCES, Schedule
from scheduler.errors import InputError
from scheduler.formats.events import read_events
from scheduler.planning.build import build
from scheduler.usecases.replanning.ahead import frozen
from scheduler.usecases.replanning.apply import Applier
from scheduler.usecases.replanning.happened import Past
from scheduler.usecases.replanning.state import Files
from scheduler.usecases.solve import Options, solve
from tests.factories import tiny_factory, tiny_orders

NOW = datetime(2024, 1, 1, 9, 30)


@pytest.fixture(scope="module")
def files() -> Files:
    return Files(ScenarioFile.model_validate(tiny_factory(policy={"holding_percent_per_day": 0})),
                 tuple(OrderEntry.model_validate(entry) for entry in tiny_orders()))


@pytest.fixture(scope="module")
def schedule(files: Files) -> Schedule:
    found = solve(files.scenario(), Options(engine="dispatch", time_limit=5)).schedule
    assert found is not None
    return found


def event(**fields: Any) -> tuple[Any, str]:
    return EVENT.validate_python(fields), "events.jsonl:1"


def past(files: Files, schedule: Schedule, *events: tuple[Any, str], now: datetime = NOW) -> Past:
    applier = Applier(files, schedule, now)
    told = applier.apply(events)
    before = files.scenario()
    return Past(before, build(before), applier.files().scenario(), schedule, told, before.axis.to_ticks(now))


def test_without_events_what_was_planned_before_now_happened(files: Files, schedule: Schedule) -> None:
    found = past(files, schedule)
    tick = found.now
    for row in found.rows:
        fact = found.floor.get(row.key)
        assert (fact is not None) == (row.start < tick)
        if fact is not None:
            assert fact.state == ("finished" if row.end <= tick else "started")
            assert found.axis.to_ticks(fact.start) == row.start if fact.start else False


def test_what_was_to_run_on_a_resource_that_was_down_did_not(files: Files, schedule: Schedule) -> None:
    whole = past(files, schedule)
    first = next(row for row in whole.rows if row.start < whole.now)
    down = whole.axis.to_datetime(first.start)
    found = past(files, schedule, event(kind="breakdown", id=first.resource, at=down, until="2024-01-04T12:00"))
    assert first.key not in found.floor
    followers = {row.key for row in found.rows if first.key in found.preds.get(row.key, ())}
    assert followers.isdisjoint(found.floor)


def test_an_interrupted_operation_is_running(files: Files, schedule: Schedule) -> None:
    whole = past(files, schedule)
    row = next(row for row in whole.rows if row.start < whole.now and row.end > row.start + 1)
    at = whole.axis.to_datetime(row.start + 1)
    found = past(files, schedule, event(kind="breakdown", id=row.resource, at=at, until="2024-01-05T12:00"))
    assert found.floor[row.key].state == "started"


def test_finished_and_started_events_are_believed(files: Files, schedule: Schedule) -> None:
    row = past(files, schedule).rows[-1]
    name = "/".join(row.key)
    found = past(files, schedule, event(kind="finished", id=name, at="2024-01-01T09:00", start="2024-01-01T08:00"))
    fact = found.floor[row.key]
    assert (fact.state, fact.start is not None and found.axis.to_ticks(fact.start)) == ("finished", 8 * 60)
    found = past(files, schedule, event(kind="started", id=name, at="2024-01-01T09:00", remaining="3 h"))
    assert (found.floor[row.key].state, found.floor[row.key].remaining is not None) == ("started", True)


def test_a_late_operation_keeps_what_is_left_of_its_time(files: Files, schedule: Schedule) -> None:
    row = past(files, schedule).rows[0]
    at = files.scenario().axis.to_datetime(row.start)
    found = past(files, schedule, event(kind="started", id="/".join(row.key), at=at),
                 event(kind="late", id="/".join(row.key), at=at, remaining="40 h"))
    open_minutes = found.hours.work(row.resource, row.start, found.now)
    assert found.floor[row.key].remaining == (40 * 60 - open_minutes) * 60_000


def test_order_events_change_the_book(files: Files, schedule: Schedule) -> None:
    applier = Applier(files, schedule, NOW)
    applier.apply([event(kind="order_new", id="N1", at=NOW, order={"family": "cabinet", "quantity": 3}),
                   event(kind="order_cancelled", id="A2", at=NOW),
                   event(kind="rush", id="A3", at=NOW, priority=9, due="2024-01-03T12:00"),
                   event(kind="order_changed", id="A1", at=NOW, order={"quantity": 5})])
    book = {entry.id: entry for entry in applier.files().entries}
    assert list(book) == ["A1", "A3", "A4", "N1"]
    assert (book["A1"].quantity, book["A3"].priority, book["N1"].quantity) == (5, 9, 3)
    assert book["A1"].customer == "ACME"


def test_late_material_is_what_was_still_to_come(files: Files, schedule: Schedule) -> None:
    applier = Applier(files, schedule, NOW)
    told = applier.apply([event(kind="material_late", id="sheet", at=NOW, until="2024-01-08T08:00")])
    pegs = schedule.pegs
    bought = {schedule.lots.id[c] for c, name, source in zip(pegs.consumer.tolist(), pegs.component, pegs.source)
              if name == "sheet" and source == SOURCES.index("buy")}
    assert bought
    assert {lot for lot, _ in told.late} == bought
    assert {name for _, name in told.late} == {"sheet"}


def test_a_repair_ends_a_breakdown(files: Files, schedule: Schedule) -> None:
    applier = Applier(files, schedule, NOW)
    applier.apply([event(kind="breakdown", id="press1", at="2024-01-01T08:00"),
                   event(kind="repair", id="press1", at="2024-01-01T09:00")])
    closures = applier.files().scenario().resources[0].closures
    assert [(c.start.hour, c.end.hour) for c in closures] == [(8, 9)]


def test_all_mistakes_of_the_events_are_said_at_once(files: Files, schedule: Schedule) -> None:
    with pytest.raises(InputError) as caught:
        Applier(files, schedule, NOW).apply([
            event(kind="breakdown", id="pres1", at=NOW, until="2024-01-03T08:00"),
            event(kind="breakdown", id="press1", at=NOW),
            event(kind="repair", id="press1", at="2024-02-01T00:00"),
            event(kind="finished", id="A1/pain", at=NOW),
            event(kind="order_new", id="A1", at=NOW, order={}),
            event(kind="order_changed", id="A1", at=NOW, order={"quantity": 0}),
            event(kind="material_late", id="sheet", at=NOW, until=NOW)])
    text = str(caught.value)
    for part in ("'pres1'", "did you mean 'press1'", "until when 'press1' is down", "after now", "A1/pain",
                 "order 'A1' already", "quantity", "is not after"):
        assert part in text, part


def test_freeze_pins_what_starts_soon(files: Files, schedule: Schedule) -> None:
    found = past(files, schedule)
    pins = frozen(found, 2 * 24 * 60, {}, {row.key for row in found.rows})
    soon = [row for row in found.rows if found.now <= row.start < found.now + 2 * 24 * 60]
    assert {(p.lot, p.operation) for p in pins} == {row.key for row in soon}
    assert all(isinstance(p, FloorEntry) and p.state == "pinned" for p in pins)


def test_event_lines_are_read_with_their_places(tmp_path: Path) -> None:
    good = tmp_path / "events.jsonl"
    good.write_text('{"at": "2024-01-02T08:00", "kind": "repair", "id": "press1"}\n\n'
                    '{"at": "2024-01-02T08:00", "kind": "late", "id": "A1/paint", "remaining": "30 min"}\n')
    assert [place.rsplit(":", 1)[1] for _, place in read_events(good)] == ["1", "3"]
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"at": "2024-01-02T08:00", "kind": "repar", "id": "press1"}\nnonsense\n[1]\n'
                   '{"at": "soon", "kind": "repair"}\n{"id": "x"}\n'
                   '{"at": "2024-01-02T08:00", "kind": "late", "id": "A1/paint", "remaining": "30"}\n'
                   '{"at": "2024-01-02T08:00", "kind": "order_changed", "id": "A1", '
                   '"order": {"due": "x", "price": "y"}}\n')
    with pytest.raises(InputError) as caught:
        read_events(bad)
    text = str(caught.value)
    for part in ("did you mean 'repair'", ":2:", ":3:", "'at' is 'soon'", "'id' is missing", "no 'kind'",
                 "has no unit", ":7: 'order.due' is 'x'", "'order.price': 'y' is not an amount"):
        assert part in text, (part, text)


def test_files_do_not_change(files: Files, schedule: Schedule) -> None:
    before = dataclasses.asdict(files.scenario().orders)
    Applier(files, schedule, NOW).apply([event(kind="order_cancelled", id="A2", at=NOW)])
    after = dataclasses.asdict(files.scenario().orders)
    assert before["id"] == after["id"]
