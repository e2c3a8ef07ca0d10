"""Pooled components: needs of several orders made as one lot."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import NamedTuple

import numpy as np

from scheduler.domain import catalog
from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.planning.pegged import Pegged, Pool, pegged_rows, take
from scheduler.planning.template import Template


class _User(NamedTuple):
    """Who needs components: orders or shared lots with the dates [k] they ask for and their rank [k] among equal."""

    pegged: Pegged
    release: np.ndarray
    due: np.ndarray
    rank: np.ndarray


def pooled(scenario: Scenario, made: Mapping[str, Template], variants: tuple[Pegged, ...], tools: tuple[Pegged, ...],
           left: dict[str, int]) -> dict[str, Pool]:
    """The lots of all pooled components in `made`, which take stock from `left`, in the order of the catalog.

    A lot asks for its own components at the earliest due date of its orders, after the orders due then. Fills
    Pegged.pools of everybody who needs them. Components that no template in `made` makes are left out.
    """
    orders, components = scenario.orders, scenario.catalog.components
    names = [name for name in components if name in made and components[name].pool is not None]
    if not names:
        return {}
    users = [_User(p, orders.release[p.orders], orders.due[p.orders], p.orders) for p in variants]
    none = np.zeros(1, dtype=np.int64)
    users += [_User(p, none, none + NEVER, none + len(orders) + t) for t, p in enumerate(tools)]
    for user in users:
        user.pegged.pools.clear()
    last = len(orders) + len(tools)
    found: dict[str, Pool] = {}
    below = {name: [item.component for item in made[name].items if item.pooled and item.component in names]
             for name in names}
    for name in [*TopologicalSorter(below).static_order()][::-1]:
        spec = components[name].pool
        assert spec is not None
        pool = _lots(name, spec, made[name], users, left, scenario.axis.tick)
        if pool is None:
            continue
        found[name] = pool
        users.append(_User(pool.lots, pool.release, pool.due, last + pool.lots.orders))
        last += len(pool.lots.orders)
    return {name: found[name] for name in names if name in found}


def _lots(name: str, spec: catalog.Pool, template: Template, users: list[_User], left: dict[str, int],
          tick: int) -> Pool | None:
    places = [(user, i) for user in users for i, item in enumerate(user.pegged.template.items)
              if item.pooled and item.component == name and user.pegged.rest[:, i].any()]
    if not places:
        return None
    rows = [np.flatnonzero(user.pegged.rest[:, i]) for user, i in places]
    due, release, rank = (np.concatenate([getattr(user, column)[row] for (user, _), row in zip(places, rows)])
                          for column in ("due", "release", "rank"))
    pieces = np.concatenate([user.pegged.rest[row, i] for (user, i), row in zip(places, rows)])
    by_due = np.lexsort((rank, due))
    number = np.empty(len(due), dtype=np.int64)
    number[by_due] = _grouped(due[by_due], spec.within // tick)
    ends = np.cumsum([len(row) for row in rows])
    for (user, i), row, mine in zip(places, rows, np.split(number, ends[:-1])):
        user.pegged.pools[i] = np.full(len(user.pegged.orders), -1, dtype=np.int64)
        user.pegged.pools[i][row] = mine
    size = int(number.max()) + 1
    quantity = np.zeros(size, dtype=np.int64)
    np.add.at(quantity, number, pieces)
    quantity = -(-np.maximum(quantity, spec.minimum) // spec.multiple) * spec.multiple
    latest, earliest = np.zeros(size, dtype=np.int64), np.full(size, NEVER, dtype=np.int64)
    np.maximum.at(latest, number, release)
    np.minimum.at(earliest, number, due)
    taken = [take(template, count, left) for count in quantity.tolist()]
    return Pool(pegged_rows(template, np.arange(size), quantity, taken), latest, earliest)


def _grouped(due: np.ndarray, within: int) -> np.ndarray:
    """Number of the group of each due date (ascending): those at most `within` after the first of their group."""
    number = np.zeros(len(due), dtype=np.int64)
    at, group = 0, 0
    while at < len(due):
        end = int(np.searchsorted(due, due[at] + within, side="right")) if due[at] < NEVER else len(due)
        number[at:end] = group
        at, group = max(end, at + 1), group + 1
    return number
