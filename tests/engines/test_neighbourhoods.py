"""Neighbourhood search with CP-SAT: what is kept stays, what is found holds, and it repeats."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.cpsat.budget import Effort
from scheduler.engines.cpsat.engine import NeighbourhoodEngine
from scheduler.engines.cpsat.facts import Facts
from scheduler.engines.cpsat.improve import loosened, rows
from scheduler.engines.cpsat.model import SEARCHED, build
from scheduler.engines.cpsat.neighbourhoods import KINDS, ORDERS, Chooser
from scheduler.engines.cpsat.search import run
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.evaluate import evaluate
from scheduler.problem.problem import MEASURES, Problem, Solution
from tests.engines.problems import Features, problems, seeded
from tests.engines.small import ft06
from tests.engines.test_semantics import suite
from tests.reference import check, simple


def dispatched(problem: Problem) -> Solution:
    found = DispatchEngine().solve(problem, None, Limits(5.0), Channel()).solution
    assert found is not None
    return found


@suite
@given(problem=problems(Features(operations=8, jobs=4)), seed=st.integers(0, 1000))
def test_what_is_kept_stays_and_the_schedule_itself_is_still_possible(problem: Problem, seed: int) -> None:
    now = simple(problem)
    if now is None or check(problem, now) or not problem.operations:
        return
    free = np.random.default_rng(seed).random(problem.operations) < 0.4
    kept = rows(problem, now, ~free)
    facts = Facts(loosened(problem, now, free, kept))
    facts.keep([[int(now.mode[o]) for o in row] for row in kept])
    caps, i = facts.caps(), MEASURES.index(problem.levels[0])
    caps[i] = min(caps[i], evaluate(problem, now)[i])
    span = spans(facts, caps, facts.money_counts(), int(now.end.max()) + 1)
    draft = build(facts, span, caps, problem.levels[0], now, families=SEARCHED)
    found: list[Solution] = []
    outcome = run(draft, Effort(20.0, None, 0.0, 1, 1, brief=True), lambda: False, found.append, lambda _: None)
    assert outcome.status == "optimal"
    best = found[-1]
    assert check(problem, best) == []
    assert evaluate(problem, best)[i] <= evaluate(problem, now)[i]
    assert (best.mode == now.mode)[~free].all()
    for row in kept:
        assert all(best.rank[a] < best.rank[b] for a, b in itertools.pairwise(row))


def test_it_finds_the_optimum_of_a_small_shop() -> None:
    result = NeighbourhoodEngine().solve(ft06(), dispatched(ft06()), Limits(60.0, deterministic=2.0), Channel())
    assert result.solution is not None
    assert (result.status, result.objective) == ("feasible", (55,))
    assert check(ft06(), result.solution) == []
    assert {e.source for e in result.trace if e.objective is not None} == {"start", "neighbourhoods"}


def test_it_repeats_and_is_never_worse_than_its_start() -> None:
    problem = ft06(levels=("lead_time", "makespan"))
    start, limits = dispatched(problem), Limits(120.0, deterministic=0.4, seed=3)
    one, two = (NeighbourhoodEngine().solve(problem, start, limits, Channel()) for _ in range(2))
    assert one.solution is not None
    assert two.solution is not None
    assert one.objective is not None
    before = evaluate(problem, start)
    assert one.objective < (before[3], before[1])
    assert (one.solution.start == two.solution.start).all()
    assert [e.objective for e in one.trace] == [e.objective for e in two.trace]


def test_without_a_schedule_to_begin_with_there_is_none() -> None:
    assert NeighbourhoodEngine().solve(ft06(), None, Limits(20.0), Channel()).status == "not_found"


@pytest.mark.parametrize("level", MEASURES)
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_orders_all_operations(name: str, level: str) -> None:
    for problem in (ft06(levels=(level,)), seeded(3)):
        now = dispatched(problem)
        distance = ORDERS[name](problem, now, np.random.default_rng(1))
        assert distance.shape == (problem.operations,)
        assert np.isfinite(distance).all()


def test_sizes_follow_the_work_and_weights_the_gains() -> None:
    chooser = Chooser(ft06(), np.random.default_rng(1))
    name, free = chooser.choose(dispatched(ft06()))
    kind = chooser.kinds[name]
    assert free.sum() == min(ft06().operations, round(kind.size))
    size, weight = kind.size, kind.weight
    chooser.learn(name, gained=False, used=0.1)
    assert kind.size > size
    assert kind.weight < weight
    size, weight = kind.size, kind.weight
    chooser.learn(name, gained=False, used=1.0)
    assert kind.size < size
    chooser.learn(name, gained=True, used=1.0)
    assert kind.weight > weight * 0.85
