"""Where every component comes from: stock first, in the order of due dates, then lots or purchases."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError, Mistake
from scheduler.planning.begun import held
from scheduler.planning.explode import explode, explode_tool
from scheduler.planning.network import cycle_of
from scheduler.planning.pegged import Pegged, Pegging, pegged_rows, take
from scheduler.planning.pools import pooled
from scheduler.planning.ruled import dynamic
from scheduler.planning.template import Template


def peg(scenario: Scenario) -> Pegging:
    """Pegs stock to tools (in the order of the catalog), to orders by (due, place in the book), then to pooled lots;
    orders hold what they have used.

    A tool is wanted where a lot that uses it is really made. Tools take stock before orders do, which may make further
    lots and thereby tools necessary: the set of tools grows until nothing changes. Components whose stock the solver
    shares out are not pegged. Raises InputError with all mistakes of all variants.
    """
    templates = _templates(scenario)
    made: dict[str, Template] = {}
    wanted: set[str] = set()
    variants: tuple[Pegged, ...] = ()
    seen: dict[str, int] | None = None
    left_over: dict[str, int] = {}
    while True:
        _add_shared(scenario, wanted, made)
        left = {name: spec.stock for name, spec in scenario.catalog.components.items()
                if spec.kind == "part" and spec.stock and not dynamic(spec)}
        tools = {name: pegged_rows(made[name], np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64),
                                   [take(made[name], 1, left)])
                 for name in scenario.catalog.components if name in wanted and _tool(scenario, name)}
        if left != seen:
            seen = dict(left)
            variants = _orders(scenario, templates, left)
            left_over = left
        pools = pooled(scenario, made, variants, tuple(tools.values()), dict(left_over))
        found = Pegging(variants, tools, pools)
        grown = wanted.union(*(_used(scenario, p) for p in found.all))
        if grown == wanted:
            _check_sources(found.all)
            return found
        wanted = grown


def _tool(scenario: Scenario, name: str) -> bool:
    return scenario.catalog.components[name].kind == "tool"


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


def _add_shared(scenario: Scenario, wanted: set[str], made: dict[str, Template]) -> None:
    for name in sorted(wanted - made.keys()):
        made[name] = explode_tool(scenario, name)
    circle = cycle_of({name: {item.component for item in t.items if item.tool or item.pooled}
                       for name, t in made.items()})
    if circle:
        raise InputError([Mistake(("catalog", "components", circle[0], "components"),
                                  "tools need each other: " + " -> ".join(circle), "remove one of these uses")])


def _orders(scenario: Scenario, templates: list[Template], left: dict[str, int]) -> tuple[Pegged, ...]:
    orders = scenario.orders
    stocked = np.array([any(item.component in left for item in t.items) for t in templates], dtype=bool)
    rows: dict[int, list[int]] = {}
    by_due = np.lexsort((np.arange(len(orders)), orders.due))
    if stocked.any():
        begun = held(scenario, templates, by_due.tolist(), left) if scenario.floor else {}
        for j in by_due[stocked[orders.variant[by_due]]].tolist():
            if not begun and not any(left.values()):
                break
            rows[j] = take(templates[orders.variant[j]], int(orders.quantity[j]), left, begun.pop(j, None))
    members = np.argsort(orders.variant, kind="stable")
    ends = np.cumsum(np.bincount(orders.variant, minlength=len(templates)))
    found = []
    for v, template in enumerate(templates):
        mine = members[(ends[v - 1] if v else 0):ends[v]]
        none = [0] * len(template.items)
        found.append(pegged_rows(template, mine, orders.quantity[mine],
                                 [rows.get(j, none) for j in mine.tolist()] if stocked[v] else None))
    return tuple(found)


def _used(scenario: Scenario, pegged: Pegged) -> set[str]:
    """Tools not in stock and pooled components that some lot needs."""
    return {item.component for i, item in enumerate(pegged.template.items)
            if (item.pooled or (i and item.tool and not scenario.catalog.components[item.component].stock))
            and pegged.rest[:, i].any()}


def _check_sources(all_pegged: Iterable[Pegged]) -> None:
    short: dict[Mistake, None] = {}
    for pegged in all_pegged:
        total = {supply.item: supply.total for supply in pegged.template.supplies}
        for i, item in enumerate(pegged.template.items):
            if (not item.made and not (item.tool and i) and item.lead_time < 0
                    and (pegged.rest[:, i] > total.get(i, 0)).any()):
                short[Mistake(("catalog", "components", item.component),
                              f"component '{item.component}' is short and neither made nor bought",
                              "give it operations, a 'buy' or more stock")] = None
    if short:
        raise InputError(list(short))
