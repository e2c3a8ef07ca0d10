"""Rule structure: everything a schedule points at exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "structure"


def structure(context: Context) -> Iterator[Violation]:
    """Forbids indices out of range, unknown items and components, quantities below one, an operation of a lot twice, two lots
    of one id, places in a resource's sequence that are not 0, 1, 2 ..., and tables of names other than the scenario's.

    Allows rows in any order and lot ids of any form, but the lot of an order's product bears the order's id.
    """
    yield from _tables(context)
    yield from _rows(context)
    yield from _positions(context)
    yield from _lots(context)
    yield from _pegs(context)


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
            if a != b and (what != "configurations" or list(a) != list(b)):
                yield Violation(RULE, f"Number {i} of the {what} is {a!r} in the schedule but {b!r} in the scenario.")


def _rows(context: Context) -> Iterator[Violation]:
    lots, names = len(context.lot_id), len(context.columns.names)
    for i in np.flatnonzero(~context.named).tolist():
        lot, name = int(context.lot[i]), int(context.name[i])
        if not 0 <= lot < lots:
            yield context.blame(RULE, i, f"Row {i} belongs to lot {lot}, but the lots are numbered 0 to {lots - 1}.")
        if not 0 <= name < names:
            yield context.blame(RULE, i, f"Row {i} has operation name {name}, but the names are numbered 0 to {names - 1}.")
    for i in np.flatnonzero(~context.placed).tolist():
        resource, configuration = int(context.resource[i]), int(context.configuration[i])
        if not 0 <= resource < len(context.resources):
            yield context.blame(RULE, i, f"Operation {context.operation_text(i)} runs on resource {resource}, but the "
                                         f"resources are numbered 0 to {len(context.resources) - 1}.")
        else:
            yield context.blame(RULE, i, f"Operation {context.operation_text(i)} runs in configuration {configuration} of "
                                         f"{context.resource_text(i)}, which has {len(context.resources[resource].configurations)}.")
    rows = np.flatnonzero(context.operation >= 0)
    numbers = context.needed(context.lot[rows], context.operation[rows])
    _, first = np.unique(numbers, return_index=True)
    again = np.ones(len(rows), dtype=bool)
    again[first] = False
    for i in rows[again].tolist():
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} is scheduled more than once.")


def _positions(context: Context) -> Iterator[Violation]:
    rows = np.flatnonzero((context.resource >= 0) & (context.resource < len(context.resources)))
    rows = rows[np.lexsort((context.position[rows], context.resource[rows]))]
    edges = np.searchsorted(context.resource[rows], np.arange(len(context.resources) + 1))
    right = np.arange(len(rows)) - edges[context.resource[rows]]
    wrong = np.flatnonzero(context.position[rows] != right)
    _, first = np.unique(context.resource[rows[wrong]], return_index=True)
    for k in wrong[first].tolist():
        i = int(rows[k])
        yield context.blame(RULE, i, f"The sequence of {context.resource_text(i)} goes wrong at {context.operation_text(i)}: "
                                     f"it has place {int(context.position[i])} where place {int(right[k])} comes next.")


def _lots(context: Context) -> Iterator[Violation]:
    for number in np.flatnonzero(~context.lot_sound).tolist():
        order, quantity = int(context.lot_order[number]), int(context.lot_quantity[number])
        lot, item = context.lot_id[number], context.lot_item[number]
        if context.lot_component[number] == -2:
            yield context.blame_lot(RULE, number, f"Lot {lot} makes '{item}', which the catalog does not know.")
        elif not -1 <= order < len(context.orders) or (order < 0 and not item):
            yield context.blame_lot(RULE, number, f"Lot {lot} belongs to order {order}, which does not exist.")
        else:
            yield context.blame_lot(RULE, number, f"Lot {lot} has {quantity} pieces.")
    for text, count in Counter(context.lot_id).items():
        if count > 1:
            yield Violation(RULE, f"{count} lots have the id {text}.", order=text if text in context.orders.id else "")
    for number in np.flatnonzero(context.lot_sound & (context.lot_component == -1)).tolist():
        if context.lot_id[number] != context.lot_order_text(number):
            yield context.blame_lot(RULE, number, f"The product of order {context.lot_order_text(number)} is made in lot "
                                                  f"{context.lot_id[number]}, which must bear the order's id.")


def _pegs(context: Context) -> Iterator[Violation]:
    pegs = context.pegs
    for number in np.flatnonzero(~pegs.sound).tolist():
        component = context.columns.peg_component[number]
        yield Violation(RULE, f"Peg {number} of '{component}' points at something that does not exist or is not sound: source "
                              f"{int(pegs.source[number])}, lot {int(pegs.lot[number])}, consumer {int(pegs.consumer[number])}, "
                              f"quantity {int(pegs.quantity[number])}.")
    rows = np.flatnonzero(pegs.sound)
    for number in rows[pegs.order[rows] != context.lot_order[pegs.consumer[rows]]].tolist():
        consumer = int(pegs.consumer[number])
        yield context.blame_lot(RULE, consumer, f"Peg {number} of '{context.columns.peg_component[number]}' says order "
                                                f"{int(pegs.order[number])}, but its consumer {context.lot_id[consumer]} belongs to "
                                                f"order {int(context.lot_order[consumer])}.")
