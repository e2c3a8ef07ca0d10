"""A generated factory for the money objective: orders whose operations form two branches, an assembly and a finish,
groups of like resources with configurations, two shift calendars; and what a schedule of it costs, computed here alone.

Costs: the price of each mode, the reconfigurations, and for each order a rate for each tick that it ends late, another
one for each tick that it ends early. Reconfigurations may pause over closed time, operations may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduler.problem.problem import FAR, Problem

WEEK = 7 * 1440
FAMILIES = 8
LOAD = 0.88
UNIT = 100
"""Money of the Problem for one of the factory: a term is rounded once for each order, so to less than a hundredth."""


@dataclass(frozen=True, eq=False)
class Factory:
    """mode_first [n + 1]; mode_resource, mode_duration (ticks), mode_price [M]. state, order, release [n]: the
    configuration an operation needs, its order, its earliest start; predecessors by pred_first [n + 1], pred. last,
    due, late, early [J]: the operation that ends an order, its due date, the price of a tick late and early. setup,
    setup_price [R, states, states]; initial, calendar [R]: the state at the outset; 0: Monday to Friday 06-22, 1: and
    Saturday 06-14. span: ticks within which all work fits easily. Prices are whole, rates have four decimals."""

    mode_first: np.ndarray
    mode_resource: np.ndarray
    mode_duration: np.ndarray
    mode_price: np.ndarray
    state: np.ndarray
    order: np.ndarray
    release: np.ndarray
    pred_first: np.ndarray
    pred: np.ndarray
    last: np.ndarray
    due: np.ndarray
    late: np.ndarray
    early: np.ndarray
    setup: np.ndarray
    setup_price: np.ndarray
    initial: np.ndarray
    calendar: np.ndarray
    span: int

    @cached_property
    def windows(self) -> list[list[tuple[int, int]]]:
        """(start, end) of the open hours of both calendars."""
        weeks = 3 * self.span // WEEK + 8
        days = [(w * WEEK + d * 1440 + 360, w * WEEK + d * 1440 + 1320) for w in range(weeks) for d in range(5)]
        saturdays = [(w * WEEK + 5 * 1440 + 360, w * WEEK + 5 * 1440 + 840) for w in range(weeks)]
        return [days, sorted(days + saturdays)]


def draw(operations: int, seed: int = 1) -> Factory:
    """About so many operations on a hundredth as many resources, at least six; loaded to 88 % until the last due
    dates."""
    luck = np.random.default_rng(seed)
    groups, speed, rate = _plant(luck, max(6, operations // 100))
    size = np.array([speed[g].sum() for g in groups])
    modes: list[list[tuple[int, int, int]]] = []
    preds: list[list[int]] = []
    order: list[int] = []
    base: list[int] = []
    last: list[int] = []

    def add(before: list[int]) -> int:
        group = groups[luck.choice(len(groups), p=size / size.sum())]
        able = np.sort(luck.choice(group, luck.integers(max(1, len(group) - 2), len(group) + 1), replace=False))
        base.append(int(luck.integers(30, 241)))
        ticks = [max(10, int(base[-1] / speed[r] * luck.uniform(0.9, 1.1))) for r in able]
        modes.append([(int(r), t, round(t * rate[r])) for r, t in zip(able, ticks)])
        preds.append(before)
        order.append(len(last))
        return len(order) - 1

    while len(order) < operations:
        ends = []
        for _ in range(2):
            branch: list[int] = []
            for _ in range(luck.integers(2, 5)):
                branch = [add(branch)]
            ends += branch
        end = add(ends)
        for _ in range(luck.integers(1, 4)):
            end = add([end])
        last.append(end)
    return _dated(luck, groups, modes, preds, np.array(order), np.array(base), np.array(last))


def _plant(luck: np.random.Generator, resources: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Groups of one to six like resources; speed and price of a tick of each."""
    groups, done = [], 0
    while done < resources:
        size = min(int(luck.integers(1, 7)), resources - done)
        groups.append(np.arange(done, done + size))
        done += size
    speed = luck.uniform(0.75, 1.3, resources)
    return groups, speed, luck.uniform(0.6, 1.8, resources) * speed


