"""The linear program of some windows with its cuts, from round to round."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.problem.linear_program import DEAD, Program, priced
from scheduler.problem.makespan_cuts import Separation
from scheduler.problem.makespan_prices import with_each
from scheduler.problem.makespan_windows import Windows

ROUNDS = 200
"""Rounds of cuts at most, per program."""
STALL = 8
"""Rounds over which the program must rise by STALLED of its value, or it is left."""
STALLED = 1e-4


@dataclass
class Clock:
    """Until when, and whether to stop before."""

    until: float
    stop: threading.Event | None = None

    def left(self) -> float:
        """Seconds that are left; 0 where it is over."""
        if self.stop is not None and self.stop.is_set():
            return 0.0
        return max(0.0, self.until - time.monotonic())


Thresholds = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Resource, r and t of load cuts."""


class Climb:
    """The program of some windows, from round to round: `value` of the program, and `bound`, exact, ticks.

    least: a bound of the makespan that is known (or supposed, with `limit`).
    """

    def __init__(self, windows: Windows, setup: np.ndarray, least: int, columns: np.ndarray,
                 known: Thresholds | None = None) -> None:
        self.windows, self.least = windows, least
        self.bound, self.value = least, 0.0
        self.separation = Separation(windows, setup)
        self.columns = with_each(windows, columns)
        self.program = Program(windows.problem.mode_first, self.columns, least)
        self.seen: set[tuple[int, int, int]] = set()
        self.rows: list[tuple[int, int, int]] = []
        self.dual: tuple[int, int, np.ndarray] | None = None
        every = np.arange(windows.problem.resources)
        self._load((every, np.zeros_like(every), np.zeros_like(every)))
        if known is not None:
            self._load(known)

    def _load(self, thresholds: Thresholds) -> int:
        resource, r, t = thresholds
        new = [i for i, key in enumerate(zip(resource.tolist(), r.tolist(), t.tolist(), strict=True))
               if key not in self.seen and key[1] + key[2] <= self.least]
        if new:
            resource, r, t = resource[new], r[new], t[new]
            keys = list(zip(resource.tolist(), r.tolist(), t.tolist(), strict=True))
            self.seen.update(keys)
            self.rows += keys
            self.program.add(self.separation.cuts(resource, r, t, self.least))
        return len(new)

    def run(self, clock: Clock) -> Iterator[int]:
        """Solves, yields the bound, adds cuts, and so on until nothing is violated, time is up or it stalls."""
        history: list[float] = []
        for _ in range(ROUNDS):
            left = clock.left()
            found = self.program.solve(left) if left > 0 else None
            if found is None:
                return
            self.value, share, multiplier = found
            self.dual = priced(self.windows.problem.mode_first, self.windows.alive, self.program.cuts, multiplier)
            if self.dual[1] > 0:
                self.bound = max(self.bound, -(-self.dual[0] // self.dual[1]))
            self.multiplier = multiplier
            yield self.bound
            if self.value > self.bound and self._widen():
                continue
            history.append(max(self.value, self.least))
            if len(history) > STALL and history[-1] - history[-1 - STALL] < STALLED * history[-1]:
                return
            level = max(self.value, float(self.least))
            paths = self.separation.paths(share, level)
            if len(paths):
                self.program.add(paths)
                self.rows += [(-1, 0, 0)] * len(paths)
            if not self._load(self.separation.loads(share, level, self.least)) and not len(paths):
                return

    def _widen(self) -> bool:
        """Lets the program use the modes that would pay at its prices; says whether there are any (sifting, Bixby et
        al. 1992)."""
        assert self.dual is not None
        first, price = self.windows.problem.mode_first, self.dual[2]
        used = np.minimum.reduceat(np.where(self.columns, price, DEAD), first[:-1])
        pays = self.windows.alive & ~self.columns & (price < np.repeat(used, np.diff(first)))
        if not pays.any():
            return False
        self.columns |= pays
        kept = self.multiplier > 0
        cuts = self.program.cuts.take(kept)
        self.program = Program(first, self.columns, self.least)
        self.program.add(cuts)
        self.rows = [key for key, keep in zip(self.rows, kept.tolist(), strict=True) if keep]
        self.seen = {key for key in self.rows if key[0] >= 0}
        return True

    def tight(self) -> Thresholds:
        """Thresholds of the load cuts that carry the bound."""
        rows = [key for key, y in zip(self.rows, self.multiplier, strict=False) if y > 0 and key[0] >= 0]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def exclude(self, limit: int) -> int:
        """Modes whose reduced cost shows that with them the makespan is beyond the limit are no longer alive; how
        many."""
        if self.dual is None:
            return 0
        numerator, denominator, price = self.dual
        first = self.windows.problem.mode_first
        cheapest = np.repeat(np.minimum.reduceat(price, first[:-1]), np.diff(first))
        gone = self.windows.alive & (price - cheapest > limit * denominator - numerator)
        self.windows.alive &= ~gone
        return int(gone.sum())
