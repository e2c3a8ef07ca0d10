"""The first run on a machine: small problems are answered while kernels compile, and nothing else changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.encoding.encode import encode
from scheduler.engines import meanwhile, meanwhile_child
from scheduler.engines.contract import Channel, Event, Limits, Result
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.cpsat.outside import Outside
from scheduler.engines.cpsat.size import too_large
from scheduler.engines.meanwhile import NAME, answer_meanwhile, small
from scheduler.loading import load
from scheduler.planning.build import build
from scheduler.problem.bounds import trivial_bound
from scheduler.problem.problem import Problem
from scheduler.usecases import first_run as module
from scheduler.usecases import solve as solving
from scheduler.usecases.compile import missing, tiny_problem
from scheduler.usecases.first_run import first_run
from scheduler.usecases.solve import Options
from tests.engines.small import shop
from tests.factories import make, tiny_factory, tiny_orders
from tests.reference import check

LIMITS = Limits(seconds=300.0)
COLD = """
import numba.core.event as event
from scheduler import Options, solve
from scheduler.usecases import first_run
from tests.factories import make, tiny_factory, tiny_orders

class Never:
    def __init__(self, kinds): assert kinds == ("plain",)
    def done(self): return False
    def leave(self): pass

class Compiled(event.Listener):
    def on_start(self, given): raise AssertionError(given)
    def on_end(self, given): pass

