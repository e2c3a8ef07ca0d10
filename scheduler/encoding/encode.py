"""From a scenario and its plan to the problem the engines solve."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.domain.policy import MEASURES, Policy
from scheduler.domain.scenario import Scenario
from scheduler.domain.timeaxis import TimeAxis
from scheduler.encoding.calendars import calendars
from scheduler.encoding.encode_shop import contiguous, encode_shop
from scheduler.encoding.horizon import default_horizon
from scheduler.encoding.setups import setups
from scheduler.planning.plan import Plan
from scheduler.problem.problem import FAR, Problem


def encode(scenario: Scenario, plan: Plan, horizon: int | None = None) -> Problem:
    """The problem: operations and modes as in the plan; accounts: the orders, then the shared lots in the plan's order.

    horizon: tick to which calendars with weekly shifts are expanded (default: `default_horizon`; double it where
    nothing fits). Budgets of time are rounded down to ticks. Where the plan has a shop, the problem has rules.
    """
    n, base = len(plan), _base(scenario, plan)
    if plan.shop is not None:
        return contiguous(encode_shop(scenario, plan, plan.shop, base, horizon))
    if horizon is None:
        longest = np.array([base["setup_time"][f:f + s * s].max() for f, s in zip(base["setup_first"], base["states"])],
                           dtype=np.int64)
        horizon = default_horizon(scenario, plan, longest)
    windows = calendars(scenario, horizon)
    pred_first, pred, succ_first, succ = arcs(n, plan.arc_from, plan.arc_to)
    return Problem(
        **base, mode_first=plan.mode_first, mode_resource=plan.mode_resource, mode_state=plan.mode_configuration,
        mode_duration=plan.mode_duration, mode_cost=plan.mode_cost, pred_first=pred_first, pred=pred,
        succ_first=succ_first, succ=succ, release=plan.op_release, calendar=windows.calendar,
        window_first=windows.first, window_start=windows.start, window_end=windows.end, window_work=windows.work,
        fixed_mode=np.full(n, -1, dtype=np.int64), fixed_start=np.full(n, -1, dtype=np.int64))


def _base(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """The columns of a problem that orders, policy and plant decide."""
    orders, resources = scenario.orders, scenario.resources
    accounts, lot_account = _accounts(scenario, plan)
    fixed_cost = np.zeros(accounts, dtype=np.int64)
    np.add.at(fixed_cost, lot_account, plan.lot_material)
    setup_first, setup_time, setup_cost = setups(scenario)
    return {
        "account": lot_account[plan.op_lot], "due": orders.due, "deadline": orders.deadline,
        "job_release": orders.release, "weight": orders.priority, "late_rate": orders.late_rate,
        "hold_rate": orders.hold_rate, "early": orders.early, "fixed_cost": fixed_cost,
        "location": _locations(scenario), "initial_state": np.array([r.initial for r in resources], dtype=np.int64),
        "states": np.array([len(r.configurations) for r in resources], dtype=np.int64), "setup_first": setup_first,
        "setup_time": setup_time, "setup_cost": setup_cost, "transport": scenario.transport,
        "levels": tuple(scenario.policy.levels),
        "weights": np.array(scenario.policy.weights.as_tuple(), dtype=np.int64),
        "budgets": budgets(scenario.policy, scenario.axis)}


def _accounts(scenario: Scenario, plan: Plan) -> tuple[int, np.ndarray]:
    """Number of accounts, and the account of each lot: its order, or one of its own after all orders."""
    shared = plan.lots.order < 0
    account = np.where(shared, len(scenario.orders) + np.cumsum(shared) - 1, plan.lots.order)
    return len(scenario.orders) + int(shared.sum()), account


def _locations(scenario: Scenario) -> np.ndarray:
    """Location of each resource; those without one get the last row and column of the transport table."""
    location = np.array([r.location for r in scenario.resources], dtype=np.int64)
    return np.where(location < 0, len(scenario.transport) - 1, location)


def budgets(policy: Policy, axis: TimeAxis) -> np.ndarray:
    """Limit per measure, FAR where there is none: money in hundredths, the others in whole ticks, rounded down."""
    limits = [getattr(policy.budgets, measure) for measure in MEASURES]
    return np.array([FAR if limit is None else limit if measure == "money" else limit // axis.tick
                     for measure, limit in zip(MEASURES, limits)], dtype=np.int64)


def arcs(n: int, source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(pred_first, pred, succ_first, succ) of arcs source -> target among n operations, each sorted and listed once."""
    pairs = np.unique(target * max(n, 1) + source)
    after, before = np.divmod(pairs, max(n, 1))
    steps = np.arange(n + 1)
    by_source = np.lexsort((after, before))
    return (np.searchsorted(after, steps), before,
            np.searchsorted(before[by_source], steps), after[by_source])
