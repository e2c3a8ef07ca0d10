"""Answers of small problems while kernels compile: a process in which the kernels run as plain Python.

There they are some 200 times slower, which small problems bear. Dispatching begins, and CP-SAT goes on from its best
schedule. This side compiles nothing and calls no kernel: that would wait for the compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.asking import POLL, hand_on
from scheduler.engines.cpsat.budget import Clock
from scheduler.engines.cpsat.engine import trusted
from scheduler.engines.cpsat.facts import Facts
from scheduler.engines.cpsat.messages import Job, News
from scheduler.engines.cpsat.outside import Outside
from scheduler.engines.cpsat.progress import Run
from scheduler.engines.cpsat.rules.shop import Shop
from scheduler.engines.cpsat.rules.verify import fault as fault_with_rules
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.problem import Problem

NAME = "before compiled kernels"
MOST, MOST_WITH_RULES = 3_000, 1_500
"""Operations up to which the first schedule of plain dispatching comes well before the kernels."""


def small(problem: Problem) -> bool:
    """Whether an answer may be expected before the kernels are compiled."""
    return 0 < problem.operations <= (MOST if problem.rules is None else MOST_WITH_RULES)


def answer_meanwhile(problem: Problem, limits: Limits, channel: Channel, over: Callable[[], bool]) -> Result:
    """The best that dispatching and CP-SAT find without compiled kernels until `over`, or sooner where it is proved.

    Schedules are checked here as those of CP-SAT are, and offered with bounds as they come. limits: gap and seed count,
    seconds are those of the process at most. Where the process fails the channel is told (see Channel.fail), and the
    result is what was found until then.
    """
    check = partial(fault, Facts(problem)) if problem.rules is None else partial(fault_with_rules, Shop(problem))
    run_ = Run(problem, check, limits, channel, Clock(limits.seconds, None))
    found: Result | None = None
    process = Outside("scheduler.engines.meanwhile_child", NUMBA_DISABLE_JIT="1")
    try:
        process.send(Job(problem, None, replace(limits, workers=1, deterministic=None), News(None, None), 0.0))
        while found is None and not over():
            message = process.receive(POLL)
            if isinstance(message, Result):
                found = trusted(run_, message)
            else:
                hand_on(message, run_)
    except Exception as error:
        channel.fail(NAME, error)
    finally:
        process.end()
    found = found or run_.result("not_found" if run_.best is None else "feasible")
    return found if run_.bound_source else replace(found, bound=None)
