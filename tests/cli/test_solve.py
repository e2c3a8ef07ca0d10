"""solve: results, exit codes, what is printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scheduler.cli import solving
from scheduler.domain.policy import TERMS
from scheduler.engines.contract import CrashError
from scheduler.errors import InternalError
from tests.cli.kit import QUICK, TIGHT, Call, press_shop

KEYS = {"status", "objective", "bound", "gap", "makespan", "costs", "wall_seconds", "violations", "out"}
FILES = {"schedule.json", "schedule.csv", "kpis.json", "deliveries.csv", "dispatch", "report.html"}
COSTS = {*TERMS, "total"}


def test_a_schedule_is_found_and_written(call: Call, works: Path, tmp_path: Path) -> None:
    said = call("solve", works, "--out", tmp_path / "here", *QUICK)
    assert said.code == 0
    assert {p.name for p in (tmp_path / "here").iterdir()} == FILES
    assert {p.name for p in (tmp_path / "here" / "dispatch").iterdir()} == {
        f"{r}.csv" for r in ("robot-1", "robot-2", "booth-1", "bench-1", "bench-2")}
    assert "works: " in said.out
    assert "EUR (money)" in said.out
    assert str(tmp_path / "here" / "report.html") in said.out


def test_json_prints_one_object_and_nothing_else(call: Call, works: Path, tmp_path: Path) -> None:
    said = call("solve", works, "--json", "--engine", "dispatch", "--out", tmp_path / "out")
    found = said.json
    assert said.code == 0
    assert said.err == ""
    assert set(found) == KEYS
    assert found["status"] in ("optimal", "feasible")
    assert set(found["costs"]) == COSTS
    assert found["violations"] == []
    assert found["bound"] <= found["objective"] == round(found["costs"]["total"] * 100)
    assert found["gap"] == pytest.approx((found["objective"] - found["bound"]) / found["objective"])
    assert found["wall_seconds"] > 0
    stored = json.loads((tmp_path / "out" / "kpis.json").read_text("utf-8"))
    assert stored["objective"] == found["objective"]
    assert stored["values"]["makespan"] == found["makespan"]


def test_who_found_what_is_told(call: Call, works: Path, tmp_path: Path) -> None:
    said = call("solve", works, "--out", tmp_path / "out", "--engine", "dispatch")
    lines = [line.split() for line in said.out.splitlines()]
    assert ["found", "by", "schedules", "first", "last", "gain", "bound"] in lines
    assert [line for line in lines if line and line[0] == "dispatch:"]
    assert "warning" not in said.out


@pytest.mark.failing_parts
@pytest.mark.parametrize("json_too", [False, True])
def test_an_engine_that_fails_is_told(call: Call, works: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      json_too: bool) -> None:
    def fails(*_: object) -> None:
        raise CrashError("it is gone")

    monkeypatch.setattr("scheduler.engines.cpsat.engine.ask", fails)
    said = call("solve", works, "--out", tmp_path / "out", "--engine", "cpsat", *QUICK, *["--json"] * json_too)
    assert said.code == 0
    if json_too:
        assert said.json["failures"] == ["cpsat failed: it is gone"] * 2
    else:
        assert "warning: cpsat failed: it is gone; the schedule is sound" in said.out


def test_quiet_shows_no_progress(call: Call, works: Path) -> None:
    loud = call("solve", works, "--engine", "dispatch")
    quiet = call("solve", works, "--engine", "dispatch", "--quiet")
    assert "solving" in loud.err
    assert quiet.err == ""
    assert quiet.code == loud.code == 0


def test_results_go_to_a_folder_named_like_the_scenario(call: Call, works: Path, tmp_path: Path) -> None:
    for path in (works, works / "scenario.yaml"):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        assert call("solve", path, "--engine", "dispatch", "--quiet").code == 0
        assert {p.name for p in (tmp_path / "out" / "works").iterdir()} == FILES


def test_a_folder_with_a_scenario_takes_no_results(call: Call, works: Path) -> None:
    before = sorted(p.name for p in works.iterdir())
    said = call("solve", works, "--out", works, *QUICK)
    assert said.code == 2
    assert "holds a scenario.yaml; results would mix with a scenario" in said.err
    assert sorted(p.name for p in works.iterdir()) == before


def test_results_cannot_replace_a_file(call: Call, works: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", "utf-8")
    said = call("solve", works, "--out", tmp_path / "taken", *QUICK)
    assert said.code == 2
    assert "is a file; name a folder for the results" in said.err
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


@pytest.mark.parametrize("engine", ["auto", "dispatch", "annealing", "cpsat"])
def test_every_engine_has_its_name(call: Call, tmp_path: Path, engine: str) -> None:
    shop = press_shop(tmp_path / "shop")
    said = call("solve", shop, "--engine", engine, "--json", "--time-limit", "1", "--seed", "7", "--workers", "1")
    assert said.code == 0
    assert said.json["objective"] == 90_00 * 6 + 1000 + 200 * 0 or said.json["objective"] > 0
    header = json.loads((tmp_path / "out" / "shop" / "schedule.json").read_text("utf-8"))["header"]
    assert (header["engine"], header["seed"]) == (engine, 7)


def test_a_target_gap_is_enough(call: Call, works: Path) -> None:
    said = call("solve", works, "--json", "--target-gap", "1", "--time-limit", "60", "--workers", "1")
    assert said.code == 0
    assert said.json["status"] in ("feasible", "optimal")


def test_proven_infeasible_names_what_is_in_conflict(call: Call, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "shop", **TIGHT)
    said = call("solve", shop, "--json")
    assert said.code == 3
    found = said.json
    assert found["status"] == "infeasible"
    assert {k: found[k] for k in ("objective", "gap", "makespan", "costs")} == dict.fromkeys(
        ("objective", "gap", "makespan", "costs"))
    text = " ".join(found["conflict"])
    assert "first" in text
    assert "second" in text
    assert "third" not in text
    said = call("solve", shop, "--quiet")
    assert said.code == 3
    assert said.out == ""
    assert "No schedule exists (proven). These together make it so:" in said.err
    assert "first" in said.err
    assert not (tmp_path / "out").exists()


def test_a_budget_can_be_in_conflict_too(call: Call, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "shop")
    text = (shop / "scenario.yaml").read_text("utf-8")
    (shop / "scenario.yaml").write_text(text.replace("{time_limit: 2 s}", "{budgets: {makespan: 8 h}}"), "utf-8")
    said = call("solve", shop, "--json")
    assert said.code == 3
    assert "makespan" in " ".join(said.json["conflict"])


def test_none_found_names_the_deadlines_that_would_break(call: Call, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "shop", **TIGHT)
    said = call("solve", shop, "--json", "--engine", "dispatch")
    assert said.code == 4
    assert said.json["status"] == "not_found"
    (missed,) = said.json["missed_deadlines"]
    assert "would be complete at 2026-03-02T06:00" in missed
    assert "after its deadline 2026-03-02 05:00" in missed
    said = call("solve", shop, "--quiet", "--engine", "dispatch")
    assert said.code == 4
    assert "No schedule found within the limit; that does not mean there is none." in said.err
    assert "after its deadline 2026-03-02 05:00" in said.err
    assert not (tmp_path / "out").exists()


def test_our_own_failure_leaves_with_70(call: Call, works: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise InternalError("our own schedule breaks 1 rules", ["overlap: two at once"])

    monkeypatch.setattr(solving, "solve_scenario", broken)
    said = call("solve", works, *QUICK)
    assert said.code == 70
    assert said.err == ("internal failure, please report it: our own schedule breaks 1 rules\n"
                        "  overlap: two at once\n")


def test_an_unforeseen_failure_leaves_with_70_too(call: Call, works: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(solving, "solve_scenario", broken)
    said = call("solve", works, *QUICK)
    assert said.code == 70
    assert said.err.startswith("internal failure, please report it: ZeroDivisionError: by nothing\n")
