"""Rule deadline: hard deadlines are kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "deadline"


def deadline(context: Context) -> Iterator[Violation]:
    """Forbids an order whose last own operation ends after its hard deadline.

    Allows it to end at the deadline, and any lateness after a due date, which costs money but is no violation.
    """
    rows = np.flatnonzero(context.sound)
    rows = rows[context.lot_order[context.lot[rows]] >= 0]
    rows = rows[np.argsort(context.end[rows], kind="stable")]
    last = np.full(len(context.orders), -1, dtype=np.int64)
    last[context.lot_order[context.lot[rows]]] = rows
    has = np.flatnonzero(last >= 0)
    late = (context.end[last[has]] > context.orders.deadline[has]) & ~context.fact[last[has]]
    for order in has[late].tolist():
        i = int(last[order])
        yield context.blame(RULE, i, f"completes order {context.orders.id[order]} at {context.when(context.end[i])}, "
                                     f"after its deadline "
                                     f"{context.when(context.orders.deadline[order])}.", context.end[i])
