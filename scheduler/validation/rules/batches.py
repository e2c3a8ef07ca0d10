"""Rule batches: what runs together may run together, and fits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "batches"


def batches(context: Context) -> Iterator[Violation]:
    """Forbids a batch on a cell that does not batch, of operations of different classes (or none), configurations,
    durations or crews, at different times or places, not next to each other in the sequence, or of more than its
    capacity; and an operation alone that is too large for it.

    Allows a batch that is not full, and an operation without a class to run alone.
    """
    if not isinstance(context, Shop):
        return
    for rows in context.batches.values():
        if all(context.fact[rows]):
            continue
        yield from _alike(context, rows)
        yield from _next_to_each_other(context, rows)
        yield from _fits(context, rows)
    alone = np.flatnonzero(context.sound & (context.batch < 0) & ~context.fact)
    for i in alone.tolist() if any(c.batch for c in context.scenario.plant.cells.values()) else ():
        yield from _fits(context, [i])


def _alike(context: Shop, rows: list[int]) -> Iterator[Violation]:
    leader = rows[0]
    led = context.named_operation(leader)
    if context.cell(int(context.resource[leader])).batch is None:
        yield context.blame(RULE, leader, f"runs in a batch on {context.named_resource(leader)}, which runs one "
                                          f"operation at a time.")
    for i in rows:
        if _class(context, i) is None:
            yield context.blame(RULE, i, f"runs in a batch with {led}, but has no compatibility class." if i != leader
                                else "runs in a batch, but has no compatibility class.")
    for i in rows[1:]:
        for what, of in (("compatibility class", _class), ("resource", lambda c, r: int(c.resource[r])),
                         ("configuration", lambda c, r: int(c.configuration[r])),
                         ("duration", lambda c, r: int(c.work[r])), ("crew", lambda c, r: c.team(r)),
                         ("start", lambda c, r: int(c.start[r])), ("end", lambda c, r: int(c.end[r])),
                         ("time to leave", lambda c, r: int(c.leave[r]))):
            if of(context, i) != of(context, leader):
                yield context.blame(RULE, i, f"runs in a batch with {led}, but has another {what}.")
                break


def _class(context: Shop, row: int) -> str | None:
    details = context.tables.details
    return details[int(context.operation[row])].batch if details else None


def _next_to_each_other(context: Shop, rows: list[int]) -> Iterator[Violation]:
    places = [int(context.position[i]) for i in rows]
    if places != list(range(places[0], places[0] + len(places))):
        yield context.blame(RULE, rows[0], f"runs in a batch at the places {', '.join(map(str, places))} of its "
                                           f"resource's sequence, which are not next to each other.")


def _fits(context: Shop, rows: list[int]) -> Iterator[Violation]:
    batch = context.cell(int(context.resource[rows[0]])).batch
    if batch is None or _class(context, rows[0]) is None:
        return
    details = context.tables.details
    places = sum(details[int(context.operation[i])].places * int(context.pieces[i]) for i in rows)
    if places > batch.capacity:
        yield context.blame(RULE, rows[-1], f"makes its batch on {context.named_resource(rows[-1])} {places} places "
                                            f"large; it has {batch.capacity}.")
