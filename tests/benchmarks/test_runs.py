"""What is run and in what order, what is skipped, what becomes of a crash, and the raw file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import process, race
from benchmarks.bench import known
from benchmarks.check import Row
from benchmarks.hunt import next_run, open_ones
from benchmarks.process import run_once, strongest
from benchmarks.race import Plan, keep, runs, shown, taken
from benchmarks.raw import append, key_of, latest, read_lines
from tests.benchmarks.kit import GOOD, bench, line

PLAN = Plan("s", ["ours", "cpsat"], 10.0, 2, 2)
CODES = {"ours": "c0", "cpsat": "c0"}


def test_instance_by_instance_then_the_next_seed() -> None:
    assert list(runs(PLAN, ["a", "b"], CODES, set())) == [
        ("a", "ours", 1), ("a", "cpsat", 1), ("b", "ours", 1), ("b", "cpsat", 1),
        ("a", "ours", 2), ("a", "cpsat", 2), ("b", "ours", 2), ("b", "cpsat", 2)]


def test_what_the_file_has_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "raw" / "x.jsonl"
    append(file, line("a", "ours", 100))
    append(file, line("a", "cpsat", None, status="crash"))
    append(file, line("b", "ours", 100, limit=20.0))
    append(file, line("b", "cpsat", 100, code="other"))
    done = {key_of(known_line) for known_line in read_lines([file])}
    left = [("b", "ours", 1), ("b", "cpsat", 1), ("a", "ours", 2), ("a", "cpsat", 2), ("b", "ours", 2),
            ("b", "cpsat", 2)]
    assert list(runs(PLAN, ["a", "b"], CODES, done)) == left
    again = Plan("s", ["ours", "cpsat"], 10.0, 2, 2, again=True)
    assert len(list(runs(again, ["a", "b"], CODES, done))) == 8


def test_equal_runs_of_another_suite_are_taken_over(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    for one in (line("a", "ours", 100), line("a", "ours", 90, seed=2), line("b", "ours", 80, limit=20.0),
                line("b", "cpsat", 70, code="older"), line("z", "ours", 60)):
        append(other, {**one, "suite": "other"})
    plan = Plan("s", ["ours", "cpsat"], 10.0, 2, 2, others=[other])
    todo = list(runs(plan, ["a", "b"], CODES, set()))
    found = taken(plan, todo, CODES)
    assert [(one["suite"], one["instance"], one["seed"], one["objective"]) for one in found] == [
        ("s", "a", 1, 100), ("s", "a", 2, 90)]
    left = list(runs(plan, ["a", "b"], CODES, {key_of(one) for one in found}))
    assert left == [run for run in todo if run not in [("a", "ours", 1), ("a", "ours", 2)]]
    with pytest.raises(SystemExit, match=r"no raw file none\.jsonl"):
        taken(Plan("s", ["ours"], 10.0, 2, 2, others=[tmp_path / "none.jsonl"]), todo, CODES)


def test_a_line_cut_off_is_run_again_and_its_rest_removed(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    append(file, line("a", "ours", 100))
    with file.open("a", encoding="utf-8") as out:
        out.write('{"instance": "b", "sol')
    assert [known_line["instance"] for known_line in read_lines([file])] == ["a"]
    append(file, line("c", "ours", 100))
    assert [known_line["instance"] for known_line in read_lines([file])] == ["a", "c"]
    file.write_text("nonsense\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.jsonl:1 is not JSON"):
        read_lines([file])


def test_the_latest_of_equal_runs_counts() -> None:
    kept = latest([line("a", "ours", 100), line("b", "ours", 100), line("a", "ours", 90, code="newer")])
    assert [(one["instance"], one["objective"]) for one in kept] == [("a", 90), ("b", 100)]


def test_names_of_suites_instances_and_sets(tmp_path: Path) -> None:
    folder = bench(tmp_path)
    assert folder.names("both") == folder.names("set:jsp_x") == folder.names("b,both,a")[::-1] == ["a", "b"]
    with pytest.raises(SystemExit, match="'c' is no suite"):
        folder.names("c")


@pytest.mark.parametrize(("entry", "lower", "reference"), [
    ({"lb": 3, "ub": 5}, 3, 5), ({"lb": 3, "ub": 5, "ub_solver": 6}, 3, 6), ({"derived_lb": 2, "ub": None}, 2, None),
    ({"lb": None, "ub": 9, "recalled_optimum": 0}, None, 0)])
def test_what_is_known(entry: dict[str, Any], lower: int | None, reference: int | None) -> None:
    found = known({"set": "x", **entry})
    assert (found["lb"], found["reference"]) == (lower, reference)


def test_paths_of_the_machine_stay_out_of_the_command() -> None:
    assert shown("python -m benchmarks run a/b --peer-python pyjobshop=/opt/x/bin/python --bench=/data/bench") == (
        "python -m benchmarks run a/b --peer-python pyjobshop=<python> --bench=<bench>")


def solver(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The line of a run of a solver that is this program text; `out` and `rows` are defined in it."""
    monkeypatch.setitem(process.MODULES, "fake", "fake")
    program = ("import json, os, sys, time\ntask = json.loads(sys.stdin.readline())\n"
               f"def out(**line):\n    open(task['out'], 'a').write(json.dumps(line) + '\\n')\nrows = {GOOD!r}\n{text}")
    called = process._call
    monkeypatch.setattr(process, "_call", lambda _, *rest: called([sys.executable, "-c", program], *rest))
    folder = bench(tmp_path)
    return run_once(folder, "a", "fake", 0.0, 1, 1, grace=20.0)[0]


