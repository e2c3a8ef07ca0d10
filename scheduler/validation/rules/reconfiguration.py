"""Rule reconfiguration: between operations in different configurations there is time to change, and it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.rules.overlap import taken_until
from scheduler.validation.shop import Shop

RULE = "reconfiguration"


def reconfiguration(context: Context) -> Iterator[Violation]:
    """Forbids too little working time for the change of configuration between an operation and the one before it (or
    the origin and the initial configuration), and a stored interval that lies outside this gap, holds another
    amount of working time than the change takes, or stands where no change takes time.

    Allows the interval to lie anywhere in the gap, to pause over closed time, and to begin before material is there. In
    a real shop only time counts in which the cell may be reconfigured (no unattended shifts where it says so) and the
    crews for it are there; the exchange of modules takes its time too, what already happened takes none.
    """
    if isinstance(context, Shop):
        yield from _in_shop(context)
        return
    rows, before = context.sequence
    for r, part in context.lanes:
        here, need = rows[part], context.preparation[0][part]
        since = np.where(before[part] >= 0, context.end[before[part]], 0)
        passed = context.worktime(r).passed
        start, shown, until = context.start[here], context.rec_start[here], context.rec_end[here]
        there, amount = passed(start) - passed(since), passed(until) - passed(shown)
        short = (need > 0) & (there < need)
        shown_right = np.where(need > 0, (shown >= since) & (shown <= until) & (until <= start) & (amount == need),
                               (shown == start) & (until == start))
        for k in np.flatnonzero(short | ~shown_right).tolist():
            i, takes = int(here[k]), context.span(need[k])
            change = _change(context, i, int(before[part][k]))
            if short[k]:
                yield context.blame(RULE, i, f"starts at {context.when(start[k])}, but since {context.when(since[k])} "
                                             f"there is only {context.span(there[k])} of working time to reconfigure "
                                             f"{change}, which takes {takes}.")
                continue
            told = f"shows its reconfiguration from {context.when(shown[k])} to {context.when(until[k])}"
            if need[k] == 0:
                text = f"{told}, but to reconfigure {change} takes no time."
            elif amount[k] != need[k]:
                text = f"{told}, {context.span(amount[k])} of working time, but to reconfigure {change} takes {takes}."
            else:
                text = f"{told}, not between {context.when(since[k])} and its start at {context.when(start[k])}."
            yield context.blame(RULE, i, text, shown[k])


def _change(context: Context, row: int, before: int) -> str:
    """'R from A to B'."""
    spec = context.resources[int(context.resource[row])]
    old = context.named_configuration(before) if before >= 0 else (
        spec.configurations[spec.initial] if spec.initial >= 0 else "nothing")
    return f"{spec.id} from {old} to {context.named_configuration(row)}"


def _in_shop(context: Shop) -> Iterator[Violation]:
    rows, before = context.sequence
    need = np.where(context.fact[rows], 0, context.preparation[0])
    shown = (context.rec_start[rows] != context.start[rows]) | (context.rec_end[rows] != context.start[rows])
    since = np.maximum(taken_until(context), np.where(need > 0, context.scenario.now, 0))
    for k in np.flatnonzero((need > 0) | shown).tolist():
        i, takes, first = int(rows[k]), int(need[k]), int(since[k])
        start, begin, until = int(context.start[i]), int(context.rec_start[i]), int(context.rec_end[i])
        change, hours = _change(context, i, int(before[k])), context.setup_hours(i)
        told = f"shows its reconfiguration from {context.when(begin)} to {context.when(until)}"
        if not takes:
            text = f"{told}, but to reconfigure {change} takes no time."
        elif (there := hours.between(first, start)) < takes:
            text = (f"starts at {context.when(start)}, but since {context.when(first)} there is only "
                    f"{context.span(there)} of working time to reconfigure {change}, which takes "
                    f"{context.span(takes)}.")
        elif not first <= begin <= until <= start:
            text = f"{told}, not between {context.when(first)} and its start at {context.when(start)}."
        elif (amount := hours.between(begin, until)) != takes:
            text = (f"{told}, {context.span(amount)} of working time with the crews it needs, but to reconfigure "
                    f"{change} takes {context.span(takes)}.")
        else:
            continue
        yield context.blame(RULE, i, text, begin)
