"""Arcs with lags and transfer lots in the order of a problem, each pair of operations once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.encoding.clocks import offsets
from scheduler.encoding.floor import Floor
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.problem import FAR


class Links(NamedTuple):
    """Arcs sorted by what comes after, then by what comes before: pred_first [n+1] with before, and the columns of
    Rules aligned with it."""

    pred_first: np.ndarray
    before: np.ndarray
    after: np.ndarray
    arc_min: np.ndarray
    arc_max: np.ndarray
    head_first: np.ndarray
    head: np.ndarray
    tail_first: np.ndarray
    tail: np.ndarray


def links(plan: Plan, shop: Shop, floor: Floor) -> Links:
    """The plan's arcs and those of pins. Of arcs between the same two operations the strongest of each part counts: one
    without transfer lots before any with them, the longest minimum, the shortest maximum."""
    n, own, pinned = max(len(plan), 1), len(plan.arc_from), floor.behind.shape[1]
    before = np.concatenate((plan.arc_from, floor.behind[0]))
    after = np.concatenate((plan.arc_to, floor.behind[1]))
    none = np.zeros(pinned, dtype=np.int64)
    least, most = np.concatenate((shop.arc_min, none)), np.concatenate((shop.arc_max, none + FAR))
    heads = np.concatenate((np.diff(shop.head_first), none))
    order = np.lexsort((heads, before, after))
    key = (after * n + before)[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else none[:0]
    chosen = order[first]
    heading, tailing = _strongest(shop, order, first, chosen, own)
    steps = np.arange(len(plan) + 1)
    head_first, head = _kept_modes(plan, floor, before[chosen], *heading)
    tail_first, tail = _kept_modes(plan, floor, after[chosen], *tailing)
    return Links(
        np.searchsorted(after[chosen], steps), before[chosen], after[chosen],
        np.maximum.reduceat(least[order], first) if len(first) else least,
        np.minimum.reduceat(most[order], first) if len(first) else most, head_first, head, tail_first, tail)


Sliced = tuple[np.ndarray, np.ndarray]
"""(first [A+1], values)."""


def _strongest(shop: Shop, order: np.ndarray, first: np.ndarray, chosen: np.ndarray, own: int) -> tuple[Sliced, Sliced]:
    """Heads and tails of the chosen arcs; where several with transfer lots are one, the largest of each."""
    made = []
    size = np.diff(np.append(first, len(order)))
    for starts, values in ((shop.head_first, shop.head), (shop.tail_first, shop.tail)):
        padded = np.append(starts, np.full(len(order) - own, starts[-1]))
        counts = np.diff(padded)[chosen]
        at = offsets(counts)
        found = values[np.repeat(padded[chosen] - at[:-1], counts) + np.arange(counts.sum())]
        for k in np.flatnonzero((size > 1) & (counts > 0)).tolist():
            for arc in order[first[k] + 1: first[k] + size[k]].tolist():
                part = slice(int(at[k]), int(at[k + 1]))
                found[part] = np.maximum(found[part], values[padded[arc]: padded[arc + 1]])
        made.append((at, found))
    return made[0], made[1]


def _kept_modes(plan: Plan, floor: Floor, op: np.ndarray, first: np.ndarray, values: np.ndarray) -> Sliced:
    """Of values per mode of an arc's operation those whose mode is left."""
    counts = np.diff(first)
    mode = np.repeat(plan.mode_first[op] - first[:-1], counts) + np.arange(counts.sum())
    left = floor.kept[mode]
    return offsets(np.bincount(np.repeat(np.arange(len(op)), counts)[left], minlength=len(op))), values[left]
