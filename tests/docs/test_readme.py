"""README.md and CONTRIBUTING.md: links lead somewhere, the Python block runs, limits are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.engines import annealing, portfolio
from scheduler.engines.cpsat import size
from tests.docs.markdown import DOCS, ROOT, fences

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_and_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert found
    assert [link for link in found if not (ROOT / link).exists()] == []
    named = re.findall(r"`((?:scheduler|tests|docs|scenarios)/[\w./]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_python_block_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    [block] = [f for f in fences(PAGES[0]) if f.info == "python"]
    exec(compile(block.text.replace("time_limit=5", "time_limit=1"), "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith(("feasible", "optimal"))


def test_limits_are_those_of_the_code() -> None:
    page = (DOCS / "algorithms.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"{size.MOST:,} arcs and intervals" in PAGES[0].read_text(encoding="utf-8")
    for words in (f"up to {size.MOST:,} arcs and intervals, at most {size.PER_SECOND:,} for each second",
                  f"larger than {portfolio.MODEL_PER_SECOND:,} arcs and intervals per second",
                  f"for {portfolio.LEAD * 100:g} % of the time (at most {portfolio.LEAD_SECONDS:g} s)",
                  f"{annealing.MOVES_PER_UNIT:,} moves of annealing"):
        assert words in page, words
