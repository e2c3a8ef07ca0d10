"""From a scenario and its plan to the problem with rules that the engines solve."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from scheduler.domain.policy import Policy
from scheduler.domain.scenario import Scenario, rate_per_tick
from scheduler.domain.shifts import overtimes
from scheduler.encoding.clocks import Calendars, Clocks
from scheduler.encoding.columns import Columns, batch_classes, columns_of, crew_needs
from scheduler.encoding.floor import Floor, read_floor
from scheduler.encoding.links import Links, links
from scheduler.encoding.pools import Pools, needs
from scheduler.encoding.shop_horizon import shop_horizon
from scheduler.encoding.states import states_of
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.problem import FAR, MICRO, Problem
from scheduler.problem.rules import LOAD, PREPARE, RUN, UNLOAD, Rules


def encode_shop(scenario: Scenario, plan: Plan, shop: Shop, base: dict[str, Any], horizon: int | None) -> Problem:
    """The problem with rules. base: columns of the Problem that orders, policy and plant decide, as for a plain one.

    Modes that facts and pins exclude are left out. Operations that supply components run on a resource of their own,
    the last, which is always open. Raises InputError where the floor speaks of what the plan does not have.
    """
    floor = read_floor(scenario, plan, shop)
    columns = columns_of(scenario, plan, shop, floor)
    base = _with_supply(base, columns) if columns.supply else base
    if horizon is None:
        longest = np.array([base["setup_time"][f:f + s * s].max() for f, s in zip(base["setup_first"], base["states"])])
        horizon = shop_horizon(scenario, plan, shop, floor, columns, longest)
    clocks = Clocks(scenario, horizon)
    times = _calendars(scenario, shop, clocks, columns)
    found, modes = links(plan, shop, floor), np.flatnonzero(floor.kept)
    by_source = np.lexsort((found.after, found.before))
    windows = clocks.calendars()
    rules = _rules(scenario, plan, shop, floor, columns, found, clocks, windows, times)
    single = floor.fixed & (np.diff(columns.first) == 1)
    return Problem(**{
        **base, "mode_first": columns.first, "mode_resource": columns.resource, "mode_state": columns.state,
        "mode_duration": columns.duration, "mode_cost": plan.mode_cost[modes], "pred_first": found.pred_first,
        "pred": found.before, "succ_first": np.searchsorted(found.before[by_source], np.arange(len(plan) + 1)),
        "succ": found.after[by_source], "release": columns.release, "calendar": times["calendar"],
        "window_first": windows.first, "window_start": windows.start, "window_end": windows.end,
        "window_work": windows.work, "fixed_mode": np.where(single, columns.first[:-1], -1),
        "fixed_start": floor.start}, rules=rules)


def _with_supply(base: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """The columns with one more resource: no location, one state, nothing to reconfigure."""
    more = {"location": len(base["transport"]) - 1, "initial_state": -1, "states": 1,
            "setup_first": len(base["setup_time"]), "setup_time": 0, "setup_cost": 0}
    return {**base, **{name: np.append(base[name], value) for name, value in more.items()}}


def _calendars(scenario: Scenario, shop: Shop, clocks: Clocks, columns: Columns) -> dict[str, Any]:
    """calendar [R]; mode_calendar, mode_setup_calendar [M]; guarded: for each key the crews whose overtime its calendar
    knows nothing of."""
    calendar = [clocks.number(clocks.run(r, ())) for r in range(len(scenario.resources))]
    if columns.supply:
        calendar.append(clocks.number(clocks.always()))
    run: list[int] = []
    setup: list[int] = []
    guarded: list[tuple[int, ...]] = []
    for r, team in columns.keys:
        if r == len(scenario.resources):
            run.append(calendar[r])
            setup.append(calendar[r])
            guarded.append(())
            continue
        windows = clocks.run(r, crew_needs(shop, team, RUN))
        run.append(clocks.number(windows))
        setup.append(clocks.number(clocks.setup(r, crew_needs(shop, team, PREPARE))))
        loaders = {c for phase in (LOAD, UNLOAD) for c, _ in crew_needs(shop, team, phase)}
        guarded.append(tuple(c for c in sorted(loaders) if clocks.unbought(windows, c)))
    return {"calendar": np.array(calendar, dtype=np.int64), "guarded": guarded,
            "mode_calendar": np.array(run, dtype=np.int64)[columns.key],
            "mode_setup_calendar": np.array(setup, dtype=np.int64)[columns.key]}


def _rules(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor, columns: Columns, found: Links, clocks: Clocks,
           windows: Calendars, times: dict[str, Any]) -> Rules:
    pools = Pools(scenario, shop, clocks)
    wanted = needs(plan, shop, pools, floor, columns, times["guarded"])
    states = states_of(scenario, pools, columns)
    modes = np.flatnonzero(floor.kept)
    fixture = np.array(pools.fixture, dtype=np.int64)
    return Rules(
        now=scenario.now, pace=clocks.pace, **pools.columns(),
        mode_calendar=times["mode_calendar"], mode_setup_calendar=times["mode_setup_calendar"],
        mode_pause=shop.mode_pause[modes], mode_load=shop.mode_load[modes], mode_unload=shop.mode_unload[modes],
        mode_term=shop.mode_term[modes], mode_shared=shop.mode_shared[modes],
        batch_class=batch_classes(plan, shop, floor, columns, states["batch_capacity"]),
        need_first=wanted.first, need_pool=wanted.pool, need_quantity=wanted.quantity, need_phase=wanted.phase,
        window_rate=windows.rate, overtime_first=windows.overtime_first, overtime_id=windows.overtime,
        overtime_cost=np.array([slot.cost for slot in overtimes(scenario)], dtype=np.int64) * MICRO,
        arc_min=found.arc_min, arc_max=found.arc_max, head_first=found.head_first, head=found.head,
        tail_first=found.tail_first, tail=found.tail, branch=shop.op_branch, branch_choice=shop.branch_choice,
        batch_places=shop.op_places * shop.op_quantity, latest_end=shop.op_latest, supply=shop.op_supply >= 0,
        fact=floor.fact, fixed_end=floor.end, ref_start=floor.ref_start, ref_resource=floor.ref_resource,
        refuse_cost=refusals(scenario, plan, floor), unlimited=columns.unlimited, **states,
        hold_pool=fixture[shop.hold_fixture], hold_quantity=shop.hold_number, hold_from=shop.hold_from,
        hold_to=shop.hold_to, link_kind=shop.link_kind, link_a=shop.link_a, link_b=shop.link_b, job_pool=pools.jobs,
        vehicle_pool=pools.vehicles, **moving(scenario))


def refusals(scenario: Scenario, plan: Plan, floor: Floor) -> np.ndarray:
    """Micros lost by refusing each order; FAR where it must be made, as any order of which something has happened."""
    orders = scenario.orders
    begun = plan.lots.order[plan.op_lot[floor.fact]]
    open_ = orders.may_refuse & (scenario.policy.levels[0] == "money")
    open_[begun[begun >= 0]] = False
    return np.where(open_, orders.price * MICRO, FAR)


def moving(scenario: Scenario) -> dict[str, Any]:
    """What moving an announced operation costs: micros, micros per tick, ticks."""
    policy: Policy = scenario.policy
    spec, axis = policy.replanning, scenario.axis
    return {"move_fixed": spec.per_move * MICRO, "move_resource": spec.other_resource * MICRO,
            "move_rate": rate_per_tick(spec.per_hour, 3_600_000, axis.tick),
            "move_tolerance": axis.duration(spec.tolerance)}


def contiguous(problem: Problem) -> Problem:
    """The problem with all arrays contiguous, int64 or bool, as kernels want them."""
    def tidy(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        return np.ascontiguousarray(value, dtype=bool if value.dtype == bool else np.int64)

    def tidied(thing: Any) -> dict[str, Any]:
        return {f.name: tidy(getattr(thing, f.name)) for f in dataclasses.fields(thing)}

    rules = None if problem.rules is None else Rules(**tidied(problem.rules))
    return Problem(**{**tidied(problem), "rules": rules})