END = "out(status='feasible', objective={}, bound=5, wall=1.0, note='', megabytes=1, versions={{}}, rows=rows)\n"


def test_a_result_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = solver(tmp_path, "out(begin=True)\nout(at=0.5, objective=7, bound=6)\n" + END.format(6), monkeypatch)
    assert (found["check"], found["objective"], found["bound"], found["trace"]) == ("ok", 6, 6, [[0.5, 7, 6]])


def test_a_wrong_schedule_has_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = solver(tmp_path, "rows[1][3:5] = [3, 5]\n" + END.format(5), monkeypatch)
    assert found["check"].startswith("machine overlap: ")
    assert (found["objective"], found["claimed"]) == (None, 5)


def test_the_schedule_counts_not_what_is_said_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = solver(tmp_path, END.format(5).replace("feasible", "optimal"), monkeypatch)
    assert (found["check"], found["objective"], found["claimed"], found["status"]) == ("ok", 6, 5, "feasible")


def test_a_crash_is_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = solver(tmp_path, "out(begin=True)\nout(at=1.0, objective=9, bound=None)\nraise ValueError('at /a/b/c.py')",
                   monkeypatch)
    assert (found["status"], found["objective"], found["note"]) == ("crash", None, "ValueError: at c.py")
    assert found["trace"] == [[1.0, 9, None]]


def test_what_runs_on_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WARM_LIMIT", 0.0)
    found = solver(tmp_path, "time.sleep(600)", monkeypatch)
    assert (found["status"], found["objective"]) == ("killed", None)


def test_a_result_before_a_crash_on_the_way_out_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = solver(tmp_path, END.format(6) + "os._exit(3)", monkeypatch)
    assert (found["status"], found["objective"], found["note"][:11]) == ("feasible", 6, "exit code 3")


def test_the_strongest_bound() -> None:
    assert strongest([None, 3, 5], False) == 5
    assert strongest([None, 3, 5], True) == 3
    assert strongest([None], False) is None


def test_the_best_schedule_is_kept(tmp_path: Path) -> None:
    schedule = [Row(*row) for row in GOOD]
    assert keep("a", "ours:tabu", line("a", "ours:tabu", 6), schedule, tmp_path) == "a.ours-tabu.csv"
    assert keep("a", "ours:tabu", line("a", "ours:tabu", 6), schedule, tmp_path) is None
    assert keep("a", "ours:tabu", line("a", "ours:tabu", 5), schedule[:2], tmp_path) == "a.ours-tabu.csv"
    assert (tmp_path / "a.ours-tabu.csv").read_text(encoding="utf-8") == (
        "job,operation,machine,start,end\n0,0,0,0,3\n0,1,1,4,6\n")
    assert json.loads((tmp_path / "a.ours-tabu.json").read_text(encoding="utf-8"))["objective"] == 5
    assert keep("a", "ours", line("a", "ours", None), [], tmp_path) is None


def test_a_peer_without_an_environment_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(race, "PEERS", tmp_path)
    with pytest.raises(SystemExit, match="python -m benchmarks peers"):
        PLAN.python("pyjobshop")
    with pytest.raises(SystemExit, match="there is no solver 'x'"):
        PLAN.python("x")
    assert Plan("s", [], 1, 1, 1, pythons={"pyjobshop": "p"}).python("pyjobshop") == "p"
    assert PLAN.python("ours:tabu") == sys.executable


def test_the_hunt_takes_what_was_neglected_longest(tmp_path: Path) -> None:
    assert open_ones(bench(tmp_path)) == ["a", "b"]
    lines: list[dict[str, Any]] = []
    order = []
    for _ in range(5):
        name, own, seed = next_run(["a", "b"], ["ours"], lines)
        order.append((name, seed))
        lines.append(line(name, own, 100, seed=seed))
    assert order == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)]
