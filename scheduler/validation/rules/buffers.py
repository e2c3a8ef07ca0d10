"""Rule buffers: between cells only so many lots wait; a lot that finds no place stays where it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.arcs import Arcs, arcs
from scheduler.validation.context import Context
from scheduler.validation.hours import constant
from scheduler.validation.loads import Load, excesses
from scheduler.validation.shop import Shop

RULE = "buffers"


def buffers(context: Context) -> Iterator[Violation]:
    """Forbids more lots between two cells than their buffer has places, a lot that leaves its resource before its
    operation ends or after the next one starts, and one that stays though no buffer is behind it.

    Allows a lot to wait on its resource, which then does nothing else, and any number to wait where no buffer is.
    """
    if not isinstance(context, Shop):
        return
    found, numbers, names = arcs(context), _between(context), list(context.scenario.plant.buffers)
    cells = {name: k for k, name in enumerate(context.scenario.plant.cells)}
    cell = np.array([cells[r.cell] for r in context.resources], dtype=np.int64)
    through = numbers[cell[context.resource[found.first]], cell[context.resource[found.then]]]
    yield from _leaving(context, found, through)
    loads: dict[int, list[Load]] = {}
    for k in np.flatnonzero(through >= 0).tolist():
        first, then = int(found.first[k]), int(found.then[k])
        free = not (context.fact[first] and context.fact[then])
        since = int(np.clip(context.leave[first], context.end[first], context.furthest))
        loads.setdefault(int(through[k]), []).append(Load(since, int(context.start[then]), 1, first, free))
    for number, mine in loads.items():
        size = context.scenario.plant.buffers[names[number]].size
        for time, used, there, row in excesses(mine, constant(size), context.scenario.now):
            yield context.blame(RULE, row, f"leaves {context.named_resource(row)} for buffer {names[number]}, where at "
                                           f"{context.when(time)} {used} lots are, but it has {there} places.", time)


def _between(context: Shop) -> np.ndarray:
    """[cells, cells] number of the buffer, -1: none."""
    cells = list(context.scenario.plant.cells)
    found = np.full((len(cells), len(cells)), -1, dtype=np.int64)
    for k, buffer in enumerate(context.scenario.plant.buffers.values()):
        if buffer.from_ in cells and buffer.to in cells:
            pair = cells.index(buffer.from_), cells.index(buffer.to)
            found[pair] = k if found[pair] < 0 else found[pair]
    return found


def _leaving(context: Shop, found: Arcs, through: np.ndarray) -> Iterator[Violation]:
    last = np.full(len(context.lot), -1, dtype=np.int64)
    latest = np.full(len(context.lot), np.iinfo(np.int64).max)
    behind = np.flatnonzero(through >= 0)
    np.minimum.at(latest, found.first[behind], context.start[found.then[behind]])
    last[found.first[behind]] = through[behind]
    rows = np.flatnonzero(context.sound & ~context.fact & (context.leave != context.end))
    for i in rows.tolist():
        told = f"leaves {context.named_resource(i)} at {context.when(context.leave[i])}"
        if context.leave[i] < context.end[i]:
            yield context.blame(RULE, i, f"{told}, before its end at {context.when(context.end[i])}.", context.end[i])
        elif last[i] < 0:
            yield context.blame(RULE, i, f"{told}, though no buffer is behind it that could be full at its end at "
                                         f"{context.when(context.end[i])}.", context.end[i])
    for i in np.flatnonzero(context.sound & ~context.fact & (last >= 0) & (context.leave > latest)).tolist():
        yield context.blame(RULE, i, f"leaves {context.named_resource(i)} at {context.when(context.leave[i])}, after "
                                     f"the next operation starts at {context.when(latest[i])}.", latest[i])
