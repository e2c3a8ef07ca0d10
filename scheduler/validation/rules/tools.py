"""Rule tools: a shared tool is there before it is used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.rules.precedence import late_arcs
from scheduler.validation.tables import spread

RULE = "tools"


def tools(context: Context) -> Iterator[Violation]:
    """Forbids an operation that needs a tool not in stock to start before the tool's shared lot is complete and
    transported, or, where the tool is bought, before its lead time from the origin has passed.

    Allows any number of operations to use one tool at the same time, whatever the pegs say.
    """
    tables = context.tables
    lots = np.flatnonzero(context.lot_template >= 0)
    owner, need = spread(tables.need_first, context.lot_template[lots])
    component = tables.component[need]
    asked = context.is_tool[component] & (context.stock[component] < 1)
    place, target = spread(tables.target_first, need[asked])
    lot, tool = lots[owner[asked][place]], component[asked][place]
    row = context.row_of[context.needed(lot, tables.target[target])]
    row, tool = row[row >= 0], tool[row >= 0]
    bought = context.lead[tool] >= 0
    for i, number in zip(row[bought].tolist(), tool[bought].tolist()):
        if context.start[i] < context.lead[number]:
            yield context.blame(RULE, i, f"Operation {context.operation_text(i)} starts at {context.when(int(context.start[i]))}, before "
                                         f"the bought tool {tables.components[number]} arrives at "
                                         f"{context.when(int(context.lead[number]))}.")
    made = context.tool_lot[tool] >= 0
    place, ending = context.pegs.ends(context, context.tool_lot[tool[made]])
    yield from late_arcs(context, RULE, ending, row[made][place])
