"""Rule overlap: a resource runs one operation at a time, in the order of its sequence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "overlap"


def overlap(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before the one placed before it on the same resource has ended.

    Allows one to start in the tick the other ends, also where one or both have no duration. In a real shop a resource
    is taken until the lot leaves it; the members of a batch run at once, and a subcontractor runs any number.
    """
    if isinstance(context, Shop):
        yield from _in_shop(context)
        return
    rows, before = context.sequence
    later = np.flatnonzero(before >= 0)
    for k in later[context.start[rows[later]] < context.end[before[later]]].tolist():
        i, j = int(rows[k]), int(before[k])
        yield context.blame(RULE, i, f"starts on {context.named_resource(i)} at {context.when(context.start[i])}, "
                                     f"before {context.named_operation(j)}, which comes before it there, ends at "
                                     f"{context.when(context.end[j])}.")


def _in_shop(context: Shop) -> Iterator[Violation]:
    rows, before = context.sequence
    busy = taken_until(context)
    together = (before >= 0) & (context.batch[rows] >= 0) & (context.batch[rows] == context.batch[before])
    early = (before >= 0) & ~together & ~context.fact[rows] & (context.start[rows] < busy)
    for k in np.flatnonzero(early).tolist():
        i, j = int(rows[k]), int(before[k])
        stays = ", ends" if busy[k] == context.end[j] else ", has left"
        yield context.blame(RULE, i, f"starts on {context.named_resource(i)} at {context.when(context.start[i])}, "
                                     f"before {context.named_operation(j)}, which comes before it there{stays} at "
                                     f"{context.when(busy[k])}.")


def taken_until(context: Shop) -> np.ndarray:
    """For each row of `sequence` the tick until which its resource is taken by what comes before; 0 for the first.

    What already happened may overlap: then all of it counts.
    """
    _, before = context.sequence
    found = np.where(before >= 0, context.leave[before], 0)
    for _, part in context.lanes:
        facts = np.flatnonzero((before[part] >= 0) & context.fact[before[part]]) + part.start
        found[facts] = np.maximum.accumulate(found[facts])
    return found
