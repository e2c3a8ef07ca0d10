"""Replanning a workshop of six orders: what happened stands, what was used is used, little moves, and it says why."""

from __future__ import annotations

import dataclasses
import threading
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.policy import TERMS
from scheduler.domain.schedule import SOURCES, Schedule
from scheduler.errors import InputError
from scheduler.formats.scenario_writer import write_scenario
from scheduler.loading import load
from scheduler.usecases.replan import Replanned, unpriced
from scheduler.usecases.replanning.state import Files
from scheduler.usecases.solve import Options, solve
from scheduler.validation.judge import validate
from tests.usecases.workshop import DAY, PROVEN, QUICK, announced, files, replanned, starts

BREAKDOWN = {"kind": "breakdown", "id": "saw-2", "at": DAY + "08:30", "until": DAY + "13:00"}
HOUR = 12
"""Ticks."""


def schedule_of(found: Replanned) -> Schedule:
    assert found.outcome.schedule is not None
    return found.outcome.schedule


def at(text: str) -> int:
    """Tick of a day of January and a time, such as '01 10:30'."""
    return files().scenario().axis.to_ticks(datetime.fromisoformat(f"2024-01-{text}"))


def supply(schedule: Schedule, lot: str, component: str) -> list[tuple[str, int, int]]:
    """(source, pieces, tick from which they are there) of what a lot gets of a component."""
    pegs = schedule.pegs
    return [(SOURCES[pegs.source[p]], int(pegs.quantity[p]), int(pegs.available[p]))
            for p, name in enumerate(pegs.component) if name == component and schedule.lots.id[pegs.consumer[p]] == lot]


def test_a_quiet_morning_moves_nothing() -> None:
    found = replanned(DAY + "10:30")
    assert (found.moved, found.gone, found.thawed) == ((), (), 0)
    assert starts(schedule_of(found)) == starts(announced())
    assert found.facts == 6
    assert all(d.announced == d.now for d in found.deliveries)


def test_what_happened_stays_as_it_was() -> None:
    found = replanned(DAY + "11:30", {**BREAKDOWN, "id": "oven-1", "at": DAY + "11:15"})
    old, new = starts(announced()), starts(schedule_of(found))
    past = [name for name, (_, start, _) in old.items() if start < at("01 11:30")]
    assert len(past) == found.facts == 10
    for name in past:
        assert new[name][:2] == old[name][:2]
        assert new[name][2] == old[name][2] or name[1] == "dry"
    assert all(start >= at("01 11:30") for name, (_, start, _) in new.items() if name not in past)


def test_a_breakdown_interrupts_what_runs_and_moves_what_comes() -> None:
    found = replanned(DAY + "08:45", BREAKDOWN)
    new = starts(schedule_of(found))
    assert new["B1", "saw"] == ("saw-2", 0, at("01 13:30"))
    assert new["B3", "saw"][0] == "saw-1" or new["B3", "saw"][1] >= at("01 13:30")
    causes = {(m.lot, m.operation): m.cause for m in found.moved}
    assert causes["B3", "saw"] == causes["B1", "dry"] == "saw-2 is down until 2024-01-01T13:00+00:00"
    reasons = {(m.lot, m.operation): m.reason for m in found.moved}
    assert reasons["B1", "dry"] == "waits for B1 saw, which ends 4 h 30 min later"


def test_the_interrupted_operation_is_done_in_the_next_replan() -> None:
    first = replanned(DAY + "08:45", BREAKDOWN)
    second = replanned(DAY + "14:00", of=first.files, schedule=schedule_of(first))
    assert starts(schedule_of(second))["B1", "saw"] == ("saw-2", 0, at("01 13:30"))
    assert second.moved == ()
    repaired = replanned(DAY + "10:00", {"kind": "repair", "id": "saw-2", "at": DAY + "09:30"}, of=first.files,
                         schedule=schedule_of(first))
    assert starts(schedule_of(repaired))["B1", "saw"] == ("saw-2", 0, at("01 10:00"))


def test_the_only_oven_is_down_for_days() -> None:
    found = replanned(DAY + "09:30", {**BREAKDOWN, "id": "oven-1", "at": DAY + "09:10", "until": "2024-01-03T12:00"})
    new = starts(schedule_of(found))
    ends = {new[lot, "dry"][2] for lot in ("B1", "B2")}
    assert ends == {at("03 13:50")}
    assert min(new[lot, "dry"][1] for lot in ("B3", "B4")) >= at("03 13:50")


