"""Checks a schedule of a public instance: is it feasible, and what is its objective?

    python benchmarks/check.py INSTANCE SCHEDULE [--objective VALUE]

INSTANCE is an instance file (gzip or not) or `index.json#name`; SCHEDULE a CSV with the columns job, operation,
machine, start, end and, where the instance has workers, worker. Jobs, operations (within their job), machines and
workers are counted from 0; in assembly DAGs `operation` is the file's number and `job` is not read; in printing shops
job, operation and machine are the file's ids; in order acceptance job is the file's column (1 to n), operation and
machine are 0. Times are whole numbers; an operation takes [start, end).

Prints the objective and exits with 0, or prints the first broken rule and exits with 1. This file stands alone: it
imports the standard library only and shares no code with the scheduler it checks.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

NOBODY = -1
COLUMNS = ("job", "operation", "machine", "start", "end")
MAXIMISED = ("oas_cesaret",)
"""Sets whose objective is to be as high as possible."""
FORMATS = {"fjsp_w": "workers", "fajsp_dafjs": "dag", "ops": "printing", "oas_cesaret": "acceptance",
           "rms_reconfig_assembly": "", "fajsp_bom_linshan": "", "sm_wtsds": ""}
"""Format of the sets that are neither job shops nor flexible job shops; '' is not known here."""


class RuleError(Exception):
    """The schedule breaks a rule. rule: its name; the message says where."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class KindError(Exception):
    """The instance is of a kind that this file cannot check."""


class Row(NamedTuple):
    """A line of the schedule."""

    job: int
    operation: int
    machine: int
    start: int
    end: int
    worker: int = NOBODY


@dataclass
class Task:
    """An operation. ways: duration by (machine, worker); before: positions in Shop.tasks."""

    job: int
    number: int
    ways: dict[tuple[int, int], int]
    before: list[int]

    @property
    def name(self) -> str:
        return f"operation {self.number} of job {self.job}"


@dataclass
class Shop:
    """A job shop of any kind. setups[machine][row][column]: what was before, what comes after; setup_row: per task.
    due, weights: per job, for total weighted tardiness; None: makespan."""

    tasks: list[Task]
    jobs: int
    machines: int
    workers: int = 0
    setups: list[list[list[int]]] | None = None
    setup_row: list[int] = field(default_factory=list)
    due: list[int] | None = None
    weights: list[int] | None = None
    by_number: bool = False


@dataclass
class Verdict:
    """objective: as computed here; note: what is true of the schedule beyond the rules."""

    objective: float
    note: str = ""


# ---- reading instances


def locate(instance: str) -> tuple[Path, dict[str, Any]]:
    """File and index entry (empty without an index) of a path or of `index.json#name`."""
    place, sign, name = instance.rpartition("#")
    if not sign or Path(instance).exists():
        return Path(instance), {}
    entry = json.loads(Path(place).read_text(encoding="utf-8"))[name]
    return Path(place).parent / entry["file"], entry


def text_of(file: Path) -> str:
    raw = file.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")


def format_of(file: Path, text: str, entry: dict[str, Any]) -> str:
    """workers, dag, printing, acceptance, flexible or job shop. Raises KindError for other kinds."""
    known = FORMATS.get(entry.get("set", ""))
    if known == "":
        raise KindError(f"there is no check of {entry['set']}")
    if known:
        return known
    suffix = Path(file.name.removesuffix(".gz")).suffix
    if suffix in (".fjs", ".fjsw"):
        return "workers" if suffix == ".fjsw" else "flexible"
    if text.lstrip().startswith("{"):
        return "printing"
    lines = [line for line in text.splitlines() if line.strip()]
    if "," in lines[0]:
        return "acceptance"
    if not lines[0].split()[0].isdigit():
        raise KindError("the file has no known format")
    head, second = lines[0].split(), lines[1].split()
    if len(head) == 3 and len(second) == 2:
        return "dag"
    return "job shop" if len(second) == 2 * int(head[1]) else "flexible"


