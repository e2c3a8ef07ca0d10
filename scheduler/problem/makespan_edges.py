"""Edge finding on one resource, for modes: what must come after what else, if nothing may end too late.

Sources: Carlier, Pinson 1989; Nuijten 1994; Baptiste, Le Pape, Nuijten 2001. Here a mode that is only possible on the
resource is asked as well, beside the operations that have no other resource left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

NEVER = 1 << 60


@njit(cache=True, nogil=True)
def only_resource(k: Any, alive: Any, resource: Any) -> None:
    """Fills resource[o] with the only resource operation o can still use, or -1."""
    for o in range(len(k.release)):
        resource[o] = -1
        for m in range(k.mode_first[o], k.mode_first[o + 1]):
            if alive[m]:
                r = k.mode_resource[m]
                if resource[o] >= 0 and resource[o] != r:
                    resource[o] = -1
                    break
                resource[o] = r


@njit(cache=True, nogil=True)
def ordered(value: Any, count: Any, order: Any) -> None:
    """Fills order[:count] with the indices of value[:count], smallest value first (Shell's sort: it compiles fast)."""
    for i in range(count):
        order[i] = i
    gap = count // 2
    while gap > 0:
        for i in range(gap, count):
            x = order[i]
            j = i
            while j >= gap and value[order[j - gap]] > value[x]:
                order[j] = order[j - gap]
                j -= gap
            order[j] = x
        gap //= 2


@njit(cache=True, nogil=True)
def _tasks(modes: Any, owner: Any, duration: Any, alive: Any, only: Any, here: Any, head: Any, tail: Any,
           task: Any) -> Any:
    """Fills task [3, count] with the least head, tail and duration of the operations that must be here; returns count.

    What takes no time blocks nobody and is left out.
    """
    count = 0
    last = -1
    for m in modes:
        o = owner[m]
        if not alive[m] or only[o] != here:
            continue
        if o == last:  # modes of one operation stand together
            task[0, count - 1] = min(task[0, count - 1], head[m])
            task[1, count - 1] = min(task[1, count - 1], tail[m])
            task[2, count - 1] = min(task[2, count - 1], duration[m])
        else:
            if count > 0 and task[2, count - 1] == 0:
                count -= 1
            task[0, count], task[1, count], task[2, count] = head[m], tail[m], duration[m]
            count += 1
            last = o
    if count > 0 and task[2, count - 1] == 0:
        count -= 1
    return count


@njit(cache=True, nogil=True)
def _within(task: Any, order: Any, count: Any, by_tail: Any, group: Any) -> Any:
    """Fills group [4, size] with what the tasks with at least that tail take: heads in order, load from there on, best
    possible end of the load from there on, and the latest end of loads up to there. Returns size."""
    size = 0
    for i in range(count):
        j = order[i]
        if task[1, j] >= by_tail:
            group[0, size], group[1, size] = task[0, j], task[2, j]
            size += 1
    total = 0
    end = -NEVER
    for i in range(size - 1, -1, -1):
        total += group[1, i]
        group[1, i] = total
        end = max(end, group[0, i] + total)
        group[2, i] = end
    high = -NEVER
    for i in range(size):
        high = max(high, group[0, i] + group[1, i])
        group[3, i] = high
    return size


@njit(cache=True, nogil=True)
def _first_beyond(row: Any, size: Any, value: Any) -> Any:
    """Index of the first entry of an ascending row that is beyond the value; size where none is."""
    a = 0
    b = size
    while a < b:
        c = (a + b) >> 1
        if row[c] > value:
            b = c
        else:
            a = c + 1
    return a


@njit(cache=True, nogil=True)
def _end_before(group: Any, size: Any, by: Any, head: Any, duration: Any) -> Any:
    """End, at best, of the largest part of the group after which a mode must come, because together they would not end
    by then; -1 where there is none."""
    a = _first_beyond(group[3], size, by - duration)
    if a < size and group[0, a] <= head:
        return group[2, a]
    a = _first_beyond(group[0], size, head)
    if a < size and head + group[1, a] + duration > by:
        return group[2, a]
    return -1


@njit(cache=True, nogil=True)
def edges(modes: Any, owner: Any, duration: Any, alive: Any, only: Any, here: Any, head: Any, tail: Any,
          limit: Any) -> Any:
    """Raises the heads of the modes of resource `here`, in place, for schedules of at most `limit` ticks. Returns how
    many; -1 where the operations that must be here do not fit. With heads and tails exchanged it raises tails.

    For every latest end, the operations that must be here and end by then: a mode that does not fit among those with a
    head of at least r comes after all of them, or not here at all if it had to end by then too.
    """
    task = np.empty((3, len(modes)), np.int64)
    count = _tasks(modes, owner, duration, alive, only, here, head, tail, task)
    if count == 0:
        return 0
    group = np.empty((4, count), np.int64)
    by_head = np.empty(count, np.int64)
    by_tail = np.empty(count, np.int64)
    ordered(task[0], count, by_head)
    ordered(task[1], count, by_tail)
    raised = np.empty(len(modes), np.int64)
    for z in range(len(modes)):
        raised[z] = head[modes[z]]
    for i in range(count):
        t = task[1, by_tail[i]]
        if i > 0 and t == task[1, by_tail[i - 1]]:
            continue
        by = limit - t
        size = _within(task, by_head, count, t, group)
        if group[2, 0] > by:
            return -1
        for z in range(len(modes)):
            m = modes[z]
            if not alive[m] or duration[m] == 0 or (only[owner[m]] == here and tail[m] >= t):
                continue
            end = _end_before(group, size, by, head[m], duration[m])
            if end >= 0:
                raised[z] = max(raised[z], limit + 1 if tail[m] >= t else end)
    changed = 0
    for z in range(len(modes)):
        if raised[z] > head[modes[z]]:
            head[modes[z]] = raised[z]
            changed += 1
    return changed
