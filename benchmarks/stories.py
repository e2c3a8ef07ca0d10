"""Each story: how much cheaper than the best dispatching rule, and how far from the bound at most."""

from __future__ import annotations

from pathlib import Path

from benchmarks.record import write
from scheduler import Options, load, solve, validate

SCENARIOS = Path(__file__).parents[1] / "scenarios"
NAMES = ("refrigerators", "computers", "special_vehicles")


def run(results: Path, seconds: float, workers: int) -> None:
    rows, raw = [], []
    for name in NAMES:
        scenario = load(SCENARIOS / name)
        rule = solve(scenario, Options(engine="dispatch", time_limit=seconds))
        found = solve(scenario, Options(time_limit=seconds, workers=workers))
        assert rule.objective is not None
        assert found.objective is not None
        assert found.schedule is not None
        assert found.kpis is not None
        assert not validate(scenario, found.schedule)
        cheaper = 1 - found.objective / rule.objective
        rows.append((name, found.kpis.values["orders"], found.kpis.values["operations"], f"{rule.objective / 100:,.2f}",
                     f"{found.objective / 100:,.2f}", f"{cheaper:.1%}", f"{(found.bound or 0) / 100:,.2f}",
                     f"{found.gap:.1%}", found.status, f"{found.wall_seconds:.1f}"))
        raw.append({"scenario": name, "dispatch": rule.objective, "objective": found.objective, "bound": found.bound,
                    "bound_source": found.bound_source, "status": found.status, "wall_seconds": found.wall_seconds,
                    "trace": [(round(e.seconds, 2), e.objective, e.bound, e.source) for e in found.trace]})
    write(results, "stories", ("story", "orders", "operations", "best rule", "found", "cheaper", "bound", "gap",
                               "status", "seconds"), rows, raw,
          "All schedules validated. The best rule is the best of all dispatching rules and weights.")
