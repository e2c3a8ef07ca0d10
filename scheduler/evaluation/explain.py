"""Why an order is delivered when it is, and which resources hold late orders up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.quantities import format_money
from scheduler.domain.results import Bottleneck, Cause, Costs, Explanation, KPIs, PoolLoad
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.domain.timeaxis import span
from scheduler.evaluation.chain import Chain
from scheduler.evaluation.floor import Floor
from scheduler.evaluation.matched import matched
from scheduler.evaluation.shopchain import ShopChain
from scheduler.evaluation.shopfloor import ShopFloor
from scheduler.evaluation.words import moment

ADVICE = {
    "operation": ("its own operations", "a faster way to run them or an earlier release"),
    "component": ("making {other}", "having {other} in stock or making it faster"),
    "tool": ("making {other} first", "having {other} made before the order came"),
    "resource": ("the queue at {resource}", "more capacity at {resource} or an earlier place in its queue"),
    "reconfiguration": ("reconfiguring {resource}", "running like orders one after the other on {resource}"),
    "calendar": ("closed time", "overtime or another shift"),
    "transport": ("transport", "resources closer to each other"),
    "material": ("waiting for {other}", "ordering {other} earlier or having it in stock"),
    "idle": ("time that nothing forced", "starting earlier, which the schedule leaves open,"),
    "hold": ("being held until its due date", "letting it leave early"),
    "crew": ("waiting for crew {other}", "more people in crew {other}"),
    "fixture": ("waiting for fixture {other}", "one more fixture {other}"),
    "module": ("waiting for module {other}", "one more module {other}"),
    "orders": ("the limit on orders in process", "allowing more orders in process"),
    "batch": ("waiting for the batch", "starting the batch without waiting"),
    "buffer": ("the full buffer {other}", "more places in buffer {other}"),
    "vehicle": ("waiting for a vehicle", "one more vehicle"),
    "lag": ("the time that must lie between operations", "a shorter time between them"),
    "link": ("starting together", "starting apart"),
    "pause": ("pauses over closed time", "overtime or another shift"),
    "overtime": ("overtime that was not opened", "opening it"),
    "maintenance": ("maintenance of {resource}", "placing the maintenance elsewhere"),
    "breakdown": ("the breakdown of {resource}", "a faster repair"),
    "campaign": ("the campaign on {resource}", "a shorter minimum run"),
    "pool": ("waiting for the other orders of a pooled lot", "pooling over a shorter time"),
    "now": ("what lies before now", "an earlier plan"),
    "happened": ("what already happened", "starting earlier"),
    "pinned": ("being pinned", "lifting the pin"),
    "announced": ("staying where it was announced", "moving it"),
    "moved": ("moving", "staying where it was announced"),
}
"""Per kind of cause: what took the time, and what would have helped."""
LITTLE = 0.5
"""Share of the open hours of a queue below which a resource that works no longer is not short, and share of a queue
below which a resource that is open no longer is short of hours."""
ON_RESOURCE = ("resource", "reconfiguration")
ON_POOL = ("crew", "fixture", "module")
SUBJECT = {"component": "other", "tool": "other", "material": "other", "resource": "resource",
           "reconfiguration": "resource", "crew": "other", "fixture": "other", "module": "other", "buffer": "other",
           "maintenance": "resource", "breakdown": "resource", "campaign": "resource"}


def explain(scenario: Scenario, schedule: Schedule, costs: Costs, order: int, *,
            earliest: int | None = None) -> Explanation:
    """Why an order (index into the scenario's orders), late or not, is delivered when it is.

    The chain covers the time from its release to its delivery without gaps (ticks). Besides the kinds of Cause there
    are 'tool' (a shared lot was made), 'idle' (it could have started earlier) and 'hold' (it may not leave early);
    'release' takes no time and says where a chain that does not begin at the origin begins. earliest: of a refused
    order, tick at which it could be complete if it had everything to itself, where that is after its hard deadline.
    """
    return _explained(_floor(scenario, schedule), costs, order, earliest)


def _floor(scenario: Scenario, schedule: Schedule) -> Floor:
    found = matched(scenario, schedule)
    return Floor(scenario, schedule) if found is None else ShopFloor(scenario, schedule, found)


def explain_late(scenario: Scenario, schedule: Schedule, costs: Costs, limit: int | None = None) -> list[Explanation]:
    """The explanations of all late orders, those whose lateness costs most (then the latest) first; at most `limit`."""
    orders = scenario.orders
    late = np.where((costs.delivery >= 0) & (orders.due < NEVER), np.maximum(0, costs.delivery - orders.due), 0)
    ranked = np.lexsort((np.arange(len(orders)), -late, -late * orders.late_rate))
    wanted = ranked[late[ranked] > 0][:limit].tolist()
    floor = _floor(scenario, schedule) if wanted else None
    return [_explained(floor, costs, j) for j in wanted] if floor else []


def _explained(floor: Floor, costs: Costs, order: int, earliest: int | None = None) -> Explanation:
    orders = floor.scenario.orders
    chain = (ShopChain(floor, costs, order) if isinstance(floor, ShopFloor) else Chain(floor, costs, order)).walk()
    waits: dict[str, int] = defaultdict(int)
    for cause in chain:
        if cause.end > cause.start:
            waits[cause.kind] += cause.end - cause.start
    due, delivery = int(orders.due[order]), int(costs.delivery[order])
    late = max(0, delivery - due) if due < NEVER and delivery >= 0 else 0
    return Explanation(orders.id[order], due if due < NEVER else None, delivery, late,
                       _refused(floor.scenario, order, earliest) if order in floor.schedule.refused else
                       _summary(floor, order, delivery, late, chain), chain, dict(waits))


def _refused(scenario: Scenario, order: int, earliest: int | None) -> str:
    price = format_money(int(scenario.orders.price[order]), scenario.currency)
    why = ("making it would have cost more (with 'must_make' another solve says how much)" if earliest is None else
           unmet(scenario, order, earliest))
    return f"Order {scenario.orders.id[order]} is refused: its price of {price} is lost; {why}."


def unmet(scenario: Scenario, order: int, earliest: int) -> str:
    """That an order's hard deadline cannot be met, as it cannot be complete before `earliest`."""
    axis, orders = scenario.axis, scenario.orders
    begin = max(int(orders.release[order]), scenario.now)
    since = "its release" if begin > scenario.now or not scenario.now else "now"
    return (f"its deadline {moment(axis, int(orders.deadline[order]))} cannot be met (it takes at least "
            f"{span(axis, earliest - begin)} from {since}, until {moment(axis, earliest)}, with the floor to itself)")


def _summary(floor: Floor, order: int, delivery: int, late: int, chain: Sequence[Cause]) -> str:
    scenario = floor.scenario
    name, axis = f"Order {scenario.orders.id[order]}", scenario.axis
    due = int(scenario.orders.due[order])
    if delivery < 0:
        return f"{name} has no operation in this schedule."
    if late:
        state = f"{name} is {span(axis, late)} late"
    elif due < NEVER:
        state = f"{name} is on time" + (f", {span(axis, due - delivery)} before it is due" if delivery < due else "")
    else:
        state = f"{name} has no due date"
    groups: dict[tuple[str, str], int] = defaultdict(int)
    for cause in chain:
        groups[cause.kind, getattr(cause, SUBJECT.get(cause.kind, "kind"))] += cause.end - cause.start
    groups = {key: ticks for key, ticks in groups.items() if ticks}
    if not groups:
        return f"{state}."
    (kind, subject), most = max(groups.items(), key=lambda found: found[1])
    what, help_ = (text.format(other=subject, resource=subject) for text in ADVICE[kind])
    if kind == "resource":
        waits = [cause for cause in chain if cause.kind == kind and cause.resource == subject]
        opened, worked = _open(floor, subject, waits), _at_work(floor.schedule, subject, waits)
        what += ", its closed hours included," if opened < most else ""
        if worked < opened * LITTLE:
            help_ = "an earlier place in its queue"
        elif opened < most * LITTLE:
            help_ = f"longer hours at {subject} or an earlier place in its queue"
    total = sum(groups.values())
    share = f"{span(axis, most)} of the {span(axis, total)} from release to delivery" if most < total else (
        f"all of the {span(axis, total)} from release to delivery")
    wish = f"; {help_} would have helped" + ("" if most >= late else " in part") if late else ""
    return f"{state}: {what} took {share}{wish}."


def _open(floor: Floor, resource: str, waits: Sequence[Cause]) -> int:
    """Ticks of some waits in which a resource was open."""
    calendar = floor.calendar(floor.schedule.resources.index(resource))
    return sum(b - a for w in waits for a, b, is_open in calendar.pieces(w.start, w.end) if is_open)


def _at_work(schedule: Schedule, resource: str, waits: Sequence[Cause]) -> int:
    """Ticks of some waits in which a resource ran or was reconfigured."""
    own = schedule.resource == schedule.resources.index(resource)
    begins = np.concatenate((schedule.rec_start[own], schedule.start[own]))
    ends = np.concatenate((schedule.rec_end[own], schedule.end[own]))
    rank = np.argsort(begins, kind="stable")
    begins, ends = begins[rank], np.maximum.accumulate(ends[rank])
    begins[1:] = np.maximum(begins[1:], ends[:-1])
    return sum(int(np.maximum(0, np.minimum(ends, w.end) - np.maximum(begins, w.start)).sum()) for w in waits)


def bottlenecks(scenario: Scenario, schedule: Schedule, explanations: Sequence[Explanation],
                kpis: KPIs) -> list[Bottleneck]:
    """Resources, crews, fixtures and modules that late orders waited for (ticks), most waited for first.

    Of a resource its queue and reconfigurations count. load: operations and reconfigurations as a share of the open
    time within [0, makespan], of the others the share of people or pieces x time in use.
    """
    waited: dict[tuple[str, str], int] = defaultdict(int)
    changing: dict[tuple[str, str], int] = defaultdict(int)
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for explanation in explanations:
        if not explanation.late:
            continue
        for cause in explanation.chain:
            if cause.kind in (*ON_RESOURCE, *ON_POOL) and cause.end > cause.start:
                key = ("", cause.resource) if cause.kind in ON_RESOURCE else (cause.kind, cause.other)
                waited[key] += cause.end - cause.start
                changing[key] += (cause.end - cause.start) * (cause.kind == "reconfiguration")
                held[key].add(explanation.order)
    pools = {(pool.kind, pool.name): pool for pool in kpis.pools}
    found = []
    for (kind, name), ticks in waited.items():
        if kind and (kind, name) not in pools:
            continue
        load = _pool_load(pools[kind, name]) if kind else _resource_load(kpis.values["resources"][name])
        count = len(held[kind, name])
        part = f", {span(scenario.axis, changing[kind, name])} of it reconfigurations" if changing[kind, name] else ""
        title = f"{kind} {name}" if kind else name
        text = (f"{title} held up {count} late order{'s' if count > 1 else ''} for {span(scenario.axis, ticks)} "
                f"in all{part}; it is in use for {load:.0%} of its {'open time' if not kind else 'time'}")
        found.append(Bottleneck(title, load, ticks, count, text))
    return sorted(found, key=lambda b: (-b.waited, -b.load, b.resource))


def _resource_load(figures: dict[str, Any]) -> float:
    opened = figures["open"]
    return (figures["busy"] + figures["reconfiguration_time"]) / opened if opened else 0.0


def _pool_load(pool: PoolLoad) -> float:
    length = np.diff(pool.time)
    there = int((pool.capacity * length).sum())
    return int((pool.load * length).sum()) / there if there else 0.0
