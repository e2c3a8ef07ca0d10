"""Events from the shop floor and the order desk: what happened, to whom, when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from scheduler.domain.orders import OrderEntry
from scheduler.domain.quantities import Cost, Duration, Model


class _Event(Model):
    at: datetime
    id: str


class Breakdown(_Event):
    """Resource `id` is down from `at` to `until` (as expected now; a repair ends it whenever it comes)."""

    kind: Literal["breakdown"]
    until: datetime | None = None


class Repair(_Event):
    """Resource `id` runs again."""

    kind: Literal["repair"]


class Started(_Event):
    """Operation `id` ('lot/operation') started at `at`, on `resource` where that is not the planned one."""

    kind: Literal["started"]
    resource: str | None = None
    remaining: Duration | None = None


class Finished(_Event):
    """Operation `id` ended at `at`; `start` where it is not the one known so far."""

    kind: Literal["finished"]
    start: datetime | None = None
    resource: str | None = None


class Remaining(_Event):
    """The running operation `id` needs `remaining` working time from `at` on: less (early) or more (late) than
    planned."""

    kind: Literal["early", "late"]
    remaining: Duration


class OrderNew(_Event):
    """A new order, with all its fields but the id."""

    kind: Literal["order_new"]
    order: dict[str, object]


class OrderChanged(_Event):
    """Fields of order `id` that are different now."""

    kind: Literal["order_changed"]
    order: dict[str, object]


class OrderCancelled(_Event):
    """Order `id` is not wanted any more; what already happened for it stays."""

    kind: Literal["order_cancelled"]


class Rush(_Event):
    """Order `id` is more urgent: another priority, due date or penalty."""

    kind: Literal["rush"]
    priority: int | None = Field(default=None, ge=1, le=1000)
    due: datetime | None = None
    penalty_per_day: Cost | None = None


class MaterialLate(_Event):
    """What `lot` (default: every lot that needs it) needs of component `id` is not there before `until`."""

    kind: Literal["material_late"]
    until: datetime
    lot: str | None = None


class CrewAbsent(_Event):
    """`people` of crew `id` are missing from `at` to `until`."""

    kind: Literal["crew_absent"]
    until: datetime
    people: int = Field(default=1, ge=1, le=100_000)


FloorEvent = Annotated[
    Breakdown | Repair | Started | Finished | Remaining | OrderNew | OrderChanged | OrderCancelled | Rush | MaterialLate
    | CrewAbsent, Field(discriminator="kind")]
EVENT: TypeAdapter[FloorEvent] = TypeAdapter(FloorEvent)
"""Reads one event from a mapping."""
KINDS = ("breakdown", "repair", "started", "finished", "early", "late", "order_new", "order_changed", "order_cancelled",
         "rush", "material_late", "crew_absent")


def order_entry(event: OrderNew | OrderChanged, known: OrderEntry | None = None) -> OrderEntry | list[str]:
    """The order after an event, from what was known of it; or what is wrong with the event's fields, one text each."""
    old = known.model_dump(mode="json", exclude_unset=True, by_alias=True) if known is not None else {}
    try:
        return OrderEntry.model_validate({**old, **event.order, "id": event.id})
    except ValidationError as error:
        return [f"order field '{'.'.join(map(str, e['loc']))}': {e['msg']}" for e in error.errors()]


__all__ = ["EVENT", "KINDS", "Breakdown", "CrewAbsent", "Finished", "FloorEvent", "MaterialLate", "OrderCancelled",
           "OrderChanged", "OrderNew", "Remaining", "Repair", "Rush", "Started", "order_entry"]
