"""Running the command line: in this process where enough, as a process of its own where it must be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.main import run

PATIENCE = 120
"""Seconds after which a process counts as hung."""
INSTANCES = Path(__file__).parents[1] / "data" / "instances"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
QUICK = ("--time-limit", "0.3", "--quiet")

PRESS = """\
version: 1
name: press shop
origin: 2026-03-02 00:00
plant:
  cells:
    presses:
      hourly_cost: 60
      capabilities: [press]
      resources: {press-1: {}}
catalog:
  families:
    bracket:
      operations:
        press: {capability: press, work: {fixed: 3 h}}
policy: {time_limit: 2 s}
orders:
  - {id: first, family: bracket, due: 2026-03-02 04:00, penalty_per_day: 240%(first)s}
  - {id: second, family: bracket, due: 2026-03-02 04:00, penalty_per_day: 24%(second)s}
  - {id: third, family: bracket%(third)s}
"""
"""One press and three orders of three hours; the places take more fields of an order."""


@dataclass(frozen=True)
class Said:
    """What a run of the command line said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output; fails where there is anything else."""
        assert len(self.out.splitlines()) == 1, self.out
        return json.loads(self.out)


Call = Callable[..., Said]


def caller(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """call('solve', path, ...) runs the command line in this process."""
    def call(*words: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["scheduler", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run()
        said = capsys.readouterr()
        code = left.value.code
        return Said(code if isinstance(code, int) else int(code is not None), said.out, said.err)

    return call


def process(*words: str | Path, cwd: Path | None = None) -> Said:
    """Runs `python -m scheduler` to its end."""
    done = subprocess.run([sys.executable, "-m", "scheduler", *map(str, words)], cwd=cwd, capture_output=True,
                          text=True, timeout=PATIENCE, env=environment(), check=False)
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A running `python -m scheduler`, killed at the end if it still runs."""
    child = subprocess.Popen([sys.executable, "-u", "-m", "scheduler", *map(str, words)], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=environment())
    try:
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
        child.communicate(timeout=PATIENCE)


def environment() -> dict[str, str]:
    """The environment of a child: finds the package wherever this process found it."""
    package = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])}


def until(happened: Callable[[], bool]) -> None:
    """Waits until something has happened; fails where it does not."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)


def press_shop(folder: Path, first: str = "", second: str = "", third: str = "") -> Path:
    """Writes the press shop with further fields of its orders, such as ', deadline: 2026-03-02 04:00'."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_text(PRESS % {"first": first, "second": second, "third": third}, "utf-8")
    return folder


TIGHT = {"first": ", deadline: 2026-03-02 05:00", "second": ", deadline: 2026-03-02 05:00"}
"""Both cannot be: the press needs six hours."""
