"""The problem as records for the kernels, and the state they build a schedule in. Everything is int64."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scheduler.problem.problem import FAR, Problem
from scheduler.problem.ruled import rules_of
from scheduler.problem.serial.blocks import blocks_of
from scheduler.problem.serial.clock import CALENDAR, WINDOW
from scheduler.problem.serial.pools import LOADED, POOL


def record(names: str) -> np.dtype[Any]:
    """A record of int64 fields."""
    return np.dtype([(name, np.int64) for name in names.split()])


OP = record("release account job fixed_mode fixed_start fixed_end fact supply branch places latest_end ref_start "
            "ref_resource mode_first mode_last in_first in_last out_first out_last link_first link_last hold_first "
            "hold_last block guard least")
"""job: account where it is an order, else -1; in_/out_: arcs; guard: latest start on its only resource, or -1; least:
cost of the cheapest mode, joining a batch, micros x weights."""
MODE = record("resource state duration units cost term shared calendar setup_calendar pause load unload batch_class "
              "need_first need_last adds prepares buffers")
"""units: duration, load, unload: ... in units of work; unload: units until unloading begins; adds: needs that share a
pool with another need of the operation; prepares: loads a pool while preparing; buffers: its resource feeds buffers."""
ARC = record("source target least most head_first head_last tail_first")
RES = record("calendar location initial states setup_first unlimited group batch_capacity state_first guard_first "
             "guard_last")
STATE = record("campaign module_first module_last")
SETUP = record("time cost")
NEED = record("pool quantity phase")
LINK = record("kind other")
HOLDING = record("pool quantity source target")
JOB = record("due deadline release weight late_rate hold_rate early refuse_cost operations")
PHASES = 6
PAR = record("now pace job_pool vehicle_pool move_fixed move_rate move_resource move_tolerance jobs blocks")


class Shop(NamedTuple):
    """What never changes. out: arcs by source; holding: numbers of the holds of each operation; guard: operations with
    a latest start, by resource; block_op: operations by block; window, overtime: all windows and what each needs."""

    op: Any
    mode: Any
    arc: Any
    out: Any
    res: Any
    state: Any
    setup: Any
    need: Any
    link: Any
    hold: Any
    holding: Any
    guard: Any
    module: Any
    head: Any
    tail: Any
    branch_choice: Any
    job: Any
    fixed_cost: Any
    weights: Any
    transport: Any
    buffer: Any
    par: Any
    block_first: Any
    block_op: Any
    window: Any
    overtime: Any
    overtime_cost: Any
    calendar: Any
    pool: Any
    pool_at: Any
    pool_free: Any
    fact: Any


def firsts(sizes: np.ndarray) -> np.ndarray:
    """Offsets of rows of these sizes, one more than rows."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def table(dtype: np.dtype[Any], rows: int, **columns: Any) -> np.ndarray:
    """Records out of columns."""
    found = np.zeros(rows, dtype=dtype)
    for name, values in columns.items():
        found[name] = values
    return found


def shop_of(problem: Problem) -> Shop:
    """Packs a problem with rules."""
    rules = rules_of(problem)
    mode, need = _modes(problem)
    arc, out, out_first = _arcs(problem)
    op, link, holding, hold = _operations(problem, out_first)
    res, guard = _resources(problem, op)
    block, block_first, block_op = blocks_of(problem)
    op["block"] = block
    if len(op):
        cost = (mode["cost"] - mode["shared"]) * ints(problem.weights)[mode["term"]]
        op["least"] = np.minimum.reduceat(cost, problem.mode_first[:-1])
    calendars, window, overtime = _calendars(problem)
    pool = table(POOL, len(rules.pool_first) - 1, first=rules.pool_first[:-1], steps=np.diff(rules.pool_first))
    job = table(JOB, problem.jobs, due=problem.due, deadline=problem.deadline, release=problem.job_release,
                weight=problem.weight, late_rate=problem.late_rate, hold_rate=problem.hold_rate, early=problem.early,
                refuse_cost=rules.refuse_cost)
    par = table(PAR, 1, jobs=problem.jobs, blocks=len(block_first) - 1,
                **{name: getattr(rules, name) for name in ("now", "pace", "job_pool", "vehicle_pool", "move_fixed",
                                                           "move_rate", "move_resource", "move_tolerance")})
    state = table(STATE, len(rules.campaign), campaign=rules.campaign, module_first=rules.module_first[:-1],
                  module_last=rules.module_first[1:])
    facts = np.flatnonzero(rules.fact)
    facts = facts[np.lexsort((rules.fixed_end[facts], problem.fixed_start[facts]))]
    setup = table(SETUP, len(problem.setup_time), time=problem.setup_time, cost=problem.setup_cost)
    return Shop(
        op=op, mode=mode, arc=arc, out=out, res=res, state=state, setup=setup, need=need, link=link, hold=hold,
        holding=holding, guard=guard, module=ints(rules.module_pool), head=ints(rules.head), tail=ints(rules.tail),
        branch_choice=ints(rules.branch_choice), job=job, fixed_cost=ints(problem.fixed_cost),
        weights=ints(problem.weights), transport=ints(problem.transport), buffer=ints(rules.buffer), par=par,
        block_first=block_first, block_op=block_op, window=window, overtime=overtime,
        overtime_cost=ints(rules.overtime_cost), calendar=calendars, pool=pool, pool_at=ints(rules.pool_time),
        pool_free=ints(rules.pool_capacity), fact=facts)


