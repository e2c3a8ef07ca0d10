"""The catalog: families with options and choices, components, operations, and what each choice changes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from scheduler.domain.plant import CrewNeed, FixtureNeed
from scheduler.domain.quantities import Cost, Duration, Model, Money


class Work(Model):
    """Duration of an operation: `fixed` plus `per_piece` for each piece, rounded up to whole ticks at the end."""

    fixed: Duration = 0
    per_piece: Duration = 0


class Alternative(Model):
    """Another way to run an operation. What is not given is as in the operation itself."""

    capability: str | None = None
    needs: dict[str, str] | None = None
    resources: tuple[str, ...] | None = None
    work: Work | None = None
    cost: Cost | None = None
    crews: tuple[CrewNeed, ...] | None = None
    fixtures: tuple[FixtureNeed, ...] | None = None


class Link(Model):
    """How an operation follows one of those in its `after`.

    It starts at least `minimum` and at most `maximum` after the other's end, transport not counted (no wait:
    `maximum: 0`). With `transfer` it need not wait for the whole lot: the first `transfer` pieces are handed over when
    they are done, and the last ones are worked after the other's end. With `overlap` it may start when this percentage
    of the other's duration has been worked (rounded up to a whole tick), and does not end before the other.
    """

    minimum: Duration = 0
    maximum: Duration | None = None
    transfer: int | None = Field(default=None, ge=1, le=1_000_000)
    overlap: int | None = Field(default=None, ge=1, le=99)


class Split(Model):
    """A lot may be split into 2 to `parts` equal parts that run as operations of their own, each of at least `minimum`
    pieces."""

    parts: int = Field(ge=2, le=20)
    minimum: int = Field(default=1, ge=1, le=1_000_000)


class Hold(Model):
    """`number` of a fixture held over several operations: from the reconfiguration for `from` to the end of `to`."""

    fixture: str
    number: int = Field(default=1, ge=1, le=100_000)
    from_: str = Field(alias="from")
    to: str


class Operation(Model):
    """One sub-process of an item.

    It runs on any resource in any configuration that has its `capability` and the attribute values in `needs`
    ('{option}' stands for the choice of that option); `resources` narrows this to the named resources. `cost` is a
    fixed cost besides the resource's hourly cost. `after` names operations of the same item that come before;
    without it, the operation listed before comes before (`after: []`: none); `links` say more about any of them.

    `loading` and `unloading` are the first and last part of its duration. A `pausing` operation may pause over closed
    time, any other must fit between two closings. `same_resource_as`, `other_resource_than` and `start_with` name
    operations of the same item. `batch` is its compatibility class ('{option}' stands for the choice): on a cell that
    batches, operations of one class, configuration, duration and crew run together, `places` per piece each; the
    resource's time is paid once per batch.
    """

    capability: str | None = None
    needs: dict[str, str] = {}
    resources: tuple[str, ...] | None = None
    work: Work = Work()
    cost: Cost = 0
    after: tuple[str, ...] | None = None
    alternatives: tuple[Alternative, ...] = ()
    crews: tuple[CrewNeed, ...] = ()
    fixtures: tuple[FixtureNeed, ...] = ()
    loading: Duration = 0
    unloading: Duration = 0
    pausing: bool = False
    links: dict[str, Link] = {}
    same_resource_as: tuple[str, ...] = ()
    other_resource_than: tuple[str, ...] = ()
    start_with: tuple[str, ...] = ()
    split: Split | None = None
    batch: str | None = None
    places: int = Field(default=1, ge=1, le=1_000_000)


class SubPlan(Model):
    """Another way to do a part of a routing: the operations in `replaces` or these `operations`, the solver chooses.

    Operations here without predecessor follow whatever came before the replaced part; what came after it follows those
    here without successor. Sub-plans that replace the same part are alternatives of each other; other parts must not
    overlap. Names must differ from all operations of the item.
    """

    replaces: tuple[str, ...] = Field(min_length=1)
    operations: dict[str, Operation] = Field(min_length=1)


class ComponentUse(Model):
    """`quantity` pieces of `component` for each piece of the item, needed when the operation `at` starts.

    Without `at`, every operation of the item that has no predecessor waits for it. '{option}' in the component's
    name stands for the choice of that option.
    """

    component: str
    quantity: int = Field(default=1, ge=1)
    at: str | None = None


class OperationChange(Model):
    """What a choice changes about an operation; `add_*` adds to what is there, the others replace it."""

    capability: str | None = None
    needs: dict[str, str] | None = None
    work: Work | None = None
    add_work: Work | None = None
    cost: Cost | None = None
    add_cost: Money | None = None
    duration_percent: int | None = Field(default=None, ge=1, le=10_000)


class Choice(Model):
    """One value of an option and what it does.

    Operations are named as in the family ('paint') or, for those of a component, 'component/operation'. An added
    operation stands between the operations named in its `after` and those in `before`. Order of effects:
    removals, additions, changes; options in the family's order.
    """

    description: str = ""
    price: Money = 0
    cost: Money = 0
    add_components: tuple[ComponentUse, ...] = ()
    remove_components: tuple[str, ...] = ()
    add_operations: dict[str, AddedOperation] = {}
    remove_operations: tuple[str, ...] = ()
    change_operations: dict[str, OperationChange] = {}


class AddedOperation(Operation):
    before: tuple[str, ...] = ()


class Option(Model):
    default: str
    choices: dict[str, Choice] = Field(min_length=1)


class ChoiceRule(Model):
    """Where all of `when` is chosen, all of `requires` must be and none of `excludes` may be (option: choice, or a
    list of choices: any of them)."""

    when: dict[str, str | tuple[str, ...]]
    requires: dict[str, str | tuple[str, ...]] = {}
    excludes: dict[str, str | tuple[str, ...]] = {}
    reason: str = ""


class Family(Model):
    """A configurable product. Removing an operation joins its predecessors to its successors."""

    description: str = ""
    price: Money = 0
    material_cost: Cost = 0
    options: dict[str, Option] = {}
    rules: tuple[ChoiceRule, ...] = ()
    components: tuple[ComponentUse, ...] = ()
    operations: dict[str, Operation] = Field(min_length=1)
    sub_plans: dict[str, SubPlan] = {}
    holds: tuple[Hold, ...] = ()


class Expedite(Model):
    """A purchase that comes sooner and costs more per piece."""

    lead_time: Duration
    price: Cost


class Buy(Model):
    lead_time: Duration
    price: Cost = 0
    expedite: Expedite | None = None


class Arrival(Model):
    """`quantity` pieces that come into stock at `at` (local time)."""

    at: datetime
    quantity: int = Field(ge=1, le=10**9)


class Pool(Model):
    """Needs of several orders made as one shared lot: those due within `within` of the first one, together at least
    `minimum` pieces and a `multiple`; what is left over stays in stock."""

    within: Duration = 0
    minimum: int = Field(default=1, ge=1, le=1_000_000)
    multiple: int = Field(default=1, ge=1, le=1_000_000)


class Component(Model):
    """A make or buy item.

    `stock` pieces are on hand at the origin and are pegged to orders by due date (then order of entry); what is short
    is made (`operations`) or else bought (`buy`, ordered when the order is released). `material_cost` is per piece
    made; a piece from stock costs `stock_value`. A bought part with `arrivals` or an `expedite` price is supplied as
    the solver chooses: every need takes all its pieces from stock (with what has arrived), or buys them, or expedites
    them. `pool` makes it in lots shared by several orders. `kind: tool` is made once (unless in stock), is not used up,
    and all orders that need it wait for the same one: a mould.
    """

    description: str = ""
    kind: Literal["part", "tool"] = "part"
    stock: int = Field(default=0, ge=0)
    stock_value: Cost = 0
    material_cost: Cost = 0
    buy: Buy | None = None
    components: tuple[ComponentUse, ...] = ()
    operations: dict[str, Operation] = {}
    arrivals: tuple[Arrival, ...] = ()
    pool: Pool | None = None
    sub_plans: dict[str, SubPlan] = {}
    holds: tuple[Hold, ...] = ()


class Catalog(Model):
    families: dict[str, Family] = {}
    components: dict[str, Component] = {}


Choice.model_rebuild()
