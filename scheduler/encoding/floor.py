"""What happened on the floor, what is pinned and what was announced, as columns of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.domain.floor import FloorEntry
from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import SOURCES
from scheduler.domain.shifts import Spans, resource_spans
from scheduler.errors import InputError, Mistake
from scheduler.planning.plan import Plan, Shop

PROBE_DAYS = 56
DOUBLINGS = 8


@dataclass(frozen=True, eq=False)
class Floor:
    """Columns of the plan's n operations and M modes; -1 means none.

    kept [M]: modes that facts and pins leave (bool); fact (bool), fixed (bool: facts and pins); start: of facts and
    pins; end: of facts; ref_start, ref_resource: as announced. behind: arcs [2, K] from pins; supplied [n]: tick
    before which what a supply operation brings is not there.
    """

    kept: np.ndarray
    fact: np.ndarray
    fixed: np.ndarray
    start: np.ndarray
    end: np.ndarray
    ref_start: np.ndarray
    ref_resource: np.ndarray
    behind: np.ndarray
    supplied: np.ndarray


def read_floor(scenario: Scenario, plan: Plan, shop: Shop) -> Floor:
    """The floor's entries, matched by lot and operation. Raises InputError where an entry fits nothing."""
    n = len(plan)
    start, end, ref_start, ref_resource = np.full((4, n), -1, dtype=np.int64)
    floor = Floor(kept=np.ones(len(plan.mode_cost), dtype=bool), fact=np.zeros(n, dtype=bool),
                  fixed=np.zeros(n, dtype=bool), start=start, end=end, ref_start=ref_start, ref_resource=ref_resource,
                  behind=np.zeros((2, 0), dtype=np.int64), supplied=np.zeros(n, dtype=np.int64))
    if scenario.floor:
        floor = _Reader(scenario, plan, shop, floor).read()
        _supplied(scenario, plan, shop, floor)
    _drop_overfull(scenario, plan, shop, floor)
    return floor


def _supplied(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor) -> None:
    """What has been used was there: a supply that only facts waited for is a fact itself, from stock where there was
    enough when the first of them started, else in its first other mode."""
    own = shop.op_supply[plan.arc_from] >= 0
    source, target = plan.arc_from[own], plan.arc_to[own]
    used = np.zeros(len(plan), dtype=bool)
    used[source] = True
    used[source[~(floor.fact | _passed_over(shop, floor))[target]]] = False
    first = np.full(len(plan), NEVER)
    np.minimum.at(first, source, np.where(floor.fact, floor.start, NEVER)[target])
    used &= (first < NEVER) & ~floor.fact
    drawn: dict[int, int] = {}
    for o in sorted(np.flatnonzero(used).tolist(), key=lambda o: (first[o], o)):
        modes = np.arange(plan.mode_first[o], plan.mode_first[o + 1])
        modes = modes[floor.kept[modes]]
        component, pieces = int(shop.op_component[o]), int(plan.pegs.quantity[shop.op_supply[o]])
        stock = shop.mode_source[modes] == SOURCES.index("stock")
        time, there = arrived(scenario, shop.stocked[component])
        enough = drawn.get(component, 0) + pieces <= there[np.searchsorted(time, max(0, first[o]), side="right") - 1]
        if stock.any() and (enough or stock.all()):
            drawn[component] = drawn.get(component, 0) + pieces
        else:
            stock = ~stock
        floor.kept[modes] = False
        floor.kept[modes[stock][0]] = True
        floor.fact[o] = floor.fixed[o] = True
        floor.start[o] = floor.end[o] = max(0, first[o])


def _passed_over(shop: Shop, floor: Floor) -> np.ndarray:
    """[n] operations of branches that facts in another branch of the same choice rule out."""
    chosen = shop.op_branch[floor.fact & (shop.op_branch >= 0)]
    if not len(chosen):
        return np.zeros(len(shop.op_branch), dtype=bool)
    decided = np.isin(shop.branch_choice, shop.branch_choice[chosen])
    decided[chosen] = False
    found: np.ndarray = (shop.op_branch >= 0) & decided[shop.op_branch]
    return found


def arrived(scenario: Scenario, component: str) -> tuple[np.ndarray, np.ndarray]:
    """(time, pieces) of a component in stock with all that has arrived by then, from tick 0."""
    spec = scenario.catalog.components[component]
    at = np.array([max(0, scenario.axis.to_ticks(a.at, up=True)) for a in spec.arrivals], dtype=np.int64)
    pieces = np.array([a.quantity for a in spec.arrivals], dtype=np.int64)
    time = np.unique(np.append(at, 0))
    return time, np.array([spec.stock + int(pieces[at <= t].sum()) for t in time.tolist()], dtype=np.int64)


