"""Rule calendar: operations run while their resource is open."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "calendar"


def calendar(context: Context) -> Iterator[Violation]:
    """Forbids an operation that does not lie within one open window of its resource (shifts, holidays, maintenance).

    Allows it to fill the window to the edge, and one of no duration to stand on either edge. That a resource is not
    available yet is the rule of horizon.
    """
    rows, _ = context.sequence
    for r, part in context.lanes:
        here, spec = rows[part], context.resources[r]
        start, end = context.start[here], context.end[here]
        fine = context.worktime(r).fits(start, end) | (start < spec.available_from)
        for i in here[~fine].tolist():
            yield context.blame(RULE, i, f"runs from {context.when(context.start[i])} to "
                                         f"{context.when(context.end[i])}, when {spec.id} is not open throughout.")
