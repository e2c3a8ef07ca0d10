"""Our solver without one of its parts: `without:PART`, for the ablation. It reaches into engines, as no user can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.solvers import ours
from benchmarks.solvers.talk import CannotExpressError, Task, serve
from scheduler.engines import annealing, portfolio, tabu

NEVER = 1 << 60


def _one_start(own: Callable[..., Iterator[None]], search: Any, seconds: Any, limit: float,
               trials: int) -> Iterator[None]:
    return own(search, seconds, limit, 1)


PARTS: dict[str, list[tuple[Any, str, Any]]] = {
    "tabu": [(portfolio, "suits", lambda problem: False)],
    "bounds": [(portfolio, "_bounds", lambda *given: None)],
    "cpsat": [(portfolio, "MODES", 0), (portfolio, "too_large", lambda *given: True)],
    "exchange": [(tabu, "ADOPT", 0.0)],
    "elite": [(tabu, "FIRST_PATIENCE", NEVER), (tabu, "PATIENCE", NEVER), (annealing, "FEWEST", NEVER)],
    "starts": [(tabu.TabuSearch, "start", lambda *given, own=tabu.TabuSearch.start: _one_start(own, *given))],
    "neighbourhoods": [(portfolio, "POLISH", 0.0), (tabu, "TRUST", 0)],
    "exact": [(tabu, "EXACT", (1,))],
    "longer": [(tabu, "LONGER", (0,))],
    "tenures": [(tabu, "TENURES", (8,))],
    "heat": [(annealing, "HEAT", {})],
    "critical": [(annealing, "ODDS", {level: partial(annealing.Odds, critical=0.0)()
                                      for level in ("makespan", "weighted_tardiness")})]}
"""What is put in place of what, by part."""


def leave_out(part: str) -> None:
    """Changes this process for good. Raises CannotExpressError for a part there is not."""
    if part not in PARTS:
        raise CannotExpressError(f"there is no part '{part}'; use one of {', '.join(PARTS)}")
    for place, name, value in PARTS[part]:
        if not hasattr(place, name):
            raise CannotExpressError(f"{place.__name__} has no {name} any more")
        setattr(place, name, value)


def warm(task: Task) -> None:
    leave_out(task.engine)
    task.engine = ""
    ours.warm(task)


def run(task: Task) -> None:
    ours.run(task)


if __name__ == "__main__":
    serve(("ortools", "numba", "numpy"), warm, run)
