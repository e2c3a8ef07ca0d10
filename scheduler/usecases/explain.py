"""Why orders are late, and which resources hold them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.results import Bottleneck, Costs, Explanation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation import explain as evaluation
from scheduler.evaluation.costs import costs as costs_of
from scheduler.evaluation.kpis import kpis
from scheduler.usecases.validate import check_belongs


@dataclass(frozen=True)
class Reasons:
    """explanations: of the orders asked for, or of all late ones, costliest first; bottlenecks: of the late orders."""

    explanations: tuple[Explanation, ...]
    bottlenecks: tuple[Bottleneck, ...]


def explain(scenario: Scenario, schedule: Schedule, orders: Sequence[int] | None = None, limit: int | None = None,
            costs: Costs | None = None) -> Reasons:
    """Explains the given orders (indices), late or not, or else all late ones (at most `limit`, costliest first).

    Bottlenecks are those of the late orders (with `limit`, of those explained). `costs` are those of the schedule,
    where they are known already. Raises IndexError for an order that is not there, InputError for a schedule of
    another scenario.
    """
    check_belongs(scenario, schedule)
    costs = costs or costs_of(scenario, schedule)
    late = evaluation.explain_late(scenario, schedule, costs, None if orders is not None else limit)
    wanted = late if orders is None else [evaluation.explain(scenario, schedule, costs, j) for j in orders]
    found = evaluation.bottlenecks(scenario, schedule, late, kpis(scenario, schedule, costs))
    return Reasons(tuple(wanted), tuple(found))
