"""Order acceptance with setups on one machine."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from benchmarks.outside import best_acceptance
from scheduler.domain.scenario import changes
from scheduler.errors import InputError
from scheduler.formats.instances.acceptance import UNIT, value
from tests.instances.outside import ACCEPTANCE, operations, read_text, ways

RELEASE, RUN, DUE, LAST = (0, 3, 0, 7), (0, 4, 5, 2), (0, 12, 9, 10), (0, 15, 14, 20)
REVENUE, WEIGHT = (0, 9, 6, 3.5), (0, 3, 1.2, 0.3333)
SETUP = ((0, 2, 1, 4), (0, 0, 3, 2), (0, 5, 0, 1), (0, 2, 6, 0))


def test_values(tmp_path: Path) -> None:
    scenario = read_text(tmp_path, "tiny.txt", ACCEPTANCE)
    orders = scenario.orders
    assert orders.id == ("1", "2", "3")
    assert orders.release.tolist() == [3, 0, 7]
    assert orders.due.tolist() == [12, 9, 10]
    assert orders.deadline.tolist() == [15, 14, 20]
    assert orders.price.tolist() == [90_000, 60_000, 35_000]
    assert orders.late_rate.tolist() == [30_000_000_000, 12_000_000_000, 3_333_000_000]
    assert orders.may_refuse.all()
    assert scenario.policy.refuse_orders
    assert scenario.policy.levels == ("money",)
    assert [ways(operations(scenario, i)["run"])[0][1] for i in orders.id] == [4, 5, 2]
    cell = scenario.plant.cells["machine"]
    assert list(cell.all_configurations) == ["0", "1", "2", "3"]
    assert changes(cell, scenario.axis)[0].tolist() == [list(row) for row in SETUP]
    assert scenario.resources[0].initial == 0


def test_the_setup_waits_for_the_release(tmp_path: Path) -> None:
    scenario = read_text(tmp_path, "tiny.txt", ACCEPTANCE)
    assert set(scenario.plant.fixtures) == {"1", "3"}
    change, = scenario.plant.fixtures["3"].changes
    assert (scenario.axis.to_ticks(change.start), scenario.axis.to_ticks(change.end), change.number) == (0, 7, 0)
    need, = operations(scenario, "3")["run"].fixtures
    assert (need.fixture, need.during) == ("3", "reconfiguration")
    assert operations(scenario, "2")["run"].fixtures == ()


def best() -> float:
    """The highest value, by trying every sequence of every set of orders."""
    found = 0.0
    for n in range(1, 4):
        for sequence in permutations((1, 2, 3), n):
            time, before, total = 0, 0, 0.0
            for i in sequence:
                time = max(time, RELEASE[i]) + SETUP[before][i] + RUN[i]
                if time > LAST[i]:
                    break
                total += REVENUE[i] - WEIGHT[i] * max(0, time - DUE[i])
                before = i
            else:
                found = max(found, total)
    return found


def test_the_objective_maps_back(tmp_path: Path) -> None:
    scenario = read_text(tmp_path, "tiny.txt", ACCEPTANCE)
    assert value(scenario, int(scenario.orders.price.sum())) == 0
    assert value(scenario, 0) == 18.5
    assert value(scenario, 3333) == pytest.approx(18.5 - 0.3333)
    assert UNIT == 10_000
    # 1 from 3 to 9 (setup 2), then 3 from 9 to 13 (setup 2): 1 in time, 3 late by 3; 2 is refused.
    assert best() == pytest.approx(9 + 3.5 - 3 * 0.3333)


@pytest.mark.parametrize(("row", "new", "message"), [
    (1, "0,4,x,2,0", "2:5: 'x' is not a number"),
    (0, "0,3,0.5,7,0", "1:5: 0.5 has more than 0 decimals"),
    (2, "0,12,9,10", "3:10: 4 numbers in the row of the due date; write 5"),
    (5, "0,-1,1,1,0", "6:3: '-1' is not a number"),
    (7, "0,0,3,2", "8:8: 4 setup times in this row; write 5"),
    (10, "", "10:10: 4 rows of setup times; 5, one for each column"),
    (10, "0,0,0,0,0\n0,0,0,0,0", "12:10: 6 rows of setup times"),
])
def test_mistakes(tmp_path: Path, row: int, new: str, message: str) -> None:
    rows = ACCEPTANCE.splitlines()
    rows[row] = new
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, "a.txt", "\n".join(r for r in rows if r) + "\n")
    assert f"a.txt:{message}" in str(caught.value)


def test_dtype(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "tiny.txt", ACCEPTANCE).orders
    assert all(column.dtype == np.int64 for column in (orders.release, orders.late_rate, orders.price))


def test_the_benchmark_enumerates_the_same(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(ACCEPTANCE)
    assert best_acceptance(path) == pytest.approx(best())
