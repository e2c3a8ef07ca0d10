"""The templates as flat integer arrays, so that a schedule of any size is checked column against column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.validation.templates import PLAIN, Ability, Template


def firsts(counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """[n + 1] start of each group of the given sizes, laid end to end."""
    return np.concatenate(([0], np.cumsum(np.asarray(counts, dtype=np.int64)))).astype(np.int64)


def spread(first: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All members of the given groups: (place in `groups`, member number), group after group."""
    counts = first[groups + 1] - first[groups]
    owner = np.repeat(np.arange(len(groups), dtype=np.int64), counts)
    inside = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, first[groups][owner] + inside


class Lookup:
    """Finds keys in a fixed set of distinct keys: their place, or -1."""

    def __init__(self, keys: np.ndarray):
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def __call__(self, wanted: np.ndarray) -> np.ndarray:
        if not len(self._keys):
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._order[at], -1)


class Abilities:
    """Which resources in which configurations can do what, as one sorted key per allowed triple."""

    def __init__(self, scenario: Scenario):
        self.resources = scenario.resources
        self.most = max((len(r.configurations) for r in self.resources), default=1)
        confs = {name: list(cell.all_configurations.values()) for name, cell in scenario.plant.cells.items()}
        kinds: dict[object, int] = {}
        kind = {name: kinds.setdefault(tuple((c.capabilities, tuple(c.attributes.items())) for c in found), len(kinds))
                for name, found in confs.items()}
        self._skills = {kind[name]: [(frozenset(c.capabilities), c.attributes) for c in found]
                        for name, found in confs.items()}
        self._with: dict[str | None, list[int]] = {None: list(self._skills)}
        for number, found in self._skills.items():
            for skill in frozenset().union(*(skills for skills, _ in found)):
                self._with.setdefault(skill, []).append(number)
        self._kind = np.array([kind[r.cell] for r in self.resources], dtype=np.int64)
        self._named = {r.id: (i,) for i, r in enumerate(self.resources)}
        self._numbers: dict[Ability, int] = {}
        self._keys: list[np.ndarray] = []

    def number(self, ability: Ability) -> int:
        if ability not in self._numbers:
            number = self._numbers[ability] = len(self._keys)
            self._keys.append(self._allowed(ability) + number * len(self.resources) * self.most)
        return self._numbers[ability]

    def _allowed(self, ability: Ability) -> np.ndarray:
        capability, needs, names = ability
        if capability is None and names is None:
            return np.empty(0, dtype=np.int64)
        among = np.arange(len(self.resources)) if names is None else np.array(
            [i for n in names for i in self._named.get(n, ())], dtype=np.int64)
        found = [np.empty(0, dtype=np.int64)]
        for kind in self._with.get(capability, ()):
            able = [c for c, (skills, attributes) in enumerate(self._skills[kind])
                    if (capability is None or capability in skills) and all(attributes.get(k) == v for k, v in needs)]
            if able:
                there = among[self._kind[among] == kind]
                found.append((there[:, None] * self.most + np.array(able, dtype=np.int64)).ravel())
        return np.concatenate(found)

    def allows(self, number: np.ndarray, resource: np.ndarray, configuration: np.ndarray) -> np.ndarray:
        """Whether each ability is had by the resource in the configuration."""
        keys = np.unique(np.concatenate(self._keys)) if self._keys else np.empty(0, dtype=np.int64)
        wanted = (number * len(self.resources) + resource) * self.most + configuration
        return Lookup(keys)(wanted) >= 0


