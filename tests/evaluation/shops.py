"""Schedules of shops with more than the plain rules, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.domain.results import Explanation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES, Carries, Header, Schedule
from scheduler.evaluation.costs import costs
from scheduler.evaluation.explain import explain
from scheduler.planning.build import build

Row = tuple[Any, ...]
"""(resource, start, end, {more}): more has configuration, mode, team, batch, leave, prepared (start, end)."""


def shop_bars(scenario: Scenario, wanted: Mapping[str, Row], *, carries: Sequence[tuple[str, str, int, int]] = (),
              overtime: Sequence[tuple[str, int, int]] = (), refused: Sequence[int] = (),
              supplied: Mapping[str, tuple[str, int]] | None = None) -> Schedule:
    """A schedule from {'LOT operation': row}, in sequence order on each resource.

    supplied: {component: (source, available)} of pegs that the solver chooses.
    """
    plan = build(scenario)
    keys = {f"{plan.lots.id[lot]} {plan.names[name]}": i
            for i, (lot, name) in enumerate(zip(plan.op_lot.tolist(), plan.op_name.tolist()))}
    names = [r.id for r in scenario.resources]
    teams: dict[tuple[str, ...], int] = {(): 0}
    rows: list[tuple[int, ...]] = []
    place = dict.fromkeys(names, 0)
    for key, (resource, start, end, *rest) in wanted.items():
        more = rest[0] if rest else {}
        r = names.index(resource)
        prepared = more.get("prepared", (start, start))
        rows.append((keys[key], r, scenario.resources[r].configurations.index(more["configuration"])
                     if "configuration" in more else 0, more.get("mode", 0), start, end, *prepared, place[resource],
                     more.get("leave", end), teams.setdefault(tuple(more.get("team", ())), len(teams)),
                     more.get("batch", -1)))
        place[resource] += 1
    op, resource, configuration, mode, start, end, ps, pe, position, leave, team, batch = np.array(
        rows, dtype=np.int64).reshape(-1, 12).T
    at = list(wanted)
    moved = [(at.index(a), at.index(b), s, e) for a, b, s, e in carries]
    pegs = plan.pegs
    source, available = pegs.source.copy(), pegs.available.copy()
    for i, name in enumerate(pegs.component):
        if supplied and name in supplied:
            source[i], available[i] = SOURCES.index(supplied[name][0]), supplied[name][1]
    return Schedule(
        header=Header(scenario.name), lots=plan.lots, names=plan.names, lot=plan.op_lot[op], name=plan.op_name[op],
        resource=resource, configuration=configuration, mode=mode, start=start, end=end, rec_start=ps, rec_end=pe,
        position=position, pegs=replace(pegs, source=source, available=available),
        resources=tuple(r.id for r in scenario.resources),
        configurations=tuple(r.configurations for r in scenario.resources), orders=scenario.orders.id, leave=leave,
        team=team, teams=tuple(teams), batch=batch,
        carries=Carries(*np.array(moved, dtype=np.int64).reshape(-1, 4).T) if moved else None,
        overtime=tuple(overtime), refused=tuple(refused))


def told(scenario: Scenario, schedule: Schedule, who: int = 0) -> Explanation:
    """The explanation of an order; its chain has no gap."""
    priced = costs(scenario, schedule)
    found = explain(scenario, schedule, priced, who)
    if found.chain:
        at = min(int(scenario.orders.release[who]), found.delivery)
        for cause in found.chain:
            assert cause.start == at, found.chain
            at = cause.end
        assert at == found.delivery
    return found


def dragged(schedule: Schedule, seed: int) -> Schedule:
    """Somebody dragged bars, dropped some, and mixed up crews, batches and places in the sequence."""
    chance = np.random.default_rng(seed)
    n = len(schedule)
    assert schedule.leave is not None
    assert schedule.team is not None
    assert schedule.batch is not None
    start = np.maximum(0, schedule.start + chance.integers(-400, 400, n) * (chance.random(n) < 0.4))
    end = np.where(chance.random(n) < 0.2, start + chance.integers(0, 300, n), start + schedule.end - schedule.start)
    columns = {
        "start": start, "end": end, "rec_start": start, "rec_end": start,
        "leave": end + np.where(chance.random(n) < 0.2, chance.integers(-50, 100, n), 0),
        "team": np.where(chance.random(n) < 0.2, chance.integers(0, len(schedule.teams), n), schedule.team),
        "batch": np.where(chance.random(n) < 0.2, chance.integers(-1, 3, n), schedule.batch),
        "position": np.where(chance.random(n) < 0.3, chance.integers(0, 6, n), schedule.position)}
    keep = chance.random(n) < 0.9
    same = {name: getattr(schedule, name)[keep] for name in ("lot", "name", "resource", "configuration", "mode")}
    return replace(schedule, **same, **{name: column[keep] for name, column in columns.items()})
