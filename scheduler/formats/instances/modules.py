"""Reconfigurable assembly with modules, workers and waves.

Source: github.com/chenzy-pixel/fatigue_aware_reconfigurable_assembly_scheduling. A JSON file per instance, schema 1:
machines carry one of their modules at a time; an operation needs a module and takes base_processing_time x
processing_speed_factor of the machine with it; an order is a chain, released in its wave. From one module to another
a qualified worker takes the old one off, then a qualified worker puts the new one on; both times are the machine's
for the module, times 1 + coefficient x the worker's fatigue. Every duration is rounded up to `resolution`. Runs need
nobody. A reconfiguration begins once its order is there and its operation before is done. Modules are never short.
(The repository's parameter definition, sections 2 to 8, and environment/dynamics.py.) Its three measures are total
flow time, reconfiguration cost and the variance of the workers' loads.

Ours minimises total flow time (lead_time), in units of `resolution`. docs/model/instances.md says what is
approximated: fatigue, who is busy how long during a reconfiguration, and the two other measures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from scheduler.domain.catalog import Alternative, Catalog, Operation, Work
from scheduler.domain.orders import Routing
from scheduler.domain.plant import (
    Availability,
    Cell,
    Change,
    Configuration,
    Crew,
    CrewNeed,
    Fixture,
    FixtureNeed,
    Module,
    Plant,
    ResourceSpec,
)
from scheduler.domain.policy import Policy
from scheduler.domain.quantities import CENTS, Model
from scheduler.domain.scenario import Scenario
from scheduler.errors import Mistake
from scheduler.formats.instances.build import AXIS, own_orders
from scheduler.formats.instances.tree import Tree, refuse

EPSILON = Decimal("1e-9")
"""What their rounding to the time grid overlooks."""
Amount = Annotated[Decimal, Field(ge=0, le=1_000_000)]


class ModuleParameters(Model):
    disassembly_base_time: Amount
    installation_base_time: Amount
    processing_speed_factor: Amount


class Machine(Model):
    id: str
    downtime_cost_per_minute: Amount
    initial_module: str
    module_parameters: dict[str, ModuleParameters] = Field(min_length=1)


class ModuleCost(Model):
    fixed_disassembly_cost: Amount
    fixed_installation_cost: Amount


class Step(Model):
    id: str
    base_processing_time: Amount
    required_module: str
    sequence: int


class WaveOrder(Model):
    id: str
    operations: tuple[Step, ...] = Field(min_length=1)
    release_time: Amount
    wave: str


class Worker(Model):
    id: str
    initial_fatigue: Amount
    labor_cost_per_minute: Amount
    qualified_modules: tuple[str, ...]


class Fatigue(Model):
    disassembly_accumulation_rate_per_minute: Amount
    disassembly_time_coefficient: Amount
    idle_recovery_rate_per_minute: Amount
    initial_fatigue: Amount
    installation_accumulation_rate_per_minute: Amount
    installation_time_coefficient: Amount
    maximum_safe_fatigue: Amount


class Clock(Model):
    horizon: Amount
    resolution: Annotated[Decimal, Field(gt=0)]
    unit: str

    def ticks(self, minutes: Decimal) -> int:
        return max(0, math.ceil((minutes - EPSILON) / self.resolution))


class ModulesInstance(Model):
    fatigue: Fatigue
    instance_id: str
    instance_type: str
    machines: tuple[Machine, ...] = Field(min_length=1)
    modules: dict[str, ModuleCost]
    orders: tuple[WaveOrder, ...] = Field(min_length=1)
    schema_version: str
    sets: dict[str, Any]
    time: Clock
    truncation: dict[str, Any]
    waves: dict[str, Any]
    workers: tuple[Worker, ...] = Field(min_length=1)


class ModulesFile(Model):
    instance: ModulesInstance
    metadata: dict[str, Any] = {}


def read_modules(name: str, tree: Tree) -> Scenario:
    """A cell for each machine with a configuration for each of its modules, a crew for each worker, a pallet for each
    order (of which there is none before its release), and the horizon as everybody's deadline. All keep the file's
    names."""
    file = tree.model(ModulesFile).instance
    _check(tree, file)
    clock, n = file.time, len(file.orders)
    people = _Teams(file)
    able = {(m.id, module): [other for other in m.module_parameters if other != module]
            for m in file.machines for module in m.module_parameters}
    routings = {o.id: _routing(file, o, people, able) for o in file.orders}
    release = [clock.ticks(o.release_time) for o in file.orders]
    plant = Plant(
        crews=people.crews(), fixtures={o.id: _pallet(r) for o, r in zip(file.orders, release)},
        modules={f"{m.id} {k}": _module(file, m, k) for m in file.machines for k in m.module_parameters},
        cells={m.id: Cell(
            configurations={k: Configuration(attributes={"module": k}, modules=(f"{m.id} {k}",))
                            for k in m.module_parameters},
            resources={m.id: ResourceSpec(initial_configuration=m.initial_module)}) for m in file.machines})
    operations = sum(len(o.operations) for o in file.orders)
    return Scenario(
        name=name, axis=AXIS, currency="", plant=plant, catalog=Catalog(), value_classes={}, customers={},
        policy=Policy(objective="lead_time"),
        orders=own_orders(routings, release=release, deadline=[clock.ticks(clock.horizon)] * n),
        description=f"Public instance: reconfigurable assembly, {n} jobs, {operations} operations, "
                    f"{len(file.machines)} machines, {len(file.workers)} workers; "
                    f"one tick is {clock.resolution} min.")


def _routing(file: ModulesInstance, order: WaveOrder, people: _Teams, able: dict[tuple[str, str], list[str]]
             ) -> Routing:
    operations = {}
    for step in sorted(order.operations, key=lambda s: s.sequence):
        ways = []
        for machine in file.machines:
            found = machine.module_parameters.get(step.required_module)
            if found is not None:
                ticks = file.time.ticks(step.base_processing_time * found.processing_speed_factor)
                others = able[machine.id, step.required_module]
                ways += [Alternative(resources=(machine.id,), work=Work.model_construct(fixed=ticks), crews=crews)
                         for crews in people.teams(others[0] if others else None, step.required_module)]
        first, *rest = ways
        operations[step.id] = Operation(
            needs={"module": step.required_module}, resources=first.resources, work=first.work or Work(),
            crews=first.crews or (), alternatives=tuple(rest), fixtures=(FixtureNeed(fixture=order.id),))
    return Routing(operations=operations)


def _pallet(release: int) -> Fixture:
    missing = Availability(start=AXIS.to_datetime(0), end=AXIS.to_datetime(release), number=0, reason="not released")
    return Fixture(kind="pallet", changes=(missing,) if release else ())


def _module(file: ModulesInstance, machine: Machine, name: str) -> Module:
    """A module on a machine, which has its own one: times as for the most tired worker allowed, standstill in the
    cost."""
    times, costs, fatigue = machine.module_parameters[name], file.modules[name], file.fatigue

    def change(base: Decimal, coefficient: Decimal, fixed: Decimal) -> Change:
        ticks = file.time.ticks(base * (1 + coefficient * fatigue.maximum_safe_fatigue))
        cost = fixed + machine.downtime_cost_per_minute * ticks * file.time.resolution
        return Change.model_construct(time=ticks, cost=math.floor(cost * CENTS + Decimal("0.5")))

    return Module(
        install=change(times.installation_base_time, fatigue.installation_time_coefficient,
                       costs.fixed_installation_cost),
        remove=change(times.disassembly_base_time, fatigue.disassembly_time_coefficient,
                      costs.fixed_disassembly_cost))


class _Teams:
    """Who can take one module off and put another on: a worker qualified for both, or two of whom each is for one only.
    Both of two are busy during the whole reconfiguration.

    The two are workers with a single qualification where there are such, else any who lack the other module: every
    further team is a further mode, and one with a worker for both is never needed.
    """

    def __init__(self, file: ModulesInstance):
        self.skills: dict[str, dict[str, int]] = {}
        pairs = {(a, b) for m in file.machines for a in m.module_parameters for b in m.module_parameters if a < b}
        for worker in file.workers:
            able = set(worker.qualified_modules)
            found = [f"only {x}" for x in able] if len(able) == 1 else []
            for a, b in sorted(pairs):
                if able >= {a, b}:
                    found.append(f"{a} and {b}")
                else:
                    found += [f"{x} without {y}" for x, y in ((a, b), (b, a)) if x in able]
            self.skills[worker.id] = dict.fromkeys(found, 100)
        self.known = {skill for skills in self.skills.values() for skill in skills}

    def crews(self) -> dict[str, Crew]:
        return {name: Crew(skills=skills) for name, skills in self.skills.items() if skills}

    def teams(self, old: str | None, new: str) -> Iterator[tuple[CrewNeed, ...]]:
        if old is None:
            yield ()
            return
        both, single = f"{min(old, new)} and {max(old, new)}", (f"only {old}", f"only {new}")
        two = single if self.known.issuperset(single) else (f"{old} without {new}", f"{new} without {old}")
        for needs in ((both,), two):
            if self.known.issuperset(needs):
                yield tuple(CrewNeed(skill=skill, during="reconfiguration") for skill in needs)


def _check(tree: Tree, file: ModulesInstance) -> None:
    found: list[Mistake] = []

    def wrong(where: tuple[str | int, ...], what: str, instead: str) -> None:
        found.append(tree.wrong(("instance", *where), what, instead))

    people = _Teams(file)
    usable: set[str] = set()
    for i, machine in enumerate(file.machines):
        mine = list(machine.module_parameters)
        if len(mine) > 2:
            wrong(("machines", i), f"machine '{machine.id}' has {len(mine)} modules, so that who takes the old one off "
                  "depends on which it is", "machines of at most 2 modules can be read")
        for name in mine:
            if name not in file.modules:
                wrong(("machines", i, "module_parameters", name), f"there is no module '{name}'", "add it to modules")
            usable |= {name} if len(mine) == 1 or any(True for _ in people.teams(
                next(o for o in mine if o != name), name)) else set()
        if machine.initial_module not in mine:
            wrong(("machines", i, "initial_module"), f"'{machine.initial_module}' is no module of this machine",
                  "write one of its module_parameters")
    for i, order in enumerate(file.orders):
        for k, step in enumerate(order.operations):
            if step.required_module not in usable:
                wrong(("orders", i, "operations", k, "required_module"),
                      f"no machine can be given module '{step.required_module}' by the workers", "name another module")
        if len({step.id for step in order.operations}) < len(order.operations):
            wrong(("orders", i), f"an operation of order '{order.id}' stands twice", "give each its own id")
    for where, ids in (("machines", [m.id for m in file.machines]), ("orders", [o.id for o in file.orders]),
                       ("workers", [w.id for w in file.workers])):
        if len(set(ids)) < len(ids):
            wrong((where,), f"an id in {where} stands twice", "give each its own")
    refuse(found)