def read_shop(instance: str) -> Shop:
    """The job shop in an instance. Raises KindError where it is none."""
    file, entry = locate(instance)
    if entry.get("set") in FORMATS and not FORMATS[entry["set"]]:
        raise KindError(f"there is no check of {entry['set']}")
    text = text_of(file)
    kind = format_of(file, text, entry)
    lines = [[int(float(t)) for t in line.split()] for line in text.splitlines()
             if line.strip() and not line.lstrip().startswith("#")] if kind not in ("printing", "acceptance") else []
    if kind == "dag":
        return _dag(lines)
    if kind == "workers":
        return _workers(lines)
    if kind in ("job shop", "flexible"):
        return _jobs(lines, kind == "flexible", entry)
    raise KindError(f"{kind} is no job shop")


def _jobs(lines: list[list[int]], flexible: bool, entry: dict[str, Any]) -> Shop:
    count, machines = lines[0][:2]
    jobs: list[list[list[tuple[int, int]]]] = []
    for line in lines[1:1 + count]:
        if flexible:
            jobs.append(_alternatives(line))
        else:
            jobs.append([[pair] for pair in zip(line[::2], line[1::2])])
    rest = lines[1 + count:]
    used = [machine for job in jobs for ways in job for machine, _ in ways]
    base = 0 if min(used) == 0 else 1 if max(used) >= machines or rest else 0
    shop = Shop([], int(entry.get("use_first_jobs", count)), machines, due=entry.get("due_dates"),
                weights=entry.get("weights"))
    for j, job in enumerate(jobs[:shop.jobs]):
        for i, ways in enumerate(job):
            before = [len(shop.tasks) - 1] if i else []
            shop.tasks.append(Task(j, i, {(machine - base, NOBODY): d for machine, d in ways}, before))
    if rest:
        width = len(rest[0])
        shop.setups = [rest[m * width:(m + 1) * width] for m in range(machines)]
        over_tasks = width == len(shop.tasks)
        shop.setup_row = [i if over_tasks else task.job for i, task in enumerate(shop.tasks)]
    return shop


def _alternatives(line: list[int]) -> list[list[tuple[int, int]]]:
    job, at = [], 1
    for _ in range(line[0]):
        n = line[at]
        job.append([(line[at + 1 + 2 * k], line[at + 2 + 2 * k]) for k in range(n)])
        at += 1 + 2 * n
    return job


def _workers(lines: list[list[int]]) -> Shop:
    count, machines, workers = lines[0][:3]
    shop = Shop([], count, machines, workers)
    for j, line in enumerate(lines[1:1 + count]):
        at = 1
        for i in range(line[0]):
            ways: dict[tuple[int, int], int] = {}
            choices, at = line[at], at + 1
            for _ in range(choices):
                machine, people, at = line[at], line[at + 1], at + 2
                for _ in range(people):
                    ways[machine - 1, line[at] - 1] = line[at + 1]
                    at += 2
            shop.tasks.append(Task(j, i, ways, [len(shop.tasks) - 1] if i else []))
    return shop


def _dag(lines: list[list[int]]) -> Shop:
    count, arcs, machines = lines[0][:3]
    before: list[list[int]] = [[] for _ in range(count)]
    for a, b in (line[:2] for line in lines[1:1 + arcs]):
        before[b].append(a)
    tasks = [Task(0, i, {(line[1 + 2 * k], NOBODY): line[2 + 2 * k] for k in range(line[0])}, before[i])
             for i, line in enumerate(lines[1 + arcs:1 + arcs + count])]
    return Shop(tasks, 1, machines, by_number=True)


# ---- the rules of job shops


