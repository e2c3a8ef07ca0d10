"""A template: one variant taken apart into items, operations and modes, for any quantity and any stock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from scheduler.domain.quantities import MICRO


class Way(NamedTuple):
    """A mode for any quantity: (fixed + per_piece x quantity) / (scale x tick) ticks, rounded up.

    resource: index into Scenario.resources; configuration: index into its configurations; index: 0 the operation as
    given, k its k-th alternative. fixed, per_piece: milliseconds x scale; cost: fixed, in hundredths.
    """

    resource: int
    configuration: int
    index: int  # type: ignore[assignment]
    fixed: int
    per_piece: int
    scale: int
    cost: int


class Team(NamedTuple):
    """The crews of one choice for all needs of a mode.

    needs: (index of the crew, people, phase: 0 reconfiguration, 1 loading, 2 run, 3 unloading) of each; percent: of the
    duration, by the slowest of the run; run, loading, unloading: millionths of a hundredth per tick.
    """

    crews: tuple[str, ...] = ()
    needs: tuple[tuple[int, int, int], ...] = ()
    percent: int = 100
    run: int = 0
    loading: int = 0
    unloading: int = 0


NOBODY = Team()


class WayShop(NamedTuple):
    """What a mode needs beyond a plain one. team, fixtures: index into Template.teams and Template.fixtures; load,
    unload: ticks; rate: of its crews during the run, in millionths of a hundredth per tick; aside: what its crews cost
    for loading and unloading."""

    team: int = 0
    fixtures: int = 0
    load: int = 0
    unload: int = 0
    rate: int = 0
    aside: int = 0


class Follow(NamedTuple):
    """How an operation follows another, in ticks. maximum: -1 none; transfer: pieces of a transfer lot, 0 none;
    overlap: percentage of the other's duration after which it may start, 0 none."""

    minimum: int = 0
    maximum: int = -1
    transfer: int = 0
    overlap: int = 0


PLAIN_FOLLOW = Follow()


class StepShop(NamedTuple):
    """What an operation says beyond a plain one.

    links: aligned with Step.after, () where all are plain. choice: of the template, -1 none; branch: of the choice (0:
    as given). part of parts: of a split, which exists for lots of at least `least` pieces. ways: aligned with
    Step.ways, () where all are plain.
    """

    pausing: bool = False
    batch: str = ""
    places: int = 1
    links: tuple[Follow, ...] = ()
    choice: int = -1
    branch: int = 0
    part: int = 1
    parts: int = 1
    least: int = 1
    ways: tuple[WayShop, ...] = ()


PLAIN_STEP = StepShop()


class Step(NamedTuple):
    """One operation of the template. after: positions in Template.steps of the operations of its item before it, those
    of other branches included."""

    name: str
    item: int
    after: tuple[int, ...]
    ways: tuple[Way, ...]
    shop: StepShop = PLAIN_STEP


class Supply(NamedTuple):
    """How a need of a bought item is met as the solver chooses: (source, ticks, hundredths per piece) in the order of
    modes; `total` pieces ever come from stock."""

    item: int
    total: int
    ways: tuple[tuple[int, int, int], ...]


class Item(NamedTuple):
    """The product (first, component '') or one use of a component below it.

    parent: position in Template.items (-1 for the product); quantity: pieces per piece of the parent; at: steps of
    the parent that wait for it; tool: a shared tool (a leaf here; it has a template of its own); first, last: its
    steps [first, last), none for what is bought; sinks: its steps without successor. material_cost, stock_value,
    price: hundredths per piece; lead_time: ticks, -1 where it cannot be bought. pooled: made in lots shared by orders
    (what is below it here tells its cost, and is needed by those lots); dynamic: one of Template.supplies.
    """

    component: str
    parent: int
    quantity: int
    at: tuple[int, ...]
    tool: bool
    first: int
    last: int
    sinks: tuple[int, ...]
    material_cost: int
    stock_value: int
    lead_time: int
    price: int
    pooled: bool = False
    dynamic: bool = False

    @property
    def made(self) -> bool:
        return self.last > self.first


