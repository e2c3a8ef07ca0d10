"""Whether a scenario uses anything beyond the plain shop."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.domain.catalog import Component
from scheduler.domain.plant import Cell, Plant
from scheduler.domain.scenario import Scenario
from scheduler.planning.crews import reconfigures
from scheduler.planning.template import Template


def ruled(scenario: Scenario, templates: Iterable[Template]) -> bool:
    """Whether the plant, the policy, the floor or one of the templates in use needs rules (Plan.shop is then given)."""
    plant, orders = scenario.plant, scenario.orders
    return (scenario.now > 0 or bool(scenario.floor) or plant.transport.vehicles is not None
            or plant.work_in_process is not None or bool(plant.buffers)
            or (scenario.policy.levels[0] == "money" and bool(orders.may_refuse.any()))
            or any(_special(cell, plant) for cell in plant.cells.values())
            or any(template.ruled for template in templates))


def dynamic(component: Component) -> bool:
    """Whether the solver chooses where each need of a component comes from."""
    expedited = component.buy is not None and component.buy.expedite is not None
    return component.kind == "part" and not component.operations and (bool(component.arrivals) or expedited)


def _special(cell: Cell, plant: Plant) -> bool:
    change = cell.reconfiguration
    names = {spec.calendar or cell.calendar for spec in cell.resources.values()}
    calendars = [plant.calendars[name] for name in names if name is not None]
    return (cell.kind == "subcontractor" or change.minimum_run > 0 or (bool(change.crews) and reconfigures(cell))
            or any(c.modules for c in cell.configurations.values())
            or (not change.unattended and any(c.unattended for c in calendars))
            or any(c.overtime for c in calendars)
            or any(spec.speeds or spec.planned_maintenance for spec in cell.resources.values()))
