"""Raw lines: one line of JSON for each run, appended as it ends; and which runs a file already has."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KEY = ("suite", "instance", "solver", "limit", "workers", "seed", "code")
"""What makes two runs the same. code: the last commit that touched what the solver is made of."""

Line = dict[str, Any]


def read_lines(files: Iterable[Path]) -> list[Line]:
    """The runs of some files, in their order. A last line that was cut off by an interruption is left out; any other
    that is not JSON raises ValueError with its place."""
    found: list[Line] = []
    for file in files:
        texts = file.read_text(encoding="utf-8").split("\n") if file.exists() else []
        for i, text in enumerate(texts):
            if not text.strip():
                continue
            try:
                found.append(json.loads(text))
            except ValueError as error:
                if i == len(texts) - 1:
                    continue
                raise ValueError(f"{file.name}:{i + 1} is not JSON: {error}") from None
    return found


def append(file: Path, line: Line) -> None:
    """Adds a run. A line cut off before it is ended first, so that only that one is lost."""
    file.parent.mkdir(parents=True, exist_ok=True)
    torn = file.exists() and file.stat().st_size and not file.read_bytes().endswith(b"\n")
    if torn:
        kept = file.read_bytes()
        file.write_bytes(kept[:kept.rfind(b"\n") + 1])
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")


def key_of(line: Line) -> tuple[Any, ...]:
    return tuple(line.get(name) for name in KEY)


def latest(lines: Iterable[Line]) -> list[Line]:
    """The last run of each (instance, solver, limit, workers, seed), whatever its code, in the order of the first."""
    kept: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        kept[tuple(line.get(name) for name in KEY[1:-1])] = line
    return list(kept.values())


def code_of(solver: str) -> str:
    """The last commit that touched what a solver is made of, with '+' where files differ from it; '' outside git."""
    part = "scheduler" if solver.partition(":")[0] in ("ours", "without") else "benchmarks/solvers"
    commit = _git("log", "-1", "--format=%h", "--", part)
    return commit + ("+" if commit and _git("status", "--porcelain", "--", part) else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
