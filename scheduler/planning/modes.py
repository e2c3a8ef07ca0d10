"""Where an operation can run: the (resource, configuration) pairs that have a capability and what it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from scheduler.domain.scenario import Scenario

Place = tuple[int, int]


class Places:
    """Finds places of one scenario and remembers them, since most operations ask for the same.

    Configurations are indexed by capability and by attribute value, because a large plant has thousands of resources.
    """

    def __init__(self, scenario: Scenario):
        self._index = {resource.id: i for i, resource in enumerate(scenario.resources)}
        self._cell = [resource.cell for resource in scenario.resources]
        self._members: dict[str, list[int]] = defaultdict(list)
        for i, cell in enumerate(self._cell):
            self._members[cell].append(i)
        self._all: set[tuple[str, int]] = set()
        self._able: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._having: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
        for name, spec in scenario.plant.cells.items():
            for c, configuration in enumerate(spec.all_configurations.values()):
                self._all.add((name, c))
                for capability in configuration.capabilities:
                    self._able[capability].add((name, c))
                for pair in configuration.attributes.items():
                    self._having[pair].add((name, c))
        self._known: dict[object, tuple[Place, ...]] = {}

    def knows(self, resource: str) -> bool:
        return resource in self._index

    def find(self, capability: str | None, needs: Mapping[str, str],
             resources: Sequence[str] | None) -> tuple[Place, ...]:
        """Places in the order of Scenario.resources, then of configurations; () where there are none."""
        key = (capability, tuple(needs.items()), None if resources is None else tuple(resources))
        if key not in self._known:
            self._known[key] = tuple(sorted(self._find(capability, needs, resources)))
        return self._known[key]

    def _find(self, capability: str | None, needs: Mapping[str, str], resources: Sequence[str] | None) -> set[Place]:
        wanted = [self._having.get(pair, set()) for pair in needs.items()]
        if capability is not None:
            wanted.append(self._able.get(capability, set()))
        if wanted:
            fitting = set.intersection(*sorted(wanted, key=len))
        elif resources is not None:
            cells = {self._cell[self._index[name]] for name in resources if name in self._index}
            fitting = {kind for kind in self._all if kind[0] in cells}
        else:
            fitting = self._all
        among = None if resources is None else {self._index[name] for name in resources if name in self._index}
        return {(r, c) for cell, c in fitting for r in self._members[cell] if among is None or r in among}
