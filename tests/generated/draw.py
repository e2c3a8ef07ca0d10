"""Drawing from hypothesis or from a seed, with the same words."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Draws built on one function: choose(low, high), an integer between them, both included.

    Whatever is simplest comes first, so that hypothesis shrinks towards it.
    """

    def __init__(self, choose: Callable[[int, int], int]) -> None:
        self.choose = choose

    @classmethod
    def seeded(cls, seed: int) -> Draw:
        return cls(random.Random(seed).randint)

    def maybe(self, percent: int) -> bool:
        """True in so many percent of cases (for hypothesis only a hint); shrinks to False."""
        return self.choose(0, 99) >= 100 - percent

    def pick(self, *values: T) -> T:
        return values[self.choose(0, len(values) - 1)]

    def some(self, values: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """Distinct ones of `values` in their order, at least and at most so many."""
        count = self.choose(least, min(len(values), len(values) if most is None else most))
        left = list(range(len(values)))
        taken = [left.pop(self.choose(0, len(left) - 1)) for _ in range(count)]
        return [values[i] for i in sorted(taken)]