def test_a_reconfiguration_under_way_is_not_begun_anew() -> None:
    alone = files(plant={"cells": {"saws": {"resources": {"saw-2": None}}}}, policy={"replanning": {"per_move": 1000}})
    plan = solve(alone.scenario(), QUICK).schedule
    assert plan is not None
    i = next(i for i in range(len(plan)) if plan.rec_end[i] > plan.rec_start[i])
    row, axis = plan.row(i), alone.scenario().axis
    now = axis.to_datetime(row.reconfiguration_start + 2)
    found = replanned(now.isoformat(), of=alone, schedule=plan)
    new = starts(schedule_of(found))
    assert new[row.lot, row.operation] == ("saw-1", row.start, row.end)
    name = f"reconfigured to {row.configuration}"
    assert new[f"saw-1:{name}", name][1:] == (row.reconfiguration_start, row.reconfiguration_end)
    assert found.moved == ()
    assert [d.order for d in found.deliveries] == list(alone.scenario().orders.id)


def test_an_early_and_a_late_operation() -> None:
    early = replanned(DAY + "10:00", {"kind": "early", "id": "B1/dry", "at": DAY + "09:30", "remaining": "20 min"},
                      {"kind": "early", "id": "B2/dry", "at": DAY + "09:30", "remaining": "20 min"})
    assert starts(schedule_of(early))["B1", "dry"][2] == at("01 09:50")
    late = replanned(DAY + "10:00", {"kind": "late", "id": "B1/dry", "at": DAY + "09:30", "remaining": "3 h"})
    assert starts(schedule_of(late))["B1", "dry"][2] == at("01 12:30")
    assert "B1 dry takes longer" in {m.cause for m in late.moved}


def test_events_are_believed_before_the_plan() -> None:
    found = replanned(DAY + "09:30", {"kind": "started", "id": "B3/saw", "at": DAY + "08:30", "resource": "saw-2"},
                      {"kind": "finished", "id": "B2/saw", "at": DAY + "08:40"})
    new = starts(schedule_of(found))
    assert new["B3", "saw"][:2] == ("saw-2", at("01 08:30"))
    assert new["B2", "saw"][2] == at("01 08:40")
    assert new["B1", "saw"][1] >= at("01 09:30"), "saw-2 ran something else"


def test_a_new_order_buys_from_now_on_what_is_short() -> None:
    found = replanned(DAY + "10:30", {"kind": "order_new", "id": "N1", "at": DAY + "10:20",
                                      "order": {"family": "box", "due": "2024-01-01", "penalty_per_day": 500}})
    schedule = schedule_of(found)
    new = starts(schedule)
    assert new["N1", "saw"][1] >= at("02 10:30"), "boards take a day, and all eight are sawn"
    assert supply(schedule, "B3", "board") == [("stock", 2, 0)]
    assert supply(schedule, "B5", "board") == [("buy", 2, at("02 08:00"))], "they were ordered on Monday morning"
    orders = found.outcome.scenario.orders
    assert orders.release[orders.id.index("N1")] == at("01 10:20")
    [delivery] = [d for d in found.deliveries if d.order == "N1"]
    assert delivery.announced is None
    assert delivery.now == new["N1", "join"][2]


def test_a_more_urgent_order_takes_stock_that_nobody_has_used() -> None:
    found = replanned(DAY + "08:30", {"kind": "order_new", "id": "N1", "at": DAY + "08:20",
                                      "order": {"family": "box", "due": "2024-01-01", "penalty_per_day": 500}})
    schedule = schedule_of(found)
    assert supply(schedule, "N1", "board") == [("stock", 2, 0)]
    assert supply(schedule, "B1", "board") == supply(schedule, "B2", "board") == [("stock", 2, 0)]
    without = next(lot for lot in ("B4", "B3") if supply(schedule, lot, "board")[0][0] == "buy")
    assert starts(schedule)[without, "saw"][1] >= at("02 08:30"), "bought now, there a day later"
    moved = {m.lot: m.reason for m in found.moved if m.operation == "saw"}
    assert moved[without] == "board is not there before 2024-01-02T08:30+00:00"


def test_a_rush_comes_first() -> None:
    found = replanned(DAY + "10:30", {"kind": "rush", "id": "B4", "at": DAY + "10:25", "priority": 9,
                                      "due": DAY + "14:00"})
    orders = found.outcome.scenario.orders
    assert orders.priority[orders.id.index("B4")] == 9
    assert orders.due[orders.id.index("B4")] == at("01 14:00")


