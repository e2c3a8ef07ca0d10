"""From file to validated, evaluated, written schedule by dispatching alone, in a process of its own each time."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.record import write

GENERATOR = Path(__file__).parents[1] / "scenarios" / "refrigerators" / "generate.py"


def run(results: Path, sizes: list[int], repeat: int) -> None:
    raw = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            subprocess.run([sys.executable, str(GENERATOR), "--orders", str(size), "--out", f"{folder}/{size}",
                            "--seed", "1"], check=True)
        for turn in range(repeat):
            for size in sizes:
                raw.append({"turn": turn, "orders": size, **measure(f"{folder}/{size}", f"{folder}/out{size}")})
                print(raw[-1], flush=True)
    seconds = {size: statistics.median(r["seconds"] for r in raw if r["orders"] == size) for size in sizes}
    rows = []
    for size in sizes:
        own = [r for r in raw if r["orders"] == size]
        rows.append((f"{size:,}", f"{own[0]['operations']:,}", f"{seconds[size]:.1f}",
                     f"{max(r['megabytes'] for r in own):,.0f}", f"{seconds[size] / seconds[sizes[0]]:.1f}"))
    write(results, "scale", ("orders", "operations", "median seconds", "most MB", "times the first"), rows, raw,
          "Each run is `scheduler solve FOLDER --engine dispatch --time-limit 1 --json` in a new process: reading, "
          "diagnosis, planning, dispatching, validation, evaluation, all files and the report.")


def measure(folder: str, out: str) -> dict[str, float]:
    opened = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen([sys.executable, "-m", "scheduler", "solve", folder, "--engine", "dispatch",
                                  "--time-limit", "1", "--json", "--out", out], stdout=said)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - opened
        assert status == 0
        said.seek(0)
        found = json.load(said)
    assert found["violations"] == []
    assert found["status"] in ("feasible", "optimal")
    kpis = json.loads((Path(out) / "kpis.json").read_text(encoding="utf-8"))["values"]
    return {"seconds": round(seconds, 2), "operations": kpis["operations"],
            "megabytes": round(usage.ru_maxrss / 1024, 1)}
