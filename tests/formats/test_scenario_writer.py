"""What is written as a scenario folder reads back as the same scenario."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import scheduler
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from scheduler.errors import InputError
from scheduler.formats.scenario_files import Source, read_scenario
from scheduler.formats.scenario_writer import write_scenario
from scheduler.formats.starter import create
from tests.diagnose.cases import GOOD
from tests.factories import tiny_factory, tiny_orders

SCENARIOS = Path(scheduler.__file__).parents[1] / "scenarios"
EVERYTHING = Path(__file__).parent / "everything.yaml"


def same(folder: Path, file: ScenarioFile, entries: list[OrderEntry], floor: list[FloorEntry]) -> Source:
    found = read_scenario(folder)
    assert found.mistakes == []
    assert found.file is not None
    apart = {"orders": None, "floor": None}
    assert found.file.model_copy(update=apart) == file.model_copy(update=apart)
    assert found.entries == entries
    assert [*(found.file.floor or ()), *found.floor] == floor
    return found


@pytest.mark.parametrize("source", [GOOD, *sorted(p.parent for p in SCENARIOS.glob("*/scenario.yaml"))],
                         ids=lambda path: path.name)
def test_scenarios_we_have(source: Path, tmp_path: Path) -> None:
    read = read_scenario(source)
    assert read.file is not None
    written = write_scenario(tmp_path / "copy", read.file, read.entries)
    assert sorted(path.name for path in written) == ["orders.csv", "scenario.yaml"]
    same(tmp_path / "copy", read.file, read.entries, [])


def test_every_field_there_is(tmp_path: Path) -> None:
    file = ScenarioFile.model_validate(yaml.safe_load(EVERYTHING.read_text("utf-8")))
    floor = [FloorEntry(lot="A/b", operation="a, b", state="started", start=datetime(2026, 3, 2, 7, 0, 0, 250_000),
                        remaining="90.5 s"),
             FloorEntry(lot="A", operation="c", state="pinned", start=datetime(2026, 3, 2, 7, tzinfo=UTC), mode=1)]
    write_scenario(tmp_path, file, file.orders or (), floor)
    same(tmp_path, file, list(file.orders or ()), [*(file.floor or ()), *floor])


def test_an_order_with_a_routing_stands_in_yaml(tmp_path: Path) -> None:
    file = ScenarioFile.model_validate(tiny_factory())
    shutil.copy(GOOD / "orders.csv", tmp_path)
    (tmp_path / "floor.csv").write_text("lot,operation,state\n", "utf-8")
    entries = [*map(OrderEntry.model_validate, tiny_orders()),
               OrderEntry.model_validate({"id": "R", "due": date(2024, 1, 9), "price": 7.5,
                                          "routing": {"operations": {"cut": {"capability": "mill"}}}})]
    assert sorted(p.name for p in write_scenario(tmp_path, file, entries)) == ["orders.yaml", "scenario.yaml"]
    same(tmp_path, file, entries, [])
    write_scenario(tmp_path, file, entries[:2])
    same(tmp_path, file, entries[:2], [])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["orders.csv", "scenario.yaml"]


text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=6)
moment = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1))
day = st.dates(date(1990, 1, 1), date(2150, 1, 1))
orders = st.lists(st.builds(
    OrderEntry, id=text, family=text, choices=st.dictionaries(text.filter(lambda t: t != "<<"), text, max_size=2),
    customer=text, quantity=st.integers(1, 10**6), release=st.none() | day, due=st.none() | moment,
    price=st.none() | st.integers(0, 10**12).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
    must_make=st.booleans()), min_size=1, max_size=3)
floors = st.lists(st.builds(FloorEntry, lot=text, operation=text, state=st.just("started"), behind=text,
                            start=moment, remaining=st.integers(0, 10**9).map(lambda t: f"{t} ms")), max_size=2)


@settings(max_examples=60, deadline=None)
@given(orders, floors, text)
def test_any_texts(tmp_path_factory: pytest.TempPathFactory, entries: list[OrderEntry], floor: list[FloorEntry],
                   name: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    options = {option: {"default": "x", "choices": {"x": {}}} for entry in entries for option in entry.choices}
    file = ScenarioFile.model_validate(tiny_factory(name=name, catalog={"families": {"cabinet": {"options": options}}}))
    write_scenario(folder, file, entries, floor)
    same(folder, file, entries, floor)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    create(tmp_path / "works")
    read = read_scenario(tmp_path / "works")
    assert read.file is not None
    with pytest.raises(InputError, match="cannot be written"):
        write_scenario(tmp_path / "works" / "orders.csv", read.file, read.entries)
