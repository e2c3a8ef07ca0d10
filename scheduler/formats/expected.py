"""expected.json of a scenario folder: stored results with tolerances, and how to accept new ones."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.errors import InputError, Mistake
from scheduler.formats.atomic import staged

VERSION = 1
PERCENT_OF_NEW = 2
"""Tolerance, in percent, that `accept` gives a number it stores for the first time."""
SMALL_COUNT = 100
"""Whole numbers below it get a tolerance of 2 instead."""
Plain = str | int | float | bool | None


@dataclass(frozen=True)
class Expectation:
    """One stored result. Without a tolerance it must be met exactly; with both, the wider one counts."""

    value: Plain
    tolerance: float | None = None
    tolerance_percent: float | None = None

    def allowed(self) -> float:
        """How far a number may be from the value, either way."""
        if not _number(self.value):
            return 0.0
        return max(self.tolerance or 0.0, abs(float(self.value or 0)) * (self.tolerance_percent or 0.0) / 100)

    def misses(self, found: Any) -> str:
        """'' if `found` meets the expectation, else what was expected."""
        if _number(self.value) and _number(found):
            if abs(found - self.value) <= self.allowed() * (1 + 1e-9):
                return ""
        elif type(found) is type(self.value) and found == self.value:
            return ""
        return f"{self.value!r} +- {self.allowed():g}" if self.allowed() else f"{self.value!r}"

    def written(self) -> Any:
        more = {"tolerance": self.tolerance, "tolerance_percent": self.tolerance_percent}
        kept = {name: value for name, value in more.items() if value is not None}
        return {"value": self.value, **kept} if kept else self.value


def read_expected(path: Path) -> dict[str, Expectation]:
    """The stored results by name. Raises InputError, with all mistakes, for a file that is not an expected.json."""
    place = str(path)
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(place, f"cannot be read: {error.strerror or error}", "store results with '--accept'") from error
    except json.JSONDecodeError as error:
        raise _bad(f"{place}:{error.lineno}:{error.colno}", f"is not JSON: {error.msg}",
                   "correct it, or store results again with '--accept'") from error
    except (ValueError, RecursionError) as error:
        raise _bad(place, f"is not JSON: {error}", "correct it, or store results again with '--accept'") from error
    if not isinstance(data, dict) or type(data.get("version")) is not int or data["version"] != VERSION:
        found = data.get("version") if isinstance(data, dict) else None
        raise _bad(place, f"has version {found!r}", f"supported is version {VERSION}")
    if not isinstance(data.get("values"), dict):
        raise _bad(place, "has no 'values'", "write 'values': a mapping from names to results")
    mistakes: list[Mistake] = []
    results = {name: _expectation(name, entry, place, mistakes) for name, entry in data["values"].items()}
    if mistakes:
        raise InputError(mistakes)
    return results


def check_expected(values: Mapping[str, Any], expected: Mapping[str, Expectation]) -> list[str]:
    """One sentence for each stored result that `values` does not meet; empty when all is as stored."""
    found = []
    for name, expectation in expected.items():
        if name not in values:
            found.append(f"{name}: missing, expected {expectation.misses(None) or 'null'}")
            continue
        value = _plain(values[name])
        missed = expectation.misses(value)
        if missed:
            found.append(f"{name}: {value!r}, expected {missed}")
    return found


def accept(path: Path, values: Mapping[str, Any], exact: Collection[str] = ()) -> dict[str, Expectation]:
    """Stores `values` in expected.json and returns what is stored.

    An existing file keeps its names and tolerances and gets the new values (names that `values` lacks are left out);
    a new one stores all values: numbers not named in `exact` with a tolerance of 2 %, small counts of 2. Raises
    InputError for a file that is broken.
    """
    plain = {name: _plain(value) for name, value in values.items()}
    if Path(path).exists():
        old = read_expected(path)
        stored = {name: Expectation(plain[name], was.tolerance, was.tolerance_percent)
                  for name, was in old.items() if name in plain}
    else:
        stored = {name: _tolerant(value) if _number(value) and name not in exact else Expectation(value)
                  for name, value in plain.items()}
    content = {"version": VERSION, "values": {name: entry.written() for name, entry in stored.items()}}
    with staged(Path(path)) as stage:
        stage.text(Path(path), json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return stored


def _tolerant(value: Any) -> Expectation:
    """A stored number with the tolerance of a new file."""
    small = isinstance(value, int) and abs(value) < SMALL_COUNT
    return Expectation(value, tolerance=2 if small else None, tolerance_percent=None if small else PERCENT_OF_NEW)


def _expectation(name: str, entry: Any, place: str, mistakes: list[Mistake]) -> Expectation:
    fields = entry if isinstance(entry, dict) else {"value": entry}
    for key in fields:
        if key not in ("value", "tolerance", "tolerance_percent"):
            mistakes.append(Mistake(("values", name, key), f"values/{name} has the unknown field '{key}'",
                                    "fields are value, tolerance, tolerance_percent", place))
    value = fields.get("value")
    if "value" not in fields or isinstance(value, dict | list):
        mistakes.append(Mistake(("values", name), f"values/{name} has no plain value",
                                "a result is a number, text, true, false or null", place))
    for key in ("tolerance", "tolerance_percent"):
        given = fields.get(key)
        if given is not None and (not _number(given) or given < 0):
            mistakes.append(Mistake(("values", name, key), f"values/{name}/{key} is {given!r}",
                                    "a tolerance is a number of zero or more", place))
        elif given is not None and not _number(value):
            mistakes.append(Mistake(("values", name, key), f"values/{name} has a tolerance but is not a number",
                                    "leave the tolerance out", place))
    return Expectation(value if not isinstance(value, dict | list) else None, fields.get("tolerance"),
                       fields.get("tolerance_percent"))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _bad(place: str, what: str, instead: str) -> InputError:
    return InputError([Mistake((), what, instead, place)])
