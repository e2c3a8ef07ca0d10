"""Customers with their value classes, and the policy: what to optimise."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scheduler.domain.quantities import Cost, Duration, Model

Measure = Literal["money", "makespan", "weighted_tardiness", "lead_time"]
MEASURES: tuple[Measure, ...] = ("money", "makespan", "weighted_tardiness", "lead_time")
TERMS = ("processing", "material", "reconfiguration", "lateness", "holding", "overtime", "subcontracting", "refusal",
         "moving")
"""Cost terms in the order used by every array of terms."""


class ValueClass(Model):
    """The written rule by which a class of customers sets an order's priority and penalty where the order does not.

    penalty per day = penalty_per_day + penalty_percent of the order's price, at most penalty_limit.
    """

    description: str = ""
    priority: int = Field(default=1, ge=1, le=1000)
    penalty_per_day: Cost = 0
    penalty_percent: float = Field(default=0.0, ge=0, le=100)
    penalty_limit: Cost | None = None


class Customer(Model):
    name: str = ""
    value_class: str


class Weights(Model):
    """Whole-number weights of the cost terms in the money objective."""

    processing: int = Field(default=1, ge=0, le=1000)
    material: int = Field(default=1, ge=0, le=1000)
    reconfiguration: int = Field(default=1, ge=0, le=1000)
    lateness: int = Field(default=1, ge=0, le=1000)
    holding: int = Field(default=1, ge=0, le=1000)
    overtime: int = Field(default=1, ge=0, le=1000)
    subcontracting: int = Field(default=1, ge=0, le=1000)
    refusal: int = Field(default=1, ge=0, le=1000)
    moving: int = Field(default=1, ge=0, le=1000)

    def as_tuple(self) -> tuple[int, ...]:
        """In the order of TERMS."""
        return tuple(getattr(self, term) for term in TERMS)


class Budgets(Model):
    """Limits no schedule may exceed. weighted_tardiness and lead_time are sums of priority x time over all orders."""

    money: Cost | None = None
    makespan: Duration | None = None
    weighted_tardiness: Duration | None = None
    lead_time: Duration | None = None


class Replanning(Model):
    """What it costs to move an operation that was announced, whatever the reason.

    `per_move` once where its start moves by more than `tolerance`, `per_hour` for each hour of that (pro rata),
    `other_resource` where it goes to another resource. Operations that start within `freeze` of now stay where they are
    as far as what happened allows. Orders that were announced must be made, unless they `may_be_refused` again or have
    a hard deadline.
    """

    per_move: Cost = 0
    per_hour: Cost = 0
    other_resource: Cost = 0
    tolerance: Duration = 0
    freeze: Duration = 0
    may_be_refused: bool = False


class Policy(Model):
    """What to optimise.

    `objective` is one measure or an ordered list of them: earlier ones are never given up for later ones. money is in
    hundredths of currency (weighted sum of the terms), the others in ticks: makespan from the origin to the last
    completion, weighted_tardiness the sum over orders of priority x time after due, lead_time the sum of priority x
    time from release to delivery. `holding_percent_per_day` of an order's price is its holding rate. With
    `refuse_orders` an order with a price may be refused as a whole, at the loss of that price (only where the first
    measure is money). `priority_factors` maps a priority to the factor on the lateness penalty (default: the priority
    itself).
    """

    objective: Measure | tuple[Measure, ...] = "money"
    weights: Weights = Weights()
    budgets: Budgets = Budgets()
    speed_measure: Literal["lead_time", "weighted_tardiness", "makespan"] = "lead_time"
    holding_percent_per_day: float = Field(default=0.0, ge=0, le=100)
    priority_factors: dict[int, float] = {}
    time_limit: Duration = 30_000
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    refuse_orders: bool = False
    replanning: Replanning = Replanning()

    @property
    def levels(self) -> tuple[Measure, ...]:
        return (self.objective,) if isinstance(self.objective, str) else self.objective
