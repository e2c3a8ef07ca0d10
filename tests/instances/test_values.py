"""What the readers take out of public files, compared with the files by eye."""

from pathlib import Path

import numpy as np
import pytest

from scheduler.domain.catalog import Operation
from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario, changes
from scheduler.formats.instances import read_instance

DATA = Path(__file__).parent.parent / "data" / "instances"


def read(name: str) -> Scenario:
    return read_instance(str(DATA / name))


def operations(scenario: Scenario, job: int) -> dict[str, Operation]:
    routing = scenario.orders.variants[scenario.orders.variant[job]].routing
    assert routing is not None
    return routing.operations


def ways(operation: Operation) -> list[tuple[str, int]]:
    """(resource, duration) of each mode."""
    found = []
    for mode in (operation, *operation.alternatives):
        assert mode.resources is not None
        assert mode.work is not None
        assert len(mode.resources) == 1
        found.append((mode.resources[0], mode.work.fixed))
    return found


def all_ways(scenario: Scenario) -> list[list[list[tuple[str, int]]]]:
    return [[ways(step) for step in operations(scenario, j).values()] for j in range(len(scenario.orders))]


def test_flexible_job_shop() -> None:
    scenario = read("mk01.fjs")
    assert scenario.name == "mk01"
    assert scenario.orders.id == tuple(str(j) for j in range(10))
    assert [r.id for r in scenario.resources] == ["0", "1", "2", "3", "4", "5"]
    assert list(scenario.plant.cells) == ["0", "1", "2", "3", "4", "5"]
    assert sum(len(operations(scenario, j)) for j in range(10)) == 55
    first = operations(scenario, 0)
    assert list(first) == ["0", "1", "2", "3", "4", "5"]
    assert ways(first["0"]) == [("0", 5), ("2", 4)]
    assert ways(first["1"]) == [("4", 3), ("2", 5), ("1", 1)]
    assert ways(first["2"]) == [("2", 4), ("5", 2)]
    assert ways(first["5"]) == [("5", 6), ("2", 6), ("3", 3)]
    assert first["1"].after is None
    assert scenario.axis.integer
    assert scenario.axis.tick == 1
    assert scenario.policy.levels == ("makespan",)
    assert (scenario.orders.due == NEVER).all()
    assert all(resource.initial == -1 and resource.calendar is None for resource in scenario.resources)


def test_the_base_is_recognised(tmp_path: Path) -> None:
    rows = [[int(n) for n in line.split()] for line in (DATA / "mk01.fjs").read_text().splitlines()]
    for row in rows[1:]:
        at = 1
        for _ in range(row[0]):
            for k in range(row[at]):
                row[at + 1 + 2 * k] += 1
            at += 1 + 2 * row[at]
    shifted = tmp_path / "mk01.fjs"
    shifted.write_text("\n".join(" ".join(map(str, row)) for row in rows))
    assert all_ways(read_instance(str(shifted))) == all_ways(read("mk01.fjs"))


def test_an_open_base_is_zero_without_setups(tmp_path: Path) -> None:
    path = tmp_path / "a.fjs"
    path.write_text("1 3\n1 1 1 5\n")
    assert all_ways(read_instance(str(path))) == [[[("1", 5)]]]


@pytest.mark.parametrize("content", ["2 2\n0 3 1 4\n1 5 0 0\n", "2 2\n1 3 2 4\n2 5 1 0\n",
                                     "# own\n2\t2 \n\n0 3 1 4\n1 5 0 0"])
