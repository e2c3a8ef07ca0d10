"""Rule eligibility: every operation runs in a mode it has, where that is possible."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "eligibility"


def eligibility(context: Context) -> Iterator[Violation]:
    """Forbids modes an operation does not have, and resources or configurations without what the mode asks for.

    Allows every alternative, and every resource and configuration with its capability and attributes.
    """
    known = context.operation >= 0
    for i in np.flatnonzero(known & (context.way < 0)).tolist():
        at = int(context.operation[i])
        count = int(context.tables.way_first[at + 1] - context.tables.way_first[at])
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} runs in mode {int(context.mode[i])}, but its modes "
                                     f"are numbered 0 to {count - 1}.")
    rows = np.flatnonzero(known & (context.way >= 0) & context.placed)
    fine = context.tables.abilities.allows(
        context.tables.ability[context.way[rows]], context.resource[rows], context.configuration[rows])
    for i in rows[~fine].tolist():
        setting = context.resources[int(context.resource[i])].configurations[int(context.configuration[i])]
        yield context.blame(RULE, i, f"Operation {context.operation_text(i)} in mode {int(context.mode[i])} cannot run on "
                                     f"{context.resource_text(i)} in configuration {setting}.")
