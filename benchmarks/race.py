"""The same instances with the same limits, solver beside solver: `python -m benchmarks run`."""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from benchmarks.bench import Bench, known
from benchmarks.check import NOBODY, Row
from benchmarks.process import MODULES, run_once, text_of
from benchmarks.raw import ROOT, Line, append, code_of, key_of, read_lines
from benchmarks.record import command, machine
from benchmarks.solvers.without import PARTS
from scheduler.engines.portfolio import ENGINES

PEERS = ROOT / "build" / "peers"
"""Where `python -m benchmarks peers` puts an environment for each peer that needs one."""
IN_OWN_ENVIRONMENT = ("pyjobshop", "jobshoplib")
PROVENANCE = ("limit", "workers", "seed", "commit", "code", "command", "when", "cores", "machine", "python", "versions")
"""What of a raw line says how a value came to be."""
LONGEST_NAME = 60
SCHEDULES = ROOT / "out" / "benchmarks" / "schedules"


@dataclass(frozen=True)
class Plan:
    """What is run. suite: as asked for, part of each run's identity; seeds: 1 to this; pythons: interpreter by
    solver; grace: seconds after the limit until a solver is killed; others: raw files whose equal runs of the same
    instances, for other suites, are taken over."""

    suite: str
    solvers: Sequence[str]
    limit: float
    workers: int
    seeds: int
    again: bool = False
    prototypes: str = ""
    grace: float = 60.0
    pythons: dict[str, str] = field(default_factory=dict)
    others: Sequence[Path] = ()

    @property
    def name(self) -> str:
        """Of the raw file and the table; long lists of instances are cut and told apart by a checksum."""
        suite = self.suite.replace(",", "+").replace(":", "-")
        if len(suite) > LONGEST_NAME:
            suite = f"{suite[:LONGEST_NAME]}-{crc32(suite.encode()):08x}"
        return f"{suite}-{self.limit:g}s-{self.workers}w"

    def python(self, solver: str) -> str:
        """The interpreter of a solver. Raises SystemExit where a peer has none, or for a solver there is not."""
        base, _, what = solver.partition(":")
        if base not in MODULES:
            raise SystemExit(f"there is no solver '{base}'; use some of {', '.join(MODULES)}")
        known = _variants(base)
        if known and what not in known:
            names = ", ".join(f"{base}:{name}" if name else base for name in known)
            raise SystemExit(f"there is no '{solver}'; use one of {names}")
        if base in self.pythons:
            return self.pythons[base]
        if base not in IN_OWN_ENVIRONMENT:
            return sys.executable
        usual = PEERS / base / "bin" / "python"
        if not usual.exists():
            raise SystemExit(f"{base} has no environment: `python -m benchmarks peers` makes it, or say "
                             f"--peer-python {base}=PATH")
        return str(usual)


def _variants(base: str) -> tuple[str, ...]:
    """What may stand behind the colon of a solver of ours, '' for nothing; none where that is not known here."""
    if base == "ours":
        return ("", *ENGINES)
    return tuple(PARTS) if base == "without" else ()


def runs(plan: Plan, names: Sequence[str], codes: dict[str, str], done: set[tuple[object, ...]]
         ) -> Iterator[tuple[str, str, int]]:
    """(instance, solver, seed) of what is still to run, instance by instance with every solver, then the next seed."""
    for seed in range(1, plan.seeds + 1):
        for name in names:
            for solver in plan.solvers:
                if plan.again or key_of(_asked(plan, codes, name, solver, seed)) not in done:
                    yield name, solver, seed