def check_shop(shop: Shop, rows: list[Row]) -> Verdict:
    """The objective. Raises RuleError with the first broken rule."""
    placed = _placed(shop, rows)
    for task, row in zip(shop.tasks, placed):
        if row.start < 0:
            raise RuleError("time", f"{task.name} starts at {row.start}, before 0")
        way = (row.machine, row.worker if shop.workers else NOBODY)
        if way not in task.ways:
            who = f" with worker {row.worker}" if shop.workers else ""
            raise RuleError("eligible", f"{task.name} cannot be on machine {row.machine}{who}")
        if row.end - row.start != task.ways[way]:
            raise RuleError("duration", f"{task.name} takes {task.ways[way]} on machine {row.machine}, "
                                     f"not {row.end - row.start}")
        for earlier in task.before:
            if placed[earlier].end > row.start:
                raise RuleError("precedence", f"{task.name} starts at {row.start}, before the end of "
                                                    f"{shop.tasks[earlier].name} at {placed[earlier].end}")
    for kind in ("machine", "worker") if shop.workers else ("machine",):
        _check_overlap(shop, placed, kind)
    if shop.setups is not None:
        _check_setups(shop, placed, shop.setups)
    return Verdict(objective_of(shop, placed))


def objective_of(shop: Shop, placed: list[Row]) -> int:
    done = [0] * shop.jobs
    for task, row in zip(shop.tasks, placed):
        done[task.job] = max(done[task.job], row.end)
    if shop.due is None:
        return max(done)
    weights = shop.weights or [1] * shop.jobs
    return sum(w * max(0, end - due) for w, end, due in zip(weights, done, shop.due))


def _placed(shop: Shop, rows: list[Row]) -> list[Row]:
    """The row of each task, in the order of the tasks."""
    at = {(0 if shop.by_number else task.job, task.number): i for i, task in enumerate(shop.tasks)}
    found: list[Row | None] = [None] * len(shop.tasks)
    for row in rows:
        i = at.get((0 if shop.by_number else row.job, row.operation))
        if i is None:
            raise RuleError("unknown", f"the instance has no operation {row.operation} of job {row.job}")
        if found[i] is not None:
            raise RuleError("once", f"{shop.tasks[i].name} is there twice")
        found[i] = row
    for task, placed in zip(shop.tasks, found):
        if placed is None:
            raise RuleError("missing", f"{task.name} is missing")
    return [row for row in found if row is not None]


def _sequences(placed: list[Row], kind: str) -> dict[int, list[int]]:
    """Positions of the tasks on each machine (or of each worker) by start."""
    found: dict[int, list[int]] = {}
    for i in sorted(range(len(placed)), key=lambda i: (placed[i].start, placed[i].end)):
        found.setdefault(placed[i].machine if kind == "machine" else placed[i].worker, []).append(i)
    return found


def _check_overlap(shop: Shop, placed: list[Row], kind: str) -> None:
    for number, sequence in _sequences(placed, kind).items():
        # what takes no time occupies nothing
        busy = [i for i in sequence if placed[i].end > placed[i].start]
        for a, b in pairwise(busy):
            if placed[b].start < placed[a].end:
                raise RuleError(f"{kind} overlap", f"{shop.tasks[b].name} starts at {placed[b].start} on {kind} "
                                                   f"{number}, which runs {shop.tasks[a].name} until {placed[a].end}")


def _check_setups(shop: Shop, placed: list[Row], setups: list[list[list[int]]]) -> None:
    for machine, sequence in _sequences(placed, "machine").items():
        for a, b in pairwise(sequence):
            before, after = shop.setup_row[a], shop.setup_row[b]
            # there is none within a job where the matrix is over jobs; the diagonal of the other one means nothing
            need = 0 if before == after else setups[machine][before][after]
            if placed[b].start < placed[a].end + need:
                raise RuleError("setup", f"{shop.tasks[b].name} starts at {placed[b].start} on machine {machine}; "
                                         f"after {shop.tasks[a].name}, until {placed[a].end}, the setup takes {need}")


# ---- order acceptance


