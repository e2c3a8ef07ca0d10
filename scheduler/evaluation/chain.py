"""The chain of an order: what it waited for from its release to its delivery, found by walking back in time."""

from __future__ import annotations

from bisect import bisect_right

from scheduler.domain.results import Cause, Costs
from scheduler.domain.timeaxis import span
from scheduler.evaluation.floor import Floor, Ready
from scheduler.evaluation.likes import Likes
from scheduler.evaluation.slack import Link, gain, link
from scheduler.evaluation.words import closure, moment

SHOWN = 3
"""Operations of others that are told one by one in a queue; what was before them is told together."""


class Chain:
    """Walks back from the last completed operation of an order and collects causes that leave no gap.

    At each operation: the time it could have started earlier (idle), the closed time before that (calendar), then
    whatever came last: the resource with its queue and reconfigurations, where it was ready before, and then
    what made it ready. An operation of the order itself, in a queue or before another, is where the walk goes on.
    """

    def __init__(self, floor: Floor, costs: Costs, order: int):
        self.floor, self.order = floor, order
        self.axis = floor.scenario.axis
        self.resources = floor.scenario.resources
        self.delivery = int(costs.delivery[order])
        self.begin = min(floor.release[order], self.delivery)
        self.cursor = self.delivery
        self.causes: list[Cause] = []
        self.links: list[Link] = []
        self.likes = Likes(floor, floor.begun, floor.end)

    def walk(self) -> tuple[Cause, ...]:
        """The causes from the release to the delivery, in order of time; none for an order without operations."""
        mine = self.floor.operations(self.order)
        if not mine:
            return ()
        op = max(mine, key=lambda i: (self.floor.end[i], self.floor.start[i], self.floor.schedule.lots.item[
            self.floor.lot[i]] == ""))
        if self.floor.end[op] < self.delivery:
            self.add("hold", self.floor.end[op], f"held for {{}} until its due date {self.moment(self.delivery)}")
        seen: set[int] = set()
        while op >= 0 and op not in seen and self.cursor > self.begin:
            seen.add(op)
            self.work(op)
            op = self.before(op)
        if self.cursor > self.begin:
            self.add("idle", self.begin, "{}: nothing in the schedule says what for")
        if self.begin > 0:
            self.add("release", self.begin, f"released {self.moment(self.begin)}", always=True)
        return tuple(reversed(self.causes))

    def add(self, kind: str, start: int, text: str, op: int = -1, resource: int = -1, other: str = "",
            always: bool = False) -> None:
        """A cause from `start` to where the last one began; '{}' in the text becomes how long it took."""
        start = max(start, self.begin)
        if start < self.cursor or always:
            self.causes.append(Cause(
                kind, start, self.cursor, text.replace("{}", span(self.axis, self.cursor - start)),
                self.key(op) if op >= 0 else "", self.resources[resource].id if resource >= 0 else "", other))
            self.cursor = min(self.cursor, start)

    def work(self, op: int) -> None:
        floor, r = self.floor, self.floor.resource[op]
        kind, item = self.kind(op)
        why = {"tool": f"{item} had to be made first: ", "component": f"{item} had to be made: ", "operation": ""}[kind]
        self.add(kind, floor.start[op], f"{why}{floor.name[op]} on {self.resources[r].id} took {{}}", op, r, item)

    def kind(self, op: int) -> tuple[str, str]:
        """The kind of cause of an operation of this order or of a shared lot, and the component it makes."""
        item = self.floor.schedule.lots.item[self.floor.lot[op]]
        shared = self.floor.order(op) < 0 and not self.floor.pooled(self.floor.lot[op])
        return "tool" if shared else "component" if item else "operation", item

    def before(self, op: int) -> int:
        """Tells what bound the start of an operation; the operation of this order to go on with, or -1."""
        floor, r = self.floor, self.floor.resource[op]
        calendar, previous = floor.calendar(r), floor.previous[op]
        ready = floor.ready(op)[0]
        ended = floor.end[previous] if previous >= 0 else 0
        free = calendar.after(ended, floor.time[op])
        free = self.cursor if free is None else free
        bound = max(ready.tick, free)
        possible = calendar.fit(bound, floor.end[op] - floor.start[op], self.cursor)
        if possible < self.cursor:
            self.idle(op, possible)
        if bound < self.cursor:
            self.closed(op, bound)
        if free > ready.tick:
            start, like = self.likes.first(op, max(ready.tick, self.likes.own(op)), self.cursor)
            if like >= 0:
                self.idle(op, start, like)
            own = self.queue(op, previous, ready.tick)
            if own >= 0:
                self.links.append(link(floor, op, own, free))
                return own
        if ready.before >= 0:
            self.links.append(link(floor, op, ready.before, free))
        return self.arrival(op, ready)

    def idle(self, op: int, possible: int, like: int = -1) -> None:
        """The time an operation could have started earlier, to the order's good or just in time for what came after;
        like: another resource on which it could have."""
        floor, r = self.floor, self.floor.resource[op]
        told = floor.start[op] - self.cursor
        use, loss = gain(floor, self.links, op, told + self.cursor - possible)
        what = self.sooner(op, like)
        use = max(0, use - told)
        if use:
            self.add("idle", self.cursor - use, self.unforced(op, like), op, r)
        if loss is None:
            return
        at, other = loss.link.op, loss.link.other
        later, there = floor.name[at], floor.resource[at]
        name = self.resources[there].id
        what += ", to no use: "
        if loss.closed:
            self.add("calendar", possible, f"{what}{name} was closed before {later}", at, there)
        elif loss.link.free >= other.tick:
            before = floor.previous[at]
            self.add("resource", possible, f"{what}{name} was busy before {later}", at, there,
                     self.key(before) if before >= 0 else "")
        elif other.before >= 0:
            kind, item = self.kind(other.before)
            self.add(kind, possible, f"{what}{later} waited for {self.title(other.before)} too", at, there, item)
        else:
            self.add("material" if other.component else "release", possible, f"{what}{later} waited for "
                     f"{other.component or 'the release'} too", at, there, other.component)

    def sooner(self, op: int, like: int) -> str:
        """That an operation could have started earlier, on its own resource (like: -1) or on one like it."""
        where = self.resources[self.floor.resource[op] if like < 0 else like].id
        free = "" if like < 0 else ", which was free"
        return f"{self.floor.name[op]} could have started {{}} earlier on {where}{free}"

    def unforced(self, op: int, like: int) -> str:
        """That nothing forced an operation to wait."""
        if like < 0:
            return f"{self.sooner(op, like)}: nothing stood in the way"
        own = self.resources[self.floor.resource[op]].id
        return f"waited {{}} for {own}, unforced: {self.resources[like].id} was free"

    def closed(self, op: int, start: int) -> None:
        """The wait for a window of the resource that is long enough, from `start`."""
        floor, r = self.floor, self.floor.resource[op]
        start = max(start, self.begin)
        shut = [(a, b) for a, b, is_open in floor.calendar(r).pieces(start, self.cursor) if not is_open]
        name = self.resources[r].id
        if not shut:
            self.add("calendar", start, f"waited {{}} for {name}", op, r)
            return
        why = closure(floor.scenario, self.resources[r], shut[0][0], shut[-1][1])
        times = f"{self.moment(shut[0][0])} to {self.moment(shut[-1][1])}"
        fitted = "" if shut[0][0] == start else f"; {floor.name[op]} did not fit before"
        self.add("calendar", start, f"waited {{}} for {name}, closed {times} ({why}){fitted}", op, r, why)

    def queue(self, op: int, previous: int, ready: int) -> int:
        """The wait for the resource since `ready`; returns an operation of this order that it was busy with, or -1."""
        floor, r = self.floor, self.floor.resource[op]
        ended = floor.end[previous] if previous >= 0 else 0
        self.reconfigured(op, op, max(ready, ended), ready)
        told = 0
        while previous >= 0 and floor.end[previous] > max(ready, self.begin):
            blocker, previous = previous, floor.previous[previous]
            if floor.start[blocker] < self.cursor:
                if floor.order(blocker) == self.order:
                    return blocker
                if told == SHOWN:
                    return self.rest(op, blocker, ready)
                told += 1
                self.add("resource", max(ready, floor.start[blocker]),
                         f"waited {{}} for {self.resources[r].id}, busy with {self.title(blocker)}", op, r,
                         self.key(blocker))
            self.reconfigured(op, blocker, max(ready, floor.end[previous] if previous >= 0 else 0), ready)
        self.add("resource", ready, f"waited {{}} for {self.resources[r].id}", op, r)
        return -1

    def rest(self, op: int, previous: int, ready: int) -> int:
        """The earlier part of a long queue in one cause."""
        floor, r, limit = self.floor, self.floor.resource[op], max(ready, self.begin)
        last = floor.rank[previous]
        own = max((i for i in floor.operations(self.order)
                   if floor.resource[i] == r and floor.rank[i] <= last and floor.end[i] > limit),
                  key=lambda i: floor.rank[i], default=-1)
        first = floor.rank[own] + 1 if own >= 0 else bisect_right(
            floor.order_on, limit, floor.first_on[r], last, key=lambda i: floor.end[i])
        if first <= last:
            name, start = self.title(floor.order_on[first]), floor.end[own] if own >= 0 else ready
            busy = name if first == last else f"{last - first + 1:,} operations, the first {name}"
            self.add("resource", start, f"waited {{}} for {self.resources[r].id}, busy with {busy}", op, r,
                     self.key(floor.order_on[first]))
        return own

    def reconfigured(self, op: int, prepared: int, start: int, ready: int) -> None:
        """The time on the resource from `start` on before an operation: its reconfiguration, before that free.

        Closed time is the calendar's where the operation itself is prepared, or would have waited for it anyway
        because it was `ready` only then; else it belongs to the queue.
        """
        floor, r = self.floor, self.floor.resource[op]
        start = max(start, self.begin)
        name, whose = self.resources[r].id, "" if prepared == op else f" for {self.title(prepared)}"
        left = floor.time[prepared]
        if prepared != op and self.cursor < floor.start[prepared]:
            later = floor.calendar(r).pieces(self.cursor, floor.start[prepared])
            left = max(0, left - sum(b - a for a, b, is_open in later if is_open))
        for a, b, is_open in reversed(floor.calendar(r).pieces(start, self.cursor) if start < self.cursor else []):
            if is_open:
                self.add("reconfiguration", max(a, b - left), f"waited {{}} while {name} was reconfigured{whose} "
                         f"({self.change(prepared)})", op, r, self.change(prepared))
                left = max(0, left - (b - a))
                if a < self.cursor:
                    self.add("resource", a, f"waited {{}} for {name}, kept free{whose}", op, r, self.key(prepared))
            else:
                why = closure(floor.scenario, self.resources[r], a, b)
                self.add("calendar" if prepared == op or a == ready else "resource", a, f"waited {{}} for {name}, "
                         f"closed {self.moment(a)} to {self.moment(b)} ({why})", op, r, why)

    def arrival(self, op: int, ready: Ready) -> int:
        """What made the operation ready; the operation to go on with, or -1 at the beginning of the chain."""
        floor = self.floor
        if ready.before >= 0:
            here, there = (self.resources[floor.resource[i]].location for i in (op, ready.before))
            places = floor.scenario.plant.locations
            if here >= 0 and there >= 0:
                self.add("transport", floor.end[ready.before],
                         f"{{}} transport from {places[there]} to {places[here]}", op, floor.resource[op])
            return ready.before
        if ready.component:
            self.add("material", self.begin, f"waited {{}} for {ready.component}, bought, there "
                     f"{self.moment(ready.tick)}", op, other=ready.component)
        return -1

    def key(self, op: int) -> str:
        """'LOT operation', as everywhere where an operation is named for programs."""
        return f"{self.floor.schedule.lots.id[self.floor.lot[op]]} {self.floor.name[op]}"

    def title(self, op: int) -> str:
        """'order R-017 (foaming)', 'order R-017 (press of body)' or 'mould (mill)'."""
        floor = self.floor
        order, item = floor.order(op), floor.schedule.lots.item[floor.lot[op]]
        if order < 0:
            return f"{item} ({floor.name[op]})"
        return f"order {floor.scenario.orders.id[order]} ({floor.name[op]}{f' of {item}' if item else ''})"

    def change(self, op: int) -> str:
        floor, r = self.floor, self.resources[self.floor.resource[op]]
        previous = floor.previous[op]
        names, column = r.configurations, floor.schedule.configuration
        return f"{names[int(column[previous]) if previous >= 0 else r.initial]} to {names[int(column[op])]}"

    def moment(self, tick: int) -> str:
        return moment(self.axis, tick)
