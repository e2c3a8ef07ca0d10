"""What was used of stock or has been bought: material entries by which it stays so when stock is pegged anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.planning.material import Need, waiting_operations
from scheduler.planning.plan import Plan
from scheduler.usecases.replanning.happened import Past
from scheduler.usecases.replanning.state import Key

STOCK, LOT, BUY, EXPEDITE = (SOURCES.index(name) for name in ("stock", "lot", "buy", "expedite"))


@dataclass
class _Got:
    """Pieces a lot has from stock and bought; available: tick at which the last bought ones come; ordered: tick of the
    first purchase."""

    stock: int = 0
    bought: int = 0
    available: int = -1
    ordered: int = 1 << 60


def supplied(past: Past) -> list[FloorEntry]:
    """Material entries of the new floor: what had been used or ordered by now, and what events say is late.

    Entries of the floor before keep their dates, where no event gives another.
    """
    got, late = _got(past), past.told.late
    known = {(e.lot, e.operation): e for e in past.before.floor if e.state == "material"}
    waiting = waiting_operations(past.before, past.plan, got)
    ids, names = past.plan.lots.id, past.plan.names
    found = []
    for need in dict.fromkeys((*got, *known, *late)):
        has, old = got.get(need), known.get(need)
        used = any((ids[past.plan.op_lot[o]], names[past.plan.op_name[o]]) in past.floor for o in waiting.get(need, ()))
        sure = has is not None and (used or (has.bought > 0 and has.ordered <= past.now))
        end = late.get(need) or (old.end if old is not None else None)
        if end is None and has is not None and sure and has.bought:
            end = past.when(has.available)
        stock = has.stock if has is not None and sure else None
        if end is not None or stock is not None:
            found.append(FloorEntry(lot=need[0], operation=need[1], state="material", end=end, stock=stock))
    return found


def _got(past: Past) -> dict[Need, _Got]:
    """Parts that lots of the schedule have from stock or a supplier."""
    pegs, found = past.schedule.pegs, dict[Need, _Got]()
    components, release = past.before.catalog.components, past.before.orders.release
    for name, order, source, lot, consumer, pieces, available in zip(
            pegs.component, *(column.tolist() for column in (pegs.order, pegs.source, pegs.lot, pegs.consumer,
                                                             pegs.quantity, pegs.available))):
        spec = components.get(name)
        if lot >= 0 or spec is None or spec.kind == "tool":
            continue
        has = found.setdefault((past.schedule.lots.id[consumer], name), _Got())
        if source == STOCK:
            has.stock += pieces
        elif source in (BUY, EXPEDITE) and spec.buy is not None:
            way = spec.buy.expedite if source == EXPEDITE and spec.buy.expedite is not None else spec.buy
            has.bought += pieces
            has.available = max(has.available, available)
            since = available - past.axis.duration(way.lead_time)
            has.ordered = min(has.ordered, max(since, int(release[order]) if order >= 0 else 0))
    return found


def bought_now(past: Past, after: Scenario, plan: Plan) -> list[FloorEntry]:
    """What the new plan buys and nobody has ordered: it is ordered now, and there after the supplier's lead time.

    after, plan: the new scenario so far. What the solver supplies starts no earlier than now by itself.
    """
    pegs, ordered, extra = plan.pegs, _got(past), defaultdict[Need, int](int)
    static = np.ones(len(pegs.component), dtype=bool)
    if plan.shop is not None:
        static[plan.shop.op_supply[plan.shop.op_supply >= 0]] = False
    components = after.catalog.components
    for p in np.flatnonzero(static & (pegs.source == BUY) & (pegs.lot < 0)).tolist():
        if components[pegs.component[p]].kind == "part":
            extra[plan.lots.id[pegs.consumer[p]], pegs.component[p]] += int(pegs.quantity[p])
    known = {(e.lot, e.operation): e for e in after.floor if e.state == "material"}
    found = []
    for need, pieces in extra.items():
        buy, has = components[need[1]].buy, ordered.get(need)
        if buy is None or (has is not None and has.ordered <= past.now and pieces <= has.bought):
            continue
        end = past.when(past.now + past.axis.duration(buy.lead_time))
        old = known.get(need)
        if old is not None and old.end is not None and past.axis.to_ticks(old.end, up=True) > past.axis.to_ticks(end):
            continue
        found.append(FloorEntry(lot=need[0], operation=need[1], state="material", end=end,
                                stock=old.stock if old is not None else None))
    return found


def merged(entries: list[FloorEntry], newer: list[FloorEntry]) -> list[FloorEntry]:
    """The entries with those of `newer` in place of what they say about the same."""
    by_need = {(e.lot, e.operation): e for e in entries} | {(e.lot, e.operation): e for e in newer}
    return list(by_need.values())


def ready(past: Past, after: Scenario, plan: Plan, entries: list[FloorEntry]) -> dict[Key, tuple[int, str]]:
    """(tick, component) before which operations of the new plan cannot start for want of material."""
    ends = {(e.lot, e.operation): past.axis.to_ticks(e.end, up=True) for e in entries if e.end is not None}
    found: dict[Key, tuple[int, str]] = {}
    for need, waiting in waiting_operations(after, plan, ends).items():
        for o in waiting:
            key = (plan.lots.id[plan.op_lot[o]], plan.names[plan.op_name[o]])
            found[key] = max(found.get(key, (-1, "")), (ends[need], need[1]))
    return found
