"""A schedule for people: rows, columns and a frame say the same, and the documented calls work together."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pandas
import pytest

from scheduler import InputError, Options, Outcome, Schedule, compare, explain, load, read_schedule, solve, tradeoff
from scheduler import validate as judge
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import OperationRow
from scheduler.formats.starter import create
from scheduler.formats.writers import write_all
from tests.cli.kit import INSTANCES, TIGHT, press_shop


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("api") / "works"
    create(folder)
    return load(folder)


@pytest.fixture(scope="module")
def found(works: Scenario) -> Outcome:
    return solve(works, Options(engine="annealing", deterministic_limit=0.05, workers=1))


@pytest.fixture
def schedule(found: Outcome) -> Schedule:
    assert found.schedule is not None
    return found.schedule


def test_rows_columns_and_frame_agree(works: Scenario, schedule: Schedule) -> None:
    rows, columns, frame = schedule.rows(), schedule.columns(), schedule.frame()
    assert len(rows) == len(schedule) == len(frame) > 0
    assert tuple(columns) == tuple(frame.columns) == OperationRow._fields[:-3]
    assert all(row[-3:] == (None, "", None) for row in rows)
    for name in columns:
        told = [getattr(row, name) for row in rows]
        assert [v.item() if isinstance(v, np.generic) else v for v in columns[name]] == told
        assert frame[name].tolist() == told
    assert [r.start for r in rows] == sorted(r.start for r in rows)


def test_a_frame_has_times_of_the_scenarios_zone(works: Scenario, schedule: Schedule) -> None:
    plain, dated = schedule.frame(), schedule.frame(works.axis)
    assert str(dated["start"].dt.tz) == "Europe/Berlin"
    for name in ("start", "end", "reconfiguration_start", "reconfiguration_end"):
        told = [pandas.Timestamp(works.axis.to_datetime(int(t))) for t in plain[name]]
        assert dated[name].tolist() == told
    assert dated.drop(columns=["start", "end", "reconfiguration_start", "reconfiguration_end"]).equals(
        plain.drop(columns=["start", "end", "reconfiguration_start", "reconfiguration_end"]))


def test_an_instances_frame_keeps_its_numbers() -> None:
    scenario = load(INSTANCES / "fattahi2.fjs")
    best = solve(scenario, Options(deterministic_limit=0.2, workers=1)).schedule
    assert best is not None
    assert best.frame(scenario.axis)["end"].max() == best.header.objective


def test_an_outcome_tells_all(works: Scenario, found: Outcome) -> None:
    assert found.status == "feasible"
    assert found.costs is not None
    assert found.kpis is not None
    assert found.objective == found.costs.weighted
    assert found.kpis.values["cost_total"] == found.costs.total
    assert found.gap is None or 0 <= found.gap < 1
    assert found.violations == found.conflict == found.missed == ()
    assert judge(works, found.schedule) == [] if found.schedule else False


def test_written_and_read_it_is_the_same(works: Scenario, found: Outcome, schedule: Schedule, tmp_path: Path) -> None:
    assert found.costs is not None
    assert found.kpis is not None
    write_all(tmp_path, works, schedule, found.costs, found.kpis)
    again = read_schedule(tmp_path / "schedule.json")
    assert again.rows() == schedule.rows()
    assert judge(works, again) == []
    assert compare(works, [schedule, again], ["a", "b"]).changes[0].moved == ()


def test_a_start_is_never_made_worse(works: Scenario, found: Outcome, schedule: Schedule) -> None:
    better = solve(works, Options(deterministic_limit=0.1, workers=1), schedule)
    assert found.objective is not None
    assert better.objective is not None
    assert better.objective <= found.objective


def test_who_listens_hears_every_incumbent(works: Scenario) -> None:
    heard, said = [], []
    best = solve(works, Options(engine="annealing", deterministic_limit=0.05, workers=1, listen=heard.append,
                                tell=said.append))
    values = [e.objective for e in heard if e.objective is not None]
    assert values == sorted(values, reverse=True)
    assert values[-1] == best.objective
    assert [e.objective for e in best.trace if e.objective is not None][-1] == best.objective
    assert said == ["preparing", "solving", "checking"]


def test_a_stop_that_is_set_returns_at_once_with_a_schedule(works: Scenario) -> None:
    stop = threading.Event()
    stop.set()
    for engine in ("auto", "dispatch", "annealing"):
        assert solve(works, Options(engine=engine, time_limit=600, stop=stop)).schedule is not None


def test_no_schedule_says_why(tmp_path: Path) -> None:
    scenario = load(press_shop(tmp_path / "shop", **TIGHT))
    proven = solve(scenario, Options(time_limit=10))
    assert (proven.status, proven.schedule, proven.objective) == ("infeasible", None, None)
    assert proven.conflict
    tried = solve(scenario, Options(engine="dispatch"))
    assert (tried.status, tried.schedule) == ("not_found", None)
    assert len(tried.missed) == 1


def test_mistakes_of_the_caller(works: Scenario, schedule: Schedule, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown engine 'magic'; use one of auto, dispatch, annealing, tabu, cpsat"):
        solve(works, Options(engine="magic"))
    with pytest.raises(ValueError, match="1 schedules but 2 labels"):
        compare(works, [schedule], ["a", "b"])
    other = load(press_shop(tmp_path / "shop"))
    with pytest.raises(InputError, match="the orders of this schedule"):
        explain(other, schedule)
    with pytest.raises(InputError, match="the orders of this schedule"):
        compare(other, [schedule, schedule], ["a", "b"])
    assert judge(other, schedule)


def test_a_frontier_from_python(works: Scenario) -> None:
    frontier = tradeoff(works, Options(deterministic_limit=0.05, workers=1, time_limit=5), points=3)
    costs = [p.cost for p in frontier.points]
    speeds = [p.speed for p in frontier.points]
    assert costs == sorted(costs)
    assert speeds == sorted(speeds, reverse=True)
    assert len(frontier.sentences) == len(frontier.points) - 1
    for point in frontier.points:
        assert point.outcome.schedule is not None
        assert judge(works, point.outcome.schedule) == []
    assert frontier.knee is None or 0 <= frontier.knee < len(frontier.points)
