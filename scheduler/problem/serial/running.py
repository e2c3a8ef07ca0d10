"""What the schedule under construction costs at least, kept up to date as operations are placed and taken back.

Everything not yet placed counts as its cheapest mode. Placing never makes the sum less, so that it is a bound of what
the whole schedule will cost, up to rounding; the exact measures are in value.py.
"""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.place import setup_index

MATERIAL, RECONFIGURATION, LATENESS, HOLDING, OVERTIME, REFUSAL, MOVING = 1, 2, 3, 4, 5, 7, 8


@inner
def touch(s: Any, o: Any) -> None:
    """Notes that operation o has changed since the state was saved."""
    if s.stamp[o] != s.tally[0].epoch:
        s.stamp[o] = s.tally[0].epoch
        s.touched[s.tally[0].touched] = o
        s.tally[0].touched += 1


@inner
def count_nothing(k: Any, s: Any) -> None:
    """Sets the sums to those of a schedule of which nothing is placed."""
    tally = s.tally[0]
    tally.spent = 0
    tally.latest = 0
    tally.tardy = 0
    tally.lead = 0
    tally.beyond = 0
    tally.missed = 0
    for o in range(len(s.op)):
        if s.op[o].present:
            tally.spent += k.op[o].least
    for a in range(len(k.fixed_cost)):
        if a >= len(s.job) or not s.refused[a]:
            tally.spent += k.fixed_cost[a] * k.weights[MATERIAL]
        else:
            tally.spent += k.job[a].refuse_cost * k.weights[REFUSAL]
    for i in range(len(s.bought)):
        if s.bought[i]:
            tally.spent += k.overtime_cost[i] * k.weights[OVERTIME]


@inner
def count_operation(k: Any, s: Any, o: Any, sign: Any) -> None:
    """Adds (sign 1) or takes away (-1) what placed operation o costs beyond its cheapest mode."""
    x = s.op[o]
    m = x.mode
    r = k.mode[m].resource
    leading = x.batch < 0 or x.batch == o
    cost = (k.mode[m].cost - (0 if leading else k.mode[m].shared)) * k.weights[k.mode[m].term] - k.op[o].least
    if leading and not k.res[r].unlimited:
        last = x.prev
        y = setup_index(k, r, k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state, k.mode[m].state)
        if y >= 0:
            cost += k.setup[y].cost * k.weights[RECONFIGURATION]
    if k.op[o].ref_start >= 0 and not k.op[o].fact:
        moved = abs(x.start - k.op[o].ref_start)
        if r != k.op[o].ref_resource:
            cost += k.par[0].move_resource * k.weights[MOVING]
        if moved > k.par[0].move_tolerance:
            cost += (k.par[0].move_fixed + k.par[0].move_rate * moved) * k.weights[MOVING]
    s.tally[0].spent += sign * cost


@inner
def count_job(k: Any, s: Any, j: Any, sign: Any) -> None:
    """Adds (sign 1) or takes away (-1) what job j costs as far as it is placed, if it ended `rest` ticks later."""
    job = s.job[j]
    if job.end < 0:
        return
    tally = s.tally[0]
    end = job.end + job.rest
    delivery = end
    if k.job[j].due < NEVER:
        late = max(0, end - k.job[j].due)
        if not k.job[j].early:
            delivery = max(delivery, k.job[j].due)
        tally.spent += sign * k.job[j].late_rate * late * k.weights[LATENESS]
        tally.tardy += sign * k.job[j].weight * late
    tally.spent += sign * k.job[j].hold_rate * (delivery - job.first) * k.weights[HOLDING]
    tally.lead += sign * k.job[j].weight * (delivery - k.job[j].release)
    tally.beyond += sign * max(0, end - k.job[j].deadline)
    tally.missed += sign * (end > k.job[j].deadline)
