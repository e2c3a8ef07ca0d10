"""Table, plots and records from small raw lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.bench import Bench
from benchmarks.check import Row
from benchmarks.figures import behind, contradictions, grid, over_time, primal_gap
from benchmarks.race import keep
from benchmarks.raw import Line, append
from benchmarks.records import keep_records
from benchmarks.table import make, pairs, summary
from tests.benchmarks.kit import GOOD, bench, line

LINES = [
    line("a", "ours", 98, 90), line("a", "peer", 100, 95),
    line("b", "ours", 110, 110, status="optimal"), line("b", "peer", 105, 100),
    line("c", "ours", 101, None), line("c", "peer", None, 60),
    line("d", "ours", 7, None, reference=None, ub=None), line("d", "peer", None, status="cannot express")]


def test_the_summary() -> None:
    ours, peer = summary(grid(LINES), ["ours", "peer"])
    assert ours[:9] == ["jsp_x", "ours", "4", "4", "1", "+3.00% of 3", "+10.00% b", "+3.00%", "+1.19%"]
    assert peer[2:6] == ["3", "2", "0", "+2.50% of 2"]
    assert ours[-1] == "1"


def test_the_first_solver_against_the_others() -> None:
    (row,) = pairs(grid(LINES), ["ours", "peer"])
    assert row[2:6] == ["2", "0", "1", "+4.76% b"]
    assert row[-1] == "1 : 0"
    assert behind(grid(LINES)["c"], "peer", ["ours"]) == (float("inf"), "ours")
    assert behind(grid(LINES)["c"], "ours", ["peer"]) is None


def test_more_is_better_where_the_set_says_so() -> None:
    cells = grid([line("o", "ours", 110, 120, sense="max"), line("o", "peer", 100, 130, sense="max")])["o"]
    assert cells["ours"].deviation(100) == pytest.approx(-0.1)
    found = behind(cells, "peer", ["ours"])
    assert found is not None
    assert found[0] == pytest.approx(10 / 110)
    assert not contradictions(cells)


def test_several_seeds() -> None:
    cell = grid([line("a", "ours", value, 90, seed=seed) for seed, value in enumerate((100, 104, 102), 1)])["a"]["ours"]
    assert cell.value == 102
    assert cell.deviation(100) == pytest.approx(0.02)


def test_what_contradicts_is_told() -> None:
    cells = grid([
        line("a", "ours", 40, 30), line("a", "wrong", 100, 41), line("a", "refused", None, check="setup: x", claimed=3),
        line("a", "dead", None, status="crash", note="boom"), line("a", "slow", 90, wall=99.0),
        line("a", "modest", 91, claimed=95)])["a"]
    said = "\n".join(contradictions(cells))
    for words in ("40 is below the best known bound 50", "its bound 41 is beyond 40", "the checker refuses its 3",
                  "crash, boom", "99.0 s, the limit was 10 s",
                  "it said 95, its schedule has 91"):
        assert words in said


def test_quality_over_time() -> None:
    run = line("a", "ours", 100)
    assert [primal_gap(run, at, 100) for at in (0.5, 2.0, 6.0)] == [1.0, 0.5, 0.0]
    assert over_time(grid([run]), "ours", [0.5, 6.0]) == [1.0, 0.0]


def test_table_and_plots_from_a_raw_file_alone(tmp_path: Path) -> None:
    raw = tmp_path / "raw" / "x.jsonl"
    for one in LINES:
        append(raw, one)
    file = make([raw], tmp_path, "x")
    text = file.read_text(encoding="utf-8")
    for words in ("| b | 4 | 50 to 100 | 110* (+10.00%) | 110 (0.00%) | 105 (+5.00%) | 100 (4.76%) |",
                  "ours is behind on 1 of 4 instances:", "| c | 4 | 50 to 100 | 101 (+1.00%) | - | none | 60 |",
                  "The bound of ours is weaker on 2 of 4 instances:", "- a: ours 90, peer 95", "- c: ours -, peer 60",
                  "cannot express", "- b: ours (seed 1): its bound 110 is beyond 105"):
        assert words in text
    for what in ("deviation", "gap", "proofs", "time"):
        assert f"![{what}](x-{what}.png)" in text
        assert (tmp_path / f"x-{what}.png").read_bytes()[:4] == b"\x89PNG"
    before = {path: path.read_bytes() for path in tmp_path.glob("*.*")}
    make([raw], tmp_path, "x")
    assert before == {path: path.read_bytes() for path in tmp_path.glob("*.*")}
    with pytest.raises(SystemExit, match="no runs"):
        make([tmp_path / "none.jsonl"], tmp_path, "none")


def recorded(tmp_path: Path, folder: Bench, **more: object) -> list[str]:
    known: Line = {"lb": 4, "ub": 9, "reference": 9}
    one = line("a", "ours", 6, **{**known, **more})
    keep("a", "ours", one, [Row(*row) for row in GOOD], tmp_path / "schedules")
    return keep_records(folder, [one], tmp_path / "records", tmp_path / "schedules")


def test_a_record_is_kept_once_with_its_schedule(tmp_path: Path) -> None:
    folder = bench(tmp_path)
    assert recorded(tmp_path, folder, bound=5) == ["a: 6, best known was 9", "a: bound 5, best known was 4"]
    assert recorded(tmp_path, folder, bound=5) == []
    said = json.loads((tmp_path / "records" / "a.json").read_text(encoding="utf-8"))
    assert (said["value"]["value"], said["value"]["old"], said["value"]["seed"]) == (6, 9, 1)
    assert said["value"]["checked"] == "feasible, objective 6"
    assert said["bound"]["bound"] == 5
    assert (tmp_path / "records" / "a.csv").read_text(encoding="utf-8").startswith("job,operation,machine,start,end\n")
    assert "| a | jsp_x | 9 | 6 | 4 | 5 | 1 | 10 s | 2 |" in (tmp_path / "records" / "README.md").read_text(
        encoding="utf-8")


def test_no_record_without_a_better_value(tmp_path: Path) -> None:
    assert recorded(tmp_path, bench(tmp_path, ub=6), bound=4) == []
    assert recorded(tmp_path, bench(tmp_path, recalled_optimum=6), bound=4) == []
    assert not (tmp_path / "records").exists()


def test_a_schedule_that_the_checker_refuses_and_a_bound_beyond_it_are_no_records(tmp_path: Path) -> None:
    folder = bench(tmp_path)
    (tmp_path / "shop.txt").write_text("2 2\n0 3 1 2\n1 4 0 2\n", encoding="utf-8")
    said = recorded(tmp_path, folder, bound=7)
    assert said[0].startswith("a: 6 is refused by the checker: duration")
    assert said[1].startswith("a: the bound 7 is beyond the value 6")
    assert not list((tmp_path / "records").glob("*.csv"))