def check_acceptance(text: str, rows: list[Row]) -> Verdict:
    """Revenue less weighted tardiness of the accepted orders. Raises RuleError."""
    table = [[Decimal(cell) for cell in line.split(",")] for line in text.split()]
    release, run, due, last, revenue, weight, *setup = table
    free, before, value = Decimal(0), 0, Decimal(0)
    seen: set[int] = set()
    for row in sorted(rows, key=lambda r: (r.start, r.end)):
        i = row.job
        if not 1 <= i <= len(release) - 2:
            raise RuleError("unknown", f"the instance has no order {i}")
        if i in seen:
            raise RuleError("once", f"order {i} is there twice")
        seen.add(i)
        if row.end - row.start != run[i]:
            raise RuleError("duration", f"order {i} takes {run[i]}, not {row.end - row.start}")
        if row.start < max(free, release[i]) + setup[before][i]:
            raise RuleError("setup", f"order {i} starts at {row.start}; its setup begins at "
                                     f"{max(free, release[i])} and takes {setup[before][i]}")
        if row.end > last[i]:
            raise RuleError("deadline", f"order {i} ends at {row.end}, after its deadline {last[i]}")
        value += revenue[i] - weight[i] * max(Decimal(0), row.end - due[i])
        free, before = Decimal(row.end), i
    return Verdict(round(float(value), 6))


# ---- printing shops


class Windows:
    """Open time of a resource; the last window does not end."""

    def __init__(self, pairs: list[int]) -> None:
        self.starts, self.ends = pairs[::2], [*pairs[1::2][:-1], 1 << 60]

    def open_at(self, tick: int) -> bool:
        k = bisect_right(self.starts, tick) - 1
        return k >= 0 and tick < self.ends[k]

    def between(self, start: int, end: int) -> int:
        """Open ticks in [start, end)."""
        return sum(max(0, min(e, end) - max(s, start)) for s, e in zip(self.starts, self.ends))

    def end_of(self, start: int, work: int) -> int:
        """The tick at which `work` open ticks since `start` are over."""
        at = start
        for s, e in zip(self.starts, self.ends):
            if e <= start:
                continue
            at = max(s, start)
            if at + work <= e:
                return at + work
            work -= e - at
        return at


def setup_time(press: dict[str, Any], before: dict[str, Any] | None, after: dict[str, Any]) -> int:
    """From one operation to the next on a press of a printing shop."""
    if before is None:
        return int(max(press["setup_size"]) + press["setup_color"] + press["setup_varnish"])
    size = 0
    if before["size"] != after["size"]:
        size = press["setup_size"][0] if before["size"] > after["size"] else press["setup_size"][1]
    return int(size + (press["setup_color"] if before["color"] != after["color"] else 0)
               + (press["setup_varnish"] if before["varnish"] != after["varnish"] else 0))


def check_printing(file: dict[str, Any], rows: list[Row]) -> Verdict:
    """The makespan. A setup needs open time between the operations; the note says whether each is as published:
    without a pause, ending when its operation starts. Raises RuleError."""
    presses = {press["id"]: press for press in file["resources"]}
    open_time = {number: Windows(press["availability"]) for number, press in presses.items()}
    tasks = {task["id"]: task for job in file["jobs"] for task in job["topology"]}
    placed: dict[int, Row] = {}
    for row in rows:
        if row.operation not in tasks:
            raise RuleError("unknown", f"the instance has no operation {row.operation}")
        if row.operation in placed:
            raise RuleError("once", f"operation {row.operation} is there twice")
        placed[row.operation] = row
    for number, task in tasks.items():
        if number not in placed:
            raise RuleError("missing", f"operation {number} is missing")
        _check_task(task, placed, open_time)
    loose = 0
    for number, press in presses.items():
        here = sorted((r for r in placed.values() if r.machine == number), key=lambda r: (r.start, r.end))
        for a, b in pairwise([None, *here]):
            assert b is not None
            need = setup_time(press, tasks[a.operation] if a else None, tasks[b.operation])
            free = a.end if a else 0
            if b.start < free:
                raise RuleError("machine overlap", f"operation {b.operation} starts at {b.start} on machine "
                                                   f"{number}, which is busy until {free}")
            if open_time[number].between(free, b.start) < need:
                raise RuleError("setup", f"operation {b.operation} starts at {b.start} on machine {number}, free "
                                         f"since {free}: too little open time for a setup of {need}")
            loose += b.start - need < free or open_time[number].between(b.start - need, b.start) < need
    return Verdict(max(r.end for r in placed.values()), f"{loose} setups not as published" if loose else "")


