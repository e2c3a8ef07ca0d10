"""What a solve may use: seconds and deterministic work, and the effort of one run of CP-SAT."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """seconds: wall clock; deterministic: work (None: no limit, or none repeatable); gap, seed, workers as in
    Limits; plain: one worker and fewer parameters of our choice, for a second try after a crash; brief: one of many
    short searches, without much presolve; core: with one worker, the terms of a sum are bounded too, in turns (Andres,
    Kaufmann, Matheis, Schaub 2012: unsatisfiable cores)."""

    seconds: float
    deterministic: float | None
    gap: float
    seed: int
    workers: int
    plain: bool = False
    brief: bool = False
    core: bool = False


class Clock:
    """Seconds and deterministic work left of a budget."""

    def __init__(self, seconds: float, deterministic: float | None):
        self.until = time.monotonic() + seconds
        self.work = deterministic

    def left(self) -> float:
        """Seconds left."""
        return self.until - time.monotonic()

    def over(self) -> bool:
        """Whether time or work is used up."""
        return self.left() <= 0 or (self.work is not None and self.work <= 0)

    def share(self, part: float) -> tuple[float, float | None]:
        """This part of what is left: (seconds, deterministic work)."""
        return self.left() * part, None if self.work is None else self.work * part

    def spend(self, work: float) -> None:
        """Deterministic work done."""
        if self.work is not None:
            self.work -= work
