"""Job shops (a line of machine-duration pairs per job) and flexible job shops (`.fjs`), with or without setups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scheduler.formats.instances.model import FORBIDDEN, Instance, Setups, Step
from scheduler.formats.instances.text import Cursor, Row, Text

MOST_MACHINES = 100_000
Job = list[list[tuple[int, int]]]
"""Per operation its (machine, duration)s, as the file counts machines."""
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


def header(text: Text, words: tuple[str, ...], decimal: str = "") -> list[int]:
    """The counts in the first row: one for each of `words`, at least 1 (arcs: 0); a `decimal` may follow, unused."""
    wanted = ", ".join(words) + (f" and perhaps {decimal}" if decimal else "")
    if not text.rows:
        raise text.broken(text.end, None, "the file is empty", f"start with {wanted}")
    first = text.rows[0]
    tokens = first.text.split()
    most = len(words) + bool(decimal)
    if not len(words) <= len(tokens) <= most:
        raise text.broken(first, most if len(tokens) > most else None, f"the first line has {len(tokens)} entries",
                          f"write {wanted}")
    counts = text.integers(first, len(words))
    if len(tokens) > len(words) and not _DECIMAL.fullmatch(tokens[-1]):
        raise text.broken(first, len(words), f"'{tokens[-1]:.20}' is not a number", f"write {wanted}")
    for i, (word, count) in enumerate(zip(words, counts)):
        if count < 1 and word != "arcs":
            raise text.broken(first, i, f"the number of {word} is 0", "at least 1")
        if word == "machines" and count > MOST_MACHINES:
            raise text.broken(first, i, f"{count} machines", f"at most {MOST_MACHINES}")
    return counts


def job_rows(text: Text, count: int) -> list[Row]:
    """The rows of the jobs."""
    rows = text.rows[1:1 + count]
    if len(rows) < count:
        raise text.broken(text.end, None, f"the file ends after {len(rows)} of {count} jobs",
                          "add a line for each job, or correct the first number of the file")
    return rows


def read_job_shop(text: Text) -> Instance:
    """`jobs machines`, then for each job a line of as many `machine duration` pairs as there are machines."""
    count, machines = header(text, ("jobs", "machines"))
    rows = job_rows(text, count)
    if len(text.rows) > 1 + count:
        raise text.broken(text.rows[1 + count], 0, f"the file goes on after {count} jobs",
                          "remove the rest, or correct the first number of the file")

    def read(j: int, row: Row) -> Job:
        cursor = text.walk(row)
        job = [[pair] for pair in cursor.pairs(machines, f"job {j}, which needs {machines} pairs")]
        cursor.finish(f"the {machines} pairs of job {j}")
        return job

    jobs = text.each(rows, read)
    return Instance("job shop", machines, _steps(jobs, _base(text, rows, jobs, machines, flexible=False, usual=0)))


def read_flexible(text: Text) -> Instance:
    """`jobs machines [average]`, then a line per job: operations, then per operation alternatives and its pairs.

    Setup matrices may follow, per machine a row for what was before and a column for what comes after: over all
    operations, or over jobs.
    """
    count, machines = header(text, ("jobs", "machines"), "the average number of alternatives")
    rows = job_rows(text, count)
    jobs = text.each(rows, lambda j, row: _flexible_job(text.walk(row), j))
    rest = text.rows[1 + count:]
    steps = _steps(jobs, _base(text, rows, jobs, machines, flexible=True, usual=1 if rest else 0))
    if not rest:
        return Instance("flexible job shop", machines, steps)
    return Instance("flexible job shop with setups", machines, steps, _setups(text, rest, machines, steps))


def _flexible_job(cursor: Cursor, j: int) -> Job:
    count = cursor.take(f"the number of operations of job {j}")
    if count < 1:
        raise cursor.wrong(f"job {j} has no operations", "at least 1 operation")
    job: Job = []
    for i in range(count):
        what = f"operation {i} of job {j}"
        alternatives = cursor.take(f"the number of alternatives of {what}")
        if alternatives < 1:
            raise cursor.wrong(f"{what} has no alternative", "at least 1 machine can do it")
        job.append(list(cursor.pairs(alternatives, f"{what}, which has {alternatives} alternatives")))
    cursor.finish(f"the {count} operations of job {j}")
    return job


def _base(text: Text, rows: list[Row], jobs: list[Job], machines: int, flexible: bool, usual: int) -> int:
    """0 or 1, from which the file counts machines.

    From 0 where an index is 0, from 1 where one equals the number of machines. Where neither occurs, the file leaves
    it open, and `usual` decides.
    """
    used = [machine for job in jobs for ways in job for machine, _ in ways]
    low, high = min(used), max(used)
    base = 0 if low == 0 else 1 if high >= machines else usual
    if high - base < machines:
        return base
    j, at = next((j, at) for j, job in enumerate(jobs) for at, machine in _places(job, flexible)
                 if machine - base >= machines)
    raise text.broken(rows[j], at, f"machine {rows[j].text.split()[at]}, but the file has {machines} machines",
                      f"machines are counted here from {base} to {machines - 1 + base}")


def _places(job: Job, flexible: bool) -> Iterator[tuple[int, int]]:
    """(position in the row, machine) of each pair of a job; flexible rows have counts before the pairs."""
    at = int(flexible)
    for ways in job:
        at += flexible
        for machine, _ in ways:
            yield at, machine
            at += 2


def _steps(jobs: list[Job], base: int) -> tuple[tuple[Step, ...], ...]:
    return tuple(tuple(Step(str(i), None, tuple((machine - base, duration) for machine, duration in ways))
                       for i, ways in enumerate(job)) for job in jobs)


def _setups(text: Text, rest: list[Row], machines: int, jobs: tuple[tuple[Step, ...], ...]) -> Setups:
    steps = [step for job in jobs for step in job]
    width = len(rest[0].text.split())
    if width not in (len(steps), len(jobs)):
        raise text.broken(rest[0], None, f"{width} numbers in the first row after the jobs",
                          f"end the file here, or write setup times over {len(steps)} operations or {len(jobs)} jobs")
    kind = "operation" if width == len(steps) else "job"
    need = machines * width
    if len(rest) != need:
        what = f"{len(rest)} rows of setup times"
        raise text.broken(text.end if len(rest) < need else rest[need], None if len(rest) < need else 0, what,
                          f"{machines} machines x {width} {kind}s need {need} rows")

    def read(_: int, row: Row) -> tuple[int, ...]:
        values = text.integers(row)
        if len(values) != width:
            raise text.broken(row, width, f"{len(values)} setup times in this row", f"{width}, one for each {kind}")
        return tuple(values)

    table = text.each(rest, read)
    setups = Setups(kind, tuple(tuple(table[m * width:(m + 1) * width]) for m in range(machines)))
    if kind == "operation":
        _check_eligible(text, rest, steps, setups)
    return setups


def _check_eligible(text: Text, rest: list[Row], steps: list[Step], setups: Setups) -> None:
    """No two operations that a machine can do may be marked as not eligible there."""
    for m, times in enumerate(setups.times):
        able = [i for i, step in enumerate(steps) if any(machine == m for machine, _ in step.ways)]
        for a in able:
            for b in able:
                if a != b and times[a][b] >= FORBIDDEN:
                    raise text.broken(
                        rest[m * len(steps) + a], b,
                        f"{FORBIDDEN} says that operation {a} or {b} cannot be on machine {m}, but both list it",
                        f"write a setup time below {FORBIDDEN}, or take the machine out of the operation")
