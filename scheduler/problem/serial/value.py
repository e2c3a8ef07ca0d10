"""The measures of the schedule in the state, to the last unit, without leaving the kernel."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.problem import MICRO
from scheduler.problem.serial.clock import NEVER
from scheduler.problem.serial.place import setup_index
from scheduler.problem.serial.running import HOLDING, LATENESS, MATERIAL, MOVING, OVERTIME, RECONFIGURATION, REFUSAL


@inner
def measure(k: Any, s: Any, terms: Any, out: Any) -> None:
    """Fills out [6]: money, makespan, weighted tardiness, lead time, ticks beyond deadlines, deadlines missed; terms
    [accounts, 9] micros of each account on the way."""
    makespan = 0
    for a in range(len(terms)):
        clear(terms, a)
        terms[a, MATERIAL] = k.fixed_cost[a]
    for o in range(len(s.op)):
        if s.op[o].placed:
            makespan = max(makespan, s.op[o].end)
            charge(k, s, o, terms)
    tardiness = 0
    lead = 0
    beyond = 0
    missed = 0
    for j in range(k.par[0].jobs):
        if s.refused[j]:
            clear(terms, j)
            terms[j, REFUSAL] = k.job[j].refuse_cost
            continue
        done = s.job[j].end if s.job[j].end >= 0 else k.job[j].release
        delivery = done
        late = 0
        if k.job[j].due < NEVER:
            if not k.job[j].early:
                delivery = max(delivery, k.job[j].due)
            late = max(0, delivery - k.job[j].due)
        first = s.job[j].first if s.job[j].first < NEVER else delivery
        terms[j, LATENESS] += k.job[j].late_rate * late
        terms[j, HOLDING] += k.job[j].hold_rate * (delivery - first)
        tardiness += k.job[j].weight * late
        lead += k.job[j].weight * (delivery - k.job[j].release)
        beyond += max(0, done - k.job[j].deadline)
        missed += done > k.job[j].deadline
    money = 0
    for a in range(len(terms)):
        for t in range(terms.shape[1]):
            money += k.weights[t] * ((terms[a, t] + MICRO // 2) // MICRO)
    for i in range(len(s.bought)):
        if s.bought[i]:
            money += k.weights[OVERTIME] * (k.overtime_cost[i] // MICRO)
    out[0] = money
    out[1] = makespan
    out[2] = tardiness
    out[3] = lead
    out[4] = beyond
    out[5] = missed


@inner
def clear(terms: Any, a: Any) -> None:
    """Sets the terms of an account to 0."""
    for t in range(terms.shape[1]):
        terms[a, t] = 0


@inner
def charge(k: Any, s: Any, o: Any, terms: Any) -> None:
    """Adds what operation o costs to its account."""
    m = s.op[o].mode
    r = k.mode[m].resource
    a = k.op[o].account
    leading = s.op[o].batch < 0 or s.op[o].batch == o
    terms[a, k.mode[m].term] += k.mode[m].cost - (0 if leading else k.mode[m].shared)
    if leading and not k.res[r].unlimited:
        last = s.op[o].prev
        x = setup_index(k, r, k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state, k.mode[m].state)
        if x >= 0:
            terms[a, RECONFIGURATION] += k.setup[x].cost
    if k.op[o].ref_start >= 0 and not k.op[o].fact:
        moved = abs(s.op[o].start - k.op[o].ref_start)
        if r != k.op[o].ref_resource:
            terms[a, MOVING] += k.par[0].move_resource
        if moved > k.par[0].move_tolerance:
            terms[a, MOVING] += k.par[0].move_fixed + k.par[0].move_rate * moved
