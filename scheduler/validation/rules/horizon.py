"""Rule horizon: time runs forward and begins at the origin."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "horizon"


def horizon(context: Context) -> Iterator[Violation]:
    """Forbids starts before the origin or before the resource is available, ends before starts, and times more than
    a century away.

    Allows a start at the origin itself, and an operation of no duration.
    """
    start, end = context.start, context.end
    for i in np.flatnonzero(end < start).tolist():
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} ends at {context.when(int(end[i]))}, before its "
                                     f"start at {context.when(int(start[i]))}.")
    for i in np.flatnonzero(start < 0).tolist():
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} starts at {context.when(int(start[i]))}, before "
                                     f"the origin {context.when(0)}.")
    for i in np.flatnonzero((start > context.furthest) | (end > context.furthest)).tolist():
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} runs at {context.when(int(start[i]))} to "
                                     f"{context.when(int(end[i]))}, more than a century after the origin.")
    ready = np.array([r.available_from for r in context.resources], dtype=np.int64)
    rows = np.flatnonzero(context.placed & context.timed)
    for i in rows[start[rows] < ready[context.resource[rows]]].tolist():
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} starts at {context.when(int(start[i]))}, but "
                                     f"{context.resource_text(i)} is available from "
                                     f"{context.when(int(ready[context.resource[i]]))}.")
