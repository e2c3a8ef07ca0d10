"""The program in which CP-SAT runs: a process of its own, so that a crash in there costs no schedule.

It takes one job after the other from standard input and ends when that closes, which it does however the process that
asks ends. What others write to standard output (solvers do) goes to standard error.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from scheduler.engines.contract import Channel, Result
from scheduler.engines.cpsat.improve import improve
from scheduler.engines.cpsat.levels import solve_plain
from scheduler.engines.cpsat.messages import STOP, Bounded, Broken, Found, Job, News, Noted, get, put
from scheduler.engines.cpsat.rules.engine import solve_with_rules
from scheduler.problem.problem import Solution

ORPHANED = 1.0
"""Seconds between two looks at whether the parent still lives (a copy of it could hold the pipe open)."""


class FarChannel(Channel):
    """A channel whose other end is in the process that asks."""

    def __init__(self, pipe: BinaryIO, news: News) -> None:
        super().__init__()
        self.pipe = pipe
        self.hear(news)

    def hear(self, news: News) -> None:
        """Takes over what others found."""
        with self._lock:
            if news.objective is not None and (self.objective is None or news.objective < self.objective):
                self.objective, self.best = news.objective, news.solution
            if news.bound is not None and (self.bound is None or news.bound > self.bound):
                self.bound, self.bound_source = news.bound, news.bound_source

    def send(self, message: Any) -> None:
        """Tells the other end; offers come from several threads."""
        with self._lock:
            put(self.pipe, message)

    def offer(self, solution: Solution, objective: tuple[int, ...], source: str) -> bool:
        with self._lock:
            better = super().offer(solution, objective, source)
            if better:
                self.send(Found(solution, objective, source))
            return better

    def offer_bound(self, bound: float, source: str) -> bool:
        with self._lock:
            better = super().offer_bound(bound, source)
            if better:
                self.send(Bounded(bound, source))
            return better

    def note(self, text: str) -> None:
        self.send(Noted(text))


class Desk:
    """Reads what comes in, in a thread of its own: jobs wait in `jobs`, everything else is for the one at work."""

    def __init__(self, inbox: BinaryIO, outbox: BinaryIO) -> None:
        self.inbox, self.outbox = inbox, outbox
        self.jobs: queue.Queue[tuple[Job, FarChannel]] = queue.Queue()

    def read(self) -> None:
        """Until the other side is gone, which ends the program at once, whatever it does."""
        channel: FarChannel | None = None
        try:
            while True:
                message = get(self.inbox)
                if isinstance(message, Job):
                    channel = FarChannel(self.outbox, message.news)
                    self.jobs.put((message, channel))
                elif channel is not None and isinstance(message, News):
                    channel.hear(message)
                elif channel is not None and message == STOP:
                    channel.stop.set()
        finally:
            os._exit(0)


def work(job: Job, channel: Channel) -> Result:
    """Does one job."""
    left = max(0.01, job.limits.seconds - max(0.0, time.time() - job.sent))
    limits = replace(job.limits, seconds=left)
    if job.what == "neighbourhoods":
        return improve(job.problem, job.start, limits, channel)
    solve = solve_plain if job.problem.rules is None else solve_with_rules
    return solve(job.problem, job.start, limits, channel, job.plain)


Work = Callable[[Job, Channel], Result]


def answer(job: Job, channel: Channel, work: Work = work) -> Result | Broken:
    """The result of a job without what was already told, or what it raised."""
    try:
        return replace(work(job, channel), trace=())
    except Exception:
        return Broken(traceback.format_exc())


def orphaned(parent: int) -> None:
    """Ends the program once the process that started it has ended."""
    while os.getppid() == parent:
        time.sleep(ORPHANED)
    os._exit(0)


def main(work: Work = work) -> None:
    """Works until standard input closes. work: what does a job."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a terminal sends them to us too; who asked decides what they mean
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    desk = Desk(sys.stdin.buffer, outbox)
    threading.Thread(target=desk.read, daemon=True).start()
    threading.Thread(target=orphaned, args=(os.getppid(),), daemon=True).start()
    while True:
        job, channel = desk.jobs.get()
        channel.send(answer(job, channel, work))


if __name__ == "__main__":
    main()
