"""Rule header: what the schedule says about itself is true."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from scheduler.domain.policy import MEASURES
from scheduler.domain.results import Violation
from scheduler.domain.schedule import STATUSES, Header
from scheduler.validation.context import Context
from scheduler.validation.costs import measured

RULE = "header"


def header(context: Context) -> Iterator[Violation]:
    """Forbids an unknown status or measure, an objective other than the schedule's own, a bound above the objective,
    'optimal' without a bound that reaches the objective, and 'infeasible' or 'not_found' over a schedule that
    breaks no rule.

    Allows a missing objective or bound, and a fractional bound (whole objectives: 99.2 proves 100). The measure
    may be another than the policy's first, as in a point of a trade-off. Judged last, after all other rules.
    """
    head = context.schedule.header
    if not isinstance(head, Header):
        yield Violation(RULE, "The schedule has no header.")
        return
    if head.status not in STATUSES:
        yield Violation(RULE, f"The status is {head.status!r}; it can be {', '.join(STATUSES)}.")
    if head.status in ("infeasible", "not_found") and context.clean:
        yield Violation(RULE, f"The status is '{head.status}', but the schedule breaks no rule.")
    if head.measure not in MEASURES:
        yield Violation(RULE, f"The measure is {head.measure!r}; it can be {', '.join(MEASURES)}.")
        return
    yield from _claim(context, head.measure, head.objective, head.bound)
    if head.status == "optimal":
        objective, bound = _number(head.objective), _number(head.bound)
        if objective is None or bound is None:
            yield Violation(RULE, "The status is 'optimal', but objective or bound is missing.")
        elif math.ceil(bound - 1e-6) < objective:
            yield Violation(RULE, f"The status is 'optimal', but the bound {bound} does not reach the objective "
                                  f"{objective}.")
    for level in head.levels if isinstance(head.levels, (tuple, list)) else ():
        if isinstance(level, dict) and level.get("measure") in MEASURES and (
                level["measure"], level.get("objective"), level.get("bound")) != (head.measure, head.objective, None):
            yield from _claim(context, level["measure"], level.get("objective"), level.get("bound"))


def _number(value: Any) -> float | None:
    """The value if it is a number that 64 bits can hold."""
    if isinstance(value, np.integer):
        return int(value)
    fine = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1 << 63
    return value if fine else None


def _claim(context: Context, measure: str, objective: Any, bound: Any) -> Iterator[Violation]:
    for what, value in (("objective", objective), ("bound", bound)):
        if value is not None and _number(value) is None:
            yield Violation(RULE, f"The {what} of {measure} is {value!r}, which is no number.")
    told, low, values = _number(objective), _number(bound), measured(context)
    if told is not None and values is not None and told != values[measure]:
        yield Violation(RULE, f"The header gives {measure} as {told}, but the schedule's is {values[measure]}.")
    if told is not None and low is not None and low > told + 1e-6 + 1e-12 * abs(told):
        yield Violation(RULE, f"The bound {low} of {measure} is above the objective {told}.")
