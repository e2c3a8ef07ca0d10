"""The order in which the kernel must place the operations of a schedule to build that schedule again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

import numpy as np

from scheduler.problem.problem import Problem, Solution
from scheduler.problem.ruled import rules_of
from scheduler.problem.serial.blocks import blocks_of


def sequence(problem: Problem, solution: Solution) -> np.ndarray:
    """Place of each operation, [n]: by start as far as blocks allow, but behind what precedes it, what runs before it
    on its resource, and what gives back the last fixture or the last place among the orders that it takes. Where these
    form a circle (the schedule was not made from a list), only what precedes counts."""
    block, first, _ = blocks_of(problem)
    blocks, start = len(first) - 1, np.full(len(first) - 1, np.iinfo(np.int64).max)
    there = np.flatnonzero(solution.mode >= 0)
    np.minimum.at(start, block[there], solution.start[there])
    after: list[dict[int, bool]] = [{} for _ in range(blocks)]
    _add(after, block, True, _arcs(problem))
    _add(after, block, False, _resources(problem, solution))
    place = np.zeros(blocks, dtype=np.int64)
    place[list(_sorted(after, start.tolist()))] = np.arange(blocks)
    _add(after, block, False, _holds(problem, solution, place[block]))
    _add(after, block, False, _orders(problem, solution, place[block]))
    place[list(_sorted(after, start.tolist()))] = np.arange(blocks)
    order = np.lexsort((np.arange(len(block)), solution.rank, solution.end, solution.start, place[block]))
    found = np.empty(len(block), dtype=np.int64)
    found[order] = np.arange(len(block))
    return found


def _add(after: list[dict[int, bool]], block: np.ndarray, must: bool, pairs: Iterator[tuple[int, int]]) -> None:
    for a, b in pairs:
        x, y = int(block[a]), int(block[b])
        if x != y:
            after[x].setdefault(y, must)


def _sorted(after: list[dict[int, bool]], start: list[int]) -> Iterator[int]:
    """Blocks, the earliest first, behind those before them; one that only wishes to wait may go where nothing else
    can."""
    hard, wish = [0] * len(after), [0] * len(after)
    for followers in after:
        for b, must in followers.items():
            hard[b] += must
            wish[b] += not must
    free: list[tuple[int, int]] = []
    early: list[tuple[int, int]] = []
    done = [False] * len(after)
    for b in range(len(after)):
        if not hard[b]:
            heappush(free if not wish[b] else early, (start[b], b))
    while free or early:
        _, b = heappop(free or early)
        if done[b]:
            continue
        done[b] = True
        yield b
        for c, must in after[b].items():
            hard[c] -= must
            wish[c] -= not must
            if not hard[c] and not done[c]:
                heappush(free if not wish[c] else early, (start[c], c))


def _arcs(problem: Problem) -> Iterator[tuple[int, int]]:
    target = np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))
    return zip(problem.pred.tolist(), target.tolist())


def _resources(problem: Problem, solution: Solution) -> Iterator[tuple[int, int]]:
    """Operations that follow one another on a limited resource; members of a batch follow their leader,
    and all of them those of the one before."""
    rules = rules_of(problem)
    there = np.flatnonzero(solution.mode >= 0)
    resource = problem.mode_resource[solution.mode[there]]
    order = there[np.lexsort((solution.rank[there], resource))]
    batch = np.arange(problem.operations) if solution.extra is None else np.where(
        solution.extra.batch >= 0, solution.extra.batch, np.arange(problem.operations))
    before: list[int] = []
    group: list[int] = []
    last = -1
    for o in order.tolist():
        r = int(problem.mode_resource[solution.mode[o]])
        if rules.unlimited[r]:
            continue
        if r != last:
            before, group, last = [], [o], r
        elif batch[o] == batch[group[0]]:
            yield group[0], o
            group.append(o)
        else:
            before, group = group, [o]
        for a in before:
            yield a, o


def _holds(problem: Problem, solution: Solution, place: np.ndarray) -> Iterator[tuple[int, int]]:
    """Who gives back a held fixture, and who takes that very one next."""
    rules = rules_of(problem)
    prepared = solution.start if solution.extra is None else solution.extra.prepare_start
    for pool in np.unique(rules.hold_pool).tolist():
        taken = [(int(prepared[a]), int(place[a]), int(solution.end[b]), a, (b,), q) for a, b, p, q in zip(
            rules.hold_from.tolist(), rules.hold_to.tolist(), rules.hold_pool.tolist(), rules.hold_quantity.tolist())
            if p == pool and a != b and solution.mode[a] >= 0 and solution.mode[b] >= 0]
        yield from _handed_over(taken, _capacity(problem, pool))


def _orders(problem: Problem, solution: Solution, place: np.ndarray) -> Iterator[tuple[int, int]]:
    """The operations of an order in work that ends, and the first one of the order that begins for it."""
    rules = rules_of(problem)
    if rules.job_pool < 0:
        return
    own = np.flatnonzero((problem.account < problem.jobs) & ~rules.supply & (solution.mode >= 0))
    jobs: dict[int, list[int]] = {}
    for o in own[np.argsort(solution.start[own], kind="stable")].tolist():
        jobs.setdefault(int(problem.account[o]), []).append(o)
    taken = [(int(solution.start[ops[0]]), int(place[ops].min()), max(int(solution.end[o]) for o in ops), ops[0],
              tuple(ops), 1) for ops in jobs.values()]
    yield from _handed_over(taken, _capacity(problem, rules.job_pool))


def _capacity(problem: Problem, pool: int) -> int:
    rules = rules_of(problem)
    return int(rules.pool_capacity[rules.pool_first[pool]: rules.pool_first[pool + 1]].max())


def _handed_over(taken: Sequence[tuple[int, int, int, int, tuple[int, ...], int]], capacity: int) -> Iterator[
        tuple[int, int]]:
    """taken: (from, place in the order, to, who takes, who together give back, how many). What was never taken goes
    first, then what was given back first."""
    free: deque[tuple[int, ...]] = deque([()] * capacity)
    out: list[tuple[int, tuple[int, ...], int]] = []
    for since, _, until, taker, givers, many in sorted(taken):
        while out and out[0][0] <= since:
            _, givers_before, count = heappop(out)
            free.extend([givers_before] * count)
        for _ in range(min(many, len(free))):
            for giver in free.popleft():
                yield giver, taker
        heappush(out, (until, givers, many))
