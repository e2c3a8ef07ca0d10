"""The columns of a plan beyond the plain shop."""

from __future__ import annotations

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.quantities import MICRO
from scheduler.domain.scenario import Scenario
from scheduler.planning.blueprint import Group
from scheduler.planning.plan import Plan, Shop
from scheduler.planning.template import Follow, Team
from scheduler.planning.writer import Writer, offsets

Fixtures = tuple[tuple[int, int, bool], ...]
MATERIAL, PROCESSING, SUBCONTRACTING = (TERMS.index(t) for t in ("material", "processing", "subcontracting"))


def shop(scenario: Scenario, writer: Writer, plan: Plan) -> Shop:
    """The shop of a plan that the writer has written."""
    return _ShopWriter(scenario, writer, plan).shop()


class _ShopWriter:
    """Writes what groups say beyond the plain shop next to the columns of their plan."""

    def __init__(self, scenario: Scenario, writer: Writer, plan: Plan):
        self.scenario, self.writer, self.plan = scenario, writer, plan
        n, m, a = len(plan), len(plan.mode_cost), len(plan.arc_from)
        self.ops = np.full((7, n), -1, dtype=np.int64)
        self.ops[2] = NEVER
        self.modes = np.zeros((8, m), dtype=np.int64)
        self.arcs = np.zeros((4, a), dtype=np.int64)
        self.arcs[1] = NEVER
        self.batches: dict[str, int] = {}
        self.teams: dict[tuple[tuple[str, ...], tuple[tuple[int, int, int], ...]], int] = {((), ()): 0}
        self.fixtures: dict[Fixtures, int] = {(): 0}
        self.stocked: dict[str, int] = {}
        self.holds = [np.zeros((4, 0), dtype=np.int64)]
        self.links = [np.zeros((3, 0), dtype=np.int64)]
        self.heads: list[tuple[np.ndarray, np.ndarray]] = []
        self.tails: list[tuple[np.ndarray, np.ndarray]] = []
        outside = [scenario.plant.cells[r.cell].kind == "subcontractor" for r in scenario.resources]
        self.term = np.array([*(SUBCONTRACTING if out else PROCESSING for out in outside), MATERIAL], dtype=np.int64)

    def shop(self) -> Shop:
        choices = self._branches()
        for group in self.writer.groups:
            self._operations(group)
            self._modes(group)
            self._arcs(group)
            self._relations(group)
        planned, members = self.writer.members.planned, self.writer.members
        for k, entry in enumerate(planned):
            self.ops[2, self.writer.op_at[members.planned_at + k]] = entry.latest
        quantity, branch, latest, supply, component, batch, places = self.ops
        pause, load, unload, shared, source, team, kind, _ = self.modes
        needs = np.array([entry for kinds in self.fixtures for entry in kinds], dtype=np.int64).reshape(-1, 3)
        fixture_first, at = _picked([len(kinds) for kinds in self.fixtures], kind)
        head_first, head = _rows(self.arcs[2], self.heads)
        tail_first, tail = _rows(self.arcs[3], self.tails)
        holds, links = np.concatenate(self.holds, axis=1), np.concatenate(self.links, axis=1)
        return Shop(
            op_quantity=quantity, op_branch=branch, op_latest=latest, op_supply=supply, op_component=component,
            op_batch=batch, op_places=places, batch_names=tuple(self.batches), branch_choice=choices,
            mode_pause=pause.astype(bool), mode_load=load, mode_unload=unload,
            mode_term=self.term[self.plan.mode_resource], mode_shared=shared, mode_source=source, mode_team=team,
            teams=tuple(crews for crews, _ in self.teams), team_needs=tuple(needs for _, needs in self.teams),
            fixture_first=fixture_first, fixture=needs[at, 0], fixture_number=needs[at, 1],
            fixture_held=needs[at, 2].astype(bool), stocked=tuple(self.stocked), arc_min=self.arcs[0],
            arc_max=self.arcs[1], head_first=head_first, head=head, tail_first=tail_first, tail=tail,
            hold_fixture=holds[0], hold_number=holds[1], hold_from=holds[2], hold_to=holds[3], link_kind=links[0],
            link_a=links[1], link_b=links[2])

    def _branches(self) -> np.ndarray:
        """Numbers the choices and branches of all members, and returns the choice of each branch."""
        sizes = np.zeros((2, len(self.writer.members.ids)), dtype=np.int64)
        for g in self.writer.groups:
            choices = g.blueprint.branch_choice
            sizes[:, g.members] = [[len(choices)], [max(choices, default=-1) + 1]]
        branch_at, choice_at = offsets(sizes[0]), offsets(sizes[1])
        choice_of = np.zeros(int(branch_at[-1]), dtype=np.int64)
        for g in self.writer.groups:
            b = g.blueprint
            if b.branch_choice:
                first = branch_at[g.members][:, None]
                choice_of[first + np.arange(len(b.branch_choice))] = choice_at[g.members][:, None] + b.branch_choice
                mine = self.writer.op_at[g.members][:, None] + np.arange(len(b.steps))
                self.ops[1, mine] = np.where(b.branch >= 0, first + b.branch, -1)
        return choice_of

    def _operations(self, group: Group) -> None:
        b, template = group.blueprint, group.template
        at = self.writer.op_at[group.members][:, None] + np.arange(len(b.steps))
        self.ops[0, at] = group.op_pieces
        supplied = b.supply >= 0
        self.ops[3, at] = np.where(supplied, self.writer.peg_at[group.members][:, None] + b.supply, -1)
        for k in np.flatnonzero(supplied).tolist():
            name = template.items[b.step_item[k]].component
            self.ops[4, at[:, k]] = self.stocked.setdefault(name, len(self.stocked))
        self.ops[6, at] = template.step_shop[2, b.steps]
        batches = [template.steps[s].shop.batch if s < len(template.steps) else "" for s in b.steps.tolist()]
        self.ops[5, at] = [self.batches.setdefault(name, len(self.batches)) if name else -1 for name in batches]

    def _modes(self, group: Group) -> None:
        b, template = group.blueprint, group.template
        at = self.writer.way_at[group.members][:, None] + np.arange(len(b.ways))
        needs = template.way_shop[:, b.ways]
        teams = [self.teams.setdefault((t.crews, t.needs), len(self.teams)) for t in self._used(group, needs[0])]
        kinds = [self.fixtures.setdefault(kind, len(self.fixtures)) for kind in template.fixtures]
        self.modes[0, at] = np.repeat(template.step_shop[3, b.steps], b.way_counts)
        self.modes[1, at], self.modes[2, at] = needs[2], needs[3]
        free = template.all_ways[6, b.ways] * MICRO
        self.modes[3, at] = np.where(self.plan.mode_cost[at] > 0, self.plan.mode_cost[at] - free, 0)
        self.modes[4, at] = template.sources[0, b.ways]
        self.modes[5, at] = np.array(teams, dtype=np.int64)[needs[0]]
        self.modes[6, at] = np.array(kinds, dtype=np.int64)[needs[1]]

    def _used(self, group: Group, numbers: np.ndarray) -> list[Team]:
        """The teams of a group's template, with nobody for those it does not use (the plan does not list them)."""
        used = set(np.unique(numbers).tolist())
        teams = group.template.teams
        return [team if i in used else teams[0] for i, team in enumerate(teams)]

    def _arcs(self, group: Group) -> None:
        b = group.blueprint
        first = self.writer.arc_at[group.members]
        starts = offsets(b.way_counts)
        for k, follow in b.follows.items():
            at = first + k
            self.arcs[0, at] = follow.minimum
            self.arcs[1, at] = NEVER if follow.maximum < 0 else follow.maximum
            if not (follow.transfer or follow.overlap):
                continue
            source, target = b.arcs[:, k].tolist()
            before, after = (slice(int(starts[o]), int(starts[o + 1])) for o in (source, target))
            self.arcs[2, at], self.arcs[3, at] = b.way_counts[source], b.way_counts[target]
            head = self._handed(group, before, source, follow, 1)
            tail = self._handed(group, after, target, follow, 0)
            self.heads.append((at, head))
            self.tails.append((at, tail))

    def _handed(self, group: Group, ways: slice, step: int, follow: Follow, fixed: int) -> np.ndarray:
        """Ticks [members, ways] of a transfer lot in modes of a step (fixed: 1 counts their fixed time, for a head)."""
        template, b = group.template, group.blueprint
        if follow.overlap:
            at = self.writer.way_at[group.members][:, None] + np.arange(ways.start, ways.stop)
            ticks = self.plan.mode_duration[at]
            handed: np.ndarray = -(-ticks * follow.overlap // 100) if fixed else ticks * 0
            return handed
        way: np.ndarray = template.all_ways[:, b.ways[ways]]
        pieces = np.minimum(follow.transfer, group.op_pieces[:, step])[:, None]
        result: np.ndarray = -(-(way[3] * fixed + way[4] * pieces) // (way[5] * template.tick))
        return result

    def _relations(self, group: Group) -> None:
        template, b = group.template, group.blueprint
        if not (template.holds or template.links):
            return
        place = {s: k for k, s in enumerate(b.steps.tolist())}
        first = self.writer.op_at[group.members]
        for fixture, number, source, target in template.holds:
            if source in place and target in place:
                self.holds.append(np.stack((np.full(len(first), fixture), np.full(len(first), number),
                                            first + place[source], first + place[target])))
        for kind, a, c in template.links:
            if a in place and c in place:
                self.links.append(np.stack((np.full(len(first), kind), first + place[a], first + place[c])))


def _picked(sizes: list[int], kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """CSR (first [M+1], row of the joined kinds) where row m holds all entries of kind[m]."""
    start, size = offsets(np.array(sizes, dtype=np.int64)), np.array(sizes, dtype=np.int64)[kind]
    first = offsets(size)
    return first, np.repeat(start[kind] - first[:-1], size) + np.arange(int(first[-1]))


def _rows(counts: np.ndarray, written: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """CSR (first [A+1], values) of blocks (rows [k], values [k, count of each])."""
    first = offsets(counts)
    values = np.zeros(int(first[-1]), dtype=np.int64)
    for rows, block in written:
        values[first[rows][:, None] + np.arange(block.shape[1])] = block
    return first, values
