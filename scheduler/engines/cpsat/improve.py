"""Neighbourhood search with CP-SAT: a part of the best schedule is freed, the rest keeps its modes and its order on the
resources, not its times (partial-order relaxation), and only better schedules are looked for.

Runs in the solver's own process.
Sources: Shaw 1998; Godard, Laborie, Nuijten 2005 (partial-order relaxation); Laborie, Godard 2007.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

import numpy as np

from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.cpsat.budget import Clock, Effort
from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.model import SEARCHED, build
from scheduler.engines.cpsat.neighbourhoods import Chooser
from scheduler.engines.cpsat.progress import Run
from scheduler.engines.cpsat.search import run
from scheduler.engines.cpsat.spans import spans
from scheduler.engines.cpsat.verify import fault
from scheduler.problem.problem import MEASURES, Problem, Solution

SECONDS = 4.0
"""Most that a neighbourhood may take: seconds, where work is slow."""
WORK = 0.02
"""The same in units of deterministic work, which measures sizes alike on any machine."""
LEAST = 0.002
"""Units of work that a neighbourhood counts at least: the model has to be built too."""
NAME = "neighbourhoods"


def improve(problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
    """Improves a schedule of a problem without rules within the limits, also one that others find meanwhile (unless
    work must repeat exactly). Claims no bound. not_found where there is no schedule to begin with."""
    facts = Facts(problem)
    run_ = Run(problem, partial(fault, facts), limits, channel, Clock(limits.seconds, limits.deterministic))
    run_.know(channel)
    if start is not None and not run_.fault(start):
        run_.take(start, "start")
    if run_.best is None or not problem.operations:
        return run_.concluded()
    chooser = Chooser(problem, np.random.default_rng(limits.seed))
    while not run_.ended():
        _adopt(run_)
        _step(run_, chooser)
    return run_.concluded()


def _adopt(run_: Run) -> None:
    """Goes on from what others found, where that is better."""
    best, value, _, _ = run_.channel.known()
    if run_.limits.deterministic is None and best is not None and value is not None and (
            run_.value is None or value < run_.value):
        run_.best, run_.value = best, value


def _step(run_: Run, chooser: Chooser) -> None:
    """One neighbourhood, at one of the levels, those before it no worse."""
    assert run_.best is not None
    assert run_.value is not None
    before = run_.value
    name, free = chooser.choose(run_.best)
    level = int(chooser.random.integers(len(run_.problem.levels)))
    caps = [*before[:level], before[level] - 1]
    used = 0.0 if caps[level] < 0 else _search(run_, chooser, free, caps)
    chooser.learn(name, run_.value != before, used)


def _search(run_: Run, chooser: Chooser, free: np.ndarray, caps: list[int]) -> float:
    """Looks for the best at the level of the last of `caps` within a neighbourhood of the best schedule, no level above
    its cap. Returns the share of the work it may do that was done, 1 where that did not suffice to search it to the
    end."""
    problem, now, level = run_.problem, run_.best, len(caps) - 1
    assert now is not None
    kept = rows(problem, now, ~free)
    facts = Facts(loosened(problem, now, free, kept))
    facts.keep([[int(now.mode[o]) for o in row] for row in kept])
    limits = facts.caps()
    for k, cap in enumerate(caps):
        i = MEASURES.index(problem.levels[k])
        limits[i] = min(limits[i], cap)
    span = spans(facts, limits, facts.money_counts(), int(now.end.max(initial=0)) + 1)
    draft = build(facts, span, limits, problem.levels[level], now, stopped=run_.ended, families=SEARCHED)
    if run_.ended():
        return 1.0
    left, work = run_.clock.share(1.0)
    effort = Effort(min(SECONDS, left), WORK if work is None else min(WORK, work), 0.0,
                    int(chooser.random.integers(1 << 30)), 1, brief=True)
    outcome = run(draft, effort, run_.stopped, partial(run_.take, source=NAME), lambda _: None)
    run_.clock.spend(max(outcome.work, LEAST))
    return min(0.99, outcome.work / WORK) if outcome.status in ("optimal", "infeasible") else 1.0


def loosened(problem: Problem, now: Solution, free: np.ndarray, kept: list[list[int]]) -> Problem:
    """The problem with the modes of what is not free fixed, its order on each resource (`kept`) as precedence, and its
    start too where it is over before anything free begins."""
    over = ~free & (now.end <= now.start[free].min(initial=NEVER))
    fixed_mode = np.where(free, problem.fixed_mode if len(problem.fixed_mode) else -1, now.mode)
    fixed_start = np.where(over, now.start, problem.fixed_start if len(problem.fixed_start) else -1)
    after = np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))
    pairs = np.array([p for row in kept for p in itertools.pairwise(row)], dtype=np.int64)
    pairs = np.concatenate((np.stack((problem.pred, after), axis=1), pairs.reshape(-1, 2)))
    pairs = np.unique(pairs, axis=0)
    by_after = pairs[np.argsort(pairs[:, 1], kind="stable")]
    count = np.arange(problem.operations + 1)
    return replace(problem, fixed_mode=fixed_mode, fixed_start=fixed_start,
                   pred=by_after[:, 0].copy(), pred_first=np.searchsorted(by_after[:, 1], count),
                   succ=pairs[:, 1].copy(), succ_first=np.searchsorted(pairs[:, 0], count))


def rows(problem: Problem, now: Solution, wanted: np.ndarray) -> list[list[int]]:
    """The wanted operations of each resource in their order."""
    on = problem.mode_resource[now.mode]
    found: list[list[int]] = [[] for _ in range(problem.resources)]
    for o in np.lexsort((now.rank, on)).tolist():
        if wanted[o]:
            found[on[o]].append(o)
    return found
