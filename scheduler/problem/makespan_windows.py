"""When a mode can run at the earliest and what must follow it, if the makespan is not to exceed a limit.

Everything only relaxes the problem: calendars count before an operation and not after it, reconfigurations not at all
here, what is fixed is at its earliest. So what is excluded here no schedule within the limit does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scheduler.problem.makespan_edges import edges, only_resource
from scheduler.problem.problem import FAR, Problem
from scheduler.problem.timing import NEVER, Arrays, arrays, place

UNLIMITED = 1 << 50
"""A limit beyond every schedule."""
PASSES = 50
"""Rounds of tightening at most; each round is valid alone."""


class Windows:
    """Modes that are alive, and per mode the least tick it can start at and the least ticks from its end to the end of
    the whole schedule.

    alive [M] bool; head, tail [M] ticks. `tighten` changes them in place.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.k: Arrays = arrays(problem)
        self.order = topological(problem)
        modes = len(problem.mode_resource)
        self.alive = np.ones(modes, dtype=np.bool_)
        self.owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
        fixed = self.k.fixed_mode[self.owner]
        self.alive &= (fixed < 0) | (fixed == np.arange(modes))
        self.head = np.zeros(modes, dtype=np.int64)
        self.tail = np.zeros(modes, dtype=np.int64)
        self.moves = bool(problem.transport.any())
        self.at = np.argsort(problem.mode_resource, kind="stable")
        self.at_first = np.searchsorted(problem.mode_resource[self.at], np.arange(problem.resources + 1))

    def copy(self) -> Windows:
        """The same windows, to be tightened apart."""
        other = object.__new__(Windows)
        other.__dict__.update(self.__dict__)
        other.alive, other.head, other.tail = self.alive.copy(), self.head.copy(), self.tail.copy()
        return other

    def tighten(self, limit: int) -> bool:
        """Tightens for schedules with a makespan of at most `limit` ticks until nothing changes; False where there are
        none.

        Longest paths, and per resource edge finding with the operations that have no other resource (Carlier, Pinson
        1989; Baptiste, Le Pape, Nuijten 2001), in both directions, for their own modes and for those that are only
        possible.
        """
        return bool(_tighten(self.k, self.order, self.moves, self.at_first, self.at, self.owner, self.alive, self.head,
                             self.tail, limit))

    def least(self) -> int:
        """The longest path: no schedule is shorter, ticks."""
        if not len(self.head):
            return 0
        through = np.where(self.alive, self.head + self.problem.mode_duration + self.tail, FAR)
        return int(np.minimum.reduceat(through, self.problem.mode_first[:-1]).max())


def topological(problem: Problem) -> np.ndarray:
    """Operations so that predecessors come first, [n]."""
    order = np.empty(problem.operations, dtype=np.int64)
    if _topological(problem.pred_first, problem.succ_first, problem.succ, order) < problem.operations:
        raise ValueError("the operations wait for one another in a circle; remove an arc of it")
    return order


@njit(cache=True, nogil=True)
def _topological(pred_first: Any, succ_first: Any, succ: Any, order: Any) -> Any:
    n = len(order)
    degree = pred_first[1:] - pred_first[:-1]
    count = 0
    for o in range(n):
        if degree[o] == 0:
            order[count] = o
            count += 1
    done = 0
    while done < count:
        o = order[done]
        done += 1
        for z in range(succ_first[o], succ_first[o + 1]):
            degree[succ[z]] -= 1
            if degree[succ[z]] == 0:
                order[count] = succ[z]
                count += 1
    return count


@njit(cache=True, nogil=True)
def _heads(k: Any, order: Any, moves: Any, alive: Any, head: Any) -> Any:
    """Raises heads along the arcs, in place; False where an operation is left without a mode or a calendar ends."""
    n = len(order)
    least = np.empty(n, np.int64)
    for i in range(n):
        o = order[i]
        base = max(k.release[o], k.fixed_start[o])
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            base = max(base, least[k.pred[z]])
        best = NEVER
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            if not alive[m]:
                continue
            t = max(base, head[m])
            if moves:
                for z in range(k.pred_first[o], k.pred_first[o + 1]):
                    p = k.pred[z]
                    ready = NEVER
                    for x in range(k.mode_first[p], k.mode_first[p + 1]):
                        if alive[x]:
                            lag = k.transport[k.location[k.mode_resource[x]], k.location[k.mode_resource[m]]]
                            ready = min(ready, head[x] + k.mode_duration[x] + lag)
                    t = max(t, ready)
            start, _ = place(k, k.calendar[k.mode_resource[m]], t, 0, k.mode_duration[m])
            if start >= NEVER:
                alive[m] = False
                continue
            head[m] = start
            best = min(best, start + k.mode_duration[m])
        if best >= NEVER:
            return False
        least[o] = best
    return True


@njit(cache=True, nogil=True)
def _tails(k: Any, order: Any, moves: Any, alive: Any, tail: Any) -> None:
    n = len(order)
    least = np.empty(n, np.int64)
    for i in range(n - 1, -1, -1):
        o = order[i]
        base = 0
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            base = max(base, least[k.succ[z]])
        best = NEVER
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            if not alive[m]:
                continue
            t = max(base, tail[m])
            if moves:
                for z in range(k.succ_first[o], k.succ_first[o + 1]):
                    s = k.succ[z]
                    after = NEVER
                    for x in range(k.mode_first[s], k.mode_first[s + 1]):
                        if alive[x]:
                            lag = k.transport[k.location[k.mode_resource[m]], k.location[k.mode_resource[x]]]
                            after = min(after, lag + k.mode_duration[x] + tail[x])
                    t = max(t, after)
            tail[m] = t
            best = min(best, k.mode_duration[m] + t)
        least[o] = best


@njit(cache=True, nogil=True)
def _excluded(k: Any, alive: Any, head: Any, tail: Any, limit: Any) -> Any:
    """Modes that do not fit the limit are no longer alive. Returns how many; -1 where an operation has none left."""
    count = 0
    for o in range(len(k.release)):
        left = 0
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            if alive[m]:
                if head[m] + k.mode_duration[m] + tail[m] > limit:
                    alive[m] = False
                    count += 1
                else:
                    left += 1
        if left == 0:
            return -1
    return count


@njit(cache=True, nogil=True)
def _tighten(k: Any, order: Any, moves: Any, at_first: Any, at: Any, owner: Any, alive: Any, head: Any, tail: Any,
             limit: Any) -> Any:
    forced = np.empty(len(order), np.int64)
    for _ in range(PASSES):
        if not _heads(k, order, moves, alive, head):
            return False
        _tails(k, order, moves, alive, tail)
        changed = _excluded(k, alive, head, tail, limit)
        if changed < 0:
            return False
        if limit >= UNLIMITED:
            return True
        only_resource(k, alive, forced)
        for r in range(len(at_first) - 1):
            modes = at[at_first[r] : at_first[r + 1]]
            raised = edges(modes, owner, k.mode_duration, alive, forced, r, head, tail, limit)
            if raised < 0:
                return False
            lowered = edges(modes, owner, k.mode_duration, alive, forced, r, tail, head, limit)
            if lowered < 0:
                return False
            changed += raised + lowered
        if changed == 0:
            return True
    return True
