"""The exception tree. Every error the package raises on purpose derives from SchedulerError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    """One mistake in the input.

    `where` is a path into the scenario, such as ("plant", "cells", "press", "calendar") or
    ("orders", 3, "due"): mapping keys and list positions, the row number for orders. `formats` turns it into
    file, line and column. `what` says what is wrong, `instead` what would be right.
    """

    where: Location
    what: str
    instead: str
    place: str = ""

    def __str__(self) -> str:
        place = self.place or "/".join(str(p) for p in self.where) or "scenario"
        return f"{place}: {self.what}; {self.instead}"


class SchedulerError(Exception):
    """Base of all errors raised on purpose."""


class InputError(SchedulerError):
    """The input has mistakes; all of them are in `mistakes` (exit code 2)."""

    def __init__(self, mistakes: list[Mistake]):
        self.mistakes = list(mistakes)
        super().__init__("\n".join(str(m) for m in self.mistakes))


class InternalError(SchedulerError):
    """Our own failure (exit code 70), for instance a schedule of ours that breaks a rule."""

    def __init__(self, message: str, details: Any = None):
        self.details = details
        super().__init__(message)
