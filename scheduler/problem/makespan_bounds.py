"""Lower bounds of the makespan of plain problems: longest paths, edge finding, and a linear program with cuts.

Two phases. First the program as it is: shares of modes, loads of resources between heads and tails, paths; cuts are
added where the fractional solution violates them. Then destructive improvement (Klein, Scholl 1999): suppose that the
makespan is at most T, exclude the modes that do not fit, tighten heads and tails, solve the program with what is left;
where that shows that there is none, T + 1 is a bound. What is excluded grows with the effort: longest paths and edges,
reduced costs, trials of starts, trials of modes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from scheduler.problem.makespan_climb import Climb, Clock
from scheduler.problem.makespan_cuts import least_setups
from scheduler.problem.makespan_prices import load_prices
from scheduler.problem.makespan_windows import UNLIMITED, Windows
from scheduler.problem.problem import Problem

EXCLUSIONS = 6
"""How often modes are excluded by their reduced costs, per limit tried."""
VAIN = 150
"""Modes one after another that may be tried in vain before trials are given up."""


def makespan_bound(problem: Problem, seconds: float, best: int | None = None,
                   stop: threading.Event | None = None) -> Iterator[int]:
    """Ever stronger lower bounds of the makespan in ticks, cheap ones first, until time is up, `stop` is set or nothing
    improves. best: the makespan of a schedule that is known; bounds beyond it are not looked for.

    Yields nothing for problems with rules. Holds for every schedule that releases, precedence, transport, calendars
    and reconfigurations allow; where none exists any value may come.
    """
    if problem.rules is not None or not problem.operations:
        return
    clock = Clock(time.monotonic() + seconds, stop)
    windows = Windows(problem)
    if not windows.tighten(UNLIMITED):
        return
    found = -1
    for bound in _bounds(windows, clock, best):
        if bound > found:
            found = bound
            yield found
        if best is not None and found >= best:
            return


def linear_bound(problem: Problem, seconds: float) -> int:
    """The strongest bound of `makespan_bound` within the seconds, ticks; 0 where there is none."""
    return max(makespan_bound(problem, seconds), default=0)


def _bounds(windows: Windows, clock: Clock, best: int | None) -> Iterator[int]:
    bound = windows.least()
    yield bound
    for value in _gallop(bound, best, clock, lambda limit: windows.copy().tighten(limit)):
        bound = value
        yield bound
    setup = least_setups(windows.problem)
    value, columns = load_prices(windows)
    bound = max(bound, value)
    yield bound
    climb = Climb(windows, setup, bound, columns)
    for value in climb.run(clock):
        bound = max(bound, value)
        yield bound
    if climb.dual is None:
        return
    limits = Limits(windows, setup, clock, climb)
    for shave, modes in ((False, False), (True, False), (True, True)):
        for value in _gallop(bound, best, clock, partial(limits.possible, shave=shave, modes=modes)):
            bound = value
            yield bound


class Limits:
    """Tries limits of the makespan. What one trial learns of cuts and modes serves the next."""

    def __init__(self, windows: Windows, setup: np.ndarray, clock: Clock, climb: Climb) -> None:
        self.windows, self.setup, self.clock = windows, setup, clock
        self.known, self.columns = climb.tight(), climb.columns

    def possible(self, limit: int, shave: bool, modes: bool) -> bool:
        """Whether a makespan of at most `limit` ticks could not be refuted. shave: by trials of starts as well;
        modes: by trials of modes with the program."""
        inner = self.windows.copy()
        if shave and not inner.shave(limit, lambda: self.clock.left() > 0):
            return False
        for _ in range(EXCLUSIONS):
            climb = self._climb(inner, limit)
            if climb is None:
                return False
            if not climb.exclude(limit):
                break
        return not modes or self._modes(inner, limit)

    def _climb(self, inner: Windows, limit: int, learn: bool = True) -> Climb | None:
        """The program of these windows, tightened; None where it shows that nothing keeps the limit."""
        if not inner.tighten(limit):
            return None
        climb = Climb(inner, self.setup, limit, self.columns, self.known)
        for value in climb.run(self.clock):
            if value > limit:
                if learn:
                    self.known, self.columns = climb.tight(), climb.columns
                return None
        return climb

    def _modes(self, inner: Windows, limit: int) -> bool:
        """Excludes modes with which the program has no solution, until that leaves nothing (False), nothing changes,
        time is up, or too many trials were in vain. Operations with few modes first: one that has none left is the
        end."""
        first = inner.problem.mode_first
        vain, changed = 0, True
        while changed:
            changed = False
            for o in np.argsort(np.add.reduceat(inner.alive, first[:-1], dtype=np.int64), kind="stable").tolist():
                own = np.arange(first[o], first[o + 1])
                left = own[inner.alive[own]]
                for m in left.tolist() if len(left) > 1 else ():
                    if self.clock.left() <= 0 or vain >= VAIN:
                        return True
                    trial = inner.copy()
                    trial.alive[own] = False
                    trial.alive[m] = True
                    vain += 1
                    if self._climb(trial, limit, learn=False) is None:
                        inner.alive[m] = False
                        vain, changed = 0, True
                if not inner.alive[own].any():
                    return False
            if changed and self._climb(inner, limit) is None:
                return False
        return True


def _gallop(bound: int, best: int | None, clock: Clock, possible: Callable[[int], bool]) -> Iterator[int]:
    """Raises the bound while a makespan of at most some limit is shown not to be possible: in steps that double, and
    halve again after the first failure."""
    step, growing = 1, True
    while clock.left() > 0:
        limit = bound + step - 1
        if best is not None and limit >= best:
            if step == 1:
                return
            step, growing = step // 2, False
            continue
        if not possible(limit):
            bound = limit + 1
            yield bound
            step = step * 2 if growing else max(1, step // 2)
        elif step == 1:
            return
        else:
            step, growing = step // 2, False