def ints(array: np.ndarray) -> np.ndarray:
    """As the kernels take it."""
    return np.ascontiguousarray(array, dtype=np.int64)


def _modes(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    rules = rules_of(problem)
    count = len(problem.mode_resource)
    pace = rules.pace
    found = table(MODE, count, resource=problem.mode_resource, state=problem.mode_state,
                  duration=problem.mode_duration, units=problem.mode_duration * pace, cost=problem.mode_cost,
                  term=rules.mode_term, shared=rules.mode_shared, calendar=rules.mode_calendar,
                  setup_calendar=rules.mode_setup_calendar, pause=rules.mode_pause, load=rules.mode_load * pace,
                  unload=(problem.mode_duration - rules.mode_unload) * pace, batch_class=rules.batch_class)
    owner = np.repeat(np.arange(problem.operations), np.diff(problem.mode_first))
    # needs of one mode, pool and phase are one, in the order in which they first stand
    of = np.repeat(np.arange(count), np.diff(rules.need_first))
    key = (of * len(rules.pool_first) + rules.need_pool) * PHASES + rules.need_phase
    _, place, which = np.unique(key, return_index=True, return_inverse=True)
    quantity = np.zeros(len(place), dtype=np.int64)
    np.add.at(quantity, which.ravel(), rules.need_quantity)
    order = np.argsort(place)
    place, quantity = place[order], quantity[order]
    mode, pool, phase = of[place], rules.need_pool[place], rules.need_phase[place]
    first = firsts(np.bincount(mode, minlength=count)[:count])
    found["need_first"], found["need_last"] = first[:-1], first[1:]
    found["prepares"][mode[phase == 0]] = 1
    pairs, again = np.unique(mode * len(rules.pool_first) + pool, return_counts=True)
    found["adds"][pairs[again > 1] // len(rules.pool_first)] = 1
    held = np.unique(rules.hold_from * len(rules.pool_first) + rules.hold_pool)
    found["adds"][mode[np.isin(owner[mode] * len(rules.pool_first) + pool, held)]] = 1
    feeds = np.asarray(rules.buffer) >= 0
    found["buffers"] = np.any(feeds, axis=1)[rules.group[problem.mode_resource]]
    return found, table(NEED, len(place), pool=pool, quantity=quantity, phase=phase)


def _arcs(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arcs in the order of Problem.pred, their numbers by source, offsets of the sources."""
    rules, n = rules_of(problem), problem.operations
    target = np.repeat(np.arange(n), np.diff(problem.pred_first))
    arc = table(ARC, len(target), source=problem.pred, target=target, least=rules.arc_min, most=rules.arc_max,
                head_first=rules.head_first[:-1], head_last=rules.head_first[1:], tail_first=rules.tail_first[:-1])
    out = np.argsort(problem.pred, kind="stable").astype(np.int64)
    return arc, out, firsts(np.bincount(problem.pred, minlength=n)[:n])


def _operations(problem: Problem, out_first: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Operations, links by operation, numbers of holds by operation, holds."""
    rules, n = rules_of(problem), problem.operations
    free = np.full(n, -1, dtype=np.int64)
    own = np.concatenate((rules.link_a, rules.link_b))
    order = np.argsort(own, kind="stable")
    link = table(LINK, len(own), kind=np.concatenate((rules.link_kind, rules.link_kind))[order],
                 other=np.concatenate((rules.link_b, rules.link_a))[order])
    link_first = firsts(np.bincount(own, minlength=n)[:n])
    ends = np.concatenate((rules.hold_from, rules.hold_to))
    by = np.argsort(ends, kind="stable")
    holds = len(rules.hold_pool)
    holding = (by % max(1, holds)).astype(np.int64)
    hold_first = firsts(np.bincount(ends, minlength=n)[:n])
    hold = table(HOLDING, holds, pool=rules.hold_pool, quantity=rules.hold_quantity, source=rules.hold_from,
                 target=rules.hold_to)
    op = table(OP, n, release=problem.release, account=problem.account,
               job=np.where(problem.account < problem.jobs, problem.account, -1),
               fixed_mode=problem.fixed_mode if len(problem.fixed_mode) == n else free,
               fixed_start=problem.fixed_start if len(problem.fixed_start) == n else free, fixed_end=rules.fixed_end,
               fact=rules.fact, supply=rules.supply, branch=rules.branch, places=rules.batch_places,
               latest_end=rules.latest_end, ref_start=rules.ref_start, ref_resource=rules.ref_resource,
               mode_first=problem.mode_first[:-1], mode_last=problem.mode_first[1:],
               in_first=problem.pred_first[:-1], in_last=problem.pred_first[1:], out_first=out_first[:-1],
               out_last=out_first[1:], link_first=link_first[:-1], link_last=link_first[1:],
               hold_first=hold_first[:-1], hold_last=hold_first[1:], guard=-1)
    return op, link, holding, hold


def _resources(problem: Problem, op: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Resources, and by resource the operations that must start there by some time: pinned ones and those with a
    latest end. Their latest start (the field guard of op) counts no closed time, so that it never comes too late."""
    rules = rules_of(problem)
    guards: list[list[int]] = [[] for _ in range(problem.resources)]
    for o in np.flatnonzero(((op["fixed_start"] >= 0) | (op["latest_end"] < FAR)) & (op["fact"] == 0)):
        a, b = int(problem.mode_first[o]), int(problem.mode_first[o + 1])
        modes = [int(op["fixed_mode"][o])] if op["fixed_mode"][o] >= 0 else list(range(a, b))
        resources = {int(problem.mode_resource[m]) for m in modes}
        if len(resources) == 1 and not rules.unlimited[r := resources.pop()]:
            op["guard"][o] = op["fixed_start"][o] if op["fixed_start"][o] >= 0 else max(
                _latest_start(problem, m, int(op["latest_end"][o])) for m in modes)
            guards[r].append(int(o))
    first = firsts(np.array([len(g) for g in guards], dtype=np.int64))
    res = table(RES, problem.resources, calendar=problem.calendar, location=problem.location,
                initial=problem.initial_state, states=problem.states, setup_first=problem.setup_first,
                unlimited=rules.unlimited, group=rules.group, batch_capacity=rules.batch_capacity,
                state_first=rules.state_first[:-1], guard_first=first[:-1], guard_last=first[1:])
    return res, np.array([o for g in guards for o in sorted(g, key=lambda o: int(op["guard"][o]))], dtype=np.int64)


def _latest_start(problem: Problem, m: int, end: int) -> int:
    """Latest start of mode m that ends by tick `end` without overtime; 0 where there is none."""
    rules = rules_of(problem)
    c, units, t = int(rules.mode_calendar[m]), int(problem.mode_duration[m]) * rules.pace, end
    for w in range(int(problem.window_first[c + 1]) - 1, int(problem.window_first[c]) - 1, -1):
        if rules.overtime_first[w + 1] > rules.overtime_first[w] or problem.window_start[w] >= t:
            continue
        start, rate = int(problem.window_start[w]), int(rules.window_rate[w])
        last = min(t, int(problem.window_end[w]))
        if (last - start) * rate >= units:
            return last - -(-units // rate)
        units = units - (last - start) * rate if rules.mode_pause[m] else units
        t = start
    return 0


def _calendars(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rules = rules_of(problem)
    window = table(WINDOW, len(problem.window_start), start=problem.window_start, end=problem.window_end,
                   rate=rules.window_rate)
    sizes = np.diff(rules.overtime_first)
    overtime = np.full((len(window), max(1, int(sizes.max(initial=0)))), -1, dtype=np.int64)
    for w in np.flatnonzero(sizes):
        overtime[w, : sizes[w]] = rules.overtime_id[rules.overtime_first[w]: rules.overtime_first[w + 1]]
    calendars = table(CALENDAR, len(problem.window_first) - 1, first=problem.window_first[:-1],
                      last=problem.window_first[:-1], room=problem.window_first[1:])
    return calendars, window, overtime


__all__ = ["LOADED", "Shop", "firsts", "record", "shop_of", "table"]
