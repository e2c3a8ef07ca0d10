"""The catalog: families with options and choices, components, operations, and what each choice changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

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


class Operation(Model):
    """One sub-process of an item.

    It runs on any resource in any configuration that has its `capability` and the attribute values in `needs`
    ('{option}' stands for the choice of that option); `resources` narrows this to the named resources. `cost` is a
    fixed cost besides the resource's hourly cost. `after` names operations of the same item that come before;
    without it, the operation listed before comes before (`after: []`: none).
    """

    capability: str | None = None
    needs: dict[str, str] = {}
    resources: tuple[str, ...] | None = None
    work: Work = Work()
    cost: Cost = 0
    after: tuple[str, ...] | None = None
    alternatives: tuple[Alternative, ...] = ()


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


class Buy(Model):
    lead_time: Duration
    price: Cost = 0


class Component(Model):
    """A make or buy item.

    `stock` pieces are on hand at the origin and are pegged to orders by due date (then order of entry); what is short
    is made (`operations`) or else bought (`buy`, ordered when the order is released). `material_cost` is per piece
    made; a piece
    from stock costs `stock_value`. `kind: tool` is made once (unless in stock), is not used up, and all orders that
    need it wait for the same one: a mould.
    """

    description: str = ""
    kind: Literal["part", "tool"] = "part"
    stock: int = Field(default=0, ge=0)
    stock_value: Cost = 0
    material_cost: Cost = 0
    buy: Buy | None = None
    components: tuple[ComponentUse, ...] = ()
    operations: dict[str, Operation] = {}


class Catalog(Model):
    families: dict[str, Family] = {}
    components: dict[str, Component] = {}


Choice.model_rebuild()
