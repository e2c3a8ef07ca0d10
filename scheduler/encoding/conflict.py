"""What together makes a scenario infeasible, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.quantities import format_duration, format_money
from scheduler.domain.scenario import Scenario
from scheduler.planning.plan import Plan

_NAMES = {"money": "total cost", "makespan": "makespan", "weighted_tardiness": "sum of priority x time after due",
          "lead_time": "sum of priority x lead time"}


def describe_conflict(scenario: Scenario, plan: Plan, jobs: Sequence[int], budgets: Sequence[str],
                      operations: Sequence[int]) -> list[str]:
    """One sentence for each hard deadline (jobs are orders), budget and operation that takes part in the conflict."""
    orders, axis = scenario.orders, scenario.axis
    found = [f"order {orders.id[j]} must be complete by {axis.until(int(orders.deadline[j]))}" for j in jobs]
    for measure in budgets:
        limit = getattr(scenario.policy.budgets, measure)
        if measure == "money":
            text = format_money(limit, scenario.currency)
        else:
            text = str(limit // axis.tick) if axis.integer else format_duration(limit)
        found.append(f"the {_NAMES[measure]} must not exceed the budget of {text}")
    return found + [_operation(scenario, plan, o) for o in operations]


def _operation(scenario: Scenario, plan: Plan, o: int) -> str:
    modes = slice(int(plan.mode_first[o]), int(plan.mode_first[o + 1]))
    names = dict.fromkeys(scenario.resources[r].id for r in plan.mode_resource[modes].tolist() if r >= 0)
    shortest = format_duration(int(plan.mode_duration[modes].min()) * scenario.axis.tick)
    what = f"operation {plan.names[plan.op_name[o]]} of lot {plan.lots.id[plan.op_lot[o]]}"
    if plan.shop is None:
        return f"{what} takes {shortest} and must fit into one open window of " + " or ".join(names)
    teams = {plan.shop.teams[k] for k in plan.shop.mode_team[modes].tolist()}
    crews = " while its crew is there" if any(teams) else ""
    fit = "finds not enough open time on" if plan.shop.mode_pause[modes].all() else "must fit into one open window of"
    pins = ", as the floor has it" if scenario.floor else ""
    return f"{what} takes {shortest} and {fit} " + " or ".join(names) + crews + pins
