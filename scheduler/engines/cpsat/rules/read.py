"""The schedule in a solution of the model."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.engines.cpsat.rules.draft import Draft
from scheduler.problem.problem import Solution
from scheduler.problem.rules import PREPARE, Extra


def read(m: Draft, value: Any) -> Solution:
    """The schedule; value(expression) gives values."""
    shop, n = m.shop, m.shop.n
    mode = np.full(n, -1, dtype=np.int64)
    start, end, leave = (np.zeros(n, dtype=np.int64) for _ in range(3))
    for o in range(n):
        if not value(m.there[o]):
            continue
        mode[o] = next(k for k in m.live[o] if value(m.mode[k]))
        start[o], end[o], leave[o] = value(m.start[o]), value(m.end[o]), value(m.leave[o])
    batch = np.full(n, -1, dtype=np.int64)
    for (a, b), literal in m.follow.items():
        if value(literal):
            batch[shop.owner[a]] = batch[shop.owner[b]] = shop.owner[b]
    rank, before = _ranks(m, value, mode, start, leave, batch)
    prepare_start, prepare_end = start.copy(), start.copy()
    bought = [bool(value(x)) for x in m.bought]
    for o in range(n):
        if mode[o] >= 0 and not shop.fact[o] and batch[o] in {-1, o}:
            found = _preparation(m, o, int(mode[o]), int(start[o]), before[o], int(value(m.prepare[o])), bought)
            prepare_start[o], prepare_end[o] = found
    carry = np.full(len(shop.problem.pred), -1, dtype=np.int64)
    for z, (tick, literal) in m.carry.items():
        if value(literal):
            carry[z] = value(tick)
    return Solution(mode, start, end, rank, Extra(
        prepare_start, prepare_end, leave, batch, carry, np.array(bought, dtype=bool),
        np.array([not value(x) for x in m.made], dtype=bool), _chosen(m, value)))


def _chosen(m: Draft, value: Any) -> np.ndarray:
    choices = m.shop.rules.branch_choice.tolist()
    chosen = np.zeros(max(choices, default=-1) + 1, dtype=np.int64)
    for b in reversed(range(len(choices))):
        chosen[choices[b]] = b
    for b, c in enumerate(choices):
        if value(m.branch[b]):
            chosen[c] = b
    return chosen


def _ranks(m: Draft, value: Any, mode: np.ndarray, start: np.ndarray, leave: np.ndarray,
           batch: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """(rank of each operation, state of its resource before it: -1 where none or nothing is known)."""
    shop = m.shop
    rank, before = np.zeros(shop.n, dtype=np.int64), [-1] * shop.n
    rows: list[list[int]] = [[] for _ in range(shop.problem.resources)]
    place = {o: i for i, o in enumerate(shop.order)}
    for o in sorted(range(shop.n), key=lambda o: (not shop.fact[o], start[o], leave[o], place[o])):
        if mode[o] >= 0:
            rows[shop.resource[int(mode[o])]].append(o)
    for r, row in enumerate(rows):
        if not shop.unlimited[r]:
            leaders = [o for o in row if batch[o] in {-1, o}]
            if r in m.turn:
                leaders = _circuit(m, r, value)
            row = [x for o in leaders for x in [o, *(y for y in row if y != o and batch[y] == o)]]  # noqa: PLW2901
            state = int(shop.problem.initial_state[r])
            for o in leaders:
                before[o], state = state, shop.state[int(mode[o])]
        rank[row] = np.arange(len(row))
    return rank, before


def _circuit(m: Draft, r: int, value: Any) -> list[int]:
    follows = {a: b for (a, b), literal in m.turn[r].items() if value(literal)}
    found, k = [], follows.get(-1, -1)
    while k >= 0:
        found.append(m.shop.owner[k])
        k = follows[k]
    return found


def _preparation(m: Draft, o: int, k: int, start: int, before: int, known: int, bought: list[bool]) -> tuple[int, int]:
    """[ps, pe): as late as possible, unless a crew prepares."""
    shop, r = m.shop, m.shop.resource[k]
    time = 0 if shop.unlimited[r] else shop.setup(r, before, shop.state[k])[0]
    if not time:
        return start, start
    clock = shop.open_ticks[shop.setup_calendar_of[k]]
    crew = any(phase == PREPARE for _, _, phase in shop.needs[k])
    ticks: list[int] = []
    for s in clock.segments if crew else reversed(clock.segments):
        if not s.rate or not all(bought[i] for i in s.ids):
            continue
        a, b = (max(s.start, known), s.end) if crew else (s.start, min(s.end, start))
        span = range(a, min(b, a + time)) if crew else range(b - 1, max(a, b - time) - 1, -1)
        ticks += list(span)[: time - len(ticks)]
        if len(ticks) >= time:
            break
    return min(ticks, default=start), max(ticks, default=start - 1) + 1
