"""Rule precedence: what comes before is done, and brought here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import LOT
from scheduler.validation.tables import spread

RULE = "precedence"


def precedence(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts before an operation it follows, or the last ones of a component lot it takes
    pieces of, have ended and transport between their resources has passed.

    Allows it to start in that very tick. A component that several operations of a lot take is left to rule stock, what
    may begin before the other is done to rule links.
    """
    lots = np.flatnonzero(context.lot_template >= 0)
    owner, arc = spread(context.tables.arc_first, context.lot_template[lots])
    overlapping = [k for k, link in context.tables.links.items() if link.transfer or link.overlap]
    if overlapping:
        kept = ~np.isin(arc, overlapping)
        owner, arc = owner[kept], arc[kept]
    first = context.row_of[context.needed(lots[owner], context.tables.arc_from[arc])]
    then = context.row_of[context.needed(lots[owner], context.tables.arc_to[arc])]
    there = (first >= 0) & (then >= 0)
    yield from too_early(context, RULE, first[there], then[there])
    peg, row = context.waiting(context.pegs.of(LOT))
    place, ending = context.endings(context.pegs.lot[peg])
    yield from too_early(context, RULE, ending, row[place])


def too_early(context: Context, rule: str, first: np.ndarray, then: np.ndarray) -> Iterator[Violation]:
    """A violation for each pair of rows where `then` starts before `first` has ended and been transported."""
    ride = context.transport(first, then)
    for k in np.flatnonzero((context.start[then] < context.end[first] + ride) & ~context.fact[then]).tolist():
        i, j = int(then[k]), int(first[k])
        brought = f", plus {context.span(ride[k])} of transport from {context.named_resource(j)}" if ride[k] else ""
        yield context.blame(rule, i, f"starts on {context.named_resource(i)} at {context.when(context.start[i])}, "
                                     f"before {context.named_operation(j)}, which it waits for, ends at "
                                     f"{context.when(context.end[j])}{brought}.")
