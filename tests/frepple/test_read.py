"""frePPLe's tables as a scenario."""

import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from scheduler.domain.scenario import Scenario, changes
from scheduler.errors import InputError
from scheduler.formats.frepple import is_frepple, read_frepple
from scheduler.formats.frepple.values import duration, minute
from scheduler.loading import load
from scheduler.planning.build import build
from tests.frepple.shop import TABLES, write


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(write(tmp_path_factory.mktemp("frepple")))


def test_orders(scenario: Scenario) -> None:
    orders = scenario.orders
    assert scenario.name == "workshop"
    assert orders.id == ("D1", "D2", "D3")
    assert orders.quantity.tolist() == [3, 5, 1]
    assert [scenario.axis.to_datetime(int(d)).isoformat() for d in orders.due] == [
        "2026-03-06T12:00:00+00:00", "2026-03-09T00:00:00+00:00", "2026-03-10T00:00:00+00:00"]
    assert (orders.deadline[1] - orders.due[1]) * scenario.axis.tick == 2 * 86_400_000
    assert (orders.deadline[[0, 2]] > orders.due[2] * 10).all()
    assert orders.customer == ("North", "South", "North")
    assert orders.price.tolist() == [36_000, 20_250, 12_000]
    assert scenario.policy.levels == ("weighted_tardiness", "money")
    assert scenario.axis.to_datetime(0).isoformat() == "2026-03-02T06:00:00+00:00"


def test_a_lower_priority_number_is_more_urgent_there(scenario: Scenario) -> None:
    # D3 has 1, D1 has 2, D2 has 10; the canceled one does not count.
    assert dict(zip(scenario.orders.id, scenario.orders.priority.tolist())) == {"D3": 3, "D1": 2, "D2": 1}


@pytest.mark.parametrize(("given", "ours"), [
    (["1", "2", "3"], [3, 2, 1]), (["5", "5", "5"], [1, 1, 1]), (["0", "", "100"], [3, 2, 1]),
    (["-1", "7", "7"], [2, 1, 1]),
])
def test_priorities(tmp_path: Path, given: list[str], ours: list[int]) -> None:
    demand = "name,item,quantity,due,priority\n" + "".join(
        f"D{i},chair,1,2026-03-09,{p}\n" for i, p in enumerate(given))
    _, entries = read_frepple(write(tmp_path, demand=demand))
    assert [entry.priority for entry in entries] == ours


def test_a_routing_is_a_family(scenario: Scenario) -> None:
    table = scenario.catalog.families["table"]
    assert list(table.operations) == ["cut table", "paint table"]
    cut, paint = table.operations.values()
    assert (cut.after, paint.after) == ((), ("cut table",))
    assert (cut.resources, cut.work.per_piece, cut.work.fixed) == (("saw 1",), 600_000, 0)
    # Saw 2 runs at half speed.
    assert [(a.resources, a.work.per_piece if a.work else None) for a in cut.alternatives] == [(("saw 2",), 1_200_000)]
    assert (paint.work.fixed, paint.work.per_piece, paint.needs) == (600_000, 300_000, {"setup": "black"})
    assert (cut.pausing, paint.pausing) == (True, False)
    assert table.price == 12_000
    assert table.material_cost == 200
    assert [(u.component, u.quantity, u.at) for u in table.components] == [
        ("leg", 4, None), ("top", 1, "cut table"), ("screw", 8, "paint table")]


def test_what_is_in_stock_is_delivered(scenario: Scenario) -> None:
    chair = scenario.catalog.families["chair"]
    assert list(chair.operations) == ["deliver"]
    assert [(u.component, u.quantity) for u in chair.components] == [("chair", 1)]
    made = scenario.catalog.components["chair"]
    assert made.stock == 2
    operation = made.operations["make chair"]
    assert operation.work.fixed == 3_600_000
    assert operation.resources == ("bench (1)", "bench (2)")
    assert [(n.skill, n.people, n.during) for n in operation.crews] == [("joiner", 2, "run")]
    joiner = scenario.plant.crews["joiner"]
    assert (joiner.people, joiner.calendar, joiner.hourly_cost) == (3, "day shift", 2400)
    assert operation.pausing


def test_other_ways_are_alternatives(scenario: Scenario) -> None:
    leg = scenario.catalog.components["leg"].operations["make leg"]
    assert (leg.resources, leg.work.per_piece) == (("saw 1",), 360_000)
    assert [(a.resources, a.work.per_piece if a.work else 0) for a in leg.alternatives] == [
        (("bench (1)", "bench (2)"), 900_000)]


