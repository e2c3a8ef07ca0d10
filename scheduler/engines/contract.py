"""The one contract of all engines: solve(problem, start, limits, channel) -> Result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from scheduler.problem.problem import Problem, Solution

Status = Literal["optimal", "feasible", "infeasible", "not_found"]


@dataclass(frozen=True)
class Limits:
    """seconds: wall clock; deterministic: amount of deterministic work (repeats exactly with one worker; None:
    none); target_gap: stop at or below it."""

    seconds: float = 30.0
    deterministic: float | None = None
    target_gap: float = 0.0
    seed: int = 1
    workers: int = 2


@dataclass(frozen=True)
class Event:
    """One line of the trace: seconds since the channel opened, objective and bound of the first level where known,
    who."""

    seconds: float
    objective: int | None
    bound: float | None
    source: str


@dataclass(frozen=True)
class Conflict:
    """What together makes a problem infeasible: jobs whose deadlines, measures whose budgets take part."""

    jobs: tuple[int, ...] = ()
    budgets: tuple[str, ...] = ()
    operations: tuple[int, ...] = ()


class CrashError(Exception):
    """A part of a solve ended, or had to be ended, for reasons outside our own code."""


@dataclass(frozen=True, eq=False)
class Result:
    """objective: value of each level, in order; bound: of the first level; missed: jobs whose hard deadline the
    solution breaks (status is then not_found, and the solution is shown but never called a schedule); failures: who
    failed on the way and how, a sentence each.
    """

    status: Status
    solution: Solution | None
    objective: tuple[int, ...] | None
    bound: float | None
    bound_source: str = ""
    conflict: Conflict | None = None
    missed: tuple[int, ...] = ()
    trace: tuple[Event, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(eq=False)
class Channel:
    """Incumbents and bounds go out and come in here, thread-safe. `stop` set means: return the best so far, now.

    Objectives are tuples, one value per level, compared in order. Bounds are of the first level. A solution offered
    must be feasible; the best is kept. `listen` is called with each event (from the thread that found it).
    """

    listen: Callable[[Event], None] | None = None
    clock: Callable[[], float] = time.monotonic
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._opened = self.clock()
        self.best: Solution | None = None
        self.objective: tuple[int, ...] | None = None
        self.bound: float | None = None
        self.bound_source = ""
        self.trace: list[Event] = []
        self.failures: list[str] = []

    def seconds(self) -> float:
        return self.clock() - self._opened

    def offer(self, solution: Solution, objective: tuple[int, ...], source: str) -> bool:
        """Takes a feasible solution if it is better than the best known; says whether it was."""
        with self._lock:
            if self.objective is not None and objective >= self.objective:
                return False
            self.best, self.objective = solution, objective
            self._tell(source)
            return True

    def offer_bound(self, bound: float, source: str) -> bool:
        """Takes a lower bound of the first level if it is better than the best known; says whether it was."""
        with self._lock:
            if self.bound is not None and bound <= self.bound:
                return False
            self.bound, self.bound_source = bound, source
            self._tell(source)
            return True

    def know(self, given: Result, source: str) -> None:
        """Takes over the solution, the bound and the failures of a result found before."""
        if given.solution is not None and given.objective is not None:
            self.offer(given.solution, given.objective, source)
        if given.bound is not None:
            self.offer_bound(given.bound, given.bound_source)
        self.failures += given.failures

    def known(self) -> tuple[Solution | None, tuple[int, ...] | None, float | None, str]:
        """(best, its objective, bound, its source) at one moment."""
        with self._lock:
            return self.best, self.objective, self.bound, self.bound_source

    def gap(self) -> float | None:
        """(objective - bound) / objective of the first level; None while either is unknown."""
        with self._lock:
            if self.objective is None or self.bound is None:
                return None
            value = self.objective[0]
            return 0.0 if value == 0 and self.bound >= 0 else (value - self.bound) / max(1, abs(value))

    def note(self, text: str) -> None:
        """Writes a line into the trace that is neither an incumbent nor a bound."""
        self.trace.append(Event(self.seconds(), None, None, text))

    def fail(self, source: str, error: Exception) -> None:
        """Tells that a part of the solve failed: in the log (our own mistakes with their traceback), in the trace and
        in the result."""
        text = f"{source} failed: {str(error) or type(error).__name__}"
        logging.getLogger(__name__).error(text, exc_info=None if isinstance(error, CrashError) else error)
        self.failures.append(text)
        self.note(text)

    def _tell(self, source: str) -> None:
        event = Event(self.seconds(), self.objective[0] if self.objective else None, self.bound, source)
        self.trace.append(event)
        if self.listen:
            self.listen(event)


class Engine(Protocol):
    """Minimises problem.levels in order within the limits. `start` is a feasible solution or None."""

    name: str

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result: ...
