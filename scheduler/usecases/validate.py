"""Validate: what the judge says of a schedule, whoever made it."""

from __future__ import annotations

from scheduler.domain.results import Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.errors import InputError, Mistake
from scheduler.validation import judge


def validate(scenario: Scenario, schedule: Schedule, limit: int = 1000) -> list[Violation]:
    """Every violation (at most `limit`), each with rule, order, operation, resource and time; empty for a valid
    schedule."""
    return judge.validate(scenario, schedule, limit)


def check_belongs(scenario: Scenario, schedule: Schedule) -> None:
    """Raises InputError where the schedule speaks of orders, resources, configurations or components that are not those
    of the scenario, so that nothing can be said about it."""
    def refuse(what: str) -> None:
        raise InputError([Mistake((), what, "name the scenario it was made for; 'scheduler validate' lists all that "
                                  "differs", "SCHEDULE")])

    resources = scenario.resources
    for what, told, right in (
            ("orders", schedule.orders, scenario.orders.id),
            ("resources", schedule.resources, tuple(r.id for r in resources)),
            ("configurations", schedule.configurations, tuple(r.configurations for r in resources))):
        if told != right:
            refuse(f"the {what} of this schedule (of '{schedule.header.scenario}') are not those of the scenario "
                   f"'{scenario.name}'")
    for name in (*filter(None, schedule.lots.item), *schedule.pegs.component):
        if name not in scenario.catalog.components and name != "maintenance":
            refuse(f"the schedule has the component '{name}', which the scenario does not")
