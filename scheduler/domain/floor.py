"""What already happened on the shop floor, what is pinned, and what was announced."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from scheduler.domain.quantities import Duration, Model

FloorState = Literal["finished", "started", "pinned", "announced", "material"]


class FloorEntry(Model):
    """One row of floor.csv: an operation of a lot, and what is known about it.

    finished: it ran on `resource` from `start` to `end`. started: it runs there since `start` and needs `remaining`
    more working time from now (without it: what the plan says is left). Both are facts, checked against no rule.
    pinned: it must start at `start` (where given), on `resource` (where given), after the operation `behind`
    ('lot/operation') on their common resource (where given). announced: where the last schedule put it; moving it costs
    what the policy's `replanning` says. material: `operation` names a component, and what lot `lot` needs of it is not
    there before `end`; where `stock` is given, so many pieces of it (at most) come from stock and the rest has been
    bought. `configuration` and `mode` (0: the operation as given, k: its k-th alternative) narrow what
    `resource` leaves open. Times without zone are local; they must fall on whole ticks.
    """

    lot: str
    operation: str
    state: FloorState
    resource: str | None = None
    configuration: str | None = None
    mode: int | None = Field(default=None, ge=0)
    start: datetime | None = None
    end: datetime | None = None
    remaining: Duration | None = None
    behind: str | None = None
    stock: int | None = Field(default=None, ge=0, le=10**9)
