"""Flexible job shops with worker flexibility (`.fjsw`): the duration depends on the machine and on the worker.

The format and its reference values are from github.com/jrc-rodec/FJSSP-W-Benchmarking (Hutter et al.
2024, doi:10.1109/CEC60901.2024.10611934); its own parser (instances/benchmark_parser.py) counts machines and workers
from 1 and takes a duration of 0 as 'cannot'. A worker is busy with one operation at a time, for the whole of it, and
so is a machine.
"""

from __future__ import annotations

from scheduler.formats.instances.jobs import MOST_MACHINES, header, job_rows
from scheduler.formats.instances.model import Instance, Step
from scheduler.formats.instances.text import Cursor, Text


def read_workers(text: Text) -> Instance:
    """`jobs machines workers`, then a line per job: operations; per operation its machines; per machine its number,
    how many workers can run it there, and as many pairs `worker duration`. All are counted from 1."""
    count, machines, workers = header(text, ("jobs", "machines", "workers"))
    if workers > MOST_MACHINES:
        raise text.broken(text.rows[0], 2, f"{workers} workers", f"at most {MOST_MACHINES}")
    rows = job_rows(text, count)
    if len(text.rows) > 1 + count:
        raise text.broken(text.rows[1 + count], 0, f"the file goes on after {count} jobs",
                          "remove the rest, or correct the first number of the file")
    jobs = text.each(rows, lambda j, row: _job(text.walk(row), j, machines, workers))
    return Instance("flexible job shop with workers", machines, tuple(jobs), workers=workers)


def _job(cursor: Cursor, j: int, machines: int, workers: int) -> tuple[Step, ...]:
    count = cursor.take(f"the number of operations of job {j}")
    if count < 1:
        raise cursor.wrong(f"job {j} has no operations", "at least 1 operation")
    steps = []
    for i in range(count):
        what = f"operation {i} of job {j}"
        alternatives = cursor.take(f"the number of machines of {what}")
        ways: list[tuple[int, int]] = []
        people: list[int] = []
        for _ in range(alternatives):
            machine = _number(cursor, "machine", what, machines)
            for _ in range(cursor.take(f"the number of workers of {what} on machine {machine + 1}")):
                worker = _number(cursor, "worker", what, workers)
                duration = cursor.take(f"a duration of {what}")
                if not duration:
                    raise cursor.wrong(f"{what} has a duration of 0, which says that it cannot run so",
                                       "leave this worker out, or write a duration of 1 or more")
                ways.append((machine, duration))
                people.append(worker)
        if not ways:
            raise cursor.wrong(f"{what} has no machine and worker", "at least 1 machine with 1 worker can do it")
        steps.append(Step(str(i), None, tuple(ways), tuple(people)))
    cursor.finish(f"the {count} operations of job {j}")
    return tuple(steps)


def _number(cursor: Cursor, kind: str, what: str, count: int) -> int:
    number = cursor.take(f"a {kind} of {what}")
    if not 1 <= number <= count:
        raise cursor.wrong(f"{kind} {number}, but the file has {count} {kind}s",
                           f"{kind}s are counted here from 1 to {count}")
    return number - 1
