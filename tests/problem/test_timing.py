"""The timing kernel against slow readings of the same rules."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.engines.dispatch import dispatch, tails
from scheduler.problem.bounds import heads, trivial_bound
from scheduler.problem.evaluate import deliveries, evaluate, timed
from scheduler.problem.problem import FAR, MEASURES, Problem, Solution
from scheduler.problem.timing import arrays, latest_place, place, work_at
from tests.engines.problems import problems
from tests.engines.small import shop
from tests.reference import check, reference_measures


def with_windows(windows: list[tuple[int, int]]) -> Problem:
    """A shop of one resource with these windows."""
    made = shop([[[(0, 1)]]])
    start = np.array([a for a, _ in windows], dtype=np.int64)
    end = np.array([b for _, b in windows], dtype=np.int64)
    work = np.concatenate(([0], np.cumsum(end - start)[:-1])).astype(np.int64)
    fields = {**made.__dict__, "window_first": np.array([0, len(start)], dtype=np.int64), "window_start": start,
              "window_end": end, "window_work": work}
    return Problem(**fields)


@st.composite
def calendars(draw: st.DrawFn) -> list[tuple[int, int]]:
    gaps = draw(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), min_size=1, max_size=5))
    found, t = [], draw(st.integers(0, 4)) - 1
    for gap, size in gaps:
        found.append((t + gap, t + gap + size))
        t += gap + size
    return found


def open_ticks(windows: list[tuple[int, int]]) -> list[int]:
    return [t for a, b in windows for t in range(a, b)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(calendars(), st.integers(0, 60), st.integers(0, 45), st.integers(1, 9))
def test_place_is_the_first_start_that_fits(windows: list[tuple[int, int]], ready: int, work: int, size: int) -> None:
    k = arrays(with_windows(windows))
    ticks = open_ticks(windows)
    fits = [t for t in range(ready, 80) if any(a <= t and t + size <= b for a, b in windows)
            and sum(x < t for x in ticks) >= work]
    start, at = place(k, 0, ready, work, size)
    assert start == (fits[0] if fits else FAR)
    if fits:
        assert at == sum(x < start for x in ticks) == work_at(k, 0, start)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(calendars(), st.integers(0, 60), st.integers(0, 45))
def test_an_operation_without_duration_may_stand_at_the_end_of_a_window(windows: list[tuple[int, int]], ready: int,
                                                                       work: int) -> None:
    k = arrays(with_windows(windows))
    ticks = open_ticks(windows)
    fits = [t for t in range(ready, 80) if any(a <= t <= b for a, b in windows) and sum(x < t for x in ticks) >= work]
    assert place(k, 0, ready, work, 0)[0] == (fits[0] if fits else FAR)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(calendars(), st.integers(1, 60), st.integers(0, 45), st.integers(1, 9))
def test_latest_place_is_the_last_start_that_fits(windows: list[tuple[int, int]], limit: int, work: int,
                                                  size: int) -> None:
    k = arrays(with_windows(windows))
    ticks = open_ticks(windows)
    fits = [t for t in range(80) if any(a <= t and t + size <= b for a, b in windows) and t + size <= limit
            and sum(x < t + size for x in ticks) <= work]
    assert latest_place(k, 0, limit, work, size) == (fits[-1] if fits else -1)


def sequenced(problem: Problem) -> Solution | None:
    return dispatch(problem, arrays(problem), tails(problem), 0, 1.0, 1.0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_timed_keeps_the_rules_and_never_costs_more_for_holding(problem: Problem) -> None:
    found = sequenced(problem)
    if found is None:
        return
    hard = ("deadline", "budget")
    assert [fault for fault in check(problem, found) if not any(word in fault for word in hard)] == []
    assert evaluate(problem, found) == reference_measures(problem, found)
    early = timed(Problem(**{**problem.__dict__, "hold_rate": problem.hold_rate * 0}), found.mode, found.rank)
    assert early is not None
    assert evaluate(problem, found)[0] <= evaluate(problem, early)[0]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_bounds_hold_for_every_schedule_of_the_rules(problem: Problem) -> None:
    found = sequenced(problem)
    if found is None:
        return
    measures = evaluate(problem, found)
    for i, measure in enumerate(MEASURES):
        assert trivial_bound(problem, measure) <= measures[i], measure
    assert (heads(problem) <= found.end).all()


def test_holding_delays_the_first_operation_until_it_is_needed() -> None:
    """Order 0: 2 on resource 0, then 3 on resource 1, which order 1 holds until 10."""
    problem = shop([[[(0, 2)], [(1, 3)]], [[(1, 10)]]])
    fields = {**problem.__dict__, "hold_rate": np.array([1_000_000, 0], dtype=np.int64),
              "due": np.array([13, 10], dtype=np.int64), "late_rate": np.array([9_000_000, 9_000_000], dtype=np.int64),
              "levels": ("money",)}
    problem = Problem(**fields)
    found = timed(problem, np.array([0, 1, 2]), np.array([0, 1, 0]))
    assert found is not None
    assert found.start.tolist() == [8, 10, 0]
    assert deliveries(problem, found.start, found.end)[1].tolist() == [13, 10]


def test_sequences_against_the_precedence_have_no_timing() -> None:
    problem = shop([[[(0, 2)], [(0, 3)]]])
    assert timed(problem, np.array([0, 1]), np.array([1, 0])) is None
