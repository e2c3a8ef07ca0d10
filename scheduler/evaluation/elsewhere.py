"""Whether a resource like its own was free while an operation waited, and what was short there if it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.domain.orders import NEVER
from scheduler.evaluation.hurdles import MOST, ORDER, Hurdle, Hurdles, Place
from scheduler.evaluation.likes import Like, Likes
from scheduler.evaluation.pools import PREPARE, RUN
from scheduler.evaluation.shopfloor import TOGETHER, ShopFloor

SAME, DIFFERENT = range(2)
"""Kinds of links of operations that run on the same resource, or on different ones."""


class Elsewhere:
    """Looks at the likes of a row's resource, all other rows staying where they are."""

    def __init__(self, floor: ShopFloor, hurdles: Hurdles):
        self.floor, self.hurdles = floor, hurdles
        self.likes = Likes(floor, floor.pools.begun, floor.leave)
        self._links: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for kind, a, b in zip(*(c.tolist() for c in (floor.shop.link_kind, floor.shop.link_a, floor.shop.link_b))):
            self._links[a].append((kind, b))
            self._links[b].append((kind, a))

    def told(self, row: int, found: list[Hurdle]) -> list[Hurdle]:
        """The hurdles of a row, where the wait for its resource is what was short on a like one that was free; from
        when on nothing was, that like one is the last hurdle."""
        first = next((h for h in found if h.kind == "resource"), None)
        if first is None:
            return found
        start, end = max(first.start, self.likes.own(row)), found[-1].end
        walks = [self._walk(row, like, start, end) for like in self._modes(row)] if start < end else []
        if not walks:
            return found
        busy = Hurdle(first.start, start, "resource")
        best = min(walks, key=lambda walk: (walk[-1].start if walk[-1].kind == "free" else end,
                                            sum(h.end - h.start for h in walk if h.kind == "resource")))
        free = best[-1] if best[-1].kind == "free" else None
        last = free.start if free else end
        new: list[Hurdle] = []
        for h in found:
            pieces = [h] if h.kind != "resource" else [
                h._replace(start=other.start, end=other.end) if other.kind == "resource" else other
                for other in (busy, *best)]
            for piece in pieces:
                a, b = max(piece.start, h.start), min(piece.end, h.end, last)
                if a >= b or piece.kind == "free":
                    continue
                if new and (piece[2:] == new[-1][2:]) and piece.blocked is None:
                    new[-1] = new[-1]._replace(end=b)
                else:
                    new.append(piece._replace(start=a, end=b))
        return [*new, free] if free else new

    def _modes(self, row: int) -> list[Like]:
        """Modes of a row on like resources, where it is free to run on another."""
        floor, op, plan = self.floor, self.floor.op[row], self.floor.plan
        if floor.mode[row] < 0 or floor.pinned[row] >= 0 or len(floor.members.get(row, ())) > 1:
            return []
        if any(floor.most(arc) < NEVER for arc in floor.onward.get(op, ())):
            return []
        modes = range(int(plan.mode_first[op]), int(plan.mode_first[op + 1]))
        found = self.likes.alike(row, [
            Like(int(plan.mode_resource[m]), int(plan.mode_configuration[m]), int(plan.mode_duration[m]), m)
            for m in modes], floor.duration(row))
        for kind, partner in self._links.get(op, ()):
            other = floor.row_of[partner]
            there = floor.resource[other] if other >= 0 else -1
            if kind == TOGETHER and other >= 0:
                return []
            found = [m for m in found if there < 0 or (m.resource == there) == (kind == SAME)]
        return found

    def _place(self, row: int, like: Like) -> Place:
        floor, mode = self.floor, like.mode
        needs = tuple((floor.pools.crews[crew], people, phase) for crew, people, phase in
                      floor.shop.team_needs[int(floor.shop.mode_team[mode])])
        run, prepare = (tuple((crew, people) for crew, people, at in needs if at == phase) for phase in (RUN, PREPARE))
        return Place(mode, like.resource, like.configuration, needs, floor.openings.run(like.resource, run),
                     floor.openings.setup(like.resource, prepare), 0)

    def _walk(self, row: int, like: Like, start: int, end: int) -> list[Hurdle]:
        """What would have stood in the way on the like resource from `start` on: it was busy (resource), or closed as
        the own one was (calendar), or a pool was short; or it was free."""
        found: list[Hurdle] = []
        place, at = self._place(row, like), start
        while at < end and len(found) < MOST:
            begin, needed, until = self._room(row, like, place, at, end)
            worst = Hurdle(at, begin, "resource")
            if begin == at:
                here = [h for h in self._at(row, place._replace(time=needed), at, end, until) if h.end > at]
                if not here:
                    return [*found, Hurdle(at, end, "free", need=like.resource)]
                worst = max(here, key=lambda h: (min(h.end, end), -ORDER.index(h.kind)))
            worst = worst._replace(end=min(worst.end, end))
            if worst.kind == "calendar" and self.floor.openings.resource(self.floor.resource[row]).opened(
                    worst.start, worst.end):
                worst = worst._replace(kind="resource")
            found.append(worst)
            at = worst.end
        return found if at >= end else [*found, Hurdle(at, end, "resource")]

    def _room(self, row: int, like: Like, place: Place, tick: int,
              latest: int) -> tuple[int, int, int]:
        """First tick in [tick, latest] from which on the like resource was unused for as long as the row takes there
        (closed time before its start included), ticks of its reconfiguration, and until when it was unused."""
        floor, pause = self.floor, bool(self.floor.shop.mode_pause[place.mode])
        track = floor.openings.resource(like.resource)
        for a, b, needed in self.likes.gaps(row, like, tick):
            begin = max(a, floor.scenario.now)
            ready = place.setup.after(begin, needed) if needed else begin
            if begin >= latest or ready is None or ready >= latest:
                break
            ready = max(tick, ready)
            start = track.first(ready, like.duration, pause, latest)
            end = track.finish(start, like.duration, pause) if start < latest else latest
            if end is not None and (b is None or end <= b):
                return ready, needed, int(NEVER) if b is None else b
        return latest, 0, latest

    def _at(self, row: int, place: Place, at: int, latest: int, until: int) -> Iterator[Hurdle]:
        floor = self.floor
        work, pause = int(floor.plan.mode_duration[place.mode]), bool(floor.shop.mode_pause[place.mode])
        yield Hurdle(at, floor.openings.resource(place.resource).first(at, work, pause, latest), "calendar")
        people = [(crew, number) for crew, number, phase in place.needs if phase == RUN]
        for crew, number in people:
            yield Hurdle(at, floor.openings.staffed(crew, number).first(at, work, pause, latest), "shift", crew, number)
        for crew, number in people[:1]:
            yield Hurdle(at, place.run.first(at, work, pause, latest), "shift", crew, number)
        end = place.run.finish(at, work, pause)
        if end is None:
            return
        if end > floor.end[row] or end > until:
            yield Hurdle(at, latest if end <= until else until, "resource")
            return
        asked = [*self.hurdles.asked(row, place, at, end), *self._prepared(row, place, at),
                 *self._behind(row, end)]
        for kind, name, need, without, stretches in asked:
            blocked = self.hurdles.first((kind, name), need, without, stretches)
            if blocked is not None:
                over = self.hurdles.over(kind, name, need, without, blocked, latest)
                yield Hurdle(at, over if kind != "buffer" else at + over - end, kind, name, need, blocked)

    def _prepared(self, row: int, place: Place, start: int) -> Iterator[
            tuple[str, str, int, tuple[int, ...], list[tuple[int, int]]]]:
        for crew, people, phase in place.needs if place.time else ():
            if phase == PREPARE:
                yield "crew", crew, people, (row,), place.setup.open(place.setup.back(start, place.time), start)

    def _behind(self, row: int, end: int) -> Iterator[
            tuple[str, str, int, tuple[int, ...], list[tuple[int, int]]]]:
        """The buffers behind the row, in which its lot would have stood from then on."""
        floor = self.floor
        cell = floor.scenario.resources[floor.resource[row]].cell
        for arc in floor.onward.get(floor.op[row], ()):
            then = floor.row_of[int(floor.plan.arc_to[arc])]
            if then >= 0 and floor.start[then] > end:
                to = floor.scenario.resources[floor.resource[then]].cell
                for name, spec in floor.scenario.plant.buffers.items():
                    if (spec.from_, spec.to) == (cell, to):
                        yield "buffer", name, 1, (row,), [(end, floor.start[then])]


__all__ = ["Elsewhere"]
