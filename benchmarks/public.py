"""Public instances: objective, bound and proof beside the best known values. Every schedule is validated."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.record import write
from scheduler import Options, load, solve, validate

NAMES = ("mk01", "mk05", "mk13", "la01", "ta07", "ft20", "la09_edata", "orb7_rdata", "abz7_vdata", "fattahi10",
         "fattahi20", "kacem2", "dpp01a", "behnke25", "bv44", "fattahi_setup_02", "fattahi_setup_11",
         "sdst_BrandimarteMk1", "dafjs05", "dafjs17", "la18_f1.6", "orb06_f1.3")


def run(results: Path, folder: Path, seconds: float, workers: int) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    rows, raw = [], []
    for name in NAMES:
        entry = index[name]
        scenario = load(f"{folder / 'index.json'}#{name}")
        found = solve(scenario, Options(time_limit=seconds, workers=workers))
        assert found.schedule is not None, name
        wrong = validate(scenario, found.schedule)
        best = entry.get("recalled_optimum") or entry.get("ub")
        above = f"{found.objective / best - 1:.1%}" if best and found.objective is not None else "-"
        rows.append((name, entry["set"], len(found.schedule), found.objective, f"{found.bound:g}", found.status,
                     best or "-", above, "yes" if not wrong else f"{len(wrong)} violations",
                     f"{found.wall_seconds:.1f}"))
        raw.append({"instance": name, "set": entry["set"], "objective": found.objective, "bound": found.bound,
                    "status": found.status, "best_known": best, "violations": len(wrong),
                    "wall_seconds": found.wall_seconds,
                    "trace": [(round(e.seconds, 2), e.objective, e.bound, e.source) for e in found.trace]})
        print(*rows[-1], flush=True)
    write(results, "public", ("instance", "set", "operations", "objective", "bound", "status", "best known", "above",
                              "valid", "seconds"), rows, raw)
