"""The portfolio: what is left when one of its members fails."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.engines import portfolio
from scheduler.engines.annealing import AnnealingEngine
from scheduler.engines.contract import Channel, CrashError, Limits, Result
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.portfolio import PartChannel, PortfolioEngine
from scheduler.engines.tabu import TabuEngine
from scheduler.errors import InputError
from scheduler.problem.problem import Problem
from tests.engines.small import ft06
from tests.reference import check

TWO = Limits(seconds=4.0, workers=2)


def money() -> Problem:
    """A shop that tabu search does not know."""
    return ft06(levels=("lead_time",))


def fails(*_: Any, **__: Any) -> Result:
    raise RuntimeError("made up")


@pytest.mark.failing_parts
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("broken", "name"), [(AnnealingEngine, "annealing"), (CpSatEngine, "cpsat")])
def test_a_member_that_raises_costs_no_schedule(monkeypatch: pytest.MonkeyPatch, broken: type, name: str,
                                                workers: int) -> None:
    monkeypatch.setattr(broken, "solve", fails)
    problem = money()
    # CP-SAT ends with a proof; its process may take seconds to start on a busy machine
    seconds = 60.0 if broken is AnnealingEngine else 4.0
    found = PortfolioEngine().solve(problem, None, Limits(seconds=seconds, workers=workers), Channel())
    assert found.status == ("optimal" if broken is AnnealingEngine else "feasible")
    assert found.solution is not None
    assert check(problem, found.solution) == []
    assert f"{name} failed: made up" in found.failures
    assert [e for e in found.trace if e.source == f"{name} failed: made up"]


@pytest.mark.failing_parts
@pytest.mark.parametrize("limits", [TWO, Limits(seconds=4.0, workers=1), Limits(seconds=60.0, deterministic=0.2)])
@pytest.mark.parametrize(("broken", "name"), [(TabuEngine, "tabu"), (CpSatEngine, "cpsat")])
def test_the_same_for_the_makespan(monkeypatch: pytest.MonkeyPatch, broken: type, name: str, limits: Limits) -> None:
    monkeypatch.setattr(broken, "solve", fails)
    if broken is TabuEngine:
        limits = replace(limits, seconds=60.0)
    problem = ft06()
    found = PortfolioEngine().solve(problem, None, limits, Channel())
    assert found.solution is not None
    assert check(problem, found.solution) == []
    assert f"{name} failed: made up" in found.failures


@pytest.mark.failing_parts
def test_bounds_that_fail_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "makespan_bound", fails)
    found = PortfolioEngine().solve(ft06(), None, Limits(seconds=60.0, workers=2), Channel())
    assert found.status == "optimal"
    assert found.failures == ("bounds failed: made up",)


@pytest.mark.failing_parts
def test_where_all_fail_and_nothing_is_known_it_raises() -> None:
    for in_turns in (False, True):
        with pytest.raises(RuntimeError, match="made up"):
            portfolio._members([("one", fails), ("two", fails)], Channel(), in_turns)


def test_mistakes_in_the_input_are_raised() -> None:
    def wrong() -> Result:
        raise InputError([])

    def right() -> Result:
        return Result("not_found", None, None, None)

    with pytest.raises(InputError):
        portfolio._members([("wrong", wrong), ("right", right)], Channel())


@pytest.mark.failing_parts
def test_a_crash_is_told_without_traceback_and_a_mistake_with_it(caplog: pytest.LogCaptureFixture) -> None:
    channel = Channel()
    channel.fail("cpsat", CrashError("gone"))
    channel.fail("tabu", ValueError("wrong"))
    assert channel.failures == ["cpsat failed: gone", "tabu failed: wrong"]
    assert [bool(record.exc_info and record.exc_info[0]) for record in caplog.records] == [False, True]


def test_a_part_knows_what_the_whole_knows() -> None:
    whole = Channel()
    part = PartChannel(whole)
    found = TabuEngine().solve(ft06(), None, Limits(seconds=30.0, deterministic=0.01), whole)
    whole.offer_bound(50.0, "made up")
    assert part.best is whole.best
    assert part.known() == whole.known()
    assert part.objective == found.objective
    assert part.gap() == whole.gap()
    assert part.offer_bound(51.0, "part")
    assert whole.bound == 51.0


@pytest.mark.parametrize(("share", "possible", "stopped"), [(0.0, True, True), (0.9, True, False), (0.0, False, False)])
def test_a_constraint_model_that_bounds_nothing_gives_its_time_away(monkeypatch: pytest.MonkeyPatch, share: float,
                                                                    possible: bool, stopped: bool) -> None:
    told: list[bool] = []
    runs: list[float] = []

    def waits(_: CpSatEngine, __: Problem, ___: Any, limits: Limits, channel: Channel) -> Result:
        if channel.objective is not None:
            channel.offer_bound(share * channel.objective[0], "made up")
        until = time.monotonic() + limits.seconds
        while time.monotonic() < until and not channel.stop.is_set():
            time.sleep(0.01)
        told.append(time.monotonic() < until)
        return Result("not_found", None, None, None)

    def remembers(self: AnnealingEngine, *given: Any, own: Any = AnnealingEngine.solve) -> Result:
        runs.append(self.calm)
        return own(self, *given)

    monkeypatch.setattr(CpSatEngine, "solve", waits)
    monkeypatch.setattr(portfolio.NeighbourhoodEngine, "solve", lambda *_: Result("not_found", None, None, None))
    monkeypatch.setattr(AnnealingEngine, "solve", remembers)
    monkeypatch.setattr(portfolio, "trivial_bound", lambda _: 0)
    problem = money()
    if not possible:
        problem = replace(problem, deadline=np.ones_like(problem.deadline))
    found = PortfolioEngine().solve(problem, None, Limits(seconds=2.0, workers=2), Channel())
    assert (found.status == "feasible") == possible
    assert told == [stopped]
    assert (portfolio.CALM in runs) == stopped
