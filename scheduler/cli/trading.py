"""tradeoff."""

from __future__ import annotations

import json as jsonlib
import threading
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scheduler.cli.console import Progress, out_folder, process_seconds, stoppable
from scheduler.cli.exits import OF_STATUS
from scheduler.cli.solving import EXPLAINED
from scheduler.domain.quantities import CENTS, format_money
from scheduler.domain.scenario import Scenario
from scheduler.formats.writers import check_out_folder, write_all, write_bytes, write_frontier
from scheduler.loading import load
from scheduler.report.data import report_data
from scheduler.report.html import render
from scheduler.report.plot import frontier_png
from scheduler.usecases.explain import explain
from scheduler.usecases.solve import Options
from scheduler.usecases.tradeoff import UNITS, Point, Tradeoff
from scheduler.usecases.tradeoff import tradeoff as find_frontier


def tradeoff(path: str, out: Path | None, points: int, given: dict[str, Any], json: bool, quiet: bool) -> int:
    scenario = load(path)
    folder = out_folder(out, path, scenario)
    check_out_folder(folder)
    stop = threading.Event()
    with stoppable(stop), Progress(scenario, None, not json and not quiet) as progress:
        options = Options(**given, listen=progress.listen, tell=progress.tell, stop=stop)
        found = find_frontier(scenario, options, points)
    if not found.points:
        print(jsonlib.dumps({"status": "not_found", "points": []}) if json else
              f"no schedule found {'before it was stopped' if stop.is_set() else 'within the limit'}")
        return OF_STATUS["not_found"]
    write(folder, scenario, found)
    if json:
        print(jsonlib.dumps(as_json(scenario, found)))
    else:
        if stop.is_set():
            print("stopped: this is what was found until then")
        print_frontier(scenario, found, folder)
    return 0


def write(folder: Path, scenario: Scenario, found: Tradeoff) -> None:
    """tradeoff.csv, tradeoff.png, each point's files in points/<label>/, and the report of the recommended one."""
    for point in found.points:
        o = point.outcome
        assert o.schedule is not None
        assert o.costs is not None
        assert o.kpis is not None
        write_all(folder / "points" / point.label, scenario, o.schedule, o.costs, o.kpis)
    best = found.points[found.knee or 0].outcome
    assert best.schedule is not None
    assert best.costs is not None
    assert best.kpis is not None
    reasons = explain(scenario, best.schedule, limit=EXPLAINED, costs=best.costs)
    html = render(report_data(scenario, best.schedule, best.costs, best.kpis, reasons.explanations,
                              reasons.bottlenecks, (), found, reasons.unmet))
    write_all(folder, scenario, best.schedule, best.costs, best.kpis, html)
    write_frontier(folder, rows(scenario, found))
    write_bytes(folder / "tradeoff.png", frontier_png(scenario, found, f"{UNITS[found.measure]} [{_unit(scenario)}]"))


def rows(scenario: Scenario, found: Tradeoff) -> list[dict[str, object]]:
    """The frontier as a table; money in units of currency."""
    name = f"{found.measure}_{_unit(scenario).replace('-', '_')}"
    return [{"point": p.label, "production_cost": p.cost / CENTS, name: round(_speed(scenario, p), 4),
             "bound": None if p.bound is None else p.bound / CENTS, "gap": None if p.gap is None else round(p.gap, 6),
             "total_cost": p.money / CENTS, "on_time_share": p.on_time_share,
             "recommended": "yes" if i == found.knee else "no"} for i, p in enumerate(found.points)]


def as_json(scenario: Scenario, found: Tradeoff) -> dict[str, Any]:
    return {"status": "feasible", "measure": found.measure, "points": rows(scenario, found),
            "recommended": None if found.knee is None else found.points[found.knee].label,
            "sentences": list(found.sentences), "wall_seconds": round(process_seconds(), 3)}


def print_frontier(scenario: Scenario, found: Tradeoff, folder: Path) -> None:
    console = Console(highlight=False)
    table = Table("", "production cost", f"{UNITS[found.measure]} [{_unit(scenario)}]".replace("[", "(").
    replace("]", ")"),
                  "gap", "total cost", "on time")
    for i, p in enumerate(found.points):
        share = "-" if p.on_time_share is None else f"{p.on_time_share:.0%}"
        table.add_row(p.label + (" *" if i == found.knee else ""), format_money(p.cost, scenario.currency),
                      f"{_speed(scenario, p):,.2f}", "-" if p.gap is None else f"{p.gap:.1%}",
                      format_money(p.money, scenario.currency), share)
    console.print(table)
    if found.solved > len(found.points):
        console.print(f"{found.solved} schedules found; those not shown are both dearer and slower than one shown")
    if found.knee is not None:
        console.print(f"recommended: {found.points[found.knee].label} (*), the knee of the frontier")
    else:
        console.print("no point is recommended: that takes three at least")
    for sentence in found.sentences:
        console.print(f"  {sentence}", markup=False)
    reported = "recommended" if found.knee is not None else "cheapest"
    console.print(f"plot: {folder / 'tradeoff.png'}, table: {folder / 'tradeoff.csv'}, schedules: {folder / 'points'}, "
                  f"report of the {reported} one: {folder / 'report.html'}", soft_wrap=True)


def _unit(scenario: Scenario) -> str:
    return "ticks" if scenario.axis.integer else "days"


def _speed(scenario: Scenario, point: Point) -> float:
    return point.speed if scenario.axis.integer else point.speed / scenario.axis.ticks_per_day
