"""The rules of a real shop floor beyond the plain problem, in flat integer arrays; a plain problem has none of them.

What they mean, for every engine, the checker of the tests and the judge alike:

1. Presence. An operation is present unless its job is refused or its branch is not the one chosen (of every choice
   exactly one branch is, if the job is made). Arcs, links and holds count only where both operations are present.
   mode[o] = -1 says that o is absent.
2. Run. start is an open tick of mode_calendar, end the least tick with duration x pace units of work since start. A
   window [s, e) of rate q gives q units per tick; pace is the rate of normal speed (1 where no window has another). A
   mode that does not pause has no closed tick in [start, end). Windows may touch. A window with overtime ids is open
   only where all of them are bought, and closed otherwise. Zero duration: start == end at or inside an open window.
3. Sequence. A limited resource runs its operations by rank; members of a batch have consecutive ranks, the same times
   and count as one, led by the first. Before y after x: time T = setup_time[state x, state y] (from initial_state for
   the first; -1: none). The preparation [ps, pe) of y has leave(x) <= ps, now <= ps, pe <= start(y), begins at an open
   tick and holds exactly T ticks of open time of y's mode_setup_calendar (its rates do not matter). T = 0: ps = pe =
   start, and leave(x) <= start. Batch members other than the leader have ps = pe = start.
   An unlimited resource has no sequence, no preparation and no state.
4. Pools. A pool's load is at most its capacity at every tick from now on where something that is no fact loads it (a
   hold whose first operation is a fact loads as a fact until that ends). Loads:
   per mode need by phase - PREPARE: open ticks of mode_setup_calendar in [ps, pe); LOAD: open ticks of mode_calendar
   from start until mode_load ticks of normal work are done; RUN: open ticks of mode_calendar in [start, end); UNLOAD:
   open ticks from the tick where duration - mode_unload is done to end; HOLD: all ticks of [ps, end); KEEP: from start
   for ever. Of a batch PREPARE, LOAD, RUN and UNLOAD are counted for the leader only.
   Holds: [ps(hold_from), end(hold_to)). Work in process: job_pool has load 1 from the first start to the last end of
   each job's own operations (supply apart). Modules: for y on r every module of its state during [ps, end); where x
   right before y has the module too, also [end(x), ps(y)); where the initial state and the first operation both have
   it, also [0, ps). Buffer and vehicle: 6.
5. Campaign. y whose state differs from that of x before it: ps(y) >= the least tick at which the resource's own
   calendar has done campaign[state x] ticks of open time since the start of the first operation of x's unbroken run
   in its state (the initial state has no campaign).
6. Arcs a -> b, T = transport between their resources. Plain: start(b) >= end(a) + arc_min + T, and <= end(a) + arc_max
   + T. With a head (transfer lots): start(b) >= f + arc_min + T where f is the tick at which head ticks of normal work
   of a are done; and between X = end(a) + arc_min + T and end(b) there is work of at least tail ticks (of b's calendar,
   normal speed), end(b) >= X; no maximum. Buffer: with g = buffer[group(resource a), group(resource b)] >= 0 the lot
   loads pool g from leave(a) to start(b), end(a) <= leave(a) <= start(b); with several such successors they all leave
   at leave(a). Without any, leave(a) = end(a). Vehicle: with vehicle_pool >= 0 and T > 0 a plain arc has carry with
   end(a) <= carry, carry + T <= start(b), loading vehicle_pool in [carry, carry + T).
7. Links. SAME, DIFFERENT: resources of a and b; TOGETHER: start(a) == start(b).
8. Facts have fixed mode, start and end, whatever calendars, arcs and pools say; they come first on their resource, by
   start and end, without preparation time (its cost counts). Everything else has ps >= now and start >= now. A pin
   has fixed mode and/or fixed_start and obeys everything.
9. latest_end: end <= latest_end.

Money. mode_cost goes to the term mode_term; of a batch mode_shared (part of mode_cost) is paid by the leader only. A
refused job pays refuse_cost and no fixed_cost. Each bought overtime pays overtime_cost (whole hundredths x MICRO).
Moving, for what has ref_start >= 0, is present and no fact: move_resource where the resource differs from ref_resource;
where |start - ref_start| > move_tolerance, move_fixed + move_rate x |start - ref_start|. Supply operations do not count
for a job's first start, completion or work in process. Refused jobs count 0 in every measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PREPARE, LOAD, RUN, UNLOAD, HOLD, KEEP = range(6)
SAME, DIFFERENT, TOGETHER = range(3)


@dataclass(frozen=True, eq=False)
class Rules:
    """Arrays int64 (bool where said); lengths in brackets: n operations, M modes, A arcs (aligned with Problem.pred),
    J jobs, R resources, S states of all resources in a row, W windows, P pools. -1 means none.

    now: tick; pace: units of work per tick at normal speed. Pools: pool_first [P+1]; pool_time, pool_capacity: capacity
    from each time until the next; the first time is 0. Modes [M]: mode_calendar, mode_setup_calendar; mode_pause
    (bool); mode_load, mode_unload: ticks; mode_term: index into TERMS; mode_shared: micros; need_first [M+1] with
    need_pool, need_quantity, need_phase. Windows [W]: window_rate: units of work per tick (window_work of the Problem
    is in units, as if every overtime were bought); overtime_first [W+1], overtime_id: what must be bought for it;
    overtime_cost [K] micros. Arcs [A]: arc_min, arc_max (FAR: none); head_first [A+1], head: per mode of the arc's
    source (empty: no transfer); tail_first [A+1], tail: per mode of its target. Operations [n]: branch; batch_places;
    latest_end (FAR: none); supply (bool); fact (bool); fixed_end (facts); ref_start, ref_resource. batch_class [M]:
    modes of one resource and class may share a batch. branch_choice [B]: choice of each branch. refuse_cost [J]:
    micros, FAR: must be made. Resources [R]: unlimited (bool); group; batch_capacity (0: no batches). buffer [groups,
    groups]: pool. state_first [R+1]; campaign [S] ticks; module_first [S+1], module_pool. holds: hold_pool,
    hold_quantity, hold_from, hold_to. links: link_kind, link_a, link_b. job_pool, vehicle_pool: pool or -1. move_*:
    micros, micros per tick, ticks.
    """

    now: int
    pace: int
    pool_first: np.ndarray
    pool_time: np.ndarray
    pool_capacity: np.ndarray
    mode_calendar: np.ndarray
    mode_setup_calendar: np.ndarray
    mode_pause: np.ndarray
    mode_load: np.ndarray
    mode_unload: np.ndarray
    mode_term: np.ndarray
    mode_shared: np.ndarray
    batch_class: np.ndarray
    need_first: np.ndarray
    need_pool: np.ndarray
    need_quantity: np.ndarray
    need_phase: np.ndarray
    window_rate: np.ndarray
    overtime_first: np.ndarray
    overtime_id: np.ndarray
    overtime_cost: np.ndarray
    arc_min: np.ndarray
    arc_max: np.ndarray
    head_first: np.ndarray
    head: np.ndarray
    tail_first: np.ndarray
    tail: np.ndarray
    branch: np.ndarray
    branch_choice: np.ndarray
    batch_places: np.ndarray
    latest_end: np.ndarray
    supply: np.ndarray
    fact: np.ndarray
    fixed_end: np.ndarray
    ref_start: np.ndarray
    ref_resource: np.ndarray
    refuse_cost: np.ndarray
    unlimited: np.ndarray
    group: np.ndarray
    batch_capacity: np.ndarray
    buffer: np.ndarray
    state_first: np.ndarray
    campaign: np.ndarray
    module_first: np.ndarray
    module_pool: np.ndarray
    hold_pool: np.ndarray
    hold_quantity: np.ndarray
    hold_from: np.ndarray
    hold_to: np.ndarray
    link_kind: np.ndarray
    link_a: np.ndarray
    link_b: np.ndarray
    job_pool: int = -1
    vehicle_pool: int = -1
    move_fixed: int = 0
    move_rate: int = 0
    move_resource: int = 0
    move_tolerance: int = 0


@dataclass(frozen=True, eq=False)
class Extra:
    """What a solution says beyond modes, times and ranks where there are rules.

    prepare_start, prepare_end, leave [n] ticks (of absent operations 0); batch [n]: the leader's operation (its own
    number for the leader), -1: no batch; carry [A]: when a vehicle starts, -1: none; overtime [K] bool: bought; refused
    [J] bool; chosen [C]: branch of each choice (any of its branches where the job is refused). placed [n]: where a list
    made the solution, the order in which it placed the operations; reserving: whether that list kept modules with their
    resource.
    """

    prepare_start: np.ndarray
    prepare_end: np.ndarray
    leave: np.ndarray
    batch: np.ndarray
    carry: np.ndarray
    overtime: np.ndarray
    refused: np.ndarray
    chosen: np.ndarray
    placed: np.ndarray | None = None
    reserving: bool = False
