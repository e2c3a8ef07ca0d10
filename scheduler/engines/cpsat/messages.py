"""What the solver's process and the one that asks it say to each other, over a pair of pipes.

There: Job, STOP, News. Back: Found, Bounded, Noted, and at the end Result or Broken.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from scheduler.engines.contract import Limits
from scheduler.problem.problem import Problem, Solution

STOP = "stop"


@dataclass(frozen=True, eq=False)
class News:
    """What others know: objective and bound; solution: where it is wanted."""

    objective: tuple[int, ...] | None
    bound: float | None
    bound_source: str = ""
    solution: Solution | None = None


@dataclass(frozen=True, eq=False)
class Job:
    """A problem to solve. what: the whole of it, or neighbourhoods of the best schedule; sent: time.time() when it was
    sent, from which limits.seconds count; plain: as in Effort."""

    problem: Problem
    start: Solution | None
    limits: Limits
    news: News
    sent: float
    plain: bool = False
    what: Literal["levels", "neighbourhoods"] = "levels"


@dataclass(frozen=True, eq=False)
class Found:
    """A schedule, and its objective."""

    solution: Solution
    objective: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class Bounded:
    """A lower bound of the first level."""

    bound: float
    source: str


@dataclass(frozen=True)
class Noted:
    """A line for the trace."""

    text: str


@dataclass(frozen=True)
class Broken:
    """The job raised an exception; text: its traceback."""

    text: str


def put(pipe: BinaryIO, message: Any) -> None:
    """Writes one message. Raises OSError or ValueError where nobody reads any more."""
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def get(pipe: BinaryIO) -> Any:
    """Waits for one message. Raises EOFError where the other side has ended, pickle.UnpicklingError where it ended
    within a message."""
    return pickle.load(pipe)
