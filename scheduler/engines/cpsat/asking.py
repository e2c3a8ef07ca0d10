"""One job done by a solver process, from the side that asks."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal

from scheduler.engines.contract import Channel, CrashError, Result
from scheduler.engines.cpsat.messages import STOP, Bounded, Broken, Found, Job, News, Noted
from scheduler.engines.cpsat.outside import WAITING, Outside
from scheduler.engines.cpsat.progress import Run
from scheduler.errors import InternalError
from scheduler.problem.problem import Solution

POLL = 0.05
"""Seconds between two looks at the stop event and at what others found."""
LATE = 3.0
"""Seconds after its limit, or after being asked to stop, at which a process is ended."""


def ask(run_: Run, what: Literal["levels", "neighbourhoods"], start: Solution | None, plain: bool) -> Result:
    """What a process finds within what is left of the run; its schedules and bounds go to the run as they come, which
    checks them.

    Raises CrashError where the process ends on the way or does not end in time, InternalError where our own code in
    there raises.
    """
    limits = replace(run_.limits, seconds=max(0.01, run_.clock.left()))
    process = WAITING.take()
    answered = False
    try:
        news = _news(run_.channel, what == "neighbourhoods")
        process.send(Job(run_.problem, start, limits, news, time.time(), plain, what))
        result = _listen(process, run_, news, what == "neighbourhoods")
        answered = True
        return result
    finally:
        if answered:
            WAITING.give_back(process)
        else:
            process.end()


def _news(channel: Channel, whole: bool) -> News:
    best, objective, bound, source = channel.known()
    return News(objective, bound, source, best if whole else None)


def _listen(process: Outside, run_: Run, told: News, whole: bool) -> Result:
    """Hands on what comes until the result does, tells the process what others find, and when to stop."""
    channel, stopping = run_.channel, False
    until = time.monotonic() + max(0.0, run_.clock.left()) + LATE
    while True:
        message = process.receive(POLL)
        if isinstance(message, Result):
            return message
        hand_on(message, run_)
        if not stopping and channel.stop.is_set():
            stopping, until = True, min(until, time.monotonic() + LATE)
            process.send(STOP)
        if time.monotonic() > until:
            raise CrashError("the solver's process did not end in time and was ended")
        news = _news(channel, whole)
        if run_.limits.deterministic is None and (news.objective, news.bound) != (told.objective, told.bound):
            told = news
            process.send(news)


def hand_on(message: object, run_: Run) -> None:
    """Gives to the run what a process told. Raises InternalError where our own code in there raised."""
    if isinstance(message, Broken):
        error = InternalError(f"in the solver's process: {message.text.strip().splitlines()[-1]}")
        error.add_note(message.text)
        raise error
    if isinstance(message, Found):
        run_.take(message.solution, message.source)
    elif isinstance(message, Bounded):
        run_.take_bound(message.bound, message.source)
    elif isinstance(message, Noted):
        run_.channel.note(message.text)
