"""Generated factories, replanned in the middle: an undisturbed plan stands, one that lost a resource moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler import Files, Options, Outcome, Replanned, replan, solve, validate
from scheduler.domain.events import Breakdown
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import ScenarioFile
from tests.generated.rules.factories import ruled

SEEDS = range(21_000, 21_024)
SHARES = (0.2, 0.6)
"""Of the time the plan takes: when it is replanned."""
QUICK = Options(engine="annealing", deterministic_limit=0.003, workers=1, time_limit=4)


def planned(seed: int) -> tuple[Files, Outcome]:
    made, _ = ruled(seed)
    files = Files(ScenarioFile.model_validate(made.file), tuple(OrderEntry.model_validate(o) for o in made.orders))
    return files, solve(files.scenario(), QUICK)


def replanned(files: Files, outcome: Outcome, share: float, down: bool) -> Replanned:
    """At a share of the plan's time; `down`: the first resource that still has something to do has just broken down."""
    plan, axis = outcome.schedule, outcome.scenario.axis
    assert plan is not None
    first, last = int(plan.start.min()), int(plan.end.max())
    tick = max(outcome.scenario.now, int(first + (last - first) * share))
    now = axis.to_datetime(tick)
    events = []
    if down:
        ahead = [row for i in range(len(plan)) if (row := plan.row(i)).end > tick]
        own = {name for cell in files.file.plant.cells.values() if cell.kind != "subcontractor"
               for name in cell.resources}
        name = next((row.resource for row in ahead if row.resource in own), min(own))
        events.append((Breakdown(at=now, kind="breakdown", id=name, until=now + timedelta(hours=5)), "test"))
    return replan(files, plan, events, now, QUICK)


@pytest.mark.parametrize("seed", SEEDS)
def test_replanning_keeps_the_rules(seed: int) -> None:
    files, outcome = planned(seed)
    if outcome.schedule is None:
        pytest.skip("no plan was found to begin with")
    for share in SHARES:
        calm, broken = (replanned(files, outcome, share, down) for down in (False, True))
        assert calm.outcome.schedule is not None
        for found in (calm, broken):
            if found.outcome.schedule is not None:
                assert validate(found.files.scenario(), found.outcome.schedule) == []
