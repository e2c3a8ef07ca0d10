"""Values that beat the best known ones of the index, with all that is needed to check them: `benchmarks/records/`.

A file <instance>.json for each: what was known, what was found, by what command; beside it <instance>.csv, the
schedule, which the standalone checker accepted. Bounds are as proved by the solver: a checker of bounds does not
exist, so those that contradict a known value or a schedule of ours are refused.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from math import inf
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, known
from benchmarks.race import PROVENANCE, SCHEDULES
from benchmarks.raw import ROOT, Line

FOLDER = Path(__file__).parent / "records"


def keep_records(bench: Bench, lines: Iterable[Line], folder: Path = FOLDER, schedules: Path = SCHEDULES) -> list[str]:
    """Keeps what the lines of ours beat the index with, where no better record is kept; a sentence for each."""
    found = []
    for line in lines:
        if line["solver"].partition(":")[0] != "ours" or line["instance"] not in bench.index:
            continue
        for sentence in (_keep_value(bench, line, folder, schedules), _keep_bound(bench, line, folder)):
            if sentence:
                found.append(sentence)
    if folder.is_dir():
        write_index(folder)
    return found


def _keep_value(bench: Bench, line: Line, folder: Path, schedules: Path) -> str:
    name = line["instance"]
    was = known(bench.index[name])
    recalled = bench.index[name].get("recalled_optimum")
    best = was["ub"] if recalled is None else recalled
    if line["check"] != "ok" or best is None or was["sense"] == "max" or line["objective"] >= best:
        return ""
    stored = schedules / f"{name}.{line['solver'].replace(':', '-')}.csv"
    about = stored.with_suffix(".json")
    if not stored.exists() or not about.exists():
        return ""
    # the stored schedule may be of another, better run: what is kept is what the file says and the checker sees
    source = json.loads(about.read_text(encoding="utf-8"))
    record = read_record(folder, name)
    if record.get("value", {}).get("value", inf) <= source["objective"]:
        return ""
    said = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "check.py"), bench.place(name), str(stored),
                           "--objective", str(source["objective"])], capture_output=True, text=True, check=False)
    if said.returncode:
        return f"{name}: {source['objective']:g} is refused by the checker: {said.stdout.strip()}"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(stored, folder / f"{name}.csv")
    record["value"] = {"value": source["objective"], "old": best, "solver": source["solver"],
                       "schedule": f"{name}.csv", "checked": said.stdout.strip(), "wall": source["wall"],
                       **{key: source[key] for key in PROVENANCE}}
    _write(folder, name, was, bench.index[name], record)
    return f"{name}: {source['objective']:g}, best known was {best:g}"


def _keep_bound(bench: Bench, line: Line, folder: Path) -> str:
    name, bound = line["instance"], line["bound"]
    was = known(bench.index[name])
    if bound is None or was["sense"] == "max" or was["lb"] is None or bound <= was["lb"]:
        return ""
    record = read_record(folder, name)
    if record.get("bound", {}).get("bound", -inf) >= bound:
        return ""
    least = min(value for value in (was["ub"], line["objective"], record.get("value", {}).get("value"), inf)
                if value is not None)
    if bound > least:
        return f"{name}: the bound {bound:g} is beyond the value {least:g}, so it or that is wrong: not kept"
    record["bound"] = {"bound": bound, "old": was["lb"], "solver": line["solver"], "source": line["note"],
                       "wall": line["wall"], **{key: line[key] for key in PROVENANCE}}
    _write(folder, name, was, bench.index[name], record)
    return f"{name}: bound {bound:g}, best known was {was['lb']:g}"


def read_record(folder: Path, name: str) -> dict[str, Any]:
    """What is kept of an instance; empty where nothing is."""
    file = folder / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _write(folder: Path, name: str, was: Line, entry: dict[str, Any], record: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sources = {key: entry[key] for key in ("source", "lb_source", "ub_source") if key in entry}
    said = {"instance": name, "set": was["set"], "known": {"lb": was["lb"], "ub": was["ub"], **sources},
            **{key: record[key] for key in ("value", "bound") if key in record}}
    (folder / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def write_index(folder: Path) -> None:
    """README.md: a line for each record."""
    said_all = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    counted = " and ".join(f"{sum(key in said for said in said_all)} {key}s" for key in ("value", "bound"))
    text = ["# Records", "", f"{counted}. "
            "Schedules and bounds that beat the best known ones of the index the instances came with. Check one with "
            "`python benchmarks/check.py FOLDER/index.json#INSTANCE benchmarks/records/INSTANCE.csv`; command, commit "
            "and versions are in `INSTANCE.json`. A bound is as proved by the solver.", "",
            "| instance | set | best known | found | bound known | bound found | seed | limit | workers |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for said in said_all:
        value, bound = said.get("value"), said.get("bound")
        how = value or bound
        text.append(f"| {said['instance']} | {said['set']} | {_number(said['known']['ub'])} | "
                    f"{_number(value and value['value'])} | {_number(said['known']['lb'])} | "
                    f"{_number(bound and bound['bound'])} | {how['seed']} | {how['limit']:g} s | {how['workers']} |")
    (folder / "README.md").write_text("\n".join([*text, ""]), encoding="utf-8")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
