"""Generated factories for the money objective: the portfolio against the best dispatching rule, and against the rough
prototype where there is one.

With a prototype it is the prototype that generates the factory, and both get it; the schedules of both are checked and
priced by the same code, which belongs to neither (factory.cost_of). One thing is changed in its factory: it lets half
of all operations pause over closed time, which a plain Problem has no words for, so here none may, for either.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.factory import UNIT, Factory, cost_of, draw, problem_of
from benchmarks.record import write
from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.portfolio import engine
from scheduler.problem.evaluate import objective, timed

PROGRAM = "money_annealing"
SETTINGS: dict[str, Any] = {"T0": 100.0, "T1": 2.0, "mp": (0.5, 0.1, 0.2, 0.2, 0.2, 0.5, 20.0)}
"""Those with which the prototype was measured."""
SMALL = 100
"""Operations of the factory on which everything compiles first."""

NOTE = (
    "Each schedule is checked and priced by code that belongs to no solver (`benchmarks/factory.py`). `best rule` is "
    "the best of our dispatching rules, without a limit of time; ratios are to it. `ours` has the seconds for "
    "everything from the Problem on, its own dispatching included; the prototype has them for annealing alone. With "
    "several workers the prototype runs once for each, with a seed of its own, and the best counts. `retimed` is what "
    "its best sequences cost with our timing, which may end an operation later than it has to.")


def run(results: Path, sizes: list[int], seconds: float, workers: int, seeds: int, prototypes: str) -> None:
    """Sizes within seeds, ours and the prototype in turn; writes money.md and money.jsonl."""
    rows, raw = [], []
    with Prototype(Path(prototypes), workers) if prototypes else _Nobody() as rival:
        _ours(rival.factory(SMALL), min(seconds, 2.0), workers, 1)
        for seed in range(1, seeds + 1):
            for size in sizes:
                line = {"operations": size, "seed": seed, "seconds": seconds, "workers": workers,
                        **measure(rival.factory(size), size, seconds, workers, seed, rival)}
                raw.append(line)
                rows.append([f"{size:,}", seed, *(_cell(line, name) for name in COLUMNS)])
                print(*rows[-1], flush=True)
    write(results, "money", ("operations", "seed", *COLUMNS.values()), rows, raw, NOTE)


COLUMNS = {"rule": "best rule", "ours": "ours", "prototype": "prototype", "retimed": "retimed",
           "ahead": "ours / prototype", "bound": "bound", "first": "first schedule, s", "wall": "seconds"}


def _cell(line: dict[str, Any], name: str) -> str:
    value = line.get(name)
    if value is None:
        return "-"
    if name in ("rule", "bound"):
        return f"{value:,.0f}"
    if name in ("ours", "prototype", "retimed"):
        return f"{value:,.0f} ({value / line['rule']:.4f})"
    return f"{value:.4f}" if name == "ahead" else f"{value:.1f}"


def measure(factory: Factory, size: int, seconds: float, workers: int, seed: int, rival: Any) -> dict[str, Any]:
    """One factory through all of them."""
    problem = problem_of(factory)
    rule = engine("dispatch").solve(problem, None, Limits(seconds=3600.0, seed=seed), Channel()).solution
    assert rule is not None
    found, channel, wall = _ours(factory, seconds, workers, seed)
    assert found.solution is not None
    assert found.objective is not None
    ours = cost_of(factory, found.solution.mode, found.solution.start)
    if abs(ours - found.objective[0] / UNIT) > 0.05 * len(factory.last):
        raise AssertionError(f"we say {found.objective[0] / UNIT}, the factory pays {ours}")
    line = {"rule": cost_of(factory, rule.mode, rule.start), "ours": ours, "status": found.status,
            "bound": None if found.bound is None else found.bound / UNIT, "wall": wall,
            "first": next(e.seconds for e in channel.trace if e.objective is not None),
            "trace": [(round(e.seconds, 2), e.objective and e.objective / UNIT, e.source) for e in channel.trace]}
    for told in rival.solve(size, seconds, seed):
        cost = cost_of(factory, told["mode"], told["start"])
        if abs(cost - told["claimed"]) > 1.0:
            raise AssertionError(f"the prototype says {told['claimed']}, the factory pays {cost}")
        if cost < line.get("prototype", np.inf):
            line.update(prototype=cost, ahead=ours / cost, moves=told["moves"], rival_trace=told["trace"])
        later = timed(problem, told["mode"], told["rank"])
        assert later is not None
        line["retimed"] = min(line.get("retimed", np.inf), objective(problem, later)[0] / UNIT)
    return line


def _ours(factory: Factory, seconds: float, workers: int, seed: int) -> tuple[Result, Channel, float]:
    """The portfolio on a factory, what it told on its way, and its seconds."""
    channel, opened = Channel(), time.monotonic()
    found = engine("auto").solve(problem_of(factory), None, Limits(seconds, seed=seed, workers=workers), channel)
    return found, channel, time.monotonic() - opened


class _Nobody:
    """No prototype: the factories are our own."""

    def __enter__(self) -> _Nobody:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def factory(self, size: int) -> Factory:
        return draw(size)

    def solve(self, *_: object) -> list[dict[str, Any]]:
        return []


class Prototype:
    """The rough program in a process for each worker, compiled before it is asked. Raises SystemExit where the folder
    does not hold it."""

    def __init__(self, folder: Path, workers: int) -> None:
        if not (folder / f"{PROGRAM}.py").is_file():
            raise SystemExit(f"there is no {PROGRAM}.py in the folder of --prototypes")
        self.folder, self.workers = str(folder), workers

    def __enter__(self) -> Prototype:
        self.pool = ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn"))
        self._all(_anneal, SMALL, 1.0, [1] * self.workers)
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def factory(self, size: int) -> Factory:
        return self.pool.submit(_generated, self.folder, size).result()

    def solve(self, size: int, seconds: float, seed: int) -> list[dict[str, Any]]:
        """What each of its runs came to."""
        return self._all(_anneal, size, seconds, [1000 * seed + i for i in range(self.workers)])

    def _all(self, what: Callable[..., Any], size: int, seconds: float, seeds: list[int]) -> list[dict[str, Any]]:
        return [f.result() for f in [self.pool.submit(what, self.folder, size, seconds, seed) for seed in seeds]]


def _module(folder: str) -> Any:
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(PROGRAM)


def _generated(folder: str, size: int) -> Factory:
    """The prototype's own factory of that size, as ours."""
    it = _module(folder).gen(size)
    released = np.array(it["relo"], dtype=np.int64)
    return Factory(
        mode_first=it["ap"], mode_resource=it["ar"], mode_duration=it["ad"], mode_price=it["ac"].astype(np.int64),
        state=it["fam"], order=it["job"], release=released, pred_first=it["pp"], pred=it["pv"], last=it["jlast"],
        due=it["due"], late=it["w"], early=it["h"], setup=it["ST"], setup_price=it["SC"].astype(np.int64),
        initial=it["init"], calendar=it["cal"], span=int(it["H"]))


def _anneal(folder: str, size: int, seconds: float, seed: int) -> dict[str, Any]:
    """The prototype as its own main would run it, but with no operation that may pause."""
    module = _module(folder)
    shop = module.pack(module.gen(size))
    shop = shop._replace(pause=np.zeros(shop.n, dtype=bool))
    if size in module.BEST:
        rule, weight, patience = module.BEST[size]
        _, order, mode = module.dispatch(shop, rule, weight, patience, 0.5)
    else:
        _, order, mode = module.best_dispatch(shop)[0][:3]
    state = module.G(shop, order, mode)
    trace: list[tuple[float, float]] = []
    state.run(seconds, seed=seed, trace=trace, **SETTINGS)
    return {"mode": state.alt, "start": state.rs, "rank": state.pos, "claimed": float(state.cost),
            "moves": int(state.st[0] / seconds), "trace": trace}
