"""Rule overtime: only time that is on sale is bought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduler.domain.results import Violation
from scheduler.validation.context import Context
from scheduler.validation.shop import Shop

RULE = "overtime"


def overtime(context: Context) -> Iterator[Violation]:
    """Forbids overtime that a calendar does not offer, and the same one twice.

    Allows overtime that nobody uses: it costs money. That nothing runs in closed time that was not bought is the rule
    of calendar.
    """
    if not isinstance(context, Shop):
        return
    offered = {slot[:3] for slot in context.slots}
    for told, times in Counter(context.columns.extras.overtime).items():
        name, start, end = told
        text = f"Overtime of calendar {name} from {context.when(start)} to {context.when(end)} is"
        if told not in offered:
            yield Violation(RULE, f"{text} bought, but not offered.", time=start)
        elif times > 1:
            yield Violation(RULE, f"{text} bought {times} times.", time=start)
