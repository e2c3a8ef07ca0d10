"""The all-features workshop by every engine, the judge, the evaluation, the report and the explanation.

As it stands the solver may choose whether to split, to batch or to work overtime. So the floor says a little more here:
what has begun and what the planner has pinned leave no choice, and each feature must be in every schedule.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.evaluation.costs import costs, measures
from scheduler.loading import load
from scheduler.report.data import report_data
from scheduler.report.html import render
from scheduler.usecases.explain import explain
from scheduler.usecases.solve import Options, Outcome, solve
from scheduler.validation.judge import validate

FOLDER = Path(__file__).parents[2] / "scenarios" / "all_features"
LIMITS = {"dispatch": 0.05, "annealing": 0.05, "cpsat": 0.05, "auto": 0.1}
PROVING = ("cpsat", "auto")
"""Engines that run in a batch what goes into a buffer; those that work by lists never do."""
FLOOR = """\
D1,mill body,finished,mill-1,rough,0,2026-03-02 06:00,2026-03-02 07:40,,
D5,mill body,finished,mill-1,rough,0,2026-03-02 07:40,2026-03-02 08:20,,
D2,mill body,finished,mill-2,fine,0,2026-03-02 06:00,2026-03-02 06:40,,
D4,mill body,finished,mill-2,fine,0,2026-03-02 06:40,2026-03-02 08:00,,
D3,mill body (1 of 2),started,mill-2,rough,,2026-03-02 08:00,,30 min,
D2,paint,started,oven-1,white,,2026-03-02 08:30,,,
D4,paint,started,oven-1,white,,2026-03-02 08:30,,,
D5,coat outside,started,coating-house,,,2026-03-02 08:30,,,
D1,paint,pinned,oven-1,white,,2026-03-02 10:00,,,
D3,paint,pinned,oven-1,,,2026-03-04 18:00,,,
D3,assemble,pinned,bench-1,,,2026-03-04 22:30,,,
D7,mill body,pinned,mill-1,,,2026-03-05 21:00,,,
D7,paint,announced,oven-1,,,2026-03-06 08:00,,,
"""
"""D2 and D4 share a batch, D3 is split, and assembled in overtime, D5 coated outside, D7 milled over night, with a
pause."""
CHANGES = {"fixed: 1 d}, cost: 90}": "fixed: 1 d}, cost: 9000}", "to: assembly, size: 1}": "to: assembly, size: 3}"}


def week(folder: Path) -> Scenario:
    """The workshop with that floor, where nobody else would pay for coating outside, the rack is larger, and all but
    D6 must be made."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    text = (folder / "scenario.yaml").read_text("utf-8")
    for old, new in CHANGES.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "scenario.yaml").write_text(text, "utf-8")
    head, *_ = (folder / "floor.csv").read_text("utf-8").splitlines()
    (folder / "floor.csv").write_text(f"{head}\n{FLOOR}", "utf-8")
    orders = list(csv.DictReader((folder / "orders.csv").read_text("utf-8").splitlines()))
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(orders[0]))
        writer.writeheader()
        writer.writerows({**row, "must_make": "" if row["id"] == "D6" else "yes"} for row in orders)
    return load(folder)


@lru_cache(maxsize=8)
def solved(engine: str, everything: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        scenario = week(Path(folder)) if everything else load(FOLDER)
    return solve(scenario, Options(engine=engine, deterministic_limit=LIMITS[engine], workers=1, time_limit=15))


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("engine", LIMITS)
def test_every_engine_room_takes_it(engine: str, everything: bool) -> None:
    found = solved(engine, everything)
    assert found.schedule is not None
    assert validate(found.scenario, found.schedule) == []
    priced = costs(found.scenario, found.schedule)
    assert measures(found.scenario, found.schedule, priced)["money"] == found.objective == priced.total
    reasons = explain(found.scenario, found.schedule, range(len(found.scenario.orders)))
    assert len(reasons.explanations) == len(found.scenario.orders)
    assert found.kpis is not None
    page = render(report_data(found.scenario, found.schedule, priced, found.kpis, reasons.explanations,
                              reasons.bottlenecks, ()))
    for order in found.scenario.orders.id:
        assert order in page


@pytest.mark.parametrize("engine", LIMITS)
def test_each_feature_is_in_the_schedule(engine: str) -> None:
    found = solved(engine, True)
    schedule, kpis, priced = found.schedule, found.kpis, found.costs
    assert schedule is not None
    assert kpis is not None
    assert priced is not None
    rows = {(row.lot, row.operation): row for row in schedule.rows()}
    used = {pool.kind for pool in kpis.pools if pool.load.max(initial=0) > 0}
    assert used >= {"crew", "fixture", "module", "vehicle", "orders"}
    assert rows["D1", "mill body"].start == 0, "what has finished stays"
    assert rows["D1", "paint"].start == 48, "what is pinned stays"
    assert {rows[key].team for key in rows if key[1] == "assemble"} <= {"joiners", "apprentices"}
    assert ("D3", "mill body (2 of 2)") in rows
    assert rows["D5", "coat outside"].resource == "coating-house"
    assert ("D5", "paint") not in rows
    pair = rows["D2", "paint"], rows["D4", "paint"]
    assert (pair[0].start, pair[0].end) == (pair[1].start, pair[1].end)
    assert engine not in PROVING or pair[0].batch == pair[1].batch != rows["D1", "paint"].batch
    assert rows["D3", "assemble"].start == 774
    assert ("two-shift", 768, 816) in schedule.overtime
    assert schedule.carries is not None
    assert len(schedule.carries.start) >= 8
    assert kpis.pauses is not None
    assert "D7" in {schedule.lots.id[schedule.lot[row]] for row in kpis.pauses.row.tolist()}
    assert ("mill-1:oiling", "oiling") in rows
    assert any(row.lot.startswith("bracket:") for row in schedule.rows())
    assert schedule.refused == (5,), "it brings less than its motor costs"
    assert schedule.leave is not None
    assert {SOURCES[s] for s in schedule.pegs.source.tolist()} >= {"lot"}
    for order in ("D1", "D2", "D3", "D4", "D5", "D7"):
        assert rows[order, "label"].start == rows[order, "test"].start
        assert rows[order, "label"].resource == rows[order, "assemble"].resource != rows[order, "test"].resource
    terms = priced.terms.sum(axis=0)
    assert all(terms[term] > 0 for term in (0, 1, 2, 3, 4, 6, 7))
