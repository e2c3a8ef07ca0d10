"""The schema for editors takes what the reader takes, and stands beside the scenarios as it is now."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import scheduler
from scheduler.formats.schemas import KINDS, SCHEMA_FILE, schema, schema_text
from scheduler.formats.starter import create
from scheduler.formats.yaml_source import Node, parse_yaml
from tests.diagnose.cases import GOOD

SCENARIOS = Path(scheduler.__file__).parents[1] / "scenarios"


def as_editors_read(node: Node) -> Any:
    """The values of YAML 1.2: plain numbers and booleans have their type."""
    if isinstance(node.value, dict):
        return {key: as_editors_read(below) for key, below in node.value.items()}
    if isinstance(node.value, list):
        return [as_editors_read(below) for below in node.value]
    if node.value is not None and re.fullmatch(r"-?\d+(\.\d+)?|true|false", node.value):
        return json.loads(node.value) if not re.match(r"-?0\d", node.value) else node.value
    return node.value


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))
    assert schema(kind)["title"] == kind


def test_an_unknown_kind() -> None:
    with pytest.raises(KeyError):
        schema("recipe")


def test_it_takes_every_scenario_we_have(tmp_path: Path) -> None:
    create(tmp_path / "new")
    validator = jsonschema.Draft202012Validator(schema("scenario"))
    files = [GOOD / "scenario.yaml", tmp_path / "new" / "scenario.yaml", *SCENARIOS.glob("*/scenario.yaml")]
    for file in files:
        root = parse_yaml(file.read_text("utf-8"), file.name)[0]
        assert root is not None
        errors = [f"{file}: {list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(as_editors_read(root))]
        assert errors == []


@pytest.mark.parametrize(("old", "new"), [("time: 10 min}", "time: 10}"),
                                          ("capabilities: [painting]", "capabilitys: [painting]"),
                                          ("origin: 2026-03-02 00:00", "origin: monday"), ("stock: 4", "stock: four")])
def test_it_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    text = (GOOD / "scenario.yaml").read_text("utf-8")
    root = parse_yaml(text.replace(old, new, 1), "scenario.yaml")[0]
    assert root is not None
    assert not jsonschema.Draft202012Validator(schema("scenario")).is_valid(as_editors_read(root))


def test_the_file_beside_the_scenarios_is_up_to_date() -> None:
    if not SCENARIOS.is_dir():
        pytest.skip("the scenarios are not here")
    assert (SCENARIOS / SCHEMA_FILE).read_text("utf-8") == schema_text("scenario"), (
        "write it anew: scheduler schema scenario > scenarios/scenario.schema.json")
    for file in SCENARIOS.glob("*/scenario.yaml"):
        assert file.read_text("utf-8").startswith(f"# yaml-language-server: $schema=../{SCHEMA_FILE}\n")