def test_late_material_stops_only_those_who_wait_for_it() -> None:
    found = replanned(DAY + "10:30", {"kind": "material_late", "id": "hinge", "at": DAY + "10:00",
                                      "until": DAY + "16:00"})
    old, new = starts(announced()), starts(schedule_of(found))
    assert new["B1", "join"] == old["B1", "join"], "its hinge was in stock"
    assert min(new["B3", "join"][1], new["B4", "join"][1]) >= at("01 16:00")
    late = "hinge is not there before 2024-01-01T16:00+00:00"
    assert late in {m.cause for m in found.moved if m.operation == "join"}
    one = replanned(DAY + "10:30", {"kind": "material_late", "id": "hinge", "at": DAY + "10:00", "lot": "B3",
                                    "until": DAY + "16:00"})
    assert starts(schedule_of(one))["B4", "join"][1] == at("01 14:00")


def test_absent_people_and_the_freeze() -> None:
    found = replanned(DAY + "10:30", {"kind": "crew_absent", "id": "joiners", "at": DAY + "10:00",
                                      "until": DAY + "18:00"})
    new = starts(schedule_of(found))
    joins = sorted(new[lot, "join"][1:] for lot in ("B1", "B2", "B3", "B4"))
    monday = [(start, end) for start, end in joins if start < at("01 18:00")]
    assert all(a[1] <= b[0] for a, b in pairwise(monday)), "one joiner is left"
    assert "people of crew joiners are absent" in {m.cause for m in found.moved}
    assert found.thawed == 0


def test_what_is_frozen_stays_even_where_it_costs() -> None:
    cheap = {"replanning": {"per_move": 0, "per_hour": 0, "other_resource": 0, "freeze": "4 h"}}
    found = replanned(DAY + "10:30", {"kind": "order_new", "id": "N1", "at": DAY + "08:20",
                                      "order": {"family": "box", "penalty_per_day": 5000, "due": "2024-01-01"}},
                      of=files(policy=cheap))
    old, new = starts(announced()), starts(schedule_of(found))
    frozen = [name for name, (_, start, _) in old.items() if at("01 10:30") <= start < at("01 14:30")]
    assert found.frozen == len(frozen) == 6
    assert [new[name] for name in frozen] == [old[name] for name in frozen]


def test_a_freeze_that_cannot_be_kept_is_given_up() -> None:
    found = replanned(DAY + "10:30", {"kind": "finished", "id": "B2/dry", "at": DAY + "10:10"},
                      {"kind": "started", "id": "B2/join", "at": DAY + "10:15", "resource": "bench-1",
                       "remaining": "3 h"})
    assert found.thawed > 0
    assert found.frozen == 0
    assert starts(schedule_of(found))["B2", "join"][2] == at("01 13:15")


def test_what_began_before_its_predecessor_is_a_mistake() -> None:
    with pytest.raises(InputError, match="'B4/dry', which comes before 'B4/join', has not begun by now"):
        replanned(DAY + "10:30", {"kind": "started", "id": "B4/join", "at": DAY + "10:15", "remaining": "3 h"})


def promising(**replanning: Any) -> tuple[Files, Schedule]:
    """The workshop with orders that may be refused, which are all made, and dear to make after the saws are down."""
    given = files(policy={"refuse_orders": True, "replanning": replanning})
    cheap = dataclasses.replace(given, entries=tuple(
        entry.model_copy(update={"price": 30_000, "penalty_per_day": 100_000}) for entry in given.entries))
    plan = solve(cheap.scenario(), QUICK).schedule
    assert plan is not None
    return cheap, plan


def test_what_was_announced_is_promised() -> None:
    down = [{**BREAKDOWN, "id": name, "until": "2024-01-09T12:00"} for name in ("saw-1", "saw-2")]
    given, plan = promising()
    assert not plan.refused
    kept = replanned(DAY + "08:45", *down, of=given, schedule=plan)
    assert not schedule_of(kept).refused
    assert all(entry.must_make for entry in kept.files.entries)
    loose, plan = promising(may_be_refused=True)
    dropped = replanned(DAY + "08:45", *down, of=loose, schedule=plan)
    assert schedule_of(dropped).refused


def test_moving_is_paid_and_from_scratch_it_is_free() -> None:
    priced = replanned(DAY + "08:45", BREAKDOWN)
    free = replanned(DAY + "08:45", BREAKDOWN, of=unpriced(files()), options=dataclasses.replace(PROVEN, time_limit=1))
    moving = TERMS.index("moving")
    for found, least in ((priced, 1), (free, 0)):
        assert found.outcome.costs is not None
        assert (found.outcome.costs.terms[:, moving].sum() > 0) == bool(least)
    assert free.frozen == 0


