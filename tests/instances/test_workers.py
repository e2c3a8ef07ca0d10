"""Flexible job shops with workers."""

import gzip
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.formats.instances import read_instance
from tests.instances.outside import WORKERS, operations, read_text, ways


@pytest.mark.parametrize("name", ["tiny.fjsw", "tiny.txt"])
def test_a_mode_for_each_machine_and_worker(tmp_path: Path, name: str) -> None:
    scenario = read_text(tmp_path, name, WORKERS)
    assert list(scenario.plant.crews) == ["0", "1", "2"]
    assert all(crew.people == 1 and crew.skills == {skill: 100} for skill, crew in scenario.plant.crews.items())
    first = operations(scenario, "0")
    assert ways(first["0"]) == [("0", 5, ("0",)), ("0", 7, ("1",))]
    assert ways(first["1"]) == [("0", 6, ("2",)), ("1", 9, ("0",)), ("1", 2, ("2",))]
    assert ways(operations(scenario, "1")["0"]) == [("1", 4, ("1",))]
    assert all(need.people == 1 and need.during == "run" for o in first.values() for need in o.crews)
    assert scenario.policy.levels == ("makespan",)


def test_packed_with_gzip(tmp_path: Path) -> None:
    path = tmp_path / "tiny.fjsw.gz"
    path.write_bytes(gzip.compress(WORKERS.encode()))
    scenario = read_instance(str(path))
    assert scenario.name == "tiny"
    assert len(scenario.plant.crews) == 3


@pytest.mark.parametrize(("old", "new", "message"), [
    ("1 1 2 1 2 4", "1 1 3 1 2 4", "3:5: machine 3, but the file has 2 machines; machines are counted"),
    ("1 1 2 1 2 4", "1 1 2 1 0 4", "3:9: worker 0, but the file has 3 workers"),
    ("1 1 2 1 2 4", "1 1 2 1 2 0", "3:11: operation 0 of job 1 has a duration of 0"),
    ("1 1 2 1 2 4", "1 1 2 0", "3:7: operation 0 of job 1 has no machine and worker"),
    ("1 1 2 1 2 4", "1 1 2 2 2 4", "3:12: the line ends where a worker of operation 0 of job 1 should stand"),
    ("1 1 2 1 2 4", "1 1 2 1 2 4 4", "3:13: 1 numbers too many"),
    ("1 1 2 1 2 4\n", "", "2:38: the file ends after 1 of 2 jobs"),
    ("1 1 2 1 2 4\n", "1 1 2 1 2 4\n1 1 2 1 2 4\n", "4:1: the file goes on after 2 jobs"),
])
def test_mistakes(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, "a.fjsw", WORKERS.replace(old, new))
    assert f"a.fjsw:{message}" in str(caught.value)
