"""Rule precedence: what comes before is done, and brought here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import LOT, Context
from scheduler.validation.tables import spread

RULE = "precedence"


def precedence(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before an operation it follows, or the last of a component lot it takes pieces
    of, has ended and transport between their resources has passed.

    Allows it to start in that very tick. A component that several operations of a lot take is left to the rule of stock.
    """
    lots = np.flatnonzero(context.lot_template >= 0)
    owner, arc = spread(context.tables.arc_first, context.lot_template[lots])
    lot = lots[owner]
    first = context.row_of[context.needed(lot, context.tables.arc_from[arc])]
    then = context.row_of[context.needed(lot, context.tables.arc_to[arc])]
    there = (first >= 0) & (then >= 0)
    yield from late_arcs(context, RULE, first[there], then[there])
    pegs = context.pegs
    flow = np.flatnonzero(pegs.sound & (pegs.source == LOT) & ~pegs.tool & (pegs.need >= 0))
    flow = flow[~context.tables.split[pegs.need[flow]]]
    peg, row = pegs.targets(context, flow)
    place, ending = pegs.ends(context, pegs.lot[peg])
    yield from late_arcs(context, RULE, ending, row[place])


def late_arcs(context: Context, rule: str, first: np.ndarray, then: np.ndarray) -> Iterator[Violation]:
    """A violation for each pair of rows where `then` starts before `first` has ended and been transported."""
    ride = context.transport(first, then)
    for k in np.flatnonzero(context.start[then] < context.end[first] + ride).tolist():
        i, j, time = int(then[k]), int(first[k]), int(ride[k])
        brought = f" and {context.span(time)} of transport from {context.resource_text(j)} have passed" if time else ""
        yield context.blame(rule, i, f"Operation {context.operation_text(i)} starts on {context.resource_text(i)} at "
                                     f"{context.when(int(context.start[i]))}, before {context.operation_text(j)}, which it waits for, "
                                     f"has ended at {context.when(int(context.end[j]))}{brought}.")
