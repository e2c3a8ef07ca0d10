"""What happened for something that is no longer made: it keeps its place on the resource, and what it used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scheduler.domain.catalog import ComponentUse, Operation, Work
from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import OrderEntry, Routing
from scheduler.domain.scenario import Scenario
from scheduler.planning.material import waiting_operations
from scheduler.planning.plan import Plan
from scheduler.usecases.replanning.happened import Past
from scheduler.usecases.replanning.state import Key

Modes = dict[Key, set[tuple[str, str, int]]]
"""(resource, configuration, mode) of all ways to run each operation of a plan."""


def modes_of(scenario: Scenario, plan: Plan) -> Modes:
    ids = [resource.id for resource in scenario.resources]
    configurations = [resource.configurations for resource in scenario.resources]
    found: Modes = {}
    for o in range(len(plan)):
        if plan.shop is None or plan.shop.op_supply[o] < 0:
            part = slice(int(plan.mode_first[o]), int(plan.mode_first[o + 1]))
            found[plan.lots.id[plan.op_lot[o]], plan.names[plan.op_name[o]]] = {
                (ids[r], configurations[r][c], k) for r, c, k in zip(plan.mode_resource[part].tolist(),
                                                                     plan.mode_configuration[part].tolist(),
                                                                     plan.mode_index[part].tolist())}
    return found


def fits(entry: FloorEntry, modes: Modes) -> bool:
    """Whether an operation is still made, and can be made like that."""
    ways = modes.get((entry.lot, entry.operation), ())
    return any(entry.resource in (None, resource) and entry.configuration in (None, configuration)
               and entry.mode in (None, k) for resource, configuration, k in ways)


def regrouped(before: Plan, after: Plan) -> set[str]:
    """Lots of pooled components that serve others now than before: what was made is not theirs."""
    def served(plan: Plan) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for lot, consumer, pieces in zip(plan.pegs.lot.tolist(), plan.pegs.consumer.tolist(),
                                         plan.pegs.quantity.tolist()):
            if lot >= 0 and plan.lots.order[lot] < 0 and plan.lots.id[lot] != plan.lots.item[lot]:
                found[plan.lots.id[lot]][plan.lots.id[consumer]] = pieces
        return found

    old, new = served(before), served(after)
    return {name for name, needs in new.items() if any(pieces > old.get(name, {}).get(consumer, 0)
                                                       for consumer, pieces in needs.items())}


def leftovers(past: Past, facts: Iterable[FloorEntry], taken: Sequence[str],
              names: Iterable[str]) -> tuple[list[OrderEntry], list[FloorEntry]]:
    """Orders with a routing of their own, without due date or price, for facts that fit nothing any more, and these
    facts as theirs: one order for each lot, named like it where the name is free.

    What the operations had used of stock is used by them. taken: names that cannot be given any more; names: of
    components that still exist.
    """
    lots: dict[str, list[FloorEntry]] = defaultdict(list)
    for fact in facts:
        lots[fact.lot].append(fact)
    used, components = _used(past, lots), set(names)
    orders, floor = [], []
    for lot, mine in lots.items():
        name, count = lot, 1
        while name in taken:
            name, count = f"{lot} (before{f' {count}' if count > 1 else ''})", count + 1
        operations = {}
        for fact in mine:
            row = past.planned[fact.lot, fact.operation]
            assert fact.resource is not None
            millis = max(1, past.hours.planned_work(row.resource, row.start, row.end)) * past.axis.tick
            operations[fact.operation] = Operation(resources=(fact.resource,), work=Work(fixed=f"{millis} ms"),
                                                   pausing=True, after=())
            floor.append(fact.model_copy(update={"lot": name, "mode": None}))
        uses = tuple(ComponentUse(component=c, quantity=pieces, at=at) for c, pieces, at in used.get(lot, ())
                     if c in components)
        orders.append(OrderEntry(id=name, routing=Routing(operations=operations, components=uses)))
    return orders, floor


def _used(past: Past, lots: dict[str, list[FloorEntry]]) -> dict[str, list[tuple[str, int, str]]]:
    """(component, pieces from stock, operation that took them) of each lot."""
    pegs, stock = past.schedule.pegs, dict[tuple[str, str], int]()
    for p, name in enumerate(pegs.component):
        lot = past.schedule.lots.id[pegs.consumer[p]]
        if lot in lots and pegs.source[p] == 0 and past.before.catalog.components[name].kind == "part":
            stock[lot, name] = stock.get((lot, name), 0) + int(pegs.quantity[p])
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for (lot, name), waiting in waiting_operations(past.before, past.plan, stock).items():
        happened = {fact.operation for fact in lots[lot]}
        at = next((past.plan.names[past.plan.op_name[o]] for o in waiting
                   if past.plan.names[past.plan.op_name[o]] in happened), None)
        if at is not None:
            found[lot].append((name, stock[lot, name], at))
    return found
