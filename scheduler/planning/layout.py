"""An item's routing laid out: parts of splits and sub-plans as branches, and all arcs between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.domain.timeaxis import TimeAxis
from scheduler.errors import Location
from scheduler.planning.drafts import Drafter, ItemDraft, StepDraft, nearest
from scheduler.planning.template import PLAIN_FOLLOW, Follow


@dataclass(slots=True)
class Node:
    """An operation of the layout. after: positions of those before it; the rest as in StepShop."""

    name: str
    step: StepDraft
    after: dict[int, Follow] = field(default_factory=dict)
    choice: int = -1
    branch: int = 0
    part: int = 1
    parts: int = 1
    least: int = 1


class Layout:
    """Operations as listed, each followed by its parts, then those of the sub-plans.

    nodes; places: position of each operation by name (of a split: undivided); starts, ends: positions of an operation
    as given and of those that begin, or end, what can replace it; choices: how many there are.
    """

    def __init__(self, drafter: Drafter, draft: ItemDraft, axis: TimeAxis):
        self.drafter, self.draft, self.axis = drafter, draft, axis
        self.nodes: list[Node] = []
        self.places: dict[str, int] = {}
        self.starts: dict[str, list[int]] = {}
        self.ends: dict[str, list[int]] = {}
        self.choices = 0
        self.replaced: dict[str, int] = {}
        for name, step in draft.steps.items():
            self._listed(name, step)
        self._sub_plans()
        self._arcs()

    def split(self, name: str) -> bool:
        """Whether an operation may be split."""
        step = self.nodes[self.places[name]].step
        return step.special is not None and step.special.split is not None

    def sinks(self) -> list[int]:
        before = {p for node in self.nodes for p in node.after}
        return [i for i in range(len(self.nodes)) if i not in before]

    def known(self, name: str) -> bool:
        """Whether an operation is there, or could be with other choices."""
        return name in self.places or name in self.possible()

    def possible(self) -> list[str]:
        """All operations the item has, or could have with other choices."""
        spec = self.draft.spec
        prefix = f"{self.draft.component}/" if self.draft.component else ""
        added = [name.removeprefix(prefix) for name in self.drafter.optional if name.startswith(prefix)]
        return list(dict.fromkeys((*self.places, *(spec.operations if spec else self.draft.listed), *added)))

    def _listed(self, name: str, step: StepDraft) -> None:
        at = len(self.nodes)
        self.places[name] = at
        self.nodes.append(Node(name, step))
        split = step.special.split if step.special else None
        if split is not None:
            self.nodes[at].choice = self.choices
            for parts in range(2, split.parts + 1):
                self.nodes += [Node(f"{name} ({part} of {parts})", step, {}, self.choices, parts - 1, part, parts,
                                    parts * split.minimum) for part in range(1, parts + 1)]
            self.choices += 1
        self.starts[name] = self.ends[name] = list(range(at, len(self.nodes)))

    def _sub_plans(self) -> None:
        choice_of: dict[frozenset[str], tuple[int, int]] = {}
        for name, plan in self.draft.sub_plans.items():
            where = (*self.draft.where, "sub_plans", name)
            part = self._part(plan.replaces, (*where, "replaces"))
            steps = self.drafter.steps(plan.operations, where)
            taken = [n for n in steps if n in self.places or n in self.draft.steps]
            for other in taken:
                self.drafter.wrong((*where, "operations", other), f"operation '{other}' is already there",
                                   "give it another name")
            if not part or taken:
                continue
            if part not in choice_of:
                overlap = sorted(n for n in part if n in self.replaced)
                if overlap:
                    self.drafter.wrong((*where, "replaces"), f"another sub-plan replaces '{overlap[0]}' with other "
                                       "operations", "replace the same operations, or none of them")
                    continue
                choice_of[part] = (self.choices, 0)
                for n in part:
                    self.replaced[n] = self.nodes[self.places[n]].choice = self.choices
                self.choices += 1
            choice, branch = choice_of[part][0], choice_of[part][1] + 1
            choice_of[part] = (choice, branch)
            self._branch(steps, part, choice, branch)

    def _part(self, replaces: tuple[str, ...], where: Location) -> frozenset[str]:
        """The operations replaced that are there; those that choices removed need no replacement."""
        found = []
        for name in replaces:
            if name not in self.draft.steps:
                known = self.possible()
                if name not in known:
                    self.drafter.wrong(where, f"unknown operation '{name}'", nearest(name, known))
            elif self.split(name):
                self.drafter.wrong(where, f"operation '{name}' is split and replaced", "do only one of these")
            else:
                found.append(name)
        return frozenset(found)

    def _branch(self, steps: dict[str, StepDraft], part: frozenset[str], choice: int, branch: int) -> None:
        at = len(self.nodes)
        for name, step in steps.items():
            if step.special is not None and step.special.split is not None:
                self.drafter.wrong((*step.where, "split"), f"operation '{name}' of a sub-plan is split",
                                   "leave out 'split'")
            self.places[name] = len(self.nodes)
            self.starts[name] = self.ends[name] = [len(self.nodes)]
            self.nodes.append(Node(name, step, {}, choice, branch))
        before = {p for step in steps.values() for p in step.after}
        for i, (name, step) in enumerate(steps.items(), start=at):
            for p in step.after:
                self.nodes[i].after[self.places[p]] = self._follow(name, step, p)
            for n in part:
                if not step.after:
                    self.starts[n] = [*self.starts[n], i]
                if name not in before:
                    self.ends[n] = [*self.ends[n], i]

    def _arcs(self) -> None:
        for name, step in self.draft.steps.items():
            own = self.starts[name]
            mine = self.replaced.get(name, -1)
            for p in dict.fromkeys(step.after):
                follow = self._follow(name, step, p)
                if mine >= 0 and self.replaced.get(p, -1) == mine:
                    self.nodes[own[0]].after[self.places[p]] = follow
                    continue
                for i in own:
                    for j in self.ends[p]:
                        there = self._as_given(i, name) and self._as_given(j, p)
                        self.nodes[i].after[j] = follow if there else PLAIN_FOLLOW
            if step.special is not None and step.special.links:
                self._unknown_links(name, step)
        for node in self.nodes:
            if node.branch and node.part == node.parts == 1 and node.step.special is not None:
                self._unknown_links(node.name, node.step)

    def _as_given(self, position: int, name: str) -> bool:
        """Whether an operation is the one listed, or a part of it."""
        return self.nodes[position].step is self.draft.steps[name]

    def _follow(self, name: str, step: StepDraft, before: str) -> Follow:
        if step.special is None or not step.special.links:
            return PLAIN_FOLLOW
        link = step.special.links.get(step.prefix + before) or step.special.links.get(before)
        if link is None:
            return PLAIN_FOLLOW
        where = (*step.where, "links", before)
        follow = Follow(self.axis.duration(link.minimum),
                        -1 if link.maximum is None else self.axis.duration(link.maximum), link.transfer or 0,
                        link.overlap or 0)
        given = [word for word in ("maximum", "transfer", "overlap") if getattr(link, word) is not None]
        if len(given) > 1:
            self.drafter.wrong(where, f"{' and '.join(given)} of a link exclude each other", f"keep only {given[0]}")
        elif 0 <= follow.maximum < follow.minimum:
            self.drafter.wrong(where, "the maximum of this link is below its minimum", "raise the maximum")
        elif follow.transfer or follow.overlap:
            for other, place in ((name, step), (before, self.nodes[self.places[before]].step)):
                if place.special is not None and place.special.split is not None:
                    self.drafter.wrong(where, f"operation '{other}' is split and hands over parts of its lot",
                                       "do only one of these")
        return follow

    def _unknown_links(self, name: str, step: StepDraft) -> None:
        assert step.special is not None
        for key in step.special.links:
            other = key.removeprefix(step.prefix)
            if other not in step.after and (other in self.places or not self.known(other)):
                self.drafter.wrong((*step.where, "links", key),
                                   f"'{other}' is not among the operations that come directly before '{name}'",
                                   nearest(other, step.after))
