"""Which rules a schedule really uses: not what the factory says, but what happens in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.policy import TERMS
from scheduler.domain.schedule import SOURCES
from scheduler.usecases.solve import Outcome


def uses(found: Outcome) -> set[str]:
    """Names of rules of `tests.generated.rules.factories.RULES`, and some finer ones in brackets."""
    return set(_uses(found)) if found.schedule is not None else set()


def _uses(found: Outcome) -> Iterator[str]:
    scenario, schedule, costs, kpis = found.scenario, found.schedule, found.costs, found.kpis
    assert schedule is not None
    assert costs is not None
    assert kpis is not None
    terms = dict(zip(TERMS, (costs.terms.sum(axis=0) + costs.plant).tolist()))
    if schedule.team is not None and any(schedule.teams[t] for t in schedule.team.tolist()):
        yield "crews"
    for pool in kpis.pools:
        if pool.load.max(initial=0) > 0:
            yield f"(load of {pool.kind})"
        if ((pool.load == pool.capacity) & (pool.capacity > 0)).any():
            yield f"(full {pool.kind})"
    if kpis.pauses is not None and len(kpis.pauses.row):
        yield "pauses"
    if schedule.batch is not None:
        _, sizes = np.unique(schedule.batch[schedule.batch >= 0], return_counts=True)
        if (sizes > 1).any():
            yield "batches"
    if schedule.leave is not None and (schedule.leave > schedule.end).any():
        yield "buffers"
    if schedule.carries is not None and len(schedule.carries.start):
        yield "vehicles"
    if schedule.overtime:
        yield "overtime"
    if schedule.refused:
        yield "refusal"
    if terms["subcontracting"]:
        yield "subcontractor"
    if terms["moving"]:
        yield "announced"
    names = [schedule.names[n] for n in schedule.name.tolist()]
    if any(name.startswith("way ") for name in names):
        yield "sub-plans"
    if any(name.endswith(")") for name in names):
        yield "splits"
    if "maintenance" in {schedule.lots.item[lot] for lot in schedule.lot.tolist()}:
        yield "planned maintenance"
    if "expedite" in {SOURCES[s] for s in schedule.pegs.source.tolist()}:
        yield "arrivals"
    if any(entry.state in ("finished", "started") for entry in scenario.floor):
        yield "now"
    if any(entry.state == "pinned" for entry in scenario.floor):
        yield "pins"
    if (schedule.rec_end > schedule.rec_start).any():
        yield "(reconfigured)"
