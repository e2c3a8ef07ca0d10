"""The rough programs in the folder of `--prototypes`, run as they are: `prototype` is the tabu search for flexible job
shops (one thread), `prototype:bound` the bound from one linear program.

The search compiles for some seconds first and counts its limit from behind that; the time of its incumbents is its
own. Its whole wall time is therefore longer than the limit, and recorded as what it printed.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.solvers.talk import CannotExpressError, Task, serve, shop_of

PROGRAMS = {"": "fjsp_tabu.py", "bound": "fjsp_bound.py"}
IMPROVED = re.compile(r"^\s*([\d.]+) s\s+(\d+)\s*$")
REACHED = re.compile(r"^makespan (\d+)", re.MULTILINE)
BOUND = re.compile(r"^bound (\d+)", re.MULTILINE)


def program(task: Task) -> Path:
    if task.engine not in PROGRAMS:
        raise CannotExpressError(f"there is no prototype '{task.engine}'; 'prototype' or 'prototype:bound'")
    found = Path(task.prototypes) / PROGRAMS[task.engine]
    if not task.prototypes or not found.is_file():
        raise CannotExpressError(f"there is no {found.name} in the folder of --prototypes")
    return found


def run(task: Task) -> None:
    file = Path(task.instance.rpartition("#")[0]).parent / task.entry["file"]
    shop = shop_of(task) if file.suffix == ".fjs" else None
    if shop is None or shop.setups is not None or shop.due is not None:
        raise CannotExpressError("it reads plain flexible job shops only")
    called = [sys.executable, str(program(task)), str(file)]
    if task.engine == "bound":
        said = subprocess.run(called, capture_output=True, text=True, check=True).stdout
        task.end("not_found", None, float(BOUND.findall(said)[-1]), [])
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "schedule.csv"
        with subprocess.Popen([*called, f"{task.limit:g}", str(task.seed), str(out)], stdout=subprocess.PIPE,
                              text=True) as process:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if match := IMPROVED.match(line):
                    task.found(float(match[2]), None, float(match[1]))
        if process.returncode:
            raise RuntimeError(f"{called[1]} ended with {process.returncode}")
        with out.open(encoding="utf-8", newline="") as lines:
            rows = [(int(r["order"]), int(r["operation"]), int(r["resource"]), int(r["start"]), int(r["end"]), -1)
                    for r in csv.DictReader(lines)]
    task.end("feasible", float(REACHED.findall(said)[-1]), None, rows)


def warm(_: Task) -> None:
    """Nothing: the program compiles by itself, and counts from behind that."""


if __name__ == "__main__":
    serve(("ortools", "numba", "numpy"), warm, run)
