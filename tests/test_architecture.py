"""The table of rooms in CONTRIBUTING.md, checked: who may import whom, what from outside, and no cycle."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1] / "scheduler"
ROOMS = {
    "domain": set(), "planning": {"domain"}, "validation": {"domain"}, "evaluation": {"domain", "planning"},
    "formats": {"domain"}, "problem": set(), "engines": {"problem"}, "encoding": {"domain", "planning", "problem"},
    "usecases": {"domain", "planning", "validation", "evaluation", "problem", "engines", "encoding"},
    "report": {"domain"}, "loading": {"domain", "formats", "usecases"},
    "cli": {"domain", "formats", "usecases", "report", "loading"}}
OUTSIDE = {
    "domain": {"pydantic", "numpy", "pandas"}, "planning": {"networkx", "numpy"}, "validation": {"numpy"},
    "evaluation": {"numpy", "networkx"}, "formats": {"yaml", "pydantic", "numpy"}, "problem": {"numpy", "numba"},
    "engines": {"numba", "numpy"}, "encoding": {"numpy"}, "usecases": {"numpy", "networkx"},
    "report": {"jinja2", "numpy", "matplotlib"}, "loading": set(), "cli": {"typer", "rich"}}
FILES = sorted(p for p in ROOT.rglob("*.py") if p.parent != ROOT or p.name == "loading.py")


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module or "")
            if found[-1].startswith("scheduler."):
                found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def faults(path: Path) -> list[str]:
    here, found = room(path), []
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "scheduler":
            if not rest:
                found.append("imports the façade")
            elif rest[0] not in ROOMS[here] | {here, "errors"}:
                found.append(f"room {here} may not import {name}")
        elif top not in sys.stdlib_module_names | OUTSIDE[here] and not (
                top == "ortools" and ("cpsat" in path.parts or path.name == "linear_program.py")):
            found.append(f"room {here} may not import {top}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_import_only_what_the_table_allows(path: Path) -> None:
    assert faults(path) == []


def test_every_folder_is_a_room_of_the_table() -> None:
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and any(p.rglob("*.py"))}
    assert folders - {"__pycache__"} == set(ROOMS) - {"loading"}


def test_modules_form_no_cycle() -> None:
    names = {".".join(("scheduler", *p.relative_to(ROOT).with_suffix("").parts)): p for p in FILES}
    graph = nx.DiGraph((name, target) for name, p in names.items() for target in imports(p) if target in names)
    assert list(nx.simple_cycles(graph)) == []


def test_only_the_portfolio_names_concrete_engines() -> None:
    for path in FILES:
        if path.parts[-2:] != ("engines", "portfolio.py"):
            text = path.read_text(encoding="utf-8")
            assert "PortfolioEngine" not in text, path
            if "cpsat" not in path.parts:
                assert "CpSatEngine" not in text, path


def test_a_wrong_import_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    bad = tmp_path / "domain" / "x.py"
    bad.parent.mkdir()
    bad.write_text("import requests\nfrom scheduler.engines.contract import Limits\nimport scheduler\n")
    assert len(faults(bad)) == 4
