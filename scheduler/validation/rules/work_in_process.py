"""Rule work_in_process: only so many orders are begun and not complete at any time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import constant
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "work_in_process"


def work_in_process(context: Context) -> Iterator[Violation]:
    """Forbids to begin an order while as many as the plant allows are begun and not complete.

    Allows one to begin in the tick another is complete, and says nothing about lots that orders share. What was begun
    already counts, but breaks nothing.
    """
    limit = context.scenario.plant.work_in_process
    if not isinstance(context, Shop) or limit is None:
        return
    rows = np.flatnonzero(context.sound)
    rows = rows[context.lot_order[context.lot[rows]] >= 0]
    first: dict[int, int] = {}
    until: dict[int, int] = {}
    for i in rows[np.argsort(context.start[rows], kind="stable")].tolist():
        order = int(context.lot_order[context.lot[i]])
        first.setdefault(order, i)
        until[order] = max(until.get(order, 0), int(context.end[i]))
    loads = [Load(int(context.start[i]), until[order], 1, i, not context.fact[i]) for order, i in first.items()]
    for time, used, there, row in excesses(loads, constant(limit), context.scenario.now):
        yield context.blame(RULE, row, f"begins its order at {context.when(time)}, when {used} orders are begun and "
                                       f"not complete; {there} may be.", time)
