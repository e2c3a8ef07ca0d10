"""What an instance file says, before it becomes a scenario. Machines, jobs and operations are counted from 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Step(NamedTuple):
    """An operation. after: names of those before it (None: the one listed before); ways: (machine, duration); people:
    the worker of each way (empty: nobody is needed)."""

    name: str
    after: tuple[str, ...] | None
    ways: tuple[tuple[int, int], ...]
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Setups:
    """Setup times [machine][before][after]; kind: 'operation' (counted over all jobs) or 'job' says what is counted."""

    kind: str
    times: tuple[tuple[tuple[int, ...], ...], ...]


FORBIDDEN = 1_000_000
"""Instead of a setup time: one of the two operations cannot be on the machine."""


@dataclass(frozen=True)
class Instance:
    """jobs: the operations of each, in order. due, weights: per job, for total weighted tardiness; else makespan.
    workers: how many there are, each a crew of one person."""

    kind: str
    machines: int
    jobs: tuple[tuple[Step, ...], ...]
    setups: Setups | None = None
    due: tuple[int, ...] | None = None
    weights: tuple[int, ...] | None = None
    workers: int = 0