class Tables:
    """Templates in columns, T of them with O operations, W ways, A arcs, N needs (template x component), G targets.

    operation_first [T+1]; name [O]: index into `names`, `vocabulary` its inverse; material [T]: hundredths per piece.
    way_first [O+1]; ability, fixed, piece, divisor, cost [W]: as in `Way`.
    arc_first [T+1], arc_from, arc_to [A]: operation numbers. sink_first [T+1], sinks: operations without successor.
    need_first [T+1]; component [N]: index into `components`; amount [N]: pieces per piece; split [N]: asked for by
    several uses; target_first [N+1]; target [G]: operation numbers; target_pieces, target_use [G]: pieces per
    piece and number of the use they belong to.

    ways: all W of them. Of a plain shop the rest is empty: details [O]; links: what is said about an arc, by its
    number; holds: (template, hold) with operation numbers.
    """

    def __init__(self, scenario: Scenario, templates: list[Template]):
        vocabulary: dict[str, int] = {}
        self.vocabulary = vocabulary
        self.components = tuple(scenario.catalog.components)
        self.abilities = Abilities(scenario)
        known = {name: i for i, name in enumerate(self.components)}
        self.operation_first = firsts([len(t.names) for t in templates])
        self.name = _array([vocabulary.setdefault(n, len(vocabulary)) for t in templates for n in t.names])
        self.names = tuple(vocabulary)
        self.material = _array([t.material for t in templates])
        every = [way for t in templates for ways in t.ways for way in ways]
        self.way_first = firsts([len(ways) for t in templates for ways in t.ways])
        self.ability = _array([self.abilities.number(way.ability) for way in every])
        self.fixed, self.piece, self.divisor = (_array([way.span[k] for way in every]) for k in range(3))
        self.cost = _array([way.cost for way in every])
        self.ways = every
        self._arcs(templates)
        self._needs(templates, known)
        self._beyond(templates)
        keys = np.repeat(np.arange(len(templates)), np.diff(self.operation_first)) * max(1, len(vocabulary)) + self.name
        self._find = Lookup(keys)
        self._find_need = Lookup(np.repeat(np.arange(len(templates)), np.diff(self.need_first))
                                 * max(1, len(self.components)) + self.component)

    def _arcs(self, templates: list[Template]) -> None:
        base = self.operation_first
        self.arc_first = firsts([len(t.arcs) for t in templates])
        self.arc_from = _array([base[i] + a for i, t in enumerate(templates) for a, _ in t.arcs])
        self.arc_to = _array([base[i] + b for i, t in enumerate(templates) for _, b in t.arcs])
        last = np.ones(len(self.name), dtype=bool)
        last[self.arc_from] = False
        self.sinks = np.flatnonzero(last)
        self.sink_first = np.searchsorted(self.sinks, base)

    def _beyond(self, templates: list[Template]) -> None:
        ruled = any(t.details for t in templates)
        self.details = [d for t in templates for d in t.details or (PLAIN,) * len(t.names)] if ruled else []
        self.links = {int(self.arc_first[i]) + at: link for i, t in enumerate(templates) for at, link in t.links}
        base = self.operation_first.tolist()
        self.holds = [(i, held._replace(first=base[i] + held.first, last=base[i] + held.last))
                      for i, t in enumerate(templates) for held in t.holds]

    def _needs(self, templates: list[Template], known: dict[str, int]) -> None:
        counts, component, amount, split, targets, target, pieces, use_of = [], [], [], [], [], [], [], []
        for base, template in zip(self.operation_first.tolist(), templates):
            merged: dict[int, list[int]] = {}
            for u, use in enumerate(template.uses):
                if use.component in known:
                    merged.setdefault(known[use.component], []).append(u)
            counts.append(len(merged))
            for number, uses in merged.items():
                component.append(number)
                amount.append(sum(template.uses[u].quantity for u in uses))
                split.append(len(uses) > 1)
                targets.append(sum(len(template.uses[u].targets) for u in uses))
                for u in uses:
                    for t in template.uses[u].targets:
                        target.append(base + t)
                        pieces.append(template.uses[u].quantity)
                        use_of.append(u)
        self.need_first, self.target_first = firsts(counts), firsts(targets)
        self.component, self.amount, self.split = _array(component), _array(amount), np.array(split, dtype=bool)
        self.target, self.target_pieces, self.target_use = _array(target), _array(pieces), _array(use_of)

    def operation(self, template: np.ndarray, name: np.ndarray) -> np.ndarray:
        """Operation number of a name (index into the vocabulary, -1: none) in a template, or -1."""
        return np.where((template >= 0) & (name >= 0), self._find(template * max(1, len(self.vocabulary)) + name), -1)

    def need(self, template: np.ndarray, component: np.ndarray) -> np.ndarray:
        """Need number of a component in a template, or -1."""
        fine = (template >= 0) & (component >= 0)
        return np.where(fine, self._find_need(template * max(1, len(self.components)) + component), -1)


def _array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)

