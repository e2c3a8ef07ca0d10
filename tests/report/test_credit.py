"""Who found what when, from a trace."""

from __future__ import annotations

from scheduler.domain.credit import Credit, credits_of


def test_gains_times_and_bounds_by_source() -> None:
    trace = [(0.1, None, 40.0, "loads"), (0.2, 100, 40.0, "dispatch"), (0.3, 90, 40.0, "dispatch"),
             (0.4, None, None, "cpsat failed: gone"), (1.0, 70, 40.0, "tabu"), (2.0, 70, 50.0, "cpsat"),
             (3.0, 60, 50.0, "cpsat"), (4.0, 50, 50.0, "tabu")]
    assert credits_of(trace) == (
        Credit("loads", bound=40.0), Credit("dispatch", 2, 0.2, 0.3, 0.2), Credit("tabu", 2, 1.0, 4.0, 0.6),
        Credit("cpsat", 1, 3.0, 3.0, 0.2, 50.0))


def test_one_schedule_has_no_share() -> None:
    assert credits_of([(0.5, 10, None, "dispatch")]) == (Credit("dispatch", 1, 0.5, 0.5),)


def test_a_better_later_level_counts_as_a_schedule() -> None:
    trace = [(0.5, 10, 1.0, "dispatch"), (0.7, 10, 1.0, "annealing")]
    assert [(c.source, c.schedules, c.share) for c in credits_of(trace)] == [
        ("dispatch", 1, None), ("annealing", 1, None)]


def test_nothing_comes_from_nothing() -> None:
    assert credits_of([]) == ()
