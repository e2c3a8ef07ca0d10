"""What already happened: facts, pins, what was announced and what is late, drawn from the plan of a factory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.planning.build import build
from scheduler.planning.plan import Plan
from tests.generated.factories import Factory
from tests.generated.rules.mix import Json, Mix


class Floor:
    """A factory's plan, and entries about its operations."""

    def __init__(self, m: Mix) -> None:
        self.m, self.draw = m, m.draw
        self.scenario: Scenario = Factory(m.file, m.orders).scenario()
        self.plan: Plan = build(self.scenario)
        self.entries: list[Json] = m.file.setdefault("floor", [])
        self.known = {(e["lot"], e["operation"]) for e in self.entries}

    def operations(self, percent: int, first: bool = False) -> Iterator[tuple[int, Json]]:
        """(operation, lot and name of it) of some; `first`: only those that wait for nothing."""
        plan = self.plan
        for o in range(len(plan)):
            if plan.shop is not None and plan.shop.op_supply[o] >= 0:
                continue
            entry = {"lot": plan.lots.id[plan.op_lot[o]], "operation": plan.names[plan.op_name[o]]}
            if (entry["lot"], entry["operation"]) in self.known or (first and (plan.arc_to == o).any()):
                continue
            if self.draw.maybe(percent):
                yield o, entry

    def resource(self, o: int) -> str:
        """Of one of an operation's modes."""
        plan = self.plan
        m = self.draw.choose(int(plan.mode_first[o]), int(plan.mode_first[o + 1]) - 1)
        return self.scenario.resources[int(plan.mode_resource[m])].id

    def at(self, tick: int) -> str:
        return self.scenario.axis.to_datetime(tick).isoformat()

    def ticks(self, minutes: int) -> int:
        return max(1, minutes * 60_000 // self.scenario.axis.tick)


def now(m: Mix) -> None:
    """Some first operations ran or run, each on a resource of its own."""
    floor, draw = Floor(m), m.draw
    tick = draw.choose(1, floor.ticks(600))
    m.file["now"] = floor.at(tick)
    used: set[str] = set()
    for o, entry in floor.operations(45, first=True):
        resource = floor.resource(o)
        if resource in used:
            continue
        used.add(resource)
        start = draw.choose(0, tick)
        entry |= {"resource": resource, "start": floor.at(start)}
        if draw.maybe(50):
            entry |= {"state": "finished", "end": floor.at(draw.choose(start, tick))}
        else:
            entry |= {"state": "started"}
            if draw.maybe(60):
                entry["remaining"] = f"{draw.choose(0, 90)} min"
        floor.entries.append(entry)


def pins(m: Mix) -> None:
    """Some operations must run on a resource, at a time, or behind another one."""
    floor, draw = Floor(m), m.draw
    last: Json | None = None
    for o, entry in floor.operations(20):
        entry["state"] = "pinned"
        kind = draw.pick("resource", "resource", "start", "behind")
        if kind == "behind" and last is not None:
            entry["behind"] = f"{last['lot']}/{last['operation']}"
        elif kind == "start":
            entry["start"] = floor.at(floor.scenario.now + draw.choose(0, floor.ticks(2000)))
        else:
            entry["resource"] = floor.resource(o)
        floor.entries.append(entry)
        last = entry


def announced(m: Mix) -> None:
    """Where the last schedule put operations, and what moving them costs."""
    floor, draw = Floor(m), m.draw
    m.file["policy"]["replanning"] = {"per_move": draw.pick(0, 2), "per_hour": draw.pick(0, 0.7),
                                      "other_resource": draw.pick(0, 3), "tolerance": f"{draw.pick(0, 30)} min"}
    for o, entry in floor.operations(60):
        entry |= {"state": "announced", "resource": floor.resource(o),
                  "start": floor.at(floor.scenario.now + draw.choose(0, floor.ticks(2000)))}
        floor.entries.append(entry)


def late_material(m: Mix) -> None:
    floor, draw = Floor(m), m.draw
    pegs = floor.plan.pegs
    for p in np.flatnonzero(pegs.lot < 0).tolist():
        if draw.maybe(50):
            floor.entries.append({"lot": floor.plan.lots.id[pegs.consumer[p]], "operation": pegs.component[p],
                                  "state": "material", "end": floor.at(draw.choose(0, floor.ticks(1500)))})