def _dated(luck: np.random.Generator, groups: list[np.ndarray], modes: list[list[tuple[int, int, int]]],
           preds: list[list[int]], order: np.ndarray, base: np.ndarray, last: np.ndarray) -> Factory:
    """Releases, due dates, prices and reconfigurations for orders and plant."""
    resources, orders = sum(map(len, groups)), len(last)
    work = sum(float(np.mean([ticks for _, ticks, _ in own])) for own in modes)
    span = work * 1.15 / (resources * LOAD) * WEEK / 5040
    release = np.sort(luck.uniform(0, 0.85 * span, orders)).astype(np.int64)
    release[: max(2, orders // 10)] = 0
    path = np.zeros(len(order))
    for o, before in enumerate(preds):
        path[o] = base[o] + max((path[p] for p in before), default=0.0)
    due = (release + path[last] * 2.1 * luck.uniform(1.2, 3.2, orders) + 200).astype(np.int64)
    late = luck.choice([0.02, 0.05, 0.1, 0.2, 0.5], orders)
    setup = np.zeros((resources, FAMILIES, FAMILIES), dtype=np.int64)
    price = np.zeros(setup.shape, dtype=np.int64)
    calendar = np.zeros(resources, dtype=np.int64)
    for group in groups:
        places = luck.uniform(0, 1, (FAMILIES, 2))
        apart = np.abs(places[:, None] - places[None]).sum(2) * 70 + luck.uniform(10, 30, (FAMILIES, FAMILIES))
        calendar[group] = luck.integers(0, 2)
        for r in group:
            ticks = (apart * luck.uniform(0.8, 1.2)).astype(np.int64)
            np.fill_diagonal(ticks, 0)
            setup[r] = ticks
            price[r] = np.rint(ticks * luck.uniform(0.8, 2.0) + (ticks > 0) * luck.uniform(5, 30))
    flat = [mode for own in modes for mode in own]
    first = [not before for before in preds]
    return Factory(
        mode_first=firsts([len(own) for own in modes]), mode_resource=np.array([m[0] for m in flat]),
        mode_duration=np.array([m[1] for m in flat]), mode_price=np.array([m[2] for m in flat]),
        state=luck.integers(0, FAMILIES, len(order)), order=order, release=np.where(first, release[order], 0),
        pred_first=firsts([len(before) for before in preds]), pred=np.array([p for before in preds for p in before]),
        last=last, due=due, late=late, early=np.round(late * luck.uniform(0.02, 0.06, orders) + 0.001, 4),
        setup=setup, setup_price=price, initial=luck.integers(0, FAMILIES, resources), calendar=calendar,
        span=int(span))


def firsts(sizes: list[int] | np.ndarray) -> np.ndarray:
    """Where each of several rows of these sizes begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def problem_of(factory: Factory) -> Problem:
    """The factory as a Problem, exactly.

    A Problem charges holding from an order's first start to its delivery, which is not before the due date. So an order
    is its last operation alone, the others are shared lots, and the ticks for which the last operation itself would be
    charged are taken from the price of its modes; what is left is the price of ending early.
    """
    n, orders = len(factory.order), len(factory.last)
    resources, states = len(factory.initial), factory.setup.shape[1]
    micros = 1_000_000 * UNIT
    early = np.rint(factory.early * micros).astype(np.int64)
    owner = np.repeat(np.arange(n), np.diff(factory.mode_first))
    ends = np.full(n, -1)
    ends[factory.last] = np.arange(orders)
    price = factory.mode_price * micros
    own = ends[owner] >= 0
    price[own] -= early[ends[owner[own]]] * factory.mode_duration[own]
    windows = factory.windows
    size = [b - a for calendar in windows for a, b in calendar]
    first = firsts([len(calendar) for calendar in windows])
    work = np.concatenate([np.cumsum(size[a:b]) - size[a:b] for a, b in pairwise(first)])
    successors = np.argsort(factory.pred, kind="stable")
    follower = np.repeat(np.arange(n), np.diff(factory.pred_first))
    released = np.full(orders, FAR)
    np.minimum.at(released, factory.order, np.where(np.diff(factory.pred_first) == 0, factory.release, FAR))
    return Problem(
        mode_first=factory.mode_first, mode_resource=factory.mode_resource, mode_state=factory.state[owner],
        mode_duration=factory.mode_duration, mode_cost=price, pred_first=factory.pred_first, pred=factory.pred,
        succ_first=firsts(np.bincount(factory.pred, minlength=n)), succ=follower[successors], release=factory.release,
        account=np.where(ends >= 0, ends, orders + factory.order), due=factory.due, deadline=np.full(orders, FAR),
        job_release=released, weight=np.ones(orders, dtype=np.int64),
        late_rate=np.rint(factory.late * micros).astype(np.int64), hold_rate=early, early=np.zeros(orders, dtype=bool),
        fixed_cost=np.zeros(2 * orders, dtype=np.int64), calendar=factory.calendar,
        location=np.zeros(resources, dtype=np.int64), initial_state=factory.initial,
        states=np.full(resources, states), setup_first=np.arange(resources) * states * states,
        setup_time=factory.setup.ravel(), setup_cost=factory.setup_price.ravel() * micros, window_first=first,
        window_start=np.array([a for calendar in windows for a, _ in calendar]),
        window_end=np.array([b for calendar in windows for _, b in calendar]), window_work=work,
        transport=np.zeros((2, 2), dtype=np.int64))


class WrongError(Exception):
    """A schedule breaks a rule of the factory."""


def cost_of(factory: Factory, mode: np.ndarray, start: np.ndarray) -> float:
    """What the factory pays for operations that begin at `start` in these modes (indices into the modes of all); raises
    WrongError with the first rule broken. Uses nothing of the scheduler."""
    n = len(factory.order)
    own = (mode >= factory.mode_first[:-1]) & (mode < factory.mode_first[1:])
    if not own.all():
        raise WrongError(f"operation {np.argmin(own)} runs in a mode of another one")
    end = start + factory.mode_duration[mode]
    resource = factory.mode_resource[mode]
    for o in range(n):
        if start[o] < factory.release[o]:
            raise WrongError(f"operation {o} begins before its release")
        for p in factory.pred[factory.pred_first[o]: factory.pred_first[o + 1]]:
            if start[o] < end[p]:
                raise WrongError(f"operation {o} begins before operation {p} has ended")
    cost = float(factory.mode_price[mode].sum())
    for r in range(len(factory.initial)):
        cost += _resource(factory, r, np.flatnonzero(resource == r), start, end)
    late = end[factory.last] - factory.due
    return cost + float(np.where(late > 0, late * factory.late, -late * factory.early).sum())


def _resource(factory: Factory, r: int, ops: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """The reconfigurations of one resource; raises WrongError where an operation is not in one window, or begins before
    the resource could be ready."""
    windows = np.array(factory.windows[factory.calendar[r]])
    opens, closes = windows[:, 0], windows[:, 1]
    before = np.concatenate(([0], np.cumsum(closes - opens)[:-1]))

    def worked(t: int) -> int:
        i = int(np.searchsorted(opens, t, side="right")) - 1
        return 0 if i < 0 else int(before[i] + min(t, closes[i]) - opens[i])

    cost, free, state = 0.0, 0, int(factory.initial[r])
    for o in ops[np.argsort(start[ops], kind="stable")]:
        i = int(np.searchsorted(opens, start[o], side="right")) - 1
        if i < 0 or end[o] > closes[i]:
            raise WrongError(f"operation {o} runs in closed time")
        if worked(start[o]) < free + factory.setup[r, state, factory.state[o]]:
            raise WrongError(f"operation {o} begins before resource {r} is ready for it")
        cost += float(factory.setup_price[r, state, factory.state[o]])
        free, state = worked(end[o]), int(factory.state[o])
    return cost
