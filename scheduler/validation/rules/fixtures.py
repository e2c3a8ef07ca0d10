"""Rule fixtures: fixtures, tools and pallets are there in limited number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.domain.shifts import numbers
from scheduler.validation.context import Context
from scheduler.validation.hours import Steps, constant
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "fixtures"


def fixtures(context: Context) -> Iterator[Violation]:
    """Forbids more of a fixture in use at once than there are: by operations, from their reconfiguration (or their
    start, where it is needed during the run only) to their end, and held over several operations of a lot.

    Allows one to be handed on in the tick it becomes free, and to be used by others while a run that needs it pauses.
    """
    if not isinstance(context, Shop):
        return
    loads: dict[str, list[Load]] = {}
    for i in np.flatnonzero(context.sound & (context.way >= 0)).tolist() if any(
            way.fixtures for way in context.tables.ways) else ():
        start, end, free = int(context.start[i]), int(context.end[i]), not context.fact[i]
        for need in context.tables.ways[int(context.way[i])].fixtures:
            mine = loads.setdefault(need.fixture, [])
            if need.during == "reconfiguration":
                mine.append(Load(int(context.prepared[i]), end, need.number, i, free))
            elif context.leads[i]:
                mine += [Load(a, b, need.number, i, free) for a, b in (
                    context.run_hours(i).open_parts(start, end) if free else [(start, end)])]
    for fixture, load in _held(context):
        loads.setdefault(fixture, []).append(load)
    known, axis = context.scenario.plant.fixtures, context.scenario.axis
    for name, mine in loads.items():
        there = Steps(*numbers(axis, known[name].number, known[name].changes)) if name in known else constant(0)
        for time, used, count, row in excesses(mine, there, context.scenario.now):
            yield context.blame(RULE, row, f"takes {name} at {context.when(time)}, when {used} are in use at once, but "
                                           f"there are {count}.", time)


def _held(context: Shop) -> Iterator[tuple[str, Load]]:
    """(fixture, load) of what lots hold over several operations, where both ends are there."""
    for template, hold in context.tables.holds:
        lots = np.flatnonzero(context.lot_template == template)
        first = context.row_of[context.needed(lots, np.full(len(lots), hold.first))]
        last = context.row_of[context.needed(lots, np.full(len(lots), hold.last))]
        for a, b in zip(first.tolist(), last.tolist()):
            if a >= 0 and b >= 0:
                since, until = int(context.prepared[a]), int(context.end[b])
                if context.fact[a] and not context.fact[b]:
                    begun = min(until, int(context.end[a]))
                    yield hold.fixture, Load(since, begun, hold.number, a, False)
                    since = begun
                yield hold.fixture, Load(since, until, hold.number, a, not context.fact[b])
