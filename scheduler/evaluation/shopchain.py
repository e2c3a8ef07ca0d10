"""The chain of an order beyond the plain shop: crews, fixtures, batches, buffers and all that may be waited for."""

from __future__ import annotations

from itertools import pairwise

from scheduler.domain.orders import NEVER
from scheduler.domain.results import Costs
from scheduler.evaluation.chain import SHOWN
from scheduler.evaluation.hurdles import Hurdle
from scheduler.evaluation.shopfloor import ShopFloor, Wait
from scheduler.evaluation.shopqueue import BREAKDOWN, ShopQueue
from scheduler.evaluation.words import closure

POOLS = {"crew": "crew", "fixture": "fixture", "module": "module", "orders": "orders", "shift": "crew",
         "buffer": "buffer"}
"""Kind of cause of a hurdle that is a pool's."""
HOW = {"stock": "from stock that arrived", "buy": "bought, there", "expedite": "expedited, there",
       "late": "late, there", "lot": "there"}
"""How a component came, by where from."""


class ShopChain(ShopQueue):
    """Walks back like Chain, by all rules. What stands in the way is looked up in the schedule: pools are counted."""

    def __init__(self, floor: ShopFloor, costs: Costs, order: int):
        super().__init__(floor, costs, order)
        self.hung: list[tuple[int, int]] = []
        self._asked: set[int] = set()

    def work(self, op: int) -> None:
        """The time an operation took, with its pauses, and where it was announced to be."""
        floor, r = self.shop, self.floor.resource[op]
        kind, item = self.kind(op)
        why = {"tool": f"{item} had to be made first: ", "component": f"{item} had to be made: ", "operation": ""}[kind]
        name = self.resources[r].id
        outside = floor.scenario.plant.cells[self.resources[r].cell].kind == "subcontractor"
        where = f"at subcontractor {name}" if outside else f"on {name}"
        what = f"{why}{floor.name[op]} {where}"
        if floor.fact[op]:
            self.happening(op, kind, what, item)
        pieces = floor.run_track(op).pieces(floor.start[op], self.cursor) if (
            floor.pausing(op) and self.cursor > floor.start[op] and not floor.fact[op]) else []
        for a, b, is_open in reversed(pieces if any(not is_open for _, _, is_open in pieces) else []):
            if not is_open:
                self.pause(op, a, b)
            else:
                self.add(kind, a, f"{what} worked {{}}", op, r, item)
        self.add(kind, floor.start[op], f"{what} took {{}}", op, r, item)
        self.moved(op)

    def happening(self, op: int, kind: str, what: str, item: str) -> None:
        """The time of a fact: its work as it happened, what is still to come, its resource broken down or closed.

        Closed time is the operation's where it ran in it: where what is open in its time is too short for its work.
        """
        floor, r, axis = self.shop, self.floor.resource[op], self.axis
        start, end, resource = floor.start[op], self.cursor, self.resources[self.floor.resource[op]]
        down = [(max(start, axis.to_ticks(c.start)), min(end, axis.to_ticks(c.end, up=True)))
                for c in resource.closures if c.reason == BREAKDOWN]
        down = [(a, b) for a, b in down if a < b]
        pieces = floor.run_track(op).pieces(start, end) if end > start else []
        shut = [(a, b) for a, b, is_open in pieces if not is_open]
        works = floor.pausing(op) or end - start - sum(b - a for a, b in shut) >= floor.duration(op)
        now, shut = floor.scenario.now, shut if works else []
        edges = {start, end, *(t for pair in (*down, *shut) for t in pair)}
        if start < now < end and not any(a < now < b for a, b in (*down, *shut)):
            edges.add(now)
        for b, a in pairwise(sorted(edges, reverse=True)):
            if any(x <= a < y for x, y in down):
                self.add("breakdown", a, f"{floor.name[op]} stood {{}} on {resource.id}, broken down", op, r, BREAKDOWN)
            elif any(x <= a < y for x, y in shut):
                self.pause(op, a, b)
            elif b > now:
                self.add(kind, a, f"{what} runs until {self.moment(b)}, {{}} more", op, r, item)
            else:
                verb = "took" if len(edges) == 2 else "worked"
                self.add(kind, a, f"{what} {verb} {{}}, as it happened", op, r, item)

    def pause(self, op: int, start: int, end: int) -> None:
        floor, r = self.shop, self.floor.resource[op]
        gaps = [g for g in floor.openings.resource(r).pieces(start, end) if not g[2]]
        why = closure(floor.scenario, self.resources[r], start, end) if gaps else "its crew was off shift"
        self.add("pause", start, f"{floor.name[op]} paused {{}} on {self.resources[r].id} ({why})", op, r, why)

    def moved(self, op: int) -> None:
        start, resource = self.shop.announced[op]
        if start >= 0 and (start != self.floor.start[op] or resource not in (-1, self.floor.resource[op])):
            place = f" on {self.resources[resource].id}" if resource >= 0 else ""
            self.note("moved", f"{self.floor.name[op]} was announced for {self.moment(start)}{place}", op)

    def note(self, kind: str, text: str, op: int) -> None:
        """A cause that takes no time."""
        self.add(kind, self.cursor, text, op, self.floor.resource[op], always=True)

    def before(self, op: int) -> int:
        floor = self.shop
        self._asked.add(op)
        if floor.fact[op]:
            return self.happened(op)
        waits = floor.waits(op)
        found, earliest = self.hurdles.of(op, waits[0].tick, self.cursor)
        if floor.pinned[op] == floor.start[op] and self.cursor > earliest:
            freeze = self.axis.duration(floor.scenario.policy.replanning.freeze)
            what = "frozen, as it starts soon" if floor.start[op] < floor.scenario.now + freeze else "pinned"
            self.add("pinned", earliest, f"waited {{}} as {floor.name[op]} is {what}, to "
                     f"{self.moment(floor.start[op])}", op, floor.resource[op])
        other = self.partner(op, earliest)
        if other >= 0 and floor.order(other) == self.order:
            self.note("link", f"{floor.name[op]} starts together with {floor.name[other]}, which could not start "
                              "earlier", op)
            return self.before(other)
        if other >= 0:
            self.batched(op, other, earliest)
        found = self.elsewhere.told(op, found)
        if found and found[-1].kind == "free":
            free = found.pop()
            self.standing(op, free.start, free.need)
        else:
            self.standing(op, earliest)
        for hurdle in reversed(found):
            own = self.stood(op, hurdle)
            if own >= 0:
                self.hung.append((op, own))
                return own
        own = self.came(op, waits)
        if own >= 0:
            self.hung.append((op, own))
        return own

    def happened(self, op: int) -> int:
        """What already happened is not asked why, but what it followed is told."""
        floor = self.shop
        for wait in floor.waits(op):
            if wait.before >= 0 and floor.end[wait.before] <= self.cursor and wait.before not in self._asked:
                self.add("happened", floor.end[wait.before], f"{{}} until {floor.name[op]} began, as it happened", op,
                         floor.resource[op])
                return wait.before
        self.add("happened", self.begin, f"{{}} until {floor.name[op]} began, as it happened", op, floor.resource[op])
        return -1

    def partner(self, op: int, earliest: int) -> int:
        """The operation that starts with this one, in its batch or by a link, and could start last; -1: none later."""
        floor, best = self.shop, (earliest, -1)
        for other in (*floor.members.get(op, ()), *floor.together.get(op, ())):
            if other != op and other not in self._asked:
                could = self.hurdles.of(other, floor.waits(other)[0].tick, floor.start[op])[1]
                best = max(best, (could, other), key=lambda found: found[0])
        return best[1]

    def batched(self, op: int, other: int, earliest: int) -> None:
        """The wait for another order's operation to join the batch, and for nothing after that."""
        floor, r = self.shop, self.floor.resource[op]
        could = self.hurdles.of(other, floor.waits(other)[0].tick, floor.start[op])[1]
        if could < self.cursor:
            self.standing(op, could)
        self.add("batch", earliest, f"waited {{}} on {self.resources[r].id} for {self.title(other)} to join the batch",
                 op, r, self.key(other))

    def standing(self, op: int, possible: int, like: int = -1) -> None:
        """The time an operation could have started earlier: announced there, kept by what follows, or for nothing.

        like: another resource on which it could have.
        """
        floor, r = self.shop, self.floor.resource[op]
        if possible >= self.cursor:
            return
        if floor.announced[op][0] == floor.start[op]:
            price = floor.scenario.policy.replanning
            cost = max(price.per_move, price.per_hour)
            self.add("announced", possible, f"{floor.name[op]} stays where it was announced, {{}} later than it could "
                     f"start{'; moving it costs' if cost else ''}", op, r)
            return
        use, loss = self.gain(op, self.cursor - possible)
        what, unforced = self.sooner(op, like), self.unforced(op, like)
        if use:
            held = max(0, use - (self.cursor - self.linked(op, possible)))
            self.add("idle", self.cursor - (use - held), unforced, op, r)
            self.add("lag", self.cursor - held, f"{what}, but what follows it must come within a maximum time", op, r)
        if loss is not None:
            later, why = loss
            self.lost(later, why, possible, f"{what}, to no use: ")
        self.add("idle", possible, unforced, op, r)

    def gain(self, op: int, earlier: int) -> tuple[int, tuple[int, Hurdle | Wait | int] | None]:
        """Ticks the chain's end would gain if `op` started that much earlier, and where and why most of it is lost."""
        left, most = earlier, 0
        loss: tuple[int, Hurdle | Wait | int] | None = None
        for later, chained in reversed(self.hung):
            as_is, _ = self.earliest(later, chained, 0)
            possible, why = self.earliest(later, chained, left)
            won = max(0, min(left, as_is - possible))
            if left - won > most:
                most, loss = left - won, (later, why)
            left = won
            if not left:
                return 0, loss
        return left, loss

    def earliest(self, op: int, chained: int, earlier: int) -> tuple[int, Hurdle | Wait | int]:
        """When an operation could start if `chained` before it ended so much earlier, and what was over last: what
        stood in the way, what it waited for, or the operation that starts with it."""
        floor = self.shop
        waits = [w._replace(tick=w.tick - earlier) if w.before == chained else w for w in floor.waits(op)]
        last = max(waits, key=lambda w: w.tick)
        sooner = earlier if chained == floor.previous[op] else 0
        found, possible = self.hurdles.of(op, last.tick, floor.start[op], sooner)
        found = self.elsewhere.told(op, found)
        if found and found[-1].kind == "free":
            possible = found.pop().start
        why: Hurdle | Wait | int = found[-1] if found else last
        for other in (*floor.members.get(op, ()), *floor.together.get(op, ())):
            if other != op:
                could = self.hurdles.of(other, floor.waits(other)[0].tick, floor.start[op])[1]
                if could > possible:
                    possible, why = could, other
        return possible, why

    def linked(self, op: int, earliest: int) -> int:
        """When the operation could start if what follows it within a maximum lag moved along as far as it can."""
        floor, found = self.shop, earliest
        for arc in floor.onward.get(floor.op[op], ()):
            after = floor.row_of[int(floor.plan.arc_to[arc])]
            if after >= 0 and floor.most(arc) < NEVER:
                could, _ = self.earliest(after, op, floor.start[op] - earliest)
                least = floor.ending(op, could - floor.most(arc) - floor.carry(op, after), 0, earliest)
                found = max(found, self.hurdles.of(op, least, floor.start[op])[1])
        return found

    def lost(self, later: int, why: Hurdle | Wait | int, start: int, what: str) -> None:
        """Time that would have been lost again at a later operation of the chain."""
        floor, there = self.shop, self.floor.resource[later]
        name, place = floor.name[later], self.resources[there].id
        if isinstance(why, int):
            self.add("batch" if why in floor.members.get(later, ()) else "link", start,
                     f"{what}{name} starts together with {self.title(why)}", later, there, self.key(why))
        elif isinstance(why, Wait):
            if why.before >= 0:
                kind, item = self.kind(why.before)
                self.add(kind, start, f"{what}{name} waited for {self.title(why.before)} too", later, there, item)
            else:
                kind = why.kind if why.kind != "arc" else "idle"
                self.add(kind, start, f"{what}{name} waited for {why.component or 'the ' + why.kind} too", later, there,
                         why.component)
        elif why.kind == "resource":
            before = floor.previous[later]
            self.add("resource", start, f"{what}{place} was busy before {name}", later, there,
                     self.key(before) if before >= 0 else "")
        elif why.kind == "calendar":
            self.add("calendar", start, f"{what}{place} was closed before {name}", later, there)
        else:
            self.add(POOLS[why.kind], start, f"{what}{name} waited for {self.pool_name(why)}", later, there, why.name)

    def stood(self, op: int, hurdle: Hurdle) -> int:
        """Tells one hurdle; returns an operation of this order behind it, with which the walk goes on, or -1."""
        floor, r = self.shop, self.floor.resource[op]
        if hurdle.kind == "resource":
            return self.queue(op, floor.previous[op], hurdle.start)
        if hurdle.kind == "calendar":
            self.shut(op, hurdle.start)
            return -1
        rows = hurdle.blocked.rows if hurdle.blocked else ()
        own = (i for i in rows if floor.order(i) == self.order and floor.end[i] == self.cursor)
        found = next((i for i in own if i not in self._asked), -1)
        if found < 0:
            self.add(POOLS[hurdle.kind], hurdle.start, f"waited {{}} for {self.pool_name(hurdle)}{self.taken(hurdle)}",
                     op, r, hurdle.name)
        return found
        return -1

    def pool_name(self, hurdle: Hurdle) -> str:
        many = f"{hurdle.need} of " if hurdle.need > 1 else ""
        return {"crew": f"{many}crew {hurdle.name}", "shift": f"{many}crew {hurdle.name} to be there",
                "fixture": f"{many}fixture {hurdle.name}",
                "buffer": f"a place in buffer {hurdle.name}", "module": f"module {hurdle.name}",
                "orders": "an order to be complete, as no more may be in process"}[hurdle.kind]

    def taken(self, hurdle: Hurdle) -> str:
        if hurdle.blocked is None:
            return ""
        rows = sorted(set(hurdle.blocked.rows), key=lambda i: self.floor.end[i])
        if hurdle.kind == "orders":
            names = sorted({self.floor.scenario.orders.id[self.floor.order(i)] for i in rows})
            return f" (order {', '.join(names[:SHOWN])}{' and more' if len(names) > SHOWN else ''})"
        less = hurdle.blocked.there
        there = f", of which {less or 'none'} {'is' if less < 2 else 'are'} there" if less < hurdle.need else ""
        if not rows:
            return there
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        return f"{there}, busy with {', '.join(self.title(i) for i in rows[:SHOWN])}{more}"

    def came(self, op: int, waits: list[Wait]) -> int:
        """What made the operation ready, the last to come first; the operation to go on with, or -1."""
        floor = self.shop
        for wait, then in zip(waits, (*waits[1:], None)):
            until = max(self.begin, then.tick if then else 0)
            if wait.kind == "arc":
                self.arc(op, wait)
                return wait.before
            if wait.kind == "material":
                how = f"{HOW[wait.source]} {self.moment(wait.tick)}"
                self.add("material", self.begin, f"waited {{}} for {wait.component}, {how}", op, other=wait.component)
                return -1
            if wait.kind == "now":
                self.add("now", until, f"{{}} until {self.moment(wait.tick)}, from when on it is planned", op)
            elif wait.kind == "pool":
                self.add("pool", until, f"waited {{}} until all orders of the pooled lot "
                         f"{floor.schedule.lots.id[floor.lot[op]]} were released", op)
            else:
                return -1
        return -1

    def arc(self, op: int, wait: Wait) -> None:
        """The time between an operation and the one before it: lag, waiting for a vehicle, transport."""
        floor, before = self.shop, wait.before
        carry, lag = floor.carry(before, op), floor.lag(wait.arc)
        here, there = (self.resources[floor.resource[i]].location for i in (op, before))
        places = floor.scenario.plant.locations
        way = f"{{}} transport from {places[there]} to {places[here]}" if min(here, there) >= 0 else "{} transport"
        left, r = floor.carries.get((before, op), (-1, -1)), floor.resource[op]
        if carry and left[1] == self.cursor > floor.end[before] + lag + carry:
            self.add("transport", left[0], way, op, r)
            busy = floor.pools.blocked(("vehicle", ""), 1, (before,), floor.end[before], left[0])
            self.add("idle", busy[-1].end if busy else floor.end[before],
                     f"{floor.name[op]}: a vehicle could have come {{}} earlier", op, r)
            self.add("vehicle", floor.end[before],
                     f"waited {{}} for a vehicle from {places[there]} to {places[here]}", op, r)
            return
        if wait.tick == self.cursor:
            self.add("transport", self.cursor - carry, way, op, r)
            self.add("lag", self.cursor - lag,
                     f"{{}} that must lie between {floor.name[before]} and {floor.name[op]}", op, r)


__all__ = ["ShopChain"]
