"""Events as JSON lines: one event a line, every mistake with its file and line."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler.domain.events import EVENT, KINDS, FloorEvent, OrderChanged, OrderNew
from scheduler.domain.orders import OrderEntry
from scheduler.errors import InputError, Mistake
from scheduler.formats.wording import describe
from scheduler.formats.yaml_source import Node

MAX_BYTES = 100_000_000
ARMS = ("datetime", "date")
"""What pydantic adds to the place of a value that may be either."""
WANTED = ('write for instance '
          '{"at": "2026-03-03T10:20", "kind": "breakdown", "id": "weld-1", "until": "2026-03-04T14:00"}')


def read_events(path: Path) -> list[tuple[FloorEvent, str]]:
    """Events in the order of the file, each with its place 'file:line'. Empty lines are skipped.

    Raises InputError with every mistake.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError([Mistake((), f"the file is larger than {MAX_BYTES // 1_000_000} MB", "split it",
                                      str(path))])
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError([Mistake((), "a character that is not UTF-8", "save the file in UTF-8", str(path))]) from None
    except OSError as error:
        raise InputError([Mistake((), f"the file cannot be read ({error.strerror})", "name a file of JSON lines",
                                  str(path))]) from None
    found: list[tuple[FloorEvent, str]] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(lines, start=1):
        place = f"{path}:{number}"
        if line.strip():
            try:
                event = EVENT.validate_python(_mapping(line))
                found.append((event, place))
                mistakes += _of_order(event, place)
            except ValidationError as error:
                mistakes += [_mistake(e, place) for e in error.errors()]
            except ValueError as error:
                mistakes.append(Mistake((), f"this is no event ({error})", WANTED, place))
    if mistakes:
        raise InputError(mistakes)
    return found


def _mapping(line: str) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not a mapping")
    return value


def _of_order(event: FloorEvent, place: str) -> list[Mistake]:
    """What is wrong with the fields of an order that is new or changed, as far as they say so by themselves."""
    if not isinstance(event, OrderNew | OrderChanged):
        return []
    try:
        OrderEntry.model_validate({**event.order, "id": event.id})
    except ValidationError as error:
        # of a value that may be one thing or another, only what is wrong with it as the first
        first = {tuple(part for part in e["loc"] if part not in ARMS): e for e in reversed(error.errors())}
        return [_mistake({**e, "loc": ("order", *field)}, place) for field, e in reversed(first.items())]
    return []


def _mistake(error: Any, place: str) -> Mistake:
    kind, value = str(error["type"]), error.get("input")
    names = [str(part) for part in error["loc"] if str(part) not in KINDS]
    field = ".".join(names)
    if kind == "union_tag_not_found":
        return Mistake((), "the event has no 'kind'", "write one of " + ", ".join(KINDS), place)
    if kind == "union_tag_invalid":
        given = str(value.get("kind")) if isinstance(value, dict) else str(value)
        near = difflib.get_close_matches(given, KINDS, n=1)
        return Mistake((), f"unknown kind '{given}'", f"did you mean '{near[0]}'?" if near else
                       "write one of " + ", ".join(KINDS), place)
    if kind == "missing":
        return Mistake((), f"'{field}' is missing", WANTED, place)
    if kind == "extra_forbidden":
        return Mistake((), f"unknown field '{field}'", "remove it", place)
    if kind.startswith("datetime"):
        return Mistake((), f"'{field}' is '{value}', not a date and time", "write for instance 2026-03-03T10:20", place)
    what, instead = describe(error, f"'{field}'", Node(value if isinstance(value, (dict, list)) or value is None
                                                      else str(value), 1, 1))
    return Mistake((), what, instead, place)
