"""How far calendars must be expanded so that every sensible schedule fits."""

from __future__ import annotations

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.encoding.calendars import unlimited
from scheduler.planning.plan import Plan
from scheduler.problem.problem import FAR, Problem

PROBE_DAYS = 56
LONGEST_PROBE_DAYS = 1800
MARGIN_DAYS = 28
FACTOR = 2.0


def default_horizon(scenario: Scenario, plan: Plan, setup: np.ndarray) -> int:
    """An upper estimate of the end of any sensible schedule, in ticks. setup [R]: longest reconfigurations in ticks.

    Latest release, due date, deadline or first opening of a resource, plus four weeks, plus twice the sum of: the
    largest load of a resource if it had to run everything it can (each operation in its slowest mode there, after its
    longest reconfiguration) over its share of open time, and the longest chain of operations, each in its slowest mode
    over the share of its resource, with the longest transports. An estimate, not a proof.
    """
    orders = scenario.orders
    openings, share = _openings(scenario)
    dates = np.concatenate((orders.release, orders.due, orders.deadline, plan.op_release, openings))
    latest = int(dates[dates < NEVER].max(initial=0))
    weight = (plan.mode_duration + setup[plan.mode_resource]) / share[plan.mode_resource]
    op = np.repeat(np.arange(len(plan)), np.diff(plan.mode_first))
    slowest = np.zeros(len(plan))
    np.maximum.at(slowest, op, weight)
    load = np.bincount(plan.mode_resource, weights=_once_per_place(plan, op, weight), minlength=len(share))
    chain = longest_chain(plan, slowest + float(scenario.transport.max(initial=0)))
    margin = MARGIN_DAYS * scenario.axis.ticks_per_day
    return latest + int(np.ceil(margin + FACTOR * (load.max(initial=0.0) + chain)))


def horizon_of(problem: Problem) -> int | None:
    """Last open tick of the calendars that end, or last step of a pool; None where there is none, so that no horizon
    cuts anything off."""
    last = problem.window_end[problem.window_first[1:][np.diff(problem.window_first) > 0] - 1]
    if problem.rules is not None:
        last = np.concatenate((last, problem.rules.pool_time[problem.rules.pool_time > 0]))
    return int(last[last < FAR].max()) if (last < FAR).any() else None


def _openings(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """First open tick of each resource and its open share of the weeks from then on; (0, 1) where it never opens."""
    known: dict[object, tuple[int, float]] = {}
    keys = [(r.calendar, r.closures, r.available_from) for r in scenario.resources]
    weeks = int(PROBE_DAYS * scenario.axis.ticks_per_day)
    for key, r in zip(keys, scenario.resources):
        reach = weeks
        while key not in known:
            start, end = scenario.windows(r, r.available_from + reach)
            if len(start):
                start, end = scenario.windows(r, int(start[0]) + weeks)
                known[key] = int(start[0]), 1.0 if unlimited(scenario, r) else float((end - start).sum() / weeks)
            elif reach > LONGEST_PROBE_DAYS * scenario.axis.ticks_per_day:
                known[key] = 0, 1.0
            reach *= 2
    return np.array([known[key][0] for key in keys]), np.array([known[key][1] for key in keys])


def _once_per_place(plan: Plan, op: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weights with all but the largest mode of each (operation, resource) set to 0."""
    order = np.lexsort((weight, plan.mode_resource, op))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (np.diff(op[order]) != 0) | (np.diff(plan.mode_resource[order]) != 0)
    kept = np.zeros(len(weight))
    kept[order[last]] = weight[order[last]]
    return kept


def longest_chain(plan: Plan, weight: np.ndarray) -> float:
    """Largest sum of weights [n] along the arcs, generation by generation."""
    after = np.argsort(plan.arc_from, kind="stable")
    source, target = plan.arc_from[after], plan.arc_to[after]
    first = np.searchsorted(source, np.arange(len(plan) + 1))
    waiting = np.bincount(plan.arc_to, minlength=len(plan))
    reached = weight.astype(float)
    ready = np.flatnonzero(waiting == 0)
    while len(ready):
        counts = first[ready + 1] - first[ready]
        arcs = np.repeat(first[ready] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        to = target[arcs]
        np.maximum.at(reached, to, reached[source[arcs]] + weight[to])
        np.subtract.at(waiting, to, 1)
        ready = np.unique(to[waiting[to] == 0])
    return float(reached.max(initial=0.0))
