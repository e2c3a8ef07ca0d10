"""Rule deadline: hard deadlines are kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "deadline"


def deadline(context: Context) -> Iterator[Violation]:
    """Forbids an order whose last own operation ends after its hard deadline.

    Allows it to end at the deadline, and any lateness after a due date, which costs money but is no violation.
    """
    rows = np.flatnonzero(context.sound)
    rows = rows[context.lot_order[context.lot[rows]] >= 0]
    order = context.lot_order[context.lot[rows]]
    completion = np.full(len(context.orders), -1, dtype=np.int64)
    np.maximum.at(completion, order, context.end[rows])
    late = completion > context.orders.deadline
    for i in rows[late[order] & (context.end[rows] == completion[order])].tolist():
        number = int(context.lot_order[context.lot[i]])
        if not late[number]:
            continue
        late[number] = False
        yield context.blame(RULE, i, f"Order {context.orders.id[number]} is complete at {context.when(int(completion[number]))}, after "
                                     f"its deadline {context.when(int(context.orders.deadline[number]))}.", int(completion[number]))
