"""Checks of customers and the policy."""

from __future__ import annotations

import math

from scheduler.domain.scenario import ScenarioFile
from scheduler.usecases.diagnosis.findings import Findings


def check_policy(file: ScenarioFile, found: Findings) -> None:
    """Value classes of customers, the objective, weights and factors."""
    for name, customer in file.customers.items():
        if customer.value_class not in file.value_classes:
            found.unknown(("customers", name, "value_class"), "value class", customer.value_class,
                          list(file.value_classes))
    policy = file.policy
    for n, measure in enumerate(policy.levels):
        if measure in policy.levels[:n]:
            found.add(("policy", "objective", n), f"'{measure}' stands twice in the objective",
                      "keep the first of them")
    if not policy.levels:
        found.add(("policy", "objective"), "an objective without any measure", "write 'objective: money'")
    if "money" in policy.levels and not any(policy.weights.as_tuple()):
        found.add(("policy", "weights"), "all weights are 0, so that money measures nothing",
                  "give a term a weight of 1 or more")
    if policy.refuse_orders and policy.levels and policy.levels[0] != "money":
        found.add(("policy", "refuse_orders"), f"orders may be refused, and the first measure is {policy.levels[0]}",
                  "write 'money' as the first measure, or take 'refuse_orders' out")
    for priority, factor in policy.priority_factors.items():
        place = ("policy", "priority_factors", str(priority))
        if not (math.isfinite(factor) and 0 <= factor <= 1e6):
            found.add(place, f"a priority factor of {factor}", "write a number from 0 to 1000000")
        if not 1 <= priority <= 1000:
            found.add(place, f"a factor for priority {priority}", "priorities run from 1 to 1000")
