"""What one call of solve knows so far: the best schedule, the best bound, what is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from scheduler.engines.contract import Channel, Conflict, Limits, Result, Status
from scheduler.engines.cpsat.budget import Clock
from scheduler.problem.evaluate import objective
from scheduler.problem.problem import Problem, Solution

LEVEL_SHARE = 0.7
"""Part of what is left that a level may use while others follow."""
FOCUS = 1.25
"""Where nothing can be proved, schedules up to this many times as long as the best one are looked at."""
NAME = "cpsat"


@dataclass(eq=False)
class Run:
    """What one call of solve knows so far. fault: the first broken rule of a schedule, '' where all hold."""

    problem: Problem
    fault: Callable[[Solution], str]
    limits: Limits
    channel: Channel
    clock: Clock
    best: Solution | None = None
    value: tuple[int, ...] | None = None
    bound: float = 0.0
    bound_source: str = ""
    proven: list[bool] = field(default_factory=list)
    sound: bool = False
    """Whether the last model's horizon cuts off nothing."""
    plain: bool = False
    """Whether this is a second try, as in Effort."""

    def take(self, solution: Solution, source: str = NAME) -> None:
        """Takes a solution of the model if it holds and is better; a wrong one is traced and dropped."""
        if wrong := self.fault(solution):
            self.channel.note(f"{source}: dropped, {wrong}")
            return
        value = objective(self.problem, solution)
        if self.value is None or value < self.value:
            self.best, self.value = solution, value
            self.channel.offer(solution, value, source)

    def take_bound(self, bound: float, source: str = NAME) -> None:
        """Takes a valid bound of the first level (whole units) if it is better."""
        whole = ceil(bound - 1e-6)
        if self.value is not None:
            whole = min(whole, self.value[0])
        if whole > self.bound or self.bound_source == "":
            self.bound, self.bound_source = whole, source
            self.channel.offer_bound(whole, source)

    def know(self, channel: Channel) -> None:
        """Takes over the bound that is known already."""
        if channel.bound is not None:
            self.bound, self.bound_source = channel.bound, channel.bound_source

    def through_levels(self, start: Solution | None, solve: Callable[[int], str]) -> bool:
        """Solves one level after the other, from what is known; False where `solve` says that there is no schedule."""
        self.know(self.channel)
        if start is not None and not self.fault(start):
            self.take(start, "start")
        for level in range(len(self.problem.levels)):
            if self.ended():
                self.proven.append(reached(self, level, None))
                break
            if solve(level) == "infeasible":
                return False
        return True

    def stopped(self) -> bool:
        """Whether somebody asks to end: the stop event, or (unless work must repeat exactly) a gap closed by others."""
        if self.channel.stop.is_set():
            return True
        gap = None if self.limits.deterministic is not None else self.channel.gap()
        return gap is not None and len(self.problem.levels) == 1 and gap <= self.limits.target_gap

    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self.stopped() or self.clock.over()

    def concluded(self) -> Result:
        """The result once all levels were tried, or none could be: a bound known before may prove the first."""
        if self.best is None:
            return self.result("not_found")
        if not self.proven:
            self.proven.append(reached(self, 0, None))
        optimal = len(self.proven) == len(self.problem.levels) and all(self.proven)
        return self.result("optimal" if optimal else "feasible")

    def result(self, status: Status, conflict: Conflict | None = None) -> Result:
        return Result(status, self.best, self.value, self.bound, self.bound_source, conflict, (),
                      tuple(self.channel.trace), tuple(self.channel.failures))


def reached(run_: Run, level: int, bound: float | None) -> bool:
    """Whether no schedule is better at this level: by this model's bound, at the first level by any bound we have."""
    if run_.value is None:
        return False
    if level == 0 and run_.bound >= run_.value[0]:
        return True
    return bound is not None and ceil(bound - 1e-6) >= run_.value[level]
