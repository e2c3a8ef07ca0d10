"""Fragments of scenario files in the documentation are valid: laid over the starter scenario, they load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.formats.starter import create
from scheduler.loading import load
from tests.docs.markdown import DOCS, ROOT, Fence, fences

PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FRAGMENTS = [(page, fence) for page in PAGES if "_build" not in page.parts for fence in fences(page)
             if fence.info.startswith("yaml") or fence.info in ("text orders.csv", "text floor.csv")]
KINDS = ("yaml scenario", "yaml orders", "text orders.csv", "text floor.csv")
NOW = "now: 2026-03-03 12:00\n"
"""Stands in the scenario that rows of floor.csv are about."""


def over(base: Any, more: Any) -> Any:
    """`more` laid over `base`: mappings are merged, everything else is replaced."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {**base, **{key: over(base.get(key), value) for key, value in more.items()}}
    return more


def write(folder: Path, fence: Fence) -> None:
    """The starter scenario with the fragment in it."""
    create(folder)
    if fence.info.startswith("text "):
        (folder / fence.info.removeprefix("text ")).write_text(fence.text, encoding="utf-8")
        if fence.info == "text floor.csv":
            with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
                file.write(NOW)
        return
    part = yaml.load(fence.text, yaml.BaseLoader)
    target = folder / "scenario.yaml"
    if fence.info == "yaml orders" or "orders" in part:
        (folder / "orders.csv").unlink()
    if fence.info == "yaml orders":
        target = folder / "orders.yaml"
    else:
        part = over(yaml.load(target.read_text(encoding="utf-8"), yaml.BaseLoader), part)
    target.write_text(yaml.safe_dump(part, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(("page", "fence"), FRAGMENTS, ids=[f"{p.stem}:{f.line}" for p, f in FRAGMENTS])
def test_fragments_load(page: Path, fence: Fence, tmp_path: Path) -> None:
    assert fence.info in KINDS, f"{page}:{fence.line}: say what it is: {', '.join(KINDS)}"
    write(tmp_path / "scenario", fence)
    assert len(load(tmp_path / "scenario").orders)


def test_a_wrong_fragment_would_be_found(tmp_path: Path) -> None:
    write(tmp_path / "scenario", Fence("yaml scenario", "plant: {cells: {paint: {calender: day}}}\n", 1))
    with pytest.raises(Exception, match="unknown field 'calender'"):
        load(tmp_path / "scenario")
