"""solve and expected."""

from __future__ import annotations

import json as jsonlib
import sys
import threading
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scheduler.cli.console import Progress, counted, out_folder, process_seconds, stoppable, value_text
from scheduler.cli.exits import INTERRUPTED, OF_STATUS, VIOLATIONS
from scheduler.domain.credit import credits_of
from scheduler.domain.quantities import format_money
from scheduler.domain.scenario import Scenario
from scheduler.formats.expected import accept as accept_results
from scheduler.formats.expected import check_expected, read_expected
from scheduler.formats.summary import summary
from scheduler.formats.writers import check_out_folder, write_all
from scheduler.loading import load
from scheduler.report.data import report_data
from scheduler.report.html import render
from scheduler.usecases.explain import Reasons
from scheduler.usecases.explain import explain as explain_orders
from scheduler.usecases.solve import Options, Outcome
from scheduler.usecases.solve import solve as solve_scenario

EXPLAINED = 300
"""Late orders explained in the report at most, costliest first."""


def find(scenario: Scenario, given: dict[str, Any], show: bool) -> Outcome:
    """Solves with the progress display; Ctrl-C ends the search, not the program."""
    stop = threading.Event()
    seconds = given.get("time_limit") or scenario.policy.time_limit / 1000
    with stoppable(stop), Progress(scenario, seconds, show) as progress:
        options = Options(**given, listen=progress.listen, tell=progress.tell, stop=stop)
        return solve_scenario(scenario, options)


def solve(path: str, out: Path | None, given: dict[str, Any], json: bool, quiet: bool) -> int:
    scenario = load(path)
    folder = out_folder(out, path, scenario)
    check_out_folder(folder)
    found = find(scenario, given, not json and not quiet)
    reasons = write(folder, found) if found.schedule is not None else None
    if json:
        print(jsonlib.dumps({**as_json(found), "out": str(folder) if reasons is not None else None}))
    elif reasons is None:
        print_failure(found)
    else:
        print_result(found, reasons, folder)
    return OF_STATUS[found.status]


def write(folder: Path, found: Outcome) -> Reasons:
    """Writes all files of a schedule, report included."""
    scenario, schedule, costs, kpis = found.scenario, found.schedule, found.costs, found.kpis
    assert schedule is not None
    assert costs is not None
    assert kpis is not None
    reasons = explain_orders(scenario, schedule, limit=EXPLAINED, costs=costs)
    html = render(report_data(scenario, schedule, costs, kpis, reasons.explanations, reasons.bottlenecks, (),
                              unmet=reasons.unmet))
    write_all(folder, scenario, schedule, costs, kpis, html)
    return reasons


def as_json(found: Outcome) -> dict[str, Any]:
    makespan = int(found.schedule.end.max(initial=0)) if found.schedule is not None else None
    result = summary(found.status, found.objective, found.bound, found.gap, makespan, found.costs, process_seconds(),
                     found.violations, found.scenario.axis)
    if found.stopped:
        result["stopped"] = True
    if found.failures:
        result["failures"] = list(found.failures)
    if found.conflict:
        result["conflict"] = list(found.conflict)
    if found.missed:
        result["missed_deadlines"] = list(found.missed)
    return result


def print_failure(found: Outcome) -> None:
    """Says on standard error why there is no schedule."""
    console = Console(stderr=True, highlight=False)
    if found.status == "infeasible":
        console.print("[bold]No schedule exists[/bold] (proven). These together make it so:" if found.conflict else
                      "[bold]No schedule exists[/bold] (proven), even without deadlines and budgets.")
    else:
        when = "before it was stopped" if found.stopped else "within the limit"
        console.print(f"[bold]No schedule found[/bold] {when}; that does not mean there is none. "
                      "Give more time with --time-limit.")
        if found.missed:
            console.print("The best one tried would break these hard deadlines:")
    for line in (*found.conflict, *found.missed, *(f"warning: {text}" for text in found.failures)):
        console.print(f"  {line}", markup=False, soft_wrap=True)