def test_a_cancelled_order_leaves_what_was_done() -> None:
    found = replanned(DAY + "08:30", {"kind": "order_cancelled", "id": "B1", "at": DAY + "08:15"},
                      {"kind": "order_cancelled", "id": "B6", "at": DAY + "08:15"})
    schedule = schedule_of(found)
    new = starts(schedule)
    assert new["B1", "saw"] == ("saw-2", 0, HOUR), "it runs to its end"
    assert ("B1", "dry") not in new
    assert not [name for name in new if name[0] == "B6"]
    assert supply(schedule, "B1", "board") == [("stock", 2, 0)]
    assert set(found.gone) == {("B1", "dry"), ("B1", "join"), ("B6", "saw"), ("B6", "dry"), ("B6", "join")}
    assert {d.order: d.now for d in found.deliveries if d.now is None} == {"B1": None, "B6": None} or found.deliveries
    again = replanned(DAY + "10:00", of=found.files, schedule=schedule)
    assert starts(schedule_of(again))["B1", "saw"] == ("saw-2", 0, HOUR)


def test_a_changed_order_is_begun_anew_where_it_has_to_be() -> None:
    found = replanned(DAY + "10:00", {"kind": "order_changed", "id": "B3", "at": DAY + "10:00",
                                      "order": {"choices": {"blade": "fine"}}})
    new = starts(schedule_of(found))
    assert new["B3 (before)", "saw"] == ("saw-2", at("01 09:00"), at("01 10:00"))
    assert new["B3", "saw"][1] >= at("01 10:00")


def test_the_scenario_as_it_is_now_can_be_written_and_read(tmp_path: Path) -> None:
    found = replanned(DAY + "08:45", BREAKDOWN, {"kind": "material_late", "id": "hinge", "at": DAY + "08:40",
                                                 "until": DAY + "16:00"},
                      {"kind": "order_cancelled", "id": "B1", "at": DAY + "08:40"})
    write_scenario(tmp_path / "now", found.files.file, found.files.entries, found.files.floor)
    assert validate(load(tmp_path / "now"), schedule_of(found)) == []


def test_a_stop_gives_the_best_so_far() -> None:
    stop = threading.Event()
    stop.set()
    replanned(DAY + "10:30", BREAKDOWN, options=dataclasses.replace(QUICK, stop=stop))


@pytest.mark.parametrize("engine", ["auto", "dispatch"])
def test_other_engines_give_valid_schedules_too(engine: str) -> None:
    found = replanned(DAY + "10:30", BREAKDOWN, options=Options(engine=engine, time_limit=0.5))
    assert found.facts + found.announced == len(announced())


def test_what_the_events_make_wrong_is_said_with_their_places() -> None:
    with pytest.raises(InputError) as caught:
        replanned(DAY + "10:30", {"kind": "order_new", "id": "N1", "at": DAY + "10:20", "order": {"family": "bax"}},
                  {"kind": "order_changed", "id": "B3", "at": DAY + "10:20", "order": {"choices": {"blade": "x"}}})
    text = str(caught.value)
    for part in ("events.jsonl:1: unknown family 'bax'", "events.jsonl:2: unknown choice 'x'"):
        assert part in text, text
    with pytest.raises(InputError, match=r"events.jsonl:1: 'B5/saw' has not started by now"):
        replanned(DAY + "10:30", {"kind": "late", "id": "B5/saw", "at": DAY + "10:20", "remaining": "1 h"})
    with pytest.raises(InputError, match=r"events.jsonl:1: 'B5/saw' cannot run on 'bench-1'"):
        replanned(DAY + "10:30", {"kind": "started", "id": "B5/saw", "at": DAY + "10:20", "resource": "bench-1"})
    with pytest.raises(InputError, match="no 'board' was still to come"):
        replanned("2024-01-02T10:00", {"kind": "material_late", "id": "board", "at": "2024-01-02T09:00",
                                       "until": "2024-01-03T10:00"})


def test_a_pooled_lot_that_has_begun_serves_nobody_else() -> None:
    pooled = files(catalog={"components": {"hinge": {
        "stock": 0, "buy": None, "pool": {"within": "12 h"},
        "operations": {"bend": {"capability": "join", "work": {"fixed": "30 min"}}}}}})
    plan = solve(pooled.scenario(), QUICK).schedule
    assert plan is not None
    quiet = replanned(DAY + "10:30", of=pooled, schedule=plan)
    assert not [name for name in starts(schedule_of(quiet)) if "before" in name[0]]
    found = replanned(DAY + "10:30", {"kind": "order_new", "id": "N1", "at": DAY + "10:20",
                                      "order": {"family": "box", "due": "2024-01-01"}}, of=pooled, schedule=plan)
    new = starts(schedule_of(found))
    assert new["hinge:1 (before)", "bend"] == starts(plan)["hinge:1", "bend"]
    assert new["hinge:1", "bend"][1] >= at("01 10:30")
