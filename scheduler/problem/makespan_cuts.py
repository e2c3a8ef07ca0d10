"""Cuts of the linear program of the makespan: loads of resources between two thresholds, and paths.

Load: in a schedule of makespan C a resource works between r and C - t at least, for each of its modes, what is left of
its duration when it starts at its head or ends at its tail: r + sum of that x mode + t <= C. With all modes that lie
inside whole this is the bound of Carlier 1982; parts are the energy of Erschler, Lopez 1992.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scheduler.problem.linear_program import Cuts
from scheduler.problem.makespan_edges import ordered
from scheduler.problem.makespan_windows import Windows
from scheduler.problem.problem import FAR, Problem

SUPPORT = 1e-9
VIOLATED = 1e-6
"""Relative violation from which a cut is worth adding."""
PER_RESOURCE = 4
ENERGY = 160
"""Modes in use on a resource up to which pairs of thresholds are judged by energy, which takes the cube of them."""


def least_setups(problem: Problem) -> np.ndarray:
    """Least reconfiguration time before each mode, if anything ran before it on its resource, ticks, [M]."""
    found = np.zeros(len(problem.mode_resource), dtype=np.int64)
    if not problem.setup_time.any():
        return found
    owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
    for r in range(problem.resources):
        here = np.flatnonzero(problem.mode_resource == r)
        s = int(problem.states[r])
        times = problem.setup_time[problem.setup_first[r] : problem.setup_first[r] + s * s].reshape(s, s)
        if len(here) < 2 or not times.any():
            continue
        pairs = np.unique(np.stack((problem.mode_state[here], owner[here]), axis=1), axis=0)
        users = np.bincount(pairs[:, 0], minlength=s)  # operations that may leave the resource in each state
        into = np.where(users[:, None] > 0, times, FAR)
        best = into.min(axis=0)
        by_owner = np.split(here, np.flatnonzero(np.diff(owner[here])) + 1)
        for modes in by_owner:
            own = np.unique(problem.mode_state[modes])
            alone = own[users[own] == 1]  # nobody else leaves it in these states
            least = np.delete(into, alone, axis=0).min(axis=0, initial=FAR) if len(alone) else best
            value = least[problem.mode_state[modes]]
            found[modes] = np.where(value < FAR, value, 0)
    return found


class Separation:
    """Finds cuts that a fractional solution violates. setup [M]: see least_setups."""

    def __init__(self, windows: Windows, setup: np.ndarray) -> None:
        self.w, self.setup = windows, setup
        self.resources = windows.problem.resources

    def loads(self, share: np.ndarray, value: float, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Resource, r and t of load cuts that the shares violate at C = value, most violated first per resource."""
        w = self.w
        resource, r, t = _separate(w.at_first, w.at, w.problem.mode_duration + self.setup, w.alive, w.head, w.tail,
                                   share, value, least)
        return resource, r, t

    def cuts(self, resource: np.ndarray, r: np.ndarray, t: np.ndarray, least: int) -> Cuts:
        """The load cuts of these thresholds; least: a bound of the makespan, with r + t <= least in each."""
        w = self.w
        constant, first, mode, coefficient = _energy(w.at_first, w.at, w.problem.mode_duration, self.setup, w.alive,
                                                     w.head, w.tail, resource, r, t, least)
        return Cuts(constant, np.ones(len(constant), np.int64), first, mode, coefficient)

    def paths(self, share: np.ndarray, value: float) -> Cuts:
        """Paths of operations, by the durations of the shares, longer than `value`: at most one to each last
        operation."""
        w = self.w
        constant, first, mode, coefficient = _paths(w.k, w.order, w.moves, w.alive, w.head, w.tail, share,
                                                    value * (1 + VIOLATED))
        return Cuts(constant, np.ones(len(constant), np.int64), first, mode, coefficient)


@njit(cache=True, nogil=True)
def _left(duration: Any, head: Any, tail: Any, r: Any, t: Any, room: Any) -> Any:
    """Ticks that a mode works at least between r and t from the end, if there is that much room for its part."""
    out = max(r - head, t - tail)
    return duration if out <= 0 else max(0, min(room, duration - out))


@njit(cache=True, nogil=True)
def _by_energy(r: Any, used: Any, share: Any, by_tail: Any, least: Any) -> Any:
    """(value, t) of the most violated load cut from r on, over all t, in the square of the modes in use.

    used [3, size]: their heads, tails, durations; share [size]; by_tail: their order.
    """
    size = len(share)
    best = 0.0
    best_t = np.int64(0)
    for y in range(size):
        t = used[1, by_tail[y]]
        if r + t > least:
            break
        if y > 0 and t == used[1, by_tail[y - 1]]:
            continue
        load = 0.0
        for j in range(size):
            load += share[j] * _left(used[2, j], used[0, j], used[1, j], r, t, least - r - t)
        if r + load + t > best:
            best, best_t = r + load + t, t
    return best, best_t


@njit(cache=True, nogil=True)
def _by_load(r: Any, used: Any, share: Any, by_tail: Any, least: Any) -> Any:
    """The same counting only modes that lie inside whole, in one sweep."""
    best = 0.0
    best_t = np.int64(0)
    load = 0.0
    for y in range(len(share) - 1, -1, -1):
        j = by_tail[y]
        if used[0, j] >= r:
            load += share[j] * used[2, j]
            if r + used[1, j] <= least and r + load + used[1, j] > best:
                best, best_t = r + load + used[1, j], used[1, j]
    return best, best_t


