"""Rule completeness: all that is needed is made, once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import LOT, Context

RULE = "completeness"


def completeness(context: Context) -> Iterator[Violation]:
    """Forbids an order without its product lot or with another quantity, a needed tool that is not made, a needed operation
    that is not scheduled, an operation or lot nobody needs, and pieces of a lot that nobody takes.

    Allows any division of needs among stock and lots. That no operation is there twice is the rule of structure.
    """
    yield from _orders(context)
    yield from _tools(context)
    yield from _operations(context)
    yield from _surplus(context)


def _orders(context: Context) -> Iterator[Violation]:
    products = np.flatnonzero(context.lot_sound & (context.lot_component == -1))
    orders = context.lot_order[products]
    counts = np.bincount(orders, minlength=len(context.orders))
    for order in np.flatnonzero(counts == 0).tolist():
        name = context.orders.id[order]
        yield Violation(RULE, f"Order {name} is not in the schedule.", order=name)
    for order in np.flatnonzero(counts > 1).tolist():
        name = context.orders.id[order]
        yield Violation(RULE, f"The product of order {name} is made {int(counts[order])} times.", order=name)
    wrong = context.lot_quantity[products] != context.orders.quantity[orders]
    for lot in products[wrong].tolist():
        name = context.lot_order_text(lot)
        right = int(context.orders.quantity[context.lot_order[lot]])
        yield context.blame_lot(RULE, lot, f"Order {name} wants {right} pieces, but its lot makes {int(context.lot_quantity[lot])}.")


def _tools(context: Context) -> Iterator[Violation]:
    wanted = needed_tools(context)
    names = context.tables.components
    shared = context.lot_sound & (context.lot_order == -1)
    counts = np.bincount(context.lot_component[shared], minlength=len(names))
    for tool in np.flatnonzero(wanted & (context.stock < 1)).tolist():
        if counts[tool] == 0:
            yield Violation(RULE, f"The tool {names[tool]} is needed and not in stock, but not made or bought either.")
    for tool in np.flatnonzero(context.is_tool & (counts > 1)).tolist():
        yield Violation(RULE, f"The tool {names[tool]} is made {int(counts[tool])} times; all orders share one.")
    for lot in np.flatnonzero(context.lot_sound & (context.lot_component >= 0)).tolist():
        tool = int(context.lot_component[lot])
        if not context.is_tool[tool]:
            continue
        name = context.lot_id[lot]
        if context.lot_order[lot] != -1:
            yield context.blame_lot(RULE, lot, f"Lot {name} makes the tool {names[tool]} for one order; all orders share one.")
        elif context.stock[tool] >= 1:
            yield context.blame_lot(RULE, lot, f"Lot {name} makes the tool {names[tool]}, which is in stock.")
        elif not wanted[tool]:
            yield context.blame_lot(RULE, lot, f"Lot {name} makes the tool {names[tool]}, which nobody needs.")
        if context.lot_quantity[lot] != 1:
            yield context.blame_lot(RULE, lot, f"Lot {name} makes {int(context.lot_quantity[lot])} of the tool {names[tool]}; one is needed.")


def needed_tools(context: Context) -> np.ndarray:
    """Which components are tools that some lot of the schedule needs."""
    tables = context.tables
    present = np.unique(context.lot_template[context.lot_template >= 0])
    wanted = np.zeros(len(tables.components), dtype=bool)
    if len(present):
        needs = np.concatenate([np.arange(tables.need_first[t], tables.need_first[t + 1]) for t in present.tolist()])
        wanted[tables.component[needs]] = True
    return wanted & context.is_tool


def _operations(context: Context) -> Iterator[Violation]:
    tables = context.tables
    found = np.zeros(int(context.needed_first[-1]), dtype=bool)
    rows = np.flatnonzero(context.operation >= 0)
    found[context.needed(context.lot[rows], context.operation[rows])] = True
    for number in np.flatnonzero(~found).tolist():
        lot = int(context.needed_lot[number])
        at = int(tables.operation_first[context.lot_template[lot]]) + number - int(context.needed_first[lot])
        text = f"{context.lot_id[lot]}/{tables.names[int(tables.name[at])]}"
        yield Violation(RULE, f"Operation {text} is not scheduled.", order=context.lot_order_text(lot), operation=text)
    for i in np.flatnonzero(context.named & (context.operation < 0)).tolist():
        if context.lot_sound[context.lot[i]]:
            yield context.blame(RULE, i, f"Operation {context.operation_text(i)} is not needed: lot "
                                         f"{context.lot_id[int(context.lot[i])]} has no such operation.")


def _surplus(context: Context) -> Iterator[Violation]:
    pegs = context.pegs
    taken = np.zeros(len(context.lot_id), dtype=np.int64)
    flow = pegs.sound & (pegs.source == LOT)
    np.add.at(taken, pegs.lot[flow], pegs.quantity[flow])
    parts = context.lot_sound & (context.lot_component >= 0)
    parts[parts] &= ~context.is_tool[context.lot_component[parts]]
    for lot in np.flatnonzero(parts & (taken < context.lot_quantity)).tolist():
        made, used = int(context.lot_quantity[lot]), int(taken[lot])
        yield context.blame_lot(RULE, lot, f"Lot {context.lot_id[lot]} makes {made} pieces of {context.lot_item[lot]}, "
                                           f"but only {used} are used.")
