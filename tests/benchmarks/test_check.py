"""The standalone checker: for each rule a schedule that it allows and one that it forbids, on hand-made instances."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.check import KindError, Row, RuleError, Windows, check

CHECK = Path(__file__).parents[2] / "benchmarks" / "check.py"

# two jobs; job 0 has two operations, the first on machine 0 or 1
FLEXIBLE = "2 2 1.5\n2 2 0 3 1 4 1 1 2\n1 1 0 5\n"
JOB_SHOP = "2 2\n0 3 1 2\n1 4 0 1\n"
SETUPS = "2 1\n1 1 1 3\n1 1 1 2\n\n0 4\n5 0\n"
OPERATION_SETUPS = "1 1\n2 1 1 3 1 1 2\n\n9 4\n5 9\n"
WORKERS = "2 2 2\n1 1 1 2 1 3 2 4\n1 1 2 1 1 5\n"
DAG = "3 2 2\n0 2\n1 2\n1 0 3\n1 1 4\n1 0 2\n"
ACCEPTANCE = "0,2,0,0\n0,3,4,0\n0,6,9,0\n0,8,20,0\n0,10,7,0\n0,2,1,0\n0,1,2,0\n0,0,3,0\n0,4,0,0\n0,0,0,0\n"
PRINTING = {
    "resources": [{"id": 1, "setup_size": [1, 2], "setup_color": 1, "setup_varnish": 1,
                   "availability": [0, 10, 14, 30]}],
    "jobs": [{"id": 1, "topology": [
        {"id": 1, "size": 1, "color": 1, "varnish": 1, "resources": [1], "time": [4], "release": 5, "starting": -1,
         "overlap": 1.0, "sucessors": [2]},
        {"id": 2, "size": 1, "color": 1, "varnish": 1, "resources": [1], "time": [3], "release": 0, "starting": -1,
         "overlap": 1.0, "sucessors": []}]}]}


def rows(*given: tuple[int, ...]) -> list[Row]:
    return [Row(*row) for row in given]


FLEXIBLE_GOOD = rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5), (1, 0, 0, 3, 8))
CASES = {
    "flexible.fjs": (FLEXIBLE, FLEXIBLE_GOOD, 8, [
        ("missing", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5))),
        ("once", [*FLEXIBLE_GOOD, Row(1, 0, 0, 8, 13)]),
        ("unknown", [*FLEXIBLE_GOOD, Row(2, 0, 0, 8, 13)]),
        ("unknown", [*FLEXIBLE_GOOD, Row(1, 1, 0, 8, 13)]),
        ("time", rows((0, 0, 0, -3, 0), (0, 1, 1, 3, 5), (1, 0, 0, 3, 8))),
        ("eligible", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5), (1, 0, 1, 5, 10))),
        ("duration", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5), (1, 0, 0, 3, 7))),
        ("duration", rows((0, 0, 1, 0, 3), (0, 1, 1, 3, 5), (1, 0, 0, 3, 8))),
        ("precedence", rows((0, 0, 0, 0, 3), (0, 1, 1, 2, 4), (1, 0, 0, 3, 8))),
        ("machine overlap", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5), (1, 0, 0, 2, 7)))]),
    "shop.txt": (JOB_SHOP, rows((0, 0, 0, 0, 3), (0, 1, 1, 4, 6), (1, 0, 1, 0, 4), (1, 1, 0, 4, 5)), 6, [
        ("machine overlap", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5), (1, 0, 1, 0, 4), (1, 1, 0, 4, 5)))]),
    "setups.fjs": (SETUPS, rows((0, 0, 0, 0, 3), (1, 0, 0, 7, 9)), 9, [
        ("setup", rows((0, 0, 0, 0, 3), (1, 0, 0, 6, 8))),
        ("setup", rows((1, 0, 0, 0, 2), (0, 0, 0, 6, 9)))]),
    "operation_setups.fjs": (OPERATION_SETUPS, rows((0, 0, 0, 0, 3), (0, 1, 0, 7, 9)), 9, [
        ("setup", rows((0, 0, 0, 0, 3), (0, 1, 0, 6, 8)))]),
    "workers.fjsw": (WORKERS, rows((0, 0, 0, 0, 4, 1), (1, 0, 1, 0, 5, 0)), 5, [
        ("eligible", rows((0, 0, 0, 0, 4, 1), (1, 0, 1, 0, 5, 1))),
        ("duration", rows((0, 0, 0, 0, 3, 1), (1, 0, 1, 0, 5, 0))),
        ("worker overlap", rows((0, 0, 0, 0, 3, 0), (1, 0, 1, 0, 5, 0)))]),
    "dag.txt": (DAG, rows((0, 0, 0, 0, 3), (0, 1, 1, 0, 4), (0, 2, 0, 4, 6)), 6, [
        ("precedence", rows((0, 0, 0, 0, 3), (0, 1, 1, 0, 4), (0, 2, 0, 3, 5)))]),
    "orders.txt": (ACCEPTANCE, rows((1, 0, 0, 3, 6), (2, 0, 0, 9, 13)), 10 + 7 - 4, [
        ("once", rows((1, 0, 0, 3, 6), (1, 0, 0, 9, 12))),
        ("unknown", rows((3, 0, 0, 3, 6))),
        ("duration", rows((1, 0, 0, 3, 5))),
        ("setup", rows((1, 0, 0, 2, 5))),
        ("setup", rows((1, 0, 0, 3, 6), (2, 0, 0, 8, 12))),
        ("deadline", rows((1, 0, 0, 6, 9)))]),
    # the first operation works 4 ticks from 8 on, pauses from 10 to 14
    "press.json": (json.dumps(PRINTING), rows((1, 1, 1, 8, 16), (1, 2, 1, 16, 19)), 19, [
        ("missing", rows((1, 1, 1, 8, 16))),
        ("once", rows((1, 1, 1, 8, 16), (1, 2, 1, 16, 19), (1, 2, 1, 19, 22))),
        ("unknown", rows((1, 1, 1, 8, 16), (1, 2, 1, 16, 19), (1, 3, 1, 19, 22))),
        ("eligible", rows((1, 1, 2, 8, 16), (1, 2, 1, 16, 19))),
        ("closed", rows((1, 1, 1, 12, 18), (1, 2, 1, 18, 21))),
        ("duration", rows((1, 1, 1, 8, 12), (1, 2, 1, 16, 19))),
        ("release", rows((1, 1, 1, 4, 8), (1, 2, 1, 16, 19))),
        ("precedence", rows((1, 1, 1, 17, 21), (1, 2, 1, 14, 17)))])}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, (text, *_) in CASES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", CASES)
def test_allows_what_breaks_no_rule(place: Path, name: str) -> None:
    assert check(str(place / name), CASES[name][1]).objective == CASES[name][2]


@pytest.mark.parametrize(("name", "rule", "schedule"), [
    pytest.param(name, rule, schedule, id=f"{name} {rule} {i}")
    for name, (_, _, _, cases) in CASES.items() for i, (rule, schedule) in enumerate(cases)])
def test_forbids_what_breaks_a_rule(place: Path, name: str, rule: str, schedule: list[Row]) -> None:
    with pytest.raises(RuleError) as told:
        check(str(place / name), schedule)
    assert told.value.rule == rule


def test_what_takes_no_time_occupies_nothing(tmp_path: Path) -> None:
    (tmp_path / "zero.fjs").write_text("2 1\n1 1 0 4\n1 1 0 0\n", encoding="utf-8")
    assert check(str(tmp_path / "zero.fjs"), rows((0, 0, 0, 0, 4), (1, 0, 0, 2, 2))).objective == 4


def test_setups_of_a_press_come_before_the_first_operation_and_on_changes(tmp_path: Path) -> None:
    changed = json.loads(json.dumps(PRINTING))
    changed["resources"][0]["setup_size"] = [6, 2]
    changed["jobs"][0]["topology"][0]["size"] = 2
    (tmp_path / "press.json").write_text(json.dumps(changed), encoding="utf-8")
    place = str(tmp_path / "press.json")
    # six of open time between 18 and 24, published: without a pause
    assert check(place, rows((1, 1, 1, 14, 18), (1, 2, 1, 24, 27))).objective == 27
    for first, second in (((1, 1, 1, 7, 15), (1, 2, 1, 24, 27)), ((1, 1, 1, 14, 18), (1, 2, 1, 23, 26))):
        with pytest.raises(RuleError) as told:
            check(place, rows(first, second))
        assert told.value.rule == "setup"


def test_a_setup_over_closed_time_is_noted(tmp_path: Path) -> None:
    (tmp_path / "press.json").write_text(json.dumps({
        **PRINTING, "resources": [{**PRINTING["resources"][0], "setup_size": [9, 9]}]}), encoding="utf-8")
    found = check(str(tmp_path / "press.json"), rows((1, 1, 1, 15, 19), (1, 2, 1, 19, 22)))
    assert found.note == "1 setups not as published"


def test_a_successor_may_overlap_by_its_share_and_a_given_start_holds(tmp_path: Path) -> None:
    file = json.loads(json.dumps(PRINTING))
    file["resources"].append({**file["resources"][0], "id": 2})
    first, second = file["jobs"][0]["topology"]
    first["overlap"] = 0.3
    second["resources"] = [2]
    first["starting"] = 14
    place = tmp_path / "press.json"
    place.write_text(json.dumps(file), encoding="utf-8")
    # 30 % of 4 is 2 whole ticks, and it ends no earlier
    assert check(str(place), rows((1, 1, 1, 14, 18), (1, 2, 2, 16, 19))).objective == 19
    for rule, schedule in (("precedence", rows((1, 1, 1, 14, 18), (1, 2, 2, 15, 18))),
                           ("given start", rows((1, 1, 1, 15, 19), (1, 2, 2, 17, 20)))):
        with pytest.raises(RuleError) as told:
            check(str(place), schedule)
        assert told.value.rule == rule


def test_open_time() -> None:
    windows = Windows([0, 10, 14, 30])
    assert windows.between(5, 16) == 7
    assert windows.end_of(8, 2) == 10
    assert windows.end_of(8, 3) == 15
    assert windows.end_of(28, 5) == 33
    assert [windows.open_at(t) for t in (9, 10, 13, 14, 99)] == [True, False, False, True, True]


def test_due_dates_and_first_jobs_come_from_the_index(tmp_path: Path) -> None:
    (tmp_path / "shop.txt").write_text(JOB_SHOP, encoding="utf-8")
    (tmp_path / "packed.fjs").write_bytes(gzip.compress(FLEXIBLE.encode()))
    (tmp_path / "index.json").write_text(json.dumps({
        "late": {"set": "x", "file": "shop.txt", "due_dates": [4, 9], "weights": [3, 1]},
        "one": {"set": "x", "file": "shop.txt", "use_first_jobs": 1, "due_dates": [4], "weights": [3]},
        "packed": {"set": "x", "file": "packed.fjs"},
        "unknown": {"set": "rms_reconfig_assembly", "file": "shop.txt"}}), encoding="utf-8")
    index = tmp_path / "index.json"
    assert check(f"{index}#late", CASES["shop.txt"][1]).objective == 3 * 2
    assert check(f"{index}#one", rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 5))).objective == 3
    assert check(f"{index}#packed", FLEXIBLE_GOOD).objective == 8
    with pytest.raises(KindError):
        check(f"{index}#unknown", FLEXIBLE_GOOD)


def test_machines_counted_from_one(tmp_path: Path) -> None:
    (tmp_path / "one.fjs").write_text("1 2\n2 1 1 3 1 2 4\n", encoding="utf-8")
    assert check(str(tmp_path / "one.fjs"), rows((0, 0, 0, 0, 3), (0, 1, 1, 3, 7))).objective == 7


@pytest.mark.parametrize(("lines", "code", "said"), [
    ("job,operation,machine,start,end\n0,0,0,0,3\n0,1,1,3,5\n1,0,0,3,8\n", 0, "feasible, objective 8\n"),
    ("job,operation,machine,start,end\n0,0,0,0,3\n0,1,1,3,5\n1,0,0,4,9\n", 1, "objective: it is 9, not 8\n"),
    ("job,operation,machine,start,end\n0,0,0,0,3\n0,1,1,3,5\n1,0,0,2,7\n", 1, "machine overlap: "),
    ("job,operation\n0,0\n", 1, "file: ")])
def test_as_a_program(place: Path, lines: str, code: int, said: str) -> None:
    (place / "schedule.csv").write_text(lines, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-I", str(CHECK), str(place / "flexible.fjs"), str(place / "schedule.csv"),
                          "--objective", "8"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout[:len(said)]) == (code, said), ran.stderr


def test_imports_the_standard_library_only() -> None:
    tops = {(node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
            for node in ast.walk(ast.parse(CHECK.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    assert tops <= set(sys.stdlib_module_names)
