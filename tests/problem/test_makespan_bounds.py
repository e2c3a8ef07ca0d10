"""Bounds of the makespan against optima: exhausted, proved by CP-SAT, and known shops."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from pybind11_abseil.status import Status, StatusCode, StatusNotOk

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem import makespan_prices
from scheduler.problem.bounds import heads, trivial_bound
from scheduler.problem.linear_program import Cuts, Program, priced
from scheduler.problem.makespan_bounds import linear_bound, makespan_bound
from scheduler.problem.makespan_climb import Climb
from scheduler.problem.makespan_cuts import least_setups
from scheduler.problem.makespan_prices import load_prices
from scheduler.problem.makespan_windows import UNLIMITED, Windows
from scheduler.problem.problem import Problem
from tests.engines.problems import Features, column, seeded
from tests.engines.small import FT06, shop
from tests.reference import brute_force

MAKESPAN = (("makespan",),)


def proved(problem: Problem) -> int | None:
    """The optimum where CP-SAT proves one in a moment."""
    channel = Channel()
    start = DispatchEngine().construct(problem, Limits(seconds=1), channel)[0]
    result = CpSatEngine().solve(problem, start, Limits(seconds=20, workers=1), channel)
    return result.objective[0] if result.status == "optimal" and result.objective else None


def flexible(seed: int) -> Problem:
    """A random flexible job shop: 3 to 6 jobs, 2 to 5 resources, durations that depend on the resource or not."""
    draw = random.Random(seed)
    resources, high = draw.randint(2, 5), draw.choice((3, 10, 30))
    jobs = []
    for _ in range(draw.randint(3, 6)):
        job = []
        for _ in range(draw.randint(1, 4)):
            base = draw.randint(0, high)
            on = draw.sample(range(resources), draw.randint(1, draw.choice((1, 2, resources))))
            job.append([(r, draw.randint(0, high) if seed % 2 else base) for r in on])
        jobs.append(job)
    jobs[0][0].append((resources - 1, high))
    problem = shop(jobs, levels=("makespan",))
    if seed % 3:
        return problem
    release = column([draw.randint(0, high) for _ in range(problem.operations)])
    return replace(problem, release=release)


@pytest.mark.parametrize("block", range(8))
def test_never_beyond_the_optimum_of_all_schedules(block: int) -> None:
    reached = 0
    for seed in range(block * 40, block * 40 + 40):
        problem = seeded(seed, Features(operations=5, levels=MAKESPAN, fixed=seed % 4 == 0))
        found = brute_force(problem)
        if found is None:
            continue
        bounds = list(makespan_bound(problem, 5))
        assert bounds == sorted(set(bounds)), seed
        assert bounds[-1] <= found[0][0], seed
        reached += bounds[-1] == found[0][0]
    assert reached >= 15, "it proves many of them"


@pytest.mark.parametrize("block", range(8))
def test_never_beyond_a_proved_optimum(block: int) -> None:
    sizes = {0: Features(jobs=5, operations=12, levels=MAKESPAN), 1: Features(jobs=4, operations=10, levels=MAKESPAN,
                                                                             calendars=False, transport=False)}
    for seed in range(block * 20, block * 20 + 20):
        for problem in (flexible(seed), seeded(seed, sizes[seed % 2])):
            best = proved(problem)
            if best is not None:
                bound = linear_bound(problem, 5)
                assert trivial_bound(problem, "makespan") <= bound + problem.operations, seed
                assert bound <= best, seed


def ft06() -> Problem:
    rows = [[int(x) for x in line.split()] for line in FT06.split("\n")]
    return shop([[[(r, d)] for r, d in zip(row[::2], row[1::2], strict=True)] for row in rows], levels=("makespan",))


def test_job_shop_of_one_mode_is_tightened_by_edge_finding() -> None:
    assert linear_bound(ft06(), 10) == 55, "proved without a search"


def test_load_between_thresholds_counts_over_alternatives() -> None:
    # six operations of 5 between a head of 3 and a tail of 4, on two resources
    job = [[(2, 3)], [(0, 5), (1, 5)], [(3, 4)]]
    problem = shop([job] * 6, levels=("makespan",))
    first = Climb(Windows(problem), least_setups(problem), 12, np.ones(24, dtype=bool))
    thresholds = (column([0]), column([3]), column([4]))
    windows = first.windows
    assert windows.tighten(UNLIMITED)
    cut = first.separation.cuts(*thresholds, 12)
    assert cut.constant.tolist() == [7]
    assert cut.mode.tolist() == list(range(1, 24, 4))
    assert cut.coefficient.tolist() == [5] * 6
    assert linear_bound(problem, 5) >= 3 + 24, "the last resource is always busy after the first two operations"


def test_shares_keep_durations_of_the_resource_that_is_taken() -> None:
    # the fast resource cannot take all: 10 x 2 on it or 5 each elsewhere; 2a = 5b, a + b = 10
    problem = shop([[[(0, 2), (1, 5)]]] * 10, levels=("makespan",))
    assert linear_bound(problem, 5) == 15  # 14.3 as shares, and 7 of 2 with 3 of 5 take 15


def test_programs_of_few_modes_are_widened_until_none_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [linear_bound(flexible(seed), 5) for seed in range(40)]
    monkeypatch.setattr(makespan_prices, "FEW", 0)
    monkeypatch.setattr(makespan_prices, "NEAR", 0.0)
    few = [linear_bound(flexible(seed), 5) for seed in range(40)]
    assert sum(abs(a - b) for a, b in zip(whole, few, strict=True)) <= 2


def test_prices_bound_the_load() -> None:
    problem = shop([[[(0, 2), (1, 5)]]] * 10, levels=("makespan",))
    assert load_prices(Windows(problem))[0] in (14, 15)


def test_reconfigurations_between_operations_count() -> None:
    problem = shop([[[(0, 4)]] for _ in range(3)], levels=("makespan",), states=column([3]),
                   mode_state=column([0, 1, 2]), initial_state=column([-1]),
                   setup_time=column([0, 7, 5, 6, 0, 9, 8, 7, 0]), setup_cost=column([0] * 9))
    assert least_setups(problem).tolist() == [6, 7, 5]
    found = brute_force(problem)
    assert found is not None
    assert 12 + 5 + 6 <= linear_bound(problem, 5) <= found[0][0]


def test_heads_are_those_of_calendars_and_transport() -> None:
    for seed in range(60):
        problem = seeded(seed, Features(levels=MAKESPAN))
        windows = Windows(problem)
        if not windows.tighten(UNLIMITED):
            continue
        end = np.minimum.reduceat(np.where(windows.alive, windows.head + problem.mode_duration, 1 << 60),
                                  problem.mode_first[:-1])
        assert (end >= heads(problem)).all(), seed


def test_multipliers_are_priced_exactly() -> None:
    # two modes on two resources: the least C is 6/5 of ... 3a = 2b with a + b = 1: C = 6/5
    first, alive = np.array([0, 2]), np.array([True, True])
    cuts = Cuts(column([0, 0]), column([1, 1]), column([0, 1, 2]), column([0, 1]), column([3, 2]))
    program = Program(first, alive, 1)
    program.add(cuts)
    found = program.solve(5)
    assert found is not None
    numerator, denominator, _ = priced(first, alive, cuts, found[2])
    assert abs(numerator / denominator - 1.2) < 1e-5
    # whatever the multipliers are, the value is below
    draw = np.random.default_rng(1)
    for _ in range(100):
        numerator, denominator, _ = priced(first, alive, cuts, draw.integers(1, 1000, 2))
        assert numerator * 5 <= denominator * 6


def test_a_solver_that_gives_up_only_ends_the_program() -> None:
    class GivesUp:
        def solve(self, *_: object) -> None:
            raise StatusNotOk(Status(StatusCode.INTERNAL, "ABNORMAL"))

    program = Program(np.array([0, 1]), np.array([True]), 1)
    program._solver = GivesUp()
    assert program.solve(1) is None


def test_ends_at_the_known_value_at_a_stop_and_in_time() -> None:
    problem = flexible(4)
    strongest = linear_bound(problem, 5)
    assert list(makespan_bound(problem, 5, best=strongest))[-1] == strongest
    stop = threading.Event()
    stop.set()
    assert len(list(makespan_bound(problem, 5, stop=stop))) <= 1
    opened = time.monotonic()
    assert len(list(makespan_bound(problem, 0.0))) <= 1
    assert time.monotonic() - opened < 1


def test_has_nothing_to_say_without_operations_or_with_rules() -> None:
    problem = shop([[[(0, 1)]]], levels=("makespan",))
    assert linear_bound(problem, 1) == 1
    assert list(makespan_bound(replace(problem, rules=object()), 1)) == []  # type: ignore[arg-type]
