"""The schemas are schemas, and what is written obeys them."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest

from scheduler.formats.output_schemas import output_schema
from scheduler.formats.writers import write_all
from tests.formats_out import sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made_for = sample.scenario()
    write_all(tmp_path, made_for, sample.schedule(made_for), sample.costs((-1, 6000)), sample.kpis())
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
    for part in ("header", "lots", "operations", "pegs"):
        assert set(parts[part]["properties"]) == set(data[part])


def test_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        output_schema("other")
