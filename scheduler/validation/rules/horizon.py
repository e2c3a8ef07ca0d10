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
        yield context.blame(RULE, i, f"ends at {context.when(end[i])}, before its start at {context.when(start[i])}.")
    for i in np.flatnonzero(start < 0).tolist():
        yield context.blame(RULE, i, f"starts at {context.when(start[i])}, before the origin {context.when(0)}.")
    for i in np.flatnonzero((start > context.furthest) | (end > context.furthest)).tolist():
        yield context.blame(RULE, i, f"runs from {context.when(start[i])} to {context.when(end[i])}, more than a "
                                     f"century after the origin.")
    ready = np.array([r.available_from for r in context.resources], dtype=np.int64)
    rows = np.flatnonzero(context.placed & context.timed & ~context.fact)
    for i in rows[start[rows] < ready[context.resource[rows]]].tolist():
        yield context.blame(RULE, i, f"starts at {context.when(start[i])}, but {context.named_resource(i)} is "
                                     f"available from {context.when(ready[context.resource[i]])}.")