@njit(cache=True, nogil=True)
def _separate(at_first: Any, at: Any, duration: Any, alive: Any, head: Any, tail: Any, share: Any, value: Any,
              least: Any) -> Any:
    resources = len(at_first) - 1
    found = np.empty((3, resources * PER_RESOURCE), np.int64)
    count = 0
    for k in range(resources):
        most = at_first[k + 1] - at_first[k]
        used = np.empty((3, most), np.int64)
        x = np.empty(most)
        size = 0
        for z in range(at_first[k], at_first[k + 1]):
            m = at[z]
            if alive[m] and share[m] > SUPPORT:
                used[0, size], used[1, size], used[2, size], x[size] = head[m], tail[m], duration[m], share[m]
                size += 1
        by_tail = np.empty(size, np.int64)
        by_head = np.empty(size, np.int64)
        ordered(used[1], size, by_tail)
        ordered(used[0], size, by_head)
        best = np.zeros(size)
        best_t = np.zeros(size, np.int64)
        for i in range(size):
            r = used[0, by_head[i]]
            if i > 0 and r == used[0, by_head[i - 1]]:
                continue
            if size <= ENERGY:
                best[i], best_t[i] = _by_energy(r, used, x[:size], by_tail, least)
            else:
                best[i], best_t[i] = _by_load(r, used, x[:size], by_tail, least)
        for _ in range(min(PER_RESOURCE, size)):
            i = int(np.argmax(best))
            if best[i] <= value * (1 + VIOLATED):
                break
            found[0, count], found[1, count], found[2, count] = k, used[0, by_head[i]], best_t[i]
            count += 1
            best[i] = 0.0
    return found[0, :count].copy(), found[1, :count].copy(), found[2, :count].copy()


@njit(cache=True, nogil=True)
def _energy(at_first: Any, at: Any, duration: Any, setup: Any, alive: Any, head: Any, tail: Any, resource: Any,
            r: Any, t: Any, least: Any) -> Any:
    constant = np.empty(len(resource), np.int64)
    first = np.zeros(len(resource) + 1, np.int64)
    size = 0
    for i in range(len(resource)):
        size += at_first[resource[i] + 1] - at_first[resource[i]]
    mode = np.empty(size, np.int64)
    coefficient = np.empty(size, np.int64)
    z = 0
    for i in range(len(resource)):
        room = least - r[i] - t[i]
        unpaid = 0  # nothing need be set up for before the first of them
        for y in range(at_first[resource[i]], at_first[resource[i] + 1]):
            m = at[y]
            if not alive[m]:
                continue
            e = _left(duration[m], head[m], tail[m], r[i], t[i], room)
            if head[m] >= r[i] and tail[m] >= t[i]:
                e += setup[m]
                unpaid = max(unpaid, setup[m])
            if e > 0:
                mode[z], coefficient[z] = m, e
                z += 1
        constant[i] = r[i] + t[i] - unpaid
        first[i + 1] = z
    return constant, first, mode[:z].copy(), coefficient[:z].copy()


@njit(cache=True, nogil=True)
def _lag(k: Any, moves: Any, alive: Any, p: Any, o: Any) -> Any:
    """Least transport from operation p to operation o."""
    if not moves:
        return 0
    best = np.int64(1 << 60)
    for x in range(k.mode_first[p], k.mode_first[p + 1]):
        if alive[x]:
            for m in range(k.mode_first[o], k.mode_first[o + 1]):
                if alive[m]:
                    best = min(best, k.transport[k.location[k.mode_resource[x]], k.location[k.mode_resource[m]]])
    return best


@njit(cache=True, nogil=True)
def _paths(k: Any, order: Any, moves: Any, alive: Any, head: Any, tail: Any, share: Any, value: Any) -> Any:
    n = len(order)
    begin = np.zeros(n)
    own = np.zeros(n, np.int64)  # the least head of each operation, ticks
    took = np.zeros(n)
    before = np.full(n, -1, np.int64)
    after = np.zeros(n, np.int64)
    for i in range(n):
        o = order[i]
        low = np.int64(1 << 60)
        after[o] = np.int64(1 << 60)
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            if alive[m]:
                low = min(low, head[m])
                after[o] = min(after[o], tail[m])
                took[o] += share[m] * k.mode_duration[m]
        own[o] = low
        begin[o] = low
        for z in range(k.pred_first[o], k.pred_first[o + 1]):
            p = k.pred[z]
            t = begin[p] + took[p] + _lag(k, moves, alive, p, o)
            if t > begin[o] + 1e-9 * value:
                begin[o] = t
                before[o] = p
    ends = np.zeros(n, np.int64)
    count = 0
    size = 0
    for o in range(n):
        if begin[o] + took[o] + after[o] <= value:
            continue
        longer = False  # a path through a successor says more
        for z in range(k.succ_first[o], k.succ_first[o + 1]):
            s = k.succ[z]
            if before[s] == o and begin[s] + took[s] + after[s] >= begin[o] + took[o] + after[o] - 1e-9 * value:
                longer = True
        if longer:
            continue
        ends[count] = o
        count += 1
        p = o
        while p >= 0:
            size += k.mode_first[p + 1] - k.mode_first[p]
            p = before[p]
    constant = np.zeros(count, np.int64)
    first = np.zeros(count + 1, np.int64)
    mode = np.empty(size, np.int64)
    coefficient = np.empty(size, np.int64)
    y = 0
    for i in range(count):
        o = ends[i]
        constant[i] = after[o]
        while o >= 0:
            for m in range(k.mode_first[o], k.mode_first[o + 1]):
                if alive[m]:
                    mode[y], coefficient[y] = m, k.mode_duration[m]
                    y += 1
            p = before[o]
            constant[i] += own[o] if p < 0 else _lag(k, moves, alive, p, o)
            o = p
        first[i + 1] = y
    return constant, first, mode[:y].copy(), coefficient[:y].copy()
