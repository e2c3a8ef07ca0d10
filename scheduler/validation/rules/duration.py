"""Rule duration: every operation takes the time its mode and quantity ask for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "duration"


def duration(context: Context) -> Iterator[Violation]:
    """Forbids an operation shorter or longer than fixed + per piece x quantity of its mode, rounded up to whole ticks.

    Allows zero where the work is zero.
    """
    rows = np.flatnonzero((context.way >= 0) & context.timed)
    tables, way = context.tables, context.way[rows]
    work = tables.fixed[way] + tables.piece[way] * context.lot_quantity[context.lot[rows]]
    right = -(-work // (tables.divisor[way] * context.scenario.axis.tick))
    taken = context.end[rows] - context.start[rows]
    for k in np.flatnonzero(taken != right).tolist():
        i = int(rows[k])
        yield context.blame(RULE, i, f"takes {context.span(taken[k])} from {context.when(context.start[i])}, but its "
                                     f"work takes {context.span(right[k])}.")
