"""What every schedule costs at least, without search: the floor under budgets."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.problem.problem import MICRO


def rounded(micros: int) -> int:
    """Micros as whole hundredths, half up."""
    return (micros + MICRO // 2) // MICRO


@dataclass(frozen=True)
class Floors:
    """Per job: delivery (earliest tick), late (least ticks after due), stay (least ticks from first start to
    delivery), penalty (least weighted lateness cost). money: least weighted money of all accounts."""

    delivery: list[int]
    late: list[int]
    stay: list[int]
    penalty: list[int]
    money: int


def floors(facts: Facts) -> Floors:
    """Heads for dates, the longest chain of an order's own operations for its stay, cheapest modes for money."""
    p = facts.problem
    weights = [int(w) for w in p.weights]
    end, micros, chain = [-1] * p.accounts, [0] * p.accounts, [0] * p.accounts
    rest = [0] * facts.n
    for o in reversed(facts.order):
        a = facts.account[o]
        after = [facts.least_lag(o, s) + rest[s] for s in facts.succ[o] if facts.account[s] == a]
        rest[o] = facts.shortest[o] + max(after, default=0)
        end[a], chain[a] = max(end[a], facts.head_end[o]), max(chain[a], rest[o])
        micros[a] += min(facts.cost[m] for m in facts.modes[o])
    delivery, late = [], []
    for j in range(p.jobs):
        done, due = end[j] if end[j] >= 0 else int(p.job_release[j]), int(p.due[j])
        delivery.append(max(done, due) if not p.early[j] and due < NEVER else done)
        late.append(max(0, delivery[j] - due) if due < NEVER else 0)
    penalty = [weights[3] * rounded(int(rate) * t) for rate, t in zip(p.late_rate, late)]
    money = sum(weights[0] * rounded(x) + weights[1] * rounded(int(f)) for x, f in zip(micros, p.fixed_cost))
    money += sum(penalty) + sum(weights[4] * rounded(int(rate) * t) for rate, t in zip(p.hold_rate, chain))
    return Floors(delivery, late, chain[: p.jobs], penalty, money)
