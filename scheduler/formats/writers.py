"""The output folder of a solve: every file whole, all renamed into place together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scheduler.domain.quantities import format_duration
from scheduler.domain.results import Costs, KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.formats import tables
from scheduler.formats.atomic import staged
from scheduler.formats.schedule_json import schedule_text

TRANSPORTS_CSV, OVERTIME_CSV = "transports.csv", "overtime.csv"
KPIS_FORMAT = "scheduler-kpis"
VERSION = 1


def check_out_folder(folder: Path) -> None:
    """Raises InputError for a folder that cannot take results: it holds a scenario, or it is a file."""
    folder = Path(folder)
    place = str(folder)
    if (folder / "scenario.yaml").exists():
        raise InputError([Mistake((place,), "holds a scenario.yaml; results would mix with a scenario",
                                  f"name another folder, such as {folder / 'out'}", place=place)])
    if folder.exists() and not folder.is_dir():
        raise InputError([Mistake((place,), "is a file", "name a folder for the results", place=place)])


def write_all(folder: Path, scenario: Scenario, schedule: Schedule, costs: Costs, kpis: KPIs,
              report_html: str | None = None) -> list[Path]:
    """Writes schedule.json, schedule.csv, kpis.json, deliveries.csv, dispatch/<resource>.csv, where there are any
    transports.csv and overtime.csv, and report.html, if given.

    Returns the files written. Dispatch lists that an earlier run wrote for resources that are no more are removed, as
    are its transports and overtime where there are none now.
    Raises InputError for a folder that holds a scenario or cannot be written.
    """
    folder = Path(folder)
    check_out_folder(folder)
    with staged(folder) as stage:
        stage.text(folder / "schedule.json", schedule_text(schedule))
        stage.table(folder / "schedule.csv", tables.schedule_header(scenario, schedule, kpis),
                    tables.schedule_rows(scenario, schedule, kpis))
        stage.text(folder / "kpis.json", kpis_text(scenario, schedule, kpis))
        stage.table(folder / "deliveries.csv", tables.delivery_header(scenario, costs),
                    tables.delivery_rows(scenario, costs))
        for name, rows in tables.dispatch_tables(scenario, schedule, kpis):
            stage.table(folder / "dispatch" / name, tables.dispatch_header(schedule, kpis), rows)
        if schedule.carries is not None and len(schedule.carries.start):
            stage.table(folder / TRANSPORTS_CSV, tables.TRANSPORTS, tables.transport_rows(scenario, schedule))
        if schedule.overtime:
            stage.table(folder / OVERTIME_CSV, tables.OVERTIME, tables.overtime_rows(scenario, schedule))
        if report_html is not None:
            stage.text(folder / "report.html", report_html)
        written = stage.commit()
    for name in {TRANSPORTS_CSV, OVERTIME_CSV} - {path.name for path in written}:
        (folder / name).unlink(missing_ok=True)
    _remove_old_lists(folder / "dispatch", {path.name for path in written})
    return written


def write_frontier(folder: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Writes tradeoff.csv, the points of the frontier; columns as in the first row. Raises InputError as write_all."""
    folder = Path(folder)
    check_out_folder(folder)
    header = tuple(rows[0]) if rows else ()
    with staged(folder) as stage:
        stage.table(folder / "tradeoff.csv", header, ([row.get(name, "") for name in header] for row in rows))
    return folder / "tradeoff.csv"


def write_bytes(path: Path, content: bytes) -> Path:
    """Writes one binary file whole, for instance the plot of a frontier. Raises InputError where it cannot."""
    path = Path(path)
    with staged(path) as stage:
        stage.binary(path, content)
    return path


def kpis_text(scenario: Scenario, schedule: Schedule, kpis: KPIs) -> str:
    """The content of kpis.json: what the figures belong to, their units, and the figures."""
    head = schedule.header
    content = {
        "format": KPIS_FORMAT, "version": VERSION, "scenario": scenario.name, "status": head.status,
        "measure": head.measure, "objective": head.objective, "bound": head.bound, "gap": head.gap,
        "units": {"time": "tick" if scenario.axis.integer else f"ticks of {format_duration(scenario.axis.tick)}",
                  "money": f"hundredths of {scenario.currency}" if scenario.currency else "hundredths"},
        "values": kpis.values}
    return json.dumps(_plain(content), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """The value as JSON can say it: numpy unpacked, keys as text, a number that is not finite as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _remove_old_lists(folder: Path, keep: set[str]) -> None:
    """Removes dispatch lists (known by their header) of resources that are no more, as the floor might run them."""
    ours = ",".join(tables.DISPATCH)
    for path in folder.glob("*.csv"):
        if path.name not in keep:
            with path.open(encoding="utf-8", errors="replace") as file:
                old = (file.readline().rstrip("\n") + ",").startswith(ours + ",")
            if old:
                path.unlink()
