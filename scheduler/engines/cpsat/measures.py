"""The measures in integers, equal to the exact evaluation to the last unit at their minimum.

Every measure is made of inequalities from below (delivery >= end, tardiness >= delivery - due, first start <= start,
rounded >= micros): what is minimised, or limited by a budget, takes the exact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.draft import Draft, Expr
from scheduler.engines.cpsat.facts import NEVER
from scheduler.engines.cpsat.floors import rounded
from scheduler.problem.problem import MICRO


def add_jobs(m: Draft) -> None:
    """Delivery, tardiness and stay (first start to delivery) of every job, where a measure needs them."""
    p = m.facts.problem
    money = "money" in m.levels
    own: list[list[int]] = [[] for _ in range(p.jobs)]
    for o, a in enumerate(m.facts.account):
        if a < p.jobs:
            own[a].append(o)
    for j in range(p.jobs):
        holds = money and p.weights[4] > 0 and p.hold_rate[j] > 0
        late = p.due[j] < NEVER and (
            (money and p.weights[3] > 0 and p.late_rate[j] > 0)
            or ("weighted_tardiness" in m.levels and p.weight[j] > 0)
        )
        if holds or late or ("lead_time" in m.levels and p.weight[j] > 0):
            m.delivery[j] = _delivery(m, j, own[j])
        if late:
            m.tardiness[j] = _tardiness(m, j, own[j])
        if holds:
            m.stay[j] = _stay(m, j, own[j])


def _end_bounds(m: Draft, ops: list[int]) -> tuple[int, int]:
    s, d = m.spans, m.facts.duration
    low = max(min(s.low[k] + d[k] for k in s.live[o]) for o in ops)
    high = max(max(s.high[k] + d[k] for k in s.live[o]) for o in ops)
    return low, high


def _waits(m: Draft, j: int) -> bool:
    p = m.facts.problem
    return not p.early[j] and p.due[j] < NEVER


def _hinted_delivery(m: Draft, j: int, ops: list[int]) -> int | None:
    if m.hint is None:
        return None
    done = max(m.hint.end[o] for o in ops)
    return max(done, int(m.facts.problem.due[j])) if _waits(m, j) else done


def _delivery(m: Draft, j: int, ops: list[int]) -> Expr:
    p, f = m.facts.problem, m.facts
    if not ops:
        return max(int(p.job_release[j]), int(p.due[j])) if _waits(m, j) else int(p.job_release[j])
    sinks = [o for o in ops if not any(f.account[s] == j for s in f.succ[o])]
    low, high = _end_bounds(m, ops)
    if _waits(m, j):
        low, high = max(low, int(p.due[j])), max(high, int(p.due[j]))
    elif len(sinks) == 1:
        return m.end[sinks[0]]
    delivery = m.integer(low, high, _hinted_delivery(m, j, ops))
    for o in sinks:
        m.cp.add(delivery >= m.end[o])
    return delivery


def _tardiness(m: Draft, j: int, ops: list[int]) -> Expr:
    due = int(m.facts.problem.due[j])
    if not ops:
        return max(0, m.delivery[j] - due)
    low, high = _end_bounds(m, ops)
    if high <= due:
        return 0
    if low >= due:
        return m.delivery[j] - due
    value = _hinted_delivery(m, j, ops)
    tardiness = m.integer(0, high - due, None if value is None else value - due)
    m.cp.add(tardiness >= m.delivery[j] - due)
    return tardiness


def _first(m: Draft, j: int, ops: list[int]) -> Expr:
    if not ops:
        return m.delivery[j]
    f, s = m.facts, m.spans
    sources = [o for o in ops if not any(f.account[a] == j for a in f.pred[o])]
    if len(sources) == 1:
        return m.start[sources[0]]
    low = min(min(s.low[k] for k in s.live[o]) for o in sources)
    high = min(max(s.high[k] for k in s.live[o]) for o in sources)
    first = m.integer(low, high, min(m.hint.start[o] for o in ops) if m.hint else None)
    for o in sources:
        m.cp.add(first <= m.start[o])
    return first


def _stay(m: Draft, j: int, ops: list[int]) -> Expr:
    """Ticks from first start to delivery, never less than the longest chain of the job's operations."""
    first = _first(m, j, ops)
    if not ops:
        return 0
    _, high = _end_bounds(m, ops)
    if _waits(m, j):
        high = max(high, int(m.facts.problem.due[j]))
    earliest = min(m.spans.low[k] for o in ops for k in m.spans.live[o])
    value = _value(m, m.delivery[j]) - _value(m, first) if m.hint else None
    least = m.spans.floors.stay[j]
    stay = m.integer(least, max(least, high - earliest), value)
    m.cp.add(stay >= m.delivery[j] - first)
    return stay


def add_makespan(m: Draft) -> None:
    """The latest end of all operations, with the longest path as its least value."""
    if "makespan" not in m.levels:
        return
    f = m.facts
    least = max((e + t for e, t in zip(f.head_end, f.tails)), default=0)
    makespan = m.integer(min(least, m.spans.end), m.spans.end, max(m.hint.end, default=0) if m.hint else None)
    for o in range(f.n):
        if not f.succ[o]:
            m.cp.add(makespan >= m.end[o])
    m.measures["makespan"] = makespan