def test_purchases(scenario: Scenario) -> None:
    screw, board = scenario.catalog.components["screw"], scenario.catalog.components["board"]
    assert screw.stock == 1000
    assert screw.buy is not None
    assert (screw.buy.lead_time, screw.buy.price, screw.buy.expedite) == (86_400_000, 10, None)
    assert board.buy is not None
    assert (board.buy.lead_time, board.buy.price) == (3 * 86_400_000, 800)
    assert board.buy.expedite is not None
    assert (board.buy.expedite.lead_time, board.buy.expedite.price) == (86_400_000, 1200)


def test_setups(scenario: Scenario) -> None:
    cell = scenario.plant.cells["sprayer"]
    assert list(cell.all_configurations) == ["white", "black"]
    time, cost = changes(cell, scenario.axis)
    assert (time * scenario.axis.tick).tolist() == [[0, 1_200_000], [3_600_000, 0]]
    assert cost.tolist() == [[0, 500], [950, 0]]
    sprayer = next(r for r in scenario.resources if r.id == "sprayer")
    assert sprayer.configurations[sprayer.initial] == "white"
    assert (cell.hourly_cost, scenario.plant.cells["saw 1"].hourly_cost) == (2000, 3000)


def test_calendars(scenario: Scenario) -> None:
    saw = next(r for r in scenario.resources if r.id == "saw 1")
    opened = np.transpose(scenario.windows(saw, 6 * 24 * 60))
    # From Monday 06:00 in minutes; Wednesday is closed, so is the weekend.
    assert (opened * scenario.axis.tick // 60_000).tolist() == [
        [day * 1440, day * 1440 + 480] for day in (0, 1, 3, 4)]


def test_it_can_be_planned(scenario: Scenario) -> None:
    plan = build(scenario)
    assert set(plan.lots.item) >= {"", "leg", "top", "chair"}


def test_files_in_parts_and_packed(tmp_path: Path) -> None:
    folder = write(tmp_path, demand=None)
    head, *rows = TABLES["demand"].splitlines(keepends=True)
    (folder / "demand.part1.csv").write_text(head + rows[0])
    (folder / "demand.part2.csv.gz").write_bytes(gzip.compress((head + "".join(rows[1:])).replace(",", ";").encode()))
    (folder / "notes.txt").write_text("nothing")
    assert is_frepple(folder)
    assert load(folder).orders.id == ("D1", "D2", "D3")


def test_dependencies_between_steps(tmp_path: Path) -> None:
    operation = TABLES["operation"] + "sand table,time_per,,hall,3,,60,make table,,\n"
    depend = "operation,blockedby,hard safety leadtime\npaint table,cut table,00:30:00\nsand table,cut table,\n"
    file, _ = read_frepple(write(tmp_path, operation=operation, operationdependency=depend))
    made = file.catalog.families["table"].operations
    assert {name: o.after for name, o in made.items()} == {
        "cut table": (), "paint table": ("cut table",), "sand table": ("cut table",)}
    assert {name: link.minimum for name, link in made["paint table"].links.items()} == {"cut table": 1_800_000}
    assert made["sand table"].resources == ("unloaded at hall",)
    assert file.plant.cells["unloaded at hall"].kind == "subcontractor"


def test_lot_sizes_pool(tmp_path: Path) -> None:
    old = "make leg,time_per,leg,hall,1,,PT6M,,,"
    operation = TABLES["operation"].replace(old, f"{old}20")
    file, _ = read_frepple(write(tmp_path, operation=operation))
    pool = file.catalog.components["leg"].pool
    assert pool is not None
    assert (pool.minimum, pool.multiple, pool.within) == (20, 1, 0)


def test_routing_of_other_steps_is_a_sub_plan(tmp_path: Path) -> None:
    operation = TABLES["operation"] + "buy-in table,time_per,table,hall,2,,00:01:00,,2.00,\n"
    material = TABLES["operationmaterial"] + "".join(
        f"buy-in table,{item},{-pieces},start\n" for item, pieces in (("top", 1), ("screw", 8), ("leg", 4)))
    file, _ = read_frepple(write(tmp_path, operation=operation, operationmaterial=material))
    plan = file.catalog.families["table"].sub_plans["buy-in table"]
    assert plan.replaces == ("cut table", "paint table")
    assert list(plan.operations) == ["buy-in table"]


