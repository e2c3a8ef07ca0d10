"""Rule stock: every need is covered once, and nothing is taken that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import BUY, LOT, STOCK, Context
from scheduler.validation.rules.material import arrivals
from scheduler.validation.tables import spread

RULE = "stock"


def stock(context: Context) -> Iterator[Violation]:
    """Forbids pegs for what a lot does not need, needs covered with too few or too many pieces, more pieces from stock than
    are on hand or from a lot than it makes, lots that make something else, buying what is made, and
    operations that start before enough of a component is there for all operations of the lot begun by then.

    Allows any order to get the stock, and any division of a need among stock, lots and purchases. Pieces of a lot made for
    another order are fine where both orders' choices ask for the same operations.
    """
    yield from _sources(context)
    yield from _needs(context)
    yield from _on_hand(context)
    yield from _lots(context)
    yield from _balance(context)


def _sources(context: Context) -> Iterator[Violation]:
    """Each peg by itself."""
    pegs, names = context.pegs, context.columns.peg_component
    rows = np.flatnonzero(pegs.sound)
    for number in rows[pegs.need[rows] < 0].tolist():
        consumer = int(pegs.consumer[number])
        yield context.blame_lot(RULE, consumer, f"Peg {number} gives {context.lot_id[consumer]} the component {names[number]}, "
                                                f"which it does not need.")
    for number in rows[(pegs.source[rows] == STOCK) & (pegs.available[rows] > 0)].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[number]), f"The {names[number]} that peg {number} takes from stock is said to "
                                                                  f"be there only at {context.when(int(pegs.available[number]))}.")
    for number in rows[(pegs.source[rows] == BUY) & (context.lead[pegs.component[rows]] < 0)].tolist():
        consumer = int(pegs.consumer[number])
        yield context.blame_lot(RULE, consumer, f"{names[number]} for {context.lot_id[consumer]} is bought, but it is not a bought part.")
    made = rows[pegs.source[rows] == LOT]
    for number in made[~context.made[pegs.component[made]] & ~pegs.tool[made]].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[number]), f"{names[number]} comes from lot {context.lot_id[int(pegs.lot[number])]}, "
                                                                  f"but it cannot be made.")
    for number in made[context.lot_component[pegs.lot[made]] != pegs.component[made]].tolist():
        lot, consumer = int(pegs.lot[number]), int(pegs.consumer[number])
        yield context.blame_lot(RULE, consumer, f"{names[number]} for {context.lot_id[consumer]} comes from lot {context.lot_id[lot]}, "
                                                f"which makes {context.lot_item[lot] or 'a product'}.")
    yield from _foreign(context, made[~pegs.tool[made] & (context.lot_component[pegs.lot[made]] == pegs.component[made])])


def _foreign(context: Context, made: np.ndarray) -> Iterator[Violation]:
    """Pieces of a lot that was made for another order with other choices."""
    pegs = context.pegs
    other = context.lot_order[pegs.lot[made]] != context.lot_order[pegs.consumer[made]]
    for number in made[other].tolist():
        lot, consumer = int(pegs.lot[number]), int(pegs.consumer[number])
        wanted = context.template_for(consumer, context.lot_item[lot])
        if wanted != int(context.lot_template[lot]):
            yield context.blame_lot(RULE, consumer, f"{context.lot_id[consumer]} takes pieces of lot {context.lot_id[lot]}, which is not "
                                                    f"made as its order's choices ask for.")


def _needs(context: Context) -> Iterator[Violation]:
    """Each need of each lot against the sum of its pegs."""
    tables, pegs = context.tables, context.pegs
    lots = np.flatnonzero(context.lot_template >= 0)
    owner, need = spread(tables.need_first, context.lot_template[lots])
    lot = lots[owner]
    first = np.zeros(len(context.lot_id) + 1, dtype=np.int64)
    sizes = np.zeros(len(context.lot_id), dtype=np.int64)
    sizes[lots] = np.diff(tables.need_first)[context.lot_template[lots]]
    np.cumsum(sizes, out=first[1:])
    covered, count = np.zeros(len(need), dtype=np.int64), np.zeros(len(need), dtype=np.int64)
    rows = np.flatnonzero(pegs.sound & (pegs.need >= 0))
    consumer = pegs.consumer[rows]
    at = first[consumer] + pegs.need[rows] - tables.need_first[context.lot_template[consumer]]
    np.add.at(covered, at, pegs.quantity[rows])
    np.add.at(count, at, 1)
    component = tables.component[need]
    wanted = tables.amount[need] * context.lot_quantity[lot]
    tool = context.is_tool[component]
    in_stock = tool & (context.stock[component] >= 1)
    for k in np.flatnonzero(np.where(tool, (count == 0) & ~in_stock, covered != wanted)).tolist():
        name, text = tables.components[int(component[k])], context.lot_id[int(lot[k])]
        if tool[k]:
            yield context.blame_lot(RULE, int(lot[k]), f"{text} needs the tool {name}, but no peg says where it comes from.")
        else:
            yield context.blame_lot(RULE, int(lot[k]), f"{text} needs {int(wanted[k])} of {name}, but pegs give it {int(covered[k])}.")


def _on_hand(context: Context) -> Iterator[Violation]:
    pegs = context.pegs
    taken = np.zeros(len(context.stock), dtype=np.int64)
    rows = pegs.sound & (pegs.source == STOCK)
    np.add.at(taken, pegs.component[rows], np.where(pegs.tool[rows], 0, pegs.quantity[rows]))
    used = np.zeros(len(context.stock), dtype=bool)
    used[pegs.component[rows]] = True
    over = np.where(context.is_tool, used & (context.stock < 1), taken > context.stock)
    for number in np.flatnonzero(over).tolist():
        name = context.tables.components[number]
        yield Violation(RULE, f"{max(1, int(taken[number]))} of {name} are taken from stock, but {int(context.stock[number])} are on hand.")


def _lots(context: Context) -> Iterator[Violation]:
    pegs = context.pegs
    taken = np.zeros(len(context.lot_id), dtype=np.int64)
    rows = pegs.sound & (pegs.source == LOT) & ~pegs.tool
    np.add.at(taken, pegs.lot[rows], pegs.quantity[rows])
    for lot in np.flatnonzero(context.lot_sound & (taken > context.lot_quantity)).tolist():
        yield context.blame_lot(RULE, lot, f"{int(taken[lot])} pieces of lot {context.lot_id[lot]} are used, but it makes only "
                                           f"{int(context.lot_quantity[lot])}.")


def _balance(context: Context) -> Iterator[Violation]:
    """Components that several operations of a lot take: pieces there when one starts against pieces taken by then."""
    tables, pegs = context.tables, context.pegs
    chosen = np.flatnonzero(pegs.sound & (pegs.need >= 0) & ~pegs.tool)
    chosen = chosen[tables.split[pegs.need[chosen]]]
    if not len(chosen):
        return
    arrival = arrivals(context)
    waiting: dict[tuple[int, int], list[int]] = {}
    for number in chosen.tolist():
        waiting.setdefault((int(pegs.consumer[number]), int(pegs.need[number])), []).append(number)
    for (lot, need), numbers in waiting.items():
        yield from _one_balance(context, lot, need, np.array(numbers), arrival)


def _one_balance(context: Context, lot: int, need: int, numbers: np.ndarray, arrival: np.ndarray) -> Iterator[Violation]:
    tables, pegs = context.tables, context.pegs
    part = slice(int(tables.target_first[need]), int(tables.target_first[need + 1]))
    rows = context.row_of[context.needed(np.full(part.stop - part.start, lot), tables.target[part])]
    if (rows < 0).any():
        return
    starts, uses, pieces = context.start[rows], tables.target_use[part], tables.target_pieces[part]
    begun = {u: int(starts[uses == u].min()) for u in set(uses.tolist())}
    for i in dict.fromkeys(rows.tolist()):
        now = int(context.start[i])
        taken = sum(int(pieces[uses == u][0]) for u, since in begun.items() if since <= now) * int(context.lot_quantity[lot])
        there = 0
        for number in numbers.tolist():
            ready = int(arrival[number])
            if pegs.source[number] == LOT:
                _, ends = pegs.ends(context, pegs.lot[[number]])
                ride = context.transport(ends, np.full(len(ends), i))
                ready = int((context.end[ends] + ride).max()) if len(ends) else 0
            there += int(pegs.quantity[number]) if ready <= now else 0
        if there < taken:
            name = tables.components[int(tables.component[need])]
            yield context.blame(RULE, i, f"When operation {context.operation_text(i)} starts at {context.when(now)}, {taken} of {name} are "
                                         f"taken for {context.lot_id[lot]}, but only {there} are there.")
