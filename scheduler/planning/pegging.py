"""Where every component comes from: stock first, in the order of due dates, then lots or purchases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.network import cycle_of
from scheduler.planning.template import Template


@dataclass(frozen=True, eq=False)
class Pegged:
    """Orders of one template with what each of its items needs.

    orders [k], ascending; taken [k, items]: pieces from stock; rest [k, items]: pieces made or bought (for the product
    itself: its quantity; for a tool: above 0 where it is needed).
    """

    template: Template
    orders: np.ndarray
    taken: np.ndarray
    rest: np.ndarray


@dataclass(frozen=True, eq=False)
class Pegging:
    """variants: one Pegged per variant; tools: those made or bought, in the order of the catalog (orders is [0])."""

    variants: tuple[Pegged, ...]
    tools: dict[str, Pegged]


def peg(scenario: Scenario) -> Pegging:
    """Pegs stock to tools (in the order of the catalog), then to orders by (due, place in the book).

    A tool is wanted where a lot that uses it is really made. Tools take stock before orders do, which may make further
    lots and thereby tools necessary: the set of tools grows until nothing changes. Raises InputError with all mistakes
    of all variants.
    """
    templates = _templates(scenario)
    made: dict[str, Template] = {}
    wanted: set[str] = set()
    variants: tuple[Pegged, ...] = ()
    seen: dict[str, int] | None = None
    while True:
        _add_tools(scenario, wanted, made)
        left = {name: spec.stock for name, spec in scenario.catalog.components.items()
                if spec.kind == "part" and spec.stock}
        tools = {name: _pegged(made[name], np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64),
                               [_take(made[name], 1, left)])
                 for name in scenario.catalog.components if name in wanted}
        if left != seen:
            seen = dict(left)
            variants = _orders(scenario, templates, left)
        grown = wanted.union(*(_used(scenario, p) for p in (*variants, *tools.values())))
        if grown == wanted:
            _check_sources((*variants, *tools.values()))
            return Pegging(variants, tools)
        wanted = grown


def _templates(scenario: Scenario) -> list[Template]:
    found: list[Template] = []
    mistakes: dict[Mistake, None] = {}
    for variant in scenario.orders.variants:
        try:
            found.append(explode(scenario, variant))
        except InputError as error:
            mistakes.update(dict.fromkeys(error.mistakes))
    if mistakes:
        raise InputError(list(mistakes))
    return found


def _add_tools(scenario: Scenario, wanted: set[str], made: dict[str, Template]) -> None:
    for name in sorted(wanted - made.keys()):
        made[name] = explode_tool(scenario, name)
    circle = cycle_of({name: {item.component for item in t.items if item.tool} for name, t in made.items()})
    if circle:
        raise InputError([Mistake(("catalog", "components", circle[0], "components"),
                                  "tools need each other: " + " -> ".join(circle), "remove one of these uses")])


def _take(template: Template, quantity: int, left: dict[str, int]) -> list[int]:
    """Pieces each item takes from `left`, depth-first, for that many products."""
    rest = [quantity]
    taken = [0]
    for item in template.items[1:]:
        need = rest[item.parent] * item.quantity
        have = min(left.get(item.component, 0), need)
        if have:
            left[item.component] -= have
        rest.append(need - have)
        taken.append(have)
    return taken


def _orders(scenario: Scenario, templates: list[Template], left: dict[str, int]) -> tuple[Pegged, ...]:
    orders = scenario.orders
    stocked = np.array([any(item.component in left for item in t.items) for t in templates], dtype=bool)
    rows: dict[int, list[int]] = {}
    by_due = np.lexsort((np.arange(len(orders)), orders.due))
    if stocked.any():
        for j in by_due[stocked[orders.variant[by_due]]].tolist():
            if not any(left.values()):
                break
            rows[j] = _take(templates[orders.variant[j]], int(orders.quantity[j]), left)
    members = np.argsort(orders.variant, kind="stable")
    ends = np.cumsum(np.bincount(orders.variant, minlength=len(templates)))
    found = []
    for v, template in enumerate(templates):
        mine = members[(ends[v - 1] if v else 0):ends[v]]
        none = [0] * len(template.items)
        found.append(_pegged(template, mine, orders.quantity[mine],
                             [rows.get(j, none) for j in mine.tolist()] if stocked[v] else None))
    return tuple(found)


def _pegged(template: Template, orders: np.ndarray, quantity: np.ndarray, rows: list[list[int]] | None) -> Pegged:
    shape = (len(orders), len(template.items))
    taken = np.zeros(shape, dtype=np.int64) if rows is None else np.array(rows, dtype=np.int64).reshape(shape)
    rest = np.empty_like(taken)
    rest[:, 0] = quantity
    for i, item in enumerate(template.items[1:], start=1):
        rest[:, i] = rest[:, item.parent] * item.quantity - taken[:, i]
    return Pegged(template, orders, taken, rest)


def _used(scenario: Scenario, pegged: Pegged) -> set[str]:
    """Tools not in stock that some lot needs."""
    return {item.component for i, item in enumerate(pegged.template.items)
            if i and item.tool and not scenario.catalog.components[item.component].stock and pegged.rest[:, i].any()}


def _check_sources(all_pegged: Iterable[Pegged]) -> None:
    short: dict[Mistake, None] = {}
    for pegged in all_pegged:
        for i, item in enumerate(pegged.template.items):
            if not item.made and not (item.tool and i) and item.lead_time < 0 and pegged.rest[:, i].any():
                short[Mistake(("catalog", "components", item.component),
                              f"component '{item.component}' is short and neither made nor bought",
                              "give it operations, a 'buy' or more stock")] = None
    if short:
        raise InputError(list(short))
