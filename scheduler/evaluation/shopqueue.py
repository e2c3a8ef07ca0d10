"""The wait for a resource beyond the plain shop: its queue, closed time, campaigns, maintenance and full buffers."""

from __future__ import annotations

from scheduler.domain.quantities import format_money
from scheduler.domain.results import Costs
from scheduler.evaluation.chain import SHOWN, Chain
from scheduler.evaluation.elsewhere import Elsewhere
from scheduler.evaluation.hurdles import Hurdles
from scheduler.evaluation.opening import Track
from scheduler.evaluation.pools import PREPARE
from scheduler.evaluation.shopfloor import ShopFloor
from scheduler.evaluation.words import closure

BREAKDOWN = "breakdown"
"""Reason of a closure that is no plan."""


class ShopQueue(Chain):
    """Tells what a resource did before it was free; what stands in the way is looked up in the schedule."""

    def __init__(self, floor: ShopFloor, costs: Costs, order: int):
        super().__init__(floor, costs, order)
        self.shop = floor
        self.hurdles = Hurdles(floor)
        self.elsewhere = Elsewhere(floor, self.hurdles)

    def shut(self, op: int, start: int) -> None:
        """The wait for a window: broken down, closed, or closed though overtime was on offer."""
        floor, r = self.shop, self.floor.resource[op]
        start = max(start, self.begin)
        resource, axis = self.resources[r], floor.scenario.axis
        for closed in resource.closures:
            a, b = axis.to_ticks(closed.start), axis.to_ticks(closed.end, up=True)
            if closed.reason == BREAKDOWN and a < self.cursor and start < b <= self.cursor:
                self.closed(op, b)
                self.add("breakdown", max(a, start),
                         f"waited {{}} for {resource.id}, broken down until {self.moment(b)}", op, r, closed.reason)
        offers = [slot for k, slot in enumerate(floor.openings.offered)
                  if k not in floor.openings.bought and slot.calendar == resource.calendar
                  and start <= slot.start < self.cursor and slot.end - slot.start >= floor.duration(op)]
        for slot in reversed(offers[:1]):
            price = format_money(slot.cost, floor.scenario.currency)
            self.add("overtime", slot.start, f"waited {{}} for {resource.id}: overtime from {self.moment(slot.start)} "
                     f"to {self.moment(slot.end)} for {price} was not opened", op, r, slot.calendar)
        self.closed(op, start)

    def queue(self, op: int, previous: int, ready: int) -> int:
        """As in a plain shop, with what stands on the resource until the buffer takes it, campaigns and maintenance."""
        floor, r = self.shop, self.floor.resource[op]
        name, told = self.resources[r].id, 0
        left = floor.leave[previous] if previous >= 0 else 0
        campaign = self.hurdles.campaign(op)
        self.reconfigured(op, op, max(ready, left, campaign), ready)
        if campaign > max(left, ready):
            self.add("campaign", max(left, ready), f"waited {{}} for {name}: its campaign before the change "
                     f"{self.change(op)} was not long enough", op, r)
        if floor.scenario.now > max(left, ready):
            self.add("now", max(left, ready),
                     f"{{}} until {self.moment(floor.scenario.now)}, from when on it is planned", op, r)
        while previous >= 0 and floor.leave[previous] > max(ready, self.begin):
            blocker, previous = previous, floor.previous[previous]
            if floor.start[blocker] < self.cursor:
                mine = next((i for i in floor.members.get(blocker, (blocker,)) if floor.order(i) == self.order), -1)
                self.blocking(op, blocker, ready)
                if mine >= 0:
                    return mine
                if told == SHOWN:
                    return self.rest(op, blocker, ready)
                told += 1
                self.busy(op, blocker, ready)
            self.reconfigured(op, blocker, max(ready, floor.leave[previous] if previous >= 0 else 0), ready)
        self.add("resource", ready, f"waited {{}} for {name}", op, r)
        return -1

    def busy(self, op: int, blocker: int, ready: int) -> None:
        """What the resource ran, or the maintenance it was in."""
        floor, r = self.shop, self.floor.resource[op]
        name, start = self.resources[r].id, max(ready, floor.start[blocker])
        if floor.upkeep[blocker]:
            self.add("maintenance", start, f"waited {{}} for {name}, in maintenance ({floor.name[blocker]})", op, r,
                     self.key(blocker))
            return
        batch = len(floor.members.get(blocker, ()))
        what = self.title(floor.members[blocker][0] if batch else blocker)
        what = f"a batch of {batch}, the first {what}" if batch > 1 else what
        kind = "batch" if batch > 1 and op in floor.members else "resource"
        self.add(kind, start, f"waited {{}} for {name}, busy with {what}", op, r, self.key(blocker))

    def blocking(self, op: int, previous: int, ready: int) -> None:
        """The time a finished lot stood on the resource, if the buffer behind it was full."""
        floor, r = self.shop, self.floor.resource[op]
        rows = floor.members.get(previous, (previous,))
        last = max(rows, key=lambda i: floor.leave[i])
        if floor.leave[last] <= floor.end[last]:
            return
        full = self.full(last)
        start, name = max(ready, floor.end[last]), self.resources[r].id
        if full:
            self.add("buffer", start, f"waited {{}} for {name}, blocked by {self.title(last)}: buffer {full} was full",
                     op, r, full)
        else:
            self.add("resource", start, f"waited {{}} for {name}, on which {self.title(last)} stood", op, r,
                     self.key(last))

    def full(self, row: int) -> str:
        """The buffer that had no place for the row's lot between its end and its leaving; '' where none was full."""
        floor = self.shop
        full = (name for name in floor.scenario.plant.buffers if self._leads(row, name) and floor.pools.blocked(
            ("buffer", name), 1, (row,), floor.end[row], floor.leave[row]))
        return next(full, "")

    def _leads(self, row: int, buffer: str) -> bool:
        """Whether what the row's lot goes to next lies behind the buffer."""
        floor = self.shop
        spec = floor.scenario.plant.buffers[buffer]
        cells = [self.resources[floor.resource[i]].cell for i in
                 (row, *(floor.row_of[int(floor.plan.arc_to[k])] for k in floor.onward.get(floor.op[row], ())))]
        return cells[0] == spec.from_ and spec.to in cells[1:]

    def reconfigured(self, op: int, prepared: int, start: int, ready: int) -> None:
        """As in a plain shop, in the time in which reconfiguring is possible; where only its crews were missing for
        that it is theirs. A resource kept free for another operation is told in one, over closed time too."""
        floor, r = self.shop, self.floor.resource[op]
        start = max(start, self.begin)
        name, whose = self.resources[r].id, "" if prepared == op else f" for {self.title(prepared)}"
        needed = left = floor.time[prepared]
        track: Track = floor.pools.uses[prepared].setup if needed else floor.openings.resource(r)
        if prepared != op and needed:
            left = needed = max(0, needed - track.opened(self.cursor, floor.start[prepared]))
        crews = ", ".join(crew for crew, _ in floor.needs(prepared, PREPARE))
        pieces = track.pieces(start, self.cursor) if self.cursor > start else []
        for a, b, is_open in reversed(pieces):
            if a >= self.cursor:
                continue
            if is_open and left:
                self.add("reconfiguration", max(a, b - left), f"waited {{}} while {name} was reconfigured{whose} "
                         f"({self.change(prepared)})", op, r, self.change(prepared))
                left = max(0, left - (b - a))
            if a >= self.cursor:
                continue
            if is_open:
                self.kept(op, prepared, pieces[0][1] if not pieces[0][2] and pieces[0][0] == ready else start, a)
            elif left == needed and floor.openings.resource(r).opened(a, b):
                self.kept(op, prepared, a, a)
            elif floor.openings.resource(r).opened(a, b):
                who = f"crew {crews}" if crews else "an attended shift"
                self.add("crew" if crews else "calendar", a, f"waited {{}} for {who} to reconfigure {name}{whose}", op,
                         r, crews)
            else:
                why = closure(floor.scenario, self.resources[r], a, b)
                self.add("calendar" if prepared == op or a == ready else "resource", a, f"waited {{}} for {name}, "
                         f"closed {self.moment(a)} to {self.moment(b)} ({why})", op, r, why)

    def kept(self, op: int, prepared: int, start: int, piece: int) -> None:
        """The time a resource was kept free: for another operation all of it since `start`, else this piece."""
        floor, r = self.shop, self.floor.resource[op]
        name, key = self.resources[r].id, self.key(prepared)
        if prepared == op:
            self.add("resource", piece, f"waited {{}} for {name}, kept free", op, r, key)
            return
        closed = floor.openings.resource(r).opened(start, self.cursor) < self.cursor - start
        also = ", its closed hours included" if closed else ""
        self.add("resource", start, f"waited {{}} for {name}, kept free for {self.title(prepared)}{also}", op, r, key)
