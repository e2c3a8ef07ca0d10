"""Rule maintenance: what is planned for a resource is done once, in time."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import MAINTENANCE, Shop

RULE = "maintenance"


def maintenance(context: Context) -> Iterator[Violation]:
    """Forbids a schedule without a planned maintenance, and one that starts before its earliest or ends after its
    latest time.

    Allows it to start and end in these very ticks, and to pause over closed time.
    """
    if not isinstance(context, Shop):
        return
    axis = context.scenario.axis
    lots = {context.lot_id[lot]: lot for lot, item in enumerate(context.lot_item) if item == MAINTENANCE}
    for name, (resource, operation, planned) in context.planned.items():
        if name not in lots:
            yield Violation(RULE, f"The maintenance {operation} of {resource} is not in the schedule.",
                            operation=f"{name}/{operation}", resource=resource)
            continue
        row = context.row_named.get((name, operation), -1)
        if row < 0 or not context.sound[row] or context.fact[row]:
            continue
        earliest, latest = axis.to_ticks(planned.earliest, up=True), axis.to_ticks(planned.latest)
        if context.start[row] < earliest:
            yield context.blame(RULE, row, f"starts at {context.when(context.start[row])}, before its earliest time "
                                           f"{context.when(earliest)}.")
        if context.end[row] > latest:
            yield context.blame(RULE, row, f"ends at {context.when(context.end[row])}, after its latest time "
                                           f"{context.when(latest)}.", context.end[row])
