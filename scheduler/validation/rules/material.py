"""Rule material: bought parts are used when they have arrived."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import BUY

RULE = "material"


def material(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before the bought parts it takes have arrived (release + the supplier's lead
    time), and pegs that tell another arrival.

    Allows it to start in the tick they arrive, and a lot that was to serve a refused order too to have bought for its
    later release. Bought tools are left to the rule of tools, a component that several
    operations of a lot take to the rule of stock, parts whose source is chosen to the rule of supply.
    """
    pegs, arrival = context.pegs, context.arrival.copy()
    bought = pegs.of(BUY)
    if context.refused.any():
        shared = bought[context.lot_order[pegs.consumer[bought]] < 0]
        arrival[shared] = np.maximum(arrival[shared], pegs.available[shared])
    bought = bought[(context.lead[pegs.component[bought]] >= 0) & ~context.dynamic[pegs.component[bought]]]
    for p in bought[pegs.available[bought] != arrival[bought]].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"has {pegs.names[p]} said to arrive at "
                                f"{context.when(pegs.available[p])}; bought, it arrives at {context.when(arrival[p])}.",
                                arrival[p])
    peg, row = context.waiting(bought)
    early = (context.start[row] < arrival[peg]) & ~context.fact[row]
    for p, i in zip(peg[early].tolist(), row[early].tolist()):
        yield context.blame(RULE, i, f"starts at {context.when(context.start[i])}, before the bought {pegs.names[p]} "
                                     f"arrives at {context.when(arrival[p])}.")
