"""A schedule as plain lists, and its calendars with what was bought."""

from __future__ import annotations

from bisect import bisect_right

from scheduler.engines.cpsat.rules.clocks import Clock
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.problem.problem import Solution

Window = tuple[int, int, int]
"""(start, end, rate)."""


class Look:
    """A schedule of a problem with rules, for one look at it. Times in ticks."""

    def __init__(self, shop: Shop, s: Solution) -> None:
        assert s.extra is not None
        x = s.extra
        self.shop = shop
        self.mode, self.start, self.end, self.rank = (a.tolist() for a in (s.mode, s.start, s.end, s.rank))
        self.prepare_start, self.prepare_end = x.prepare_start.tolist(), x.prepare_end.tolist()
        self.leave, self.batch, self.carry = x.leave.tolist(), x.batch.tolist(), x.carry.tolist()
        self.bought = [bool(b) for b in x.overtime]
        self.here = [o for o in range(shop.n) if self.mode[o] >= 0]
        self.windows = [self._open(c) for c in shop.clocks]
        self.edges = [[a for a, _, _ in row] for row in self.windows]
        self.rows: dict[int, list[int]] = {}
        for o in sorted(self.here, key=lambda o: self.rank[o]):
            if not shop.unlimited[self.resource(o)] and self.batch[o] in {-1, o}:
                self.rows.setdefault(self.resource(o), []).append(o)

    def _open(self, clock: Clock) -> list[Window]:
        return [(s.start, s.end, s.rate) for s in clock.segments if s.rate and all(self.bought[k] for k in s.ids)]

    def resource(self, o: int) -> int:
        """Where an operation runs."""
        return int(self.shop.resource[self.mode[o]])

    def state(self, o: int) -> int:
        """In which state it runs."""
        return int(self.shop.state[self.mode[o]])

    def open_parts(self, c: int, start: int, end: int) -> list[Window]:
        """The open parts of [start, end) on a calendar."""
        found = []
        i = max(0, bisect_right(self.edges[c], start) - 1)
        for a, b, q in self.windows[c][i:]:
            if a >= end:
                break
            if b > start:
                found.append((max(a, start), min(b, end), q))
        return found

    def opened(self, c: int, start: int, end: int) -> int:
        """Open ticks of a calendar in [start, end)."""
        return sum(b - a for a, b, _ in self.open_parts(c, start, end))

    def work(self, o: int, start: int, end: int) -> int:
        """Units of work in [start, end) on the calendar an operation runs on."""
        return sum((b - a) * q for a, b, q in self.open_parts(self.shop.calendar_of[self.mode[o]], start, end))

    def done(self, o: int, work: int) -> int | None:
        """The tick at which so many ticks of normal work are done since the operation's start, None: never."""
        c, units = self.shop.calendar_of[self.mode[o]], work * int(self.shop.rules.pace)
        if units <= 0:
            return int(self.start[o])
        i = max(0, bisect_right(self.edges[c], self.start[o]) - 1)
        for a, b, q in self.windows[c][i:]:
            since = max(a, self.start[o])
            if b > since:
                if (b - since) * q >= units:
                    return int(since - (-units // q))
                units -= (b - since) * q
        return None

    def run(self, o: int) -> int | None:
        """The end of a run that begins where this one does; None where it may not."""
        c, start, work = self.shop.calendar_of[self.mode[o]], self.start[o], self.shop.duration[self.mode[o]]
        if not work:
            return start if any(a <= start <= b for a, b, _ in self.windows[c]) else None
        if not any(a <= start < b for a, b, _ in self.windows[c]):
            return None
        end = self.done(o, work)
        if end is not None and not self.shop.pausing[self.mode[o]] and self.opened(c, start, end) < end - start:
            return None
        return end

    def prepared(self, o: int, start: int, end: int, time: int) -> bool:
        """Whether [start, end) begins and ends with an open tick of the setup calendar and holds so many of them."""
        parts = self.open_parts(self.shop.setup_calendar_of[self.mode[o]], start, end)
        return bool(parts) and parts[0][0] == start and parts[-1][1] == end and sum(b - a for a, b, _ in parts) == time