def _drop_overfull(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor) -> None:
    """Drops the modes on resources whose batch is too small for the operation alone."""
    cells = [scenario.plant.cells[r.cell] for r in scenario.resources]
    places = [cell.batch.capacity if cell.batch else 0 for cell in cells]
    op = np.repeat(np.arange(len(plan)), np.diff(plan.mode_first))
    capacity = np.array([*places, 0], dtype=np.int64)[plan.mode_resource]
    batched = (capacity > 0) & (shop.op_batch[op] >= 0) & ~floor.fact[op]
    floor.kept[batched & ((shop.op_places * shop.op_quantity)[op] > capacity)] = False
    lost = np.flatnonzero(np.bincount(op[floor.kept], minlength=len(plan)) == 0).tolist()
    if lost:
        room = {o: int(capacity[plan.mode_first[o]:plan.mode_first[o + 1]].max()) for o in lost}
        raise InputError([Mistake(
            ("orders",), f"operation '{plan.names[plan.op_name[o]]}' of lot '{plan.lots.id[plan.op_lot[o]]}' takes "
            f"{shop.op_places[o] * shop.op_quantity[o]} places, and no resource that can run it has more than "
            f"{room[o]}",
            "split the order, lower the minimum or the multiple of the component's pool, or write a larger capacity")
            for o in lost])


