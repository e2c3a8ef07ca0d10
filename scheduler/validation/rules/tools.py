"""Rule tools: a shared tool is there before it is used."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.rules.precedence import too_early
from scheduler.validation.tables import spread

RULE = "tools"


def tools(context: Context) -> Iterator[Violation]:
    """Forbids an operation that needs a tool not in stock to start before the tool's shared lot is complete and
    transported, or, where the tool is bought, before its lead time from the origin has passed.

    Allows any number of operations to use one tool at the same time, whatever the pegs say.
    """
    tables = context.tables
    lot, need = context.needs
    component = tables.component[need]
    asked = context.is_tool[component] & (context.on_hand[component] < 1)
    place, target = spread(tables.target_first, need[asked])
    row, tool = context.row_of[context.needed(lot[asked][place], tables.target[target])], component[asked][place]
    row, tool = row[row >= 0], tool[row >= 0]
    lead = context.lead[tool]
    early = (lead >= 0) & (context.start[row] < lead) & ~context.fact[row]
    for i, number in zip(row[early].tolist(), tool[early].tolist()):
        yield context.blame(RULE, i, f"starts at {context.when(context.start[i])}, before the bought tool "
                                     f"{tables.components[number]} arrives at {context.when(context.lead[number])}.")
    made = context.tool_lot[tool] >= 0
    place, ending = context.endings(context.tool_lot[tool[made]])
    yield from too_early(context, RULE, ending, row[made][place])
