"""Rule campaigns: a resource stays in a configuration for the least run before it is reconfigured."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "campaigns"


def campaigns(context: Context) -> Iterator[Violation]:
    """Forbids a reconfiguration to begin before the resource has been open for its cell's minimum run since the start
    of the first operation in the configuration it leaves.

    Allows the initial configuration to be left at any time, and a campaign in which the resource stands idle.
    """
    if not isinstance(context, Shop):
        return
    rows, _ = context.sequence
    for r, part in context.lanes:
        least = context.scenario.axis.duration(context.cell(r).reconfiguration.minimum_run)
        if not least or context.unlimited[r]:
            continue
        hours, since, old = context.open_hours(r), 0, -1
        for i in rows[part].tolist():
            new = int(context.configuration[i])
            if new != old:
                begin = int(context.prepared[i])
                if old >= 0 and not context.fact[i] and (stayed := hours.between(since, begin)) < least:
                    yield context.blame(RULE, i, f"has {context.named_resource(i)} reconfigured at "
                                                 f"{context.when(begin)}, after {context.span(stayed)} of working time "
                                                 f"in {context.resources[r].configurations[old]}; it stays at least "
                                                 f"{context.span(least)}.", begin)
                since, old = int(context.start[i]), new
