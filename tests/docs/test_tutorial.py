"""The Python blocks of the tutorial run in order, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import traceback
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, Fence, fences

TUTORIAL = ROOT / "docs" / "tutorial.md"


def parts() -> list[tuple[Fence, Fence | None]]:
    """Python blocks, each with the text block directly after it, if there is one."""
    found = [f for f in fences(TUTORIAL) if f.info in ("python", "text")]
    return [(f, found[i + 1] if i + 1 < len(found) and found[i + 1].info == "text" else None)
            for i, f in enumerate(found) if f.info == "python"]


def test_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "tutorial"}
    assert len(parts()) > 10
    for block, wanted in parts():
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, f"{TUTORIAL.name}:{block.line}", "exec"), names)
        except Exception:
            pytest.fail(f"block at line {block.line} fails:\n{traceback.format_exc()}")
        if wanted is not None:
            assert printed.getvalue().rstrip() == wanted.text.rstrip(), f"output of the block at line {block.line}"
