"""Rule overlap: a resource runs one operation at a time, in the order of its sequence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "overlap"


def overlap(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before the one placed before it on the same resource has ended.

    Allows one to start in the tick the other ends, also where one or both have no duration.
    """
    rows, before = context.sequence
    later = np.flatnonzero(before >= 0)
    for k in later[context.start[rows[later]] < context.end[before[later]]].tolist():
        i, j = int(rows[k]), int(before[k])
        yield context.blame(RULE, i, f"starts on {context.named_resource(i)} at {context.when(context.start[i])}, "
                                     f"before {context.named_operation(j)}, which comes before it there, ends at "
                                     f"{context.when(context.end[j])}.")
