"""The first run on a machine: kernels compile in processes of their own, into the cache, and small problems are
answered meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.meanwhile import answer_meanwhile, small
from scheduler.problem.problem import Problem
from scheduler.usecases.compile import KERNELS, Kind, missing

LOOK = 0.1
"""Seconds between two looks at the processes and at the stop event."""


class Compiler:
    """Processes that compile kernels into the cache, one for each kind. Numba writes its cache file by file, each at
    once: one that is ended leaves nothing half-written."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        paths = os.pathsep.join([str(Path(__file__).parents[2]), *(p for p in sys.path if p)])
        # in a session of their own, so that Ctrl-C in a terminal reaches only who asks
        self.processes = [subprocess.Popen(
            [sys.executable, "-P", "-m", "scheduler.usecases.compile", kind], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONPATH": paths}) for kind in kinds]

    def done(self) -> bool:
        """Whether all have ended, however: what could not be compiled is compiled again here, and raises here."""
        return all(process.poll() is not None for process in self.processes)

    def leave(self) -> None:
        """Lets them go on, beyond the end of this process too."""
        for process in self.processes:
            threading.Thread(target=process.wait, daemon=True).start()

    def end(self) -> None:
        """Ends them now."""
        for process in self.processes:
            process.kill()
            process.wait()


def first_run(problem: Problem, kinds: Sequence[Kind], limits: Limits, channel: Channel, meanwhile: bool,
              tell: Callable[[str], None]) -> Result | None:
    """Compiles what the cache lacks; None where it lacks nothing, else what was found until then.

    meanwhile: whether a small problem may be answered before. Where that is final, compiling goes on in the
    background. Setting channel.stop ends compiling and returns.
    """
    lacking = missing(kinds)
    if not lacking:
        return None
    meanwhile = meanwhile and limits.deterministic is None
    tell(_words(lacking, meanwhile, small(problem)))
    compiler, stop = Compiler(lacking), channel.stop
    found = Result("not_found", None, None, None)
    try:
        if meanwhile and small(problem):
            found = answer_meanwhile(problem, limits, channel, lambda: compiler.done() or stop.is_set())
        if final(found, limits.target_gap):
            tell("compiling goes on in the background")
            return found
        while not compiler.done() and not stop.wait(LOOK):
            pass
        return found
    finally:
        if final(found, limits.target_gap):
            compiler.leave()
        else:
            compiler.end()


def final(found: Result, target_gap: float) -> bool:
    """Whether a result needs no further search: it is proved, or the gap asked for is reached."""
    if found.status in ("optimal", "infeasible"):
        return True
    if found.objective is None or len(found.objective) > 1 or found.bound is None:
        return False
    return found.objective[0] - found.bound <= target_gap * abs(found.objective[0])


def _words(kinds: Sequence[Kind], meanwhile: bool, little: bool) -> str:
    """What the progress display says."""
    text = f"compiling kernels (first run on this machine only, {KERNELS[kinds[0]][2]})"
    if not meanwhile:
        return text
    return f"{text}; meanwhile dispatching and CP-SAT answer" if little else f"{text}; too large for an answer before"
