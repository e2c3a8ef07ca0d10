"""Exact values of a solution where the problem has rules (see scheduler.problem.rules)."""

from __future__ import annotations

import numpy as np

from scheduler.problem.problem import FAR, MICRO, TERMS, Problem, Solution
from scheduler.problem.rules import Extra, Rules

PROCESSING, MATERIAL, RECONFIGURATION, LATENESS, HOLDING, OVERTIME, SUBCONTRACTING, REFUSAL, MOVING = range(len(TERMS))


def rules_of(problem: Problem) -> Rules:
    """The problem's rules; raises ValueError where it has none."""
    if problem.rules is None:
        raise ValueError("a plain problem has no rules")
    return problem.rules


def extra_of(solution: Solution) -> Extra:
    """What the solution says beyond times; raises ValueError where it says nothing."""
    if solution.extra is None:
        raise ValueError("a solution of a problem with rules needs an Extra")
    return solution.extra


def deliveries(problem: Problem, solution: Solution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(completion, delivery, first start) of each job in ticks, [J], by its present operations apart from supply; a job
    without any is complete at its release. Refused jobs: all 0."""
    rules, refused = rules_of(problem), extra_of(solution).refused
    own = np.flatnonzero((problem.account < problem.jobs) & (solution.mode >= 0) & ~rules.supply)
    job = problem.account[own]
    completion = np.full(problem.jobs, -1, dtype=np.int64)
    first = np.full(problem.jobs, FAR, dtype=np.int64)
    np.maximum.at(completion, job, solution.end[own])
    np.minimum.at(first, job, solution.start[own])
    completion = np.where(completion < 0, problem.job_release, completion)
    delivery = np.where(problem.early | (problem.due >= FAR), completion, np.maximum(completion, problem.due))
    first = np.where(first >= FAR, delivery, first)
    return (np.where(refused, 0, completion), np.where(refused, 0, delivery), np.where(refused, 0, first))


def leads(solution: Solution) -> np.ndarray:
    """Whether each operation is present and in no batch, or the leader of its own; bool [n]."""
    batch = extra_of(solution).batch
    return np.asarray((solution.mode >= 0) & ((batch < 0) | (batch == np.arange(len(batch)))))


def setup_micros(problem: Problem, solution: Solution) -> np.ndarray:
    """Cost of the reconfiguration before each operation, micros, [n]: 0 but for leaders on limited resources."""
    rules = rules_of(problem)
    found = np.zeros(problem.operations, dtype=np.int64)
    o = np.flatnonzero(leads(solution))
    o = o[~rules.unlimited[problem.mode_resource[solution.mode[o]]]]
    if not len(o):
        return found
    resource = problem.mode_resource[solution.mode[o]]
    order = np.lexsort((solution.rank[o], resource))
    o, resource = o[order], resource[order]
    state = problem.mode_state[solution.mode[o]]
    before = np.empty(len(o), dtype=np.int64)
    before[1:] = state[:-1]
    leading = np.concatenate(([True], resource[1:] != resource[:-1]))
    before[leading] = problem.initial_state[resource[leading]]
    index = problem.setup_first[resource] + np.maximum(before, 0) * problem.states[resource] + state
    found[o] = np.where(before >= 0, problem.setup_cost[index], 0)
    return found


def moving_micros(problem: Problem, solution: Solution) -> np.ndarray:
    """Price of each operation's moving away from its reference, micros, [n]."""
    rules = rules_of(problem)
    known = (rules.ref_start >= 0) & (solution.mode >= 0) & ~rules.fact
    moved = np.abs(solution.start - rules.ref_start)
    price = np.where(moved > rules.move_tolerance, rules.move_fixed + rules.move_rate * np.where(known, moved, 0), 0)
    resource = problem.mode_resource[np.maximum(solution.mode, 0)] if problem.operations else rules.ref_resource
    return np.asarray(np.where(known, price + np.where(resource != rules.ref_resource, rules.move_resource, 0), 0))


def account_terms(problem: Problem, solution: Solution) -> np.ndarray:
    """Rounded cost terms of every account, [accounts, 9]; overtime belongs to no account (overtime_units)."""
    rules, refused = rules_of(problem), extra_of(solution).refused
    micros = np.zeros((problem.accounts, len(TERMS)), dtype=np.int64)
    o = np.flatnonzero(solution.mode >= 0)
    mode = solution.mode[o]
    cost = problem.mode_cost[mode] - np.where(leads(solution)[o], 0, rules.mode_shared[mode])
    np.add.at(micros, (problem.account[o], rules.mode_term[mode]), cost)
    micros[:, MATERIAL] += problem.fixed_cost
    np.add.at(micros[:, RECONFIGURATION], problem.account, setup_micros(problem, solution))
    np.add.at(micros[:, MOVING], problem.account, moving_micros(problem, solution))
    _, delivery, first = deliveries(problem, solution)
    micros[: problem.jobs, LATENESS] += problem.late_rate * lateness(problem, delivery)
    micros[: problem.jobs, HOLDING] += problem.hold_rate * (delivery - first)
    paying = np.flatnonzero(refused)
    micros[paying] = 0
    micros[paying, REFUSAL] = rules.refuse_cost[paying]
    return (micros + MICRO // 2) // MICRO


def lateness(problem: Problem, delivery: np.ndarray) -> np.ndarray:
    """Ticks each job is late, [J]; 0 without due date (and where delivery is 0, as of refused jobs)."""
    return np.asarray(np.where(problem.due < FAR, np.maximum(0, delivery - problem.due), 0))


def overtime_units(problem: Problem, solution: Solution) -> int:
    """Price of the overtime bought, whole hundredths."""
    return int(rules_of(problem).overtime_cost[extra_of(solution).overtime].sum()) // MICRO


def evaluate(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Value of each measure in the order of MEASURES: money, makespan, weighted_tardiness, lead_time."""
    money = int((account_terms(problem, solution) @ problem.weights).sum())
    money += int(problem.weights[OVERTIME]) * overtime_units(problem, solution)
    _, delivery, _ = deliveries(problem, solution)
    made = ~extra_of(solution).refused
    end = solution.end[solution.mode >= 0]
    return (money, int(end.max(initial=0)), int((problem.weight * lateness(problem, delivery))[made].sum()),
            int((problem.weight * (delivery - problem.job_release))[made].sum()))


def missed_deadlines(problem: Problem, solution: Solution) -> tuple[int, ...]:
    """Jobs that are made and complete only after their deadline."""
    completion, _, _ = deliveries(problem, solution)
    return tuple(int(j) for j in np.flatnonzero((completion > problem.deadline) & ~extra_of(solution).refused))


def moved_pins(problem: Problem, solution: Solution) -> int:
    """How many fixed modes and starts of present operations are not where they should be."""
    there = solution.mode >= 0
    return sum(int(((given >= 0) & there & (given != found)).sum())
               for given, found in ((problem.fixed_mode, solution.mode), (problem.fixed_start, solution.start))
               if len(given))
