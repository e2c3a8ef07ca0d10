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

    Allows a measure to reach its budget exactly. Says nothing about incomplete schedules: their measures mean nothing.
    """
    values, tick, currency = measured(context), context.scenario.axis.tick, context.scenario.currency
    for name in MEASURES if values else ():
        limit, value = getattr(context.scenario.policy.budgets, name), values[name] if values else 0
        if limit is None:
            continue
        if name == "money" and value > limit:
            yield Violation(RULE, f"The schedule costs {format_money(value, currency)}, above the budget of "
                                  f"{format_money(limit, currency)}.")
        elif name != "money" and value * tick > limit:
            yield Violation(RULE, f"The {name.replace('_', ' ')} is {context.span(value)}, above the budget of "
                                  f"{context.span(limit // tick)}.", time=value if name == "makespan" else None)
