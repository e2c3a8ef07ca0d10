"""Who found what when, read from the trace of a solve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Line = tuple[float, int | None, float | None, str]
"""As in Header.trace."""


@dataclass(frozen=True)
class Credit:
    """What one source found. schedules: how often it found a better one; first, last: seconds at which; share: its part
    of the difference between the first schedule's objective and the last one's, None where there is none; bound: the
    best it proved, None where it proved nothing better than was known."""

    source: str
    schedules: int = 0
    first: float | None = None
    last: float | None = None
    share: float | None = None
    bound: float | None = None


def credits_of(trace: Iterable[Line]) -> tuple[Credit, ...]:
    """One line per source of a better schedule or bound, in the order of their first. Lines that are neither (what was
    dropped, who failed) are passed over."""
    found: dict[str, Credit] = {}
    gained: dict[str, int] = {}
    best: int | None = None
    bound: float | None = None
    for seconds, objective, proved, source in trace:
        if objective is None and proved is None:
            continue
        now = found.get(source, Credit(source))
        if proved != bound and objective == best:
            bound = proved
            found[source] = Credit(source, now.schedules, now.first, now.last, None, proved)
            continue
        if best is not None and objective is not None:
            gained[source] = gained.get(source, 0) + best - objective
        best, bound = objective, proved
        found[source] = Credit(source, now.schedules + 1, seconds if now.first is None else now.first, seconds, None,
                               now.bound)
    total = sum(gained.values())
    return tuple(Credit(c.source, c.schedules, c.first, c.last, gained.get(c.source, 0) / total
                        if total and c.schedules else None, c.bound) for c in found.values())
