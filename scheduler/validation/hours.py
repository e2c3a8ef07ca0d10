"""Working time in a real shop: windows with speeds, crews on shift, overtime only where it was bought."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NORMAL = 100
"""Work per tick at normal speed."""


class Hours:
    """Disjoint open intervals, sorted; they may touch. rates: work per tick in each; steady: normal in all."""

    def __init__(self, starts: np.ndarray, ends: np.ndarray, rates: np.ndarray):
        self.starts, self.ends, self.rates = starts, ends, rates
        self.steady = bool((rates == NORMAL).all())
        self._open = np.concatenate(([0], np.cumsum(ends - starts)))
        self._work = np.concatenate(([0], np.cumsum((ends - starts) * rates)))

    def _at(self, ticks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Interval that begins at or before each tick (0 where none does), and the ticks since its begin within it."""
        at = np.searchsorted(self.starts, ticks, side="right") - 1
        inside = np.minimum(ticks, self.ends[at]) - self.starts[at]
        return np.maximum(at, 0), np.where(at >= 0, inside, 0)

    def passed(self, ticks: np.ndarray) -> np.ndarray:
        """Open ticks in [0, t) for each t."""
        if not len(self.starts):
            return np.zeros(len(ticks), dtype=np.int64)
        at, inside = self._at(ticks)
        return np.asarray(self._open[at] + inside)

    def worked(self, ticks: np.ndarray) -> np.ndarray:
        """Work in [0, t) for each t."""
        if not len(self.starts):
            return np.zeros(len(ticks), dtype=np.int64)
        at, inside = self._at(ticks)
        return np.asarray(self._work[at] + inside * self.rates[at])

    def rate(self, ticks: np.ndarray) -> np.ndarray:
        """Work per tick in each tick, 0 where it is closed."""
        if not len(self.starts):
            return np.zeros(len(ticks), dtype=np.int64)
        at = np.searchsorted(self.starts, ticks, side="right") - 1
        return np.where((at >= 0) & (ticks < self.ends[at]), self.rates[at], 0)

    def touches(self, ticks: np.ndarray) -> np.ndarray:
        """Whether each tick lies in an open interval, its end included."""
        return (self.rate(ticks) > 0) | np.isin(ticks, self.ends)

    def between(self, start: int, end: int) -> int:
        """Open ticks in [start, end)."""
        first, last = self.passed(np.array([start, max(start, end)])).tolist()
        return int(last - first)

    def work(self, start: int, end: int) -> int:
        """Work in [start, end)."""
        first, last = self.worked(np.array([start, max(start, end)])).tolist()
        return int(last - first)

    def done(self, start: int, work: int) -> int | None:
        """The first tick with so much work since start; None where there never is."""
        if work <= 0:
            return start
        wanted = int(self.worked(np.array([start]))[0]) + work
        at = int(np.searchsorted(self._work, wanted, side="left")) - 1
        if at >= len(self.starts):
            return None
        return int(self.starts[at] - (-(wanted - int(self._work[at])) // int(self.rates[at])))

    def open_parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The open parts of [start, end)."""
        first, last = np.searchsorted(self.ends, start, side="right"), np.searchsorted(self.starts, end, side="left")
        return [(max(a, start), min(b, end)) for a, b in
                zip(self.starts[first:last].tolist(), self.ends[first:last].tolist()) if max(a, start) < min(b, end)]

    def within(self, starts: np.ndarray, ends: np.ndarray, inside: bool = True) -> Hours:
        """These hours inside (or outside) the given disjoint intervals."""
        if not len(starts):
            return Hours(starts, starts, starts) if inside else self
        edges = np.unique(np.concatenate((self.starts, self.ends, starts, ends)))
        at = np.searchsorted(starts, edges[:-1], side="right") - 1
        covered = (at >= 0) & (edges[:-1] < ends[at])
        rate = self.rate(edges[:-1])
        kept = (rate > 0) & (covered == inside)
        return Hours(edges[:-1][kept], edges[1:][kept], rate[kept])


class Steps(NamedTuple):
    """A number that changes over time: value[k] from time[k] until time[k + 1]. The first time is not after 0."""

    time: np.ndarray
    value: np.ndarray

    def at(self, ticks: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.value[np.maximum(np.searchsorted(self.time, ticks, side="right") - 1, 0)]
        return found


def constant(value: int) -> Steps:
    return Steps(np.zeros(1, dtype=np.int64), np.array([value], dtype=np.int64))
