"""Rule stock: every need is covered once, and nothing is taken that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import BUY, LOT, STOCK
from scheduler.validation.rules.balance import balance
from scheduler.validation.tables import firsts

RULE = "stock"


def stock(context: Context) -> Iterator[Violation]:
    """Forbids pegs for what a lot does not need, needs covered with too few or too many pieces, more pieces from
    stock than are on hand or from a lot than it makes, lots that make something else, buying what is made, and
    operations that start before enough of a component is there for all operations of the lot begun by then.

    Allows any order to get the stock, and any division of a need among stock, lots and purchases. Pieces of a lot made
    for another order are fine where both orders' choices ask for the same operations.
    """
    yield from _needs(context)
    yield from _on_hand(context)
    yield from _sources(context)
    yield from _suppliers(context)
    yield from balance(context, RULE)


def _needs(context: Context) -> Iterator[Violation]:
    """Each need of each lot against the sum of its pegs."""
    tables, pegs = context.tables, context.pegs
    lot, need = context.needs
    first = firsts(np.bincount(lot, minlength=len(context.lot_id)))
    covered, count = np.zeros(len(need), dtype=np.int64), np.zeros(len(need), dtype=np.int64)
    rows = np.flatnonzero(pegs.need >= 0)
    consumer = pegs.consumer[rows]
    at = first[consumer] + pegs.need[rows] - tables.need_first[context.lot_template[consumer]]
    np.add.at(covered, at, pegs.quantity[rows])
    np.add.at(count, at, 1)
    component = tables.component[need]
    wanted = tables.amount[need] * context.lot_quantity[lot]
    tool = context.is_tool[component]
    for k in np.flatnonzero(~tool & (covered != wanted)).tolist():
        yield context.blame_lot(RULE, int(lot[k]), f"needs {int(wanted[k])} of {tables.components[int(component[k])]}, "
                                                   f"but its pegs give it {int(covered[k])}.")
    for k in np.flatnonzero(tool & (count == 0) & (context.on_hand[component] < 1)).tolist():
        yield context.blame_lot(RULE, int(lot[k]), f"needs the tool {tables.components[int(component[k])]}, but no peg "
                                                   f"says where it comes from.")
    rows = np.flatnonzero(pegs.sound & (pegs.need < 0))
    for p in rows.tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"is given {pegs.names[p]} by peg {p}, but does not need "
                                                             f"it.")


def _on_hand(context: Context) -> Iterator[Violation]:
    """Pieces taken from stock; a tool in stock is there for everybody."""
    pegs = context.pegs
    taken = np.zeros(len(context.on_hand), dtype=np.int64)
    parts = pegs.of(STOCK)
    np.add.at(taken, pegs.component[parts], pegs.quantity[parts])
    taken[pegs.component[pegs.sound & (pegs.source == STOCK) & pegs.tool]] = 1
    for number in np.flatnonzero((taken > context.on_hand) & ~context.dynamic).tolist():
        yield Violation(RULE, f"{int(taken[number])} of {context.tables.components[number]} are taken from stock, but "
                              f"{int(context.on_hand[number])} are on hand.")
    for p in parts[(pegs.available[parts] > 0) & ~context.dynamic[pegs.component[parts]]].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"takes {pegs.names[p]} from stock, said to be there only "
                                                             f"at {context.when(pegs.available[p])}.")


def _sources(context: Context) -> Iterator[Violation]:
    """What each peg may come from."""
    pegs = context.pegs
    bought = np.flatnonzero(pegs.sound & (pegs.source == BUY))
    for p in bought[context.lead[pegs.component[bought]] < 0].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"buys {pegs.names[p]}, which cannot be bought or is "
                                                             f"made.")
    made = pegs.of(LOT)
    for p in made[~context.made[pegs.component[made]]].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"takes {pegs.names[p]} from lot "
                                f"{context.lot_id[int(pegs.lot[p])]}, but {pegs.names[p]} cannot be made.")


def _suppliers(context: Context) -> Iterator[Violation]:
    """What each lot gives to whom."""
    pegs = context.pegs
    made = np.flatnonzero(pegs.sound & (pegs.source == LOT))
    right = context.lot_component[pegs.lot[made]] == pegs.component[made]
    for p in made[~right].tolist():
        supplier = int(pegs.lot[p])
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"takes {pegs.names[p]} from lot "
                                                             f"{context.lot_id[supplier]}, which makes "
                                                             f"{context.lot_item[supplier] or 'a product'}.")
    foreign = made[right & ~pegs.tool[made]]
    foreign = foreign[context.lot_order[pegs.lot[foreign]] != context.lot_order[pegs.consumer[foreign]]]
    for p in foreign.tolist():
        supplier, consumer = int(pegs.lot[p]), int(pegs.consumer[p])
        if context.template_for(consumer, context.lot_item[supplier]) != context.lot_template[supplier]:
            yield context.blame_lot(RULE, consumer, f"takes {pegs.names[p]} from lot {context.lot_id[supplier]}, which "
                                                    f"is not made as its order's choices ask for.")
    taken = np.zeros(len(context.lot_id), dtype=np.int64)
    parts = pegs.of(LOT)
    np.add.at(taken, pegs.lot[parts], pegs.quantity[parts])
    for lot in np.flatnonzero(context.lot_sound & (taken > context.lot_quantity)).tolist():
        yield context.blame_lot(RULE, lot, f"makes {int(context.lot_quantity[lot])} pieces, but {int(taken[lot])} of "
                                           f"them are used.")
