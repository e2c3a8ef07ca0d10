"""The CP-SAT model of a problem with rules: one function per family of constraints, called from one list."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.rules.arcs import add_arcs, add_buffers, add_links
from scheduler.engines.cpsat.rules.batches import add_batches
from scheduler.engines.cpsat.rules.campaigns import add_campaigns
from scheduler.engines.cpsat.rules.draft import Draft
from scheduler.engines.cpsat.rules.measures import (
    add_deadlines,
    add_jobs,
    add_lead_time,
    add_makespan,
    add_money,
    add_weighted_tardiness,
)
from scheduler.engines.cpsat.rules.pools import add_holds, add_modules, add_needs, add_pools, add_work_in_process
from scheduler.engines.cpsat.rules.presence import add_branches, add_modes, add_orders, add_overtime
from scheduler.engines.cpsat.rules.runs import add_runs
from scheduler.engines.cpsat.rules.sequence import add_leaving, add_sequences
from scheduler.engines.cpsat.rules.shop import NEVER, Shop
from scheduler.engines.cpsat.rules.spans import Spans
from scheduler.problem.problem import MEASURES, Solution

FAMILIES = (
    add_orders,
    add_branches,
    add_overtime,
    add_modes,
    add_runs,
    add_batches,
    add_leaving,
    add_sequences,
    add_campaigns,
    add_arcs,
    add_buffers,
    add_links,
    add_needs,
    add_holds,
    add_work_in_process,
    add_modules,
    add_pools,
    add_deadlines,
    add_jobs,
    add_makespan,
    add_weighted_tardiness,
    add_lead_time,
    add_money,
)


def build(shop: Shop, spans: Spans, limits: list[int], level: str | None, start: Solution | None,
          stopped: Callable[[], bool] = lambda: False) -> Draft:
    """The model that minimises measure `level` (None: any schedule) with every measure at most its limit (NEVER: none).

    start: becomes the hint. stopped: ends the building early; the model must then not be solved.
    """
    needed = tuple(x for x, limit in zip(MEASURES, limits) if x == level or limit < NEVER)
    draft = Draft(shop, spans, start, needed, stopped)
    for family in FAMILIES:
        if stopped():
            return draft
        family(draft)
    for measure, limit in zip(MEASURES, limits):
        if limit < NEVER:
            draft.only_if(draft.cp.add(draft.measures[measure] <= limit), draft.always())
    if level is not None:
        draft.cp.minimize(draft.measures[level])
    return draft


def complete_hint(draft: Draft, seconds: float) -> bool:
    """Puts a hint for every variable into the model: all that follows from the start's own values, found by solving
    with these fixed. Says whether the start fits the model; where it does not, its values alone are the hint."""
    if draft.start_from is None:
        return False
    hint = draft.cp.proto.solution_hint
    trial = draft.cp.clone()
    for index, value in draft.hints.items():
        domain = trial.proto.variables[index].domain
        edges = list(domain)
        if not any(a <= value <= b for a, b in zip(edges[::2], edges[1::2])):
            break
        domain.clear()
        domain.extend([value, value])
    else:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        if solver.solve(trial) in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            values = solver.response_proto.solution
            hint.vars.extend(range(len(values)))
            hint.values.extend(values)
            return True
    hint.vars.extend(list(draft.hints))
    hint.values.extend(list(draft.hints.values()))
    return False
