"""The parts of a markdown page that tests look at: fenced blocks and tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


class Fence(NamedTuple):
    """A fenced block. info: what stands after the fence; line: of its first line of text, from 1."""

    info: str
    text: str
    line: int


def fences(path: Path) -> list[Fence]:
    found: list[Fence] = []
    inside: list[str] | None = None
    info, start = "", 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if inside is None and line.startswith("```"):
            inside, info, start = [], line[3:].strip(), number + 1
        elif inside is not None and line.startswith("```"):
            found.append(Fence(info, "\n".join(inside) + "\n", start))
            inside = None
        elif inside is not None:
            inside.append(line)
    assert inside is None, f"{path}: a block is never closed"
    return found


def tables(path: Path) -> dict[str, list[list[str]]]:
    """Rows (header first, without the line of dashes) of the first table under each heading."""
    found: dict[str, list[list[str]]] = {}
    heading, closed = "", False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading, closed = line.lstrip("# ").strip(), False
        elif line.startswith("|") and not closed:
            cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not all(set(cell) <= set("-: ") for cell in cells):
                found.setdefault(heading, []).append(cells)
        elif heading in found:
            closed = True
    return found
