"""What a rule is laid on: a drawn factory as a file would say it, and luck."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.generated.draw import Draw

Json = dict[str, Any]


@dataclass
class Mix:
    """A ScenarioFile and OrderEntries as plain dicts, to which rules add something of their own."""

    draw: Draw
    file: Json
    orders: list[Json]

    @property
    def plant(self) -> Json:
        return self.file["plant"]  # type: ignore[no-any-return]

    @property
    def cells(self) -> Json:
        return self.plant["cells"]  # type: ignore[no-any-return]

    @property
    def components(self) -> Json:
        return self.file["catalog"]["components"]  # type: ignore[no-any-return]

    def at(self, minutes: int) -> str:
        """So many minutes after the origin, in local time."""
        return (datetime.fromisoformat(self.file["origin"]) + timedelta(minutes=minutes)).isoformat()

    def span(self, least: int = 0, most: int = 1500, longest: int = 600) -> Json:
        start = self.draw.choose(least, most)
        return {"start": self.at(start), "end": self.at(start + self.draw.choose(1, longest))}

    def routings(self) -> Iterator[Json]:
        """Whatever has operations of its own: families, components, orders."""
        yield from self.file["catalog"]["families"].values()
        yield from (part for part in self.components.values() if part.get("operations"))
        yield from (entry["routing"] for entry in self.orders if "routing" in entry)

    def operations(self) -> Iterator[Json]:
        """All operations, those of other routings included."""
        for routing in self.routings():
            yield from routing["operations"].values()
            for other in routing.get("sub_plans", {}).values():
                yield from other["operations"].values()

    def some(self, percent: int) -> Iterator[Json]:
        """Some of the operations."""
        yield from (operation for operation in self.operations() if self.draw.maybe(percent))

    def pairs(self) -> Iterator[tuple[Json, str, str]]:
        """(routing, before, after): operations of which one comes right after the other."""
        for routing in self.routings():
            names = list(routing["operations"])
            for before, after in pairwise(names):
                listed = routing["operations"][after].get("after")
                if listed is None or before in listed:
                    yield routing, before, after


def fixed(operation: Json) -> int:
    """The fixed minutes of an operation."""
    found = re.match(r"(\d+) min", operation.get("work", {}).get("fixed", "0 min"))
    return int(found.group(1)) if found else 0
