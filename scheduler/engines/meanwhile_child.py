"""The program that answers while kernels compile (see meanwhile.py), with the kernels as plain Python."""

from __future__ import annotations

from dataclasses import replace

from scheduler.engines.contract import Channel, Result, Status
from scheduler.engines.cpsat.child import main
from scheduler.engines.cpsat.levels import solve_plain
from scheduler.engines.cpsat.messages import Job
from scheduler.engines.cpsat.rules.engine import solve_with_rules
from scheduler.engines.cpsat.size import too_large
from scheduler.engines.dispatch import DispatchEngine
from scheduler.problem.bounds import trivial_bound, trivial_source
from scheduler.problem.problem import FAR

DISPATCHING = 5.0
"""Seconds of dispatching at most, before CP-SAT."""
MODEL = 20.0
"""Seconds that compiling takes at least: the model must not be too large for a limit of these."""


def work(job: Job, channel: Channel) -> Result:
    """Does one job: a bound, dispatching, then CP-SAT from its best schedule where the model is not too large."""
    if (bound := trivial_bound(job.problem)) > -FAR:
        channel.offer_bound(float(bound), trivial_source(job.problem))
    alone = too_large(job.problem, MODEL)
    seconds = job.limits.seconds if alone else DISPATCHING
    first, _ = DispatchEngine().construct(job.problem, replace(job.limits, seconds=seconds), channel)
    if alone:
        status: Status = "not_found" if channel.best is None else "feasible"
        return Result(status, channel.best, channel.objective, None)
    solve = solve_plain if job.problem.rules is None else solve_with_rules
    return solve(job.problem, channel.best or first, job.limits, channel, False)


if __name__ == "__main__":
    main(work)
