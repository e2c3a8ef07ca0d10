"""A generated plain flexible job shop of any size for the makespan: first schedule, memory, bound, and both over time.

Every operation has one to five modes on resources drawn evenly, so work and jobs are balanced: neither one resource nor
one job alone makes the makespan.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.factory import WrongError, firsts
from benchmarks.record import write
from scheduler.engines.contract import Channel, Event, Limits
from scheduler.engines.portfolio import engine
from scheduler.problem.problem import FAR, Problem, Solution

MODES = 5
NOTE = ("Each run in a process of its own, compiled on a small shop first; the clock starts with the Problem. "
        "Schedules are checked by code of the benchmark alone. `load bound`: the larger of longest job and all work, "
        "each operation in its shortest mode, spread evenly over all resources. `memory`: the peak of the process.")
HEAD = ("jobs", "resources", "operations", "seed", "first schedule, s", "first", "makespan", "bound", "gap",
        "load bound", "to load bound", "memory, GB", "seconds")


def draw(jobs: int, resources: int, length: int, seed: int = 1) -> Problem:
    """Jobs of `length` operations in a row; durations 1 to 99 ticks, in another mode up to half as much again."""
    luck = np.random.default_rng(seed)
    n = jobs * length
    size = luck.integers(1, min(MODES, resources) + 1, n)
    first = firsts(size)
    owner = np.repeat(np.arange(n), size)
    # evenly spaced from a random one on, so that no resource comes twice
    within = np.arange(len(owner)) - first[owner]
    machine = (luck.integers(0, resources, n)[owner] + within * max(1, resources // MODES)) % resources
    base = luck.integers(1, 100, n)
    duration = np.maximum(1, base[owner] * luck.uniform(1.0, 1.5, len(owner))).astype(np.int64)
    follows = np.arange(n) % length > 0
    precedes = np.arange(n) % length < length - 1
    none = np.zeros(resources, dtype=np.int64)
    free = np.zeros(jobs, dtype=np.int64)
    return Problem(
        mode_first=first, mode_resource=machine, mode_state=np.zeros_like(owner), mode_duration=duration,
        mode_cost=np.zeros_like(owner), pred_first=firsts(follows.astype(np.int64)),
        pred=np.flatnonzero(follows) - 1, succ_first=firsts(precedes.astype(np.int64)),
        succ=np.flatnonzero(precedes) + 1, release=np.zeros(n, dtype=np.int64), account=np.arange(n) // length,
        due=np.full(jobs, FAR), deadline=np.full(jobs, FAR), job_release=free, weight=np.ones(jobs, dtype=np.int64),
        late_rate=free, hold_rate=free, early=np.ones(jobs, dtype=bool), fixed_cost=free, calendar=none, location=none,
        initial_state=none - 1, states=none + 1, setup_first=np.arange(resources),
        setup_time=none, setup_cost=none, window_first=np.array([0, 1]), window_start=np.array([0]),
        window_end=np.array([int(FAR)]), window_work=np.array([0]), transport=np.zeros((2, 2), dtype=np.int64),
        levels=("makespan",))


def makespan_of(problem: Problem, found: Solution) -> int:
    """Checks a schedule of a plain shop; WrongError names the first rule broken. Uses nothing of the scheduler."""
    first, mode, start = problem.mode_first, found.mode, found.start
    if not ((mode >= first[:-1]) & (mode < first[1:])).all():
        raise WrongError("an operation runs in a mode of another one")
    end = start + problem.mode_duration[mode]
    if (start < 0).any() or (end != found.end).any():
        raise WrongError("an operation begins before the outset, or takes longer or shorter than its mode")
    follower = np.repeat(np.arange(len(start)), np.diff(problem.pred_first))
    if (start[follower] < end[problem.pred]).any():
        raise WrongError("an operation begins before the one before it in its job has ended")
    order = np.lexsort((start, problem.mode_resource[mode]))
    machine = problem.mode_resource[mode[order]]
    if ((machine[1:] == machine[:-1]) & (start[order[1:]] < end[order[:-1]])).any():
        raise WrongError("two operations run on one resource at the same time")
    return int(end.max())


def load_bound(problem: Problem) -> int:
    """The larger of the longest job and the even load, every operation in its shortest mode, ticks."""
    shortest = np.minimum.reduceat(problem.mode_duration, problem.mode_first[:-1])
    jobs = np.bincount(problem.account, weights=shortest)
    return max(int(jobs.max()), -(-int(shortest.sum()) // problem.resources))


def measure(jobs: int, resources: int, length: int, seconds: float, workers: int, seed: int) -> dict[str, Any]:
    """One run, in this process."""
    for small in (draw(6, 4, 4), draw(60, 10, 30)):
        engine("auto").solve(small, None, Limits(1.5, workers=workers), Channel())
    problem = draw(jobs, resources, length, seed)
    told: list[Event] = []
    channel, opened = Channel(listen=told.append), time.monotonic()
    found = engine("auto").solve(problem, None, Limits(seconds, seed=seed, workers=workers), channel)
    wall = time.monotonic() - opened
    assert found.solution is not None
    assert found.objective is not None
    makespan = makespan_of(problem, found.solution)
    if makespan != found.objective[0]:
        raise AssertionError(f"we say {found.objective[0]}, the schedule ends at {makespan}")
    first = next(e for e in told if e.objective is not None)
    return {"jobs": jobs, "resources": resources, "operations": jobs * length, "seed": seed, "seconds": seconds,
            "workers": workers, "first": first.objective, "first_seconds": round(first.seconds, 2),
            "makespan": makespan, "bound": found.bound, "bound_source": found.bound_source, "status": found.status,
            "load_bound": load_bound(problem), "wall": round(wall, 2),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "trace": [(round(e.seconds, 2), e.objective, e.bound, e.source) for e in told]}


def run(results: Path, jobs: list[int], resources: int, length: int, seconds: float, workers: int, seeds: int) -> None:
    """Every size with every seed; writes plain.md and plain.jsonl."""
    rows, raw = [], []
    for seed in range(1, seeds + 1):
        for number in jobs:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                line = alone.submit(measure, number, resources, length, seconds, workers, seed).result()
            raw.append(line)
            value, bound, load = line["makespan"], line["bound"], line["load_bound"]
            rows.append((f"{number:,}", f"{resources:,}", f"{line['operations']:,}", seed,
                         f"{line['first_seconds']:.1f}", f"{line['first']:,}", f"{value:,}", f"{bound:,.0f}",
                         f"{1 - bound / value:.2%}", f"{load:,}", f"{value / load - 1:.2%}",
                         f"{line['megabytes'] / 1024:.2f}", f"{line['wall']:.1f}"))
            print(*rows[-1], flush=True)
    write(results, "plain", HEAD, rows, raw, NOTE)
