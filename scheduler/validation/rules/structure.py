"""Rule structure: everything a schedule points at exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "structure"


def structure(context: Context) -> Iterator[Violation]:
    """Forbids indices out of range, unknown items and components, quantities below one, an operation of a lot twice,
    two lots of one id, places in a resource's sequence that are not 0, 1, 2 ..., and tables of names other than the
    scenario's.

    Allows rows in any order and lot ids of any form, but the lot of an order's product bears the order's id.
    """
    yield from _tables(context)
    yield from _rows(context)
    yield from _repeated(context)
    yield from _positions(context)
    yield from _lots(context)
    yield from _pegs(context)
    yield from _extras(context)


def _tables(context: Context) -> Iterator[Violation]:
    schedule = context.schedule
    for what, told, right in (
            ("orders", schedule.orders, context.orders.id),
            ("resources", schedule.resources, tuple(r.id for r in context.resources)),
            ("configurations", schedule.configurations, tuple(r.configurations for r in context.resources))):
        if not isinstance(told, (tuple, list)):
            yield Violation(RULE, f"The schedule's table of {what} is not a list.")
            continue
        if told and len(told) != len(right):
            yield Violation(RULE, f"The schedule names {len(told)} {what}, the scenario has {len(right)}.")
        for i, (a, b) in enumerate(zip(told, right)):
            same = tuple(a) == b if isinstance(a, list) else bool(a == b)
            if not same:
                yield Violation(RULE, f"Number {i} of the {what} is {a!r} in the schedule, but {b!r} in the scenario.")


def _rows(context: Context) -> Iterator[Violation]:
    for i in np.flatnonzero(~context.named).tolist():
        for what, number, count in (("lot", int(context.lot[i]), len(context.lot_id)),
                                    ("name", int(context.name[i]), len(context.columns.names))):
            if not 0 <= number < count:
                yield context.blame(RULE, i, f"(row {i}) has {what} {number}; there are {count}, numbered from 0.")
    for i in np.flatnonzero(~context.placed).tolist():
        resource, configuration = int(context.resource[i]), int(context.configuration[i])
        if not 0 <= resource < len(context.resources):
            yield context.blame(RULE, i, f"runs on resource {resource}; there are {len(context.resources)}, "
                                         f"numbered from 0.")
        else:
            count = len(context.resources[resource].configurations)
            yield context.blame(RULE, i, f"runs in configuration {configuration} of {context.named_resource(i)}, "
                                         f"which has {count}, numbered from 0.")


def _repeated(context: Context) -> Iterator[Violation]:
    rows = np.flatnonzero(context.operation >= 0)
    _, first = np.unique(context.needed(context.lot[rows], context.operation[rows]), return_index=True)
    again = np.ones(len(rows), dtype=bool)
    again[first] = False
    for i in rows[again].tolist():
        yield context.blame(RULE, i, "is scheduled more than once.")


def _positions(context: Context) -> Iterator[Violation]:
    rows = np.flatnonzero((context.resource >= 0) & (context.resource < len(context.resources)))
    rows = rows[np.lexsort((context.position[rows], context.resource[rows]))]
    edges = np.searchsorted(context.resource[rows], np.arange(len(context.resources) + 1))
    right = np.arange(len(rows)) - edges[context.resource[rows]]
    wrong = np.flatnonzero(context.position[rows] != right)
    _, first = np.unique(context.resource[rows[wrong]], return_index=True)
    for k in wrong[first].tolist():
        i = int(rows[k])
        yield context.blame(RULE, i, f"has place {int(context.position[i])} in the sequence of "
                                     f"{context.named_resource(i)}, where place {int(right[k])} comes next.")


def _lots(context: Context) -> Iterator[Violation]:
    for lot in np.flatnonzero(~context.lot_sound).tolist():
        order, quantity, item = int(context.lot_order[lot]), int(context.lot_quantity[lot]), context.lot_item[lot]
        if context.lot_component[lot] == -2:
            yield context.blame_lot(RULE, lot, f"makes '{item}', which the catalog does not know.")
        elif context.lot_component[lot] < -1:
            yield context.blame_lot(RULE, lot, "is a planned maintenance, which is one piece of no order.")
        elif not -1 <= order < len(context.orders) or (order < 0 and not item):
            yield context.blame_lot(RULE, lot, f"belongs to order {order}, which does not exist.")
        else:
            yield context.blame_lot(RULE, lot, f"makes {quantity} pieces.")
    for text, count in Counter(context.lot_id).items():
        if count > 1:
            yield Violation(RULE, f"{count} lots have the id {text}.")
    for lot in np.flatnonzero(context.lot_sound & (context.lot_component == -1)).tolist():
        if context.lot_id[lot] != context.order_of(lot):
            yield context.blame_lot(RULE, lot, f"makes the product of order {context.order_of(lot)} and must bear "
                                               f"the order's id.")


def _pegs(context: Context) -> Iterator[Violation]:
    pegs = context.pegs
    for p in np.flatnonzero(~pegs.sound).tolist():
        yield Violation(RULE, f"Peg {p} of '{pegs.names[p]}' points at something that does not exist or is not sound: "
                              f"source {int(pegs.source[p])}, lot {int(pegs.lot[p])}, consumer "
                              f"{int(pegs.consumer[p])}, quantity {int(pegs.quantity[p])}.")
    rows = np.flatnonzero(pegs.sound)
    for p in rows[pegs.order[rows] != context.lot_order[pegs.consumer[rows]]].tolist():
        lot = int(pegs.consumer[p])
        yield context.blame_lot(RULE, lot, f"belongs to order {int(context.lot_order[lot])}, but its peg {p} of "
                                           f"{pegs.names[p]} says order {int(pegs.order[p])}.")


def _extras(context: Context) -> Iterator[Violation]:
    """What only schedules of a real shop have."""
    extras, count = context.columns.extras, len(context.lot)
    if extras.team is not None:
        for i in np.flatnonzero((extras.team < 0) | (extras.team >= len(extras.teams))).tolist():
            yield context.blame(RULE, i, f"has team {int(extras.team[i])}; there are {len(extras.teams)}, numbered "
                                         f"from 0.")
    for name in ("before", "after") if extras.carries else ():
        rows = extras.carries[name]
        for k in np.flatnonzero((rows < 0) | (rows >= count)).tolist():
            yield Violation(RULE, f"Transport {k} names operation {int(rows[k])}; there are {count}, numbered from 0.")
    for order, times in Counter(extras.refused).items():
        if not 0 <= order < len(context.orders):
            yield Violation(RULE, f"Order {order} is refused; there are {len(context.orders)}, numbered from 0.")
        elif times > 1:
            yield Violation(RULE, f"Order {context.orders.id[order]} is refused more than once.",
                            order=context.orders.id[order])
