"""Flexible production scheduling: what runs where, when and after which reconfiguration, with proof.

    from scheduler import load, solve, validate, tradeoff

Everything here is loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.domain.schedule import Schedule
    from scheduler.errors import InputError, InternalError, SchedulerError
    from scheduler.formats.events import read_events
    from scheduler.formats.schedule_json import read_schedule
    from scheduler.loading import load, load_files
    from scheduler.usecases.compare import compare
    from scheduler.usecases.explain import explain
    from scheduler.usecases.replan import Replanned, replan
    from scheduler.usecases.replanning.state import Files
    from scheduler.usecases.solve import Options, Outcome, solve
    from scheduler.usecases.tradeoff import tradeoff
    from scheduler.usecases.validate import validate

_HOMES = {
    "Files": "usecases.replanning.state", "InputError": "errors", "InternalError": "errors",
    "Options": "usecases.solve", "Outcome": "usecases.solve", "Replanned": "usecases.replan",
    "Schedule": "domain.schedule", "SchedulerError": "errors", "compare": "usecases.compare",
    "explain": "usecases.explain", "load": "loading", "load_files": "loading", "read_events": "formats.events",
    "read_schedule": "formats.schedule_json", "replan": "usecases.replan", "solve": "usecases.solve",
    "tradeoff": "usecases.tradeoff", "validate": "usecases.validate"}

__all__ = ["Files", "InputError", "InternalError", "Options", "Outcome", "Replanned", "Schedule", "SchedulerError",
           "compare", "explain", "load", "load_files", "read_events", "read_schedule", "replan", "solve", "tradeoff",
           "validate"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"scheduler.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'scheduler' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
