"""What waits for what in a real shop: every pair of operations that are there, with what its link says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.domain.catalog import Link
from scheduler.validation.pegs import LOT
from scheduler.validation.shop import Shop
from scheduler.validation.tables import spread


@dataclass(frozen=True, eq=False)
class Arcs:
    """Columns of length A: rows `first` and `then`; number: of the template's arc, -1 where a lot supplies another;
    firm: the wait is for sure (not where several operations of a lot take the same component, and so which of them
    waits for a lot depends on the others)."""

    first: np.ndarray
    then: np.ndarray
    number: np.ndarray
    firm: np.ndarray

    def overlapping(self, context: Shop) -> np.ndarray:
        """[A] `then` may begin before `first` is done."""
        over = {k for k, link in context.tables.links.items() if overlaps(link)}
        return np.isin(self.number, list(over))


def overlaps(link: Link) -> bool:
    return link.transfer is not None or link.overlap is not None


def arcs(context: Shop) -> Arcs:
    """All of them, kept by the context."""
    found = context.kept.get("arcs")
    if not isinstance(found, Arcs):
        found = context.kept["arcs"] = _arcs(context)
    return found


def _arcs(context: Shop) -> Arcs:
    lots = np.flatnonzero(context.lot_template >= 0)
    owner, number = spread(context.tables.arc_first, context.lot_template[lots])
    first = context.row_of[context.needed(lots[owner], context.tables.arc_from[number])]
    then = context.row_of[context.needed(lots[owner], context.tables.arc_to[number])]
    there = (first >= 0) & (then >= 0)
    parts = [np.array([first[there], then[there], number[there], np.ones(int(there.sum()), dtype=np.int64)])]
    supplier, row, firm = _supplied(context)
    place, ending = context.endings(supplier)
    if len(place):
        pairs, at = np.unique(np.array([ending, row[place]]), axis=1, return_index=True)
        parts.append(np.array([*pairs, np.full(len(at), -1), firm[place][at]]))
    every = np.concatenate(parts, axis=1).astype(np.int64)
    return Arcs(every[0], every[1], every[2], every[3] > 0)


def _supplied(context: Shop) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(supplying lot, row that waits, whether it surely does): lots by their pegs, tools by those who need them."""
    tables, pegs = context.tables, context.pegs
    chosen = pegs.of(LOT)
    chosen = chosen[pegs.need[chosen] >= 0]
    owner, target = spread(tables.target_first, pegs.need[chosen])
    peg = chosen[owner]
    row = context.row_of[context.needed(pegs.consumer[peg], tables.target[target])]
    firm = ~tables.split[pegs.need[peg]]
    lot, need = context.needs
    component = tables.component[need]
    made = context.is_tool[component] & (context.on_hand[component] < 1) & (context.tool_lot[component] >= 0)
    place, target = spread(tables.target_first, need[made])
    user = context.row_of[context.needed(lot[made][place], tables.target[target])]
    supplier = np.concatenate((pegs.lot[peg], context.tool_lot[component[made]][place]))
    row, firm = np.concatenate((row, user)), np.concatenate((firm, np.ones(len(user), dtype=bool)))
    there = row >= 0
    return supplier[there], row[there], firm[there]
