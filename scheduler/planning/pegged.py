"""What the pegging of an order book says, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.planning.begun import Held
from scheduler.planning.template import Template


@dataclass(frozen=True, eq=False)
class Pegged:
    """Orders (or lots shared by orders) of one template with what each of its items needs.

    orders [k], ascending; taken [k, items]: pieces from stock; rest [k, items]: pieces made or bought (for the product
    itself: its quantity; for a tool: above 0 where it is needed; below a pooled item: 0). pools: number of the pooled
    lot [k] that makes a pooled item, -1 where it is not needed.
    """

    template: Template
    orders: np.ndarray
    taken: np.ndarray
    rest: np.ndarray
    pools: dict[int, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Pool:
    """The lots of a pooled component, numbered from 0 (`lots.orders`). release, due [k]: latest and earliest of those
    who need it."""

    lots: Pegged
    release: np.ndarray
    due: np.ndarray


@dataclass(frozen=True, eq=False)
class Pegging:
    """variants: one Pegged per variant; tools: those made or bought, in the order of the catalog (orders is [0]);
    pools: pooled components that are needed, in the order of the catalog."""

    variants: tuple[Pegged, ...]
    tools: dict[str, Pegged]
    pools: dict[str, Pool] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Pegged, ...]:
        return (*self.variants, *self.tools.values(), *(pool.lots for pool in self.pools.values()))


def take(template: Template, quantity: int, left: dict[str, int], held: Held | None = None) -> list[int]:
    """Pieces each item takes from `left`, depth-first, for that many products. held: what some items hold already, or
    may take at most."""
    rest = [quantity]
    taken = [0]
    for i, item in enumerate(template.items[1:], start=1):
        need = 0 if template.items[item.parent].pooled else rest[item.parent] * item.quantity
        most, more = (need, True) if held is None or i not in held else held[i]
        have = min(left.get(item.component, 0), need, most) if more else most
        if have and more:
            left[item.component] -= have
        rest.append(need - have)
        taken.append(have)
    return taken


def pegged_rows(template: Template, orders: np.ndarray, quantity: np.ndarray,
                rows: Sequence[list[int]] | None) -> Pegged:
    """What is needed of each item for `quantity` [k] pieces when `rows` (none: nothing) come from stock."""
    shape = (len(orders), len(template.items))
    taken = np.zeros(shape, dtype=np.int64) if rows is None else np.array(rows, dtype=np.int64).reshape(shape)
    rest = np.empty_like(taken)
    rest[:, 0] = quantity
    for i, item in enumerate(template.items[1:], start=1):
        above = 0 if template.items[item.parent].pooled else rest[:, item.parent]
        rest[:, i] = above * item.quantity - taken[:, i]
    return Pegged(template, orders, taken, rest)
