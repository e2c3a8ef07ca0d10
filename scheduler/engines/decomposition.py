"""Annealing of one large schedule by several workers at once, each in a window of time or on a group of resources.

A round cuts the schedule into a part for each worker. Each may move the operations of its own part only, within and
among the resources' sequences there; it sees the whole schedule and counts what its moves do to everything else. Then
the sequences of all parts are put together and timed anew; where those of one worker alone are better than all
together, only they are taken. The temperature falls over the rounds as in annealing.

Windows are cut at the starts of operations. What begins before a cut never waits for what begins behind it, so parts
put together make no circle. The cuts wander from round to round, so that everything can move everywhere. In every
other round, where there are such, parts are groups of resources no operation can leave, each drawn to a worker; those
may make a circle, and then the best worker's part alone is taken.

Against as many independent runs, each operation is moved as often as if a single run had all the time.
Sources: Verhoeven, Aarts 1995 (parallel local search by parts of one schedule); annealing.py.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from scheduler.engines.annealing import CHUNK, COLD, HOT, MOVES_PER_UNIT, Search
from scheduler.engines.annealing_state import Part
from scheduler.engines.contract import Channel, Limits, Result
from scheduler.engines.dispatch import DispatchEngine, broken_by
from scheduler.problem.evaluate import levels_of, missed_deadlines
from scheduler.problem.problem import Problem, Solution

ROUND_SECONDS = 0.5
PER_OPERATION = 4e-5
"""Seconds more of a round for each operation: putting it together takes longer, too."""
MOST = 1.5
"""Fair shares of the operations that the largest group may have."""
WANDER = 0.3
"""Share of a window by which its cuts move at random."""


class PartsEngine:
    """Annealing in parts from `start`, or from the best dispatching rule. Never claims a bound of its own.

    executor: where the workers run; threads unless given, as kernels release the interpreter. What is submitted and
    what comes back can be pickled.
    """

    name = "parts"

    def __init__(self, executor: Executor | None = None, hot: float = HOT) -> None:
        self.executor, self.hot = executor, hot

    def solve(self, problem: Problem, start: Solution | None, limits: Limits, channel: Channel) -> Result:
        """For problems without rules; ValueError for others."""
        if problem.rules is not None:
            raise ValueError("annealing in parts is for problems without rules")
        opened = channel.seconds()
        if start is None:
            start, _ = DispatchEngine().construct(problem, limits, channel)
        if start is None:
            return Result("not_found", None, None, None, trace=tuple(channel.trace))
        whole = Search(problem, start, limits.seed)
        given = nullcontext(self.executor) if self.executor else ThreadPoolExecutor(max(1, limits.workers))
        with given as executor:
            assert executor is not None
            self._run(whole, executor, limits, channel, opened)
        objective = levels_of(problem, whole.measures)
        if broken_by(problem, whole.best, whole.measures):
            return Result("not_found", whole.best, objective, None, missed=missed_deadlines(problem, whole.best),
                          trace=tuple(channel.trace))
        return Result("feasible", whole.best, objective, None, trace=tuple(channel.trace))

    def _run(self, whole: Search, executor: Executor, limits: Limits, channel: Channel, opened: float) -> None:
        workers = max(1, limits.workers)
        luck = np.random.default_rng(limits.seed)
        searches = [Search(whole.problem, whole.best, limits.seed * 1000 + i) for i in range(workers)]
        length = ROUND_SECONDS + PER_OPERATION * whole.problem.operations
        budget = None if limits.deterministic is None else max(1, int(limits.deterministic * MOVES_PER_UNIT))
        group, turn = groups(whole.problem, workers), 0
        while True:
            left = limits.seconds - channel.seconds() + opened
            done = 1 - left / limits.seconds if budget is None else whole.moves / budget
            gap = channel.gap() if len(whole.problem.levels) == 1 else None
            if left <= 0 or done >= 1 or channel.stop.is_set() or (gap is not None and gap <= limits.target_gap):
                break
            work = Work(self.hot * (COLD / self.hot) ** max(0.0, done), min(length, left),
                        None if budget is None else min(CHUNK, budget - whole.moves) // workers + 1)
            turn += 1
            part_of = by_groups(group, workers, luck) if group is not None and turn % 2 else windows(
                whole, workers, luck)
            for i, search in enumerate(searches):
                confine(search, whole, part_of, i)
            tasks = [executor.submit(anneal_part, search, work) for search in searches]
            searches = [task.result() for task in tasks]
            join(whole, searches, part_of)
            whole.publish(channel, self.name)
        whole.publish(channel, self.name, force=True)


@dataclass(frozen=True)
class Work:
    """What a worker does in a round: at one temperature, so many seconds, or so many moves where these are given."""

    temperature: float
    seconds: float
    moves: int | None = None


def windows(search: Search, number: int, luck: np.random.Generator) -> np.ndarray:
    """The window of each operation, by the start it has now: about equally many in each, cut at random near there."""
    start = search.state.start
    shares = (np.arange(1, number) + luck.uniform(-WANDER, WANDER, number - 1)) / number
    return np.searchsorted(np.quantile(start, shares, method="nearest"), start, side="right") if number > 1 else (
        np.zeros(len(start), dtype=np.int64))


def groups(problem: Problem, number: int) -> np.ndarray | None:
    """The group of resources of each operation: what shares an operation by any of its modes is in one. None where a
    part would be more than MOST of a fair share whatever is drawn."""
    first, resource = problem.mode_first, problem.mode_resource
    owner = np.repeat(np.arange(problem.operations), np.diff(first))
    label = np.arange(problem.resources)
    before = label[:0]
    while not np.array_equal(label, before):
        before = label.copy()
        np.minimum.at(label, resource, np.minimum.reduceat(label[resource], first[:-1])[owner])
    found: np.ndarray = label[resource[first[:-1]]]
    fits = number > 1 and np.bincount(found).max() * number <= MOST * problem.operations
    return found if fits else None


def by_groups(group: np.ndarray, number: int, luck: np.random.Generator) -> np.ndarray:
    """The part of each operation, by its group: in a drawn order each goes to the worker that has least."""
    size = np.bincount(group)
    part, load = np.zeros(len(size), dtype=np.int64), np.zeros(number, dtype=np.int64)
    for i in luck.permutation(len(size)).tolist():
        part[i] = int(load.argmin())
        load[part[i]] += size[i]
    found: np.ndarray = part[group]
    return found


def confine(search: Search, whole: Search, part_of: np.ndarray, own: int) -> None:
    """Puts a worker on the state of the whole, in its part."""
    search.go(whole.state.mode, whole.state.position)
    resource = search.problem.mode_resource[search.state.mode]
    before, after = (np.bincount(resource[side], minlength=search.problem.resources)
                     for side in (part_of < own, part_of > own))
    search.part = Part(np.flatnonzero(part_of == own), before, after)
    search.best_value = search.now


def anneal_part(search: Search, work: Work) -> Search:
    """One round of a worker."""
    clock = Channel()
    if work.moves is not None:
        search.step(work.temperature, work.moves, clock, timed_chunks=False)
        return search
    while clock.seconds() < work.seconds:
        search.step(work.temperature, search.chunk, clock, timed_chunks=True)
    return search


def join(whole: Search, searches: list[Search], part_of: np.ndarray) -> None:
    """Puts the whole on what the workers made of their parts, and notes it where it is the best so far; leaves it
    where it was if all together the parts reach beyond the end of a calendar."""
    before = whole.state
    mode, place = np.empty_like(whole.state.mode), np.empty_like(whole.state.position)
    for i, search in enumerate(searches):
        own = part_of == i
        mode[own], place[own] = search.state.mode[own], search.state.position[own]
        whole.moves += search.moves
        search.moves = 0
    resource = whole.problem.mode_resource[mode]
    order = np.lexsort((place, part_of, resource))
    size = np.bincount(resource, minlength=whole.problem.resources)
    first = np.cumsum(size) - size
    position = np.empty_like(place)
    position[order] = np.arange(len(order)) - first[resource[order]]
    alone = min(searches, key=lambda search: search.now)
    try:
        whole.go(mode, position)
    except ValueError:
        whole.go(before.mode, before.position)
    if whole.now > alone.now:
        whole.go(alone.state.mode, alone.state.position)
    if whole.now < whole.best_value:
        whole.best_value, whole.fresh = whole.now, True
        whole.best_mode[:], whole.best_position[:] = whole.state.mode, whole.state.position
