"""Rule calendar: operations run while their resource is open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "calendar"


def calendar(context: Context) -> Iterator[Violation]:
    """Forbids an operation that does not lie within one open window of its resource (shifts, holidays, maintenance).

    Allows it to fill the window to the edge, and one of no duration to stand on either edge.
    """
    rows, _ = context.sequence
    edges = np.searchsorted(context.resource[rows], np.arange(len(context.resources) + 1))
    for r, spec in enumerate(context.resources):
        here = rows[edges[r]:edges[r + 1]]
        if not len(here):
            continue
        time = context.worktime(r)
        fine = time.fits(context.start[here], context.end[here]) | (context.start[here] < spec.available_from)
        for i in here[~fine].tolist():
            yield context.blame(RULE, i, f"Operation {context.operation_text(i)} runs from {context.when(int(context.start[i]))} to "
                                         f"{context.when(int(context.end[i]))}, when {spec.id} is not open throughout.")
