"""How far the calendars of a problem with rules must be expanded."""

from __future__ import annotations

import numpy as np

from scheduler.domain.orders import NEVER
from scheduler.domain.scenario import Scenario
from scheduler.domain.shifts import numbers
from scheduler.encoding.clocks import Clocks, Windows
from scheduler.encoding.columns import Columns, crew_needs
from scheduler.encoding.floor import Floor
from scheduler.encoding.horizon import FACTOR, LONGEST_PROBE_DAYS, MARGIN_DAYS, PROBE_DAYS, longest_chain
from scheduler.planning.plan import Plan, Shop
from scheduler.problem.rules import PREPARE, RUN


def shop_horizon(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor, columns: Columns, setup: np.ndarray) -> int:
    """An upper estimate of the end of any sensible schedule, in ticks. setup [R]: longest reconfigurations in ticks.

    As `default_horizon`, with each mode over the open share of its resource and crews together, without overtime; and
    the load of each crew, kind of fixture and of the work in process beside that of the resources. An estimate, not a
    proof.
    """
    opening, share, setup_share = _shares(scenario, shop, columns)
    key = columns.key
    weight = columns.duration / share[key] + setup[columns.resource] / setup_share[key]
    op = columns.op
    slowest = np.zeros(len(plan))
    np.maximum.at(slowest, op, weight)
    loads = [_load(op, columns.resource == r, weight) for r in np.unique(columns.resource).tolist()
             if not columns.unlimited[r]]
    loads += _pool_loads(scenario, shop, floor, columns, weight)
    if scenario.plant.work_in_process is not None:
        loads.append(float(slowest.sum()) / scenario.plant.work_in_process)
    lag = np.zeros(len(plan))
    np.maximum.at(lag, plan.arc_to, shop.arc_min.astype(float))
    chain = longest_chain(plan, slowest + lag + float(scenario.transport.max(initial=0)))
    margin = MARGIN_DAYS * scenario.axis.ticks_per_day
    return _latest(scenario, plan, shop, floor, opening) + int(np.ceil(margin + FACTOR * (max(loads, default=0.0)
                                                                                          + chain)))


def _latest(scenario: Scenario, plan: Plan, shop: Shop, floor: Floor, opening: int) -> int:
    """The last date that anything speaks of, in ticks."""
    orders, plant, axis = scenario.orders, scenario.plant, scenario.axis
    changed = [numbers(axis, 0, crew.changes)[0] for crew in plant.crews.values()]
    changed += [numbers(axis, 0, fixture.changes)[0] for fixture in plant.fixtures.values()]
    arrivals = [axis.to_ticks(arrival.at, up=True) for name in shop.stocked
                for arrival in scenario.catalog.components[name].arrivals]
    dates = np.concatenate((orders.release, orders.due, orders.deadline, plan.op_release, shop.op_latest, floor.start,
                            floor.end, floor.ref_start, floor.supplied, *changed,
                            np.array([*arrivals, opening, scenario.now], dtype=np.int64)))
    return int(dates[dates < NEVER].max(initial=0))


def _shares(scenario: Scenario, shop: Shop, columns: Columns) -> tuple[int, np.ndarray, np.ndarray]:
    """(latest first opening, share of normal speed, share of open time for reconfiguration) of each key of columns;
    a share is 1 where nothing ever opens."""
    day = scenario.axis.ticks_per_day
    horizon = scenario.now + int(PROBE_DAYS * day)
    while True:
        clocks = Clocks(scenario, horizon)
        found = [(clocks.always(),) * 2 if r == len(scenario.resources) else (
            clocks.run(r, crew_needs(shop, team, RUN)), clocks.setup(r, crew_needs(shop, team, PREPARE)))
            for r, team in columns.keys]
        firsts = [_first(windows, scenario.now) for pair in found for windows in pair]
        late = max(firsts, default=0)
        if late + PROBE_DAYS * day <= horizon or horizon > LONGEST_PROBE_DAYS * day:
            break
        horizon *= 2
    known = [first for first in firsts if first < NEVER]
    shares = [[_share(windows, scenario.now, horizon, pace) for windows, pace in zip(pair, (clocks.pace, 0))]
              for pair in found]
    return max(known, default=0), *np.array(shares, dtype=float).reshape(-1, 2).T


def _first(windows: Windows, now: int) -> int:
    free = windows.start[(windows.bought == 0) & (windows.end > now)]
    return int(free[0]) if len(free) else int(NEVER)


def _share(windows: Windows, now: int, horizon: int, pace: int) -> float:
    """Share of normal speed (of open time with pace 0) from the first opening to the horizon."""
    free = (windows.bought == 0) & (windows.end > now) & (windows.start < horizon)
    if not free.any():
        return 1.0
    start, end = np.maximum(windows.start[free], now), np.minimum(windows.end[free], horizon)
    rate = windows.rate[free] / pace if pace else 1.0
    return float(((end - start) * rate).sum() / max(1, horizon - int(start[0])))


def _load(op: np.ndarray, which: np.ndarray, weight: np.ndarray) -> float:
    """Sum over operations of the largest weight among these modes."""
    most = np.zeros(int(op.max(initial=-1)) + 1)
    np.maximum.at(most, op[which], weight[which])
    return float(most.sum())


def _pool_loads(scenario: Scenario, shop: Shop, floor: Floor, columns: Columns, weight: np.ndarray) -> list[float]:
    """Load of each crew and each kind of fixture over how many there are."""
    modes = np.flatnonzero(floor.kept)
    loads = []
    for c, crew in enumerate(scenario.plant.crews.values()):
        people = np.array([sum(q for who, q, _ in needs if who == c) for needs in shop.team_needs], dtype=float)
        number = max((s.people for s in crew.shifts), default=crew.people)
        loads.append(_load(columns.op, people[shop.mode_team[modes]] > 0, weight * people[shop.mode_team[modes]])
                     / number)
    owner = np.repeat(np.arange(len(shop.mode_team)), np.diff(shop.fixture_first))
    for f, fixture in enumerate(scenario.plant.fixtures.values()):
        count = np.zeros(len(shop.mode_team))
        np.add.at(count, owner[shop.fixture == f], shop.fixture_number[shop.fixture == f])
        loads.append(_load(columns.op, count[modes] > 0, weight * count[modes]) / fixture.number)
    return loads
