"""Earliest and latest times of every mode over the horizon; modes that fit nowhere are dropped."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import Floors, floors
from scheduler.engines.cpsat.horizon import Horizon, horizon

WIDE = 30_000
"""Literals for closed periods and arcs above which a model is out of reach for a proof and the horizon is focused."""


@dataclass(eq=False)
class Spans:
    """Per mode the earliest and latest start (ticks); per operation its live modes; exact: as in Horizon."""

    facts: Facts
    floors: Floors
    low: list[int]
    high: list[int]
    live: list[list[int]]
    exact: bool

    @property
    def end(self) -> int:
        """No operation ends later."""
        return max((self.high[m] + self.facts.duration[m] for ms in self.live for m in ms), default=0)

    def on(self, r: int) -> list[int]:
        """Live modes on resource r."""
        return [m for m in self.facts.by_resource[r] if self.high[m] >= self.low[m]]


def spans(facts: Facts, caps: list[int], holding: bool, focus: int = NEVER) -> Spans:
    """Heads from the facts, latest starts backwards from the horizon through precedence, transport and calendars.

    focus: a tick by which a feasible schedule is over; where no proof can come out of the model, nothing much later
    is looked at.
    """
    least = floors(facts)
    limits = horizon(facts, least, caps, holding)
    if focus < NEVER and (not limits.exact or _wide(facts, limits.latest)):
        limits = Horizon([min(e, focus) for e in limits.latest], False)
    low = facts.heads
    high = [-1] * len(low)
    live: list[list[int]] = [[] for _ in range(facts.n)]
    for o in reversed(facts.order):
        for m in facts.modes[o]:
            limit = limits.latest[o]
            for s in facts.succ[o]:
                limit = min(limit, max((high[k] - facts.lag(m, k) for k in live[s]), default=-1))
            if low[m] >= NEVER:
                continue
            if facts.fixed_start[o] >= 0:
                limit = min(limit, facts.fixed_start[o] + facts.duration[m])
            calendar = facts.calendar(m)
            start = calendar.latest(limit, facts.duration[m])
            if start is not None and start >= low[m]:
                high[m] = start
                live[o].append(m)
    return Spans(facts, least, low, high, live, limits.exact)


def _wide(facts: Facts, latest: list[int]) -> bool:
    """Whether the model would have more literals than a proof can be hoped for."""
    literals = 0
    for r, row in enumerate(facts.by_resource):
        if facts.with_setups[r]:
            gaps = facts.calendars[facts.calendar_of[r]].gaps
            starts = facts.calendars[facts.calendar_of[r]].start
            passed = sum(bisect_right(gaps, latest[facts.owner[m]], key=starts.__getitem__) for m in row)
            literals += len(row) ** 2 + passed
    return literals > WIDE
