"""The folder of instances: its index, its suites, and what is known of each instance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.check import MAXIMISED


@dataclass(frozen=True)
class Bench:
    """index: entries by name; suites: names by suite."""

    folder: Path
    index: dict[str, dict[str, Any]]
    suites: dict[str, list[str]]

    def names(self, asked: str) -> list[str]:
        """The instances of `asked`: suites, instances and `set:NAME`s of the index, separated by commas; each once.
        Raises SystemExit for a name that is none of these."""
        found: list[str] = []
        for name in asked.split(","):
            if name in self.suites:
                found += self.suites[name]
            elif name in self.index:
                found.append(name)
            elif name.startswith("set:") and any(e["set"] == name[4:] for e in self.index.values()):
                found += [key for key, entry in self.index.items() if entry["set"] == name[4:]]
            else:
                raise SystemExit(f"'{name}' is no suite ({', '.join(self.suites)}), no instance of the index and no "
                                 "set:NAME of it")
        return list(dict.fromkeys(found))

    def place(self, name: str) -> str:
        """The instance as `index.json#name`."""
        return f"{self.folder / 'index.json'}#{name}"


def read_bench(folder: Path) -> Bench:
    """Reads index.json and suites.json (no suites where there is none). Raises SystemExit where there is no index."""
    suites = folder / "suites.json"
    if not (folder / "index.json").is_file():
        raise SystemExit(f"there is no index.json in {folder}; --bench names the folder of the instances")
    return Bench(folder.resolve(), json.loads((folder / "index.json").read_text(encoding="utf-8")),
                 json.loads(suites.read_text(encoding="utf-8")) if suites.is_file() else {})


def known(entry: dict[str, Any]) -> dict[str, Any]:
    """What a raw line keeps of an entry: set, size, lb, ub, status, and `reference`, the value that deviations are
    measured from: `ub`; where there is one `ub_solver` (what a solver reached) or `recalled_optimum`."""
    reference = entry.get("ub")
    for key in ("ub_solver", "recalled_optimum"):
        if entry.get(key) is not None:
            reference = entry[key]
    size = {key: entry[key] for key in ("jobs", "machines", "operations") if key in entry}
    lower = entry["lb"] if entry.get("lb") is not None else entry.get("derived_lb")
    return {"set": entry["set"], **size, "lb": lower, "ub": entry.get("ub"), "reference": reference,
            "known_status": entry.get("status"), "sense": "max" if entry["set"] in MAXIMISED else "min"}
