"""Compiles the kernels before a clock runs. The first run on a machine takes some seconds; later ones find them
cached."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.annealing_kernel import anneal
from scheduler.engines.contract import Channel, Limits
from scheduler.problem.bounds import trivial_bound
from scheduler.problem.problem import FAR, Problem

_done = False


def tiny_problem() -> Problem:
    """Two operations on one resource."""

    def a(*values: int) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Problem(
        mode_first=a(0, 1, 2), mode_resource=a(0, 0), mode_state=a(0, 0), mode_duration=a(1, 1), mode_cost=a(1, 1),
        pred_first=a(0, 0, 1), pred=a(0), succ_first=a(0, 1, 1), succ=a(1), release=a(0, 0), account=a(0, 0), due=a(5),
        deadline=a(int(FAR)), job_release=a(0), weight=a(1), late_rate=a(1), hold_rate=a(1), early=np.array([True]),
        fixed_cost=a(0), calendar=a(0), location=a(0), initial_state=a(0), states=a(1), setup_first=a(0),
        setup_time=a(0), setup_cost=a(0), window_first=a(0, 1), window_start=a(0), window_end=a(int(FAR)),
        window_work=a(0), transport=np.zeros((2, 2), dtype=np.int64))


def compile_kernels(tell: Callable[[str], None]) -> None:
    """Runs every kernel once on a tiny problem, and says so where it has to compile."""
    global _done  # noqa: PLW0603
    if _done:
        return
    if not anneal.signatures and not _cached():
        tell("compiling kernels (first run on this machine only, about half a minute)")
    problem = tiny_problem()
    trivial_bound(problem)
    # no limit of time: compiling must not use it up before the search kernel had its turn
    AnnealingEngine().solve(problem, None, Limits(3600.0, deterministic=1e-4), Channel())
    _done = True


def _cached() -> bool:
    """Whether numba has compiled code of the search kernel on disk."""
    folder = getattr(getattr(anneal, "_cache", None), "_cache_path", None)
    if folder is None:
        return False
    from pathlib import Path

    return any(Path(folder).glob("annealing_kernel.anneal*.nbi"))
