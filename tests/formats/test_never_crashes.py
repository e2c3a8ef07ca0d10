"""Whatever stands in the files, reading them ends in a scenario or in an InputError with places."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError, Mistake
from scheduler.formats.yaml_source import parse_yaml
from scheduler.loading import load
from tests.diagnose.cases import FULL, GOOD

YAML_TEXT = (GOOD / "scenario.yaml").read_text("utf-8")
CSV_TEXT = (GOOD / "orders.csv").read_text("utf-8")
PIECES = st.sampled_from(["\t", "  ", "\n", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!!int ", "? ",
                          "| ", "\x00", "é", "0", "-1", "1e400", "nan", "2026-13-45", "24:61", "{colour}", "/",
                          ",", "%", "10 min", "null"])
ODD: list[Any] = [
    None, "", "x", "0", "-1", "1", "7", "red", "fit", "foot", "day", "1e400", "nan", "9" * 26, "2026-03-02",
    "0001-01-01 00:00", "2199-12-31 23:59", "{colour}", "{}", "{nothing}", "00:00-24:00", "10 min", "1 ms", "300 w",
    [], {}, ["red"], ["x", "x"], {"a": "b"}, [[]], [{}], {"fixed": "900 h"}, {"component": "foot"}]


def check(yaml_text: str, csv_text: str, floor_text: str | None = None) -> None:
    folder = Path(tempfile.mkdtemp())
    if floor_text is not None:
        (folder / "floor.csv").write_bytes(floor_text.encode("utf-8", "replace"))
    (folder / "scenario.yaml").write_bytes(yaml_text.encode("utf-8", "replace"))
    (folder / "orders.csv").write_bytes(csv_text.encode("utf-8", "replace"))
    mistakes: list[Mistake] | None = None
    try:
        load(folder)
    except InputError as error:
        mistakes = error.mistakes
    finally:
        shutil.rmtree(folder)
    assert mistakes is None or mistakes
    for mistake in mistakes or ():
        assert re.match(r"(scenario\.yaml|orders\.csv|floor\.csv):[1-9]\d*:[1-9]\d*$", mistake.place), mistake
        assert mistake.what
        assert mistake.instead


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text(text: str) -> None:
    check(text, CSV_TEXT)
    check(YAML_TEXT, text)


@given(st.integers(0, len(YAML_TEXT)), st.integers(0, 12), PIECES)
@settings(max_examples=150, deadline=None)
def test_the_good_scenario_with_a_piece_replaced(at: int, length: int, piece: str) -> None:
    check(YAML_TEXT[:at] + piece + YAML_TEXT[at + length:], CSV_TEXT)


@given(st.integers(0, len(CSV_TEXT)), st.integers(0, 12), PIECES)
@settings(max_examples=100, deadline=None)
def test_the_good_orders_with_a_piece_replaced(at: int, length: int, piece: str) -> None:
    check(YAML_TEXT, CSV_TEXT[:at] + piece + CSV_TEXT[at + length:])


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, below in entries:
        found += places(below, (*path, key))
    return found


def read(text: str) -> Any:
    root = parse_yaml(text, "scenario.yaml")[0]
    return root.plain() if root else {}


def edits_of(text: str, odd: list[Any]) -> st.SearchStrategy[list[tuple[tuple[Any, ...], str, Any]]]:
    actions = st.sampled_from(["replace", "delete", "rename"])
    return st.lists(st.tuples(st.sampled_from(places(read(text))), actions, st.sampled_from(odd)), min_size=1,
                    max_size=3)


@given(edits_of(YAML_TEXT, ODD))
@settings(max_examples=250, deadline=None)
def test_the_good_scenario_with_odd_values(edits: list[tuple[tuple[Any, ...], str, Any]]) -> None:
    check(edited(YAML_TEXT, edits), CSV_TEXT)


FULL_YAML, FULL_CSV, FULL_FLOOR = ((FULL / name).read_text("utf-8") for name in (
    "scenario.yaml", "orders.csv", "floor.csv"))
FULL_ODD: list[Any] = [
    None, "", "x", "0", "-1", "1", "3", "100", "9" * 26, "2026-03-02", "2026-03-04 07:01", "2199-12-31 23:59", "{wood}",
    "10 min", "1 ms", "300 w", "join", "polish", "saw", "turn", "day", "late", "saw-1", "money", "probe", "leg",
    [], {}, ["polish"], ["join", "join"], {"join": {"transfer": 3}}, [{"skill": "join", "people": 2}], {"parts": 2}]


@given(edits_of(FULL_YAML, FULL_ODD))
@settings(max_examples=200, deadline=None)
def test_the_scenario_of_all_rules_with_odd_values(edits: list[tuple[tuple[Any, ...], str, Any]]) -> None:
    check(edited(FULL_YAML, edits), FULL_CSV, FULL_FLOOR)


@given(st.integers(0, len(FULL_FLOOR)), st.integers(0, 12), PIECES)
@settings(max_examples=100, deadline=None)
def test_the_floor_with_a_piece_replaced(at: int, length: int, piece: str) -> None:
    check(FULL_YAML, FULL_CSV, FULL_FLOOR[:at] + piece + FULL_FLOOR[at + length:])


def edited(text: str, edits: list[tuple[tuple[Any, ...], str, Any]]) -> str:
    data = read(text)
    for path, action, value in edits:
        holder = data
        try:
            for key in path[:-1]:
                holder = holder[key]
            old = holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if not isinstance(holder, (dict, list)):
            continue
        if action == "replace":
            holder[path[-1]] = value
        else:
            del holder[path[-1]]
        if action == "rename" and isinstance(holder, dict):
            holder[str(value)] = old
    return json.dumps(data, indent=1)


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "a: &a [1]\nb: &b [*a, *a]\n", "? " * 300])
def test_deep_nesting(text: str) -> None:
    check(text, CSV_TEXT)


def test_aliases_cannot_grow_without_limit() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 30)]
    root, mistakes = parse_yaml("\n".join(lines), "bomb.yaml")
    assert root is None
    assert "aliases repeat more than" in mistakes[-1].what
