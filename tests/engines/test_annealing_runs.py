"""Several runs of annealing: they begin between good states, keep what these have in common, and repeat."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.engines import annealing
from scheduler.engines.annealing import AnnealingEngine, Search
from scheduler.engines.annealing_elite import SIZE, Elite
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.dispatch import DispatchEngine
from scheduler.engines.midway import Point, midway, positions
from scheduler.problem.evaluate import evaluate, levels_of
from scheduler.problem.problem import Problem, Solution
from tests.engines.problems import Features, seeded


def begun(seed: int) -> tuple[Problem, Solution]:
    """The next problem from that seed on that has several operations, and a schedule of it."""
    while True:
        problem = seeded(seed, Features(jobs=6, operations=18))
        start, _ = DispatchEngine().construct(problem, Limits(5.0), Channel())
        if start is not None and problem.operations > 4:
            return problem, start
        seed += 100


def test_midway_keeps_common_order_and_modes() -> None:
    luck = np.random.default_rng(1)
    a = Point(np.array([0, 2, 4, 6]), np.array([0, 1, 2, 3]), np.arange(4))
    b = Point(np.array([1, 2, 4, 7]), np.array([5, 9, 4, 9]), np.array([1, 2, 0, 3]))
    for _ in range(20):
        mode, order = midway(a, b, luck)
        assert set(mode[[1, 2]].tolist()) == {2, 4}
        at = np.argsort(order)
        assert at[0] < at[1], "0 is before 1 in both"
        assert at[1] < at[3], "1 and 3 begin together in b, where the rank decides"
    by_resource, place = positions(np.array([1, 0, 1, 0]), np.array([3, 2, 1, 0]), 2)
    assert by_resource.tolist() == [3, 1, 2, 0]
    assert place.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("seed", range(8))
def test_a_child_of_the_elite_is_a_schedule(seed: int) -> None:
    problem, start = begun(seed)
    search, elite = Search(problem, start, seed), Elite()
    luck = np.random.default_rng(seed)
    assert elite.child(problem, luck) is None
    for number in range(SIZE + 2):
        search.begin(start.mode, start.rank)
        search.step(1.0, 200, Channel(), timed_chunks=False)
        elite.admit(search.now + number * 1e-6, search.state)
    values = [value for value, _ in elite.members]
    assert values == sorted(values)
    assert len(values) <= SIZE
    child = elite.child(problem, luck)
    assert child is not None
    search.begin(*child)  # raises where sequences and precedence make a circle
    assert search.best_value == search.now


@pytest.mark.parametrize("seed", range(4))
def test_runs_repeat_and_never_lose_the_best(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, start = begun(seed)
    monkeypatch.setattr(annealing, "ROUND", 50)
    monkeypatch.setattr(annealing, "ROUNDS", {})
    monkeypatch.setattr(annealing, "CHUNK", 300)
    begins: list[float] = []
    own = Search.begin

    def begin(self: Search, mode: np.ndarray, position: np.ndarray) -> None:
        own(self, mode, position)
        begins.append(self.now)

    monkeypatch.setattr(Search, "begin", begin)
    limits = Limits(60.0, deterministic=0.1, seed=seed)
    found = [AnnealingEngine().solve(problem, start, limits, Channel()) for _ in range(2)]
    assert len(begins) >= 2 * annealing.FEWEST
    assert found[0].objective == found[1].objective
    assert found[0].solution is not None
    assert found[0].objective == levels_of(problem, evaluate(problem, found[0].solution))
    assert found[0].objective <= levels_of(problem, evaluate(problem, start))
