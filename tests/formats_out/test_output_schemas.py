"""The schemas are schemas, and what is written obeys them."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest

from scheduler.domain.policy import TERMS
from scheduler.formats.output_schemas import output_schema
from scheduler.formats.writers import write_all
from tests.formats_out import sample


@pytest.fixture(params=[sample.schedule, sample.full], ids=["plain", "full"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    made_for = sample.scenario()
    costs = sample.costs((-1, 6000))
    if request.param is sample.full:
        costs.terms[1, TERMS.index("refusal")] = 50_000
    write_all(tmp_path, made_for, request.param(made_for), costs, sample.kpis())
    return tmp_path


@pytest.mark.parametrize("name", ["schedule", "kpis"])
def test_files_obey(folder: Path, name: str) -> None:
    schema = output_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads((folder / f"{name}.json").read_text())
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "version": 2}, schema)


def test_deliveries_obey(folder: Path) -> None:
    schema = output_schema("deliveries")
    jsonschema.Draft202012Validator.check_schema(schema)
    with (folder / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        data = list(csv.DictReader(file))
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**data[0], "total": "3.5"}], schema)


def test_columns_are_those_of_the_file(folder: Path) -> None:
    data = json.loads((folder / "schedule.json").read_text())
    parts = output_schema("schedule")["properties"]
    assert "teams" not in data or set(parts) == set(data)
    for part in ("header", "lots", "operations", "pegs"):
        assert set(parts[part]["required"]) <= set(data[part]) <= set(parts[part]["properties"])
        assert "teams" not in data or set(parts[part]["properties"]) == set(data[part])


def test_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        output_schema("other")
