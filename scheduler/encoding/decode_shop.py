"""From a solution of a problem with rules back to a schedule."""

from __future__ import annotations

import dataclasses

import numpy as np

from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Carries, Header, Pegs, Schedule
from scheduler.domain.shifts import overtimes
from scheduler.encoding.floor import read_floor
from scheduler.encoding.leaving import leaves
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.problem import Problem, Solution
from scheduler.problem.rules import Extra, Rules


def decode_shop(scenario: Scenario, plan: Plan, problem: Problem, solution: Solution, header: Header) -> Schedule:
    """The schedule of a solution: a row for each operation that is there, without those that supply components, which
    show as pegs. Positions are numbered anew, on unlimited resources by start."""
    shop, rules, extra = plan.shop, problem.rules, solution.extra
    if shop is None or rules is None or extra is None:
        raise ValueError("the plan, the problem and the solution must all have rules")
    modes = np.flatnonzero(read_floor(scenario, plan, shop).kept)
    rows = np.flatnonzero((solution.mode >= 0) & ~rules.supply)
    mode = solution.mode[rows]
    source, resource = modes[mode], problem.mode_resource[mode]
    return Schedule(
        header=header, lots=plan.lots, names=plan.names, lot=plan.op_lot[rows], name=plan.op_name[rows],
        resource=resource, configuration=problem.mode_state[mode], mode=plan.mode_index[source],
        start=solution.start[rows], end=solution.end[rows], rec_start=extra.prepare_start[rows],
        rec_end=extra.prepare_end[rows], position=_positions(rules, solution, rows, resource),
        pegs=_pegs(plan, shop, solution, modes), resources=tuple(r.id for r in scenario.resources),
        configurations=tuple(r.configurations for r in scenario.resources), orders=scenario.orders.id,
        leave=leaves(problem, solution)[rows], team=shop.mode_team[source], teams=shop.teams,
        batch=_batches(extra, rows),
        carries=_carries(plan, problem, solution, extra, rows),
        overtime=tuple((slot.calendar, slot.start, slot.end)
                       for slot, bought in zip(overtimes(scenario), extra.overtime.tolist()) if bought),
        refused=tuple(np.flatnonzero(extra.refused).tolist()))


def _positions(rules: Rules, solution: Solution, rows: np.ndarray, resource: np.ndarray) -> np.ndarray:
    """Places in the sequence of each resource, from 0 without gaps."""
    rank, start = solution.rank[rows], solution.start[rows]
    order = np.lexsort((rank, np.where(rules.unlimited[resource], start, rank), resource))
    first = np.searchsorted(resource[order], resource[order], side="left")
    position = np.empty(len(rows), dtype=np.int64)
    position[order] = np.arange(len(rows)) - first
    return position


def _batches(extra: Extra, rows: np.ndarray) -> np.ndarray:
    """Numbers of the batches from 0, -1 where an operation ran alone."""
    leader = extra.batch[rows]
    _, number = np.unique(np.where(leader >= 0, leader, -1), return_inverse=True)
    return np.where(leader >= 0, number.reshape(-1) - int((leader < 0).any()), -1)


def _carries(plan: Plan, problem: Problem, solution: Solution, extra: Extra, rows: np.ndarray) -> Carries:
    """Transports along the arcs of the plan: what is only pinned behind another is brought nothing of it."""
    after = np.repeat(np.arange(problem.operations), np.diff(problem.pred_first))
    used = np.flatnonzero((extra.carry >= 0) & (solution.mode[after] >= 0) & (solution.mode[problem.pred] >= 0))
    used = used[np.isin(after[used] * problem.operations + problem.pred[used],
                        plan.arc_to * problem.operations + plan.arc_from)]
    before, after = problem.pred[used], after[used]
    place = problem.location[problem.mode_resource[solution.mode]]
    row = np.full(problem.operations, -1, dtype=np.int64)
    row[rows] = np.arange(len(rows))
    start = extra.carry[used]
    return Carries(row[before], row[after], start, start + problem.transport[place[before], place[after]])


def _pegs(plan: Plan, shop: Shop, solution: Solution, modes: np.ndarray) -> Pegs:
    """The pegs of orders that are made, with what the supply operations say."""
    pegs = plan.pegs
    source, available = pegs.source.copy(), pegs.available.copy()
    op = np.flatnonzero(shop.op_supply >= 0)
    there = solution.mode[op] >= 0
    kept = np.ones(len(source), dtype=bool)
    if solution.extra is not None:
        kept = (pegs.order < 0) | ~solution.extra.refused[pegs.order]
    kept[shop.op_supply[op[~there]]] = False
    op = op[there]
    mode = modes[solution.mode[op]]
    source[shop.op_supply[op]] = shop.mode_source[mode]
    # of what has been used already the solution says when it was used, which may be sooner than it can have come
    available[shop.op_supply[op]] = np.maximum(solution.end[op], plan.op_release[op] + plan.mode_duration[mode])
    found = dataclasses.replace(pegs, source=source, available=available)
    return Pegs(tuple(name for name, keep in zip(pegs.component, kept.tolist()) if keep),
                *(getattr(found, name)[kept] for name in ("order", "source", "lot", "consumer", "quantity",
                                                           "available")))
