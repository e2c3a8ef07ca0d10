"""Tiny outside instances mean what their problems say: the best of all schedules, by brute force over our rules."""

from copy import deepcopy
from pathlib import Path

import pytest

from scheduler.domain.scenario import Scenario
from scheduler.encoding.encode import encode
from scheduler.formats.instances.acceptance import value
from scheduler.planning.build import build
from tests.instances.outside import ACCEPTANCE, MODULES, PRINTING, WORKERS, read_json, read_text
from tests.instances.test_acceptance import best
from tests.rules.reference import brute_force


def optimum(scenario: Scenario, horizon: int) -> int:
    found = brute_force(encode(scenario, build(scenario), horizon), horizon)
    assert found is not None
    return found[0][0]


def test_acceptance(tmp_path: Path) -> None:
    scenario = read_text(tmp_path, "tiny.txt", ACCEPTANCE)
    assert value(scenario, optimum(scenario, 20)) == pytest.approx(best())


def test_a_setup_waits_for_the_release(tmp_path: Path) -> None:
    """One order, released at 5, setup 2, run 3, due 8: it ends at 10, not at 8."""
    rows = ["0,5,0", "0,3,0", "0,8,0", "0,20,0", "0,7,0", "0,1.5,0", "0,2,0", "0,0,0", "0,0,0"]
    scenario = read_text(tmp_path, "one.txt", "\n".join(rows))
    assert value(scenario, optimum(scenario, 12)) == pytest.approx(7 - 2 * 1.5)


def test_workers(tmp_path: Path) -> None:
    """Job 0: machine 0, worker 0 until 5, machine 1, worker 2 until 7; job 1: machine 1, worker 1 until 4."""
    assert optimum(read_text(tmp_path, "tiny.fjsw", WORKERS), 9) == 7


def test_one_worker_runs_one_operation_at_a_time(tmp_path: Path) -> None:
    """Two jobs on two machines, but one worker: 3 + 4."""
    assert optimum(read_text(tmp_path, "tiny.fjsw", "2 2 1\n1 1 1 1 1 3\n1 1 2 1 1 4\n"), 8) == 7


def test_printing_overlap(tmp_path: Path) -> None:
    """Operation 2 on resource 1: setup 8, from 8 to 17; 3 starts when ceil(0.55 x 9) = 5 are done, 13 to 21."""
    content = deepcopy(PRINTING)
    content["jobs"] = content["jobs"][:1]
    content["jobs"][0]["topology"] = content["jobs"][0]["topology"][1:]
    assert optimum(read_json(tmp_path, content), 24) == 21


def test_printing_ends_no_earlier_than_the_operation_before(tmp_path: Path) -> None:
    """Operation 3 takes 1 only: it may start at 13 but ends with operation 2, at 17."""
    content = deepcopy(PRINTING)
    content["jobs"] = content["jobs"][:1]
    content["jobs"][0]["topology"] = content["jobs"][0]["topology"][1:]
    content["jobs"][0]["topology"][1]["time"] = [1]
    assert optimum(read_json(tmp_path, content), 20) == 17


def test_printing_pauses(tmp_path: Path) -> None:
    """Setup 8, then 15 of work from 8 with a pause from 20 to 25: until 28."""
    content = deepcopy(PRINTING)
    content["jobs"] = content["jobs"][1:]
    content["jobs"][0]["topology"][0]["time"] = [15]
    assert optimum(read_json(tmp_path, content), 30) == 28


def test_modules_stay_where_they_are(tmp_path: Path) -> None:
    """R2 on M2 until 8; R1 on M1 from its release at 3 until 21, then on M2 until 31: 8 + 28 ticks of flow time."""
    assert optimum(read_json(tmp_path, MODULES), 34) == 36


def test_modules_are_exchanged_when_the_order_is_there(tmp_path: Path) -> None:
    """Only R1 and M1: from 3 to 21 with A, exchange 7 + 9 by a worker for both, with B until 48: 45 ticks."""
    content = deepcopy(MODULES)
    content["instance"]["orders"] = content["instance"]["orders"][:1]
    content["instance"]["machines"] = content["instance"]["machines"][:1]
    content["instance"]["workers"] = content["instance"]["workers"][:1]
    assert optimum(read_json(tmp_path, content), 50) == 45
