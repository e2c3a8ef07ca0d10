"""The part of rule stock about components that several operations of a lot take: enough is there as they start."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.pegs import LOT


def balance(context: Context, rule: str) -> Iterator[Violation]:
    """Forbids a start before the pieces taken by the operation and those begun by then have arrived where it runs."""
    tables, pegs = context.tables, context.pegs
    chosen = np.flatnonzero((pegs.need >= 0) & ~pegs.tool)
    chosen = chosen[tables.split[pegs.need[chosen]]]
    waiting: dict[tuple[int, int], list[int]] = {}
    for p, lot, need in zip(chosen.tolist(), pegs.consumer[chosen].tolist(), pegs.need[chosen].tolist()):
        waiting.setdefault((lot, need), []).append(p)
    for (lot, need), numbers in waiting.items():
        part = slice(int(tables.target_first[need]), int(tables.target_first[need + 1]))
        target = tables.target[part]
        needed = context.needed(np.full(len(target), lot), target)
        rows = context.row_of[needed]
        if (rows[context.expected[needed]] < 0).any():
            continue
        begun: dict[int, tuple[int, int]] = {}
        for use, pieces, row in zip(tables.target_use[part].tolist(), tables.target_pieces[part].tolist(),
                                    rows.tolist()):
            if row >= 0:
                start = int(context.start[row])
                begun[use] = (pieces, min(start, begun[use][1] if use in begun else start))
        for i in dict.fromkeys(rows[rows >= 0][~context.fact[rows[rows >= 0]]].tolist()):
            now = int(context.start[i])
            taken = sum(pieces for pieces, since in begun.values() if since <= now) * int(context.lot_quantity[lot])
            there = sum(int(pegs.quantity[p]) for p in numbers if _ready(context, p, i) <= now)
            if there < taken:
                yield context.blame(rule, i, f"starts at {context.when(now)}, when {taken} of {pegs.names[numbers[0]]} "
                                             f"are taken for lot {context.lot_id[lot]}, but only {there} are there.")


def _ready(context: Context, peg: int, row: int) -> int:
    """Tick at which a peg's pieces are where the row's operation runs."""
    if context.pegs.source[peg] != LOT:
        return int(context.arrival[peg])
    _, ending = context.endings(context.pegs.lot[[peg]])
    return int((context.end[ending] + context.transport(ending, np.full(len(ending), row))).max(initial=0))
