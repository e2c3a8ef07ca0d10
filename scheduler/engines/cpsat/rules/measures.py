"""The measures in integers, equal to the exact evaluation to the last unit at their minimum.

As in the plain model every measure is made of inequalities from below; what is minimised, or limited by a budget, takes
the exact value. A refused order counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import gcd

from scheduler.engines.cpsat.rules.draft import Draft, Expr
from scheduler.engines.cpsat.rules.shop import NEVER
from scheduler.engines.cpsat.rules.spans import rounded
from scheduler.problem.problem import MICRO, TERMS

MATERIAL, RECONFIGURATION, LATENESS, HOLDING, OVERTIME, _, REFUSAL, MOVING = range(1, len(TERMS))


def add_deadlines(m: Draft) -> None:
    """What is made is complete by its hard deadline; everything ends by its latest end."""
    shop = m.shop
    for j, own in enumerate(shop.own):
        limit = int(shop.problem.deadline[j])
        if limit >= NEVER:
            continue
        for o in own:
            if m.live[o]:
                _within(m, o, limit)
        if (not own or all(m.shop.rules.branch[o] >= 0 for o in own)) and int(shop.problem.job_release[j]) > limit:
            m.cp.add_bool_or([~m.made[j], *(m.there[o] for o in own)])
    for o, limit in enumerate(shop.rules.latest_end.tolist()):
        if limit < NEVER and not shop.fact[o] and m.live[o]:
            m.only_if(m.cp.add(m.end[o] <= limit), m.there[o])


def _within(m: Draft, o: int, limit: int) -> None:
    if m.shop.fact[o]:
        if m.shop.fixed_end[o] > limit:
            m.cp.add_bool_or([~m.there[o]])
    else:
        m.only_if(m.cp.add(m.end[o] <= limit), m.there[o])


def add_jobs(m: Draft) -> None:
    """Delivery, tardiness and stay (first start to delivery) of every order, 0 where it is refused."""
    p = m.shop.problem
    money = "money" in m.levels
    for j, own in enumerate(m.shop.own):
        holds = money and p.weights[HOLDING] > 0 and p.hold_rate[j] > 0
        late = p.due[j] < NEVER and ((money and p.weights[LATENESS] > 0 and p.late_rate[j] > 0)
                                     or ("weighted_tardiness" in m.levels and p.weight[j] > 0))
        if not (holds or late or ("lead_time" in m.levels and p.weight[j] > 0)):
            continue
        live = [o for o in own if m.live[o]]
        delivery = _delivery(m, j, live)
        m.delivery[j] = delivery
        if late:
            m.tardiness[j] = m.integer(0, max(0, _top(m, j) - int(p.due[j])))
            m.only_if(m.cp.add(m.tardiness[j] >= delivery - int(p.due[j])), m.made[j])
        if holds:
            m.stay[j] = m.integer(0, _top(m, j))
            for o in live:
                m.only_if(m.cp.add(m.stay[j] >= delivery - m.start[o]), m.there[o])


def _top(m: Draft, j: int) -> int:
    """No delivery is later."""
    p = m.shop.problem
    due = int(p.due[j]) if p.due[j] < NEVER else 0
    return int(max([m.horizon, due, int(p.job_release[j]), *(m.shop.fixed_end[o] for o in m.shop.own[j])]))


def _delivery(m: Draft, j: int, own: list[int]) -> Expr:
    p, shop = m.shop.problem, m.shop
    waits = not p.early[j] and p.due[j] < NEVER
    if len(own) == 1 and not waits and m.is_always(m.there[own[0]]):
        return m.end[own[0]]
    low = min([int(p.job_release[j]), *(m.spans.low[o] for o in own)], default=0)
    delivery = m.integer(min(0, low), _top(m, j))
    for o in own:
        m.only_if(m.cp.add(delivery >= m.end[o]), m.there[o])
    if waits:
        m.only_if(m.cp.add(delivery >= int(p.due[j])), m.made[j])
    if all(shop.rules.branch[o] >= 0 for o in own):
        none = m.literal()
        m.cp.add_bool_or([none, ~m.made[j], *(m.there[o] for o in own)])
        m.cp.add(delivery >= int(p.job_release[j])).only_enforce_if(none)
    return delivery


def add_makespan(m: Draft) -> None:
    """The latest end of all that is there."""
    if "makespan" not in m.levels:
        return
    makespan = m.integer(0, max([m.horizon, *m.shop.fixed_end]))
    for o in range(m.shop.n):
        if m.live[o]:
            m.only_if(m.cp.add(makespan >= m.end[o]), m.there[o])
    m.measures["makespan"] = makespan


def add_weighted_tardiness(m: Draft) -> None:
    """Sum of priority x tardiness."""
    if "weighted_tardiness" in m.levels:
        m.measures["weighted_tardiness"] = sum(
            int(m.shop.problem.weight[j]) * t for j, t in m.tardiness.items() if m.shop.problem.weight[j] > 0)


def add_lead_time(m: Draft) -> None:
    """Sum of priority x (delivery - release) of what is made."""
    if "lead_time" not in m.levels:
        return
    p, total = m.shop.problem, 0
    for j, delivery in m.delivery.items():
        if p.weight[j] <= 0:
            continue
        lead: Expr = delivery - int(p.job_release[j])
        if not m.is_always(m.made[j]):
            lead = m.integer(min(0, -int(p.job_release[j])), _top(m, j))
            m.cp.add(lead >= delivery - int(p.job_release[j])).only_enforce_if(m.made[j])
            m.cp.add(lead == 0).only_enforce_if(~m.made[j])
        total = total + int(p.weight[j]) * lead
    m.measures["lead_time"] = total


@dataclass
class Sum:
    """Micros of one account and term: base + sum of coefficient x expression (0 .. most)."""

    base: int = 0
    parts: list[tuple[int, Expr, int]] = field(default_factory=list)


def add_money(m: Draft) -> None:
    """Weighted sum over accounts and terms of micros rounded half up, and overtime in whole units."""
    if "money" not in m.levels:
        return
    p, shop, rules = m.shop.problem, m.shop, m.shop.rules
    weights = [int(w) for w in p.weights]
    sums: dict[tuple[int, int], Sum] = {}

    def put(account: int, term: int, coefficient: int, expression: Expr, most: int = 1) -> None:
        found = sums.setdefault((account, term), Sum())
        if m.is_always(expression):
            found.base += coefficient
        elif coefficient < 0:
            # a gain that is not made
            found.base += coefficient * most
            found.parts.append((-coefficient, most - expression, most))
        elif coefficient:
            found.parts.append((coefficient, expression, most))

    for a in range(p.accounts):
        put(a, MATERIAL, int(p.fixed_cost[a]), m.made[a] if a < p.jobs else m.always())
    for j in range(p.jobs):
        if rules.refuse_cost[j] < NEVER and not m.is_always(m.made[j]):
            put(j, REFUSAL, int(rules.refuse_cost[j]), ~m.made[j])
        if weights[LATENESS] and p.late_rate[j] > 0 and j in m.tardiness:
            put(j, LATENESS, int(p.late_rate[j]), m.tardiness[j], _top(m, j))
        if j in m.stay:
            put(j, HOLDING, int(p.hold_rate[j]), m.stay[j], _top(m, j))
    leaders = {a for a, _ in m.follow}
    for o in range(shop.n):
        a = shop.account[o]
        for k in m.live[o]:
            shared = int(rules.mode_shared[k]) if k in leaders else 0
            put(a, int(rules.mode_term[k]), int(p.mode_cost[k]) - shared, m.mode[k])
            if shared and not _follows_always(m, k):
                put(a, int(rules.mode_term[k]), shared, m.lead[k])
        for cost, literal in m.entering[o]:
            put(a, RECONFIGURATION, cost, literal)
        if rules.ref_start[o] >= 0 and not shop.fact[o] and weights[MOVING]:
            for coefficient, expression, most in _moving(m, o):
                put(a, MOVING, coefficient, expression, most)
    total: Expr = sum(weights[OVERTIME] * (int(c) // MICRO) * x for c, x in zip(rules.overtime_cost, m.bought))
    for (_, term), found in sorted(sums.items()):
        if weights[term]:
            total = total + weights[term] * _rounded(m, found)
    m.measures["money"] = total


def _follows_always(m: Draft, k: int) -> bool:
    return m.shop.fact[m.shop.owner[k]] and any(a == k for a, _ in m.follow)


def _moving(m: Draft, o: int) -> list[tuple[int, Expr, int]]:
    """(micros, expression, its most) of moving an operation away from where it was announced."""
    rules, shop = m.shop.rules, m.shop
    found: list[tuple[int, Expr, int]] = []
    if rules.move_resource:
        found += [(rules.move_resource, m.mode[k], 1) for k in m.live[o] if shop.resource[k] != rules.ref_resource[o]]
    if not (rules.move_fixed or rules.move_rate) or not m.live[o]:
        return found
    ref, most = int(rules.ref_start[o]), m.horizon + int(rules.ref_start[o])
    moved = m.literal()
    here = [m.there[o], ~moved]
    m.only_if(m.cp.add(m.start[o] <= ref + rules.move_tolerance), *here)
    m.only_if(m.cp.add(m.start[o] >= ref - rules.move_tolerance), *here)
    if rules.move_rate:
        far = m.integer(0, most)
        m.only_if(m.cp.add(far >= m.start[o] - ref), m.there[o], moved)
        m.only_if(m.cp.add(far >= ref - m.start[o]), m.there[o], moved)
        found.append((rules.move_rate, far, most))
    return [*found, (rules.move_fixed, moved, 1)]


def _rounded(m: Draft, found: Sum) -> Expr:
    """Least integer that is the sum of micros, rounded half up.

    Whole units leave the rounding, and the rest is divided by the greatest common divisor: small numbers, exactly the
    same minimum.
    """
    whole: Expr = found.base // MICRO + sum(c // MICRO * e for c, e, _ in found.parts if c >= MICRO)
    rest = [(c % MICRO, e, most) for c, e, most in found.parts if c % MICRO]
    base = found.base % MICRO
    if not rest:
        return whole + rounded(base)
    g = gcd(MICRO, *(c for c, _, _ in rest))
    part = m.integer(0, rounded(base + sum(c * most for c, _, most in rest)))
    m.cp.add(MICRO // g * part >= sum(c // g * e for c, e, _ in rest) - ((MICRO // 2 - 1 - base) // g))
    return whole + part
