"""Good scenarios: what is read is what was written."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from scheduler.domain.orders import NEVER
from scheduler.errors import InputError
from scheduler.formats.moments import parse_moment
from scheduler.formats.orders_csv import read_orders_csv
from scheduler.formats.scenario_files import read_scenario
from scheduler.loading import load, read_mistakes
from tests.diagnose.cases import GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "lamps"))


def test_a_folder_becomes_a_scenario() -> None:
    scenario = load(str(GOOD))
    assert scenario.name == "lamps"
    assert [r.id for r in scenario.resources] == ["booth-1", "booth-2", "bench-1"]
    orders = scenario.orders
    assert orders.id == ("L-1", "L-2", "L-3")
    assert orders.quantity.tolist() == [6, 20, 8]
    assert orders.variants[0].choices == (("colour", "blue"), ("switch", "dimmer"))
    assert orders.variants[1].choices == (("colour", "red"), ("switch", "plain"))
    assert orders.priority.tolist() == [3, 2, 1]
    day = 24 * 60
    assert orders.due.tolist() == [5 * day, 7 * day + 720, 11 * day]
    assert orders.release.tolist() == [0, 0, day + 480]
    assert orders.deadline.tolist() == [NEVER, NEVER, 19 * day]


def test_orders_in_yaml_say_the_same(folder: Path) -> None:
    by_csv = load(folder)
    (folder / "orders.csv").unlink()
    (folder / "orders.yaml").write_text("""\
- {id: L-1, family: lamp, customer: opera, quantity: 6, release: 2026-03-02, due: 2026-03-06,
   choices: {colour: blue, switch: dimmer}}
- {id: L-2, family: lamp, customer: shop, quantity: 20, due: "2026-03-09 12:00", priority: 2}
- {id: L-3, family: lamp, customer: shop, quantity: 8, release: 2026-03-03T08:00, due: 2026-03-12, deadline: 2026-03-20,
   choices: {switch: dimmer}}
""", "utf-8")
    by_yaml = load(folder / "scenario.yaml")
    for i in range(3):
        assert by_yaml.orders.row(i) == by_csv.orders.row(i)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("orders:\n  " + (folder / "orders.yaml").read_text("utf-8").replace("\n", "\n  ").rstrip() + "\n")
    (folder / "orders.yaml").unlink()
    assert load(folder).orders.row(2) == by_csv.orders.row(2)


def test_a_routing_of_its_own(folder: Path) -> None:
    (folder / "orders.csv").unlink()
    (folder / "orders.yaml").write_text("""\
orders:
  - id: S-1
    quantity: 2
    routing:
      material_cost: 10
      operations:
        first: {capability: assembly, work: {fixed: 1 h}}
        second: {resources: [bench-1], work: {per_piece: 30 min}}
      components: [{component: foot, at: second}]
""", "utf-8")
    variant = load(folder).orders.variants[0]
    assert variant.family is None
    assert variant.routing is not None
    assert variant.routing.operations["second"].resources == ("bench-1",)


def test_numbers_may_stand_where_texts_are_meant(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace("red", "3000").replace("blue", "no"), "utf-8")
    text = (folder / "orders.csv").read_text("utf-8")
    (folder / "orders.csv").write_text(text.replace("red", "3000").replace("blue", "no"), "utf-8")
    assert load(folder).plant.cells["paint"].configurations_from == {"colour": ("3000", "no")}


def test_csv_forms(folder: Path) -> None:
    rows = ('id;"family";penalty_per_day;option:price;may_leave_early;due\r\n'
            '"A;1";lamp;12.50;"high\nest";no;2026-3-6T07:00Z\r\n\r\nA2;lamp;;;;\r\n')
    table = read_orders_csv(rows, "orders.csv", ["price"])
    assert table.mistakes == []
    first, second = table.entries
    assert (first.id, first.penalty_per_day, first.may_leave_early) == ("A;1", 1250, False)
    assert first.choices == {"price": "high\nest"}
    assert first.due == datetime(2026, 3, 6, 7, tzinfo=UTC)
    assert (second.id, second.choices, second.quantity, second.due) == ("A2", {}, 1, None)
    assert table.lines == [2, 5]
    assert table.place(("orders", 0, "choices", "price")) == "orders.csv:2:18"
    assert table.place(("orders", 1, "due")) == "orders.csv:5:12"
    assert table.place(("orders", 1, "priority")) == "orders.csv:5:1"


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    for name in ("scenario.yaml", "orders.csv"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    assert read_mistakes(folder) == []


def test_many_rows(folder: Path) -> None:
    lines = ["id,family,quantity,due,colour"]
    lines += [f"N{i},lamp,{1 + i % 9},2026-04-{1 + i % 28:02d},red" for i in range(20_000)]
    lines[12_345] = "N12344,lamp,0,2026-04-31,red"
    (folder / "orders.csv").write_text("\n".join(lines), "utf-8")
    source = read_scenario(folder)
    assert len(source.entries) == 20_000
    assert [m.place for m in source.mistakes] == ["orders.csv:12346:13", "orders.csv:12346:15"]


@pytest.mark.parametrize(("text", "wanted"), [
    ("2026-03-02", date(2026, 3, 2)),
    ("2026-3-2 8:05", datetime(2026, 3, 2, 8, 5)),
    ("2026-03-02T08:05:30", datetime(2026, 3, 2, 8, 5, 30)),
    ("2026-03-02 08:05 +01:00", datetime(2026, 3, 2, 8, 5, tzinfo=timezone(timedelta(hours=1)))),
    ("2026-03-02T08:05-0530", datetime(2026, 3, 2, 8, 5, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
])
def test_moments(text: str, wanted: date) -> None:
    assert parse_moment(text) == wanted


@pytest.mark.parametrize("text", ["", "2026", "2026-02-30", "02.03.2026", "2026-03-02 25:00", "1500-01-01",
                                  "2026-03-02T08", "2026-03-02 08:05+99:00", "8:30"])
def test_no_moments(text: str) -> None:
    with pytest.raises(ValueError, match="; "):
        parse_moment(text)


def test_paths_that_hold_no_scenario(folder: Path) -> None:
    def said(path: Path | str) -> str:
        with pytest.raises(InputError) as caught:
            load(path)
        return str(caught.value)

    assert said(folder.parent / "lamp") == (f"{folder.parent / 'lamp'}: there is no such file or folder; "
                                            f"did you mean '{folder}'?")
    assert said(folder.parent) == f"{folder.parent}: this folder holds no scenario.yaml; did you mean '{folder}'?"
    (folder / "scenario.yaml").unlink()
    assert "'scheduler new FOLDER' writes one" in said(folder)
    assert "there is no such file or folder" in said(folder / "index.json#la01")
    assert "there is no such file or folder" in said("x" * 5000)
    assert said(folder / "scenario.yaml").endswith("or 'index.json#name'")


def test_a_public_instance_takes_its_own_way(tmp_path: Path) -> None:
    (tmp_path / "tiny.fjs").write_text("1 1\n1 1 1 5\n", "utf-8")
    assert len(load(tmp_path / "tiny.fjs").orders) == 1
