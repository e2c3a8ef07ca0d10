"""PyJobShop, unmodified: its model of the instance, its CP-SAT solver, as its documentation builds them.

Machines and workers are machines, an alternative is a mode, setups are setup times between pairs of tasks. It has no
callback: incumbents are read from the log that its `display` writes.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from pyjobshop import Model, solve

from benchmarks.check import NOBODY, Shop
from benchmarks.solvers.talk import CannotExpressError, Task, captured, serve, shop_of, tell_log

REASONS = {
    "oas_cesaret": "no objective with the revenue of chosen jobs",
    "ops": "no setup before the first operation, none in open time only, no overlap by a share of the work",
    "rms_reconfig_assembly": "no modules that are mounted and taken off", "fajsp_bom_linshan": "no bills of material"}


def build(shop: Shop) -> tuple[Any, list[tuple[int, int]]]:
    """The model, and (machine, worker) of its modes in its order."""
    model = Model()
    weights = shop.weights or [1] * shop.jobs
    jobs = [model.add_job(weight=weights[j], due_date=shop.due[j] if shop.due else None) for j in range(shop.jobs)]
    machines = [model.add_machine() for _ in range(shop.machines)]
    workers = [model.add_machine() for _ in range(shop.workers)]
    ways: list[tuple[int, int]] = []
    tasks = []
    for task in shop.tasks:
        tasks.append(model.add_task(job=jobs[task.job]))
        for (machine, worker), duration in task.ways.items():
            needs = [machines[machine]] + ([workers[worker]] if worker != NOBODY else [])
            model.add_mode(tasks[-1], needs, duration)
            ways.append((machine, worker))
    for i, task in enumerate(shop.tasks):
        for before in task.before:
            model.add_end_before_start(tasks[before], tasks[i])
    if shop.setups is not None:
        _add_setups(model, shop, shop.setups, machines, tasks)
    if shop.due is None:
        model.set_objective(weight_makespan=1)
    else:
        model.set_objective(weight_total_tardiness=1)
    return model, ways


def _add_setups(model: Any, shop: Shop, setups: list[list[list[int]]], machines: list[Any], tasks: list[Any]) -> None:
    for m, matrix in enumerate(setups):
        here = [i for i, task in enumerate(shop.tasks) if any(machine == m for machine, _ in task.ways)]
        for a in here:
            for b in here:
                before, after = shop.setup_row[a], shop.setup_row[b]
                if before != after and matrix[before][after]:
                    model.add_setup_time(machines[m], tasks[a], tasks[b], matrix[before][after])


def run(task: Task) -> None:
    if task.entry["set"] in REASONS:
        raise CannotExpressError(REASONS[task.entry["set"]])
    shop = shop_of(task)
    model, ways = build(shop)
    data = model.data()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        offset = task.elapsed
        with captured(log):
            found = solve(data, solver="ortools", time_limit=task.left, display=True, num_workers=task.workers,
                          random_seed=task.seed)
        wall = task.elapsed
        # the log counts from the start of the solver, which building its model precedes
        tell_log(task, log.read_text(encoding="utf-8", errors="replace"), max(offset, wall - found.runtime))
    status = {"Optimal": "optimal", "Feasible": "feasible", "Infeasible": "infeasible"}.get(
        found.status.value, "not_found")
    if not math.isfinite(found.objective):
        task.end(status, None, found.lower_bound or None, [])
        return
    rows = [(step.job, step.number, *ways[placed.mode][:1], placed.start, placed.end, ways[placed.mode][1])
            for step, placed in zip(shop.tasks, found.best.tasks)]
    task.end(status, found.objective, found.lower_bound, rows)


def warm(_: Task) -> None:
    """The library is loaded by solving a model of one task."""
    model = Model()
    model.add_mode(model.add_task(job=model.add_job()), model.add_machine(), 1)
    model.solve(display=False)


if __name__ == "__main__":
    serve(("pyjobshop", "ortools", "numpy"), warm, run)
