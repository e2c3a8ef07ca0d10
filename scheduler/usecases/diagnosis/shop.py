"""What the plant can do: which resources have a capability together with attribute values."""

from __future__ import annotations

from scheduler.domain.catalog import Alternative, Operation
from scheduler.domain.plant import Plant
from scheduler.errors import Location
from scheduler.usecases.diagnosis.findings import Findings, instead, listed
from scheduler.usecases.diagnosis.plant import sound


class Shop:
    """An index of all configurations of all cells, with the words for why an operation cannot run anywhere."""

    def __init__(self, plant: Plant):
        self.resources: dict[str, str] = {}
        self.configurations: list[tuple[str, frozenset[str], dict[str, str]]] = []
        self.complete = True
        self.capacity = {name: cell.batch.capacity for name, cell in plant.cells.items() if cell.batch is not None}
        for name, cell in plant.cells.items():
            self.resources.update({resource: name for resource in cell.resources if resource not in self.resources})
            self.complete &= sound(cell)
            for conf in cell.all_configurations.values() if sound(cell) else ():
                self.configurations.append((name, frozenset(conf.capabilities), conf.attributes))
        self.capabilities = list(dict.fromkeys(c for _, caps, _ in self.configurations for c in sorted(caps)))
        self.values: dict[str, dict[str, None]] = {}
        for _, _, attributes in self.configurations:
            for attribute, value in attributes.items():
                self.values.setdefault(attribute, {})[value] = None

    def check(self, capability: str | None, needs: dict[str, str], resources: tuple[str, ...] | None, where: Location,
              found: Findings) -> None:
        """Notes unknown names, and what nothing in the plant has. Values with '{option}' are left to the variants."""
        before = len(found)
        for n, name in enumerate(resources or ()):
            if name not in self.resources:
                found.unknown((*where, "resources", n), "resource", name, list(self.resources))
        if not self.complete:
            return
        if capability is not None and capability not in self.capabilities:
            found.unknown((*where, "capability"), "capability", capability, self.capabilities,
                          ", which no resource has")
        for attribute, value in needs.items():
            place = (*where, "needs", attribute)
            if attribute not in self.values:
                found.unknown(place, "attribute", attribute, list(self.values), ", which no configuration has")
            elif "{" not in value and value not in self.values[attribute]:
                found.add(place, f"no configuration has {attribute} '{value}'",
                          instead(value, self.values[attribute], "value"))
        literal = {a: v for a, v in needs.items() if "{" not in v}
        if len(found) == before and not self._cells(capability, literal, resources):
            self._nowhere(capability, literal, resources, where, found)

    def able(self, operation: Operation) -> frozenset[str]:
        """The resources that can run an operation in any of its ways; values with '{option}' may be anything."""
        found: set[str] = set()
        ways: list[Operation | Alternative] = [operation, *operation.alternatives]
        for way in ways:
            needs = operation.needs if way.needs is None else way.needs
            resources = operation.resources if way.resources is None else way.resources
            literal = {a: v for a, v in needs.items() if "{" not in v}
            cells = self._cells(way.capability or operation.capability, literal, resources)
            found |= {r for r, cell in self.resources.items() if cell in cells and r in (resources or self.resources)}
        return frozenset(found)

    def _cells(self, capability: str | None, needs: dict[str, str], resources: tuple[str, ...] | None) -> list[str]:
        among = None if resources is None else {self.resources.get(r) for r in resources}
        return list(dict.fromkeys(
            cell for cell, caps, attributes in self.configurations
            if (capability is None or capability in caps) and (among is None or cell in among)
            and all(attributes.get(a) == v for a, v in needs.items())))

    def _nowhere(self, capability: str | None, needs: dict[str, str], resources: tuple[str, ...] | None,
                 where: Location, found: Findings) -> None:
        asked = " with ".join(([f"capability '{capability}'"] if capability is not None else [])
                              + [f"{a} '{v}'" for a, v in needs.items()])
        elsewhere = self._cells(capability, needs, None)
        if resources is not None and not resources:
            found.add((*where, "resources"), "an empty list of resources", "name a resource, or leave the field out")
        elif resources is not None and elsewhere:
            found.add((*where, "resources"), f"none of {listed(resources)} has {asked}",
                      f"name resources of {listed(elsewhere)}, which {'has' if len(elsewhere) == 1 else 'have'} it")
        else:
            has = self._cells(capability, {}, resources)
            found.add(where, f"no configuration has {asked}", f"add such a configuration to {listed(has)}" if has else
                      "add such a configuration to a cell")
