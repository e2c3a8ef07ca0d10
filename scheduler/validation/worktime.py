"""Open time of a resource, and how much of it has passed."""

from __future__ import annotations

import numpy as np


class Worktime:
    """starts, ends: open windows in ticks, sorted and disjoint."""

    def __init__(self, starts: np.ndarray, ends: np.ndarray):
        self.starts, self.ends = starts, ends
        self._before = np.concatenate(([0], np.cumsum(ends - starts)))

    def passed(self, ticks: np.ndarray) -> np.ndarray:
        """Open ticks in [0, t) for each t."""
        if not len(self.starts):
            return np.zeros(len(ticks), dtype=np.int64)
        at = np.searchsorted(self.starts, ticks, side="right") - 1
        inside = np.minimum(ticks, self.ends[at]) - self.starts[at]
        return np.where(at >= 0, self._before[at] + inside, 0)

    def fits(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Whether each [start, end] lies in one window, its edges included."""
        if not len(self.starts):
            return np.zeros(len(start), dtype=bool)
        at = np.searchsorted(self.starts, start, side="right") - 1
        return (at >= 0) & (end <= self.ends[at])
