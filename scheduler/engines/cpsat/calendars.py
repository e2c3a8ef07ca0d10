"""Calendars as the model builder reads them: where an operation fits, and working time."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right

from scheduler.problem.problem import Problem


class Calendar:
    """The open windows of one calendar. All times in ticks.

    start, end: windows in order; work: working ticks before each window. W(t) is the working time before tick t. An
    operation of duration d may start anywhere in [start, end - d] of a window, one of zero duration at its very end
    too.
    """

    def __init__(self, start: list[int], end: list[int], work: list[int]):
        self.start, self.end, self.work_before = start, end, work
        self.work_end = [w + e - s for w, s, e in zip(work, start, end)]

    @property
    def gaps(self) -> list[int]:
        """Windows (from the second on) that come after closed time."""
        return [i for i in range(1, len(self.start)) if self.start[i] > self.end[i - 1]]

    @property
    def last(self) -> int:
        """End of the last window, 0 where there is none."""
        return self.end[-1] if self.end else 0

    def earliest(self, ready: int, duration: int) -> int | None:
        """Earliest start at or after `ready`; None where no window is left."""
        i = bisect_left(self.end, ready + duration)
        while i < len(self.end):
            start = max(self.start[i], ready)
            if start + duration <= self.end[i]:
                return start
            i += 1
        return None

    def latest(self, limit: int, duration: int) -> int | None:
        """Latest start that ends at or before `limit`; None where there is none."""
        i = bisect_right(self.start, limit - duration) - 1
        while i >= 0:
            start = min(self.end[i], limit) - duration
            if start >= self.start[i]:
                return start
            i -= 1
        return None

    def ranges(self, duration: int, low: int, high: int) -> list[tuple[int, int]]:
        """Intervals of possible starts within [low, high], one per window that fits."""
        found = []
        i = bisect_left(self.end, low + duration)
        while i < len(self.end) and self.start[i] <= high:
            a, b = max(self.start[i], low), min(self.end[i] - duration, high)
            if a <= b:
                found.append((a, b))
            i += 1
        return found

    def work(self, tick: int) -> int:
        """W(tick)."""
        i = bisect_right(self.start, tick) - 1
        return 0 if i < 0 else self.work_before[i] + min(tick, self.end[i]) - self.start[i]

    def real(self, work: int) -> int | None:
        """Earliest tick with W(tick) >= work; None beyond the last window."""
        if work <= 0:
            return 0
        i = bisect_left(self.work_end, work)
        return None if i == len(self.work_end) else self.start[i] + work - self.work_before[i]

    def longest_setup(self, work: int, since: int) -> int:
        """Most ticks in which `work` working ticks pass, from any tick >= `since`: the wait is longest when closed
        time begins or the last tick just misses a window. FAR-like (the calendar's end) where they never fit."""
        if work <= 0:
            return 0
        if len(self.end) == 1 and self.start[0] <= since:
            return work
        spots = [since, *(e for e in self.end if e >= since)]
        for before in self.work_before:
            tick = self.real(before + 1 - work) if before + 1 > work else None
            if tick is not None and tick >= since:
                spots.append(tick)
        waits = [done - t for t in spots if (done := self.real(self.work(t) + work)) is not None]
        return max(waits, default=max(1, self.last - since) + work)

    def longest_wait(self, duration: int, since: int) -> int:
        """Most ticks from being ready (at any tick >= `since`) to being complete, where it still fits at all."""
        if len(self.end) == 1 and self.start[0] <= since:
            return duration
        spots = [since, *(e - duration + 1 for e in self.end if e - duration + 1 >= since)]
        waits = [s + duration - t for t in spots if (s := self.earliest(t, duration)) is not None]
        return max(waits, default=max(1, self.last - since) + duration)

    def last_fit(self, duration: int) -> int:
        """Latest end of an operation of this duration, -1 where it never fits."""
        start = self.latest(self.last, duration)
        return -1 if start is None else start + duration


def calendars(problem: Problem) -> list[Calendar]:
    """One Calendar per calendar of the problem."""
    first = problem.window_first.tolist()
    start, end, work = problem.window_start.tolist(), problem.window_end.tolist(), problem.window_work.tolist()
    return [Calendar(start[a:b], end[a:b], work[a:b]) for a, b in itertools.pairwise(first)]
