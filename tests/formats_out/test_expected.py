"""expected.json: reading, comparing within tolerances, accepting new results."""

import json
from pathlib import Path

import numpy as np
import pytest

from scheduler.errors import InputError
from scheduler.formats.expected import accept, check_expected, read_expected

STORED = {"version": 1, "values": {
    "orders": 60, "status": "feasible", "validated": True, "knee": None,
    "on_time_share": {"value": 0.9, "tolerance": 0.05}, "total_cost": {"value": 1000, "tolerance_percent": 2}}}
MET = {"orders": 60, "status": "feasible", "validated": True, "knee": None, "on_time_share": 0.85, "total_cost": 1020.0,
       "not stored": 3}


def stored(tmp_path: Path, content: object = STORED) -> Path:
    path = tmp_path / "expected.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_met(tmp_path: Path) -> None:
    assert check_expected(MET, read_expected(stored(tmp_path))) == []
    assert check_expected({**MET, "orders": np.int64(60)}, read_expected(stored(tmp_path))) == []


@pytest.mark.parametrize(("name", "value", "message"), [
    ("orders", 61, "orders: 61, expected 60"),
    ("status", "optimal", "status: 'optimal', expected 'feasible'"),
    ("validated", 1, "validated: 1, expected True"),
    ("orders", True, "orders: True, expected 60"),
    ("knee", 0, "knee: 0, expected None"),
    ("on_time_share", 0.84, "on_time_share: 0.84, expected 0.9 +- 0.05"),
    ("on_time_share", None, "on_time_share: None, expected 0.9 +- 0.05"),
    ("on_time_share", float("nan"), "on_time_share: nan, expected 0.9 +- 0.05"),
    ("total_cost", 979, "total_cost: 979, expected 1000 +- 20"),
])
def test_missed(tmp_path: Path, name: str, value: object, message: str) -> None:
    assert check_expected({**MET, name: value}, read_expected(stored(tmp_path))) == [message]


def test_missing(tmp_path: Path) -> None:
    values = {name: value for name, value in MET.items() if name != "orders"}
    assert check_expected(values, read_expected(stored(tmp_path))) == ["orders: missing, expected 60"]


def test_accept_keeps_names_and_tolerances(tmp_path: Path) -> None:
    path = stored(tmp_path)
    accept(path, {**MET, "total_cost": np.int64(1500), "orders": 61})
    assert json.loads(path.read_text())["values"] == {
        "orders": 61, "status": "feasible", "validated": True, "knee": None,
        "on_time_share": {"value": 0.85, "tolerance": 0.05}, "total_cost": {"value": 1500, "tolerance_percent": 2}}


def test_accept_writes_a_first_file(tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    accept(path, {"orders": 60, "share": 0.5, "late": 4, "cost": 12345}, exact=("orders",))
    assert json.loads(path.read_text()) == {
        "version": 1, "values": {"orders": 60, "share": {"value": 0.5, "tolerance_percent": 2},
                                 "late": {"value": 4, "tolerance": 2},
                                 "cost": {"value": 12345, "tolerance_percent": 2}}}
    assert check_expected({"orders": 60, "share": 0.505, "late": 6, "cost": 12400}, read_expected(path)) == []


@pytest.mark.parametrize(("content", "message"), [
    ("{", "is not JSON"), ("[]", "has version None; supported is version 1"), ('{"version": 2}', "has version 2"),
    ('{"version": 1}', "has no 'values'"),
    ('{"version": 1, "values": {"a": {"value": 1, "tol": 2}}}', "unknown field 'tol'"),
    ('{"version": 1, "values": {"a": {"tolerance": 2}}}', "has no plain value"),
    ('{"version": 1, "values": {"a": [1]}}', "has no plain value"),
    ('{"version": 1, "values": {"a": {"value": 1, "tolerance": -2}}}', "tolerance is -2"),
    ('{"version": 1, "values": {"a": {"value": "x", "tolerance": 2}}}', "has a tolerance but is not a number"),
])
def test_wrong_file(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_expected(stored(tmp_path, content))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_expected(tmp_path / "expected.json")
