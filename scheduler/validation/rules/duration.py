"""Rule duration: every operation takes the time its mode and quantity ask for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL, Hours
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
    details, right = context.tables.details, context.work[rows]
    start, end = context.start[rows], context.end[rows]
    wrong, worked = end - start != right, np.zeros(len(rows), dtype=np.int64)
    groups: dict[int, tuple[Hours, list[int]]] = {}
    for k, i in enumerate(rows.tolist()):
        pausing = bool(details) and details[int(context.operation[i])].pausing
        usual = context.open_hours(int(context.resource[i]))
        if pausing or not usual.steady:
            hours = context.run_hours(i) if pausing else usual
            groups.setdefault(id(hours), (hours, []))[1].append(k)
    for hours, mine in groups.values():
        begun = hours.worked(start[mine])
        worked[mine] = hours.worked(end[mine]) - begun
        before = hours.worked(np.maximum(start[mine], end[mine] - 1)) - begun
        asked = right[mine] * NORMAL
        wrong[mine] = (worked[mine] < asked) | ((before >= asked) & (end[mine] > start[mine]))
    uneven = {k for _, mine in groups.values() for k in mine}
    for k in np.flatnonzero(wrong).tolist():
        takes = context.span(right[k])
        if k in uneven:
            text = (f"runs from {context.when(start[k])} to {context.when(end[k])}, in which "
                    f"{context.span(worked[k] // NORMAL)} of work are done at normal speed, but its work takes "
                    f"{takes}.")
        else:
            text = f"takes {context.span(end[k] - start[k])} from {context.when(start[k])}, but its work takes {takes}."
        yield context.blame(RULE, int(rows[k]), text)
