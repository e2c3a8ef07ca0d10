"""validate, explain and compare: commands that read schedules."""

from __future__ import annotations

import json as jsonlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scheduler.cli.console import schedule_file
from scheduler.cli.exits import VIOLATIONS
from scheduler.domain.results import KPIs
from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.formats.schedule_json import read_schedule
from scheduler.formats.structure import near
from scheduler.loading import load
from scheduler.usecases.compare import Comparison
from scheduler.usecases.compare import compare as compare_schedules
from scheduler.usecases.explain import explain as explain_orders
from scheduler.usecases.validate import validate as judge

SHOWN = 50


def validate(scenario_path: str, schedule_path: Path, json: bool) -> int:
    scenario = load(scenario_path)
    violations = judge(scenario, read_schedule(schedule_file(schedule_path)))
    if json:
        rows = [{**asdict(v), "time": None if v.time is None else scenario.axis.text(v.time)} for v in violations]
        print(jsonlib.dumps({"valid": not violations, "violations": rows}))
        return VIOLATIONS if violations else 0
    for v in violations[:SHOWN]:
        print(f"{v.rule}: {v.message}")
    if len(violations) > SHOWN:
        print(f"and {len(violations) - SHOWN} more (--json lists all)")
    print(f"{len(violations)} violations" if violations else "valid: no rule is broken")
    return VIOLATIONS if violations else 0


def explain(scenario_path: str, schedule_path: Path, order: str | None, json: bool) -> int:
    scenario = load(scenario_path)
    schedule = read_schedule(schedule_file(schedule_path))
    wanted = None if order is None else [_order(scenario, order)]
    reasons = explain_orders(scenario, schedule, wanted)
    if json:
        print(jsonlib.dumps({"orders": [asdict(e) for e in reasons.explanations],
                             "bottlenecks": [asdict(b) for b in reasons.bottlenecks]}))
        return 0
    console = Console(highlight=False, markup=False)
    if not reasons.explanations:
        console.print("no order is late")
    for e in reasons.explanations:
        console.print(f"{e.order}: delivered {scenario.axis.text(e.delivery)}. {e.summary}", soft_wrap=True)
        for cause in e.chain:
            console.print(f"    {scenario.axis.text(cause.start)} .. {scenario.axis.text(cause.end)}  {cause.text}",
                          soft_wrap=True)
    if reasons.bottlenecks and order is None:
        console.print("bottlenecks")
        for b in reasons.bottlenecks[:8]:
            console.print(f"    {b.text}", soft_wrap=True)
    return 0


def _order(scenario: Scenario, name: str) -> int:
    index = scenario.orders.index()
    if name not in index:
        close = near(name, list(index))
        raise InputError([Mistake((), f"unknown order '{name}'",
                                  f"did you mean '{close}'?" if close else "name an order of the scenario", "ORDER")])
    return index[name]


def compare(paths: list[Path], scenario_path: str | None, json: bool) -> int:
    if len(paths) < 2:
        raise InputError([Mistake((), "one schedule cannot be compared", "name two or more", "SCHEDULE")])
    schedules = [read_schedule(schedule_file(p)) for p in paths]
    labels = [str(p.parent if p.name == "schedule.json" else p) for p in paths]
    scenario = load(scenario_path) if scenario_path else None
    figures = None if scenario else [_stored_kpis(schedule_file(p)) for p in paths]
    found = compare_schedules(scenario, schedules, labels, figures)
    if json:
        print(jsonlib.dumps({"labels": found.labels, "kpis": [k.values for k in found.kpis],
                             "changes": [asdict(c) for c in found.changes]}))
    else:
        _print_comparison(found)
    return 0


def _stored_kpis(path: Path) -> KPIs:
    beside = path.parent / "kpis.json"
    try:
        values = jsonlib.loads(beside.read_text(encoding="utf-8"))["values"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError([Mistake((), f"there are no key figures in {beside}",
                                  "name the scenario with --scenario PATH", str(path))]) from None
    return KPIs(values)


def _print_comparison(found: Comparison) -> None:
    console = Console(highlight=False, markup=False)
    table = Table("figure", *found.labels)
    for name, values in found.table():
        if not name.startswith("resources/"):
            table.add_row(name, *(_figure(v) for v in values))
    console.print(table)
    for change in found.changes:
        console.print(f"from {found.labels[0]} to {change.label}: {len(change.moved)} operations moved, {change.same} "
                      f"did not; {len(change.orders)} deliveries changed")
        for move in change.moved[:12]:
            where = move.resource[0] if move.resource[0] == move.resource[1] else " -> ".join(move.resource)
            console.print(f"    {move.lot} {move.operation}: {where}, starts {_shift(move.shift)}")
        if len(change.moved) > 12:
            console.print(f"    and {len(change.moved) - 12} more (--json lists all)")
        for text, names in (("only in the first", change.only_first), ("only in the other", change.only_other)):
            if names:
                console.print(f"    {text}: {', '.join(names[:10])}{' ...' if len(names) > 10 else ''}")


def _figure(value: Any) -> str:
    return "-" if value is None else f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"


def _shift(ticks: int) -> str:
    return "at the same time" if not ticks else f"{abs(ticks):,} ticks {'later' if ticks > 0 else 'earlier'}"
