"""CP-SAT in a process of its own: what is left when it is killed, hangs, lies or raises, and when we are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scheduler.engines.contract import Channel, Event, Limits, Result
from scheduler.engines.cpsat import asking
from scheduler.engines.cpsat.engine import CpSatEngine
from scheduler.engines.cpsat.outside import WAITING, Outside
from scheduler.engines.dispatch import DispatchEngine
from scheduler.errors import InternalError
from scheduler.problem.problem import Problem
from tests.engines.small import ft06, shop
from tests.reference import check

ONE = Limits(seconds=30.0, workers=1)


def long_shop() -> Problem:
    """Sixty flexible operations: found at once, proved not within a minute."""
    return shop([[[(r, 3 + (7 * j + 3 * r + k) % 11) for k, r in enumerate((j % 5, (j + 2 + i) % 5))]
                  for i in range(5)] for j in range(12)], levels=("lead_time",))


class Watched:
    """The processes that were taken for a job; `hit` is sent to the one at work once it has found a schedule."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, hit: signal.Signals, times: int) -> None:
        self.taken: list[Outside] = []
        self.hit, self.left = hit, times
        take = WAITING.take

        def spy() -> Outside:
            self.taken.append(take())
            return self.taken[-1]

        monkeypatch.setattr(WAITING, "take", spy)

    def listen(self, event: Event) -> None:
        if event.source == "cpsat" and event.objective is not None and self.left > 0:
            self.left -= 1
            os.kill(self.taken[-1].process.pid, self.hit)


@pytest.mark.failing_parts
@pytest.mark.parametrize("kills", [1, 2])
def test_a_killed_process_costs_no_schedule(monkeypatch: pytest.MonkeyPatch, kills: int) -> None:
    watched, problem = Watched(monkeypatch, signal.SIGKILL, kills), long_shop()
    start = DispatchEngine().solve(problem, None, ONE, Channel()).solution
    began = time.monotonic()
    result = CpSatEngine().solve(problem, start, Limits(seconds=6.0, workers=1), Channel(listen=watched.listen))
    assert result.status == "feasible"
    assert result.solution is not None
    assert check(problem, result.solution) == []
    assert len(watched.taken) == 2
    assert len(result.failures) == kills
    assert all("SIGKILL" in text for text in result.failures)
    assert [e.source for e in result.trace if "SIGKILL" in e.source] == list(result.failures)
    assert kills == 1 or time.monotonic() - began < 5.0


@pytest.mark.failing_parts
def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LATE", 0.5)
    watched, problem = Watched(monkeypatch, signal.SIGSTOP, 1), long_shop()
    began = time.monotonic()
    result = CpSatEngine().solve(problem, None, Limits(seconds=4.0, workers=1), Channel(listen=watched.listen))
    assert time.monotonic() - began < 8.0
    assert result.status == "feasible"
    assert "did not end in time" in result.failures[0]
    assert not watched.taken[0].alive()


@pytest.mark.failing_parts
def test_stop_ends_a_process_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LATE", 0.5)
    watched, problem, channel = Watched(monkeypatch, signal.SIGSTOP, 1), long_shop(), Channel()

    def listen(event: Event) -> None:
        watched.listen(event)
        if not watched.left:
            channel.stop.set()

    channel.listen = listen
    result = CpSatEngine().solve(problem, None, Limits(seconds=300.0, workers=1), channel)
    assert channel.seconds() < 60.0
    assert result.status == "feasible"
    assert not watched.taken[0].alive()


@pytest.mark.failing_parts
def test_a_claim_that_there_is_no_schedule_does_not_outlive_a_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.engines.cpsat.engine.ask", lambda *_: Result("infeasible", None, None, None))
    start = DispatchEngine().solve(ft06(), None, ONE, Channel()).solution
    result = CpSatEngine().solve(ft06(), start, ONE, Channel())
    assert result.status == "feasible"
    assert result.solution is start
    assert "although one is known" in result.failures[0]


def test_our_own_mistake_in_the_process_is_raised() -> None:
    wrong = shop([[[(0, 3)]]], levels=("beauty",))
    process = WAITING.take()
    try:
        process.send(asking.Job(wrong, None, ONE, asking.News(None, 0.0), time.time()))
        told = process.receive(30.0)
    finally:
        process.end()
    assert isinstance(told, asking.Broken)
    assert "beauty" in told.text


def test_a_broken_job_raises_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [asking.Broken("Traceback: made up")]
    receive = Outside.receive
    monkeypatch.setattr(Outside, "receive", lambda self, s: answers.pop() if answers else receive(self, s))
    with pytest.raises(InternalError, match="made up"):
        CpSatEngine().solve(ft06(), None, ONE, Channel())
    assert CpSatEngine().solve(ft06(), None, ONE, Channel()).status == "optimal"


def test_a_process_is_used_again() -> None:
    CpSatEngine().solve(ft06(), None, ONE, Channel())
    waiting = [x.process.pid for x in WAITING.idle]
    CpSatEngine().solve(ft06(), None, ONE, Channel())
    assert sorted(waiting) == sorted(x.process.pid for x in WAITING.idle)


def test_two_solves_at_once_have_a_process_each(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Outside] = []
    take, both = WAITING.take, threading.Barrier(2)

    def together() -> Outside:
        mine = take()
        taken.append(mine)
        both.wait(60.0)
        return mine

    monkeypatch.setattr(WAITING, "take", together)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(CpSatEngine().solve(
        ft06(), None, Limits(seconds=60.0, workers=1), Channel()).status)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["optimal", "optimal"]
    assert len({x.process.pid for x in taken}) == 2


PARENT = """
import sys, time
from scheduler.engines.cpsat.outside import WAITING
WAITING.warm(2)
print(*(x.process.pid for x in WAITING.idle), flush=True)
if sys.argv[1] == "wait":
    time.sleep(60)
"""


@pytest.mark.parametrize("way", ["killed", "left"])
def test_processes_end_with_the_one_that_asks(way: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, "wait" if way == "killed" else "leave"],
                              stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    if way == "killed":
        parent.kill()
    parent.wait()
    until = time.monotonic() + 20.0
    while any(running(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in pids if running(pid)]


def running(pid: int) -> bool:
    """Whether a process exists and is no corpse that nobody has collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_copied_process_leaves_them_alone() -> None:
    WAITING.warm()
    before = [x.process.pid for x in WAITING.idle]
    if (pid := os.fork()) == 0:
        os._exit(0 if not WAITING.idle else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert before
    assert all(running(x) for x in before)
    assert CpSatEngine().solve(ft06(), None, ONE, Channel()).status == "optimal"
