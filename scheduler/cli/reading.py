"""validate, explain and compare: commands that read schedules."""

from __future__ import annotations

import json as jsonlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from scheduler.cli.console import counted, schedule_file
from scheduler.cli.exits import VIOLATIONS
from scheduler.domain.quantities import CENTS, parse_duration
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
MONEY = ("cost_total", "cost_weighted", "cost_terms", "cost_split", "revenue", "profit", "reconfiguration_cost",
         "refused_price", "moved_cost", "subcontracted_cost", "overtime/cost")
TIMES = ("makespan", "lead_time_mean", "lead_time_median", "lead_time_max", "lead_time_weighted_mean", "lateness_total",
         "lateness_mean", "lateness_max", "weighted_tardiness", "reconfiguration_time",
         "blocked_time", "overtime/time")
SHARES = ("on_time_share", "utilisation", "batches/fill_mean")
SKIPPED = ("resources/", "crews/", "fixtures/")


class Units(NamedTuple):
    """Of key figures. tick: milliseconds (None: plain numbers); currency: '' where there is none."""

    tick: int | None
    currency: str


def validate(scenario_path: str, schedule_path: Path, json: bool) -> int:
    scenario = load(scenario_path)
    schedule = read_schedule(schedule_file(schedule_path))
    violations = judge(scenario, schedule)
    if json:
        rows = [{**asdict(v), "time": None if v.time is None else scenario.axis.text(v.time)} for v in violations]
        print(jsonlib.dumps({"valid": not violations, "violations": rows}))
        return VIOLATIONS if violations else 0
    if violations and schedule.header.scenario != scenario.name:
        print(f"the schedule says that it is one of scenario '{schedule.header.scenario}'; this one is "
              f"'{scenario.name}'")
    for v in violations[:SHOWN]:
        print(f"{v.rule}: {v.message}")
    if len(violations) > SHOWN:
        print(f"and {len(violations) - SHOWN} more (--json lists all)")
    print(counted(len(violations), "violation") if violations else "valid: no rule is broken")
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
        delivered = f"delivered {scenario.axis.text(e.delivery)}. " if e.delivery >= 0 else ""
        console.print(f"{e.order}: {delivered}{e.summary}", soft_wrap=True)
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
    stored = [] if scenario else [_stored_kpis(schedule_file(p)) for p in paths]
    found = compare_schedules(scenario, schedules, labels, [kpis for kpis, _ in stored] or None)
    if json:
        print(jsonlib.dumps({"labels": found.labels, "kpis": [k.values for k in found.kpis],
                             "changes": [asdict(c) for c in found.changes]}))
    else:
        units = stored[0][1] if scenario is None else Units(
            None if scenario.axis.integer else scenario.axis.tick, scenario.currency)
        _print_comparison(found, units)
    return 0


def _stored_kpis(path: Path) -> tuple[KPIs, Units]:
    """The key figures beside a schedule, and their units."""
    beside = path.parent / "kpis.json"
    try:
        content = jsonlib.loads(beside.read_text(encoding="utf-8"))
        values, unit, money = content["values"], content["units"]["time"], content["units"]["money"]
        tick = parse_duration(unit.removeprefix("ticks of ")) if unit != "tick" else None
        return KPIs(values), Units(tick, money.partition(" of ")[2])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError([Mistake((), f"there are no key figures in {beside}",
                                  "name the scenario with --scenario PATH", str(path))]) from None


def _print_comparison(found: Comparison, units: Units) -> None:
    console = Console(highlight=False, markup=False)
    table = Table("figure", *found.labels)
    same = 0
    for name, values in found.table():
        if name.startswith(SKIPPED):
            continue
        if len(set(values)) == 1:
            same += 1
        else:
            table.add_row(_named(name, units), *(_figure(name, v, units) for v in values))
    console.print(table)
    console.print(f"{counted(same, 'figure')} the same everywhere")
    for change in found.changes:
        console.print(f"from {found.labels[0]} to {change.label}: {counted(len(change.moved), 'operation')} "
                      f"moved, {change.same} did not; {len(change.orders)} deliveries changed")
        for move in change.moved[:12]:
            where = move.resource[0] if move.resource[0] == move.resource[1] else " -> ".join(move.resource)
            console.print(f"    {move.lot} {move.operation}: {where}, starts {_shift(move.shift, units.tick)}")
        if len(change.moved) > 12:
            console.print(f"    and {len(change.moved) - 12} more (--json lists all)")
        for text, names in (("only in the first", change.only_first), ("only in the other", change.only_other)):
            if names:
                console.print(f"    {text}: {', '.join(names[:10])}{' ...' if len(names) > 10 else ''}")


def _is_money(name: str) -> bool:
    return name in MONEY or name.partition("/")[0] in MONEY


def _named(name: str, units: Units) -> str:
    """A key figure's name with its unit."""
    unit = units.currency if _is_money(name) else "h" if units.tick and name in TIMES else ""
    return f"{name} ({unit})" if unit else name


def _figure(name: str, value: Any, units: Units) -> str:
    """A key figure for people; times come in ticks, money in hundredths."""
    if value is None:
        return "-"
    if _is_money(name):
        return f"{value / CENTS:,.2f}"
    if units.tick and name in TIMES:
        return f"{value * units.tick / 3_600_000:,.1f}"
    if name in SHARES:
        return f"{value:.1%}"
    return f"{value:,.3f}" if isinstance(value, float) else f"{value:,}"


def _shift(ticks: int, tick: int | None) -> str:
    if not ticks:
        return "at the same time"
    size = f"{abs(ticks) * tick / 3_600_000:,.1f} h" if tick else f"{abs(ticks):,}"
    return f"{size} {'later' if ticks > 0 else 'earlier'}"
