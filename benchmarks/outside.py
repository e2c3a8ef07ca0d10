"""Instances of other people's problems with workers, closed times, acceptance, modules and bills of material."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.record import write
from scheduler import Options, Outcome, load, solve, validate

SUITES = ("workers", "printing", "acceptance", "modules")
BILLS = ("bom_4_2_2_4_2_4", "bom_8_4_2_4_2_2", "bom_12_6_4_8_4_2")
MOST_ENUMERATED = 15
NOTE = (
    "Every schedule is judged by `validate` (column valid). Objectives are in the unit of the instance: makespan; "
    "minutes of flow time (modules); revenue less weighted tardiness, where more is better (acceptance). "
    "`reference` is the best value known: of the index (workers: several solvers and a genetic algorithm, 20 "
    "minutes each), of the file's own heuristic (modules), or found by enumeration of all sets and sequences "
    f"straight from the file (acceptance, up to {MOST_ENUMERATED} orders). `as published` says whether the paper "
    "on printing shops would allow the setups, or how many pause over closed time or end before their operation "
    "starts.")


def run(results: Path, folder: Path, seconds: float, workers: int, only: list[str]) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    suites = json.loads((folder / "suites.json").read_text(encoding="utf-8"))
    names = only or [*(name for suite in SUITES for name in suites[suite]), *BILLS]
    rows, raw = [], []
    for name in names:
        entry = index[name]
        scenario = load(f"{folder / 'index.json'}#{name}")
        found = solve(scenario, Options(time_limit=seconds, workers=workers))
        wrong = validate(scenario, found.schedule) if found.schedule is not None else []
        unit, shift = _unit(folder / entry["file"], entry, int(scenario.orders.price.sum()))
        value, bound = (None if v is None else round(shift + unit * v, 6) for v in (found.objective, found.bound))
        reference = _reference(folder / entry["file"], entry)
        gap = f"{(value / reference - 1) * (1 if unit > 0 else -1):.1%}" if value is not None and reference else "-"
        strict = _loose_setups(folder / entry["file"], found) if entry["set"] == "ops" else "-"
        valid = "-" if found.schedule is None else "yes" if not wrong else f"{len(wrong)} violations"
        rows.append((name, entry["set"], len(found.schedule) if found.schedule is not None else 0, _short(value),
                     _short(bound), found.status, _short(reference), gap, valid, strict, f"{found.wall_seconds:.1f}"))
        raw.append({"instance": name, "set": entry["set"], "objective": value, "bound": bound, "status": found.status,
                    "reference": reference, "violations": len(wrong), "loose_setups": strict,
                    "wall_seconds": found.wall_seconds,
                    "trace": [(round(e.seconds, 2), e.objective, e.bound, e.source) for e in found.trace]})
        print(*rows[-1], flush=True)
    write(results, "outside", ("instance", "set", "operations", "objective", "bound", "status", "reference", "worse by",
                               "valid", "as published", "seconds"), rows, raw, NOTE)


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:g}" if value == round(value) else f"{value:.4f}".rstrip("0")


def _unit(file: Path, entry: dict[str, Any], prices: int) -> tuple[float, float]:
    """(factor, addend) from our objective to the instance's."""
    if entry["set"] == "oas_cesaret":
        return -1e-4, prices / 1e4
    if entry["set"] == "rms_reconfig_assembly":
        return _json(file)["instance"]["time"]["resolution"], 0.0
    return 1.0, 0.0


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _reference(file: Path, entry: dict[str, Any]) -> float | None:
    if entry["set"] == "rms_reconfig_assembly":
        return float(_json(file)["metadata"]["heuristic_metrics"]["heuristic_flow_time"])
    if entry["set"] == "oas_cesaret" and entry["orders"] <= MOST_ENUMERATED:
        return best_acceptance(file)
    return entry.get("ub")


def best_acceptance(file: Path) -> float:
    """The highest revenue less weighted tardiness, over all sets and sequences: for each set and its last order the
    undominated pairs of (time, value)."""
    lines = file.read_text(encoding="utf-8").split()
    rows = [[float(cell) for cell in line.split(",")] for line in lines]
    release, run, due, last, revenue, weight, *setup = rows
    orders = range(1, len(release) - 1)
    best = 0.0
    layer: dict[tuple[int, int], list[tuple[float, float]]] = {(0, 0): [(0.0, 0.0)]}
    while layer:
        following: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        for (taken, before), states in layer.items():
            for i in orders:
                if taken >> i & 1:
                    continue
                for time, value in states:
                    end = max(time, release[i]) + setup[before][i] + run[i]
                    if end <= last[i]:
                        following[taken | 1 << i, i].append(
                            (end, value + revenue[i] - weight[i] * max(0.0, end - due[i])))
        layer = {key: _undominated(states) for key, states in following.items()}
        best = max([best, *(value for states in layer.values() for _, value in states)])
    return round(best, 6)


def _undominated(states: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those for which no other is as early and as good."""
    found: list[tuple[float, float]] = []
    for time, value in sorted(states, key=lambda s: (s[0], -s[1])):
        if not found or value > found[-1][1]:
            found.append((time, value))
    return found


def _loose_setups(file: Path, found: Outcome) -> str:
    """How many setups pause over closed time, or end before their operation starts."""
    if found.schedule is None:
        return "-"
    windows = {str(r["id"]): r["availability"] for r in _json(file)["resources"]}
    loose = 0
    for row in found.schedule.rows():
        if row.reconfiguration_end > row.reconfiguration_start:
            closed = list(zip(windows[row.resource][1:-1:2], windows[row.resource][2::2]))
            loose += row.reconfiguration_end < row.start or any(
                a < row.start and b > row.reconfiguration_start for a, b in closed)
    return f"{loose} setups" if loose else "yes"
