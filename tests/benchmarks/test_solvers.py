"""The solvers that need no peer: the textbook model, our warm-up, the log of CP-SAT, and a whole run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as door
from benchmarks import against, race
from benchmarks.check import Row, check
from benchmarks.process import run_once
from benchmarks.raw import ROOT
from benchmarks.solvers.ours import tiny
from benchmarks.solvers.talk import Task, tell_log
from benchmarks.solvers.textbook import run as solve_textbook
from benchmarks.solvers.without import PARTS
from scheduler import load
from tests.benchmarks.kit import bench
from tests.benchmarks.test_check import DAG, FLEXIBLE, OPERATION_SETUPS, SETUPS, WORKERS

LOG = """Starting CP-SAT solver v9.15
#1       0.02s best:50    next:[36,49]    fj_restart
#Bound   0.05s best:50    next:[39,49]    reduced_costs
#Bound   0.06s best:inf   next:[40,900]   probing
#2       0.10s best:41    next:[40,40]    no_lp
#Model   0.11s var:10/20 constraints:5/9
#Done    0.12s no_lp
"""


def said(file: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]


def task(tmp_path: Path, name: str, text: str, **entry: Any) -> Task:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "index.json").write_text(json.dumps({"x": {"set": "x", "file": name, **entry}}), encoding="utf-8")
    found = Task(f"{tmp_path / 'index.json'}#x", {"set": "x"}, 10.0, 1, 1, "", "", str(tmp_path / "out"))
    found.begin()
    return found


def test_incumbents_and_bounds_of_a_log(tmp_path: Path) -> None:
    own = task(tmp_path, "a.fjs", FLEXIBLE)
    tell_log(own, LOG, 2.0)
    assert [(line["at"], line["objective"], line["bound"]) for line in said(tmp_path / "out")[1:]] == [
        (2.02, 50, 36), (2.05, None, 39), (2.06, None, 40), (2.1, 41, 40)]


@pytest.mark.parametrize(("name", "text", "entry", "best"), [
    ("a.fjs", FLEXIBLE, {}, 6), ("a.fjs", SETUPS, {}, 9), ("a.fjs", OPERATION_SETUPS, {}, 9),
    ("a.fjsw", WORKERS, {}, 5), ("a.txt", DAG, {}, 6),
    ("a.fjs", FLEXIBLE, {"due_dates": [5, 5], "weights": [2, 1]}, 2)])
def test_the_textbook_model_is_right(tmp_path: Path, name: str, text: str, entry: dict[str, Any], best: int) -> None:
    own = task(tmp_path, name, text, **entry)
    solve_textbook(own)
    end = said(tmp_path / "out")[-1]
    assert (end["status"], end["objective"], end["bound"]) == ("optimal", best, best)
    assert check(own.instance, [Row(*row) for row in end["rows"]]).objective == best


@pytest.mark.parametrize("entry", [
    {"set": "behnke"}, {"set": "sdst_duque_otalora", "setup": "job x job per machine"}, {"set": "fjsp_w"},
    {"set": "jsp_twt_singer_pinedo", "due_dates": [1]}, {"set": "ops"}])
def test_the_instance_of_the_warm_up_is_of_the_same_kind(tmp_path: Path, entry: dict[str, Any]) -> None:
    scenario = load(tiny(tmp_path, entry))
    assert len(scenario.orders.id) == 8
    assert (scenario.policy.levels[0] == "weighted_tardiness") == ("due_dates" in entry)
    assert bool(scenario.plant.crews) == (entry["set"] in ("fjsp_w", "ops"))
    assert any(cell.reconfiguration.matrix for cell in scenario.plant.cells.values()) == ("setup" in entry)


def test_what_no_model_exists_for_is_said(tmp_path: Path) -> None:
    found, rows = run_once(bench(tmp_path, set="rms_reconfig_assembly"), "a", "cpsat", 5.0, 1, 1)
    assert (found["status"], found["note"]) == ("cannot express", "there is no check of rms_reconfig_assembly")
    assert not rows


def test_a_run_from_the_command_to_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    bench(tmp_path)
    monkeypatch.setattr(against, "OWN", tmp_path / "results")
    monkeypatch.setattr(race, "SCHEDULES", tmp_path / "schedules")
    monkeypatch.setattr("sys.argv", ["benchmarks", "run", "both", "--bench", str(tmp_path), "--solver", "cpsat",
                                     "--time-limit", "20", "--workers", "1"])
    door.main()
    assert "2/2 b cpsat seed 1: optimal 6" in capsys.readouterr().out
    raw = said(tmp_path / "results" / "raw" / "both-20s-1w.jsonl")
    assert [(line["objective"], line["check"], line["schedule"]) for line in raw] == [
        (6, "ok", "a.cpsat.csv"), (6, "ok", "b.cpsat.csv")]
    assert str(tmp_path) not in json.dumps(raw)
    table = (tmp_path / "results" / "both-20s-1w.md").read_text(encoding="utf-8")
    assert "| a | 4 | 4 to 9 | 6* (-33.33%) | 6 (0.00%) |" in table
    door.main()
    assert "0 of 2 runs to do" in capsys.readouterr().out
    assert len(said(tmp_path / "results" / "raw" / "both-20s-1w.jsonl")) == 2


def test_no_time_has_passed_before_the_beginning() -> None:
    assert Task("", {}, 10.0, 1, 1, "", "", "").left == 10.0


def test_long_lists_get_short_names() -> None:
    first, second = (race.Plan(",".join(f"{letter}{i}" for i in range(99)), [], 60.0, 2, 1).name for letter in "ab")
    assert first != second
    assert len(first) < 90
    assert race.Plan("core,set:x", [], 60.0, 2, 1).name == "core+set-x-60s-2w"


def test_every_part_is_named_in_the_protocol() -> None:
    assert ", ".join([*PARTS][:-1]) + f" and {[*PARTS][-1]} (" in (ROOT / "docs" / "benchmarking.md").read_text("utf-8")


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_that_can_be_left_out_is_there(part: str) -> None:
    for place, name, value in PARTS[part]:
        assert hasattr(place, name)
        assert getattr(place, name) is not value


@pytest.mark.parametrize(("given", "said_so"), [
    (["--solver", "ours:foo"], "there is no 'ours:foo'; use one of ours, ours:auto"),
    (["--solver", "without:foo"], "there is no 'without:foo'; use one of without:tabu"),
    (["--workers", "0"], "invalid number above 0 value: '0'"), (["--time-limit", "-3"], "invalid number above 0 value"),
    (["--seeds", "x"], "invalid number above 0 value: 'x'")])
def test_what_cannot_be_run_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str],
                                            said_so: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench(tmp_path)
    monkeypatch.setattr(against, "OWN", tmp_path / "results")
    monkeypatch.setattr("sys.argv", ["benchmarks", "run", "both", "--bench", str(tmp_path), *given])
    with pytest.raises(SystemExit) as left:
        door.main()
    assert said_so in f"{left.value} {capsys.readouterr().err}"
    assert not (tmp_path / "results").exists()


def test_what_is_published_stands_beside_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench(tmp_path)
    monkeypatch.setattr(door, "RESULTS", tmp_path / "published")
    monkeypatch.setattr(race, "SCHEDULES", tmp_path / "schedules")
    monkeypatch.setattr("sys.argv", ["benchmarks", "run", "a", "--bench", str(tmp_path), "--solver", "cpsat",
                                     "--time-limit", "20", "--workers", "1", "--publish"])
    door.main()
    assert len(said(tmp_path / "published" / "raw" / "a-20s-1w.jsonl")) == 1


def test_a_folder_without_instances_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "run", "core", "--bench", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"there is no index\.json"):
        door.main()