first_run.Compiler = Never
event.register("numba:compile", Compiled())
found = solve(make(tiny_factory(), tiny_orders()), Options(time_limit=0.05, tell=print))
print(found.status, found.objective, found.bound)
"""


class Compiling:
    """Stands for the compiler; `ready`: whether it has ended."""

    def __init__(self, ready: bool) -> None:
        self.ready, self.ended, self.left = ready, False, False

    def __call__(self, kinds: tuple[str, ...]) -> Compiling:
        return self

    def done(self) -> bool:
        return self.ready

    def leave(self) -> None:
        self.left = True

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Compiling:
    """A first run whose compiler does not end by itself."""
    compiling = Compiling(ready=False)
    monkeypatch.setattr(module, "missing", tuple)
    monkeypatch.setattr(module, "small", small)
    monkeypatch.setattr(module, "Compiler", compiling)
    return compiling


def forbidden(*_: object) -> Result:
    raise AssertionError("nothing may be answered meanwhile")


def long_shop() -> Problem:
    """Sixty flexible operations: found at once, proved not within a minute."""
    return shop([[[(r, 3 + (7 * j + 3 * r + k) % 11) for k, r in enumerate((j % 5, (j + 2 + i) % 5))]
                  for i in range(5)] for j in range(12)], levels=("lead_time",))


def test_an_empty_cache_keeps_no_small_problem_waiting(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=False,
                         cwd=Path(__file__).parents[2], env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)})
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert any(line.startswith("compiling kernels") and line.endswith("meanwhile dispatching and CP-SAT answer")
               for line in lines)
    assert "compiling goes on in the background" in lines
    scenario = make(tiny_factory(), tiny_orders())
    result = CpSatEngine().solve(encode(scenario, build(scenario)), None, Limits(seconds=60.0), Channel())
    assert result.objective is not None
    assert lines[-1] == f"optimal {result.objective[0]} {result.objective[0]}"


def test_kernels_for_rules_run_as_plain_python(never: Compiling) -> None:
    told: list[Event] = []
    problem = replace(tiny_problem(ruled=True), levels=("makespan",))
    result = first_run(problem, ("rules",), LIMITS, Channel(listen=told.append), True, lambda _: None)
    assert result is not None
    assert result.status == "optimal"
    assert result.objective == (2,)
    assert any(event.source.startswith("dispatch: ") for event in told)
    assert never.left
    assert not never.ended


def test_a_gap_that_is_small_enough_is_an_answer(never: Compiling) -> None:
    limits = replace(LIMITS, target_gap=0.99)
    result = first_run(long_shop(), ("plain",), limits, Channel(), True, lambda _: None)
    assert result is not None
    assert (result.status, never.left, never.ended) == ("feasible", True, False)


def test_stopping_ends_the_compiler_and_keeps_the_best_schedule(never: Compiling) -> None:
    channel, problem = Channel(), long_shop()

    def stop(event: Event) -> None:
        if event.objective is not None:
            channel.stop.set()

    channel.listen = stop
    result = first_run(problem, ("plain",), LIMITS, channel, True, lambda _: None)
    assert result is not None
    assert result.status == "feasible"
    assert result.solution is not None
    assert check(problem, result.solution) == []
    assert never.ended


def test_a_stopped_first_run_is_a_result(never: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options()
    options.stop.set()
    monkeypatch.setattr(solving, "compile_kernels", forbidden)
    found = solving.solve(make(tiny_factory(), tiny_orders()), options)
    assert (found.status, found.schedule, found.bound) == ("not_found", None, None)


@pytest.mark.parametrize(("limits", "wanted"), [(Limits(deterministic=1.0), True), (LIMITS, False)])
def test_who_wants_repetition_or_another_engine_waits(never: Compiling, monkeypatch: pytest.MonkeyPatch,
                                                      limits: Limits, wanted: bool) -> None:
    monkeypatch.setattr(module, "answer_meanwhile", forbidden)
    never.ready, said = True, list[str]()
    result = first_run(tiny_problem(), ("plain",), limits, Channel(), wanted, said.append)
    assert result is not None
    assert (result.status, result.solution) == ("not_found", None)
    assert said == ["compiling kernels (first run on this machine only, about half a minute)"]


def test_large_problems_wait_and_are_told_so(never: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanwhile, "MOST", 59)
    monkeypatch.setattr(module, "answer_meanwhile", forbidden)
    never.ready, said = True, list[str]()
    first_run(long_shop(), ("plain",), LIMITS, Channel(), True, said.append)
    assert said[0].endswith("too large for an answer before")


def test_search_goes_on_from_what_was_found_meanwhile(never: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = encode(scenario := make(tiny_factory(), tiny_orders()), build(scenario))
    best = CpSatEngine().solve(problem, None, Limits(seconds=60.0), Channel())
    early = Result("feasible", best.solution, best.objective, None, failures=("something failed",))
    monkeypatch.setattr(module, "answer_meanwhile", lambda *_: early)
    never.ready = True
    found = solving.solve(scenario, Options(time_limit=0.5))
    assert found.trace[0].source == solving.FIRST_RUN
    assert found.objective == found.trace[0].objective
    assert found.failures == early.failures


def test_where_the_model_is_too_large_dispatching_answers(never: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(str(Path(__file__).parents[2] / "scenarios" / "refrigerators"))
    problem, channel = encode(scenario, build(scenario)), Channel()
    assert too_large(problem, meanwhile_child.MODEL)

    def stop(event: Event) -> None:
        if event.objective is not None:
            channel.stop.set()

    channel.listen = stop
    result = first_run(problem, ("plain",), LIMITS, channel, True, lambda _: None)
    assert result is not None
    assert result.status == "feasible"
    assert result.bound == trivial_bound(problem)
    assert result.objective is not None
    assert result.bound < result.objective[0]


@pytest.mark.failing_parts
def test_a_killed_process_is_told_and_costs_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spied(Outside):
        last: Outside

        def __init__(self, program: str, **variables: str) -> None:
            super().__init__(program, **variables)
            Spied.last = self

    monkeypatch.setattr(meanwhile, "Outside", Spied)

    def kill(event: Event) -> None:
        if event.objective is not None:
            os.kill(Spied.last.process.pid, signal.SIGKILL)

    problem, channel = long_shop(), Channel(listen=kill)
    result = answer_meanwhile(problem, LIMITS, channel, lambda: False)
    assert result.status == "feasible"
    assert result.solution is not None
    assert check(problem, result.solution) == []
    assert len(result.failures) == 1
    assert result.failures[0].startswith(NAME)
    assert "SIGKILL" in result.failures[0]


def test_the_program_compiles_into_the_cache() -> None:
    subprocess.run([sys.executable, "-m", "scheduler.usecases.compile", "plain"], check=True,
                   cwd=Path(__file__).parents[2])
    assert missing(("plain",)) == ()
