"""Validate: what the judge says of a schedule, whoever made it."""

from __future__ import annotations

from scheduler.domain.results import Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.validation import judge


def validate(scenario: Scenario, schedule: Schedule, limit: int = 1000) -> list[Violation]:
    """Every violation (at most `limit`), each with rule, order, operation, resource and time; empty for a valid
    schedule."""
    return judge.validate(scenario, schedule, limit)
