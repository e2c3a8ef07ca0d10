"""Rule calendar: operations run while their resource is open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "calendar"


def calendar(context: Context) -> Iterator[Violation]:
    """Forbids an operation that does not lie within one open window of its resource (shifts, holidays, maintenance).

    Allows it to fill the window to the edge, and one of no duration to stand on either edge. That a resource is not
    available yet is the rule of horizon. In a real shop overtime is open where it was bought, an operation that may
    pause only has to start while its resource is open, and touching windows are one.
    """
    if isinstance(context, Shop):
        yield from _in_shop(context)
        return
    rows, _ = context.sequence
    for r, part in context.lanes:
        here, spec = rows[part], context.resources[r]
        start, end = context.start[here], context.end[here]
        fine = context.worktime(r).fits(start, end) | (start < spec.available_from)
        for i in here[~fine].tolist():
            yield context.blame(RULE, i, f"runs from {context.when(context.start[i])} to "
                                         f"{context.when(context.end[i])}, when {spec.id} is not open throughout.")


def _in_shop(context: Shop) -> Iterator[Violation]:
    rows, _ = context.sequence
    details = context.tables.details
    for r, part in context.lanes:
        here, hours = rows[part], context.open_hours(r)
        start, end = context.start[here], context.end[here]
        pausing = np.array([bool(details) and details[int(o)].pausing for o in context.operation[here]], dtype=bool)
        through = hours.passed(end) - hours.passed(start) == end - start
        fine = np.where(start == end, hours.touches(start), np.where(pausing, hours.rate(start) > 0, through))
        fine |= context.fact[here] | (start < context.resources[r].available_from)
        for k in np.flatnonzero(~fine).tolist():
            i, name = int(here[k]), context.resources[r].id
            closed = "is not open then" if pausing[k] else "is not open throughout"
            yield context.blame(RULE, i, f"runs from {context.when(start[k])} to {context.when(end[k])}, when {name} "
                                         f"{closed}.")
