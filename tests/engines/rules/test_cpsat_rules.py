"""The constraint model of problems with rules: proofs against brute force, hints, horizon, conflicts, limits."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.cpsat.rules import clocks, size
from scheduler.engines.cpsat.rules.clocks import Clock, Segment
from scheduler.engines.cpsat.rules.engine import solve_with_rules
from scheduler.engines.cpsat.rules.model import build, complete_hint
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.spans import spans
from scheduler.engines.cpsat.rules.verify import fault
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.problem import FAR, MEASURES, Problem, Solution
from scheduler.problem.rules import RUN
from tests.engines.problems import Features, column
from tests.engines.rules.mixes import KINDS, bounded, mixed
from tests.engines.small import shop
from tests.rules.problems import random_rules_problem, ruled
from tests.rules.reference import brute_force, check, measures

ONE = Limits(seconds=20.0, workers=1)


def solve(problem: Problem, start: Solution | None = None, limits: Limits = ONE) -> Result:
    return CpSatEngine().solve(problem, start, limits, Channel())


def agrees(problem: Problem, batches: bool) -> None:
    """The engine's answer holds, and no schedule of the brute force is better than a proven optimum."""
    result, horizon = solve(problem), bounded(problem)
    assert not [e for e in result.trace if "dropped" in e.source]
    best = brute_force(problem, horizon)
    if best is None:
        assert result.status != "optimal" or int(result.solution.end.max(initial=0)) > horizon  # type: ignore[union-attr]
        return
    assert result.solution is not None
    assert result.objective is not None
    assert check(problem, result.solution) == []
    values = dict(zip(MEASURES, measures(problem, result.solution)))
    assert result.objective == tuple(values[level] for level in problem.levels)
    assert result.bound is None or result.bound <= best[0][0]
    if result.status == "optimal":
        assert result.objective <= best[0]
        # the brute force lets only the first operation of a batch lead it
        late = int(result.solution.end.max(initial=0)) > horizon
        assert batches or late or result.objective == best[0]


@pytest.mark.parametrize("seed", [3, 14])
@pytest.mark.parametrize("kind", KINDS)
def test_a_proven_optimum_is_that_of_the_brute_force(kind: str, seed: int) -> None:
    agrees(mixed(seed, (kind,), operations=2), kind == "batches")


@pytest.mark.parametrize("seed", range(12, 34))
def test_mixtures_agree_with_the_brute_force(seed: int) -> None:
    problem = mixed(seed, operations=2)
    assert problem.rules is not None
    agrees(problem, bool((problem.rules.batch_class >= 0).any()))


@pytest.mark.parametrize("seed", range(20))
def test_every_schedule_that_holds_is_a_complete_hint(seed: int) -> None:
    problem = random_rules_problem(seed, Features(operations=8, jobs=3))
    start = DispatchEngine().solve(problem, None, Limits(seconds=2.0, workers=1), Channel()).solution
    given = Shop(problem)
    if start is None or fault(given, start):
        return
    span = spans(given, given.caps())
    draft = build(given, span, given.caps(), problem.levels[0], start)
    if span.exact and not draft.restricted and int(start.end.max()) <= min(span.latest):
        assert complete_hint(draft, 10.0)
        assert len(draft.cp.proto.solution_hint.vars) == len(draft.cp.proto.variables)


@pytest.mark.parametrize("seed", range(12))
def test_a_start_does_not_change_what_is_proved(seed: int) -> None:
    problem = random_rules_problem(100 + seed, Features(operations=6, jobs=3, deadlines=True, budgets=True))
    start = DispatchEngine().solve(problem, None, Limits(seconds=2.0, workers=1), Channel()).solution
    cold, warm = solve(problem), solve(problem, start)
    if "optimal" in {cold.status} & {warm.status}:
        assert cold.objective == warm.objective
    assert cold.status != "infeasible" or warm.solution is None


