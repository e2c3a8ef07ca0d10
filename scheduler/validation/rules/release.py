"""Rule release: nothing is made for an order before the order is released."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "release"


def release(context: Context) -> Iterator[Violation]:
    """Forbids an operation of an order, or of a lot whose pieces go to it, that starts before the order's release.

    Allows the reconfiguration before it to begin earlier, and tools, which belong to no order, to be made at any time.
    """
    rows = np.flatnonzero(context.sound)
    earliest = context.lot_release[context.lot[rows]]
    for k in np.flatnonzero((context.start[rows] < earliest) & ~context.fact[rows]).tolist():
        i = int(rows[k])
        yield context.blame(RULE, i, f"starts at {context.when(context.start[i])}, before the release at "
                                     f"{context.when(earliest[k])}.")
