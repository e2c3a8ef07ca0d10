"""Calendars, floors and the horizon argument of the CP-SAT engine, against a reading tick by tick and brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.engines.cpsat.calendars import Calendar
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import floors
from scheduler.engines.cpsat.spans import spans
from scheduler.problem.problem import FAR, MEASURES, Problem
from tests.engines.problems import Features, column, problems
from tests.engines.small import shop
from tests.engines.test_semantics import suite
from tests.reference import brute_force, dates, reference_measures


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """One to four short windows."""
    steps = draw(st.lists(st.integers(1, 6), min_size=2, max_size=8).filter(lambda s: len(s) % 2 == 0))
    edges = [0]
    for step in steps:
        edges.append(edges[-1] + step)
    start, end = edges[1::2], edges[2::2]
    work = [0, *np.cumsum([e - s for s, e in zip(start, end)]).tolist()][:-1]
    return Calendar(start, end, work)


@suite
@given(calendar=calendars(), duration=st.integers(0, 5), tick=st.integers(0, 40))
def test_calendar_reads_like_its_ticks(calendar: Calendar, duration: int, tick: int) -> None:
    opened = [any(s <= t < e for s, e in zip(calendar.start, calendar.end)) for t in range(60)]
    starts = [t for t in range(60) if any(s <= t and t + duration <= e for s, e in zip(calendar.start, calendar.end))]
    work = [sum(opened[:t]) for t in range(60)]
    assert calendar.work(tick) == work[tick]
    assert calendar.earliest(tick, duration) == next((t for t in starts if t >= tick), None)
    assert calendar.latest(tick, duration) == next((t for t in reversed(starts) if t + duration <= tick), None)
    assert calendar.real(tick) == next((t for t in range(60) if work[t] >= tick), None)
    listed = [t for a, b in calendar.ranges(duration, tick, tick + 9) for t in range(a, b + 1)]
    assert sorted(set(listed)) == [t for t in starts if tick <= t <= tick + 9]
    assert all(b < c or duration == 0 for (_, b), (c, _) in pairwise(calendar.ranges(duration, 0, 60)))


@suite
@given(calendar=calendars(), amount=st.integers(1, 5), since=st.integers(0, 6))
def test_worst_waits_are_never_too_short(calendar: Calendar, amount: int, since: int) -> None:
    for t in range(since, 60):
        start, done = calendar.earliest(t, amount), calendar.real(calendar.work(t) + amount)
        assert start is None or start + amount - t <= calendar.longest_wait(amount, since)
        assert done is None or done - t <= calendar.longest_setup(amount, since)


@suite
@given(problem=problems(Features(operations=4, holding=False)))
def test_some_best_schedule_fits_the_horizon_and_none_is_below_the_floors(problem: Problem) -> None:
    best = brute_force(problem)
    if best is None:
        return
    facts = Facts(problem)
    measures = reference_measures(problem, best[1])
    caps = facts.caps()
    caps[MEASURES.index(problem.levels[0])] = best[0][0]
    for given_caps in (facts.caps(), caps):
        span = spans(facts, given_caps, facts.money_counts())
        if span.exact:
            assert span.end >= measures[1] or problem.levels[0] != "makespan"
            assert all(span.live)
    least = floors(facts)
    _, delivery, first = dates(problem, best[1])
    assert measures[0] >= least.money
    assert all(a >= b for a, b in zip(delivery, least.delivery))
    assert all(d - s >= stay for d, s, stay in zip(delivery, first, least.stay) if s < d)


def test_late_orders_are_bounded_by_the_money_they_may_cost() -> None:
    problem = shop(
        [[[(0, 4)]], [[(0, 4)]]], levels=("money",), due=column([4, 4]), late_rate=column([2_000_000, 3_000_000])
    )
    facts = Facts(problem)
    caps = facts.caps()
    caps[0] = 8
    span = spans(facts, caps, True)
    assert span.exact
    assert [span.high[m] + 4 for m in (0, 1)] == [8, 6]


def test_without_any_cap_the_work_in_a_row_is_the_horizon() -> None:
    problem = shop([[[(0, 4), (1, 9)]], [[(0, 4)]], [[(1, 2)]]], release=column([3, 0, 7]), levels=("money",))
    span = spans(Facts(problem), Facts(problem).caps(), True)
    assert (span.exact, span.end) == (True, 7 + 9 + 4 + 2)


def test_no_proof_beyond_the_calendar() -> None:
    jobs = [[[(0, 4)]] for _ in range(4)]
    short, long = ((0, 5), (10, 15), (20, 25)), ((0, 5), (10, int(FAR)))
    assert not spans(Facts(shop(jobs, windows=short)), [NEVER] * 4, False).exact
    assert spans(Facts(shop(jobs, windows=long)), [NEVER] * 4, False).exact
    capped = [NEVER, 25, NEVER, NEVER]
    assert spans(Facts(shop(jobs, windows=short)), capped, False).exact
