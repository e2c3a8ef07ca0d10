"""job-shop-lib, unmodified: its CP-SAT solver, for job shops with one machine per operation.

It offers neither seed nor workers: CP-SAT then takes all cores, so the process is kept on as many as there are
workers. It has no callback: incumbents are read from its log. It names no bound: the last of the log is its.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from job_shop_lib import JobShopInstance, Operation
from job_shop_lib.constraint_programming import ORToolsSolver
from job_shop_lib.exceptions import NoSolutionFoundError

from benchmarks.check import NOBODY, Shop
from benchmarks.solvers.talk import CannotExpressError, Task, captured, pin, serve, shop_of, tell_log


def build(shop: Shop) -> JobShopInstance:
    """The instance. Raises CannotExpressError for more than a job shop."""
    if shop.due is not None or shop.setups is not None or shop.workers:
        raise CannotExpressError("its CP-SAT solver knows the makespan of plain job shops only")
    if any(len(task.ways) > 1 for task in shop.tasks):
        raise CannotExpressError("its CP-SAT solver takes one machine for each operation")
    if shop.by_number:
        raise CannotExpressError("the operations of a job are a line")
    jobs: list[list[Operation]] = [[] for _ in range(shop.jobs)]
    for task in shop.tasks:
        ((machine, _), duration), = task.ways.items()
        jobs[task.job].append(Operation(machine, duration))
    return JobShopInstance(jobs)


def run(task: Task) -> None:
    instance = build(shop_of(task))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        solver = ORToolsSolver(max_time_in_seconds=task.left, log_search_progress=True)
        offset = task.elapsed
        schedule = None
        with captured(log), suppress(NoSolutionFoundError):
            schedule = solver.solve(instance)
        tell_log(task, log.read_text(encoding="utf-8", errors="replace"), offset)
    # the attribute `solver` is documented: the CP-SAT solver it used
    bound = solver.solver.best_objective_bound
    if schedule is None:
        task.end("not_found", None, bound, [])
        return
    rows = [(o.operation.job_id, o.operation.position_in_job, o.machine_id, o.start_time, o.end_time, NOBODY)
            for machine in schedule.schedule for o in machine]
    task.end(str(schedule.metadata["status"]), schedule.makespan(), bound, rows)


def warm(task: Task) -> None:
    """The library is loaded by solving one operation."""
    pin(task.workers)
    ORToolsSolver(max_time_in_seconds=1).solve(JobShopInstance([[Operation(0, 1)]]))


if __name__ == "__main__":
    serve(("job-shop-lib", "ortools", "numpy"), warm, run)
