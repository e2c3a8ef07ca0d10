"""From what an instance file says to a Scenario of orders with their own routing on an integer time axis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from scheduler.domain.catalog import Alternative, Catalog, Operation, Work
from scheduler.domain.orders import NEVER, Orders, Routing, Variant, orders_from_columns
from scheduler.domain.plant import Cell, Configuration, Crew, CrewNeed, Plant, Reconfiguration, ResourceSpec
from scheduler.domain.policy import Policy
from scheduler.domain.scenario import Scenario
from scheduler.domain.timeaxis import TimeAxis
from scheduler.formats.instances.model import Instance, Setups, Step

AXIS = TimeAxis(origin=datetime(2000, 1, 1, tzinfo=UTC), zone="UTC", tick=1, integer=True)


def build(name: str, instance: Instance) -> Scenario:
    """The scenario: a cell with one resource per machine, an order per job; names are the file's indices.

    With setups every resource has a configuration for each operation (or job) that it can do, named by its index;
    the first operation on a resource needs no setup. A worker is a crew of one person with a skill of that same name;
    each pair of a machine and a worker is a mode. pydantic's checks are left out as the reader has made them.
    """
    policy = Policy(objective="makespan", speed_measure="makespan")
    if instance.due is not None:
        policy = Policy(objective="weighted_tardiness", speed_measure="weighted_tardiness")
    operations = sum(len(job) for job in instance.jobs)
    crews = {str(w): Crew.model_construct(skills={str(w): 100}) for w in range(instance.workers)}
    people = f", {instance.workers} workers" if instance.workers else ""
    return Scenario(
        name=name, axis=AXIS, currency="", plant=Plant.model_construct(crews=crews, cells=_cells(instance)),
        catalog=Catalog(), value_classes={}, customers={}, policy=policy, orders=_orders(instance),
        description=f"Public instance: {instance.kind}, {len(instance.jobs)} jobs, {operations} operations, "
                    f"{instance.machines} machines{people}.")


def own_orders(routings: Mapping[str, Routing], **columns: Any) -> Orders:
    """Orders of quantity 1, one for each routing, named by its key. Columns not given: no due date, no money."""
    variants = [Variant(None, (), routing) for routing in routings.values()]
    return orders_of(list(routings), variants, variant=np.arange(len(variants)), **columns)


def orders_of(ids: list[str], variants: list[Variant], **columns: Any) -> Orders:
    """Orders of quantity 1. Columns not given: no due date, no money; the column `variant` must be."""
    n = len(ids)
    zeros, never = np.zeros(n, dtype=np.int64), np.full(n, NEVER)
    return orders_from_columns({
        "id": ids, "customer": [""] * n, "variants": variants, "quantity": zeros + 1,
        "release": zeros, "due": never, "deadline": never, "priority": zeros + 1, "penalty": zeros, "price": zeros,
        "late_rate": zeros, "hold_rate": zeros, "early": zeros == 0, **columns})


def _orders(instance: Instance) -> Orders:
    maker = _Maker(instance.setups)
    columns: dict[str, Any] = {}
    if instance.due is not None:
        columns["due"] = instance.due
    if instance.weights is not None:
        columns["priority"] = instance.weights
    return own_orders({str(j): maker.routing(j, job) for j, job in enumerate(instance.jobs)}, **columns)


class _Maker:
    """Makes operations; equal parts are made once, since a large instance has many alternatives."""

    def __init__(self, setups: Setups | None):
        self._kind = setups.kind if setups else ""
        self._count = 0
        self._works: dict[int, Work] = {}
        self._crews: dict[int, tuple[CrewNeed, ...]] = {}

    def routing(self, j: int, job: tuple[Step, ...]) -> Routing:
        made = {}
        for step in job:
            needs = {self._kind: str(j if self._kind == "job" else self._count)} if self._kind else {}
            made[step.name] = self._operation(step, needs)
            self._count += 1
        return Routing.model_construct(operations=made)

    def _operation(self, step: Step, needs: dict[str, str]) -> Operation:
        (machine, duration), *others = step.ways
        crews = [self._crew(w) for w in step.people] or [()] * len(step.ways)
        return Operation.model_construct(
            needs=needs, resources=(str(machine),), work=self._work(duration), after=step.after, crews=crews[0],
            alternatives=tuple(Alternative.model_construct(resources=(str(m),), work=self._work(d), crews=crew or None)
                               for (m, d), crew in zip(others, crews[1:])))

    def _crew(self, worker: int) -> tuple[CrewNeed, ...]:
        if worker not in self._crews:
            self._crews[worker] = (CrewNeed.model_construct(skill=str(worker)),)
        return self._crews[worker]

    def _work(self, duration: int) -> Work:
        if duration not in self._works:
            self._works[duration] = Work.model_construct(fixed=duration)
        return self._works[duration]


def _cells(instance: Instance) -> dict[str, Cell]:
    able: list[list[int]] = [[] for _ in range(instance.machines)]
    if instance.setups:
        able = _able(instance, instance.setups)
    found = {}
    for m, indices in enumerate(able):
        spec = {str(m): ResourceSpec.model_construct()}
        if instance.setups is None or not indices:
            found[str(m)] = Cell.model_construct(resources=spec)
            continue
        times = instance.setups.times[m]
        matrix = tuple(tuple(0 if a == b else times[a][b] for b in indices) for a in indices)
        found[str(m)] = Cell.model_construct(
            resources=spec, reconfiguration=Reconfiguration.model_construct(matrix=matrix),
            configurations={str(i): Configuration.model_construct(attributes={instance.setups.kind: str(i)})
                            for i in indices})
    return found


def _able(instance: Instance, setups: Setups) -> list[list[int]]:
    """Per machine the operations, or the jobs, that it can do, ascending."""
    found: list[set[int]] = [set() for _ in range(instance.machines)]
    count = 0
    for j, job in enumerate(instance.jobs):
        for step in job:
            for machine, _ in step.ways:
                found[machine].add(j if setups.kind == "job" else count)
            count += 1
    return [sorted(group) for group in found]