class _Reader:
    def __init__(self, scenario: Scenario, plan: Plan, shop: Shop, floor: Floor):
        self.scenario, self.plan, self.shop, self.floor = scenario, plan, shop, floor
        ids, names = plan.lots.id, plan.names
        listed = {e.lot for e in scenario.floor} | {(e.behind or "").rpartition("/")[0] for e in scenario.floor}
        self.ops = {(ids[lot], names[name]): o for o, (lot, name) in enumerate(zip(
            plan.op_lot.tolist(), plan.op_name.tolist())) if ids[lot] in listed and shop.op_supply[o] < 0}
        pegs = plan.pegs
        self.supply = {(ids[pegs.consumer[p]], pegs.component[p]): o
                       for o, p in enumerate(shop.op_supply.tolist()) if p >= 0}
        self.resources = {r.id: i for i, r in enumerate(scenario.resources)}

    def read(self) -> Floor:
        behind: list[tuple[int, int]] = []
        for i, entry in enumerate(self.scenario.floor):
            if entry.state == "material":
                self._material(entry)
                continue
            o = self._operation(entry.lot, entry.operation, i)
            if entry.state == "announced":
                self._announced(o, entry, i)
                continue
            self._narrow(o, entry, i)
            self.floor.fixed[o] = True
            self.floor.start[o] = -1 if entry.start is None else self.scenario.axis.to_ticks(entry.start)
            if entry.state in ("finished", "started"):
                self._fact(o, entry, i)
            elif entry.behind is not None:
                lot, _, operation = entry.behind.rpartition("/")
                behind.append((self._operation(lot, operation, i), o))
        arcs = np.array(behind, dtype=np.int64).reshape(-1, 2).T
        return Floor(**{**vars(self.floor), "behind": arcs})

    def _operation(self, lot: str, operation: str, i: int) -> int:
        if (lot, operation) not in self.ops:
            raise _wrong(i, f"there is no operation '{operation}' of lot '{lot}'", "name one that the plan has")
        return self.ops[lot, operation]

    def _resource(self, name: str, i: int) -> int:
        if name not in self.resources:
            raise _wrong(i, f"unknown resource '{name}'", "name one of the plant")
        return self.resources[name]

    def _material(self, entry: FloorEntry) -> None:
        o = self.supply.get((entry.lot, entry.operation))
        if o is None:
            return
        tick = None if entry.end is None else self.scenario.axis.to_ticks(entry.end, up=True)
        if entry.stock is not None and entry.stock < self.plan.pegs.quantity[self.shop.op_supply[o]]:
            self._bought(o, tick)
        elif tick is not None:
            self.floor.supplied[o] = max(int(self.floor.supplied[o]), tick)

    def _bought(self, o: int, tick: int | None) -> None:
        """What was ordered comes at `tick` and is paid: expedited where buying would have taken longer."""
        plan, floor = self.plan, self.floor
        modes = np.arange(plan.mode_first[o], plan.mode_first[o + 1])
        modes = modes[self.shop.mode_source[modes] != SOURCES.index("stock")]
        if not len(modes):
            return
        floor.kept[plan.mode_first[o]:plan.mode_first[o + 1]] = False
        if tick is None:
            floor.kept[modes] = True
            return
        ready = plan.op_release[o] + plan.mode_duration[modes]
        chosen = modes[np.argmax(np.where(ready <= tick, ready, -1))]
        floor.kept[chosen] = floor.fact[o] = floor.fixed[o] = True
        floor.end[o] = max(tick, int(plan.op_release[o] + plan.mode_duration[chosen]))
        floor.start[o] = min(int(floor.end[o]), self.scenario.now)

    def _announced(self, o: int, entry: FloorEntry, i: int) -> None:
        if entry.start is not None and entry.resource is not None:
            self.floor.ref_start[o] = max(0, self.scenario.axis.to_ticks(entry.start))
            self.floor.ref_resource[o] = self._resource(entry.resource, i)

    def _narrow(self, o: int, entry: FloorEntry, i: int) -> None:
        """Leaves the modes that the entry allows."""
        plan, kept = self.plan, self.floor.kept
        part = slice(int(plan.mode_first[o]), int(plan.mode_first[o + 1]))
        if entry.resource is not None:
            kept[part] &= plan.mode_resource[part] == self._resource(entry.resource, i)
        if entry.configuration is not None:
            names = [self.scenario.resources[r].configurations for r in plan.mode_resource[part].tolist()]
            kept[part] &= np.array([c < len(n) and n[c] == entry.configuration for n, c in zip(
                names, plan.mode_configuration[part].tolist())], dtype=bool)
        if entry.mode is not None:
            kept[part] &= plan.mode_index[part] == entry.mode
        if not kept[part].any():
            raise _wrong(i, f"operation '{entry.operation}' of lot '{entry.lot}' cannot run like that",
                         "name a resource, configuration and mode that can run it")

    def _fact(self, o: int, entry: FloorEntry, i: int) -> None:
        """Leaves the first mode that is left, and says when it ends."""
        plan, axis, floor = self.plan, self.scenario.axis, self.floor
        first = int(plan.mode_first[o])
        mode = first + int(np.flatnonzero(floor.kept[first:int(plan.mode_first[o + 1])])[0])
        floor.kept[first:int(plan.mode_first[o + 1])] = False
        floor.kept[mode] = floor.fact[o] = True
        if entry.start is None:
            raise _wrong(i, f"it is not said when '{entry.operation}' of lot '{entry.lot}' started", "give its start")
        if entry.state == "finished":
            if entry.end is None:
                raise _wrong(i, f"it is not said when '{entry.operation}' of lot '{entry.lot}' ended", "give its end")
            floor.end[o] = axis.to_ticks(entry.end)
            return
        left = None if entry.remaining is None else axis.duration(entry.remaining)
        end = finish(self.scenario, int(plan.mode_resource[mode]), int(floor.start[o]),
                     int(plan.mode_duration[mode]), left)
        if end is None:
            raise _wrong(i, f"the rest of '{entry.operation}' of lot '{entry.lot}' fits no working time of "
                            f"{self.scenario.resources[plan.mode_resource[mode]].id}", "check the resource's calendar")
        floor.end[o] = end


def finish(scenario: Scenario, r: int, start: int, duration: int, left: int | None) -> int | None:
    """Tick at which what runs on resource r since `start` is done; None where its calendar leaves no time.

    left: ticks of normal work left at scenario.now; None: the duration less what was worked since start. It pauses over
    closed time; overtime does not count.
    """
    now, reach = scenario.now, int(PROBE_DAYS * scenario.axis.ticks_per_day)
    for k in range(DOUBLINGS):
        horizon = now + (reach + (duration if left is None else left)) * 2 ** k
        spans = resource_spans(scenario, scenario.resources[r], horizon)
        open_ = Spans(*(column[spans.overtime < 0] for column in spans))
        units = max(0, 100 * duration - _work(open_, start, now)) if left is None else 100 * left
        if not units:
            return now
        for a, b, speed in zip(*(column[open_.end > now].tolist() for column in open_[:3])):
            since = max(a, now)
            if units <= (b - since) * speed:
                return int(since - (-units // speed))
            units -= (b - since) * speed
    return None


def _work(spans: Spans, start: int, end: int) -> int:
    """Work between two ticks in hundredths of a tick at normal speed."""
    length = np.minimum(spans.end, end) - np.maximum(spans.start, start)
    return int((np.maximum(length, 0) * spans.value).sum())


def _wrong(i: int, message: str, instead: str) -> InputError:
    return InputError([Mistake(("floor", i), message, instead)])
