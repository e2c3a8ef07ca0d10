"""replan."""

from __future__ import annotations

import json as jsonlib
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from scheduler.cli.console import Progress, out_folder, schedule_file, stoppable
from scheduler.cli.exits import OF_STATUS
from scheduler.cli.solving import as_json, print_failure, print_result, write
from scheduler.domain.timeaxis import span
from scheduler.errors import InputError, Mistake
from scheduler.formats.events import read_events
from scheduler.formats.moments import parse_moment
from scheduler.formats.scenario_writer import write_scenario
from scheduler.formats.schedule_json import read_schedule
from scheduler.formats.writers import check_out_folder
from scheduler.loading import load_files
from scheduler.usecases.replan import Replanned
from scheduler.usecases.replan import replan as replan_schedule
from scheduler.usecases.solve import Options

SHOWN = 15


def replan(path: str, schedule_path: Path, events_path: Path, now: str, out: Path | None, given: dict[str, Any],
           json: bool, quiet: bool) -> int:
    moment = _moment(now)
    files = load_files(path)
    scenario = files.scenario()
    schedule, events = read_schedule(schedule_file(schedule_path)), read_events(events_path)
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
        write_scenario(folder / "scenario", found.files.file, found.files.entries, found.files.floor)
    if json:
        print(jsonlib.dumps({**as_json(outcome), **_summary(found), "out": str(folder) if reasons else None}))
    elif reasons is None:
        print_failure(outcome)
    else:
        _print_moves(found)
        print_result(outcome, reasons, folder)
        Console(highlight=False).print(
            f"the scenario as it is now: {folder / 'scenario'} (use it for validate, explain and the next replan)",
            soft_wrap=True)
    return OF_STATUS[outcome.status]


def _moment(text: str) -> datetime:
    try:
        found = parse_moment(text.replace("T", " "), time_needed=True)
    except ValueError as error:
        what, _, instead = str(error).partition("; ")
        raise InputError([Mistake((), what, instead, "--now")]) from None
    assert isinstance(found, datetime)
    return found


def _summary(found: Replanned) -> dict[str, Any]:
    return {"facts": found.facts, "announced": found.announced, "moved": [asdict(m) for m in found.moved],
            "share_moved": found.share_moved, "no_longer_made": [list(key) for key in found.gone],
            "frozen": found.frozen, "thawed": found.thawed}


def _print_moves(found: Replanned) -> None:
    console = Console(highlight=False, markup=False)
    axis = found.outcome.scenario.axis
    console.print(f"{found.facts} operations had happened by now; of {found.announced} announced "
                  f"{len(found.moved)} moved ({found.share_moved:.0%})", soft_wrap=True)
    if found.frozen:
        console.print(f"{found.frozen} were frozen")
    if found.thawed:
        console.print(f"no schedule was found with {found.thawed} operations frozen: they were freed")
    for move in found.moved[:SHOWN]:
        where = move.resource[0] if move.resource[0] == move.resource[1] else " -> ".join(move.resource)
        word = "later" if move.shift > 0 else "earlier"
        shift = f"{span(axis, abs(move.shift))} {word}" if move.shift else "same time"
        console.print(f"  {move.lot} {move.operation}: {where}, {shift}: {move.reason}", soft_wrap=True)
    if len(found.moved) > SHOWN:
        console.print(f"  and {len(found.moved) - SHOWN} more (--json lists all)")
    if found.gone:
        console.print(f"no longer made: {', '.join(' '.join(key) for key in found.gone[:10])}"
                      f"{' ...' if len(found.gone) > 10 else ''}", soft_wrap=True)
