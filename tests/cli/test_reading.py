"""validate, explain and compare."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kit import Call, press_shop, process

Data = dict[str, Any]


def test_our_own_schedule_is_valid(call: Call, works: Path, solved: Path) -> None:
    for path in (solved, solved / "schedule.json"):
        said = call("validate", works, path)
        assert (said.code, said.out) == (0, "valid: no rule is broken\n")
    assert call("validate", works, solved, "--json").json == {"valid": True, "violations": []}


def later(data: Data) -> None:
    data["operations"]["start"][0] += 7
    data["operations"]["end"][0] += 7


def everything_at_once(data: Data) -> None:
    columns = data["operations"]
    columns["end"] = [e - s for s, e in zip(columns["start"], columns["end"])]
    columns["start"] = [0] * len(columns["start"])


def elsewhere(data: Data) -> None:
    data["operations"]["resource"][0] = (data["operations"]["resource"][0] + 2) % len(data["resources"])
    data["operations"]["configuration"][0] = 0


def left_out(data: Data) -> None:
    for column in data["operations"].values():
        column.pop()


def cheaper(data: Data) -> None:
    data["header"]["objective"] -= 1


@pytest.mark.parametrize("spoil", [later, everything_at_once, elsewhere, left_out, cheaper])
def test_a_corrupted_schedule_is_not(call: Call, works: Path, solved: Path, tmp_path: Path,
                                     spoil: Callable[[Data], None]) -> None:
    data = json.loads((solved / "schedule.json").read_text("utf-8"))
    spoil(data)
    (tmp_path / "schedule.json").write_text(json.dumps(data), "utf-8")
    said = call("validate", works, tmp_path)
    assert said.code == 1
    assert said.out.rstrip().endswith((" violation", " violations"))
    found = call("validate", works, tmp_path, "--json")
    assert found.code == 1
    assert found.json["valid"] is False
    assert set(found.json["violations"][0]) == {"rule", "message", "order", "operation", "resource", "time"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "scheduler-schedule", "version": 9}', "\x00"])
def test_what_is_no_schedule_is_bad_input(call: Call, works: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "schedule.json").write_text(content, "utf-8")
    for words in (("validate", works, tmp_path), ("explain", works, tmp_path), ("compare", tmp_path, tmp_path)):
        said = call(*words)
        assert said.code == 2
        assert str(tmp_path / "schedule.json") in said.err
        assert "Traceback" not in said.err


def test_no_schedule_there(call: Call, works: Path) -> None:
    said = call("validate", works, "nowhere")
    assert said.code == 2
    assert "cannot be read: No such file" in said.err


@pytest.fixture
def late(tmp_path: Path, call: Call) -> Path:
    """The press shop, where one order must be late, solved."""
    shop = press_shop(tmp_path / "shop")
    assert call("solve", shop, "--out", tmp_path / "late", "--quiet").code == 0
    return shop


def test_explain_says_why_orders_are_late(call: Call, late: Path, tmp_path: Path) -> None:
    said = call("explain", late, tmp_path / "late")
    assert said.code == 0
    assert said.out.startswith("second: delivered 2026-03-02T06:00")
    assert "2 h late" in said.out
    assert "press-1" in said.out
    assert "first: " not in said.out
    assert "bottlenecks" in said.out
    found = call("explain", late, tmp_path / "late", "--json").json
    assert [e["order"] for e in found["orders"]] == ["second"]
    assert found["orders"][0]["late"] == 120
    assert found["bottlenecks"][0]["resource"] == "press-1"


def test_explain_one_order(call: Call, late: Path, tmp_path: Path) -> None:
    said = call("explain", late, tmp_path / "late", "first")
    assert said.code == 0
    assert said.out.startswith("first: delivered 2026-03-02T03:00")
    assert "on time" in said.out
    assert "bottlenecks" not in said.out
    assert [e["order"] for e in call("explain", late, tmp_path / "late", "third", "--json").json["orders"]] == ["third"]


def test_explain_an_unknown_order(call: Call, late: Path, tmp_path: Path) -> None:
    said = call("explain", late, tmp_path / "late", "secnd")
    assert said.code == 2
    assert said.err == "ORDER: unknown order 'secnd'; did you mean 'second'?\n"


def test_explain_where_nothing_is_late(call: Call, works: Path, improved: Path) -> None:
    said = call("explain", works, improved)
    assert said.code == 0
    assert said.out


def test_compare_two_folders(call: Call, works: Path, solved: Path, improved: Path) -> None:
    plain = call("compare", solved, improved)
    again = call("compare", solved, improved / "schedule.json", "--scenario", works)
    for said in (plain, again):
        assert said.code == 0
        assert "makespan" in said.out
        assert "moved, " in said.out
    found = call("compare", solved, improved, solved, "--scenario", works, "--json").json
    assert found["labels"] == [str(solved), str(improved), str(solved)]
    assert len(found["kpis"]) == 3
    stored = json.loads((improved / "kpis.json").read_text("utf-8"))["values"]
    assert found["kpis"][1]["cost_total"] == stored["cost_total"]
    assert found["kpis"][0] == found["kpis"][2]
    assert found["changes"][1]["moved"] == []
    assert call("compare", solved, improved, "--json").json["kpis"][1]["cost_total"] == stored["cost_total"]


def test_compare_needs_figures_or_a_scenario(call: Call, works: Path, solved: Path, tmp_path: Path) -> None:
    shutil.copy(solved / "schedule.json", tmp_path / "schedule.json")
    said = call("compare", solved, tmp_path)
    assert said.code == 2
    assert "name the scenario with --scenario PATH" in said.err
    assert call("compare", solved, tmp_path, "--scenario", works).code == 0
    said = call("compare", solved)
    assert said.code == 2
    assert "one schedule cannot be compared; name two or more" in said.err


def test_a_schedule_of_another_scenario(call: Call, late: Path, works: Path, solved: Path) -> None:
    """It is read, judged and found wrong; nothing breaks."""
    said = call("validate", late, solved)
    assert said.code == 1
    for words in (("explain", late, solved), ("compare", solved, solved, "--scenario", late)):
        said = call(*words)
        assert said.code == 2
        assert "Traceback" not in said.err


def test_as_a_process(solved: Path) -> None:
    said = process("compare", solved, solved, "--json")
    assert said.code == 0
    assert said.json["changes"][0]["moved"] == []
