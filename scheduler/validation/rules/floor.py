"""Rule floor: what happened stands, what is pinned holds, and nothing else begins before now."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.hours import NORMAL
from scheduler.validation.pegs import STOCK
from scheduler.validation.shop import Shop

RULE = "floor"


def floor(context: Context) -> Iterator[Violation]:
    """Forbids finished and started operations on another resource, in another configuration or mode or at other times
    than the floor tells, or not first in the sequence of their resource; pinned ones that start elsewhere or before
    what they are pinned behind, use of material before it is there or of more from stock than is kept for the lot,
    entries about lots and operations that the scenario does not have, and anything else that starts or is prepared
    before now.

    Allows what happened to break every other rule, operations that were announced to move (that costs money), and
    words about material of a lot that is no longer made.
    """
    if not isinstance(context, Shop):
        return
    yield from _now(context)
    yield from _first(context)
    for entry in context.scenario.floor:
        if entry.lot not in context.lot_id:
            if entry.state != "material" or entry.lot.partition("/")[0] not in context.orders.id:
                yield _unknown(entry, f"there is no lot {entry.lot}")
        elif entry.state == "material":
            yield from _material(context, entry)
        elif not _has(context, entry):
            yield _unknown(entry, f"lot {entry.lot} has no operation {entry.operation}")
        elif entry.state != "announced":
            yield from _stands(context, entry)


def _unknown(entry: FloorEntry, why: str) -> Violation:
    return Violation(RULE, f"The floor says that {entry.lot}/{entry.operation} is {entry.state}, but {why}.",
                     operation=f"{entry.lot}/{entry.operation}", resource=entry.resource or "")


def _has(context: Shop, entry: FloorEntry) -> bool:
    word = context.tables.vocabulary.get(entry.operation, -1)
    template = context.lot_template[[context.lot_id.index(entry.lot)]]
    return bool(context.tables.operation(template, np.array([word]))[0] >= 0)


def _now(context: Shop) -> Iterator[Violation]:
    now = context.scenario.now
    free = context.sound & ~context.fact
    for i in np.flatnonzero(free & (context.start < now)).tolist():
        yield context.blame(RULE, i, f"starts at {context.when(context.start[i])}, before now, {context.when(now)}.")
    begun = free & (context.rec_start < context.rec_end) & (context.rec_start < now) & (context.start >= now)
    for i in np.flatnonzero(begun).tolist():
        yield context.blame(RULE, i, f"is prepared from {context.when(context.rec_start[i])}, before now, "
                                     f"{context.when(now)}.", context.rec_start[i])


def _first(context: Shop) -> Iterator[Violation]:
    """What happened has the first places on its resource, by start."""
    rows, before = context.sequence
    happened = context.fact[rows] & (before >= 0)
    wrong = happened & (~context.fact[before] | (context.start[before] > context.start[rows]))
    for k in np.flatnonzero(wrong).tolist():
        yield context.blame(RULE, int(rows[k]), f"already happened, but comes after "
                                                f"{context.named_operation(int(before[k]))} in the sequence of "
                                                f"{context.named_resource(int(rows[k]))}.")


def _stands(context: Shop, entry: FloorEntry) -> Iterator[Violation]:
    """A fact or a pin against its row."""
    happened = entry.state in ("finished", "started")
    row = context.row_named.get((entry.lot, entry.operation), -1)
    if row < 0 or not context.sound[row]:
        if happened:
            yield _unknown(entry, "the schedule does not have it")
        return
    told = "already ran" if entry.state == "finished" else "runs already" if happened else "is pinned"
    if entry.resource not in (None, context.named_resource(row)):
        yield context.blame(RULE, row, f"{told} on {entry.resource}, but is on {context.named_resource(row)}.")
    if entry.configuration not in (None, context.named_configuration(row)):
        yield context.blame(RULE, row, f"{told} in configuration {entry.configuration}, but is in "
                                       f"{context.named_configuration(row)}.")
    if entry.mode not in (None, int(context.mode[row])):
        yield context.blame(RULE, row, f"{told} in mode {entry.mode}, but is in mode {int(context.mode[row])}.")
    if entry.start is not None and (start := context.scenario.axis.to_ticks(entry.start)) != context.start[row]:
        yield context.blame(RULE, row, f"{told} from {context.when(start)} on, but starts at "
                                       f"{context.when(context.start[row])}.")
    if entry.state == "finished" and entry.end is not None:
        end = context.scenario.axis.to_ticks(entry.end)
        if end != context.end[row]:
            yield context.blame(RULE, row, f"ended at {context.when(end)}, but ends at "
                                           f"{context.when(context.end[row])}.", context.end[row])
    if happened and not _able(context, row, entry):
        yield context.blame(RULE, row, f"cannot have run in mode {int(context.mode[row])} in configuration "
                                       f"{context.named_configuration(row)} of {context.named_resource(row)}.")
    if entry.state == "started":
        yield from _rest(context, row, entry)
    if entry.state == "pinned" and entry.behind is not None:
        lot, _, name = entry.behind.rpartition("/")
        first = context.row_named.get((lot, name), -1)
        if first >= 0 and context.sound[first] and context.start[row] < context.end[first]:
            yield context.blame(RULE, row, f"starts at {context.when(context.start[row])}, but is pinned behind "
                                           f"{entry.behind}, which ends at {context.when(context.end[first])}.")


def _able(context: Shop, row: int, entry: FloorEntry) -> bool:
    """What the floor leaves open about a fact is nevertheless a way to run the operation."""
    if entry.configuration is not None and entry.mode is not None:
        return True
    way = context.way[[row]]
    return bool(way[0] >= 0 and context.tables.abilities.allows(
        context.tables.ability[way], context.resource[[row]], context.configuration[[row]])[0])


def _rest(context: Shop, row: int, entry: FloorEntry) -> Iterator[Violation]:
    """What is left of a started operation runs on from now on, on the working time of its resource without overtime."""
    now, axis = context.scenario.now, context.scenario.axis
    hours = context.open_hours(int(context.resource[row]), overtime=False)
    end = int(context.end[row])
    if entry.remaining is None:
        left = max(0, int(context.work[row]) * NORMAL - hours.work(int(context.start[row]), now))
    else:
        left = axis.duration(entry.remaining) * NORMAL
    right = now if not left else hours.done(now, left)
    if right is None or end != right:
        until = "later" if right is None else f"at {context.when(right)}"
        yield context.blame(RULE, row, f"runs already and ends {until}, after {context.span(-(-left // NORMAL))} more "
                                       f"of working time, but the schedule ends it at {context.when(end)}.", end)


def _material(context: Shop, entry: FloorEntry) -> Iterator[Violation]:
    if entry.operation not in context.tables.components:
        yield _unknown(entry, f"there is no component {entry.operation}")
        return
    lot = context.lot_id.index(entry.lot)
    if entry.stock is not None:
        number, pegs = context.tables.components.index(entry.operation), context.pegs
        mine = pegs.sound & (pegs.component == number) & (pegs.consumer == lot) & (pegs.source == STOCK)
        taken = int(pegs.quantity[mine].sum())
        if taken > entry.stock:
            yield context.blame_lot(RULE, lot, f"takes {taken} of {entry.operation} from stock, but only {entry.stock} "
                                               f"are kept for it there.")
    if entry.end is not None:
        ready, tables = context.scenario.axis.to_ticks(entry.end, up=True), context.tables
        component = np.array([tables.components.index(entry.operation)])
        need = int(tables.need(context.lot_template[[lot]], component)[0])
        if need < 0:
            return
        part = slice(int(tables.target_first[need]), int(tables.target_first[need + 1]))
        for target in dict.fromkeys(tables.target[part].tolist()):
            row = int(context.row_of[context.needed(np.array([lot]), np.array([target]))[0]])
            if row >= 0 and not context.fact[row] and context.start[row] < ready:
                yield context.blame(RULE, row, f"starts at {context.when(context.start[row])}, before its "
                                               f"{entry.operation} is there at {context.when(ready)}.")
