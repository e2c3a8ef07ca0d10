"""Compact columns for the Gantt chart: bars, lots, closed time, and the clock of the scenario."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Resource, Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import TimeAxis
from scheduler.report.load import open_windows

BAR_LIMIT = 250_000
"""Bars a report holds at most; of a larger schedule it shows the earliest."""
PEG_LIMIT = 200_000
WINDOWED_ABOVE = 20_000
"""Schedules with more bars open on their first days."""
FIRST_BARS = 4_000
"""How many bars the opening window of such a schedule holds."""


def shown_end(scenario: Scenario, schedule: Schedule) -> int:
    """Last tick the time axis shows: the last completion, and due dates not far beyond it."""
    last = max(int(schedule.end.max()) if len(schedule) else 0, scenario.now)
    due = scenario.orders.due
    near = due[(due < NEVER) & (due <= last + last // 3)]
    return max(1, last, int(near.max()) if len(near) else 0)


def delta(values: np.ndarray) -> list[int]:
    """First value, then differences: few digits each in JSON."""
    steps: list[int] = np.diff(np.asarray(values, dtype=np.int64), prepend=0).tolist()
    return steps


def clock(axis: TimeAxis, end: int) -> dict[str, Any]:
    """What a browser needs to turn ticks into local time: origin, tick, the UTC offset from each tick it changes at."""
    if axis.integer:
        return {"integer": True, "end": end}
    offsets: list[tuple[int, int]] = []

    def offset(tick: int) -> int:
        return int((axis.to_datetime(tick).utcoffset() or timedelta()).total_seconds() * 1000)

    last = end + end // 3
    for tick in np.linspace(0, last, min(last, int(last / axis.ticks_per_day) + 2) + 1).astype(np.int64).tolist():
        now = offset(tick)
        if not offsets:
            offsets.append((0, now))
        elif now != offsets[-1][1]:
            low, high = offsets[-1][0], tick
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offsets[-1][1] else (low, middle)
            offsets.append((high, now))
    origin = int(axis.to_datetime(0).timestamp() * 1000)
    return {"integer": False, "end": end, "origin": origin, "tick": axis.tick, "zone": axis.zone, "offsets": offsets}


def closed_time(scenario: Scenario, schedule: Schedule, end: int) -> tuple[list[dict[str, Any]], list[int]]:
    """Distinct calendars as closed intervals up to `end` (differences of starts, lengths); each resource's calendar."""
    windows, chosen = open_windows(scenario, schedule, end)
    tables = []
    for opens, shuts in windows:
        starts, ends = np.concatenate(([0], shuts)), np.concatenate((opens, [end]))
        keep = ends > starts
        tables.append({"start": delta(starts[keep]), "length": (ends - starts)[keep].tolist()})
    return tables, chosen


def shown_bars(schedule: Schedule) -> np.ndarray:
    """Indices of the operations the chart holds, by resource, then position."""
    chosen = np.arange(len(schedule))
    if len(chosen) > BAR_LIMIT:
        chosen = np.argsort(schedule.start, kind="stable")[:BAR_LIMIT]
    return chosen[np.lexsort((schedule.position[chosen], schedule.resource[chosen]))]


def bars(scenario: Scenario, schedule: Schedule) -> dict[str, Any]:
    """Operations in columns by resource and position; reconfigurations and alternatives as sparse ones (`at`: bar)."""
    chosen = shown_bars(schedule)
    resource = schedule.resource[chosen]
    start, end = schedule.start[chosen], schedule.end[chosen]
    rec_start, rec_end = schedule.rec_start[chosen], schedule.rec_end[chosen]
    names, configuration = configuration_table(scenario.resources, resource, schedule.configuration[chosen])
    changed = np.flatnonzero(rec_end > rec_start)
    other = np.flatnonzero(schedule.mode[chosen] > 0)
    return {
        "first": np.searchsorted(resource, np.arange(len(scenario.resources) + 1)).tolist(),
        "start": delta(start), "length": (end - start).tolist(), "lot": delta(schedule.lot[chosen]),
        "name": schedule.name[chosen].tolist(), "configuration": configuration, "configurations": names,
        "changes": {"at": delta(changed), "length": (rec_end - rec_start)[changed].tolist(),
                    "gap": (start - rec_end)[changed].tolist()},
        "alternatives": {"at": delta(other), "mode": schedule.mode[chosen][other].tolist()},
        "names": list(schedule.names),
    }


def configuration_table(resources: tuple[Resource, ...], resource: np.ndarray,
                        configuration: np.ndarray) -> tuple[list[str], list[int]]:
    """The distinct configuration names, and the index of each bar's into them."""
    table: dict[str, int] = {}
    index = [np.array([table.setdefault(name, len(table)) for name in r.configurations], dtype=np.int64)
             for r in resources]
    if not len(resource):
        return list(table), []
    first = np.cumsum([0, *(len(part) for part in index)])
    return list(table), np.concatenate(index)[first[resource] + configuration].tolist()


def lots(scenario: Scenario, schedule: Schedule) -> dict[str, Any]:
    """Lots in columns; ids that are the order's, or the order's with the item, are left out (null)."""
    found = schedule.lots
    order_ids = scenario.orders.id
    items: dict[str, int] = {}
    item = [items.setdefault(name, len(items)) for name in found.item]
    ids: list[str | None] = []
    for name, part, j in zip(found.id, found.item, found.order.tolist()):
        usual = "" if j < 0 else f"{order_ids[j]}/{part}" if part else order_ids[j]
        ids.append(None if name == usual else name)
    return {"order": delta(found.order), "quantity": found.quantity.tolist(), "item": item, "items": list(items),
            "id": ids}


def pegs(schedule: Schedule) -> dict[str, Any] | None:
    """Where each order's components came from, in columns; None where they are too many for a page."""
    found = schedule.pegs
    if len(found.component) > PEG_LIMIT:
        return None
    table: dict[str, int] = {}
    component = [table.setdefault(name, len(table)) for name in found.component]
    return {"component": component, "components": list(table), "order": delta(found.order),
            "source": found.source.tolist(), "lot": found.lot.tolist(), "consumer": delta(found.consumer),
            "quantity": found.quantity.tolist(), "available": found.available.tolist()}


def opening_window(schedule: Schedule, end: int) -> tuple[int, int]:
    """The ticks the chart shows first: everything, or of a large schedule its first operations."""
    if len(schedule) <= WINDOWED_ABOVE:
        return 0, end
    starts = np.partition(schedule.start, FIRST_BARS)
    return 0, max(1, min(end, int(starts[FIRST_BARS])))
