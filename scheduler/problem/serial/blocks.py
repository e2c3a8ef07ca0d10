"""Operations that have to be placed together: tied by maximum lags or a common start, directly or in a circle."""

from __future__ import annotations

import numpy as np

from scheduler.problem.problem import FAR, Problem
from scheduler.problem.ruled import rules_of
from scheduler.problem.rules import TOGETHER


def blocks_of(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(block [n], offsets [blocks + 1], operations by block [n]); arcs between blocks form no circle as long as those
    between operations form none."""
    rules, n = rules_of(problem), problem.operations
    target = np.repeat(np.arange(n), np.diff(problem.pred_first))
    parent = list(range(n))

    def root(o: int) -> int:
        while parent[o] != o:
            parent[o] = parent[parent[o]]
            o = parent[o]
        return o

    tied = np.flatnonzero((rules.arc_max < FAR) & ~rules.fact[problem.pred] & ~rules.fact[target])
    pairs = [(int(problem.pred[z]), int(target[z])) for z in tied]
    pairs += [(int(a), int(b)) for kind, a, b in zip(rules.link_kind, rules.link_a, rules.link_b) if kind == TOGETHER]
    for a, b in pairs:
        parent[root(a)] = root(b)
    if pairs:
        group = np.array([root(o) for o in range(n)], dtype=np.int64)
        number, _ = components(n, group[problem.pred], group[target])
        block = number[group]
        used = np.unique(block)
        block = np.searchsorted(used, block).astype(np.int64)
    else:
        block = np.arange(n, dtype=np.int64)
    order = np.argsort(block, kind="stable").astype(np.int64)
    sizes = np.bincount(block, minlength=1) if n else np.zeros(0, dtype=np.int64)
    return block, np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), order


def components(n: int, source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, int]:
    """Strongly connected components of a graph: (number of each node's component, how many). Source: Tarjan 1972,
    without recursion."""
    order = np.argsort(source, kind="stable")
    after = target[order].tolist()
    first = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=n)[:n]))).tolist()
    index, low, component = [-1] * n, [0] * n, [-1] * n
    stack: list[int] = []
    count = seen = 0
    for begin in range(n):
        if index[begin] >= 0:
            continue
        path = [begin]
        at = {begin: first[begin]}
        while path:
            o = path[-1]
            if index[o] < 0:
                index[o] = low[o] = seen
                seen += 1
                stack.append(o)
            if at[o] < first[o + 1]:
                s = after[at[o]]
                at[o] += 1
                if index[s] < 0:
                    path.append(s)
                    at[s] = first[s]
                elif component[s] < 0:
                    low[o] = min(low[o], index[s])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[o])
            if low[o] == index[o]:
                while component[o] < 0:
                    component[stack.pop()] = count
                count += 1
    return np.array(component, dtype=np.int64), count
