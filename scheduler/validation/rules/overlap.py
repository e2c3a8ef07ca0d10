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
    later = before >= 0
    wrong = np.flatnonzero(later)[context.start[rows[later]] < context.end[before[later]]]
    for k in wrong.tolist():
        i, j = int(rows[k]), int(before[k])
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} starts on {context.resource_text(i)} at "
                                     f"{context.when(int(context.start[i]))}, before {context.operation_text(j)}, which comes before "
                                     f"it there, ends at {context.when(int(context.end[j]))}.")
