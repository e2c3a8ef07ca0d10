"""Rule alternatives: of the ways to do a part of a routing, and of dividing a lot, one is taken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "alternatives"


def alternatives(context: Context) -> Iterator[Violation]:
    """Forbids operations of two ways to do the same part of a lot's routing (as given, or a sub-plan; whole, or split
    in so many parts), and parts of a split smaller than the least quantity.

    Allows another way for each lot. That the way taken is complete is the rule of completeness.
    """
    if not isinstance(context, Shop):
        return
    for (lot, choice), there in context.branches.items():
        chosen = context.branch(lot, choice)
        example = context.columns.names[int(context.name[there[chosen][0]])]
        for branch, rows in there.items():
            if branch != chosen:
                yield context.blame(RULE, rows[0], f"belongs to another way to do what {example} does already in lot "
                                                   f"{context.lot_id[lot]}.")
    for i in np.flatnonzero(context.operation >= 0).tolist() if context.tables.details else ():
        detail = context.tables.details[int(context.operation[i])]
        least = int(context.lot_quantity[context.lot[i]]) // detail.part[1]
        if detail.part[1] > 1 and least < detail.minimum:
            yield context.blame(RULE, i, f"is one of {detail.part[1]} parts, the smallest of which has {least} pieces; "
                                         f"each must have at least {detail.minimum}.")
