"""Tabu search: its graph stays what the sequences say, it is exact on tiny problems, repeats, and knows its limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.engines import tabu
from scheduler.engines.contract import Channel, Limits
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.tabu import TabuEngine, TabuSearch, suits
from scheduler.engines.tabu_elite import SIZE, Elite, kept_of, put_back, relink
from scheduler.engines.tabu_graph import MOST, between, longest, rebuild
from scheduler.engines.tabu_kernel import search
from scheduler.errors import InputError
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import Problem, Solution
from tests.engines.problems import Features, seeded
from tests.engines.small import ft06
from tests.reference import check

PLAIN = Features(jobs=4, operations=12, transport=False, setups=False, calendars=False, holding=False,
                 levels=(("makespan",),))
SETUPS = replace(PLAIN, setups=True, operations=9)


def problems(count: int) -> list[Problem]:
    """Half of them with reconfigurations."""
    found: list[Problem] = []
    seed = 0
    while len(found) < count:
        problem = seeded(seed, SETUPS if len(found) % 2 else PLAIN)
        seed += 1
        if suits(problem):
            found.append(problem)
    return found


def order_holds(run: TabuSearch) -> bool:
    """The order is topological, and heads and tails are the longest ways."""
    s, net = run.tour, run.net
    for o in range(len(s.mode)):
        before = net.pred[net.pred_first[o]: net.pred_first[o + 1]].tolist()
        before += [int(s.before[o])] if s.before[o] >= 0 else []
        if any(s.rank[p] >= s.rank[o] for p in before):
            return False
        first = between(net, s.mode[before[-1]] if s.before[o] >= 0 else -1, s.mode[o])
        free = first + (int(s.head[before[-1]]) if s.before[o] >= 0 else 0)
        if s.head[o] != max([int(net.release[o]), free, *(int(s.head[p]) for p in before)]) + s.duration[o]:
            return False
    return True


@pytest.mark.parametrize("number", range(12))
def test_moves_keep_the_graph_whole(number: int) -> None:
    run = TabuSearch(problems(12)[number], seed=number)
    list(run.start(lambda: 0.0, 1.0, 3))
    for keep in (1, 5):
        run.tour.counts[1] = MOST
        search(run.net, run.tour, 300, 0, 8, 2, keep)
        assert order_holds(run)
        makespan, tails = longest(run.net, run.tour), run.tour.tail.copy()
        assert rebuild(run.net, run.tour) == makespan
        assert (tails == run.tour.tail).all()


def pairs(run: TabuSearch) -> set[tuple[int, int]]:
    """(before, behind) on one resource, of all operations."""
    s, found = run.tour, set()
    for r, size in enumerate(s.length.tolist()):
        row = s.seq[run.net.room[r]: run.net.room[r] + size].tolist()
        found |= {(a, b) for i, a in enumerate(row) for b in row[i + 1:]}
    return found


@pytest.mark.parametrize("number", range(12))
def test_relinking_keeps_what_two_schedules_have_in_common(number: int) -> None:
    run = TabuSearch(problems(12)[number], seed=number)
    list(run.start(lambda: 0.0, 1.0, 3))
    a = kept_of(run.tour, int(longest(run.net, run.tour)))
    before = pairs(run)
    run.tour.counts[1] = MOST
    search(run.net, run.tour, 50, 0, 8, 2, 1)
    b = kept_of(run.tour, int(longest(run.net, run.tour)))
    behind = pairs(run)
    relink(run.net, run.tour, a, b, run.random)
    assert order_holds(run)
    assert rebuild(run.net, run.tour) >= 0
    assert ((run.tour.mode == a.mode) | (run.tour.mode == b.mode)).all()
    resource = run.net.mode_resource[run.tour.mode]
    assert all((x, y) in pairs(run) for x, y in before & behind if resource[x] == resource[y])


def test_the_elite_keeps_unlike_schedules_and_gives_up_the_worst() -> None:
    run = TabuSearch(problems(2)[0], seed=1)
    list(run.start(lambda: 0.0, 1.0, 3))
    kept, elite = kept_of(run.tour, 100), Elite()
    unlike = [replace(kept, makespan=100 + i, seq=kept.seq + i) for i in range(SIZE)]
    for member in unlike[:-1]:
        elite.admit(member)
    assert elite.pair(run.random) is None
    elite.admit(replace(unlike[0], makespan=101))
    assert [m.makespan for m in elite.members] == [100, 101, 102, 103], "a worse one like another is not taken"
    elite.admit(unlike[-1])
    assert elite.pair(run.random) is not None
    elite.admit(replace(kept, makespan=99, seq=kept.seq - 1))
    assert sorted(m.makespan for m in elite.members) == [99, 100, 101, 102, 103]
    put_back(run.net, run.tour, kept)
    assert order_holds(run)


def test_the_best_of_a_run_is_polished_as_long_as_that_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ft06()
    exact = CpSatEngine().solve(problem, None, Limits(60.0, workers=1), Channel()).solution
    assert exact is not None
    asked: list[Solution] = []

    def polish(solution: Solution) -> Solution | None:
        asked.append(solution)
        return exact if len(asked) == 2 else None

    monkeypatch.setattr(tabu, "FIRST_PATIENCE", 10)
    monkeypatch.setattr(tabu, "PATIENCE", 10)
    monkeypatch.setattr(tabu, "NEARLY", 2.0)
    run = TabuSearch(problem, 1, polish)
    list(run.start(lambda: 0.0, 1.0, 3))
    for _ in range(2000):
        run.step(0, 20)
    assert all(check(problem, solution) == [] for solution in asked)
    assert len(asked) == tabu.TRUST + tabu.GAINED + 1
    assert run.best is not None
    assert run.best.makespan == 55


@pytest.mark.parametrize("number", range(12))
def test_it_finds_the_optimum_of_tiny_problems(number: int) -> None:
    problem = problems(12)[number]
    exact = CpSatEngine().solve(problem, None, Limits(20.0, workers=1), Channel())
    assert exact.status == "optimal"
    found = TabuEngine().solve(problem, None, Limits(5.0, deterministic=0.05), Channel())
    assert found.objective is not None
    assert exact.objective is not None
    # with reconfigurations moves of critical operations alone do not lead everywhere
    assert exact.objective <= found.objective
    assert found.objective == exact.objective or problem.setup_time.any()
    assert found.solution is not None
    assert evaluate(problem, found.solution)[1] == found.objective[0]


def test_the_same_seed_and_work_repeat() -> None:
    problem = problems(3)[2]
    results = [TabuEngine().solve(problem, None, Limits(30.0, deterministic=0.01, seed=7), Channel()) for _ in range(2)]
    assert results[0].solution is not None
    assert results[1].solution is not None
    assert (results[0].solution.start == results[1].solution.start).all()


def test_it_begins_with_what_it_is_given() -> None:
    problem = problems(5)[4]
    start = CpSatEngine().solve(problem, None, Limits(20.0, workers=1), Channel()).solution
    assert start is not None
    found = TabuEngine().solve(problem, start, Limits(5.0, deterministic=0.001), Channel())
    assert found.objective == (int(np.max(start.end)),)


def test_it_refuses_what_it_does_not_know() -> None:
    problem = next(p for seed in range(50) if (p := seeded(seed, Features())) and not suits(p))
    with pytest.raises(InputError, match="knows only the makespan"):
        TabuEngine().solve(problem, None, Limits(1.0), Channel())
