"""Orders: entries as a file gives them, and the columns everything works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field, field_validator

from scheduler.domain.catalog import ComponentUse, Hold, Operation, SubPlan
from scheduler.domain.quantities import Cost, Model

NEVER = np.int64(1 << 60)
"""The tick of what never happens: no due date, no deadline."""


class Routing(Model):
    """An order's own routing (engineer to order): operations as in a family, with the components they need."""

    operations: dict[str, Operation] = Field(min_length=1)
    components: tuple[ComponentUse, ...] = ()
    material_cost: Cost = 0
    sub_plans: dict[str, SubPlan] = {}
    holds: tuple[Hold, ...] = ()


class OrderEntry(Model):
    """An order as a file gives it.

    A date without a time means the start of that day for `release` and the end of it for `due` and `deadline`.
    Options not chosen take their default. Priority (higher = more urgent) and penalty come from the customer's value
    class where not given. `deadline` is hard. `may_leave_early: false` holds the delivery until the due date. Where the
    policy lets orders be refused, `must_make` forbids it.
    """

    id: str
    family: str | None = None
    choices: dict[str, str] = {}
    routing: Routing | None = None
    customer: str | None = None
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    release: datetime | date | None = None
    due: datetime | date | None = None
    deadline: datetime | date | None = None
    priority: int | None = Field(default=None, ge=1, le=1000)
    penalty_per_day: Cost | None = None
    price: Cost | None = None
    may_leave_early: bool = True
    must_make: bool = False

    @field_validator("release", "due", "deadline", mode="before")
    @classmethod
    def _date_stays_date(cls, value: Any) -> Any:
        """pydantic would read '2024-01-05' as its midnight, and a due date would lose its day."""
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2024-01-05") else value


@dataclass(frozen=True)
class Variant:
    """One distinct configuration: `family` with a choice for each of its options, or an order's own `routing`."""

    family: str | None
    choices: tuple[tuple[str, str], ...] = ()
    routing: Routing | None = None

    @property
    def name(self) -> str:
        return self.family or "own routing"


class OrderRow(NamedTuple):
    """One order, for people."""

    id: str
    customer: str
    variant: Variant
    quantity: int
    release: int
    due: int
    deadline: int
    priority: int
    penalty_per_day: int
    price: int


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders in columns, all of length N.

    release, due, deadline: ticks (NEVER where there is none); penalty: hundredths of currency per day before the
    priority factor; price: hundredths; late_rate, hold_rate: millionths of a hundredth per tick, late_rate with
    the priority factor included; early: the order may leave before its due date; may_refuse: the policy lets it be
    refused, at the loss of its price.
    """

    id: tuple[str, ...]
    customer: tuple[str, ...]
    variants: tuple[Variant, ...]
    variant: np.ndarray
    quantity: np.ndarray
    release: np.ndarray
    due: np.ndarray
    deadline: np.ndarray
    priority: np.ndarray
    penalty: np.ndarray
    price: np.ndarray
    late_rate: np.ndarray
    hold_rate: np.ndarray
    early: np.ndarray
    may_refuse: np.ndarray

    def __len__(self) -> int:
        return len(self.id)

    def row(self, i: int) -> OrderRow:
        return OrderRow(self.id[i], self.customer[i], self.variants[self.variant[i]], int(self.quantity[i]),
                        int(self.release[i]), int(self.due[i]), int(self.deadline[i]), int(self.priority[i]),
                        int(self.penalty[i]), int(self.price[i]))

    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.id)}


def orders_from_columns(columns: dict[str, Any]) -> Orders:
    """Orders from columns of any sequence type; numeric ones become int64 arrays."""
    numeric = ("variant", "quantity", "release", "due", "deadline", "priority", "penalty", "price", "late_rate",
               "hold_rate")
    made: dict[str, Any] = {k: np.asarray(columns[k], dtype=np.int64) for k in numeric}
    return Orders(id=tuple(columns["id"]), customer=tuple(columns["customer"]), variants=tuple(columns["variants"]),
                  early=np.asarray(columns["early"], dtype=bool),
                  may_refuse=np.asarray(columns.get("may_refuse", np.zeros(len(columns["id"]))), dtype=bool), **made)
