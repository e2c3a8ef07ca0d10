"""Rule supply: parts whose source is chosen with the schedule come from where they can, in time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.catalog import Component
from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import BUY, EXPEDITE, STOCK
from scheduler.validation.shop import Shop

RULE = "supply"


def supply(context: Context) -> Iterator[Violation]:
    """Forbids, for bought parts with arrivals or an expedite price, a need covered from more than one source, purchases
    said to be there before the release and the lead time have passed, more pieces drawn from stock by any time than
    were on hand and have arrived, an operation that starts before its pieces are there; and expediting other parts.

    Allows any of the sources for each need, pieces that wait for their use, and anything of what is used up already.
    """
    if not isinstance(context, Shop):
        return
    pegs = context.pegs
    hurried = pegs.of(EXPEDITE)
    for p in hurried[~context.dynamic[pegs.component[hurried]]].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"expedites {pegs.names[p]}, which cannot be.")
    for number in np.flatnonzero(context.dynamic).tolist():
        mine = np.flatnonzero(pegs.sound & (pegs.component == number))
        spec = context.scenario.catalog.components[context.tables.components[number]]
        yield from _one_source(context, mine)
        peg, row = context.waiting(mine)
        used = np.isin(mine, peg[context.fact[row]]) & ~np.isin(mine, peg[~context.fact[row]])
        yield from _purchases(context, mine[~used], spec)
        stocked = pegs.source[mine] == STOCK
        yield from _drawn(context, mine[stocked], used[stocked], spec)
        early = (context.start[row] < pegs.available[peg]) & ~context.fact[row]
        for p, i in zip(peg[early].tolist(), row[early].tolist()):
            yield context.blame(RULE, i, f"starts at {context.when(context.start[i])}, before its {pegs.names[p]} is "
                                         f"there at {context.when(pegs.available[p])}.")


def _one_source(context: Shop, mine: np.ndarray) -> Iterator[Violation]:
    consumers, counts = np.unique(context.pegs.consumer[mine], return_counts=True)
    for lot in consumers[counts > 1].tolist():
        name = context.pegs.names[int(mine[0])]
        yield context.blame_lot(RULE, lot, f"takes its {name} from more than one source; all pieces of a need come "
                                           f"from one.")


def _purchases(context: Shop, mine: np.ndarray, spec: Component) -> Iterator[Violation]:
    pegs, axis = context.pegs, context.scenario.axis
    for p in mine[np.isin(pegs.source[mine], (BUY, EXPEDITE))].tolist():
        lot = int(pegs.consumer[p])
        offer = spec.buy.expedite if spec.buy and pegs.source[p] == EXPEDITE else spec.buy
        if offer is None:
            if pegs.source[p] == EXPEDITE:
                yield context.blame_lot(RULE, lot, f"expedites {pegs.names[p]}, which cannot be.")
            continue
        earliest = int(context.lot_release[lot]) + axis.duration(offer.lead_time)
        if pegs.available[p] < earliest:
            yield context.blame_lot(RULE, lot, f"has {pegs.names[p]} said to be there at "
                                               f"{context.when(pegs.available[p])}; bought at its release, it is there "
                                               f"at {context.when(earliest)}.", pegs.available[p])


def _drawn(context: Shop, mine: np.ndarray, used: np.ndarray, spec: Component) -> Iterator[Violation]:
    """used: which of the pegs brought what is used up already; alone they may take more than there was."""
    pegs, axis = context.pegs, context.scenario.axis
    order = np.argsort(pegs.available[mine], kind="stable")
    mine, free = mine[order], np.cumsum(~used[order]) > 0
    time, taken = pegs.available[mine], np.cumsum(pegs.quantity[mine])
    there = np.full(len(mine), spec.stock, dtype=np.int64)
    for arrival in spec.arrivals:
        there[time >= axis.to_ticks(arrival.at, up=True)] += arrival.quantity
    last = np.append(time[1:] != time[:-1], True) if len(time) else np.zeros(0, dtype=bool)
    bad = (taken > there) & last & free
    for k in np.flatnonzero(bad & ~np.append(False, bad[:-1])).tolist() if len(mine) else ():
        p = int(mine[k])
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"takes {pegs.names[p]} from stock at "
                                f"{context.when(time[k])}; by then {int(taken[k])} are taken, but {int(there[k])} have "
                                f"been there.", time[k])
    for p in mine[(pegs.available[mine] < 0) & free].tolist():
        yield context.blame_lot(RULE, int(pegs.consumer[p]), f"takes {pegs.names[p]} from stock before the origin.")
