"""Rule reconfiguration: between operations in different configurations there is time to change, and it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context

RULE = "reconfiguration"


def reconfiguration(context: Context) -> Iterator[Violation]:
    """Forbids too little working time between an operation and the one before it (or the origin and the initial
    configuration) for the change of configuration, and a stored interval that lies outside this gap, holds another amount of
    working time than the change takes, or stands where no change takes time.

    Allows the interval to lie anywhere in the gap, to pause over closed time, and to begin before the order's material is there.
    """
    rows, before = context.sequence
    need, _ = context.preparation
    last_end = np.where(before >= 0, context.end[before], 0)
    edges = np.searchsorted(context.resource[rows], np.arange(len(context.resources) + 1))
    for r, spec in enumerate(context.resources):
        part = np.arange(edges[r], edges[r + 1])
        if not len(part):
            continue
        here, since, time = rows[part], last_end[part], need[part]
        passed = context.worktime(r).passed
        start, shown_from, shown_to = context.start[here], context.rec_start[here], context.rec_end[here]
        there = passed(start) - passed(since)
        short = (time > 0) & (there < time)
        idle = (time == 0) & ((shown_from != start) | (shown_to != start))
        outside = (time > 0) & ~short & ((shown_from < since) | (shown_to < shown_from) | (shown_to > start))
        amount = passed(shown_to) - passed(shown_from)
        wrong = (time > 0) & ~short & ~outside & (amount != time)
        for k in np.flatnonzero(short | idle | outside | wrong).tolist():
            i, j = int(here[k]), int(before[part[k]])
            old = spec.configurations[context.configuration[j]] if j >= 0 else (
                spec.configurations[spec.initial] if spec.initial >= 0 else "no configuration")
            new = spec.configurations[context.configuration[i]]
            change = f"{spec.id} from {old} to {new}"
            told = f"from {context.when(int(shown_from[k]))} to {context.when(int(shown_to[k]))}"
            name, takes = context.operation_text(i), context.span(int(time[k]))
            if short[k]:
                text = (f"Reconfiguring {change} takes {takes}, but before {name} starts at {context.when(int(start[k]))} there is "
                        f"only {context.span(int(there[k]))} of working time since {context.when(int(since[k]))}.")
            elif idle[k]:
                text = f"A reconfiguration is shown {told} before {name}, but {change} takes no time."
            elif outside[k]:
                text = (f"The reconfiguration before {name} is shown {told}, not between "
                        f"{context.when(int(since[k]))} and the start at {context.when(int(start[k]))}.")
            else:
                text = (f"The reconfiguration before {name} is shown {told}, {context.span(int(amount[k]))} of working time, but "
                        f"{change} takes {takes}.")
            yield context.blame(RULE, i, text, int(start[k] if short[k] else shown_from[k]))
