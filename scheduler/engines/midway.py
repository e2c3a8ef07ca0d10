"""A schedule on the way between two others. Source of the idea: path relinking, Glover 1999."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NEAR = 0.3
"""Least share of the way that it is away from either."""


class Point(NamedTuple):
    """A schedule: modes [n]; time [n], which grows along every arc and on every resource; rank [n], a topological
    order, for operations without duration."""

    mode: np.ndarray
    time: np.ndarray
    rank: np.ndarray


def midway(a: Point, b: Point, luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(modes [n], drawn from both; order [n] of all operations by the mean of their times in both). What has the same
    order in both keeps it, and the sequences of the order make no circle."""
    share = NEAR + (1 - 2 * NEAR) * luck.random()
    mode = np.where(luck.random(len(a.mode)) < share, b.mode, a.mode)
    return mode, np.lexsort((a.rank * (1 - share) + b.rank * share, a.time * (1 - share) + b.time * share))


def positions(resource: np.ndarray, order: np.ndarray, resources: int) -> tuple[np.ndarray, np.ndarray]:
    """(operations by resource, in that order within each; index of each of those within its resource), both [n].
    resource [n]: of each operation."""
    by_resource = order[np.argsort(resource[order], kind="stable")]
    size = np.bincount(resource, minlength=resources)
    first = np.concatenate(([0], np.cumsum(size)))[:-1]
    return by_resource, np.arange(len(order)) - first[resource[by_resource]]
