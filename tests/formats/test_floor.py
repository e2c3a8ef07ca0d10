"""floor.csv and `floor:`: what is read, and what is said of what cannot be read."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.domain.floor import FloorEntry
from scheduler.formats.floor_csv import read_floor_csv
from scheduler.formats.scenario_files import read_scenario
from scheduler.loading import load
from tests.diagnose.cases import GOOD

ROWS = """lot,operation,state,resource,start,end,remaining
L-1/foot,cast,finished,bench-1,2026-03-02 07:00,2026-03-02 07:12,
L-1,coat,started,booth-1,2026-03-02T08:00+01:00,,1 h 30 min

L-2,coat,pinned,,,,
"""


def test_rows() -> None:
    table = read_floor_csv(ROWS, "floor.csv")
    assert table.mistakes == []
    assert table.entries == [
        FloorEntry(lot="L-1/foot", operation="cast", state="finished", resource="bench-1",
                   start=datetime(2026, 3, 2, 7), end=datetime(2026, 3, 2, 7, 12)),
        FloorEntry(lot="L-1", operation="coat", state="started", resource="booth-1",
                   start=datetime(2026, 3, 2, 7, tzinfo=UTC), remaining="90 min"),
        FloorEntry(lot="L-2", operation="coat", state="pinned")]
    assert table.lines == [2, 3, 5]
    assert table.place(("floor", 2, "start")) == "floor.csv:5:18"


@pytest.mark.parametrize(("text", "said"), [
    ("", "floor.csv:1:1: there is no header line; start with lot,operation,state"),
    ("lot,operation\n", "floor.csv:1:1: the column 'state' is missing; the header needs 'lot', 'operation' and"),
    ("lot,operation,state,lot\n", "floor.csv:1:21: the column 'lot' stands twice"),
    ("lot,operation,state,resourse\n", "floor.csv:1:21: unknown column 'resourse'; did you mean 'resource'?"),
    ("lot,operation,state,weather\n", "floor.csv:1:21: unknown column 'weather'; columns are lot, operation"),
    ("lot,operation,state\n,a,finished\n", "floor.csv:2:1: 'lot' is empty; every row names a lot"),
    ("lot,operation,state\nA,a,finishd\n", "floor.csv:2:5: 'state' is 'finishd', which is not known here; did"),
    ("lot,operation,state,start\nA,a,pinned,8:30\n", "floor.csv:2:12: 'start': '8:30' is not a date; write"),
    ("lot,operation,state,end\nA,a,material,2026-03-02\n", "floor.csv:2:14: 'end': '2026-03-02' has no time of day"),
    ("lot,operation,state,mode\nA,a,pinned,-1\n", "floor.csv:2:12: 'mode' is '-1'; write at least 0"),
    ("lot;operation;state;remaining\nA;a;started;5\n", "floor.csv:2:13: 'remaining': '5' has no unit; write '5 min'"),
    ("lot,operation,state\nA,a,pinned,x\n", "floor.csv:2:12: this row has 4 cells, the header 3"),
])
def test_what_cannot_be_read(text: str, said: str) -> None:
    [mistake] = read_floor_csv(text, "floor.csv").mistakes
    assert str(mistake).startswith(said)


def test_a_folder_with_a_floor(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOOD, tmp_path / "lamps"))
    (folder / "floor.csv").write_text("lot,operation,state,start\nL-2,coat,pinned,2026-03-04 07:00\n", "utf-8")
    [entry] = load(folder).floor
    assert (entry.lot, entry.operation, entry.start) == ("L-2", "coat", datetime(2026, 3, 4, 7))
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("floor:\n  - {lot: L-2, operation: coat, state: pinned, start: 2026-03-04 07:00}\n")
    assert [str(m) for m in read_scenario(folder).mistakes] == [
        "floor.csv:1:1: what happened stands here and in scenario.yaml too; keep it in one place"]
    (folder / "floor.csv").unlink()
    assert load(folder).floor == (entry,)


def test_many_rows() -> None:
    lines = ["lot,operation,state,resource,start,end"]
    lines += [f"O{i},weld,finished,r{i % 20},2026-03-{1 + i % 28:02d} 07:{i % 60:02d},2026-03-{1 + i % 28:02d} 09:00"
              for i in range(20_000)]
    lines[9_000] = "O8999,weld,finished,r1,2026-02-30,2026-03-01"
    table = read_floor_csv("\n".join(lines), "floor.csv")
    assert len(table.entries) == 20_000
    assert [m.place for m in table.mistakes] == ["floor.csv:9001:24", "floor.csv:9001:35"]
