"""Blueprints: what orders with the same template, stock and parts have in common, by local positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from scheduler.domain.schedule import SOURCES
from scheduler.planning.pegged import Pegged
from scheduler.planning.template import PLAIN_FOLLOW, Follow, Template, pieces_of

STOCK, LOT, BUY = (SOURCES.index(name) for name in ("stock", "lot", "buy"))


class Needs(NamedTuple):
    """A need of a pooled item: its row of Blueprint.pegs and the steps that wait."""

    item: int
    peg: int
    at: tuple[int, ...]


class Blueprint(NamedTuple):
    """What the members of a group share. Positions are local to the member; a member is an order or a shared lot.

    lots: items that become a lot; steps, ways: positions in the template (a supply stands behind all steps); step_lot,
    step_item [steps]: their lot and the item whose pieces they work on; way_counts [steps]; arcs [2, A]; follows:
    how, of each arc that is not plain; floor, lead [steps]: ticks from the origin and from the release before which a
    purchase is not there. pegs [P, 4]: item, source, consumer lot, supplying lot or -1. sinks: of the root. tool_arcs:
    (tool, step that waits); tool_pegs: (row of pegs, tool); pools: needs of pooled items; supply [steps]: row of pegs
    it supplies or -1. branch [steps]: or -1; branch_choice: of each branch.
    """

    lots: list[int]
    steps: np.ndarray
    step_lot: np.ndarray
    step_item: np.ndarray
    ways: np.ndarray
    way_counts: np.ndarray
    arcs: np.ndarray
    follows: dict[int, Follow]
    floor: np.ndarray
    lead: np.ndarray
    pegs: np.ndarray
    sinks: tuple[int, ...]
    tool_arcs: list[tuple[str, int]]
    tool_pegs: list[tuple[int, str]]
    pools: list[Needs]
    supply: np.ndarray
    branch: np.ndarray
    branch_choice: list[int]


@dataclass(frozen=True, eq=False)
class Group:
    """Members with the same blueprint.

    members: orders, or numbers of shared lots after them; taken, rest, pools: as in Pegged.
    """

    template: Template
    members: np.ndarray
    taken: np.ndarray
    rest: np.ndarray
    blueprint: Blueprint
    pools: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def op_pieces(self) -> np.ndarray:
        """Pieces each operation works on, [members, steps]."""
        return pieces_of(self.template, self.blueprint.steps, self.rest[:, self.blueprint.step_item])

    @property
    def way_pieces(self) -> np.ndarray:
        """Pieces of the operation of each mode, [members, ways]."""
        b = self.blueprint
        if self.template.ruled:
            return np.repeat(self.op_pieces, b.way_counts, axis=1)
        return np.asarray(self.rest[:, np.repeat(b.step_item, b.way_counts)])


def grouped(pegged: Pegged, members: np.ndarray, tools: dict[str, Template]) -> list[Group]:
    """Groups of the pegged orders or lots, whose numbers as members are given; tools: templates of those to be made."""
    found = []
    for rows in _alike(pegged):
        blueprint = _Draft(pegged.template, pegged.taken[rows[0]], pegged.rest[rows[0]], tools).blueprint()
        found.append(Group(pegged.template, members[rows], pegged.taken[rows], pegged.rest[rows], blueprint,
                           {item: number[rows] for item, number in pegged.pools.items()}))
    return found


def _alike(pegged: Pegged) -> list[np.ndarray]:
    """Rows of orders that differ in nothing but quantities."""
    if not len(pegged.orders):
        return []
    columns = [pegged.taken > 0, pegged.rest > 0]
    if pegged.template.thresholds:
        item, least = np.array(pegged.template.thresholds, dtype=np.int64).T
        columns.append(pegged.rest[:, item] >= least)
    pattern = np.concatenate(columns, axis=1)
    if (pattern == pattern[0]).all():
        return [np.arange(len(pattern))]
    _, inverse = np.unique(np.packbits(pattern, axis=1), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    return [np.flatnonzero(inverse == g) for g in range(inverse.max() + 1)]


class _Draft:
    """Draws the blueprint of lots like one example: taken, rest [items]."""

    def __init__(self, template: Template, taken: np.ndarray, rest: np.ndarray, tools: dict[str, Template]):
        self.template, self.stocked, self.rest, self.tools = template, taken > 0, rest, tools
        self.short = rest > 0
        items, steps = template.items, template.steps
        self.lots = [i for i, item in enumerate(items) if i == 0 or (item.made and not item.pooled and self.short[i])]
        self.lot_of = {i: k for k, i in enumerate(self.lots)}
        supplies: dict[int, list[int]] = {}
        for k, supply in enumerate(template.supplies):
            if self.short[supply.item]:
                supplies.setdefault(items[supply.item].parent, []).append(len(steps) + k)
        found, self.lot, self.item = [], [], []
        for i in self.lots:
            own = [s for s in range(items[i].first, items[i].last) if steps[s].shop.least <= rest[i]]
            more = supplies.get(i, [])
            found += own + more
            self.lot += [self.lot_of[i]] * (len(own) + len(more))
            self.item += [i] * len(own) + [template.supplies[s - len(steps)].item for s in more]
        self.steps = np.array(found, dtype=np.int64)
        self.place = {s: k for k, s in enumerate(found)}
        self.arcs: list[tuple[int, int]] = []
        self.follows: dict[int, Follow] = {}
        self.floor, self.lead = np.zeros(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.int64)
        self.supply = np.full(len(found), -1, dtype=np.int64)
        self.pegs: list[tuple[int, int, int, int]] = []
        self.tool_arcs: list[tuple[str, int]] = []
        self.tool_pegs: list[tuple[int, str]] = []
        self.pools: list[Needs] = []

    def blueprint(self) -> Blueprint:
        self._inside()
        for i in range(1, len(self.template.items)):
            at = [self.place[s] for s in self.template.items[i].at if s in self.place] if self.short[i] else []
            self._source(i, at)
        ways, counts = self._ways()
        branch, branch_choice = self._branches()
        sinks = tuple(self.place[s] for s in self.template.items[0].sinks if s in self.place)
        return Blueprint(
            self.lots, self.steps, np.array(self.lot, dtype=np.int64), np.array(self.item, dtype=np.int64), ways,
            counts, np.array(self.arcs, dtype=np.int64).reshape(-1, 2).T, self.follows, self.floor, self.lead,
            np.array(self.pegs, dtype=np.int64).reshape(-1, 4), sinks, self.tool_arcs, self.tool_pegs, self.pools,
            self.supply, branch, branch_choice)

    def _inside(self) -> None:
        steps, place = self.template.steps, self.place
        for s, k in place.items():
            if s >= len(steps):
                continue
            step = steps[s]
            if not step.shop.links:
                self.arcs += [(place[p], k) for p in step.after if p in place]
                continue
            for p, follow in zip(step.after, step.shop.links):
                if p in place:
                    if follow != PLAIN_FOLLOW:
                        self.follows[len(self.arcs)] = follow
                    self.arcs.append((place[p], k))

    def _source(self, i: int, at: list[int]) -> None:
        """Where item i comes from, and who waits for it."""
        item = self.template.items[i]
        if item.tool:
            if item.component in self.tools and self.short[i]:
                root = self.tools[item.component].items[0]
                if not root.made:
                    self.floor[at] = np.maximum(self.floor[at], root.lead_time)
                self.tool_arcs += [(item.component, k) for k in at if root.made]
                self.tool_pegs.append((len(self.pegs), item.component))
                self.pegs.append((i, LOT if root.made else BUY, self.lot_of[item.parent], -1))
            return
        if self.stocked[i]:
            self.pegs.append((i, STOCK, self.lot_of[item.parent], -1))
        if not self.short[i]:
            return
        consumer = self.lot_of[item.parent]
        if item.pooled:
            self.pools.append(Needs(i, len(self.pegs), tuple(at)))
            self.pegs.append((i, LOT, consumer, -1))
        elif i in self.lot_of:
            self.arcs += [(self.place[s], k) for s in item.sinks if s in self.place for k in at]
            self.pegs.append((i, LOT, consumer, self.lot_of[i]))
        elif item.dynamic:
            k = next(k for k, supply in enumerate(self.template.supplies) if supply.item == i)
            me = self.place[len(self.template.steps) + k]
            self.supply[me] = len(self.pegs)
            self.arcs += [(me, k) for k in at]
            self.pegs.append((i, BUY, consumer, -1))
        else:
            self.lead[at] = np.maximum(self.lead[at], item.lead_time)
            self.pegs.append((i, BUY, consumer, -1))

    def _ways(self) -> tuple[np.ndarray, np.ndarray]:
        template = self.template
        counts = np.diff(template.all_first)[self.steps]
        ways = np.repeat(template.all_first[self.steps] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        gone = [int(template.all_first[len(template.steps) + k]) for k, supply in enumerate(template.supplies)
                if self.rest[supply.item] > supply.total]
        if gone:  # stock comes first among the modes of a supply, and never suffices for these
            kept = ~np.isin(ways, gone)
            step = np.repeat(np.arange(len(counts)), counts)[kept]
            ways, counts = ways[kept], np.bincount(step, minlength=len(counts))
        return ways, counts

    def _branches(self) -> tuple[np.ndarray, list[int]]:
        """Branches of choices that really leave a choice, those of one choice together."""
        steps = self.template.steps
        branch = np.full(len(self.steps), -1, dtype=np.int64)
        keys = [(steps[s].shop.choice, steps[s].shop.branch) if s < len(steps) else (-1, 0)
                for s in self.steps.tolist()] if self.template.ruled else []
        offered: dict[int, set[int]] = {}
        for choice, number in keys:
            offered.setdefault(choice, set()).add(number)
        choices = sorted(c for c, numbers in offered.items() if c >= 0 and len(numbers) > 1)
        place = {key: b for b, key in enumerate((c, n) for c in choices for n in sorted(offered[c]))}
        for k, key in enumerate(keys):
            branch[k] = place.get(key, -1)
        number_of = {c: n for n, c in enumerate(choices)}
        return branch, [number_of[c] for c, _ in place]