@pytest.mark.parametrize("seed", range(15))
def test_the_verifier_agrees_with_the_checker(seed: int) -> None:
    problem = random_rules_problem(200 + seed, Features(operations=7, jobs=3))
    start = DispatchEngine().solve(problem, None, Limits(seconds=2.0, workers=1), Channel()).solution
    if start is None:
        return
    given, luck = Shop(problem), random.Random(seed)
    for _ in range(15):
        bad = disturbed(start, problem, luck)
        assert bool(fault(given, bad)) == bool(check(problem, bad))


def disturbed(s: Solution, problem: Problem, luck: random.Random) -> Solution:
    """A schedule with something of one operation moved."""
    assert s.extra is not None
    o, by = luck.choice([o for o in range(problem.operations) if s.mode[o] >= 0] or [0]), luck.choice((-2, -1, 1, 3))
    x, column_of = s.extra, {"start": s.start, "end": s.end}
    extra = {"prepare_start": x.prepare_start, "prepare_end": x.prepare_end, "leave": x.leave}
    names = luck.choice((("start", "end", *extra), ("leave",), ("prepare_start",), ("prepare_start", "prepare_end")))
    moved: dict[str, Any] = {}
    for name in names:
        moved[name] = {**column_of, **extra}[name].copy()
        moved[name][o] = max(0, int(moved[name][o]) + by)
    overtime = x.overtime.copy()
    if len(overtime) and luck.random() < 0.3:
        overtime[luck.randrange(len(overtime))] ^= True
    return replace(s, **{k: v for k, v in moved.items() if k in column_of}, extra=replace(
        x, overtime=overtime, **{k: v for k, v in moved.items() if k in extra}))


@pytest.mark.parametrize("seed", range(30))
def test_ends_of_work_are_those_of_a_walk_over_ticks(seed: int) -> None:
    luck, t, row = random.Random(seed), 0, list[Segment]()
    for _ in range(luck.randint(1, 5)):
        closed, length = luck.randint(0, 2), luck.randint(1, 5)
        if closed:
            row.append(Segment(t, t + closed, 0))
        row.append(Segment(t + closed, t + closed + length, luck.randint(1, 3), (0,) if luck.random() < 0.3 else ()))
        t = row[-1].end
    amount, pausing = luck.randint(1, 9), luck.random() < 0.5
    found = Clock(row).after(amount, 0, t, pausing=pausing)
    for bought in (False, True):
        for start in range(t):
            ends = {group.end(start) for group, ranges in found.items()
                    if all(on == bought for _, on in group.pattern) and any(a <= start <= b for a, b in ranges)}
            assert ends == walk(row, amount, start, pausing, bought)


def walk(row: list[Segment], amount: int, start: int, pausing: bool, bought: bool) -> set[int]:
    rate = {t: s.rate if bought or not s.ids else 0 for s in row for t in range(s.start, s.end)}
    done, t = 0, start
    while done < amount:
        if t not in rate or (not rate[t] and (t == start or not pausing)):
            return set()
        done += rate[t]
        t += 1
    return {t}


def test_overtime_is_bought_only_where_it_pays() -> None:
    def late(rate: int) -> Problem:
        return ruled(
            shop([[[(0, 6)]]], ((0, 4), (4, 6), (10, int(FAR))), levels=("money",), due=column([6]),
                 late_rate=column([rate]), weights=column([1] * 9)),
            mode_pause=[True], overtime_first=[0, 0, 1, 1], overtime_id=[0], overtime_cost=[5_000_000])

    cheap, dear = solve(late(500_000)), solve(late(1_000_000))
    # without it the work ends at 12, six ticks late
    assert (cheap.status, cheap.objective) == ("optimal", (3,))
    assert (dear.status, dear.objective) == ("optimal", (5,))


def test_what_cannot_be_finished_in_time_is_refused() -> None:
    jobs = [[[(0, 3)]], [[(0, 3)]]]
    base = shop(jobs, levels=("money",), deadline=column([3, 3]), weights=column([1] * 9))
    assert solve(ruled(base)).status == "infeasible"
    result = solve(ruled(base, refuse_cost=[9_000_000, 7_000_000]))
    assert result.solution is not None
    assert result.solution.extra is not None
    assert (result.status, result.objective) == ("optimal", (7,))
    assert result.solution.extra.refused.tolist() == [False, True]


