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
from tests.diagnose.cases import GOOD

YAML_TEXT = (GOOD / "scenario.yaml").read_text("utf-8")
CSV_TEXT = (GOOD / "orders.csv").read_text("utf-8")
PIECES = st.sampled_from(["\t", "  ", "\n", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!!int ", "? ",
                          "| ", "\x00", "é", "0", "-1", "1e400", "nan", "2026-13-45", "24:61", "{colour}", "/",
                          ",", "%", "10 min", "null"])
ODD: list[Any] = [
    None, "", "x", "0", "-1", "1", "7", "red", "fit", "foot", "day", "1e400", "nan", "9" * 26, "2026-03-02",
    "0001-01-01 00:00", "2199-12-31 23:59", "{colour}", "{}", "{nothing}", "00:00-24:00", "10 min", "1 ms", "300 w",
    [], {}, ["red"], ["x", "x"], {"a": "b"}, [[]], [{}], {"fixed": "900 h"}, {"component": "foot"}]


def check(yaml_text: str, csv_text: str) -> None:
    folder = Path(tempfile.mkdtemp())
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
        assert re.match(r"(scenario\.yaml|orders\.csv):[1-9]\d*:[1-9]\d*$", mistake.place), mistake
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


DATA = parse_yaml(YAML_TEXT, "scenario.yaml")[0]
PLACES = places(DATA.plain() if DATA else {})


EDITS = st.tuples(st.sampled_from(PLACES), st.sampled_from(["replace", "delete", "rename"]), st.sampled_from(ODD))


@given(st.lists(EDITS, min_size=1, max_size=3))
@settings(max_examples=250, deadline=None)
def test_the_good_scenario_with_odd_values(edits: list[tuple[tuple[Any, ...], str, Any]]) -> None:
    assert DATA is not None
    data = DATA.plain()
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
    check(json.dumps(data, indent=1), CSV_TEXT)


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "a: &a [1]\nb: &b [*a, *a]\n", "? " * 300])
def test_deep_nesting(text: str) -> None:
    check(text, CSV_TEXT)


def test_aliases_cannot_grow_without_limit() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 30)]
    root, mistakes = parse_yaml("\n".join(lines), "bomb.yaml")
    assert root is None
    assert "aliases repeat more than" in mistakes[-1].what
