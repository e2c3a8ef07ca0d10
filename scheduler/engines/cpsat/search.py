"""One run of CP-SAT over a model: parameters, solutions and bounds as they come, stopping."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.budget import Effort
from scheduler.problem.problem import Solution

BIG = 20_000
"""Booleans above which presolve effort is cut, so that something is found in short budgets."""
POLL = 0.05


class Readable(Protocol):
    """A model and how to read a schedule out of its solutions."""

    @property
    def cp(self) -> cp_model.CpModel: ...

    def read(self, value: Any) -> Solution:
        """The schedule in a solution; value(expression) gives values."""


@dataclass
class Outcome:
    """status of CP-SAT (a gap limit reached also counts as optimal there: compare bound and value); bound: of the
    model's objective, None where there is none; work: deterministic time used."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    bound: float | None
    work: float
    assumptions: list[int] = field(default_factory=list)


class _Solutions(cp_model.CpSolverSolutionCallback):
    """Hands every solution on; an exception must not cross the solver's C++ frames, so it is kept for later."""

    def __init__(self, draft: Readable, take: Callable[[Solution], None]):
        super().__init__()
        self.draft, self.take = draft, take
        self.error: Exception | None = None

    def on_solution_callback(self) -> None:
        """Called by CP-SAT."""
        if self.error is None:
            try:
                self.take(self.draft.read(self.value))
            except Exception as error:
                self.error = error
                self.stop_search()


def run(
    draft: Readable,
    effort: Effort,
    stop: Callable[[], bool],
    take: Callable[[Solution], None],
    bound: Callable[[float], None],
) -> Outcome:
    """Solves the draft. take gets every solution, bound every bound, from the solver's threads; stop is polled."""
    solver = cp_model.CpSolver()
    _parametrise(solver, draft, effort)
    watch = _Solutions(draft, take)
    if draft.cp.has_objective():
        solver.best_bound_callback = bound
    with _stopping(solver, stop):
        status = solver.solve(draft.cp, watch)
    if watch.error is not None:
        raise watch.error
    names: dict[Any, Literal["optimal", "feasible", "infeasible", "unknown"]] = {
        cp_model.OPTIMAL: "optimal",
        cp_model.FEASIBLE: "feasible",
        cp_model.INFEASIBLE: "infeasible",
    }
    found = names.get(status, "unknown")
    if status == cp_model.MODEL_INVALID:
        raise ValueError(f"CP-SAT rejects the model: {draft.cp.validate()}")
    has_bound = draft.cp.has_objective() and found != "infeasible"
    core = list(solver.sufficient_assumptions_for_infeasibility()) if found == "infeasible" else []
    return Outcome(found, solver.best_objective_bound if has_bound else None, solver.deterministic_time, core)


def _parametrise(solver: cp_model.CpSolver, draft: Readable, effort: Effort) -> None:
    p = solver.parameters
    p.num_workers = 1 if effort.plain or effort.deterministic is not None else max(1, effort.workers)
    p.random_seed = effort.seed
    p.max_time_in_seconds = max(0.01, effort.seconds)
    if effort.deterministic is not None:
        p.max_deterministic_time = max(0.001, effort.deterministic)
    p.relative_gap_limit = effort.gap
    # few workers prove and improve more without the linear relaxation (measured on shops with and without setups)
    if effort.plain:
        p.cp_model_probing_level = 0
        p.symmetry_level = 0
    elif p.num_workers == 1 and effort.core:
        p.interleave_search = True
        p.subsolvers.extend(["no_lp", "core"])
    elif p.num_workers == 1:
        p.linearization_level = 0
    elif p.num_workers == 2:
        p.subsolvers.extend(["no_lp"])
    size = len(draft.cp.proto.variables)
    if size > BIG or effort.brief or (effort.deterministic is None and effort.seconds < size / 2_000):
        p.cp_model_probing_level = 0
        p.symmetry_level = 0
        p.max_presolve_iterations = 1


@contextmanager
def _stopping(solver: cp_model.CpSolver, stop: Callable[[], bool]) -> Iterator[None]:
    """Stops the search soon after stop() says so, also during presolve."""
    done = threading.Event()

    def poll() -> None:
        while not done.wait(POLL):
            if stop():
                solver.stop_search()

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
