"""Our own solver through its façade; `ours:ENGINE` is one engine instead of the portfolio."""

from __future__ import annotations

import json
import random
import tempfile
from math import ceil
from pathlib import Path
from typing import Any

from benchmarks.solvers.talk import CannotExpressError, Task, serve
from scheduler import InputError, Options, Outcome, load, solve

RULED = ("fjsp_w", "ops", "oas_cesaret", "rms_reconfig_assembly", "fajsp_bom_linshan")
"""Sets of problems with rules, which have kernels of their own."""
UNREAD = {"sm_wtsds": "there is no reader of this format"}
WARM_SECONDS = 1.5


def warm(task: Task) -> None:
    """Compiles by solving a generated instance of the same kind: 8 jobs of 4 operations on 3 machines, which no
    dispatching rule solves at once, so that the searches run too."""
    if task.entry["set"] in UNREAD:
        raise CannotExpressError(UNREAD[task.entry["set"]])
    with tempfile.TemporaryDirectory() as folder:
        scenario = load(tiny(Path(folder), task.entry))
        try:
            # a deterministic limit waits for the compiler, as a time limit on small problems does not
            solve(scenario, Options(engine=task.engine or "auto", deterministic_limit=1e-4, seed=1))
            solve(scenario, Options(engine=task.engine or "auto", time_limit=WARM_SECONDS, workers=task.workers,
                                    seed=1))
        except InputError as reason:
            if not task.engine:
                raise
            # an engine for some problems only; the portfolio has no such excuse
            raise CannotExpressError(str(reason)) from None


def tiny(folder: Path, entry: dict[str, Any]) -> str:
    """Writes the generated instance; its path, or `index.json#tiny` where due dates matter."""
    luck = random.Random(1)
    lines = ["8 3" + (" 2" if entry.get("set") in RULED else "")]
    for _ in range(8):
        job = ["4"]
        for _ in range(4):
            duration = str(luck.randint(2, 20))
            if entry.get("set") in RULED:
                job += ["1", str(luck.randint(1, 3)), "2", "1", duration, "2", duration]
            else:
                job += ["2", "1", duration, str(luck.randint(2, 3)), str(luck.randint(2, 20))]
        lines.append(" ".join(job))
    if "setup" in entry:
        lines += [" ".join(str(luck.randint(1, 5)) for _ in range(8)) for _ in range(24)]
    file = folder / ("tiny.fjsw" if entry.get("set") in RULED else "tiny.fjs")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if "due_dates" not in entry:
        return str(file)
    index = {"tiny": {"file": file.name, "due_dates": [30] * 8, "weights": [1, 2] * 4}}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return f"{folder / 'index.json'}#tiny"


def run(task: Task) -> None:
    scenario = load(task.instance)
    factor, addend = unit(task, int(scenario.orders.price.sum()))

    def own(value: float | None) -> float | None:
        return None if value is None else round(addend + factor * value, 6)

    found = solve(scenario, Options(
        engine=task.engine or "auto", time_limit=task.left, workers=task.workers, seed=task.seed,
        listen=lambda event: task.found(own(event.objective), own(event.bound))))
    bound = found.bound
    if bound is not None and factor == 1.0:
        bound = ceil(bound - 1e-6)
    task.end(found.status, own(found.objective), own(bound), rows_of(found, task.entry), found.bound_source)


def unit(task: Task, prices: int) -> tuple[float, float]:
    """(factor, addend) from our objective to the instance's: money of order acceptance, ticks of modules."""
    if task.entry["set"] == "oas_cesaret":
        return -1e-4, prices / 1e4
    if task.entry["set"] == "rms_reconfig_assembly":
        file = Path(task.instance.rpartition("#")[0]).parent / task.entry["file"]
        return float(json.loads(file.read_text(encoding="utf-8"))["instance"]["time"]["resolution"]), 0.0
    return 1.0, 0.0


def rows_of(found: Outcome, entry: dict[str, Any]) -> list[tuple[int, ...]]:
    """The schedule as the checker reads it. Of sets that it does not know, only the times are of use."""
    if found.schedule is None:
        return []
    if entry["set"] == "oas_cesaret":
        return [(int(r.order), 0, 0, r.start, r.end, -1) for r in found.schedule.rows()]
    if entry["set"] in ("rms_reconfig_assembly", "fajsp_bom_linshan"):
        return [(i, 0, 0, r.start, r.end, -1) for i, r in enumerate(found.schedule.rows())]
    return [(int(r.order), int(r.operation), int(r.resource), r.start, r.end, int(r.team) if r.team else -1)
            for r in found.schedule.rows()]


if __name__ == "__main__":
    serve(("ortools", "numba", "numpy"), warm, run)
