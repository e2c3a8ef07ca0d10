"""Rule completeness: all that is needed is made, once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import LOT

RULE = "completeness"


def completeness(context: Context) -> Iterator[Violation]:
    """Forbids an order without its product lot or with another quantity, a needed tool that is not made, a needed
    operation that is not scheduled, an operation or lot nobody needs, and pieces of a lot that nobody takes.

    Allows any division of needs among stock and lots, no operations for a refused order, and one way of each part of a
    routing that has several. That no operation is there twice is the rule of structure.
    """
    yield from _orders(context)
    yield from _tools(context)
    yield from _operations(context)
    yield from _surplus(context)


def _orders(context: Context) -> Iterator[Violation]:
    products = np.flatnonzero(context.lot_sound & (context.lot_component == -1))
    orders = context.lot_order[products]
    counts = np.bincount(orders, minlength=len(context.orders))
    wrong = (counts != 1) & ~((counts == 0) & context.refused)
    for order in np.flatnonzero(wrong).tolist():
        name, count = context.orders.id[order], int(counts[order])
        yield Violation(RULE, f"The product of order {name} is made {count} times." if count else
                        f"Order {name} is not in the schedule.", order=name)
    wrong = context.lot_quantity[products] != context.orders.quantity[orders]
    for lot in products[wrong].tolist():
        wanted = int(context.orders.quantity[context.lot_order[lot]])
        yield context.blame_lot(RULE, lot, f"makes {int(context.lot_quantity[lot])} pieces, but the order wants "
                                           f"{wanted}.")


def _tools(context: Context) -> Iterator[Violation]:
    names = context.tables.components
    wanted, allowed = np.zeros(len(names), dtype=bool), np.zeros(len(names), dtype=bool)
    wanted[context.tables.component[context.needs[1]]] = True
    allowed[context.tables.component[context.all_needs[1]]] = True
    made = np.flatnonzero(context.lot_sound & (context.lot_component >= 0))
    made = made[context.is_tool[context.lot_component[made]]]
    counts = np.bincount(context.lot_component[made[context.lot_order[made] == -1]], minlength=len(names))
    for tool in np.flatnonzero(context.is_tool & wanted & (context.on_hand < 1) & (counts == 0)).tolist():
        yield Violation(RULE, f"The tool {names[tool]} is needed and not in stock, but no shared lot provides it.")
    for tool in np.flatnonzero(counts > 1).tolist():
        yield Violation(RULE, f"The tool {names[tool]} is provided by {int(counts[tool])} lots; all orders share one.")
    for lot in made.tolist():
        tool, quantity = int(context.lot_component[lot]), int(context.lot_quantity[lot])
        if context.lot_order[lot] != -1:
            yield context.blame_lot(RULE, lot, f"makes the tool {names[tool]} for one order; all orders share one.")
        elif context.on_hand[tool] >= 1:
            yield context.blame_lot(RULE, lot, f"makes the tool {names[tool]}, which is in stock.")
        elif not allowed[tool]:
            yield context.blame_lot(RULE, lot, f"makes the tool {names[tool]}, which nobody needs.")
        if quantity != 1:
            yield context.blame_lot(RULE, lot, f"makes {quantity} of the tool {names[tool]}; one is needed.")


def _operations(context: Context) -> Iterator[Violation]:
    tables = context.tables
    owner = np.repeat(np.arange(len(context.lot_id)), np.diff(context.needed_first))
    found = np.zeros(len(owner), dtype=bool)
    rows = np.flatnonzero(context.operation >= 0)
    found[context.needed(context.lot[rows], context.operation[rows])] = True
    for number in np.flatnonzero(~found & context.expected).tolist():
        lot = int(owner[number])
        at = int(tables.operation_first[context.lot_template[lot]]) + number - int(context.needed_first[lot])
        text = f"{context.lot_id[lot]}/{tables.names[int(tables.name[at])]}"
        yield Violation(RULE, f"Operation {text} is not scheduled.", order=context.order_of(lot), operation=text)
    rows = np.flatnonzero(context.named & (context.operation < 0))
    for i in rows[context.lot_sound[context.lot[rows]]].tolist():
        yield context.blame(RULE, i, "is not needed: its lot has no such operation.")


def _surplus(context: Context) -> Iterator[Violation]:
    flow = context.pegs.of(LOT)
    taken = np.zeros(len(context.lot_id), dtype=np.int64)
    np.add.at(taken, context.pegs.lot[flow], context.pegs.quantity[flow])
    parts = np.flatnonzero(context.lot_sound & (context.lot_component >= 0))
    parts = parts[~(context.is_tool | context.pooled)[context.lot_component[parts]] & ~context.lot_refused[parts]]
    for lot in parts[taken[parts] < context.lot_quantity[parts]].tolist():
        yield context.blame_lot(RULE, lot, f"makes {int(context.lot_quantity[lot])} pieces of {context.lot_item[lot]}, "
                                           f"but only {int(taken[lot])} are used.")
