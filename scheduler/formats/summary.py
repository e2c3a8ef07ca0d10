"""The one object that `--json` prints."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import CENTS
from scheduler.domain.results import Costs, Violation
from scheduler.domain.timeaxis import TimeAxis


def summary(status: str, objective: int | None, bound: float | None, gap: float | None, makespan: int | None,
            costs: Costs | None, wall_seconds: float, violations: Iterable[Violation] = (),
            axis: TimeAxis | None = None) -> dict[str, Any]:
    """status, objective, bound, gap, makespan, costs, wall_seconds, violations, ready for json.dumps; unknown is None.

    objective and bound are in the unit of the policy's first measure, makespan in ticks. costs: all terms and their
    total in units of currency (not hundredths). A violation's time is text with `axis`, else ticks.
    """
    return {
        "status": status, "objective": None if objective is None else int(objective), "bound": _number(bound),
        "gap": _number(gap), "makespan": None if makespan is None else int(makespan), "costs": _costs(costs),
        "wall_seconds": round(float(wall_seconds), 3), "violations": [_violation(v, axis) for v in violations]}


def _number(value: float | None) -> int | float | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _costs(costs: Costs | None) -> dict[str, float] | None:
    if costs is None:
        return None
    sums = (costs.terms.sum(axis=0) + costs.plant).tolist()
    return {**{name: cents / CENTS for name, cents in zip(TERMS, sums)}, "total": costs.total / CENTS}


def _violation(violation: Violation, axis: TimeAxis | None) -> dict[str, Any]:
    found = asdict(violation)
    if violation.time is not None:
        found["time"] = axis.text(violation.time) if axis and not axis.integer else int(violation.time)
    return found