@pytest.mark.parametrize(("table", "old", "new", "message"), [
    ("demand", "D1,table,hall,North,3,", "D1,table,hall,North,2.5,", "demand.csv:2:21: 'quantity': 2.5 is not whole"),
    ("demand", "2026-03-06 12:00:00", "soon", "demand.csv:2:23: 'due': 'soon' is not a date"),
    ("demand", "D2,chair", "D2,stool", "item 'stool' is neither made nor bought nor in stock"),
    ("demand", "D3,table", "D1,table", "demand.csv:4:1: demand 'D1' stands twice"),
    ("demand", "D1,table,hall", "D1,table,yard", "demand.csv:2:10: item 'table' is at hall and at yard"),
    ("operation", "00:05:00", "5 minutes", "'durationper': '5 minutes' is not a duration"),
    ("operation", "make chair,fixed_time", "make chair,split", "an operation of type 'split' cannot be read"),
    ("operationmaterial", "make top,top,1", "make top,top,2", "operation 'make top' makes 2 of 'top' at once"),
    ("operationmaterial", "make top,board,-2,start", "make top,board,-2,transfer_batch",
     "material of type 'transfer_batch'"),
    ("operationmaterial", "make top,board,-2", "make top,board,-0.5", "-0.5 is not whole"),
    ("operationmaterial", "make top,board", "make top,table", "needs itself: table -> top -> table"),
    ("operationresource", "make top,saw 1", "make top,saw 9", "there is no resource 'saw 9'"),
    ("operationresource", "make top,saw 1", "make top,joiner",
     "'joiner' is the machine of one operation and helps another"),
    ("operationresource", "joiner,2,,joinery", "bench,2,,joinery", "nobody of 'bench' has skill 'joinery'"),
    ("resource", "bench,default", "bench,buckets", "a resource of type 'buckets' has capacity by time buckets"),
    ("resource", "day shift,30,saws,,,100", "night,30,saws,,,100", "there is no calendar 'night'"),
    ("setuprule", "paint,3,.*,.*", "paint,3,red,.*", "no rule of 'paint' allows going from 'black' to 'white'"),
    ("setuprule", "paint,3,.*", "paint,3,(", "is not a regular expression"),
    ("parameter", "2026-03-02 06:00:00", "now", "currentdate is 'now'"),
    ("itemsupplier", "priority\n", "priority,effective start\n", "this row has 5 cells, the header 6"),
    ("calendarbucket", "06:00:00", "06:00:30", "'06:00:30' is finer than a minute"),
])
def test_mistakes(tmp_path: Path, table: str, old: str, new: str, message: str) -> None:
    assert old in TABLES[table]
    with pytest.raises(InputError) as caught:
        read_frepple(write(tmp_path, **{table: TABLES[table].replace(old, new)}))
    assert message in str(caught.value)
    assert all(m.place.count(":") == 2 for m in caught.value.mistakes)


@pytest.mark.parametrize(("table", "text", "message"), [
    ("demand", TABLES["demand"].replace("maxlateness", "batch"),
     "demand.csv:3:38: 'batch' of the table 'demand' is not read"),
    ("purchaseorder", "reference,item\nP1,board\n", "purchaseorder.csv:2:1: the table 'purchaseorder' is not read"),
    ("parameter", None, "the folder does not say of which date it is"),
])
def test_what_is_not_read_is_refused(tmp_path: Path, table: str, text: str | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_frepple(write(tmp_path, **{table: text}))
    assert message in str(caught.value)


def test_what_nobody_can_make_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(write(tmp_path, itemsupplier="supplier,item,lead time\nTimber,board,1\n",
                   buffer="item,location,onhand\nscrew,hall,1\n"))
    assert "screw" in str(caught.value)
    assert all(m.place.startswith(str(tmp_path)) for m in caught.value.mistakes)


@pytest.mark.parametrize(("text", "millis"), [
    ("90", 90_000), ("1:30", 90_000), ("02:00:00", 7_200_000), ("1 02:00:00", 93_600_000), ("0.5", 500),
    ("PT1H30M", 5_400_000), ("P2D", 172_800_000), ("P1DT1S", 86_401_000), ("2 days, 0:00:01", 172_801_000)])
def test_durations(text: str, millis: int) -> None:
    assert duration(text) == millis


@pytest.mark.parametrize("text", ["", "P", "PT", "1 h", "-5", "1:2:3:4", "P1M"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration(text)


def test_the_last_second_is_the_full_minute() -> None:
    assert (minute("23:59:59"), minute("06:00"), minute("13:59:59")) == (1440, 360, 840)


def test_dates_without_time_are_midnight(scenario: Scenario) -> None:
    assert scenario.axis.to_datetime(int(scenario.orders.due[1])).replace(tzinfo=None) == datetime(2026, 3, 9)
