"""Large generated factories, annealed in parts: windows of time and groups of resources in turns, windows alone, or an
independent run for each worker, from the same start. It reaches into engines, as no user can."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

from benchmarks.factory import draw, problem_of
from benchmarks.record import write
from scheduler.engines import decomposition
from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.decomposition import PartsEngine
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.evaluate import objective
from scheduler.problem.problem import Problem, Solution

WAYS = ("windows and groups", "windows", "independent runs")
SMALL = 500
"""Operations of the factory on which everything compiles first."""
NOTE = ("Cost of the schedule found as a share of the start's, which is the best dispatching schedule; the same start "
        "and seconds for all, one after the other. Independent runs: one for each worker, with a seed of its own; the "
        "best counts.")


def run(results: Path, sizes: list[int], seconds: float, workers: int, seeds: int) -> None:
    """Each size with each seed through all ways in turn; writes parts.md and parts.jsonl."""
    rows, raw = [], []
    for way in WAYS:
        measure(way, *_begun(SMALL), Limits(2.0, seed=1, workers=workers))
    for size in sizes:
        problem, start = _begun(size)
        for seed in range(1, seeds + 1):
            shares = {way: measure(way, problem, start, Limits(seconds, seed=seed, workers=workers)) for way in WAYS}
            raw.append({"operations": size, "seed": seed, "seconds": seconds, "workers": workers, **shares})
            rows.append([f"{size:,}", seed, *(f"{shares[way]:.4f}" for way in WAYS)])
            print(*rows[-1], flush=True)
    write(results, "parts", ("operations", "seed", *WAYS), rows, raw, NOTE)


def _begun(size: int) -> tuple[Problem, Solution]:
    problem = problem_of(draw(size))
    start, _ = DispatchEngine().construct(problem, Limits(3600.0), Channel())
    assert start is not None
    return problem, start


def measure(way: str, problem: Problem, start: Solution, limits: Limits) -> float:
    """What is left of the start's cost."""
    if way == "independent runs":
        def one(seed: int) -> Result:
            return AnnealingEngine().solve(problem, start, Limits(limits.seconds, seed=seed), Channel())

        with ThreadPoolExecutor(limits.workers) as pool:
            found = list(pool.map(one, range(limits.seed, limits.seed + limits.workers)))
    else:
        own = decomposition.groups
        with patch.object(decomposition, "groups", own if way == WAYS[0] else lambda *_: None):
            found = [PartsEngine().solve(problem, start, limits, Channel())]
    return min(result.objective[0] for result in found if result.objective is not None) / objective(problem, start)[0]
