"""A template: one variant taken apart into items, operations and modes, for any quantity and any stock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np


class Way(NamedTuple):
    """A mode for any quantity: (fixed + per_piece x quantity) / (scale x tick) ticks, rounded up.

    resource: index into Scenario.resources; configuration: index into its configurations; index: 0 the operation as
    given, k its k-th alternative. fixed, per_piece: milliseconds x scale; cost: fixed, in hundredths.
    """

    resource: int
    configuration: int
    index: int  # type: ignore[assignment]
    fixed: int
    per_piece: int
    scale: int
    cost: int


class Step(NamedTuple):
    """One operation of the template. after: positions in Template.steps of the operations of its item before it."""

    name: str
    item: int
    after: tuple[int, ...]
    ways: tuple[Way, ...]


class Item(NamedTuple):
    """The product (first, component '') or one use of a component below it.

    parent: position in Template.items (-1 for the product); quantity: pieces per piece of the parent; at: steps of
    the parent that wait for it; tool: a shared tool (a leaf here; it has a template of its own); first, last: its
    steps [first, last), none for what is bought; sinks: its steps without successor. material_cost, stock_value,
    price: hundredths per piece; lead_time: ticks, -1 where it cannot be bought.
    """

    component: str
    parent: int
    quantity: int
    at: tuple[int, ...]
    tool: bool
    first: int
    last: int
    sinks: tuple[int, ...]
    material_cost: int
    stock_value: int
    lead_time: int
    price: int

    @property
    def made(self) -> bool:
        return self.last > self.first


@dataclass(frozen=True, eq=False)
class Template:
    """Items depth-first in listed order, each with its steps contiguous and in the same order. tick: milliseconds.

    ruled: something in it goes beyond the plain shop.
    """

    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    tick: int
    ruled: bool = False

    @cached_property
    def way_first(self) -> np.ndarray:
        """[steps + 1] first mode of each step in `ways`."""
        return np.concatenate(([0], np.cumsum([len(s.ways) for s in self.steps], dtype=np.int64)))

    @cached_property
    def ways(self) -> np.ndarray:
        """All modes, step by step, [7, M] int64 in the order of Way's fields."""
        return np.array([w for s in self.steps for w in s.ways], dtype=np.int64).reshape(-1, 7).T

    @cached_property
    def pieces(self) -> tuple[int, ...]:
        """Pieces of each item for one piece of the product, if nothing comes from stock."""
        found: list[int] = []
        for item in self.items:
            found.append(item.quantity * (found[item.parent] if item.parent >= 0 else 1))
        return tuple(found)

    @cached_property
    def arcs(self) -> tuple[tuple[int, int], ...]:
        """(before, after) between steps, those from a made component to the steps that wait for it included."""
        inside = [(p, i) for i, step in enumerate(self.steps) for p in step.after]
        across = [(p, i) for item in self.items for p in item.sinks for i in item.at]
        return (*inside, *across)


def durations(ways: np.ndarray, quantity: np.ndarray, tick: int) -> np.ndarray:
    """Ticks of modes (columns as Template.ways, [7, M]) for quantities that broadcast against [M]."""
    result: np.ndarray = -(-(ways[3] + ways[4] * quantity) // (ways[5] * tick))
    return result
