"""What judges and evaluators say: violations, costs, KPIs, explanations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.domain.policy import TERMS


@dataclass(frozen=True)
class Violation:
    """One broken rule. time: tick at which it shows; '' and None where it does not apply."""

    rule: str
    message: str
    order: str = ""
    operation: str = ""
    resource: str = ""
    time: int | None = None


@dataclass(frozen=True, eq=False)
class Costs:
    """Money in hundredths.

    terms: [N orders, 9] in the order of policy.TERMS, shared lots already split by use; each account x term was rounded
    once. standard, customization, reconfiguration, lateness, holding: the cost split per order, [N]; they add up with
    overtime, subcontracting, refusal and moving to the rows of terms exactly (subcontracting is part of standard and
    customization). plant: [9] what belongs to no order (overtime nobody used). weighted: the money objective (sum of
    weight x term). delivery: [N] ticks. first_start: [N] ticks.
    """

    terms: np.ndarray
    standard: np.ndarray
    customization: np.ndarray
    reconfiguration: np.ndarray
    lateness: np.ndarray
    holding: np.ndarray
    weighted: int
    delivery: np.ndarray
    first_start: np.ndarray
    plant: np.ndarray = field(default_factory=lambda: np.zeros(len(TERMS), dtype=np.int64))

    @property
    def total(self) -> int:
        return int(self.terms.sum() + self.plant.sum())


@dataclass(frozen=True, eq=False)
class PoolLoad:
    """How much of something limited is in use over time.

    kind: crew, fixture, module, buffer, vehicle or orders (in process). load, capacity [k]: from time[i] to
    time[i + 1]; time [k + 1]: ticks.
    """

    kind: str
    name: str
    time: np.ndarray
    load: np.ndarray
    capacity: np.ndarray


@dataclass(frozen=True, eq=False)
class Pauses:
    """Closed time inside operations that pause: row of the schedule, [start, end) in ticks."""

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class KPIs:
    """Key figures of a schedule. Times in ticks, money in hundredths, shares from 0 to 1. pools, pauses: beyond the
    plain shop; crews: of each row of the schedule those that prepare it and those that run it, if any work there."""

    values: dict[str, Any]
    pools: tuple[PoolLoad, ...] = ()
    pauses: Pauses | None = None
    crews: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] | None = None


@dataclass(frozen=True)
class Cause:
    """One link of the chain an order waited for, from `start` to `end` (ticks).

    kind: see docs/model/explanations; release, resource, reconfiguration, component, calendar, transport, operation,
    material and more.
    operation, resource: whom it concerns; other: what stood in the way (another operation, a component).
    """

    kind: str
    start: int
    end: int
    text: str
    operation: str = ""
    resource: str = ""
    other: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why an order is delivered when it is: the chain from its beginning to its delivery, and it in one sentence."""

    order: str
    due: int | None
    delivery: int
    late: int
    summary: str
    chain: tuple[Cause, ...] = ()
    waits: dict[str, int] = field(default_factory=dict)
    """Ticks waited per kind of cause."""


@dataclass(frozen=True)
class Bottleneck:
    """A resource that holds up late orders. load: share of open time used; waited: ticks late orders' chains spent
    on it."""

    resource: str
    load: float
    waited: int
    orders: int
    text: str
