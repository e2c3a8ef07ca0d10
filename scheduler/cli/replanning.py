"""replan."""

from __future__ import annotations

import json as jsonlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from scheduler.cli.console import Progress, out_folder, schedule_file, stoppable
from scheduler.cli.exits import OF_STATUS
from scheduler.cli.solving import as_json, print_failure, print_result, write
from scheduler.domain.events import FloorEvent
from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import CENTS, format_money
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import TimeAxis, span
from scheduler.errors import InputError, Mistake
from scheduler.formats.atomic import staged
from scheduler.formats.events import read_events
from scheduler.formats.moments import parse_moment
from scheduler.formats.scenario_writer import write_scenario
from scheduler.formats.schedule_json import read_schedule
from scheduler.formats.writers import check_out_folder
from scheduler.loading import load_files
from scheduler.usecases.replan import Delivery, Replanned, unpriced
from scheduler.usecases.replan import replan as replan_schedule
from scheduler.usecases.replanning.moves import Move
from scheduler.usecases.replanning.state import Files
from scheduler.usecases.solve import Options

REFUSED = "promised, and refused now (a hard deadline cannot be kept, or 'may_be_refused')"
MOVES = ("order", "lot", "operation", "resource_announced", "resource", "start_announced", "start", "reason", "cause")
"""Columns of moves.csv."""
CAUSES, ORDERS = 8, 15
"""Lines shown at most."""


def replan(path: str, schedule_path: Path, events_path: Path, now: str, out: Path | None, scratch: bool,
           given: dict[str, Any], json: bool, quiet: bool) -> int:
    files, schedule, events, moment = _read(path, schedule_path, events_path, now)
    files = unpriced(files) if scratch else files
    scenario = files.scenario()
    folder = out if out is not None else Path(f"{out_folder(None, path, scenario)}-replan")
    check_out_folder(folder)
    stop = threading.Event()
    seconds = given.get("time_limit") or scenario.policy.time_limit / 1000
    with stoppable(stop), Progress(scenario, seconds, not json and not quiet) as progress:
        options = Options(**given, listen=progress.listen, tell=progress.tell, stop=stop)
        found = replan_schedule(files, schedule, events, moment, options)
    outcome = found.outcome
    reasons = None
    if outcome.schedule is not None:
        reasons = write(folder, outcome)
        _write_moves(folder, found)
        write_scenario(folder / "scenario", found.files.file, found.files.entries, found.files.floor)
    if json:
        print(jsonlib.dumps({**as_json(outcome), **_summary(found), "out": str(folder) if reasons else None}))
    elif reasons is None:
        print_failure(outcome)
    else:
        _print_moves(found)
        _print_orders(found)
        print_result(outcome, reasons, folder)
        Console(highlight=False).print(
            f"the scenario as it is now: {folder / 'scenario'} (use it for validate, explain and the next replan)",
            soft_wrap=True)
    return OF_STATUS[outcome.status]


def _read(path: str, schedule: Path, events: Path, now: str) -> tuple[
        Files, Schedule, list[tuple[FloorEvent, str]], datetime]:
    """All that is given. Raises InputError with the mistakes of all of it."""
    mistakes: list[Mistake] = []

    def read(what: Callable[[], Any]) -> Any:
        try:
            return what()
        except InputError as error:
            mistakes.extend(error.mistakes)
            return None

    files, announced = read(lambda: load_files(path)), read(lambda: read_schedule(schedule_file(schedule)))
    told, moment = read(lambda: read_events(events)), read(lambda: _moment(now))
    if mistakes:
        raise InputError(mistakes)
    return files, announced, told, moment


def _moment(text: str) -> datetime:
    try:
        found = parse_moment(text.replace("T", " "), time_needed=True)
    except ValueError as error:
        what, _, instead = str(error).partition("; ")
        raise InputError([Mistake((), what, instead, "--now")]) from None
    assert isinstance(found, datetime)
    return found


def _summary(found: Replanned) -> dict[str, Any]:
    return {"facts": found.facts, "announced": found.announced,
            "moved": [{**asdict(move), "shift": move.shift} for move in found.moved],
            "share_moved": found.share_moved, "no_longer_made": [list(key) for key in found.gone],
            "frozen": found.frozen, "thawed": found.thawed,
            "deliveries": [delivery._asdict() for delivery in found.deliveries],
            "cost_announced": round(found.before.total / CENTS, 2)}


