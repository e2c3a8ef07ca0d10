"""Whether a scenario uses anything beyond the plain shop, and its plan if so."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from scheduler.domain.catalog import Alternative, Component, Family, Operation
from scheduler.domain.orders import Routing
from scheduler.domain.plant import Cell
from scheduler.domain.scenario import Scenario
from scheduler.planning.build import build
from scheduler.planning.plan import Plan

_PLANS: WeakKeyDictionary[Scenario, list[Plan]] = WeakKeyDictionary()


def shop_plan(scenario: Scenario) -> Plan | None:
    """The plan of a scenario with a shop beyond the plain one, None of a plain scenario; built once per scenario.

    Raises InputError as `build` does.
    """
    if scenario not in _PLANS:
        plan = build(scenario) if beyond_plain(scenario) else None
        _PLANS[scenario] = [plan] if plan is not None and plan.shop is not None else []
    return next(iter(_PLANS[scenario]), None)


def beyond_plain(scenario: Scenario) -> bool:
    """Whether some field is used that the plain shop does not have. The plan may still turn out plain."""
    plant, catalog = scenario.plant, scenario.catalog
    if scenario.now > 0 or scenario.floor or scenario.policy.refuse_orders or plant.work_in_process is not None:
        return True
    if plant.crews or plant.fixtures or plant.modules or plant.buffers or plant.transport.vehicles is not None:
        return True
    if any(spec.overtime or spec.unattended for spec in plant.calendars.values()):
        return True
    if any(_cell(cell) for cell in plant.cells.values()):
        return True
    routings = (v.routing for v in scenario.orders.variants if v.routing is not None)
    makers: tuple[Family | Component | Routing, ...] = (
        *catalog.families.values(), *catalog.components.values(), *routings)
    if any(part.arrivals or (part.buy is not None and part.buy.expedite) for part in catalog.components.values()):
        return True
    if any(maker.sub_plans or maker.holds or _operations(maker.operations.values()) for maker in makers):
        return True
    return any(_operations(choice.add_operations.values()) for family in catalog.families.values()
               for option in family.options.values() for choice in option.choices.values())


def _cell(cell: Cell) -> bool:
    spec = cell.reconfiguration
    return bool(cell.kind != "cell" or cell.batch or spec.crews or spec.minimum_run or not spec.unattended
                or any(r.speeds or r.planned_maintenance for r in cell.resources.values()))


def _operations(operations: Iterable[Operation]) -> bool:
    return any(_way(op) or op.loading or op.unloading or op.pausing or op.links or op.same_resource_as
               or op.other_resource_than or op.start_with or op.split or op.batch
               or any(_way(other) for other in op.alternatives) for op in operations)


def _way(way: Operation | Alternative) -> bool:
    return bool(way.crews or way.fixtures)