def test_deadlines_that_cannot_hold_together_are_named() -> None:
    base = shop([[[(0, 3)]], [[(1, 3)]], [[(2, 3)]]], deadline=column([4, 4, 9]))
    crew = {"pool_first": [0, 1], "pool_time": [0], "pool_capacity": [1], "need_first": [0, 1, 2, 3],
            "need_pool": [0] * 3, "need_quantity": [1] * 3, "need_phase": [RUN] * 3}
    result = solve(ruled(base, **crew))
    assert result.status == "infeasible"
    assert result.conflict is not None
    assert result.conflict.jobs == (0, 1)
    assert solve(ruled(replace(base, deadline=column([4, 6, 9])), **crew)).status == "optimal"


def test_nothing_is_claimed_where_the_calendar_is_not_described() -> None:
    base = shop([[[(0, 3)], [(1, 3)]]], ((0, 8),), levels=("money",), hold_rate=column([1_000_000]),
                weights=column([1] * 9))
    found = solve(ruled(base))
    assert (found.status, found.objective, found.bound, found.bound_source) == ("feasible", (6,), 0, "cheapest modes")
    # no schedule of that makespan needs what comes later
    assert solve(ruled(replace(base, levels=("makespan",)))).status == "optimal"


def test_nothing_is_claimed_where_something_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = [(2 * i, 2 * i + 2) for i in range(6)] + [(12, int(FAR))]
    problem = ruled(shop([[[(0, 11)]]], windows), mode_pause=[True], overtime_cost=[0] * 6,
                    overtime_first=[0, *range(1, 7), 6], overtime_id=list(range(6)))
    assert (solve(problem).status, solve(problem).objective) == ("optimal", (11,))
    monkeypatch.setattr(clocks, "MOST", 1)
    assert solve_with_rules(problem, None, ONE, Channel()).status in {"feasible", "not_found"}


def test_a_model_too_large_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ruled(shop([[[(0, 3)]]]))
    monkeypatch.setattr(size, "MOST", 1)
    result = solve(problem)
    assert (result.status, result.solution) == ("not_found", None)
    assert "no model" in result.bound_source


def test_never_worse_than_the_start_and_heard_when_stopped() -> None:
    problem = ruled(shop([[[(0, 3)]], [[(0, 2)]]]))
    start = DispatchEngine().solve(problem, None, ONE, Channel()).solution
    stop = threading.Event()
    stop.set()
    result = CpSatEngine().solve(problem, start, ONE, Channel(stop=stop))
    assert (result.status, result.solution) == ("feasible", start)


def test_levels_are_kept_in_order() -> None:
    jobs, cost = [[[(0, 4), (1, 2)]], [[(0, 4), (1, 2)]]], column([0, 9_000_000, 0, 9_000_000])
    base = shop(jobs, mode_cost=cost, weights=column([1] * 9))
    assert solve(ruled(replace(base, levels=("makespan", "money")))).objective == (4, 9)
    assert solve(ruled(replace(base, levels=("money", "makespan")))).objective == (0, 8)


def test_neutral_rules_change_nothing() -> None:
    base = shop([[[(0, 3), (1, 4)], [(1, 2)]], [[(1, 4)], [(0, 2)]]], levels=("money", "makespan"),
                due=column([4, 5]), late_rate=column([700_000, 900_000]), weights=column([1] * 9))
    plain, with_rules = solve(base), solve(ruled(base))
    assert (with_rules.status, with_rules.objective) == (plain.status, plain.objective)


def test_refused_orders_count_nothing() -> None:
    base = shop([[[(0, 3)]]], levels=("money", "makespan", "lead_time"), job_release=column([0]),
                mode_cost=column([9_000_000]), weights=column([1] * 9))
    result = solve(ruled(base, refuse_cost=[4_000_000]))
    assert (result.status, result.objective) == ("optimal", (4, 0, 0))
    assert result.solution is not None
    assert np.array_equal(result.solution.mode, [-1])
