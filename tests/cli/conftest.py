"""What tests of the command line share: a way to call it, a works to schedule, its schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli.solving import solve
from scheduler.formats.starter import create
from tests.cli.kit import Call, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """The command line in this process, in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return caller(capsys, monkeypatch)


@pytest.fixture(scope="session")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter scenario."""
    folder = tmp_path_factory.mktemp("cli") / "works"
    create(folder)
    return folder


@pytest.fixture(scope="session")
def solved(works: Path) -> Path:
    """The results of the starter scenario."""
    return results(works, "solved", engine="dispatch")


@pytest.fixture(scope="session")
def improved(works: Path) -> Path:
    """Other results of the starter scenario."""
    return results(works, "improved", engine="annealing", deterministic_limit=0.3)


def results(works: Path, name: str, **given: object) -> Path:
    out = works.parent / name
    assert solve(str(works), out, given, json=False, quiet=True) == 0
    return out
