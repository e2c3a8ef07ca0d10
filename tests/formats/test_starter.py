"""The starter scenario loads without mistakes, and never overwrites anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.formats.starter import create
from scheduler.loading import load, read_mistakes


def test_it_loads_and_is_named_like_its_folder(tmp_path: Path) -> None:
    written = create(tmp_path / "my-works")
    assert sorted(p.name for p in written) == ["README.md", "orders.csv", "scenario.schema.json", "scenario.yaml"]
    assert read_mistakes(tmp_path / "my-works") == []
    scenario = load(tmp_path / "my-works")
    assert scenario.name == "my-works"
    assert len(scenario.orders) == 6
    first = (tmp_path / "my-works" / "scenario.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=scenario.schema.json"


@pytest.mark.parametrize("name", ["no: \"x\" #1", "2026", "Küche", "'"])
def test_any_folder_name(tmp_path: Path, name: str) -> None:
    create(tmp_path / name)
    assert load(tmp_path / name).name == name


def test_it_refuses_to_overwrite(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"has a orders.csv already; name a new folder"):
        create(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]
    with pytest.raises(InputError, match="this is a file"):
        create(tmp_path / "orders.csv")
