"""Why orders are late, and which resources hold them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.domain.orders import NEVER
from scheduler.domain.results import Bottleneck, Costs, Explanation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.encoding.encode import encode
from scheduler.evaluation import explain as evaluation
from scheduler.evaluation.costs import costs as costs_of
from scheduler.evaluation.kpis import kpis
from scheduler.planning.build import build
from scheduler.problem.ruled import rules_of
from scheduler.problem.ruled_bounds import heads
from scheduler.usecases.validate import check_belongs


@dataclass(frozen=True)
class Reasons:
    """explanations: of the orders asked for, or of all late ones, costliest first; bottlenecks: of the late orders.

    unmet: by refused order whose hard deadline cannot be met even alone a few words that say so.
    """

    explanations: tuple[Explanation, ...]
    bottlenecks: tuple[Bottleneck, ...]
    unmet: dict[str, str] = field(default_factory=dict)


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
    hopeless = _hopeless(scenario, schedule)
    wanted = late if orders is None else [
        evaluation.explain(scenario, schedule, costs, j, earliest=hopeless.get(j)) for j in orders]
    found = evaluation.bottlenecks(scenario, schedule, late, kpis(scenario, schedule, costs))
    return Reasons(tuple(wanted), tuple(found), {
        scenario.orders.id[j]: evaluation.unmet(scenario, j, tick) for j, tick in hopeless.items()})


def _hopeless(scenario: Scenario, schedule: Schedule) -> dict[int, int]:
    """Earliest completion of the refused orders for which it lies after their hard deadline, had they the floor to
    themselves and all overtime."""
    orders = scenario.orders
    asked = [j for j in schedule.refused if orders.deadline[j] < NEVER]
    if not asked:
        return {}
    problem = encode(scenario, build(scenario))
    end, sure = heads(problem), rules_of(problem).branch < 0
    found = {j: int(end[(problem.account == j) & sure].max(initial=0)) for j in asked}
    return {j: tick for j, tick in found.items() if tick > orders.deadline[j]}
