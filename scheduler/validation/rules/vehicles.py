"""Rule vehicles: where vehicles are limited, every transport that takes time has one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.arcs import arcs
from scheduler.validation.context import Context
from scheduler.validation.hours import constant
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "vehicles"


def vehicles(context: Context) -> Iterator[Violation]:
    """Forbids a transport between an operation and the next that has no vehicle, one that is under way before the first
    ends or after the next starts, one that takes another time than the way does, and more under way at once than there
    are vehicles.

    Allows a vehicle anywhere in the gap. What is handed over before the other is done, and what was brought to an
    operation that already began, needs none.
    """
    if not isinstance(context, Shop):
        return
    limit, told = context.scenario.plant.transport.vehicles, context.columns.extras.carries
    if limit is None:
        return
    carried = _carried(context)
    found = arcs(context)
    ride = context.transport(found.first, found.then)
    asked = (ride > 0) & found.firm & ~found.overlapping(context) & ~context.fact[found.then]
    for first, then in zip(found.first[asked].tolist(), found.then[asked].tolist()):
        if (first, then) not in carried:
            yield context.blame(RULE, then, f"has no vehicle that brings it what {context.named_operation(first)} "
                                            f"made, on {context.named_resource(first)}.")
    loads = []
    known = set(zip(found.first.tolist(), found.then.tolist()))
    for (first, then), k in carried.items():
        start, end = int(told["start"][k]), int(told["end"][k])
        takes = int(context.transport(np.array([first]), np.array([then]))[0])
        text = (f"is brought what {context.named_operation(first)} made from {context.when(start)} to "
                f"{context.when(end)}")
        if (first, then) not in known:
            yield context.blame(RULE, then, f"{text}, but does not wait for that.", start)
        elif context.fact[then]:
            pass
        elif end - start != takes:
            yield context.blame(RULE, then, f"{text}, but the way takes {context.span(takes)}.", start)
        elif start < context.end[first] or end > context.start[then]:
            yield context.blame(RULE, then, f"{text}, not between the end of that at "
                                            f"{context.when(context.end[first])} and its start at "
                                            f"{context.when(context.start[then])}.", start)
        loads.append(Load(max(0, start), min(end, context.furthest), 1, then, not context.fact[then]))
    for time, used, there, row in excesses(loads, constant(limit), context.scenario.now):
        yield context.blame(RULE, row, f"is brought what it needs at {context.when(time)}, when {used} transports are "
                                       f"under way, but there are {there} vehicles.", time)


def _carried(context: Shop) -> dict[tuple[int, int], int]:
    """Number of the transport between two sound rows; all but the last of several between the same two count as one."""
    told, count = context.columns.extras.carries, len(context.lot)
    if not told:
        return {}
    pairs = zip(told["before"].tolist(), told["after"].tolist())
    return {(a, b): k for k, (a, b) in enumerate(pairs)
            if 0 <= a < count and 0 <= b < count and context.sound[a] and context.sound[b]}
