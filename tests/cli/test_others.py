"""tradeoff, schema, new, expected, public instances, help."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cli.kit import INSTANCES, QUICK, Call, environment, press_shop

KINDS = ("scenario", "schedule", "kpis", "deliveries")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tradeoff_writes_the_frontier(call: Call, works: Path, tmp_path: Path) -> None:
    said = call("tradeoff", works, "--points", "4", "--time-limit", "2", "--out", tmp_path / "t", "--quiet")
    assert said.code == 0
    points = table(tmp_path / "t" / "tradeoff.csv")
    assert 1 <= len(points) <= 4
    assert [p["point"] for p in points] == list("ABCD")[: len(points)]
    costs, speeds = ([float(p[k]) for p in points] for k in ("production_cost", "lead_time_days"))
    assert costs == sorted(costs)
    assert speeds == sorted(speeds, reverse=True)
    assert all(float(p["bound"]) <= float(p["production_cost"]) for p in points)
    assert (tmp_path / "t" / "tradeoff.png").read_bytes().startswith(b"\x89PNG")
    assert "</html>" in (tmp_path / "t" / "report.html").read_text("utf-8")
    for point in points:
        assert call("validate", works, tmp_path / "t" / "points" / point["point"]).code == 0
    assert "plot: " in said.out


def test_tradeoff_as_json(call: Call, works: Path, tmp_path: Path) -> None:
    said = call("tradeoff", works, "--points", "4", "--time-limit", "2", "--json")
    assert said.code == 0
    assert said.err == ""
    found = said.json
    assert set(found) == {"status", "measure", "points", "recommended", "sentences", "wall_seconds"}
    assert len(found["sentences"]) == len(found["points"]) - 1
    assert len(table(tmp_path / "out" / "works" / "tradeoff.csv")) == len(found["points"])


def test_tradeoff_where_nothing_can_be_found(call: Call, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "shop", first=", deadline: 2026-03-02 02:00")
    said = call("tradeoff", shop, "--points", "3", "--time-limit", "1", "--json")
    assert said.code in (3, 4)
    assert said.json["points"] == []


def obeys(call: Call, folder: Path) -> None:
    """The files of a folder against the schemas that are printed."""
    for name in ("schedule", "kpis"):
        written = json.loads((folder / f"{name}.json").read_text("utf-8"))
        jsonschema.validate(written, json.loads(call("schema", name).out))
    jsonschema.validate(table(folder / "deliveries.csv"), json.loads(call("schema", "deliveries").out))


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_schemas(call: Call, kind: str) -> None:
    said = call("schema", kind)
    assert said.code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(said.out))


def test_results_obey_the_schemas(call: Call, solved: Path, improved: Path) -> None:
    obeys(call, solved)
    obeys(call, improved)


def test_results_of_an_instance_obey_them_too(call: Call, tmp_path: Path) -> None:
    path = f"{INSTANCES / 'index.json'}#abz5_f1.3"
    assert call("solve", path, "--engine", "dispatch", "--quiet").code == 0
    obeys(call, tmp_path / "out" / "abz5_f1.3")


@pytest.mark.parametrize(("path", "jobs", "resources", "operations"), [
    ("index.json#mk01", 10, 6, 55), ("mk01.fjs", 10, 6, 55), ("la01.txt", 10, 5, 50), ("fattahi2.fjs", 2, 2, 4),
    ("DAFJS02.txt", None, 5, 25), ("Fattahi_setup_02.fjs", 2, 2, 4)])
def test_instances_are_told_in_their_own_numbers(call: Call, tmp_path: Path, path: str, jobs: int | None,
                                                 resources: int, operations: int) -> None:
    said = call("solve", INSTANCES / path, "--json", "--engine", "dispatch")
    assert said.code == 0
    rows = table(tmp_path / "out" / path.rpartition("#")[2].partition(".")[0] / "schedule.csv")
    assert list(rows[0])[:8] == ["order", "operation", "resource", "start", "end", "lot", "mode", "configuration"]
    assert len(rows) == operations
    order, number, resource = ({int(r[k]) for r in rows} for k in ("order", "operation", "resource"))
    assert min(order) == 0
    assert jobs is None or order == set(range(jobs))
    assert resource <= set(range(resources))
    assert min(number) == 0
    assert max(int(r["end"]) for r in rows) == said.json["makespan"] == said.json["objective"]
    assert all(int(r["start"]) <= int(r["end"]) for r in rows)


def test_new_makes_a_scenario_that_solves(call: Call, tmp_path: Path) -> None:
    said = call("new", "mine")
    assert said.code == 0
    assert said.out == "wrote mine/; now edit its scenario.yaml and run: scheduler solve mine\n"
    assert call("solve", "mine", *QUICK).code == 0
    assert call("validate", "mine", tmp_path / "out" / "mine").code == 0
    (tmp_path / "mine" / "orders.csv").write_text("mine", "utf-8")
    again = call("new", "mine")
    assert again.code == 2
    assert "already; name a new folder" in again.err
    assert (tmp_path / "mine" / "orders.csv").read_text("utf-8") == "mine"


def test_expected_results_are_stored_and_compared(call: Call, works: Path, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "shop")
    said = call("expected", shop, "--quiet")
    assert said.code == 2
    assert "store results with '--accept'" in said.err
    said = call("expected", shop, "--accept", "--quiet")
    assert said.code == 0
    stored = json.loads((shop / "expected.json").read_text("utf-8"))
    assert stored["values"]["status"] == "optimal"
    assert call("expected", shop, "--quiet").out == "all results as expected\n"
    text = (shop / "scenario.yaml").read_text("utf-8").replace("fixed: 3 h", "fixed: 4 h")
    (shop / "scenario.yaml").write_text(text, "utf-8")
    said = call("expected", shop, "--quiet")
    assert said.code == 1
    assert "makespan: 720, expected 540" in said.err
    assert said.out.endswith("results differ\n")
    assert call("expected", shop, "--accept", "--quiet").code == 0
    assert call("expected", shop, "--quiet").code == 0


def test_version_and_help(call: Call) -> None:
    assert call("--version").out.strip()[0].isdigit()
    said = call("--help")
    assert said.code == 0
    for command in ("solve", "validate", "explain", "tradeoff", "compare", "schema", "new", "expected"):
        assert command in said.out
    for option in ("--out", "--time-limit", "--target-gap", "--engine", "--workers", "--seed",
                   "--deterministic-limit", "--json", "--quiet"):
        assert option in call("solve", "--help").out
    assert call().code in (0, 2)


def test_help_needs_nothing_heavy() -> None:
    """What makes help fast, said without a clock: none of the large libraries is loaded."""
    code = ("import sys\nfrom scheduler.cli.main import run\nsys.argv = ['scheduler', 'solve', '--help']\n"
            "try:\n    run()\nexcept SystemExit:\n    pass\n"
            "print([m for m in ('numpy', 'ortools', 'numba', 'pandas', 'networkx', 'matplotlib') "
            "if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_failure(works: Path, solved: Path) -> None:
    """`scheduler schema scenario | head -1`"""
    child = subprocess.Popen([sys.executable, "-m", "scheduler", "schema", "scenario"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=environment())
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()
    child.wait()
    assert "Traceback" not in err


def test_names_with_spaces_and_letters(call: Call, tmp_path: Path) -> None:
    shop = press_shop(tmp_path / "Präzision & Söhne")
    assert call("solve", shop, *QUICK).code == 0
    (folder,) = (tmp_path / "out").iterdir()
    assert call("validate", shop, folder).code == 0
    shutil.rmtree(tmp_path / "out")


def test_help_says_what_holds_without_an_option(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words in brackets would be swallowed as markup."""
    monkeypatch.setenv("COLUMNS", "240")
    text = call("solve", "--help").out
    for words in ("out/<scenario>/", "(default: the scenario's own)", "random seed (default: the scenario's)"):
        assert words in text
