"""The same seed with a deterministic limit and one worker gives the same schedule, whenever and wherever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import INSTANCES, SCENARIOS, process

PATHS = [SCENARIOS / "special_vehicles", f"{INSTANCES / 'index.json'}#mk01"]


@pytest.mark.parametrize("path", PATHS, ids=["special vehicles", "mk01"])
def test_twice_the_same(tmp_path: Path, path: str | Path) -> None:
    if isinstance(path, Path) and not path.exists():
        pytest.skip("the scenarios are not here")
    for name in ("one", "two"):
        said = process("solve", path, "--out", tmp_path / name, "--deterministic-limit", "0.2", "--workers", "1",
                       "--time-limit", "300", "--seed", "3", "--quiet")
        assert said.code == 0, said.err
    assert (tmp_path / "one" / "schedule.csv").read_bytes() == (tmp_path / "two" / "schedule.csv").read_bytes()
    assert (tmp_path / "one" / "kpis.json").read_bytes() == (tmp_path / "two" / "kpis.json").read_bytes()
