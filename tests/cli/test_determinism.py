"""The same seed with a deterministic limit and one worker gives the same schedule, whenever and wherever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import INSTANCES, SCENARIOS, Said, process

PATHS = [SCENARIOS / "special_vehicles", f"{INSTANCES / 'index.json'}#mk01", INSTANCES / "Fattahi_setup_02.fjs"]


def solve(path: str | Path, out: Path, *more: str) -> Said:
    said = process("solve", path, "--out", out, "--deterministic-limit", "0.6", "--workers", "1", "--time-limit", "300",
                   "--quiet", *more)
    assert said.code == 0, said.err
    return said


@pytest.mark.parametrize("path", PATHS, ids=["special vehicles", "mk01", "setups"])
@pytest.mark.parametrize("engine", ["auto"])
def test_twice_the_same(tmp_path: Path, path: str | Path, engine: str) -> None:
    if isinstance(path, Path) and not path.exists():
        pytest.skip("the scenarios are not here")
    for name in ("one", "two"):
        solve(path, tmp_path / name, "--engine", engine, "--seed", "3")
    assert (tmp_path / "one" / "schedule.csv").read_bytes() == (tmp_path / "two" / "schedule.csv").read_bytes()
    assert (tmp_path / "one" / "kpis.json").read_bytes() == (tmp_path / "two" / "kpis.json").read_bytes()
