"""The object that --json prints."""

import json

import numpy as np

from scheduler.domain.results import Violation
from scheduler.formats.summary import summary
from tests.formats_out import sample


def test_all_known() -> None:
    found = summary("feasible", np.int64(1749), 1700.5, 0.0277, 910, sample.costs(), 1.23456,
                    [Violation("overlap", "two at once", "A1", "paint", "booth1", 510), Violation("lot", "missing")],
                    sample.scenario().axis)
    assert json.loads(json.dumps(found)) == {
        "status": "feasible", "objective": 1749, "bound": 1700.5, "gap": 0.0277, "makespan": 910,
        "costs": {"processing": 1.5, "material": 2.6, "reconfiguration": 1.0, "lateness": 12.34, "holding": 0.05,
                  "overtime": 0.0, "subcontracting": 0.0, "refusal": 0.0, "moving": 0.0, "total": 17.49},
        "wall_seconds": 1.235, "violations": [
            {"rule": "overlap", "message": "two at once", "order": "A1", "operation": "paint", "resource": "booth1",
             "time": "2024-01-01T08:30+00:00"},
            {"rule": "lot", "message": "missing", "order": "", "operation": "", "resource": "", "time": None}]}


def test_nothing_known() -> None:
    assert summary("not_found", None, float("-inf"), None, None, None, 2) == {
        "status": "not_found", "objective": None, "bound": None, "gap": None, "makespan": None, "costs": None,
        "wall_seconds": 2.0, "violations": []}


def test_a_whole_bound_is_written_as_one() -> None:
    assert json.dumps(summary("optimal", 40, 40.0, 0.0, 40, None, 0)["bound"]) == "40"
