"""The table of rooms in docs/architecture.md and CONTRIBUTING.md is the one that is checked."""

from __future__ import annotations

import pytest

from tests.docs.markdown import DOCS, ROOT, tables
from tests.test_architecture import OUTSIDE, ROOMS


def listed(cell: str) -> set[str]:
    return {name.strip(" `") for name in cell.split(";", maxsplit=1)[0].split(",")} - {"–"}


@pytest.mark.parametrize(("page", "heading"), [(DOCS / "architecture.md", "The rooms"),
                                               (ROOT / "CONTRIBUTING.md", "Layout")], ids=["docs", "contributing"])
def test_rooms(page, heading) -> None:
    rows = tables(page)[heading][1:]
    assert [row[0].strip("`") for row in rows] == list(ROOMS)
    for room, _, ours, outside in rows:
        name = room.strip("`")
        assert listed(ours) == ROOMS[name], name
        assert listed(outside) == OUTSIDE[name], name
