"""What a report shows beyond the plain shop: pools over time, batches, pauses, overtime, blocking, facts, moves."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from scheduler.domain.results import KPIs
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.report.gantt import delta, shown_bars
from scheduler.report.words import POOL_NAMES

FACTS = {"finished": 1, "started": 2}
MAINTENANCE = "maintenance"


def shop_columns(scenario: Scenario, schedule: Schedule, kpis: KPIs) -> dict[str, Any] | None:
    """Columns for the page's charts, None of a plain schedule. Bars are numbered as in gantt.bars; ticks throughout.

    now: -1 where it is the origin; leave: bars that stay on their resource, for how long; batches: bars of each,
    first to last; pauses: bar, start, length; facts: bar, 1 finished, 2 begun; announced: bar, start, resource (-1:
    any), of those that are elsewhere now; teams: bar, crews; outside: resources that take any number at once;
    maintenance: bars; overtime: [calendar, start, end, resources].
    """
    extras = (schedule.leave, schedule.team, schedule.batch, schedule.carries, kpis.pauses)
    if all(extra is None for extra in extras) and not (schedule.overtime or schedule.refused or scenario.now):
        return None
    chosen = shown_bars(schedule)
    bar = np.full(len(schedule), -1, dtype=np.int64)
    bar[chosen] = np.arange(len(chosen))
    left = (schedule.end if schedule.leave is None else schedule.leave)[chosen] - schedule.end[chosen]
    stays = np.flatnonzero(left > 0)
    lots, cells = schedule.lots, scenario.plant.cells
    upkeep = [item == MAINTENANCE and order < 0 for item, order in zip(lots.item, lots.order.tolist())]
    return {
        "now": scenario.now or -1, "pools": _pools(kpis), "pauses": _pauses(kpis, bar),
        "leave": {"at": stays.tolist(), "length": left[stays].tolist()},
        "batches": _batches(schedule, chosen), **_floor(scenario, schedule, chosen), "teams": _teams(kpis, chosen),
        "outside": [i for i, r in enumerate(scenario.resources) if cells[r.cell].kind == "subcontractor"],
        "maintenance": [b for b, lot in enumerate(schedule.lot[chosen].tolist()) if upkeep[lot]],
        "overtime": [[name, start, end, [i for i, r in enumerate(scenario.resources) if r.calendar == name]]
                     for name, start, end in schedule.overtime],
        "refused": [[j, int(scenario.orders.price[j])] for j in schedule.refused]}


def _pools(kpis: KPIs) -> list[dict[str, Any]]:
    return [{"kind": p.kind, "name": p.name, "title": " ".join(part for part in (POOL_NAMES.get(p.kind, p.kind), p.name)
                                                            if part),
             "time": delta(p.time), "load": p.load.tolist(), "capacity": p.capacity.tolist()} for p in kpis.pools]


def _pauses(kpis: KPIs, bar: np.ndarray) -> list[list[int]]:
    if kpis.pauses is None:
        return []
    rows = zip(bar[kpis.pauses.row].tolist(), kpis.pauses.start.tolist(), kpis.pauses.end.tolist())
    return [[b, start, end - start] for b, start, end in rows if b >= 0]


def _batches(schedule: Schedule, chosen: np.ndarray) -> list[list[int]]:
    if schedule.batch is None:
        return []
    found: dict[int, list[int]] = defaultdict(list)
    for b, number in enumerate(schedule.batch[chosen].tolist()):
        if number >= 0:
            found[number].append(b)
    return [members for members in found.values() if len(members) > 1]


def _teams(kpis: KPIs, chosen: np.ndarray) -> dict[str, Any]:
    if kpis.crews is None:
        return {"at": [], "team": [], "names": []}
    texts = [", ".join(dict.fromkeys(kpis.crews[i][0] + kpis.crews[i][1])) for i in chosen.tolist()]
    names = list(dict.fromkeys(filter(None, texts)))
    used = [b for b, text in enumerate(texts) if text]
    return {"at": used, "team": [names.index(texts[b]) for b in used], "names": names}


def _floor(scenario: Scenario, schedule: Schedule, chosen: np.ndarray) -> dict[str, Any]:
    """Facts, and the places where moved operations were announced."""
    entries: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for entry in scenario.floor:
        entries[entry.lot, entry.operation][entry.state] = entry
    index = {r.id: i for i, r in enumerate(scenario.resources)}
    facts: list[list[int]] = []
    moved: list[list[int]] = []
    for b, i in enumerate(chosen.tolist() if entries else ()):
        said = entries.get((schedule.lots.id[schedule.lot[i]], schedule.names[schedule.name[i]]), {})
        state = next((code for name, code in FACTS.items() if name in said), 0)
        if state:
            facts.append([b, state])
            continue
        told = said.get("announced")
        if told is not None and told.start is not None:
            start, resource = scenario.axis.to_ticks(told.start), index.get(told.resource or "", -1)
            if start != schedule.start[i] or resource not in (-1, schedule.resource[i]):
                moved.append([b, start, resource])
    return {"facts": facts, "announced": moved}
