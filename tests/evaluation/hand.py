"""Schedules for the evaluator's tests: written by hand, or generated without looking at cost."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from scheduler.domain.scenario import Scenario, changes
from scheduler.domain.schedule import Header, Schedule
from scheduler.evaluation.sequence import sequence
from scheduler.planning.build import build
from scheduler.planning.plan import Plan

Bar = tuple[str, int, int] | tuple[str, int, int, str] | tuple[str, int, int, str, int]


def columns(scenario: Scenario, plan: Plan, op: Sequence[int], resource: Sequence[int], configuration: Sequence[int],
            mode: Sequence[int], start: Sequence[int], end: Sequence[int], position: Sequence[int]) -> Schedule:
    """A schedule of these operations of the plan; reconfigurations are left to be derived."""
    def ints(values: Sequence[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Schedule(header=Header(scenario.name), lots=plan.lots, names=plan.names, lot=plan.op_lot[ints(op)],
                    name=plan.op_name[ints(op)], resource=ints(resource), configuration=ints(configuration),
                    mode=ints(mode), start=ints(start), end=ints(end), rec_start=ints(start), rec_end=ints(start),
                    position=ints(position), pegs=plan.pegs, resources=tuple(r.id for r in scenario.resources),
                    configurations=tuple(r.configurations for r in scenario.resources), orders=scenario.orders.id)


def bars(scenario: Scenario, wanted: Mapping[str, Bar]) -> Schedule:
    """A schedule from {'LOT operation': (resource, start, end, configuration, mode)}, in sequence order."""
    plan = build(scenario)
    keys = {f"{plan.lots.id[lot]} {plan.names[name]}": i
            for i, (lot, name) in enumerate(zip(plan.op_lot.tolist(), plan.op_name.tolist()))}
    names = [r.id for r in scenario.resources]
    made: list[list[int]] = [[] for _ in range(7)]
    for key, bar in wanted.items():
        resource = names.index(bar[0])
        configurations = scenario.resources[resource].configurations
        configuration = configurations.index(bar[3]) if len(bar) > 3 else 0
        position = made[1].count(resource)
        for column, value in zip(made, (keys[key], resource, configuration, bar[4] if len(bar) > 4 else 0, bar[1],
                                        bar[2], position)):
            column.append(value)
    return columns(scenario, plan, *made)


def generated(scenario: Scenario, seed: int, idle: int = 0) -> Schedule:
    """A valid schedule: operations in a random order that respects precedence, each in a random mode, appended.

    Each starts as early as it can, now and then up to `idle` ticks later.
    """
    plan, chance = build(scenario), random.Random(seed)
    tables = {name: changes(cell, scenario.axis)[0] for name, cell in scenario.plant.cells.items()}
    windows = [[w.tolist() for w in scenario.windows(r, 200_000)] for r in scenario.resources]
    before: list[list[int]] = [[] for _ in range(len(plan))]
    for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist()):
        before[b].append(a)
    last: dict[int, tuple[int, int, int]] = {}
    done: dict[int, tuple[int, int]] = {}
    made: list[list[int]] = [[] for _ in range(7)]
    while len(done) < len(plan):
        op = chance.choice([o for o in range(len(plan)) if o not in done and all(p in done for p in before[o])])
        mode = chance.randrange(int(plan.mode_first[op]), int(plan.mode_first[op + 1]))
        r, c = int(plan.mode_resource[mode]), int(plan.mode_configuration[mode])
        resource, length = scenario.resources[r], int(plan.mode_duration[mode])
        ready = max([int(plan.op_release[op]), *(
            done[p][1] + int(scenario.transport[scenario.resources[done[p][0]].location, resource.location])
            for p in before[op])])
        ended, previous, position = last.get(r, (0, resource.initial, -1))
        change = int(tables[resource.cell][previous, c]) if previous >= 0 else 0
        start = earliest(windows[r], max(ready, ended), ended, change, length)
        if idle and chance.random() < 0.3:
            start = earliest(windows[r], start + chance.randrange(1, idle), ended, change, length)
        done[op], last[r] = (r, start + length), (start + length, c, position + 1)
        for column, value in zip(made, (op, r, c, int(plan.mode_index[mode]), start, start + length, position + 1)):
            column.append(value)
    return columns(scenario, plan, *made)


def earliest(windows: list[list[int]], ready: int, ended: int, change: int, length: int) -> int:
    """First start at or after `ready`, in one window, with `change` open ticks between `ended` and it."""
    missing = change
    for a, b in zip(*windows):
        if b < ended:
            continue
        begin = max(a, ended) + missing
        start = max(begin, ready, a)
        if begin <= b and start + length <= b:
            return start
        missing = max(0, missing - (b - max(a, ended)))
    raise AssertionError("the calendar ends too early")


def rows(schedule: Schedule, keep: np.ndarray) -> Schedule:
    """Only these operations."""
    names = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")
    return replace(schedule, **{name: getattr(schedule, name)[keep] for name in names})


def partial(schedule: Schedule, seed: int) -> Schedule:
    """About half of the operations."""
    return rows(schedule, np.random.default_rng(seed).random(len(schedule)) < 0.5)


def damaged(schedule: Schedule, seed: int) -> Schedule:
    """Somebody dragged bars: other times, other lengths, other places in the sequence."""
    chance = np.random.default_rng(seed)
    n = len(schedule)
    start = np.maximum(0, schedule.start + chance.integers(-900, 900, n) * (chance.random(n) < 0.5))
    return replace(schedule, start=start, end=start + chance.integers(0, 120, n), position=chance.integers(0, 9, n))


def early_ends(scenario: Scenario, schedule: Schedule) -> list[int]:
    """When each operation could end at the earliest, with the same modes and sequences."""
    plan, run = build(scenario), sequence(scenario, schedule)
    at = {(int(lot), int(name)): i for i, (lot, name) in enumerate(zip(schedule.lot, schedule.name))}
    row = [at[int(lot), int(name)] for lot, name in zip(plan.op_lot, plan.op_name)]
    ready = dict(zip(row, plan.op_release.tolist()))
    after: dict[int, list[int]] = {i: [] for i in row}
    for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist()):
        after[row[a]].append(row[b])
    windows = [[w.tolist() for w in scenario.windows(r, 200_000)] for r in scenario.resources]
    place = [scenario.resources[int(r)].location for r in schedule.resource]
    ends = [0] * len(schedule)
    for i in np.argsort(schedule.start, kind="stable").tolist():
        before = int(run.previous[i])
        ended, length = ends[before] if before >= 0 else 0, int(schedule.end[i] - schedule.start[i])
        opened = windows[int(schedule.resource[i])]
        ends[i] = length + earliest(opened, max(ready[i], ended), ended, int(run.time[i]), length)
        for j in after[i]:
            ready[j] = max(ready[j], ends[i] + int(scenario.transport[place[i], place[j]]))
    return ends
