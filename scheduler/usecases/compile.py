"""Compiles the kernels before a clock runs; later runs find them cached. As a program: compiles the kinds given."""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.annealing_kernel import anneal
from scheduler.engines.contract import Channel, Engine, Limits
from scheduler.engines.lists_kernel import anneal_lists
from scheduler.engines.tabu import TabuEngine, suits
from scheduler.engines.tabu_kernel import search
from scheduler.engines.unary import unary
from scheduler.engines.unary_kernel import anneal_unary
from scheduler.problem.bounds import trivial_bound
from scheduler.problem.makespan_bounds import makespan_bound
from scheduler.problem.problem import FAR, Problem
from scheduler.problem.rules import Rules

KERNELS: dict[str, tuple[Any, str, str]] = {
    "plain": (anneal, "annealing_kernel.anneal", "about half a minute"),
    "rules": (anneal_lists, "lists_kernel.anneal_lists", "a minute or two"),
    "unary": (anneal_unary, "unary_kernel.anneal_unary", "a quarter of a minute"),
    "tabu": (search, "tabu_kernel.search", "about half a minute")}
"""By kind of problem the search kernel, how its cache is named and how long all of its kind take."""
_done: set[str] = set()


def tiny_problem(ruled: bool = False) -> Problem:
    """Two operations on one resource; `ruled`: with rules that change nothing."""

    def a(*values: int) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Problem(
        mode_first=a(0, 1, 2), mode_resource=a(0, 0), mode_state=a(0, 0), mode_duration=a(1, 1), mode_cost=a(1, 1),
        pred_first=a(0, 0, 1), pred=a(0), succ_first=a(0, 1, 1), succ=a(1), release=a(0, 0), account=a(0, 0), due=a(5),
        deadline=a(int(FAR)), job_release=a(0), weight=a(1), late_rate=a(1), hold_rate=a(1), early=np.array([True]),
        fixed_cost=a(0), calendar=a(0), location=a(0), initial_state=a(0), states=a(1), setup_first=a(0),
        setup_time=a(0), setup_cost=a(0), window_first=a(0, 1), window_start=a(0), window_end=a(int(FAR)),
        window_work=a(0), transport=np.zeros((2, 2), dtype=np.int64),
        rules=tiny_rules() if ruled else None)


def tiny_rules() -> Rules:
    """Neutral rules of the tiny problem: every field its kind of nothing."""

    def a(*values: int) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    no, far = np.zeros(2, dtype=bool), int(FAR)
    return Rules(
        now=0, pace=1, pool_first=a(0), pool_time=a(), pool_capacity=a(), mode_calendar=a(0, 0),
        mode_setup_calendar=a(0, 0), mode_pause=no, mode_load=a(0, 0), mode_unload=a(0, 0), mode_term=a(0, 0),
        mode_shared=a(0, 0), batch_class=a(-1, -1), need_first=a(0, 0, 0), need_pool=a(), need_quantity=a(),
        need_phase=a(), window_rate=a(1), overtime_first=a(0, 0), overtime_id=a(), overtime_cost=a(), arc_min=a(0),
        arc_max=a(far), head_first=a(0, 0), head=a(), tail_first=a(0, 0), tail=a(), branch=a(-1, -1),
        branch_choice=a(), batch_places=a(1, 1), latest_end=a(far, far), supply=no, fact=no, fixed_end=a(-1, -1),
        ref_start=a(-1, -1), ref_resource=a(-1, -1), refuse_cost=a(far), unlimited=np.zeros(1, dtype=bool), group=a(0),
        batch_capacity=a(0), buffer=np.full((1, 1), -1, dtype=np.int64), state_first=a(0, 1), campaign=a(0),
        module_first=a(0, 0), module_pool=a(), hold_pool=a(), hold_quantity=a(), hold_from=a(), hold_to=a(),
        link_kind=a(), link_a=a(), link_b=a())


Kind = Literal["plain", "rules", "tabu", "unary"]


def kinds(problem: Problem, engine: str) -> tuple[Kind, ...]:
    """The kernels that an engine runs on a problem."""
    if problem.rules is not None:
        return ("rules", "unary") if unary(problem) else ("rules",)
    return ("tabu",) if engine in ("auto", "tabu") and suits(problem) else ("plain",)


def compile_kernels(tell: Callable[[str], None], which: Kind = "plain") -> None:
    """Runs every kernel of one kind once on a tiny problem, and says so where it has to compile. plain: for problems
    without rules; rules: for those with; tabu: of tabu search and its bounds; unary: of annealing on orders and these
    bounds."""
    if which in _done:
        return
    much = KERNELS[which][2]
    if missing((which,)):
        tell(f"compiling kernels (first run on this machine only, {much})")
    # no limit of time: compiling must not use it up before the search kernel had its turn
    limits = Limits(3600.0, deterministic=1e-4)
    if which in ("tabu", "unary"):
        problem = replace(tiny_problem(which == "unary"), levels=("makespan",))
        searching: Engine = TabuEngine() if which == "tabu" else AnnealingEngine()
        searching.solve(problem, None, limits, Channel())
        problem = replace(problem, rules=None)
        deque(makespan_bound(problem, 600.0), maxlen=0)
    else:
        problem = tiny_problem(which == "rules")
        AnnealingEngine().solve(problem, None, limits, Channel())
    trivial_bound(problem)
    _done.add(which)


def missing(which: Sequence[Kind]) -> tuple[Kind, ...]:
    """Those kinds whose kernels are neither compiled here nor on disk."""
    return tuple(kind for kind in which if kind not in _done and not _compiled(kind))


def _compiled(which: Kind) -> bool:
    """Whether numba has the search kernel, which is compiled last, here or on disk."""
    kernel, name, _ = KERNELS[which]
    if not hasattr(kernel, "signatures") or kernel.signatures:  # plain Python where numba is told not to compile
        return True
    folder = _folder(kernel)
    return folder is not None and any(folder.glob(f"{name}*.nbi"))


def _folder(kernel: Any) -> Path | None:
    """Where numba keeps the compiled code of a kernel."""
    folder = getattr(getattr(kernel, "_cache", None), "_cache_path", None)
    return None if folder is None else Path(folder)


@contextlib.contextmanager
def alone(which: Kind) -> Iterator[None]:
    """Waits until no other process compiles this kind."""
    folder = _folder(KERNELS[which][0])
    try:
        import fcntl
    except ImportError:  # not on Windows, where two processes may do the same work twice
        yield
        return
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"compiling-{which}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(which: Sequence[Kind]) -> None:
    """Compiles kinds of kernels into the cache."""
    for kind in which:
        with alone(kind):
            compile_kernels(lambda _: None, kind)


if __name__ == "__main__":
    main([kind for kind in KERNELS if kind in sys.argv[1:]])  # type: ignore[misc]
