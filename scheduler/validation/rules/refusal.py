"""Rule refusal: only orders that may be refused are, and then as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "refusal"


def refusal(context: Context) -> Iterator[Violation]:
    """Forbids to refuse an order that must be made, where money is not the first thing to optimise, and one of which
    something already happened; and operations of a refused order.

    Allows lots that several orders share to be made all the same.
    """
    if not isinstance(context, Shop):
        return
    money = context.scenario.policy.levels[:1] == ("money",)
    for order in np.flatnonzero(context.refused).tolist():
        name = context.orders.id[order]
        if not context.orders.may_refuse[order]:
            yield Violation(RULE, f"Order {name} is refused, but must be made.", order=name)
        elif not money:
            yield Violation(RULE, f"Order {name} is refused; orders are only refused for money.", order=name)
    for i in np.flatnonzero(context.named & context.lot_refused[np.where(context.named, context.lot, 0)]).tolist():
        done = "already happened" if context.fact[i] else "is scheduled"
        yield context.blame(RULE, i, f"{done}, but its order is refused.")
