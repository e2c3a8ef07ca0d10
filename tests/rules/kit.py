"""What tiny factories of the rules are made of: hours from a Monday, orders with their own routing, numbers that may
vary."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduler.domain.scenario import Scenario
from tests.factories import make, merged, plain_factory

Json = dict[str, Any]
CELL: Json = {"c": {"resources": {"a": {}}}}
PAIR: Json = {"c": {"resources": {"a": {}, "b": {}}}}
MONEY: Json = {"objective": "money"}


class Numbers:
    """Numbers as they are written, or others: `n(2, 1, 4)` is 2, with a seed any from 1 to 4."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = None if seed is None else random.Random(seed)

    def __call__(self, usual: int, least: int, most: int) -> int:
        return usual if self.random is None else self.random.randint(least, most)


@dataclass(frozen=True)
class Part:
    """A part of a rule. make(numbers, rule): the factory, with the rule or without it.

    best, without: the optimum of the first measure with the rule and without it (money in hundredths, times in hours).
    found: what dispatching and annealing reach at least. hours: no better schedule ends later.
    """

    rule: int
    name: str
    make: Callable[[Numbers, bool], Scenario]
    best: int
    without: int
    found: dict[str, int]
    hours: int

    def scenario(self, rule: bool = True, seed: int | None = None) -> Scenario:
        return self.make(Numbers(seed), rule)


PARTS: list[Part] = []


def part(rule: int, best: int, without: int, hours: int = 0, **found: int) -> Callable[
        [Callable[[Numbers, bool], Scenario]], Callable[[Numbers, bool], Scenario]]:
    """Registers a factory as a part of rule number `rule`; `dispatch=5`: what that engine reaches at least, where it
    cannot be expected to find the best."""
    def keep(function: Callable[[Numbers, bool], Scenario]) -> Callable[[Numbers, bool], Scenario]:
        PARTS.append(Part(rule, function.__name__.replace("_", " "), function, best, without, found,
                          hours or max(best, without)))
        return function
    return keep


def factory(cells: Json, orders: list[Json], **overrides: Any) -> Scenario:
    """Ticks of an hour from Monday 2024-01-01; the objective is the makespan unless said otherwise."""
    file = plain_factory(cells, **merged({"tick": "1 h", "policy": {"objective": "makespan"}}, overrides))
    return make(file, orders)


def order(name: str, operations: Json, routing: Json | None = None, **more: Any) -> Json:
    return {"id": name, "routing": {"operations": operations, **(routing or {})}, **more}


def orders(count: int, operations: Json, routing: Json | None = None, **more: Any) -> list[Json]:
    """Orders O1, O2, ... with the same routing."""
    return [order(f"O{j + 1}", operations, routing, **more) for j in range(count)]


def step(hours: int, *resources: str, **more: Any) -> Json:
    """An operation of so many hours on any of the resources ('a')."""
    return {"resources": list(resources) or ["a"], "work": {"fixed": f"{hours} h"}, **more}


def late(rate: int = 1, due: int = 1) -> Json:
    """Due at an hour, with so much per hour late."""
    return {"due": at(due), "penalty_per_day": 24 * rate}


def at(hour: int) -> str:
    return f"2024-01-{1 + hour // 24:02d}T{hour % 24:02d}:00:00"


def shifts(*spans: tuple[int, int]) -> Json:
    """A calendar open on Mondays from hour to hour."""
    return {"weekly": {"mon": [f"{a:02d}:00-{b:02d}:00" for a, b in spans]}}
