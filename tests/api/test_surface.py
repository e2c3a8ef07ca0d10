"""The public surface: exactly these names with these signatures, each with a docstring, and nothing loaded early."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import scheduler
from scheduler import InputError, InternalError, SchedulerError
from tests.cli.kit import environment

SURFACE = {
    "Files": "(file: 'ScenarioFile', entries: 'tuple[OrderEntry, ...]', floor: 'tuple[FloorEntry, ...]' = ()) -> None",
    "InputError": "(mistakes: 'list[Mistake]')",
    "InternalError": "(message: 'str', details: 'Any' = None)",
    "Options": "(engine: 'str' = 'auto', time_limit: 'float | None' = None, target_gap: 'float' = 0.0, "
               "workers: 'int' = 2, seed: 'int | None' = None, deterministic_limit: 'float | None' = None, "
               "listen: 'Callable[[Event], None] | None' = None, tell: 'Callable[[str], None] | None' = None, "
               "stop: 'threading.Event' = <factory>) -> None",
    "Outcome": "(scenario: 'Scenario', status: 'str', schedule: 'Schedule | None', costs: 'Costs | None', "
               "kpis: 'KPIs | None', objective: 'int | None', bound: 'int | None', bound_source: 'str', "
               "wall_seconds: 'float', conflict: 'tuple[str, ...]' = (), missed: 'tuple[str, ...]' = (), "
               "violations: 'tuple[Violation, ...]' = (), trace: 'tuple[Event, ...]' = (), "
               "failures: 'tuple[str, ...]' = (), stopped: 'bool' = False) -> None",
    "Replanned": "(files: 'Files', outcome: 'Outcome', moved: 'tuple[Move, ...]', gone: 'tuple[Key, ...]', "
                 "announced: 'int', facts: 'int', frozen: 'int', thawed: 'int', before: 'Costs', "
                 "deliveries: 'tuple[Delivery, ...]') -> None",
    "Schedule": None,
    "SchedulerError": None,
    "compare": "(scenario: 'Scenario | None', schedules: 'Sequence[Schedule]', labels: 'Sequence[str]', "
               "figures: 'Sequence[KPIs] | None' = None) -> 'Comparison'",
    "explain": "(scenario: 'Scenario', schedule: 'Schedule', orders: 'Sequence[int] | None' = None, "
               "limit: 'int | None' = None, costs: 'Costs | None' = None) -> 'Reasons'",
    "load": "(path: 'str | Path') -> 'Scenario'",
    "load_files": "(path: 'str | Path') -> 'Files'",
    "read_events": "(path: 'Path') -> 'list[tuple[FloorEvent, str]]'",
    "read_schedule": "(path: 'Path') -> 'Schedule'",
    "replan": "(files: 'Files', schedule: 'Schedule', events: 'Iterable[tuple[FloorEvent, str]]', now: 'datetime', "
              "options: 'Options | None' = None) -> 'Replanned'",
    "solve": "(scenario: 'Scenario', options: 'Options | None' = None, start: 'Schedule | None' = None) -> 'Outcome'",
    "tradeoff": "(scenario: 'Scenario', options: 'Options | None' = None, points: 'int' = 12) -> 'Tradeoff'",
    "validate": "(scenario: 'Scenario', schedule: 'Schedule', limit: 'int' = 1000) -> 'list[Violation]'",
}
"""Whoever changes this changes what others rely on: say so in the CHANGELOG."""


def test_it_exports_exactly_what_it_says() -> None:
    assert sorted(scheduler.__all__) == scheduler.__all__ == sorted(SURFACE)
    assert dir(scheduler) == scheduler.__all__
    starred: dict[str, object] = {}
    exec("from scheduler import *", starred)
    assert set(starred) - {"__builtins__"} == set(SURFACE)


@pytest.mark.parametrize("name", SURFACE)
def test_signatures_stay(name: str) -> None:
    wanted = SURFACE[name]
    if wanted is not None:
        assert str(inspect.signature(getattr(scheduler, name))) == wanted


@pytest.mark.parametrize("name", SURFACE)
def test_every_name_and_what_it_offers_is_described(name: str) -> None:
    thing = getattr(scheduler, name)
    undescribed = [] if own_words(thing) else [name]
    if inspect.isclass(thing):
        for member, value in vars(thing).items():
            callable_ = inspect.isfunction(value) or isinstance(value, property)
            if callable_ and not member.startswith("_") and not inspect.getdoc(value):
                undescribed.append(f"{name}.{member}")
    assert undescribed == []


def own_words(thing: object) -> bool:
    """It has a docstring that somebody wrote (a dataclass without one gets its signature)."""
    text = thing.__doc__ or ""
    return bool(text.strip()) and not text.startswith(f"{getattr(thing, '__name__', '')}(")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'scheduler' has no attribute 'sove'"):
        _ = scheduler.sove  # type: ignore[attr-defined]


def test_one_tree_of_errors() -> None:
    assert issubclass(InputError, SchedulerError)
    assert issubclass(InternalError, SchedulerError)
    assert not issubclass(InputError, InternalError)
    with pytest.raises(InputError) as raised:
        scheduler.load(Path("nowhere"))
    assert "there is no such file or folder" in raised.value.mistakes[0].what
    assert str(raised.value).startswith("nowhere: ")


def test_importing_costs_nothing() -> None:
    code = "import sys, scheduler; print(sorted(m for m in sys.modules if m.startswith('scheduler') or m == 'numpy'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.strip() == "['scheduler']"