def test_job_shop_with_a_zero_duration(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(content)
    assert all_ways(read_instance(str(path))) == [[[("0", 3)], [("1", 4)]], [[("1", 5)], [("0", 0)]]]


def test_job_shop() -> None:
    scenario = read("la01.txt")
    assert len(scenario.orders) == 10
    assert len(scenario.resources) == 5
    assert all_ways(scenario)[0] == [[("1", 21)], [("0", 53)], [("4", 95)], [("3", 55)], [("2", 34)]]
    assert all_ways(scenario)[8] == [[("3", 17)], [("1", 49)], [("4", 25)], [("0", 44)], [("2", 98)]]


def test_operation_setups() -> None:
    scenario = read("Fattahi_setup_02.fjs")
    assert all_ways(scenario) == all_ways(read("fattahi2.fjs"))
    one, two = scenario.plant.cells["0"], scenario.plant.cells["1"]
    assert list(one.all_configurations) == ["0", "1", "2"]
    assert list(two.all_configurations) == ["1", "2", "3"]
    time, cost = changes(one, scenario.axis)
    assert time.tolist() == [[0, 5, 5], [5, 0, 3], [5, 4, 0]]
    assert not cost.any()
    assert changes(two, scenario.axis)[0].tolist() == [[0, 3, 5], [5, 0, 5], [4, 4, 0]]
    assert operations(scenario, 1)["0"].needs == {"operation": "2"}
    assert one.all_configurations["2"].attributes == {"operation": "2"}
    assert [r.initial for r in scenario.resources] == [-1, -1]


def test_job_setups() -> None:
    scenario = read("own_job_setups.fjs")
    assert all_ways(scenario) == [[[("0", 5)], [("0", 6), ("1", 4)]], [[("1", 3), ("2", 7)]]]
    assert [list(cell.all_configurations) for cell in scenario.plant.cells.values()] == [["0"], ["0", "1"], ["1"]]
    assert changes(scenario.plant.cells["1"], scenario.axis)[0].tolist() == [[0, 8], [9, 0]]
    assert [step.needs for step in operations(scenario, 0).values()] == [{"job": "0"}, {"job": "0"}]


def test_assembly_dag() -> None:
    scenario = read("DAFJS02.txt")
    assert len(scenario.orders) == 4
    assert [list(map(int, operations(scenario, j))) for j in range(4)] == [
        list(range(0, 7)), list(range(7, 14)), list(range(14, 19)), list(range(19, 25))]
    assert operations(scenario, 0)["6"].after == ("1", "3", "5")
    assert operations(scenario, 0)["2"].after == ()
    assert operations(scenario, 2)["18"].after == ("15", "16", "17")
    assert ways(operations(scenario, 0)["0"]) == [("2", 37), ("4", 97), ("3", 46)]
    assert ways(operations(scenario, 3)["24"]) == [("2", 80), ("4", 92), ("1", 96)]


def test_jobs_of_a_dag_are_numbered_by_their_smallest_operation(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("5 3 1\n4 0\n3 1\n3 1\n1 0 5\n1 0 5\n1 0 5\n1 0 5\n1 0 5\n")
    scenario = read_instance(str(path))
    assert [list(operations(scenario, j)) for j in range(3)] == [["0", "4"], ["1", "3"], ["2"]]
    assert operations(scenario, 0)["0"].after == ("4",)
    assert operations(scenario, 1)["1"].after == ("3",)


def test_weighted_tardiness() -> None:
    scenario = read("index.json#abz5_f1.3")
    assert scenario.name == "abz5_f1.3"
    assert scenario.policy.levels == ("weighted_tardiness",)
    assert scenario.orders.priority.tolist() == [4, 4, 2, 2, 2, 2, 2, 2, 1, 1]
    assert scenario.orders.due.tolist() == [1116, 984, 956, 939, 1060, 998, 1051, 1027, 1054, 915]
    assert scenario.orders.due.dtype == np.int64
    assert all_ways(scenario) == all_ways(read("abz5.txt"))


def test_only_the_first_jobs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("3 1\n0 3\n0 4\n0 5\n")
    (tmp_path / "index.json").write_text('{"a": {"file": "a.txt", "use_first_jobs": 2, "due_dates": [3, 7]}}')
    scenario = read_instance(f"{tmp_path}/index.json#a")
    assert all_ways(scenario) == [[[("0", 3)]], [[("0", 4)]]]
    assert scenario.orders.priority.tolist() == [1, 1]
    assert scenario.orders.due.tolist() == [3, 7]


def test_the_file_is_trusted_more_than_the_index() -> None:
    assert all_ways(read("index.json#wrong_about_its_file")) == all_ways(read("la01.txt"))


@pytest.mark.parametrize(("name", "other"), [("mk01.fjs", "mk01.txt"), ("la01.txt", "la01.fjs"),
                                             ("DAFJS02.txt", "DAFJS02.fjs"), ("Fattahi_setup_02.fjs", "setup")])
def test_the_content_decides_not_the_ending(tmp_path: Path, name: str, other: str) -> None:
    renamed = tmp_path / other
    renamed.write_bytes((DATA / name).read_bytes())
    assert all_ways(read_instance(str(renamed))) == all_ways(read(name))
