"""Bad input: exit code 2, every mistake with its place, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.kit import INSTANCES, PRESS, QUICK, Call, press_shop, process

PLACE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): [^;]+; .+$")


def test_all_mistakes_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = PRESS % {"first": ", colour: red", "second": ", deadline: 2026-02-30", "third": ", customer: 5 h"}
    for right, wrong in (("fixed: 3 h", "fixed: 3"), ("[press]", "[pres]"), ("family: bracket", "family: brack")):
        text = text.replace(right, wrong)
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    said = process("solve", tmp_path, "--quiet", cwd=tmp_path)
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    lines = said.err.splitlines()
    assert len(lines) >= 5
    places = [PLACE.match(line) for line in lines]
    assert all(places), said.err
    numbers = [int(p["line"]) for p in places if p]
    assert numbers == sorted(numbers)
    assert "did you mean 'bracket'" in said.err
    assert "write '3 min'" in said.err


@pytest.mark.parametrize("command", [("solve",), ("tradeoff",), ("validate",), ("explain",)])
def test_every_command_that_reads_a_scenario(call: Call, tmp_path: Path, command: tuple[str, ...]) -> None:
    shop = press_shop(tmp_path / "shop", first=", quantity: 0")
    rest = (tmp_path,) if command[0] in ("validate", "explain") else ()
    said = call(*command, shop, *rest)
    assert said.code == 2
    assert PLACE.match(said.err.splitlines()[0])
    assert said.out == ""


@pytest.mark.parametrize(("path", "hint"), [
    ("shp", "there is no such file or folder; did you mean 'shop'?"),
    (".", "this folder holds no scenario.yaml; did you mean 'shop'?"),
    ("shop/scenario.yaml#x", "there is no such file"),
    ("", "this folder holds no scenario.yaml"),
    ("nowhere/at/all", "there is no such file or folder"),
])
def test_a_path_that_is_none(call: Call, tmp_path: Path, path: str, hint: str) -> None:
    press_shop(tmp_path / "shop")
    said = call("solve", path, *QUICK)
    assert said.code == 2
    assert "Traceback" not in said.err
    if path != "shop/scenario.yaml#x":
        assert hint in said.err


@pytest.mark.parametrize("content", [b"\x00\x01\xff\xfe", b"", b"hello", b"3 3\n1 2", b"{}", b"\xff" * 100])
@pytest.mark.parametrize("name", ["x.fjs", "x.txt", "x.json", "x.yaml", "scenario.yaml"])
def test_any_file(call: Call, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    said = call("solve", name, *QUICK)
    assert said.code == 2
    assert said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("name", ["mk1", "", "workers"])
def test_an_index_with_no_such_instance(call: Call, name: str) -> None:
    said = call("solve", f"{INSTANCES / 'index.json'}#{name}", *QUICK)
    assert said.code == 2
    assert "Traceback" not in said.err
    if name == "mk1":
        assert "mk01" in said.err


@pytest.mark.parametrize("words", [
    ("solve", "x", "--colour"), ("solve", "x", "--time-limit", "soon"), ("solve", "x", "--time-limit", "0"),
    ("solve", "x", "--engine", "magic"), ("solve", "x", "--workers", "0"), ("solve", "x", "--target-gap", "2"),
    ("solve", "x", "--seed", "-1"), ("solve", "x", "--deterministic-limit", "0"), ("solve",), ("solve", "x", "y"),
    ("bake", "x"), ("tradeoff", "x", "--points", "1"), ("schema", "recipe"), ("compare",), ("validate", "x"),
    ("explain", "x"), ("new",), ("--colour",)])
def test_a_command_line_that_is_wrong(call: Call, words: tuple[str, ...]) -> None:
    said = call(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Usage" in said.err
    assert "Traceback" not in said.err


def test_a_setting_of_the_engine_that_does_not_exist_names_those_that_do(call: Call) -> None:
    said = call("solve", "x", "--engine", "magic")
    assert "'auto', 'dispatch', 'annealing', 'tabu', 'cpsat'" in " ".join(said.err.replace("│", " ").split())