def measured(bench: Bench, plan: Plan, name: str, solver: str, seed: int, code: str, where: Line) -> Line:
    """The raw line of one run; its schedule is stored. where: machine and command."""
    line, rows = run_once(bench, name, solver, plan.limit, plan.workers, seed, python=plan.python(solver),
                          prototypes=plan.prototypes, grace=plan.grace)
    versions = line.pop("versions")
    line = {"suite": plan.suite, "instance": name, "solver": solver, "limit": plan.limit, "workers": plan.workers,
            "seed": seed, **known(bench.index[name]), **line, "code": code, **where, "versions": versions,
            "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    return {**line, "schedule": keep(name, solver, line, rows)}


def race(bench: Bench, plan: Plan, file: Path) -> None:
    """Runs what the raw file lacks and appends a line to it as each run ends."""
    for solver in plan.solvers:
        plan.python(solver)  # a missing environment is said now, not in an hour
    codes = {solver: code_of(solver) for solver in plan.solvers}
    names = bench.names(plan.suite)
    done = {key_of(line) for line in read_lines([file])}
    for line in taken(plan, list(runs(plan, names, codes, done)), codes):
        append(file, line)
        done.add(key_of(line))
    todo = list(runs(plan, names, codes, done))
    every = len(names) * len(plan.solvers) * plan.seeds
    print(f"{len(todo)} of {every} runs to do, {every - len(todo)} are in {file.name}", flush=True)
    where = {**machine(), "command": shown(command())}
    opened = time.monotonic()
    for i, (name, solver, seed) in enumerate(todo, 1):
        line = measured(bench, plan, name, solver, seed, codes[solver], where)
        append(file, line)
        left = (time.monotonic() - opened) / i * (len(todo) - i)
        print(f"{i}/{len(todo)} {progress(line)}; about {left / 60:.0f} min left", flush=True)


def taken(plan: Plan, todo: Sequence[tuple[str, str, int]], codes: dict[str, str]) -> list[Line]:
    """Of what is to run, the runs that other raw files have with the same limit, workers, seed and code. Raises
    SystemExit where there is no such file."""
    for file in plan.others:
        if not file.exists():
            raise SystemExit(f"there is no raw file {file.name} to take runs from")
    wanted = {key_of(_asked(plan, codes, *run)) for run in todo}
    found = {}
    for line in read_lines(plan.others):
        line["suite"] = plan.suite
        if key_of(line) in wanted:
            found[key_of(line)] = line
    return list(found.values())


def _asked(plan: Plan, codes: dict[str, str], name: str, solver: str, seed: int) -> Line:
    return {"suite": plan.suite, "instance": name, "solver": solver, "limit": plan.limit, "workers": plan.workers,
            "seed": seed, "code": codes[solver]}


def shown(called: str) -> str:
    """A command without paths of this machine: of each, its last part in angle brackets."""
    return re.sub(r"(?<![\w<.])/(?:[^\s/]*/)*([^\s/]+)", r"<\1>", called)


def progress(line: Line) -> str:
    """A run in a line, for people."""
    said = f"{line['instance']} {line['solver']} seed {line['seed']}: {line['status']} {text_of(line['objective'])}"
    if line["reference"] and line["objective"] is not None:
        said += f" ({line['objective'] / line['reference'] - 1:+.2%})"
    said += f", bound {text_of(line['bound'])}, {line['wall']:.1f} s"
    if line["check"] not in ("ok", "none"):
        said += f"; {line['check']}"
    return said + (f"; {line['note']}" if line["status"] in ("crash", "killed", "cannot express") else "")


def keep(name: str, solver: str, line: Line, rows: Sequence[Row], folder: Path | None = None) -> str | None:
    """Stores a schedule that the checker accepted where none as good is stored for the instance and solver; its file
    name, or None."""
    if line["check"] != "ok" or line["objective"] is None:
        return None
    folder = folder or SCHEDULES
    file = folder / f"{name}.{solver.replace(':', '-')}.csv"
    about = file.with_suffix(".json")
    if file.exists() and about.exists():
        before = json.loads(about.read_text(encoding="utf-8"))["objective"]
        if before <= line["objective"] if line["sense"] == "min" else before >= line["objective"]:
            return None
    folder.mkdir(parents=True, exist_ok=True)
    write_schedule(file, rows)
    about.write_text(json.dumps({key: line.get(key) for key in (
        "instance", "solver", "objective", "wall", *PROVENANCE)}) + "\n",
        encoding="utf-8")
    return file.name


def write_schedule(file: Path, rows: Sequence[Row]) -> None:
    """The CSV that `check.py` reads; workers only where there are any."""
    people = any(row.worker != NOBODY for row in rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(Row._fields if people else Row._fields[:5])
        lines.writerows(row if people else row[:5] for row in sorted(rows))
