"""The solver's side of a run: what it is asked, and the lines it writes while it works."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.check import KindError, Shop, read_shop

LOG_LINE = re.compile(r"^#(\S+)\s+([\d.]+)s\s+(?:best:(\S+)\s+)?(?:next:\[(\S*?),(\S*?)\]|next:\[\])?")
"""What CP-SAT logs of an incumbent or a bound: number or Bound, seconds, best value, and what is still open."""


class CannotExpressError(Exception):
    """The solver has no model for this kind of problem."""


@dataclass
class Task:
    """What to solve. instance: `index.json#name`; entry: of the index; limit: seconds, from `begin` on; engine: part
    of the solver to use; prototypes: folder of the prototypes; out: file that gets the lines."""

    instance: str
    entry: dict[str, Any]
    limit: float
    workers: int
    seed: int
    engine: str
    prototypes: str
    out: str
    began: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)

    def say(self, **line: Any) -> None:
        with open(self.out, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")

    def begin(self) -> None:
        """The clock starts: everything is imported and compiled, nothing of the instance is read."""
        self.began = time.monotonic()
        self.say(begin=True)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning; 0 before it."""
        return time.monotonic() - self.began if self.began else 0.0

    @property
    def left(self) -> float:
        """Seconds until the limit; a hundredth at least, since 0 means no limit to some solvers."""
        return max(0.01, self.limit - self.elapsed)

    def found(self, objective: float | None, bound: float | None, seconds: float | None = None) -> None:
        """An incumbent, a bound, or both, `seconds` after the beginning (default: now)."""
        self.say(at=round(self.elapsed if seconds is None else seconds, 3), objective=objective, bound=bound)

    def end(self, status: str, objective: float | None, bound: float | None, rows: Iterable[Iterable[int]],
            note: str = "") -> None:
        """The result. rows: job, operation, machine, start, end, worker (-1: none), as `check.py` counts them."""
        used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.say(status=status, objective=objective, bound=bound, wall=round(self.elapsed, 3), note=note,
                 megabytes=used // 1024, versions=self.versions, rows=[list(row) for row in rows])


def serve(packages: Iterable[str], warm: Callable[[Task], None], solve: Callable[[Task], None]) -> None:
    """Runs a solver on the task on standard input: `warm` before the clock starts, then `solve`. `packages`: whose
    versions are recorded. An error is left to end the process, which the other side records as a crash."""
    task = Task(**json.loads(sys.stdin.readline()))
    task.versions = {name: version(name) for name in packages}
    try:
        warm(task)
        task.begin()
        solve(task)
    except CannotExpressError as reason:
        task.end("cannot express", None, None, [], str(reason))


def shop_of(task: Task) -> Shop:
    """The instance as a job shop. Raises CannotExpressError where it is none."""
    try:
        return read_shop(task.instance)
    except KindError as reason:
        raise CannotExpressError(str(reason)) from None


@contextmanager
def captured(file: Path) -> Any:
    """Standard output of this process, compiled parts included, goes to `file`."""
    sys.stdout.flush()
    kept = os.dup(1)
    with file.open("w", encoding="utf-8") as lines:
        os.dup2(lines.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)


def tell_log(task: Task, text: str, offset: float) -> None:
    """The incumbents and bounds in a log of CP-SAT that began `offset` seconds after the task. Minimisation."""
    for line in text.splitlines():
        match = LOG_LINE.match(line)
        if not match or match[1] in ("Done", "Model"):
            continue
        best = float(match[3]) if match[3] and match[3] not in ("inf", "-inf") else None
        bound = float(match[4]) if match[4] else None
        # a line of a bound repeats the best value
        task.found(None if match[1] == "Bound" else best, bound, offset + float(match[2]))


def pin(workers: int) -> None:
    """Keeps this process on as many cores as there are workers, for solvers that take all they see."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workers])
