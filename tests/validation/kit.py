"""Where cases of the rules are kept, and the three factories with their schedules."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from tests.validation.hand import cabinet_schedule, cabinets, computer_schedule, computers, job_shop, job_shop_schedule

Case = tuple[Scenario, Schedule]
CASES: dict[str, tuple[Callable[[], Case], Callable[[], Case]]] = {}


def case(rule: str) -> Callable[[type], type]:
    def keep(pair: type) -> type:
        CASES[rule] = (pair.forbidden, pair.allowed)  # type: ignore[attr-defined]
        return pair

    return keep


def jobs(**policy: object) -> Case:
    scenario = job_shop(**policy)
    return scenario, job_shop_schedule(scenario)


def cabinet(**overrides: object) -> Case:
    scenario = cabinets(**overrides)
    return scenario, cabinet_schedule(scenario)


def computer(**overrides: object) -> Case:
    scenario = computers(**overrides)
    return scenario, computer_schedule(scenario)
