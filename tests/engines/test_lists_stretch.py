"""Annealing on lists goes on from a saved state: what it says a plan costs is what building it anew says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.engines.contract import Channel, Limits
from scheduler.engines.dispatch import DispatchEngine
from scheduler.engines.lists_kernel import WORST
from scheduler.engines.lists_search import ListSearch
from scheduler.problem.problem import Problem
from tests.engines.problems import Features
from tests.rules.mixture import (
    Mixer,
    batches,
    branches,
    buffers,
    crews,
    facts,
    fixtures,
    refusal,
    seeded,
    speeds,
    work_in_process,
)
from tests.rules.problems import random_rules_problem


def searching(problem: Problem, seed: int, **changes: int) -> ListSearch | None:
    """A search from the dispatching schedule, with stretches of other sizes; None where there is no schedule."""
    start, _ = DispatchEngine().construct(problem, Limits(5.0), Channel())
    if start is None:
        return None
    search = ListSearch(problem, start, seed)
    search.goal = search.goal._replace(**changes)
    return search if search.now < WORST else None


def larger(seed: int, operations: int) -> Problem:
    mixer = Mixer(seeded(seed, Features(operations=operations, jobs=operations // 3, levels=(("money",),))), seed)
    for rule in (speeds, crews, batches, work_in_process, refusal, facts, branches, buffers, fixtures):
        rule(mixer)
    return mixer.finished()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 5000), span=st.sampled_from((3, 6, 1000)))
def test_a_plan_costs_what_building_it_from_the_beginning_says(seed: int, span: int) -> None:
    search = searching(random_rules_problem(seed), seed, span=span, moves=7)
    if search is None:
        return
    for _ in range(4):
        search.step(2.0, 25)
        assert search._value() == pytest.approx(search.now, rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("span", "ahead"), [(20, 0), (200, 0), (20, 15)])
def test_so_does_one_of_a_hundred_operations(seed: int, span: int, ahead: int) -> None:
    search = searching(larger(seed, 120), seed, span=span, ahead=ahead, moves=40)
    if search is None:
        return
    for _ in range(6):
        search.step(1.0, 41)
        if not ahead:
            assert search._value() == pytest.approx(search.now, rel=1e-12)
    assert search.best_value <= search.now


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("span", [20, 200])
def test_giving_up_by_the_bound_changes_no_decision(seed: int, span: int) -> None:
    """What costs more than would be accepted, whatever comes, would have been rejected in the end as well. (What is
    given up by comparison with the present plan might not have been: that is a heuristic.)"""
    problem = larger(seed, 120)
    searches = [searching(problem, seed, span=span, ahead=0, moves=40) for _ in range(2)]
    one, two = searches
    if one is None or two is None:
        return
    two.goal = two.goal._replace(rounding=np.array([1e300]))  # nothing is given up by the bound
    for _ in range(30):
        for search in (one, two):
            search.step(0.3, 7)
        assert one.now == two.now
        assert one.course.order.tolist() == two.course.order.tolist()
        assert one.serial.state.refused.tolist() == two.serial.state.refused.tolist()
    assert one.best_value == two.best_value
