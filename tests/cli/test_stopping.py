"""Being stopped: Ctrl-C gives the best schedule so far, and being killed leaves nothing half-written."""

from __future__ import annotations

import csv
import json
import shutil
import signal
from pathlib import Path

import pytest

from scheduler import load, read_schedule, validate
from tests.cli.kit import PATIENCE, SCENARIOS, process, started, until

STORY = SCENARIOS / "refrigerators"


def test_ctrl_c_returns_the_best_schedule_so_far(tmp_path: Path) -> None:
    with started("solve", STORY, "--out", tmp_path / "out", "--time-limit", "600") as child:
        assert child.stderr is not None
        said = ""
        while "solving" not in said:
            line = child.stderr.readline()
            assert line, f"it ended: {said}"
            said += line
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, err
    assert "Traceback" not in err
    assert "feasible, stopped after" in out
    assert validate(load(STORY), read_schedule(tmp_path / "out" / "schedule.json")) == []


def test_ctrl_c_ends_a_trade_off_with_what_was_found(tmp_path: Path) -> None:
    with started("tradeoff", STORY, "--out", tmp_path / "out", "--time-limit", "60") as child:
        assert child.stderr is not None
        while "2 of 12" not in (line := child.stderr.readline()):
            assert line
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
        assert child.returncode == 0, err
    assert out.startswith("stopped: this is what was found until then")
    assert "no point is recommended" in out
    assert "report of the cheapest one" in out


def test_ctrl_c_stores_and_compares_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "story"
    shutil.copytree(STORY, copy)
    before = (copy / "expected.json").read_bytes()
    with started("expected", copy, "--accept", "--time-limit", "600") as child:
        assert child.stderr is not None
        while "solving" not in (line := child.stderr.readline()):
            assert line
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=PATIENCE)
        assert child.returncode == 130, err
    assert "nothing was compared or stored" in err
    assert (copy / "expected.json").read_bytes() == before


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of an earlier run."""
    out = tmp_path_factory.mktemp("killed") / "earlier"
    assert process("solve", STORY, "--out", out, "--engine", "dispatch", "--quiet").code == 0
    return out


@pytest.mark.parametrize(("after", "again"), [(1, False), (8, False), (1, True), (8, True)])
def test_a_killed_run_leaves_only_whole_files(tmp_path: Path, earlier: Path, after: int, again: bool) -> None:
    """Killed as soon as so many files of the new run are there, whatever their names."""
    out = tmp_path / "out"
    if again:
        shutil.copytree(earlier, out)
    before = {p: p.stat().st_ino for p in out.rglob("*")}

    def fresh() -> list[Path]:
        return [p for p in files(out) if before.get(p) != inode(p)]

    with started("solve", STORY, "--out", out, "--engine", "dispatch", "--quiet") as child:
        until(lambda: len(fresh()) >= after or child.poll() is not None)
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=PATIENCE)
    final = [p for p in files(out) if not p.name.startswith(".")]
    if again:
        assert {p.relative_to(out) for p in final} == {p.relative_to(earlier) for p in files(earlier)}
    for path in final:
        assert whole(path, earlier / path.relative_to(out)), path


def files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file()]


def inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def whole(path: Path, example: Path) -> bool:
    """The file reads to its end like the same one of a run that was not killed."""
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        return set(json.loads(text)) == set(json.loads(example.read_text("utf-8")))
    if path.suffix == ".csv":
        return text.endswith("\n") and len(list(csv.reader(text.splitlines()))) == len(
            list(csv.reader(example.read_text("utf-8").splitlines())))
    return text.rstrip().endswith("</html>")
