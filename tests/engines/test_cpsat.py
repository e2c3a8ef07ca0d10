"""The CP-SAT engine: proofs, hints, horizon, conflicts, limits."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from ortools.sat.python import cp_model

from scheduler.engines.contract import Channel, Event, Limits, Result
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.cpsat.facts import Facts
from scheduler.engines.cpsat.model import build
from scheduler.engines.cpsat.size import MOST, model_size, too_large
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.problem import FAR, MEASURES, Problem, Solution
from tests.engines.problems import Features, column, problems
from tests.engines.small import ft06, shop, states
from tests.engines.test_semantics import suite
from tests.reference import check, reference_measures, simple

ONE = Limits(seconds=20.0, workers=1)


def solve(
    problem: Problem, start: Solution | None = None, limits: Limits = ONE, channel: Channel | None = None
) -> Result:
    return CpSatEngine().solve(problem, start, limits, channel or Channel())


def budgets(**limit: int) -> np.ndarray:
    return column([limit.get(name, int(FAR)) for name in MEASURES])


def test_ft06_is_proved() -> None:
    result = solve(ft06())
    assert (result.status, result.objective, result.bound, result.bound_source) == ("optimal", (55,), 55, "cpsat")
    assert result.solution is not None
    assert check(ft06(), result.solution) == []


def test_flexible_shop_takes_the_faster_resource() -> None:
    result = solve(shop([[[(0, 5), (1, 3)]], [[(0, 4), (1, 4)]]]))
    assert (result.status, result.objective) == ("optimal", (4,))


def test_reconfiguration_pauses_over_closed_time() -> None:
    problem = shop(
        [[[(0, 3)]], [[(0, 2)]]],
        windows=((0, 5), (10, 20), (30, int(FAR))),
        **states([[0, 4], [4, 0]], [0, 1], initial=0),
    )
    result = solve(problem)
    assert result.solution is not None
    # three ticks of work, two of the four ticks of reconfiguration, closed, the other two, then two of work
    assert (result.status, result.objective, result.solution.start.tolist()) == ("optimal", (14,), [0, 12])


def test_operation_waits_for_a_window_it_fits() -> None:
    result = solve(shop([[[(0, 6)]]], windows=((0, 5), (8, 12), (20, int(FAR)))))
    assert (result.status, result.objective) == ("optimal", (26,))


def test_starting_later_saves_holding() -> None:
    problem = shop(
        [[[(0, 2)], [(1, 3)]]],
        levels=("money",),
        due=column([20]),
        early=np.zeros(1, dtype=bool),
        hold_rate=column([1_000_000]),
    )
    result = solve(problem)
    assert result.solution is not None
    assert (result.status, result.objective, result.solution.start.tolist()) == ("optimal", (5,), [15, 17])


def test_levels_are_kept_in_order() -> None:
    cost = column([0, 9_000_000, 0, 9_000_000])
    jobs = [[[(0, 4), (1, 2)]], [[(0, 4), (1, 2)]]]
    assert solve(shop(jobs, levels=("makespan", "money"), mode_cost=cost)).objective == (4, 9)
    assert solve(shop(jobs, levels=("money", "makespan"), mode_cost=cost)).objective == (0, 8)


@suite
@given(problem=problems(Features(operations=8, jobs=4)))
def test_the_hint_is_complete_and_exact(problem: Problem) -> None:
    start = simple(problem)
    if start is None or check(problem, start):
        return
    measures = reference_measures(problem, start)
    for i, measure in enumerate(MEASURES):
        facts = Facts(replace(problem, levels=(measure,)))
        caps = facts.caps()
        caps[i] = measures[i]
        span = spans(facts, caps, facts.money_counts())
        draft = build(facts, span, facts.caps(), measure, start)
        if start.end.max() > span.end or any(int(start.mode[o]) not in span.live[o] for o in range(facts.n)):
            continue
        assert set(draft.cp.proto.solution_hint.vars) | {draft.always().index} == set(
            range(len(draft.cp.proto.variables))
        )
        solver = cp_model.CpSolver()
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.num_workers = 1
        assert solver.solve(draft.cp) == cp_model.OPTIMAL
        assert solver.objective_value == measures[i]


@suite
@given(problem=problems(Features(operations=7, jobs=3)))
def test_a_start_does_not_change_what_is_proved(problem: Problem) -> None:
    start = simple(problem)
    cold, warm = solve(problem), solve(problem, start)
    assert cold.status == warm.status
    assert cold.objective == warm.objective
    assert warm.bound is None or warm.objective is None or warm.bound <= warm.objective[0]


def test_never_worse_than_the_start() -> None:
    problem = ft06()
    start = DispatchEngine().solve(problem, None, ONE, Channel()).solution
    assert start is not None
    stop = Channel()
    stop.stop.set()
    result = solve(problem, start, ONE, stop)
    assert (result.status, result.solution) == ("feasible", start)
    assert result.objective == (int(start.end.max()),)


def test_a_wrong_start_is_only_a_hint() -> None:
    problem = shop([[[(0, 3)]], [[(0, 3)]]], deadline=column([3, int(FAR)]))
    wrong = Solution(column([0, 1]), column([3, 0]), column([6, 3]), column([1, 0]))
    result = solve(problem, wrong)
    assert result.solution is not None
    assert (result.status, result.solution.start.tolist()) == ("optimal", [0, 3])


def test_stop_ends_a_long_search() -> None:
    problem = shop(
        [
            [[(r, 3 + (7 * j + 3 * r + k) % 11) for k, r in enumerate((j % 5, (j + 2) % 5))] for _ in range(5)]
            for j in range(12)
            for r in [0]
        ]
    )
    channel = Channel()
    channel.listen = lambda event: channel.stop.set() if event.objective is not None else None
    timer = threading.Timer(30.0, channel.stop.set)
    timer.start()
    result = solve(problem, None, Limits(seconds=120.0, workers=1), channel)
    timer.cancel()
    assert result.status in ("feasible", "optimal")
    assert result.solution is not None


def test_target_gap_ends_the_search() -> None:
    result = solve(ft06(), limits=Limits(seconds=20.0, workers=1, target_gap=0.5))
    assert result.objective is not None
    assert result.bound is not None
    assert result.objective[0] - result.bound <= 0.5 * result.objective[0]


def test_deterministic_limit_repeats() -> None:
    jobs = [
        [[((j + i) % 4, 2 + (3 * j + i) % 7), ((j + i + 1) % 4, 3 + (5 * j + i) % 6)] for i in range(4)]
        for j in range(8)
    ]
    problem = shop(jobs, levels=("lead_time",))
    limits = Limits(seconds=120.0, deterministic=0.05, workers=2, seed=3)
    one, two = solve(problem, limits=limits), solve(problem, limits=limits)
    assert one.solution is not None
    assert two.solution is not None
    assert one.bound == two.bound
    for column_ in ("mode", "start", "end", "rank"):
        assert (getattr(one.solution, column_) == getattr(two.solution, column_)).all()


def test_conflict_names_few_deadlines() -> None:
    jobs = [[[(0, 4)]], [[(0, 4)]], [[(1, 4)]], [[(1, 1)]]]
    result = solve(shop(jobs, deadline=column([6, 7, 9, int(FAR)])))
    assert result.status == "infeasible"
    assert result.conflict is not None
    assert (result.conflict.jobs, result.conflict.budgets) == ((0, 1), ())


def test_conflict_of_a_deadline_and_a_budget() -> None:
    problem = shop(
        [[[(0, 2), (1, 8)]], [[(0, 3)]]],
        mode_cost=column([9_000_000, 1_000_000, 0]),
        deadline=column([5, 50]),
        budgets=budgets(money=8),
    )
    result = solve(problem)
    assert result.status == "infeasible"
    assert result.conflict is not None
    assert (result.conflict.jobs, result.conflict.budgets) == ((0,), ("money",))


def test_conflict_of_nothing_that_can_be_given_up() -> None:
    problem = shop(
        [[[(0, 4)]], [[(0, 4)]]], deadline=column([6, 7]), fixed_mode=column([0, 1]), fixed_start=column([0, 2])
    )
    result = solve(problem)
    assert result.status == "infeasible"
    assert result.conflict is not None
    assert (result.conflict.jobs, result.conflict.budgets) == ((), ())


def test_no_proof_where_the_calendar_ends_too_early() -> None:
    jobs = [[[(0, 4)]], [[(0, 4)]], [[(0, 4)]]]
    assert solve(shop(jobs, windows=((0, 5), (10, 15)))).status == "not_found"
    assert solve(shop(jobs, windows=((0, 5), (10, 15)), deadline=column([15, 15, 15]))).status == "infeasible"
    held = {"levels": ("money",), "hold_rate": column([1_000_000] * 3)}
    result = solve(shop(jobs, windows=((0, 5), (10, 15), (20, 25)), **held))
    assert (result.status, result.objective, result.bound_source) == ("optimal", (12,), "cheapest modes")


def test_a_model_too_large_is_not_built() -> None:
    n = 800
    problem = shop([[[(0, 1)]] for _ in range(n)], **states([[0, 1], [1, 0]], [o % 2 for o in range(n)]))
    assert model_size(problem) == n * n + 2 * n + n > MOST
    assert too_large(problem, 60.0)
    start = DispatchEngine().solve(problem, None, ONE, Channel()).solution
    result = solve(problem, start)
    assert (result.status, result.solution) == ("feasible", start)
    assert "no model" in result.bound_source
    assert solve(problem).status == "not_found"


def test_a_wrong_solution_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.engines.cpsat.engine.fault", lambda facts, solution: "made up")
    events: list[Event] = []
    result = solve(ft06(), channel=Channel(listen=events.append))
    assert (result.status, result.solution) == ("not_found", None)
    assert any("dropped, made up" in event.source for event in result.trace)


def test_incumbents_and_bounds_reach_the_channel() -> None:
    channel = Channel()
    result = solve(ft06(), channel=channel)
    assert (channel.objective, channel.bound) == (result.objective, result.bound) == ((55,), 55)
    assert channel.best is result.solution
