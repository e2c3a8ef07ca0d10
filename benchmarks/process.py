"""One run of a solver in a process of its own, with a hard wall limit."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.check import MAXIMISED, KindError, Row, RuleError, check
from benchmarks.raw import ROOT, Line

MODULES = {"ours": "ours", "pyjobshop": "pyjobshop", "cpsat": "textbook", "jobshoplib": "jobshoplib",
           "prototype": "prototype", "without": "without"}
"""Module of each solver; `solver:part` chooses a part of it (an engine, a program, what is left out)."""
WARM_LIMIT = 600.0
"""Seconds in which a solver must have loaded and compiled."""
POLL = 0.2


def run_once(bench: Bench, name: str, solver: str, limit: float, workers: int, seed: int, *, python: str = "",
             prototypes: str = "", grace: float = 60.0) -> tuple[Line, list[Row]]:
    """What a solver made of an instance, and its schedule.

    limit: seconds, from the moment the solver has loaded; it is killed `grace` seconds later. Of the line, `status` is
    optimal, feasible, infeasible, not_found, cannot express, crash or killed; `check` is ok, `none` without a
    schedule, `not checked: why`, or the broken rule; wall: seconds; trace: [seconds, objective, bound].
    """
    base, _, part = solver.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        out, errors = Path(folder) / "lines", Path(folder) / "errors"
        task = {"instance": bench.place(name), "entry": bench.index[name], "limit": limit, "workers": workers,
                "seed": seed, "engine": part, "prototypes": prototypes, "out": str(out)}
        code, seconds = _call([python or sys.executable, "-m", f"benchmarks.solvers.{MODULES[base]}"],
                              json.dumps(task) + "\n", out, errors, limit + grace)
        said = _lines(out)
        reason = _last_words(errors)
    ends = [line for line in said if "status" in line]
    trace = [[line["at"], whole(line["objective"]), whole(line["bound"])] for line in said if "at" in line]
    if not ends:
        status = "killed" if code is None else "crash"
        note = reason if code is not None else f"still running {grace:g} s after the limit"
        return {"status": status, "objective": None, "bound": None, "check": "none", "note": note, "code_of_exit": code,
                "wall": round(seconds, 3), "trace": trace, "versions": {}, "megabytes": None}, []
    end = ends[-1]
    end["objective"] = whole(end["objective"])
    end["bound"] = strongest([end["bound"], *(bound for _, _, bound in trace)], bench.index[name]["set"] in MAXIMISED)
    rows = [Row(*row) for row in end.pop("rows")]
    if code:
        # it fell over on its way out; the result was complete, and the note says so
        end["note"] = f"exit code {code} after the result: {reason}"
    return {**end, **_checked(bench.place(name), end, rows), "trace": trace}, rows


def whole(value: float | None) -> float | None:
    """Without a decimal point where there is nothing behind it: solvers differ in how they say 40."""
    return int(value) if value is not None and value == int(value) else value


def strongest(bounds: Iterable[float | None], maximised: bool) -> float | None:
    """The strongest of the bounds that were proved on the way; a solver may forget its bound without a schedule."""
    told = [bound for bound in bounds if bound is not None]
    return None if not told else whole(min(told) if maximised else max(told))


def _checked(instance: str, end: Line, rows: list[Row]) -> Line:
    """The verdict of the standalone checker. A schedule that it refuses has no value; one that is worth something else
    than the solver said (`claimed`) has the value that the checker sees, and is no proof."""
    if end["objective"] is None:
        return {"check": "none"}
    try:
        found = check(instance, rows)
    except KindError as reason:
        return {"check": f"not checked: {reason}"}
    except RuleError as broken:
        return {"check": f"{broken.rule}: {broken}", "claimed": end["objective"], "objective": None}
    said: Line = {"check": "ok", **({"check_note": found.note} if found.note else {})}
    if abs(found.objective - end["objective"]) > 1e-6:
        # the schedule is what counts: some models leave slack in what they add up, and say more than they reached
        said.update(objective=whole(found.objective), claimed=end["objective"])
        if end["status"] == "optimal":
            said["status"] = "feasible"
    return said


def _call(called: list[str], said: str, out: Path, errors: Path, limit: float) -> tuple[int | None, float]:
    """(exit code, or None where it was killed; seconds since the solver said that it begins)."""
    with errors.open("w", encoding="utf-8") as told:
        process = subprocess.Popen(called, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told,
                                   text=True, start_new_session=True)
        try:
            return _wait(process, said, out, limit)
        finally:
            _kill(process)  # whatever it started and left behind would disturb the next run


def _wait(process: subprocess.Popen[str], said: str, out: Path, limit: float) -> tuple[int | None, float]:
    assert process.stdin is not None
    try:
        process.stdin.write(said)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended before it read: its exit code says so
    opened, begun = time.monotonic(), 0.0
    while True:
        try:
            code = process.wait(timeout=POLL)
            return code, time.monotonic() - (begun or opened)
        except subprocess.TimeoutExpired:
            now = time.monotonic()
        if not begun and out.exists() and out.stat().st_size:
            begun = now
        if now - (begun or opened) > (limit if begun else WARM_LIMIT):
            return None, now - (begun or opened)


def _kill(process: subprocess.Popen[str]) -> None:
    """Ends the solver and the processes that it started: the session was made for it alone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _lines(file: Path) -> list[Line]:
    found: list[Line] = []
    for text in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        try:
            found.append(json.loads(text))
        except ValueError:
            break  # it was killed in the middle of a line
    return found


def _last_words(errors: Path) -> str:
    """The last line a solver wrote about its end, without paths of this machine."""
    lines = [line for line in errors.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return re.sub(r"/\S*/", "", lines[-1].strip())[:300] if lines else ""


def text_of(objective: Any) -> str:
    """A number for people; '-' for none."""
    if objective is None:
        return "-"
    return f"{objective:.0f}" if objective == round(objective) else f"{objective:.4f}".rstrip("0")
