"""Rule duration: every operation takes the time its mode and quantity ask for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL
from scheduler.validation.shop import Shop

RULE = "duration"


def duration(context: Context) -> Iterator[Violation]:
    """Forbids an operation shorter or longer than fixed + per piece x quantity of its mode, rounded up to whole ticks.

    Allows zero where the work is zero. In a real shop the work counts the pieces of a part of a split lot and the
    slowest crew, goes on at the speed of the resource, and pauses over closed time where the operation may.
    """
    if isinstance(context, Shop):
        yield from _in_shop(context)
        return
    rows = np.flatnonzero((context.way >= 0) & context.timed)
    tables, way = context.tables, context.way[rows]
    work = tables.fixed[way] + tables.piece[way] * context.lot_quantity[context.lot[rows]]
    right = -(-work // (tables.divisor[way] * context.scenario.axis.tick))
    taken = context.end[rows] - context.start[rows]
    for k in np.flatnonzero(taken != right).tolist():
        i = int(rows[k])
        yield context.blame(RULE, i, f"takes {context.span(taken[k])} from {context.when(context.start[i])}, but its "
                                     f"work takes {context.span(right[k])}.")


def _in_shop(context: Shop) -> Iterator[Violation]:
    rows = np.flatnonzero(context.sound & (context.way >= 0) & ~context.fact)
    details, work = context.tables.details, context.work
    for r in np.unique(context.resource[rows]).tolist():
        usual = context.open_hours(r)
        here = rows[context.resource[rows] == r]
        steady = bool((usual.rates == NORMAL).all())
        for i in here.tolist():
            start, end, right = int(context.start[i]), int(context.end[i]), int(work[i])
            pausing = bool(details) and details[int(context.operation[i])].pausing
            if end - start == right and (steady or right == 0) and not pausing:
                continue
            if steady and not pausing:
                yield context.blame(RULE, i, f"takes {context.span(end - start)} from {context.when(start)}, but its "
                                             f"work takes {context.span(right)}.")
                continue
            hours = context.run_hours(i) if pausing else usual
            done, before = hours.work(start, end), hours.work(start, max(start, end - 1))
            if done < right * NORMAL or (before >= right * NORMAL and end > start):
                yield context.blame(RULE, i, f"runs from {context.when(start)} to {context.when(end)}, in which "
                                             f"{context.span(done // NORMAL)} of work are done at normal speed, but "
                                             f"its work takes {context.span(right)}.")
