"""Calendars as pieces: where a given amount of work ends, as linear relations between a start and its end.

A calendar is a row of segments, open ones with a rate and closed ones with rate 0. For all starts in one range the end
lies in one segment, and it is a linear function of the start. Ranges with the same function make one group: without
speeds and overtime an operation that pauses has a group per length of pause, one that does not pause a single one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scheduler.problem.problem import FAR, Problem

NEVER = int(FAR)
MOST = 400
"""Groups of one operation beyond which no more are looked for (many overtime windows inside one operation)."""
STEPS = 20_000
"""Segments walked over for one operation, besides those of a plain calendar, beyond which no more are looked for."""

Ids = tuple[int, ...]
Gaps = tuple[tuple[int, int], ...]
Pattern = tuple[tuple[Ids, bool], ...]
"""What must be bought (True) or must not all be bought (False), in order."""


@dataclass(frozen=True)
class Segment:
    """[start, end): `rate` units of work per tick (0: closed); open only where all overtime `ids` are bought."""

    start: int
    end: int
    rate: int
    ids: Ids = ()


@dataclass(frozen=True)
class Group:
    """scale_end x end = scale_start x start + shift, rounded up to whole ticks, where the pattern holds.

    solid: no closed tick between start and end. gaps: where asked for, the closed spans between them, counted from the
    first closed tick.
    """

    scale_start: int
    scale_end: int
    shift: int
    pattern: Pattern = ()
    solid: bool = True
    gaps: tuple[tuple[int, int], ...] = ()

    @property
    def offset(self) -> int | None:
        """end - start, where it is the same for all starts."""
        return self.shift if self.scale_start == self.scale_end == 1 else None

    def end(self, start: int) -> int:
        """The end that belongs to a start."""
        return -(-(self.scale_start * start + self.shift) // self.scale_end)


Groups = dict[Group, list[tuple[int, int]]]
"""Ranges of starts [low, high] (both included) per group."""


@dataclass(eq=False)
class Clock:
    """The segments of one calendar, without holes, from tick 0 to the end of its last window."""

    segments: list[Segment]
    starts: list[int] = field(init=False)
    cut: bool = field(default=False, init=False)
    """Whether some answer left pieces out."""
    _steps: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.starts = [s.start for s in self.segments]

    @property
    def last(self) -> int:
        """End of the last window, 0 where there is none."""
        return self.segments[-1].end if self.segments else 0

    def unit(self) -> Clock:
        """The same calendar in open ticks."""
        return Clock([Segment(s.start, s.end, min(1, s.rate), s.ids) for s in self.segments])

    def windows(self) -> list[Segment]:
        """The open segments; neighbours that touch and need nothing bought are one."""
        found: list[Segment] = []
        for s in self.segments:
            if s.rate and found and found[-1].end == s.start and not found[-1].ids and not s.ids:
                found[-1] = Segment(found[-1].start, s.end, 1)
            elif s.rate:
                found.append(s)
        return found

    def at_rest(self, low: int, high: int) -> Groups:
        """Ticks in [low, high] at or inside an open window."""
        found: Groups = {}
        for s in self.segments:
            a, b = max(s.start, low), min(s.end, high)
            if s.rate and a <= b:
                group = Group(1, 1, 0, ((s.ids, True),) if s.ids else ())
                found.setdefault(group, []).append((a, b))
        return found

    def after(self, amount: int, low: int, high: int, *, latest: int = NEVER, pausing: bool = True,
              anywhere: bool = False, never: int | None = None, shapes: bool = False) -> Groups:
        """Ends of `amount` (> 0) units of work begun at any open tick in [low, high] (anywhere: at closed ones too).

        latest: ends after it are left out. never: the end to tell where the calendar is over before the work is done.
        shapes: tell the gaps of every group apart.
        """
        found: Groups = {}
        self._steps = STEPS + 4 * len(self.segments) ** 2
        first = max(0, bisect_right(self.starts, low) - 1)
        for i in range(first, len(self.segments)):
            s = self.segments[i]
            a, b = max(low, s.start), min(high, s.end - 1)
            if s.start > high:
                break
            if a > b:
                continue
            for rate, pattern in self._ways(s):
                if not rate and not anywhere:
                    continue
                for group, lo, hi in self._walk(i, rate, pattern, amount, a, b, pausing, never):
                    group = group if shapes else replace(group, gaps=())  # noqa: PLW2901
                    top = hi if group.scale_start == 0 else min(
                        hi, (group.scale_end * latest - group.shift) // group.scale_start)
                    if group.end(lo) <= latest and lo <= top:
                        found.setdefault(group, []).append((lo, top))
                    if len(found) > MOST:
                        self.cut = True
                        return found
        if never is not None and anywhere and high >= self.last:
            found.setdefault(Group(0, 1, never), []).append((max(low, self.last), high))
        return found

    def closings(self, group: Group, ranges: list[tuple[int, int]]) -> list[int]:
        """The first closed ticks after the starts of a group that is not solid."""
        found = set()
        for low, _ in ranges:
            i = bisect_right(self.starts, low) - 1
            while i < len(self.segments) and self.segments[i].rate and (
                    not self.segments[i].ids or (self.segments[i].ids, True) in group.pattern):
                i += 1
            found.add(self.segments[i].start)
        return sorted(found)

    def _ways(self, s: Segment) -> list[tuple[int, Pattern]]:
        if not s.ids:
            return [(s.rate, ())]
        return [(s.rate, ((s.ids, True),)), (0, ((s.ids, False),))]

    def _walk(self, i: int, rate: int, pattern: Pattern, amount: int, low: int, high: int, pausing: bool,
              never: int | None) -> Iterator[tuple[Group, int, int]]:
        """Pieces that begin in segment i at this rate, for starts in [low, high]."""
        edge = self.segments[i].end
        if rate:
            ticks = -(-amount // rate)
            if low <= edge - ticks:
                yield Group(1, 1, ticks, pattern), low, min(high, edge - ticks)
            low = max(low, edge - ticks + 1)
        opened: Gaps = () if rate else ((self.segments[i].start, edge),)
        left = [(i + 1, 0, low, high, pattern, opened)]
        while left:
            k, done, lo, hi, known, gaps = left.pop()
            if lo > hi:
                continue
            self._steps -= 1
            if self._steps < 0:
                self.cut = True
                return
            if k == len(self.segments):
                if never is not None:
                    yield Group(0, 1, never, known, not gaps), lo, hi
                continue
            s = self.segments[k]
            for speed, more in self._ways(s):
                if any((ids, not on) in known for ids, on in more):
                    continue
                now = known if not more or more[0] in known else known + more
                if not speed:
                    if pausing:
                        joined = bool(gaps) and gaps[-1][1] == s.start
                        longer = (*gaps[:-1], (gaps[-1][0], s.end)) if joined else (*gaps, (s.start, s.end))
                        left.append((k + 1, done, lo, hi, now, longer))
                    continue
                missing = amount - done - speed * (s.end - s.start)
                # starts up to `reach` are done within this segment
                reach = hi if missing <= 0 or (not rate and missing <= 0) else (
                    edge + (-missing // rate) if rate else lo - 1)
                if lo <= min(hi, reach):
                    made = self._group(rate, speed, s.start, amount - done - rate * edge, now, gaps)
                    yield made, lo, min(hi, reach)
                left.append((k + 1, done + speed * (s.end - s.start), max(lo, reach + 1), hi, now, gaps))

    @staticmethod
    def _group(rate: int, speed: int, begin: int, rest: int, pattern: Pattern, gaps: Gaps) -> Group:
        """end = begin + (rate x start + rest) / speed, rounded up."""
        shape = tuple((a - gaps[0][0], b - gaps[0][0]) for a, b in gaps)
        if rate % speed == 0:
            return Group(rate // speed, 1, begin - (-rest // speed), pattern, not gaps, shape)
        return Group(rate, speed, speed * begin + rest, pattern, not gaps, shape)


def clocks(problem: Problem) -> list[Clock]:
    """One Clock per calendar of a problem with rules, in units of work."""
    rules = problem.rules
    assert rules is not None
    found = []
    for c in range(len(problem.window_first) - 1):
        row: list[Segment] = []
        t = 0
        for w in range(int(problem.window_first[c]), int(problem.window_first[c + 1])):
            a, b = int(problem.window_start[w]), int(problem.window_end[w])
            if a > t:
                row.append(Segment(t, a, 0))
            ids = tuple(sorted(rules.overtime_id[rules.overtime_first[w]: rules.overtime_first[w + 1]].tolist()))
            if b > a:
                row.append(Segment(a, b, int(rules.window_rate[w]), ids))
            t = b
        found.append(Clock(row))
    return found
