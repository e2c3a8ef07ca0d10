"""How late anything needs to run: the horizon of the model, and whether proofs over it are proofs.

Two arguments, both for schedules within the caps (budgets and the value of a schedule we already have):

1. Caps bound completions. With a cap on the makespan every end is bounded by it. With a cap on weighted tardiness
   (lead time) an order's tardiness (lead time) times its priority is at most the cap less what all others cost at
   least; with a cap on money its lateness cost is, so an order with a penalty is bounded too. A hard deadline bounds
   its order, and a bounded operation bounds all before it. No schedule within the caps is cut off.
2. Whatever is left (set U) can be pulled forward. Let T be the latest of: the bounds of operations outside U,
   releases in U, and due dates of orders in U that must wait for them. Take a best schedule, keep modes and
   sequences, leave what starts before T, and start the others as early as possible in order of start. Each ends at
   most (transport + setup + wait for a fitting window + duration), taken at their worst, after T or after the one
   before it. No completion gets later. So some best schedule ends by T plus the sum of these. Holding is the
   exception: a first start that moves further than the delivery costs more. Within the last window of every calendar
   this cannot happen (only gaps in which nothing runs are closed, and everything after moves together), so T is at
   least the start of the last windows once an order with holding cost is in U.

Modes that fit no window of the calendars are not counted: nothing can run in them.
Any threshold may separate U from the bounded operations; the one with the earliest horizon is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.engines.cpsat.facts import NEVER, Facts
from scheduler.engines.cpsat.floors import Floors
from scheduler.problem.problem import MICRO

UNKNOWN_MARGIN = 4


@dataclass(frozen=True)
class Horizon:
    """latest: latest end of each operation, ticks. exact: cuts off no better schedule, and the calendars reach that
    far."""

    latest: list[int]
    exact: bool


def job_bounds(facts: Facts, least: Floors, caps: list[int]) -> list[int]:
    """Latest completion of each job by deadline and caps (argument 1), NEVER where there is none."""
    p = facts.problem
    bound = [min(NEVER, int(d)) for d in p.deadline]
    weight, due, release = p.weight.tolist(), p.due.tolist(), p.job_release.tolist()
    if caps[2] < NEVER:
        rest = caps[2] - sum(w * t for w, t in zip(weight, least.late))
        for j in range(p.jobs):
            if weight[j] > 0 and due[j] < NEVER:
                bound[j] = min(bound[j], due[j] + (rest + weight[j] * least.late[j]) // weight[j])
    if caps[3] < NEVER:
        lead = [w * (d - r) for w, d, r in zip(weight, least.delivery, release)]
        rest = caps[3] - sum(lead)
        for j in range(p.jobs):
            if weight[j] > 0:
                bound[j] = min(bound[j], release[j] + (rest + lead[j]) // weight[j])
    per_unit = int(p.weights[3])
    if caps[0] < NEVER and per_unit > 0:
        for j in range(p.jobs):
            rate = int(p.late_rate[j])
            if rate > 0 and due[j] < NEVER:
                units = max(0, caps[0] - least.money + least.penalty[j]) // per_unit
                bound[j] = min(bound[j], due[j] + (units * MICRO + MICRO // 2 - 1) // rate)
    return bound


def horizon(facts: Facts, least: Floors, caps: list[int], holding: bool) -> Horizon:
    """The latest end of every operation under the caps. holding: whether holding cost counts."""
    bound = _operation_bounds(facts, job_bounds(facts, least, caps), caps)
    limit, sound = _pulled_forward(facts, bound, holding)
    latest = [min(b, limit) for b in bound]
    known = [min(facts.calendar(m).last for m in ms) for ms in facts.modes]
    exact = sound and all(e <= k for e, k in zip(latest, known))
    return Horizon(latest, exact)


def _operation_bounds(facts: Facts, jobs: list[int], caps: list[int]) -> list[int]:
    bound = [min(caps[1], jobs[a]) if a < len(jobs) else caps[1] for a in facts.account]
    for o in reversed(facts.order):
        if facts.fixed_start[o] >= 0:
            bound[o] = min(bound[o], facts.fixed_start[o] + max(facts.duration[m] for m in facts.modes[o]))
        for s in facts.succ[o]:
            if bound[s] < NEVER:
                bound[o] = min(bound[o], bound[s] - facts.shortest[s])
    return bound


def _pulled_forward(facts: Facts, bound: list[int], holding: bool) -> tuple[int, bool]:
    """(limit, whether it is sound): the earliest horizon over all ways to choose U (argument 2)."""
    p = facts.problem
    held = [holding and a < p.jobs and p.hold_rate[a] > 0 for a in facts.account]
    wait = [int(p.due[a]) if a < p.jobs and not p.early[a] and p.due[a] < NEVER else 0 for a in facts.account]
    open_for_good = max((c.start[-1] for c in facts.calendars if c.start), default=0)
    steps = _worst_steps(facts)
    by_bound = sorted(range(facts.n), key=lambda o: -bound[o])
    limit, sound = NEVER, False
    total, since, fit = 0, 0, NEVER
    for i, o in enumerate([*by_bound, None]):
        reach = bound[o] if o is not None else 0
        separates = i == 0 or reach < bound[by_bound[i - 1]]
        candidate = max(reach, since) + total if i else reach
        if separates and reach < NEVER and candidate <= fit and (candidate < limit or not sound):
            limit, sound = candidate, True
        if o is None:
            break
        total += steps[o]
        since = max(since, facts.release[o], wait[o], facts.fixed_start[o], open_for_good if held[o] else 0)
        fit = min([fit, *(end for m in facts.modes[o] if (end := _last_fit(facts, m)) >= 0)])
    if sound:
        return limit, True
    ends = [c.last for c in facts.calendars if c.last < NEVER]
    serial = max([*facts.release, *wait, *facts.fixed_start], default=0) + UNKNOWN_MARGIN * sum(steps)
    return int(max([serial, *ends])), False


def _last_fit(facts: Facts, mode: int) -> int:
    return facts.calendar(mode).last_fit(facts.duration[mode])


def _worst_steps(facts: Facts) -> list[int]:
    """Per operation the most ticks it can add to a serial schedule: transport, setup, wait for a window, duration."""
    transport = int(facts.problem.transport.max(initial=0)) if facts.moves else 0
    waits: dict[tuple[int, int], int] = {}
    setups: dict[tuple[int, int], int] = {}
    steps = []
    for ms in facts.modes:
        most = 0
        for m in ms:
            c = facts.calendar_of[facts.resource[m]]
            calendar, d, s = facts.calendars[c], facts.duration[m], facts.entering[m][2]
            if calendar.last_fit(d) < 0:
                continue
            if (c, d) not in waits:
                waits[c, d] = calendar.longest_wait(d, 0)
            if (c, s) not in setups:
                setups[c, s] = calendar.longest_setup(s, 0)
            most = max(most, waits[c, d] + setups[c, s])
        steps.append(most + transport)
    return steps
