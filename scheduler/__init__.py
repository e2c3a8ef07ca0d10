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
    from scheduler.formats.schedule_json import read_schedule
    from scheduler.loading import load
    from scheduler.usecases.compare import compare
    from scheduler.usecases.explain import explain
    from scheduler.usecases.solve import Options, Outcome, solve
    from scheduler.usecases.tradeoff import tradeoff
    from scheduler.usecases.validate import validate

_HOMES = {
    "InputError": "errors", "InternalError": "errors", "Options": "usecases.solve", "Outcome": "usecases.solve",
    "Schedule": "domain.schedule", "SchedulerError": "errors", "compare": "usecases.compare",
    "explain": "usecases.explain", "load": "loading", "read_schedule": "formats.schedule_json",
    "solve": "usecases.solve", "tradeoff": "usecases.tradeoff", "validate": "usecases.validate"}

__all__ = ["InputError", "InternalError", "Options", "Outcome", "Schedule", "SchedulerError", "compare", "explain",
           "load", "read_schedule", "solve", "tradeoff", "validate"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"scheduler.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'scheduler' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
