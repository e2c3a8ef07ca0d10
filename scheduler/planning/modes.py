"""Where an operation can run: the (resource, configuration) pairs that have a capability and what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.domain.scenario import Scenario

Place = tuple[int, int]


class Places:
    """Finds places of one scenario and remembers them, since most operations ask for the same."""

    def __init__(self, scenario: Scenario):
        self._index = {resource.id: i for i, resource in enumerate(scenario.resources)}
        cells = {name: [(set(c.capabilities), c.attributes) for c in cell.all_configurations.values()]
                 for name, cell in scenario.plant.cells.items()}
        self._configurations = [cells[resource.cell] for resource in scenario.resources]
        self._known: dict[object, tuple[Place, ...]] = {}

    def knows(self, resource: str) -> bool:
        return resource in self._index

    def find(self, capability: str | None, needs: Mapping[str, str],
             resources: Sequence[str] | None) -> tuple[Place, ...]:
        """Places in the order of Scenario.resources, then of configurations; () where there are none."""
        key = (capability, tuple(needs.items()), None if resources is None else tuple(resources))
        if key not in self._known:
            among = range(len(self._configurations)) if resources is None else sorted(
                {self._index[name] for name in resources if name in self._index})
            self._known[key] = tuple(
                (r, c) for r in among for c, (can, attributes) in enumerate(self._configurations[r])
                if (capability is None or capability in can)
                and all(attributes.get(k) == v for k, v in needs.items()))
        return self._known[key]