def print_result(found: Outcome, reasons: Reasons, folder: Path) -> None:
    scenario, costs, kpis = found.scenario, found.costs, found.kpis
    assert costs is not None
    assert kpis is not None
    console = Console(highlight=False)
    measure = scenario.policy.levels[0]
    proof = "proven" if found.status == "optimal" else \
        f"at most {found.gap:.1%} could still be saved" if found.gap is not None else "no bound known"
    stopped = f", stopped after {found.wall_seconds:.1f} s" if found.stopped else ""
    console.print(f"[bold]{scenario.name}[/bold]: {found.status}{stopped}, {proof}")
    table = Table.grid(padding=(0, 2))
    values = kpis.values
    table.add_row("objective", f"{value_text(scenario, measure, found.objective)} ({measure})")
    table.add_row("bound", f"{value_text(scenario, measure, found.bound)} ({found.bound_source})"
                  if found.bound is not None else "none (this engine looks for schedules only)")
    table.add_row("makespan", value_text(scenario, "makespan", values["makespan"]))
    if values["on_time_share"] is not None:
        table.add_row("on time", f"{values['on_time_share']:.0%} of {values['orders_with_due']} orders, "
                                 f"{values['late_orders']} late")
    table.add_row("reconfigurations", f"{values['reconfigurations']}")
    for name, text in _shop_rows(scenario, values, found.schedule.refused if found.schedule else ()):
        table.add_row(name, text)
    if costs.total:
        parts = ", ".join(f"{name} {format_money(cents)}" for name, cents in values["cost_terms"].items() if cents)
        table.add_row("cost", f"{format_money(costs.total, scenario.currency)}: {parts}")
    console.print(table)
    print_credits(found, console)
    if reasons.explanations:
        console.print("[bold]late[/bold]")
        for e in reasons.explanations[:5]:
            console.print(f"  {e.summary}", markup=False)
        more = values["late_orders"] - 5
        if more > 0:
            console.print(f"  and {more} more: scheduler explain, or the report")
    console.print(f"report: {folder / 'report.html'}", soft_wrap=True)
    console.print(f"{process_seconds():.1f} s in all; also in {folder}: schedule.json, schedule.csv, kpis.json, "
                  "deliveries.csv, dispatch/", soft_wrap=True)


def print_credits(found: Outcome, console: Console) -> None:
    """Who found what when, and what failed on the way."""
    trace = [(e.seconds, e.objective, e.bound, e.source) for e in found.trace]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("found by", "schedules", "first", "last", "gain", "bound"):
        table.add_column(name, justify="left" if name == "found by" else "right", no_wrap=name != "found by")
    for c in credits_of(trace):
        table.add_row(c.source, str(c.schedules or ""), _seconds(c.first), _seconds(c.last),
                      "" if c.share is None else f"{c.share:.0%}",
                      "" if c.bound is None else value_text(found.scenario, found.scenario.policy.levels[0], c.bound))
    console.print(table)
    for text in found.failures:
        console.print(f"[bold]warning[/bold]: {escape(text)}; the schedule is sound, but may be worse for it",
                      soft_wrap=True)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"


def _shop_rows(scenario: Scenario, values: dict[str, Any], refused: tuple[int, ...]) -> list[tuple[str, str]]:
    """Figures that only a shop with more than machines has, where there is something to say."""
    rows = []
    if values.get("refused_orders"):
        price = format_money(values["refused_price"], scenario.currency)
        names = ", ".join(scenario.orders.id[j] for j in refused[:6]) + (" ..." if len(refused) > 6 else "")
        rows.append(("refused", f"{counted(values['refused_orders'], 'order')} worth {price}: {names}"))
    if values.get("overtime", {}).get("opened"):
        price = format_money(values["overtime"]["cost"], scenario.currency)
        rows.append(("overtime", f"{counted(values['overtime']['opened'], 'window')} for {price}"))
    if values.get("batches", {}).get("number"):
        batches = values["batches"]
        rows.append(("batches", f"{batches['number']} with {counted(batches['operations'], 'operation')}, "
                                f"{batches['fill_mean']:.0%} full in the mean"))
    if busiest := max(((c["utilisation"] or 0, name) for name, c in values.get("crews", {}).items()), default=None):
        rows.append(("crews", f"{busiest[1]} at work {busiest[0]:.0%} of their time, the most of all crews"))
    if values.get("moved_operations"):
        rows.append(("moved", counted(values['moved_operations'], 'announced operation')))
    return rows


def expected(path: Path, accept: bool, given: dict[str, Any], quiet: bool) -> int:
    """Solves, then stores the results or compares them with the stored ones."""
    scenario = load(path)
    folder = path if path.is_dir() else path.parent
    found = find(scenario, given, not quiet)
    if found.stopped:
        print("stopped: nothing was compared or stored", file=sys.stderr)
        return INTERRUPTED
    values = results(found)
    if accept:
        accept_results(folder / "expected.json", values, exact=("status", "orders", "operations"))
        print(f"stored {len(values)} results in {folder / 'expected.json'}")
        return 0
    missed = check_expected(values, read_expected(folder / "expected.json"))
    for line in missed:
        print(line, file=sys.stderr)
    print(f"{len(missed)} results differ" if missed else "all results as expected")
    return VIOLATIONS if missed else 0


def results(found: Outcome) -> dict[str, Any]:
    """What expected.json holds: the figures a change of the software should not move."""
    values = found.kpis.values if found.kpis else {}
    names = ("orders", "operations", "on_time_share", "late_orders", "reconfigurations", "cost_total", "makespan")
    return {"status": found.status, **{name: values.get(name) for name in names},
            "bound": int(found.bound) if found.bound is not None else None}