def _print_moves(found: Replanned) -> None:
    console = Console(highlight=False)
    axis = found.outcome.scenario.axis
    console.print(f"{found.facts} operations had happened by now; of {found.announced} announced "
                  f"{len(found.moved)} moved ({found.share_moved:.0%})", soft_wrap=True)
    if found.frozen:
        console.print(f"{found.frozen} were frozen and stay where they are")
    if found.thawed:
        console.print(f"no schedule was found with {found.thawed} operations frozen: they were freed")
    for what, names in _gone(found).items():
        console.print(f"{what}: {', '.join(names[:10])}{' ...' if len(names) > 10 else ''}", soft_wrap=True,
                      markup=False)
    if found.moved:
        console.print("[bold]why they moved[/bold]")
        causes = Counter(move.cause for move in found.moved).most_common()
        for cause, count in causes[:CAUSES]:
            first = max((m for m in found.moved if m.cause == cause), key=lambda m: abs(m.shift))
            console.print(f"  {count:>4}  {cause}; the farthest: {_shift(axis, first)}", soft_wrap=True, markup=False)
        if len(causes) > CAUSES:
            console.print(f"        and {len(causes) - CAUSES} more causes (--json lists all)")


def _gone(found: Replanned) -> dict[str, list[str]]:
    """What is no longer made, by why: whole orders by name, parts and single operations as such."""
    outcome = found.outcome
    assert outcome.schedule is not None
    orders = outcome.scenario.orders.id
    refused = {orders[j] for j in outcome.schedule.refused}
    told: dict[str, list[str]] = {}
    for lot, operation in found.gone:
        order = lot.partition("/")[0]
        if order in refused:
            what, name = REFUSED, order
        elif ":" not in lot and order not in orders:
            what, name = "cancelled", order
        else:
            what, name = "no longer needed", f"{lot} {operation}"
        if name not in told.setdefault(what, []):
            told[what].append(name)
    known = {delivery.order for delivery in found.deliveries if delivery.announced is not None}
    if new := sorted(refused - known):
        told["refused, and not promised before"] = new
    return told


def _write_moves(folder: Path, found: Replanned) -> None:
    """moves.csv: what moved and why, as printed, but all of it."""
    axis = found.outcome.scenario.axis
    rows = [(m.order, m.lot, m.operation, *m.resource, *(axis.text(t) for t in m.start), m.reason, m.cause)
            for m in found.moved]
    with staged(folder) as stage:
        stage.table(folder / "moves.csv", MOVES, rows)


def _shift(axis: TimeAxis, move: Move) -> str:
    """How far an operation moved, in words."""
    word = "later" if move.shift > 0 else "earlier"
    where = "" if move.resource[0] == move.resource[1] else f", {' -> '.join(move.resource)}"
    shift = f"{span(axis, abs(move.shift))} {word}" if move.shift else "at its time"
    return f"{move.lot} {move.operation}{where}, {shift}"


def _print_orders(found: Replanned) -> None:
    """What it means for the customers and for the money, against what was announced."""
    outcome, console = found.outcome, Console(highlight=False, markup=False)
    assert outcome.costs is not None
    scenario = outcome.scenario
    moved = Counter(move.order for move in found.moved)
    lines = [line for delivery in found.deliveries if (line := _delivery(scenario, delivery, moved))]
    if lines:
        console.print("orders", style="bold")
    for line in lines[:ORDERS]:
        console.print(f"  {line}", soft_wrap=True)
    if len(lines) > ORDERS:
        console.print(f"  and {len(lines) - ORDERS} more (--json lists all)")
    moving = int(outcome.costs.terms[:, TERMS.index("moving")].sum())
    console.print(f"cost as announced {format_money(found.before.total, scenario.currency)}, now "
                  f"{format_money(outcome.costs.total, scenario.currency)}, {format_money(moving)} of it for moving",
                  soft_wrap=True)


def _delivery(scenario: Scenario, delivery: Delivery, moved: Counter[str]) -> str:
    """An order that comes at another time than announced; '' for any other."""
    axis, orders = scenario.axis, scenario.orders
    name, old, new = delivery
    if new is None:
        how = "refused" if name in scenario.orders.id else "cancelled"
        return f"{name} is {how}" if old is not None else ""
    if old == new:
        return ""
    due = int(orders.due[orders.id.index(name)])
    state = f"{span(axis, new - due)} late" if new > due else "on time" if due < NEVER else ""
    if old is None:
        how = f"new, delivered {axis.text(new)}"
    else:
        how = f"{span(axis, abs(new - old))} {'later' if new > old else 'earlier'}, {axis.text(new)}"
    return f"{name} {how}" + (f", {state}" if state else "") + (f" ({moved[name]} moved)" if moved[name] else "")