def _check_task(task: dict[str, Any], placed: dict[int, Row], open_time: dict[int, Windows]) -> None:
    row, name = placed[task["id"]], f"operation {task['id']}"
    if row.machine not in task["resources"]:
        raise RuleError("eligible", f"{name} cannot be on machine {row.machine}")
    duration = task["time"][task["resources"].index(row.machine)]
    windows = open_time[row.machine]
    if not windows.open_at(row.start):
        raise RuleError("closed", f"{name} starts at {row.start}, when machine {row.machine} is closed")
    if row.end != windows.end_of(row.start, duration):
        raise RuleError("duration", f"{name} ends at {windows.end_of(row.start, duration)}, not at {row.end}")
    if task["starting"] >= 0 and row.start != task["starting"]:
        raise RuleError("given start", f"{name} starts at {task['starting']}, not at {row.start}")
    if task["starting"] < 0 and row.start < task["release"]:
        raise RuleError("release", f"{name} starts at {row.start}, before its release at {task['release']}")
    share = Fraction(str(task["overlap"]))
    for other in task["sucessors"]:
        after = placed.get(other)
        if after is None:
            raise RuleError("missing", f"operation {other} is missing")
        ready = windows.end_of(row.start, ceil(share * duration)) if share < 1 else row.end
        if after.start < ready or after.end < row.end:
            raise RuleError("precedence", f"operation {other} runs from {after.start} to {after.end}; after {name} "
                                          f"it may start at {ready} and end at {row.end}")


# ---- the door


def check(instance: str, rows: list[Row]) -> Verdict:
    """The verdict on a schedule of an instance (a file, or `index.json#name`). Raises RuleError for a broken rule,
    KindError for a kind of instance that cannot be checked here."""
    file, entry = locate(instance)
    if entry.get("set") in FORMATS and not FORMATS[entry["set"]]:
        raise KindError(f"there is no check of {entry['set']}")
    text = text_of(file)
    kind = format_of(file, text, entry)
    if kind == "acceptance":
        return check_acceptance(text, rows)
    if kind == "printing":
        return check_printing(json.loads(text), rows)
    return check_shop(read_shop(instance), rows)


def read_schedule(file: Path) -> list[Row]:
    """The rows of a schedule. Raises RuleError where it is no such CSV."""
    with file.open(encoding="utf-8", newline="") as lines:
        try:
            return [Row(*[int(line[name]) for name in COLUMNS], int(line.get("worker") or NOBODY))
                    for line in csv.DictReader(lines)]
        except (KeyError, ValueError, TypeError) as error:
            raise RuleError("file", f"columns {', '.join(COLUMNS)} with whole numbers are needed: "
                                          f"{error}") from None


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a schedule of a public instance.")
    parser.add_argument("instance", help="an instance file, or index.json#name")
    parser.add_argument("schedule", type=Path, help="CSV: job, operation, machine, start, end[, worker]")
    parser.add_argument("--objective", type=float, help="what the schedule is said to reach")
    given = parser.parse_args()
    try:
        found = check(given.instance, read_schedule(given.schedule))
        if given.objective is not None and abs(found.objective - given.objective) > 1e-6:
            raise RuleError("objective", f"it is {found.objective:g}, not {given.objective:g}")
    except (RuleError, KindError) as error:
        print(f"{getattr(error, 'rule', 'not checked')}: {error}")
        return 1
    except (OSError, LookupError, ValueError) as error:
        print(f"cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    print(f"feasible, objective {found.objective:.10g}" + (f" ({found.note})" if found.note else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
