"""Raw lines and tables: what was run, where, and what came out."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """The machine and the versions that matter; no names, no paths."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {"cores": os.cpu_count(), "machine": platform.machine(), "system": platform.system(),
            "python": platform.python_version(), "commit": commit.stdout.strip(),
            "versions": {name: version(name) for name in ("ortools", "numba", "numpy")}}


def command() -> str:
    arguments = [a if not os.path.isabs(a) else f"<{Path(a).name}>" for a in sys.argv[1:]]
    return "python -m benchmarks " + " ".join(arguments)


def write(folder: Path, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], raw: Iterable[dict[str, Any]],
          notes: str = "") -> None:
    """<name>.md with the table, <name>.jsonl with the raw lines (the first one says machine and command)."""
    where = machine()
    lines = [{"command": command(), **where}, *raw]
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    text = [f"# {name}", "", f"`{command()}`", "",
            f"{where['cores']} cores, {where['machine']}, Python {where['python']}, commit {where['commit']}, "
            + ", ".join(f"{k} {v}" for k, v in where["versions"].items()), ""]
    text += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    text += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    (folder / f"{name}.md").write_text("\n".join([*text, "", notes, ""]).rstrip() + "\n", encoding="utf-8")
    print("\n".join(text))
