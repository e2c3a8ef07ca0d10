"""Raw lines and a folder of instances, hand-made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, read_bench

SHOP = "2 2\n0 3 1 2\n1 4 0 1\n"
"""Its best makespan is 6."""
GOOD = [[0, 0, 0, 0, 3, -1], [0, 1, 1, 4, 6, -1], [1, 0, 1, 0, 4, -1], [1, 1, 0, 4, 5, -1]]


def bench(folder: Path, **entry: Any) -> Bench:
    """One instance 'a' of a job shop with bounds 4 to 9, one 'b' of the same file, and a suite of both."""
    (folder / "shop.txt").write_text(SHOP, encoding="utf-8")
    same = {"set": "jsp_x", "file": "shop.txt", "operations": 4, "lb": 4, "ub": 9, "status": "open"}
    (folder / "index.json").write_text(json.dumps({"a": {**same, **entry}, "b": same}), encoding="utf-8")
    (folder / "suites.json").write_text(json.dumps({"both": ["a", "b"]}), encoding="utf-8")
    return read_bench(folder)


def line(instance: str, solver: str, objective: float | None, bound: float | None = None, **more: Any
         ) -> dict[str, Any]:
    """A raw line with a checked schedule where there is an objective; reference 100."""
    return {"suite": "s", "instance": instance, "solver": solver, "limit": 10.0, "workers": 2, "seed": 1,
            "set": "jsp_x", "operations": 4, "lb": 50, "ub": 100, "reference": 100, "known_status": "open",
            "sense": "min", "status": "not_found" if objective is None else "feasible", "objective": objective,
            "bound": bound, "check": "none" if objective is None else "ok", "note": "", "wall": 9.0, "megabytes": 1,
            "trace": [] if objective is None else [[1.0, objective * 2, bound], [5.0, objective, bound]],
            "code": "c0", "commit": "c0", "cores": 2, "machine": "m", "system": "s", "python": "3", "versions": {},
            "command": "python -m benchmarks run s", "when": "2026-01-01T00:00:00Z", "schedule": None, **more}
