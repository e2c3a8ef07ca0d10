"""What kept an operation from starting: from when it was ready on, whatever stood in the way, tick by tick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scheduler.evaluation.opening import Track
from scheduler.evaluation.pools import LOAD, PREPARE, RUN, UNLOAD, Blocked, Key
from scheduler.evaluation.shopfloor import ShopFloor

MOST = 500
"""Changes of what stands in the way that are followed before one operation."""
ORDER = ("resource", "campaign", "crew", "fixture", "module", "buffer", "orders", "calendar", "shift")
"""Of two that let go at the same tick the earlier one here is told."""


class Hurdle(NamedTuple):
    """From `start` to `end` this alone kept an operation from starting.

    kind: resource (busy, or being reconfigured), shift (a crew is not there), calendar (the resource is closed, or
    what is left of its time is too short), free (another resource was, whose number `need` is), or the kind of a pool;
    name: of the pool or crew; rows: who has it.
    """

    start: int
    end: int
    kind: str
    name: str = ""
    need: int = 0
    blocked: Blocked | None = None


class Place(NamedTuple):
    """Where and how a row runs, or could: mode of the plan, resource, configuration, its crews and tracks as in Use,
    ticks of reconfiguration."""

    mode: int
    resource: int
    configuration: int
    needs: tuple[tuple[str, int, int], ...]
    run: Track
    setup: Track
    time: int


class Hurdles:
    """Finds hurdles of rows of one schedule, all other rows staying where they are."""

    def __init__(self, floor: ShopFloor):
        self.floor = floor

    def of(self, row: int, ready: int, latest: int, earlier: int = 0) -> tuple[list[Hurdle], int]:
        """Hurdles from `ready` on without a gap, and the tick at which the last is over, at most `latest`.

        earlier: as if the row before on the resource had left it so many ticks before it did.
        """
        found: list[Hurdle] = []
        at, free, begin = ready, self.free(row, earlier), self.before(row, earlier)
        prepared = self._prepared(row, free, earlier, latest)
        while at < latest and len(found) < MOST:
            here = [h for h in self._at(row, at, latest, free, begin, prepared) if h.end > at]
            if not here:
                break
            worst = max(here, key=lambda h: (min(h.end, latest), -ORDER.index(h.kind)))
            worst = worst._replace(end=min(worst.end, latest))
            last = found[-1] if found else None
            if last and (last.kind, last.name) == (worst.kind, worst.name) and worst.blocked is None:
                found[-1] = last._replace(end=worst.end)
            else:
                found.append(worst)
            at = worst.end
        return found, at

    def before(self, row: int, earlier: int = 0) -> int:
        """Tick from which on a row may be prepared: the one before has left, and nothing starts before now."""
        previous = self.floor.previous[row]
        left = self.floor.leave[previous] - earlier if previous >= 0 else 0
        return max(left, self.floor.scenario.now, self.campaign(row))

    def free(self, row: int, earlier: int = 0) -> int:
        """Tick at which the row's resource is free and prepared for it, whoever prepares it."""
        begin = self.before(row, earlier)
        return self._setup(row, begin) if self.floor.time[row] else begin

    def _setup(self, row: int, begin: int) -> int:
        done = self.floor.pools.uses[row].setup.after(begin, self.floor.time[row])
        return self.floor.start[row] if done is None else done

    def campaign(self, row: int) -> int:
        """Tick before which the campaign before the row may not be broken off; 0: none."""
        floor = self.floor
        cell = floor.scenario.plant.cells[floor.scenario.resources[floor.resource[row]].cell]
        least = floor.scenario.axis.duration(cell.reconfiguration.minimum_run)
        column, previous = floor.schedule.configuration, floor.previous[row]
        if not least or previous < 0 or column[previous] == column[row]:
            return 0
        first = previous
        while floor.previous[first] >= 0 and column[floor.previous[first]] == column[previous]:
            first = floor.previous[first]
        return floor.openings.resource(floor.resource[row]).after(floor.start[first], least) or 0

    def _prepared(self, row: int, free: int, earlier: int, latest: int) -> tuple[int, str, int, Blocked | None]:
        """(tick, crew, people, who) when the crews that prepare the row could have done it."""
        floor, begin = self.floor, self.before(row, earlier)
        needs = floor.needs(row, PREPARE)
        worst: tuple[int, str, int, Blocked | None] = (free, "", 0, None)
        if not floor.time[row] or not needs:
            return worst
        track, done = floor.pools.uses[row].setup, free
        for _ in range(MOST):
            stops = [(self.first(("crew", crew), people, (row,), track.open(begin, done)), crew, people)
                     for crew, people in needs]
            stops = [s for s in stops if s[0] is not None]
            if not stops or done >= latest:
                break
            stop, crew, people = max(stops, key=lambda s: s[0].end if s[0] else 0)
            assert stop is not None
            begin = stop.end
            done = self._setup(row, begin)
            worst = (min(done, latest), crew, people, stop)
        return worst

    def first(self, key: Key, need: int, without: tuple[int, ...],
               stretches: list[tuple[int, int]]) -> Blocked | None:
        for a, b in stretches:
            for blocked in self.floor.pools.blocked(key, need, without, a, b):
                return blocked
        return None

    def _at(self, row: int, at: int, latest: int, free: int, begin: int,
            prepared: tuple[int, str, int, Blocked | None]) -> Iterator[Hurdle]:
        """What forbids a start at this tick, each with the tick until which it does."""
        floor = self.floor
        work, pause, track = floor.duration(row), floor.pausing(row), floor.run_track(row)
        if floor.scenario.plant.cells[floor.scenario.resources[floor.resource[row]].cell].kind != "subcontractor":
            done, crew, people, stop = prepared
            if stop is None:
                yield Hurdle(at, free, "resource")
            elif begin <= at < stop.end:
                yield Hurdle(at, stop.end, "crew", crew, people, stop)
            else:
                yield Hurdle(at, begin if at < begin else done, "resource")
        yield Hurdle(at, floor.openings.resource(floor.resource[row]).first(at, work, pause, latest), "calendar")
        for crew, people in floor.needs(row):
            yield Hurdle(at, floor.openings.staffed(crew, people).first(at, work, pause, latest), "shift", crew, people)
        for crew, people in floor.needs(row)[:1]:
            yield Hurdle(at, track.first(at, work, pause, latest), "shift", crew, people)
        end = track.finish(at, work, pause)
        if end is None:
            return
        for kind, name, need, without, stretches in self.asked(row, self.own(row), at, end):
            blocked = self.first((kind, name), need, without, stretches)
            if blocked is not None:
                yield Hurdle(at, self.over(kind, name, need, without, blocked, latest), kind, name, need, blocked)

    def over(self, kind: str, name: str, need: int, without: tuple[int, ...], blocked: Blocked, latest: int) -> int:
        """Until when it stays blocked without a break."""
        more = self.floor.pools.blocked((kind, name), need, without, blocked.end, max(latest, blocked.end))
        end = blocked.end
        for other in more:
            if other.start > end or set(other.rows) != set(blocked.rows):
                break
            end = other.end
        return end

    def own(self, row: int) -> Place:
        """Where and how a row runs."""
        floor, use = self.floor, self.floor.pools.uses[row]
        return Place(floor.mode[row], floor.resource[row], int(floor.schedule.configuration[row]), use.needs, use.run,
                     use.setup, floor.time[row])

    def asked(self, row: int, place: Place, start: int, end: int) -> Iterator[
            tuple[str, str, int, tuple[int, ...], list[tuple[int, int]]]]:
        """(kind, name, how much, rows left out, when) of every pool the row would load if it ran there from start to
        end, its preparation by crews aside."""
        floor, pools = self.floor, self.floor.pools
        mode, track, shop = place.mode, place.run, floor.shop
        mine = floor.members.get(row, (row,))
        if mode < 0:
            return
        whole = track.open(start, end)
        for crew, people, phase in place.needs:
            if phase == RUN:
                yield "crew", crew, people, mine, whole
            elif phase == LOAD:
                yield "crew", crew, people, mine, track.open(
                    start, track.finish(start, int(shop.mode_load[mode]), True) or start)
            elif phase == UNLOAD:
                rest = int(floor.plan.mode_duration[mode]) - int(shop.mode_unload[mode])
                yield "crew", crew, people, mine, track.open(track.finish(start, rest, True) or end, end)
        begun = place.setup.back(start, place.time)
        for k in range(int(shop.fixture_first[mode]), int(shop.fixture_first[mode + 1])):
            name, number = pools.fixtures[int(shop.fixture[k])], int(shop.fixture_number[k])
            yield "fixture", name, number, mine, [(begun, end)] if shop.fixture_held[k] else whole
        op = floor.op[row]
        for fixture, number, a, b in zip(*(c.tolist() for c in (shop.hold_fixture, shop.hold_number, shop.hold_from,
                                                                shop.hold_to))):
            if a == op and floor.row_of[b] >= 0:
                yield "fixture", pools.fixtures[fixture], number, mine, [(begun, floor.end[floor.row_of[b]])]
        cell = floor.scenario.plant.cells[floor.scenario.resources[place.resource].cell]
        configuration = list(cell.all_configurations.values())[place.configuration]
        for module in configuration.modules:
            yield "module", module, 1, mine, [(begun, end)]
        order = floor.order(row)
        first = next((x for x in pools.loads[("orders", "")] if floor.order(x.row) == order), None)
        if first is not None and order >= 0 and floor.start[row] == first.start:
            yield "orders", "", 1, (first.row,), [(start, max(start, first.end))]
