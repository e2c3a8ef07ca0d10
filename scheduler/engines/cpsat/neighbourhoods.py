"""Which operations of a schedule to free at a time, and how many: by success.

A neighbourhood is an order in which operations would be freed; the first `size` of them are. Each kind has a weight,
which follows its gains per second, and a size, which grows while neighbourhoods are searched to the end and shrinks
while they are not.
Sources: Shaw 1998; Godard, Laborie, Nuijten 2005; Laborie, Godard 2007 (self-adapting).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.problem.evaluate import account_terms
from scheduler.problem.problem import Problem, Solution

Array = Any
"""A numpy array with an entry per operation."""
KINDS = ("times", "resources", "orders", "path", "costs")
FIRST_ODDS = {"times": 1.0, "resources": 0.3, "orders": 0.2, "path": 0.2, "costs": 0.2}
"""Weights at first: windows of time gained by far the most on shops (measured)."""
SMALL, FIRST, LARGE = 4, 40, 400
"""Operations freed at least, at first and at most."""
GROW, SHRINK = 1.5, 0.8
"""Factors of a size after a neighbourhood that took no time at all, and after one that was not searched to the end."""
MEMORY = 0.85
"""Part of a weight that outlives a try."""
FLOOR = 0.08
"""Least weight, so that no kind is forgotten."""


@dataclass(eq=False)
class Kind:
    """weight: odds of being chosen; size: operations to free."""

    weight: float = 1.0
    size: float = float(FIRST)


@dataclass(eq=False)
class Chooser:
    """Chooses what to free, and learns."""

    problem: Problem
    random: np.random.Generator
    kinds: dict[str, Kind] = field(default_factory=lambda: {name: Kind(FIRST_ODDS[name]) for name in KINDS})

    def choose(self, now: Solution) -> tuple[str, Array]:
        """(kind, flag per operation: free)."""
        names = list(self.kinds)
        odds = np.array([self.kinds[name].weight for name in names])
        name = names[int(self.random.choice(len(names), p=odds / odds.sum()))]
        distance = ORDERS[name](self.problem, now, self.random)
        return name, self._nearest(distance, self.kinds[name].size)

    def _nearest(self, distance: Array, size: float) -> Array:
        free = np.zeros(len(distance), dtype=bool)
        number = min(len(distance), max(SMALL, round(size)))
        free[np.lexsort((self.random.random(len(distance)), distance))[:number]] = True
        return free

    def learn(self, name: str, gained: bool, used: float) -> None:
        """After a try: gained: it found a better schedule; used: share of its limit, 1 where it was not searched to the
        end."""
        kind = self.kinds[name]
        kind.weight = max(FLOOR, MEMORY * kind.weight + (1 - MEMORY) * gained)
        if used < 1 or not gained:
            kind.size = min(LARGE, max(SMALL, kind.size * (SHRINK if used >= 1 else GROW ** (1 - used))))


def _middle(now: Solution) -> Array:
    return (now.start + now.end) / 2


def _any(problem: Problem, random: np.random.Generator) -> int:
    return int(random.integers(problem.operations))


def _near(middle: Array, chosen: Array) -> Array:
    """Ticks from each operation to the nearest of those chosen, in time."""
    points = np.sort(middle[chosen])
    at = np.searchsorted(points, middle)
    left, right = points[np.maximum(at - 1, 0)], points[np.minimum(at, len(points) - 1)]
    return np.minimum(np.abs(middle - left), np.abs(right - middle))


def _on(problem: Problem, now: Solution) -> Array:
    return problem.mode_resource[now.mode]


def by_time(problem: Problem, now: Solution, random: np.random.Generator) -> Array:
    """Those that run at about one time."""
    middle = _middle(now)
    return np.abs(middle - middle[_any(problem, random)])


def by_resources(problem: Problem, now: Solution, random: np.random.Generator) -> Array:
    """Those on a few resources that can take over work of one another, at about one time."""
    middle, on = _middle(now), _on(problem, now)
    centre = _any(problem, random)
    able = problem.mode_resource[problem.mode_first[centre]:problem.mode_first[centre + 1]]
    group = {int(on[centre]), *random.permutation(np.unique(able))[:2].tolist()}
    if len(group) < 2:
        group.update(random.permutation(problem.resources)[:2].tolist())
    outside = ~np.isin(on, list(group))
    return np.abs(middle - middle[centre]) + outside * (middle.max() + 1)


def by_orders(problem: Problem, now: Solution, random: np.random.Generator) -> Array:
    """All operations of a few orders that run at about one time."""
    middle, account = _middle(now), problem.account
    mean = np.bincount(account, weights=middle, minlength=problem.accounts) / np.maximum(
        1, np.bincount(account, minlength=problem.accounts))
    far = np.abs(mean - mean[account[_any(problem, random)]]) * random.uniform(0.5, 1.5, problem.accounts)
    return far[account]


def by_path(problem: Problem, now: Solution, random: np.random.Generator) -> Array:
    """A chain of operations that wait for one another up to the end of a late order (or of all), and what is near."""
    return _near(_middle(now), chain_to(problem, now, late_one(problem, now, random))) * random.uniform(
        0.5, 1.5, problem.operations)


def late_one(problem: Problem, now: Solution, random: np.random.Generator) -> int:
    """An operation that ends late: the last of all, or the last of an order that is late."""
    if problem.levels[0] == "makespan":
        return int(random.choice(np.flatnonzero(now.end == now.end.max())))
    done = np.zeros(problem.accounts, dtype=np.int64)
    np.maximum.at(done, problem.account, now.end)
    jobs = problem.jobs
    odds = np.zeros(problem.accounts)
    odds[:jobs] = np.maximum(0, done[:jobs] - problem.due) * np.maximum(1, problem.weight)
    last = now.end == done[problem.account]
    odds = odds[problem.account] * last + 1e-9 * last
    return int(random.choice(len(odds), p=odds / odds.sum()))


def chain_to(problem: Problem, now: Solution, last: int) -> Array:
    """From an operation back to the beginning, always to the latest end among what it had to wait for."""
    on = _on(problem, now)
    order = np.lexsort((now.rank, on))
    before = np.full(problem.operations, -1)
    same = on[order[1:]] == on[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    chain, o = [last], last
    while True:
        waits = [*problem.pred[problem.pred_first[o]:problem.pred_first[o + 1]].tolist()]
        if before[o] >= 0:
            waits.append(int(before[o]))
        if not waits:
            return np.array(chain)
        o = max(waits, key=lambda x: int(now.end[x]))
        chain.append(o)


def by_cost(problem: Problem, now: Solution, random: np.random.Generator) -> Array:
    """An order that costs much over its least, and what runs next to it on its resources."""
    terms = account_terms(problem, now) * problem.weights
    odds = np.maximum(0, terms[:, [0, 2, 3, 4]].sum(axis=1)).astype(float) + 1
    odds *= np.bincount(problem.account, minlength=problem.accounts) > 0
    dear = problem.account == int(random.choice(len(odds), p=odds / odds.sum()))
    middle, on = _middle(now), _on(problem, now)
    distance = np.full(problem.operations, 2 * (middle.max() + 1))
    for r in np.unique(on[dear]):
        here = on == r
        distance[here] = _near(middle, dear & here)[here]
    distance[dear] = 0
    return distance


ORDERS: dict[str, Callable[[Problem, Solution, np.random.Generator], Array]] = dict(
    zip(KINDS, (by_time, by_resources, by_orders, by_path, by_cost)))