@dataclass(frozen=True, eq=False)
class Template:
    """Items depth-first in listed order, each with its steps contiguous and in the same order. tick: milliseconds.

    Steps hold all branches of every choice. ruled: something in it goes beyond the plain shop. teams and fixtures, the
    first of each empty: what WayShop speaks of; a fixture: (index, number, held from the reconfiguration on).
    holds: (fixture, number, from, to); links: (kind as in problem.rules, step, step).
    """

    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    tick: int
    ruled: bool = False
    teams: tuple[Team, ...] = (NOBODY,)
    fixtures: tuple[tuple[tuple[int, int, bool], ...], ...] = ((),)
    holds: tuple[tuple[int, int, int, int], ...] = ()
    links: tuple[tuple[int, int, int], ...] = ()
    supplies: tuple[Supply, ...] = ()

    @cached_property
    def way_first(self) -> np.ndarray:
        """[steps + 1] first mode of each step in `ways`."""
        return np.concatenate(([0], np.cumsum([len(s.ways) for s in self.steps], dtype=np.int64)))

    @cached_property
    def ways(self) -> np.ndarray:
        """All modes, step by step, [7, M] int64 in the order of Way's fields."""
        return np.array([w for s in self.steps for w in s.ways], dtype=np.int64).reshape(-1, 7).T

    @cached_property
    def all_ways(self) -> np.ndarray:
        """`ways`, then those of the supplies (without resource), [7, M']."""
        extra = [(-1, 0, k, ticks * self.tick, 0, 1, 0)
                 for supply in self.supplies for k, (_, ticks, _) in enumerate(supply.ways)]
        return np.concatenate((self.ways, np.array(extra, dtype=np.int64).T), axis=1) if extra else self.ways

    @cached_property
    def all_first(self) -> np.ndarray:
        """[steps + supplies + 1] first mode of each step and supply in `all_ways`."""
        return np.concatenate((self.way_first, self.way_first[-1] + np.cumsum(
            [len(supply.ways) for supply in self.supplies], dtype=np.int64)))

    @cached_property
    def sources(self) -> np.ndarray:
        """Source of each mode in `all_ways`, -1 for those that supply nothing, and hundredths per piece, [2, M']."""
        extra = [(source, price) for supply in self.supplies for source, _, price in supply.ways]
        none = np.stack((np.full(self.ways.shape[1], -1), np.zeros(self.ways.shape[1], dtype=np.int64)))
        return np.concatenate((none, np.array(extra, dtype=np.int64).reshape(-1, 2).T), axis=1)

    @cached_property
    def step_shop(self) -> np.ndarray:
        """part, parts, places, pausing of each step and supply, [4, steps + supplies] int64."""
        rows = [(s.shop.part, s.shop.parts, s.shop.places, s.shop.pausing) for s in self.steps]
        return np.array(rows + [(1, 1, 1, 0)] * len(self.supplies), dtype=np.int64).reshape(-1, 4).T

    @cached_property
    def way_shop(self) -> np.ndarray:
        """What the modes in `all_ways` need beyond plain ones, [6, M'] int64 in the order of WayShop's fields."""
        none = WayShop()
        rows = [w for s in self.steps for w in s.shop.ways or (none,) * len(s.ways)]
        return np.array(rows + [none] * sum(len(s.ways) for s in self.supplies), dtype=np.int64).reshape(-1, 6).T

    @cached_property
    def thresholds(self) -> tuple[tuple[int, int], ...]:
        """(item, pieces): lots of at least that many pieces differ from smaller ones in operations or modes."""
        found = {(s.item, s.shop.least) for s in self.steps if s.shop.least > 1} if self.ruled else set()
        return tuple(sorted(found.union((s.item, s.total + 1) for s in self.supplies)))

    @cached_property
    def pieces(self) -> tuple[int, ...]:
        """Pieces of each item for one piece of the product, if nothing comes from stock."""
        found: list[int] = []
        for item in self.items:
            found.append(item.quantity * (found[item.parent] if item.parent >= 0 else 1))
        return tuple(found)

    @cached_property
    def arcs(self) -> tuple[tuple[int, int], ...]:
        """(before, after) between steps, those from a made component to the steps that wait for it included."""
        inside = [(p, i) for i, step in enumerate(self.steps) for p in step.after]
        across = [(p, i) for item in self.items for p in item.sinks for i in item.at]
        return (*inside, *across)


def durations(ways: np.ndarray, quantity: np.ndarray, tick: int) -> np.ndarray:
    """Ticks of modes (columns as Template.ways, [7, M]) for quantities that broadcast against [M]."""
    result: np.ndarray = -(-(ways[3] + ways[4] * quantity) // (ways[5] * tick))
    return result


def mode_costs(template: Template, which: slice | np.ndarray, ticks: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Millionths of a hundredth of the modes `which` of Template.ways at these durations, which broadcast against them.

    rate: of each resource, in millionths of a hundredth per tick. Crews are included.
    """
    ways = template.ways[:, which]
    result: np.ndarray = ticks * rate[ways[0]] + ways[6] * MICRO
    if template.ruled:
        shop = template.way_shop[:, which]
        result = result + ticks * shop[4] + shop[5]
    return result


def pieces_of(template: Template, steps: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """Pieces each step works on, where quantity (broadcasts against [steps]) is that of its lot."""
    if not template.ruled:
        return quantity
    part, parts = template.step_shop[:2, steps]
    result: np.ndarray = quantity // parts + (part <= quantity % parts)
    return result
