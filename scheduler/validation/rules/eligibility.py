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
    first = context.tables.way_first
    for i in np.flatnonzero((context.operation >= 0) & (context.way < 0)).tolist():
        count = int(first[context.operation[i] + 1] - first[context.operation[i]])
        yield context.blame(RULE, i, f"runs in mode {int(context.mode[i])}; it has {count}, numbered from 0.")
    rows = np.flatnonzero((context.way >= 0) & context.placed & ~context.fact)
    fine = context.tables.abilities.allows(
        context.tables.ability[context.way[rows]], context.resource[rows], context.configuration[rows])
    for i in rows[~fine].tolist():
        yield context.blame(RULE, i, f"cannot run in mode {int(context.mode[i])} on {context.named_resource(i)} in "
                                     f"configuration {context.named_configuration(i)}.")
