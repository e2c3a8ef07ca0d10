"""Whether it would have helped to start an operation earlier, or whether it was started just in time."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.evaluation.floor import Floor, Ready


class Link(NamedTuple):
    """How an operation hangs on the one before it in the chain of an order.

    other: what else it waited for, its resource aside; free: when its resource was, as far as that one is not what it
    was busy with; lag: ticks of transport after that one; next_on: that one is directly before it on its resource.
    """

    op: int
    other: Ready
    free: int
    lag: int
    next_on: bool


class Loss(NamedTuple):
    """Where time won is lost again: at this link, as its resource is closed or for what else is waited for there."""

    link: Link
    closed: bool


def link(floor: Floor, op: int, chained: int, free: int) -> Link:
    """How `op` hangs on `chained`, an operation it follows or waits for; free: tick from which its resource was."""
    waited = floor.ready(op)
    other = next((r for r in waited if r.before != chained or chained < 0), Ready(0))
    lag = floor.carry(chained, op) if any(r.before == chained for r in waited) else 0
    next_on = floor.previous[op] == chained
    return Link(op, other, 0 if next_on else free, lag, next_on)


def gain(floor: Floor, links: list[Link], op: int, earlier: int) -> tuple[int, Loss | None]:
    """Ticks the last operation of the chain would end earlier if `op` did by `earlier` ticks, and all else stayed.

    links: from the last operation back to the one after `op`. The loss is the largest on the way, None without any.
    """
    end, left, most = floor.end[op] - earlier, earlier, 0
    loss: Loss | None = None
    for link in reversed(links):
        calendar, start = floor.calendar(floor.resource[link.op]), floor.start[link.op]
        length, others = floor.end[link.op] - start, max(link.other.tick, link.free)
        prepared = calendar.after(end, floor.time[link.op]) if link.next_on else end
        bound = max(start if prepared is None else prepared, end + link.lag, others)
        possible = calendar.fit(bound, length, start)
        if left - (start - possible) > most:
            most = left - (start - possible)
            loss = Loss(link, bound < possible)
        left = start - possible
        if left <= 0:
            return 0, loss
        end = floor.end[link.op] - left
    return left, loss
