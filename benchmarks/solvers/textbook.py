"""A textbook CP-SAT model: an optional interval for each alternative, exactly one of them, no overlap, precedences.

Setups are a circuit over the operations of each machine, as in OR-Tools' own example of a job shop with setups. The
solver's default parameters but time, workers and seed.
"""

from __future__ import annotations

from typing import Any

from ortools.sat.python import cp_model

from benchmarks.check import NOBODY, Shop
from benchmarks.solvers.talk import Task, serve, shop_of


class Model:
    """The model of a job shop. chosen[task][way]: literal."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.model = shop, cp_model.CpModel()
        setups = max((max(row, default=0) for m in shop.setups for row in m if max(row) < 10**6), default=0) \
            if shop.setups else 0
        self.horizon = sum(max(task.ways.values()) + setups for task in shop.tasks)
        self.start: list[Any] = []
        self.end: list[Any] = []
        self.chosen: list[dict[tuple[int, int], Any]] = []
        on_machine: dict[int, list[tuple[int, Any]]] = {}
        of_worker: dict[int, list[Any]] = {}
        for i, task in enumerate(shop.tasks):
            start, end = (self.model.new_int_var(0, self.horizon, "") for _ in range(2))
            self.start.append(start)
            self.end.append(end)
            self.chosen.append({})
            for (machine, worker), duration in task.ways.items():
                chosen = self.model.new_bool_var("")
                interval = self.model.new_optional_interval_var(start, duration, end, chosen, "")
                self.chosen[i][machine, worker] = chosen
                on_machine.setdefault(machine, []).append((i, (interval, chosen)))
                if worker != NOBODY:
                    of_worker.setdefault(worker, []).append(interval)
            self.model.add_exactly_one(self.chosen[i].values())
        for i, task in enumerate(shop.tasks):
            for before in task.before:
                self.model.add(self.start[i] >= self.end[before])
        for machine, here in on_machine.items():
            self.model.add_no_overlap([interval for _, (interval, _) in here])
            if shop.setups is not None:
                self._circuit(shop.setups[machine], [(i, chosen) for i, (_, chosen) in here])
        for intervals in of_worker.values():
            self.model.add_no_overlap(intervals)
        self._objective()

    def _circuit(self, setups: list[list[int]], here: list[tuple[int, Any]]) -> None:
        """Node 0 is before the first and after the last operation."""
        arcs = [(0, 0, self.model.new_bool_var(""))]
        for a, (i, chosen) in enumerate(here, 1):
            arcs += [(0, a, self.model.new_bool_var("")), (a, 0, self.model.new_bool_var("")), (a, a, ~chosen)]
            self.model.add_implication(chosen, ~arcs[0][2])
            for b, (j, _) in enumerate(here, 1):
                if a != b:
                    follows = self.model.new_bool_var("")
                    arcs.append((a, b, follows))
                    before, after = self.shop.setup_row[i], self.shop.setup_row[j]
                    need = 0 if before == after else setups[before][after]
                    self.model.add(self.start[j] >= self.end[i] + need).only_enforce_if(follows)
        self.model.add_circuit(arcs)

    def _objective(self) -> None:
        shop, horizon = self.shop, self.horizon
        if shop.due is None:
            makespan = self.model.new_int_var(0, horizon, "")
            self.model.add_max_equality(makespan, self.end)
            self.model.minimize(makespan)
            return
        weights, late = shop.weights or [1] * shop.jobs, []
        for j, due in enumerate(shop.due):
            tardy = self.model.new_int_var(0, horizon, "")
            for task, end in zip(shop.tasks, self.end):
                if task.job == j:
                    self.model.add(tardy >= end - due)
            late.append(tardy)
        self.model.minimize(sum(w * tardy for w, tardy in zip(weights, late)))


class Listener(cp_model.CpSolverSolutionCallback):
    """Tells incumbents with their time."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task

    def on_solution_callback(self) -> None:
        self.task.found(self.objective_value, self.best_objective_bound)


def run(task: Task) -> None:
    shop = shop_of(task)
    model = Model(shop)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = task.workers
    solver.parameters.random_seed = task.seed
    solver.best_bound_callback = lambda bound: task.found(None, bound)
    solver.parameters.max_time_in_seconds = task.left
    status = solver.solve(model.model, Listener(task))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        task.end("infeasible" if status == cp_model.INFEASIBLE else "not_found", None, solver.best_objective_bound, [])
        return
    rows = []
    for i, step in enumerate(shop.tasks):
        machine, worker = next(way for way, chosen in model.chosen[i].items() if solver.boolean_value(chosen))
        rows.append((step.job, step.number, machine, solver.value(model.start[i]), solver.value(model.end[i]), worker))
    task.end("optimal" if status == cp_model.OPTIMAL else "feasible", solver.objective_value,
             solver.best_objective_bound, rows)


def warm(_: Task) -> None:
    """The library is loaded by solving nothing."""
    cp_model.CpSolver().solve(cp_model.CpModel())


if __name__ == "__main__":
    serve(("ortools",), warm, run)