def add_weighted_tardiness(m: Draft) -> None:
    """Sum of priority x tardiness."""
    if "weighted_tardiness" in m.levels:
        m.measures["weighted_tardiness"] = sum(
            int(m.facts.problem.weight[j]) * t for j, t in m.tardiness.items() if m.facts.problem.weight[j] > 0
        )


def add_lead_time(m: Draft) -> None:
    """Sum of priority x (delivery - release)."""
    p = m.facts.problem
    if "lead_time" in m.levels:
        m.measures["lead_time"] = sum(
            int(p.weight[j]) * (d - int(p.job_release[j])) for j, d in m.delivery.items() if p.weight[j] > 0
        )


def add_money(m: Draft) -> None:
    """Weighted sum over accounts and terms of micros rounded half up."""
    if "money" not in m.levels:
        return
    p, f = m.facts.problem, m.facts
    weights = [int(w) for w in p.weights]
    total: Expr = weights[1] * sum(rounded(int(c)) for c in p.fixed_cost)
    modes: list[list[tuple[int, Expr]]] = [[] for _ in range(p.accounts)]
    setups: list[list[tuple[int, Expr]]] = [[] for _ in range(p.accounts)]
    base = [0] * p.accounts
    paid, changed = _hinted_costs(m)
    for o, live in enumerate(m.spans.live):
        least = min(f.cost[k] for k in live)
        base[f.account[o]] += least
        modes[f.account[o]] += [(f.cost[k] - least, m.present[k]) for k in live if f.cost[k] > least]
        setups[f.account[o]] += [(cost, literal) for cost, literal, _ in m.entering_arcs[o]]
    for a in range(p.accounts):
        if weights[0]:
            total = total + weights[0] * _rounded(
                m, modes[a], [1] * len(modes[a]), base[a], paid[a] - base[a] if paid else None
            )
        if weights[2]:
            total = total + weights[2] * _rounded(
                m, setups[a], [1] * len(setups[a]), 0, changed[a] if changed else None
            )
    for j in range(p.jobs):
        if weights[3] and p.late_rate[j] > 0 and j in m.tardiness:
            total = total + weights[3] * _time_cost(m, int(p.late_rate[j]), m.tardiness[j])
        if j in m.stay:
            total = total + weights[4] * _time_cost(m, int(p.hold_rate[j]), m.stay[j])
    m.measures["money"] = total


def _time_cost(m: Draft, rate: int, time: Expr) -> Expr:
    return _rounded(m, [(rate, time)], [m.spans.end + _latest_due(m)], 0, _value(m, time) * rate if m.hint else None)


def _latest_due(m: Draft) -> int:
    return max((int(d) for d in m.facts.problem.due if d < NEVER), default=0)


def _value(m: Draft, expression: Expr) -> int:
    """Value of an expression of hinted variables."""
    if isinstance(expression, int):
        return expression
    flat = cp_model.FlatIntExpr(expression)
    return int(flat.offset) + sum(int(c) * m.values[v.index] for v, c in zip(flat.vars, flat.coeffs))


def _hinted_costs(m: Draft) -> tuple[list[int] | None, list[int] | None]:
    """Micros of processing and of reconfiguration per account in the hint."""
    if m.hint is None:
        return None, None
    f = m.facts
    paid, changed = [0] * f.problem.accounts, [0] * f.problem.accounts
    for o, k in enumerate(m.hint.mode):
        paid[f.account[o]] += f.cost[k]
    for before, after in m.hint.follows:
        if after >= 0 and f.with_setups[f.resource[after]]:
            state = f.state[before] if before >= 0 else int(f.problem.initial_state[f.resource[after]])
            changed[f.account[f.owner[after]]] += f.setup(f.resource[after], state, f.state[after])[1]
    return paid, changed


def _rounded(m: Draft, terms: Sequence[tuple[int, Expr]], most: Sequence[int], base: int, value: int | None) -> Expr:
    """Least integer that is the sum of micros x expression plus base, rounded half up.

    Whole units leave the rounding: with micros = 1e6 a + b, the result is sum of a x expression + Z with 1e6 Z >= sum
    of b x expression + base - 499999, divided by the greatest common divisor: small numbers, exactly the same minimum.
    most: largest value of each expression; value: micros of the terms in the hint, without base.
    """
    whole: Expr = base // MICRO
    rest = [(c % MICRO, e, top) for (c, e), top in zip(terms, most) if c % MICRO]
    whole = whole + sum(c // MICRO * e for c, e in terms if c >= MICRO)
    if not rest:
        return whole + rounded(base % MICRO)
    g = gcd(MICRO, *(c for c, _, _ in rest))
    least = -((MICRO // 2 - 1 - base % MICRO) // g)
    high = rounded(base % MICRO + sum(c * top for c, _, top in rest))
    hinted = None
    if m.hint is not None and value is not None:
        hinted = rounded(base + value) - _value(m, whole)
    part = m.integer(0, high, hinted)
    m.cp.add(MICRO // g * part >= sum(c // g * e for c, e, _ in rest) + least)
    return whole + part
