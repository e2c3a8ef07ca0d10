"""When a mode can run at the earliest and what must follow it, if the makespan is not to exceed a limit.

Everything only relaxes the problem: calendars count before an operation and not after it, reconfigurations not at all
here, what is fixed is at its earliest. So what is excluded here no schedule within the limit does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from scheduler.problem.makespan_edges import edges, only_resource
from scheduler.problem.problem import FAR, Problem
from scheduler.problem.timing import NEVER, Arrays, arrays, place

UNLIMITED = 1 << 50
"""A limit beyond every schedule."""
PASSES = 50
"""Rounds of tightening at most; each round is valid alone."""
IDLE = 400
"""Operations one after another that may be tried in vain before shaving is given up: it seldom helps large problems."""


class Net(NamedTuple):
    """What kernels read besides the windows: the problem, its operations in topological order, whether there is
    transport, the modes of resource r as at[at_first[r] : at_first[r + 1]], and the operation of each mode."""

    k: Arrays
    order: Any
    moves: Any
    at_first: Any
    at: Any
    owner: Any


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
        return bool(_tighten(self._net(), self.alive, self.head, self.tail, self._stamp(), limit))

    def shave(self, limit: int, going: Callable[[], bool]) -> bool:
        """Tightens further by trials, until nothing changes or `going` says no: a mode, or the first or last starts of
        an operation, are excluded where supposing them leaves nothing; False where no schedule is left.

        Source: Carlier, Pinson 1994; Martin, Shmoys 1996 (shaving).
        """
        state = (self._net(), self.alive, self.head, self.tail, self._stamp(), limit)
        idle, o = 0, 0  # operations since something changed
        if not _tighten(*state):
            return False
        while idle < min(self.problem.operations, IDLE) and going():
            changed = _shave(*state, o)
            if changed < 0 or (changed and not _tighten(*state)):
                return False
            idle = 0 if changed else idle + 1
            o = (o + 1) % self.problem.operations
        return True

    def _net(self) -> Net:
        return Net(self.k, self.order, self.moves, self.at_first, self.at, self.owner)

    def _stamp(self) -> np.ndarray:
        return np.full((self.problem.resources, 3), -1, dtype=np.int64)

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
def _stale(modes: Any, owner: Any, alive: Any, only: Any, here: Any, head: Any, tail: Any, stamp: Any) -> Any:
    """Whether anything on the resource changed since its stamp [3], which is renewed. Heads and tails only rise and
    modes only vanish, so equal sums are equal states."""
    sums = np.int64(0)
    live = 0
    bound = 0
    for m in modes:
        sums += head[m] + tail[m]
        if alive[m]:
            live += 1
            if only[owner[m]] == here:
                bound += 1
    if stamp[0] == sums and stamp[1] == live and stamp[2] == bound:
        return False
    stamp[0], stamp[1], stamp[2] = sums, live, bound
    return True


@njit(cache=True, nogil=True)
def _tighten(net: Any, alive: Any, head: Any, tail: Any, stamp: Any, limit: Any) -> Any:
    k, order, moves, at_first, at, owner = net
    only = np.empty(len(order), np.int64)
    for _ in range(PASSES):
        if not _heads(k, order, moves, alive, head):
            return False
        _tails(k, order, moves, alive, tail)
        changed = _excluded(k, alive, head, tail, limit)
        if changed < 0:
            return False
        if limit >= UNLIMITED:
            return True
        only_resource(k, alive, only)
        for r in range(len(at_first) - 1):
            modes = at[at_first[r] : at_first[r + 1]]
            if not _stale(modes, owner, alive, only, r, head, tail, stamp[r]):
                continue
            raised = edges(modes, owner, k.mode_duration, alive, only, r, head, tail, limit)
            if raised < 0:
                return False
            lowered = edges(modes, owner, k.mode_duration, alive, only, r, tail, head, limit)
            if lowered < 0:
                return False
            changed += raised + lowered
        if changed == 0:
            return True
    return True


@njit(cache=True, nogil=True)
def _possible(net: Any, alive: Any, head: Any, tail: Any, stamp: Any, limit: Any, o: Any, only: Any, first: Any,
              last: Any) -> Any:
    """Whether tightening leaves anything if operation o takes mode `only` (-1: any) and starts from `first` to `last`;
    all arrays stay as they are."""
    k = net.k
    here, begin, rest = alive.copy(), head.copy(), tail.copy()
    for m in range(k.mode_first[o], k.mode_first[o + 1]):
        if only >= 0 and m != only:
            here[m] = False
        begin[m] = max(begin[m], first)
        rest[m] = max(rest[m], limit - last - k.mode_duration[m])
    return _tighten(net, here, begin, rest, stamp.copy(), limit)


@njit(cache=True, nogil=True)
def _shave(net: Any, alive: Any, head: Any, tail: Any, stamp: Any, limit: Any, o: Any) -> Any:
    """Excludes modes and starts of operation o that tightening refutes, in place. Returns how many steps; -1 where
    nothing is left."""
    k = net.k
    first, last = k.mode_first[o], k.mode_first[o + 1]
    low = np.int64(1 << 60)
    high = np.int64(-1)
    modes = 0
    for m in range(first, last):
        modes += alive[m]
    changed = 0
    for m in range(first, last):
        if alive[m] and modes > 1 and not _possible(net, alive, head, tail, stamp, limit, o, m, 0, limit):
            alive[m] = False
            changed += 1
    for m in range(first, last):
        if alive[m]:
            low = min(low, head[m])
            high = max(high, limit - tail[m] - k.mode_duration[m])
    for side in range(2):
        step = 1
        growing = True
        while low <= high:
            if step > high - low:
                if step == 1:
                    break
                step, growing = step // 2, False
                continue
            a, b = (low, low + step - 1) if side == 0 else (high - step + 1, high)
            if _possible(net, alive, head, tail, stamp, limit, o, -1, a, b):
                if step == 1:
                    break
                step, growing = step // 2, False
                continue
            changed += 1
            if side == 0:
                low = b + 1
            else:
                high = a - 1
            for m in range(first, last):
                head[m] = max(head[m], low)
                tail[m] = max(tail[m], limit - high - k.mode_duration[m])
            step = step * 2 if growing else max(1, step // 2)
    return changed if low <= high else -1
