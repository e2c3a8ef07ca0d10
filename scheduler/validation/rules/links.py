"""Rule links: how operations follow each other, and which run together or apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.catalog import Link
from scheduler.domain.results import Violation
from scheduler.validation.arcs import arcs, overlaps
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL
from scheduler.validation.shop import Shop

RULE = "links"


def links(context: Context) -> Iterator[Violation]:
    """Forbids an operation that starts sooner than the least or later than the most time after the one before it
    (transport not counted), that starts before the pieces handed over to it are done or works the last of them before
    they can be there, and one that is not on the same resource, is on the same resource, or does not start with another
    where it must be, must not be, or must.

    Allows any lag in between, and says nothing where one of the two is not made or both already happened.
    """
    if not isinstance(context, Shop) or not context.tables.details:
        return
    found = arcs(context)
    linked = np.flatnonzero(np.isin(found.number, list(context.tables.links)))
    ride = context.transport(found.first[linked], found.then[linked])
    for k, lag in zip(linked.tolist(), ride.tolist()):
        first, then, link = int(found.first[k]), int(found.then[k]), context.tables.links[int(found.number[k])]
        if not context.fact[then]:
            yield from (_overlap if overlaps(link) else _lag)(context, link, first, then, lag)
    for i in np.flatnonzero(context.sound & (context.operation >= 0)).tolist():
        detail = context.tables.details[int(context.operation[i])]
        if detail.same or detail.other or detail.together:
            yield from _pairs(context, i)


def _lag(context: Shop, link: Link, first: int, then: int, ride: int) -> Iterator[Violation]:
    axis = context.scenario.axis
    least = axis.duration(link.minimum)
    start, end = int(context.start[then]), int(context.end[first])
    told = (f"starts at {context.when(start)}, {context.span(start - end)} after {context.named_operation(first)} ends")
    brought = f" and {context.span(ride)} of transport" if ride else ""
    if end + ride <= start < end + least + ride:
        yield context.blame(RULE, then, f"{told}; it must wait {context.span(least)}{brought}.")
    if link.maximum is not None and start > end + axis.duration(link.maximum) + ride:
        most = context.span(axis.duration(link.maximum))
        yield context.blame(RULE, then, f"{told}; it must not wait longer than {most}{brought}.")


def _overlap(context: Shop, link: Link, first: int, then: int, ride: int) -> Iterator[Violation]:
    """The head of `first` is done before `then` starts, and the tail of `then` is worked after the end of `first`."""
    axis = context.scenario.axis
    head, tail = _head(context, link, first), _tail(context, link, then)
    least = axis.duration(link.minimum) + ride
    start, end = int(context.start[then]), int(context.end[then])
    ready = context.run_hours(first).done(int(context.start[first]), head * NORMAL)
    if context.fact[first] or ready is None:
        ready = int(context.end[first]) if ready is None else min(ready, int(context.end[first]))
    if start < ready + least:
        yield context.blame(RULE, then, f"starts at {context.when(start)}, before the first pieces of "
                                        f"{context.named_operation(first)} are there at {context.when(ready + least)}.")
    arrives = int(context.end[first]) + least
    if end < arrives or context.run_hours(then).work(arrives, end) < tail * NORMAL:
        yield context.blame(RULE, then, f"ends at {context.when(end)}, too soon to work the last pieces of "
                                        f"{context.named_operation(first)}, which are there at {context.when(arrives)} "
                                        f"and take {context.span(tail)}.", end)


def _head(context: Shop, link: Link, row: int) -> int:
    """Ticks of work until the first pieces are handed over."""
    if link.overlap is not None:
        return int(-(-context.work[row] * link.overlap // 100))
    pieces = min(link.transfer or 0, int(context.pieces[row]))
    return _ticks(context, row, int(context.tables.fixed[context.way[row]]), pieces)


def _tail(context: Shop, link: Link, row: int) -> int:
    """Ticks of work that the last pieces take."""
    return 0 if link.overlap is not None else _ticks(context, row, 0, min(link.transfer or 0, int(context.pieces[row])))


def _ticks(context: Shop, row: int, fixed: int, pieces: int) -> int:
    tables, way = context.tables, int(context.way[row])
    if way < 0:
        return 0
    percent = max((context.scenario.plant.crews[c].skills[n.skill] for n, c in context.staffed.get(row, ())
                   if n.during == "run"), default=NORMAL)
    work = (fixed + int(tables.piece[way]) * pieces) * percent
    return int(-(-work // (int(tables.divisor[way]) * context.scenario.axis.tick * NORMAL)))


def _pairs(context: Shop, row: int) -> Iterator[Violation]:
    detail = context.tables.details[int(context.operation[row])]
    for names, kind in ((detail.same, "same"), (detail.other, "other"), (detail.together, "together")):
        for name in names:
            other = context.row_named.get((context.lot_id[int(context.lot[row])], name), -1)
            if other < 0 or not context.sound[other] or (context.fact[row] and context.fact[other]):
                continue
            alike, told = context.resource[row] == context.resource[other], context.named_operation(other)
            if kind == "same" and not alike:
                yield context.blame(RULE, row, f"must be on the same resource as {told}, which is on "
                                               f"{context.named_resource(other)}.")
            elif kind == "other" and alike:
                yield context.blame(RULE, row, f"must be on another resource than {told}.")
            elif kind == "together" and context.start[row] != context.start[other]:
                yield context.blame(RULE, row, f"starts at {context.when(context.start[row])}, but must start with "
                                               f"{told}, which starts at {context.when(context.start[other])}.")
