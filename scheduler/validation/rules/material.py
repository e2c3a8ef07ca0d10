"""Rule material: bought parts are used when they have arrived."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import BUY, Context

RULE = "material"


def material(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before the bought parts it takes have arrived (release + the supplier's lead
    time), and pegs that tell another arrival.

    Allows it to start in the tick they arrive. Bought tools are left to the rule of tools, a component that several
    operations of a lot take to the rule of stock.
    """
    pegs = context.pegs
    bought = np.flatnonzero(pegs.sound & (pegs.source == BUY) & ~pegs.tool & (pegs.need >= 0))
    bought = bought[context.lead[pegs.component[bought]] >= 0]
    arrival = arrivals(context)
    for number in bought[pegs.available[bought] != arrival[bought]].tolist():
        consumer = int(pegs.consumer[number])
        yield context.blame_lot(
            RULE, consumer, f"The {context.columns.peg_component[number]} bought for {context.lot_id[consumer]} is said to be there at "
                            f"{context.when(int(pegs.available[number]))}, but arrives at {context.when(int(arrival[number]))}.",
            int(arrival[number]))
    peg, row = pegs.targets(context, bought[~context.tables.split[pegs.need[bought]]])
    early = context.start[row] < arrival[peg]
    for number, i in zip(peg[early].tolist(), row[early].tolist()):
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} starts at {context.when(int(context.start[i]))}, before the "
                                     f"bought {context.columns.peg_component[number]} arrives at {context.when(int(arrival[number]))}.")


def arrivals(context: Context) -> np.ndarray:
    """[P] tick at which what a peg buys arrives; 0 for the other pegs."""
    pegs = context.pegs
    found = np.zeros(len(pegs.sound), dtype=np.int64)
    bought = np.flatnonzero(pegs.sound & (pegs.source == BUY))
    found[bought] = context.lot_release[pegs.consumer[bought]] + np.maximum(context.lead[pegs.component[bought]], 0)
    return found
