"""Rule budgets: no measure exceeds what the policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.policy import MEASURES
from scheduler.domain.quantities import format_money
from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.costs import measured

RULE = "budgets"


def budgets(context: Context) -> Iterator[Violation]:
    """Forbids money, makespan, weighted tardiness or lead time above the policy's budget for it.

    Allows a measure to reach its budget exactly. Nothing is said about incomplete schedules, whose measures mean nothing.
    """
    values = measured(context)
    if values is None:
        return
    for name in MEASURES:
        limit, value = getattr(context.scenario.policy.budgets, name), values[name]
        if limit is None:
            continue
        if name == "money":
            if value > limit:
                currency = context.scenario.currency
                yield Violation(RULE, f"The schedule costs {format_money(value, currency)}, above the budget of "
                                      f"{format_money(limit, currency)}.")
        elif value * context.scenario.axis.tick > limit:
            yield Violation(RULE, f"The {name.replace('_', ' ')} is {context.span(value)}, above the budget of "
                                  f"{context.span(limit // context.scenario.axis.tick)}.", time=value if name == "makespan" else None)
