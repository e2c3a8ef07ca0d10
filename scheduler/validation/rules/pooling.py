"""Rule pooling: parts made for several orders together are made in the lots that their pool asks for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import LOT
from scheduler.validation.shop import Shop

RULE = "pooling"


def pooling(context: Context) -> Iterator[Violation]:
    """Forbids a lot of a pooled part that belongs to one order, is smaller than the pool's minimum, is no multiple of
    its multiple, makes more than rounding up asks for, or serves orders due further apart than the pool allows.

    Allows any division of the needs among such lots, and pieces left over by rounding or by an order that is refused.
    """
    if not isinstance(context, Shop) or not context.pooled.any():
        return
    pegs, taken = context.pegs, np.zeros(len(context.lot_id), dtype=np.int64)
    flow = pegs.of(LOT)
    np.add.at(taken, pegs.lot[flow], pegs.quantity[flow])
    spare = _refused(context)
    for lot in np.flatnonzero(context.lot_sound & (context.lot_component >= 0)).tolist():
        component = int(context.lot_component[lot])
        if not context.pooled[component]:
            continue
        name = context.tables.components[component]
        pool = context.scenario.catalog.components[name].pool
        assert pool is not None
        quantity = int(context.lot_quantity[lot])
        if context.lot_order[lot] != -1:
            yield context.blame_lot(RULE, lot, f"makes {name} for one order; it is made in lots for several.")
        if quantity < pool.minimum:
            yield context.blame_lot(RULE, lot, f"makes {quantity} of {name}; at least {pool.minimum} are made at once.")
        if quantity % pool.multiple:
            yield context.blame_lot(RULE, lot, f"makes {quantity} of {name}, which is no multiple of {pool.multiple}.")
        most = max(pool.minimum, int(taken[lot]) + int(spare[component]))
        most = -(-most // pool.multiple) * pool.multiple
        if quantity > most:
            yield context.blame_lot(RULE, lot, f"makes {quantity} of {name}, but {int(taken[lot])} are used, for which "
                                               f"{most} are enough.")
        yield from _apart(context, lot, context.scenario.axis.duration(pool.within))


def _refused(context: Shop) -> np.ndarray:
    """Pieces of each component that refused orders would have needed."""
    found = np.zeros(len(context.on_hand), dtype=np.int64)
    lot, need = context.all_needs
    gone = context.lot_refused[lot]
    np.add.at(found, context.tables.component[need[gone]],
              context.tables.amount[need[gone]] * context.lot_quantity[lot[gone]])
    return found


def _apart(context: Shop, lot: int, within: int) -> Iterator[Violation]:
    """Orders due too far apart that one lot serves; those without a due date are a group of their own."""
    pegs = context.pegs
    flow = pegs.of(LOT)
    orders = np.unique(context.lot_order[pegs.consumer[flow[pegs.lot[flow] == lot]]])
    orders = orders[orders >= 0]
    if not len(orders):
        return
    due = context.orders.due[orders]
    if int(due.max()) - int(due.min()) > within:
        first, last = (context.orders.id[int(orders[k])] for k in (due.argmin(), due.argmax()))
        yield context.blame_lot(RULE, lot, f"serves the orders {first} and {last}, which are due further apart than "
                                           f"{context.span(within)}.")
