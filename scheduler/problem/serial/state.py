"""What a schedule under construction is, and what it is asked to be."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scheduler.problem.serial.layout import Shop, record
from scheduler.problem.serial.pools import LOADED

PLACED = record("rank wanted after floor frozen present placed seq mode start end ps pe leave left pending "
                "ambiguous batch fan prev places old_last old_run old_reserved old_first old_end "
                "old_latest")
"""Given before: rank in the list, wanted mode (-1: any), after: earliest start. floor, frozen: start and mode while
its block is tried; left: whether leave is known; fan: arcs into buffers, pending: those whose targets are not placed,
ambiguous: those whose buffer is not known yet; batch: leader or -1; prev: leader before it on its resource; places: of
the batch it leads; old_...: what it changed, to undo."""
LANE = record("last run reserved")
"""Of a resource: the last leader, the start of its run in one state, whether the last one's modules are reserved."""
WORK = record("left first end rest")
"""Of a job: own operations not placed, first start, latest end so far; rest: how much later it is expected to end."""
CARRIED = record("carry pool open old_leave old_left")
"""Of an arc: when a vehicle starts; the buffer pool its lot will load (-1: none, -2: not known yet), whether it is
loaded for ever."""
FOUND = record("mode start end ps pe batch")
TALLY = record("log seq released full keeping reserving overtime eager waiting heap parked "
               "left touched epoch spent latest tardy lead beyond missed most patience turns")
"""log: loads written; seq: operations placed; released: something became free; full: storage ran out; keeping:
whether modules stay with a resource until its next operation; eager: weight of the time when a block becomes ready,
added to its rank; reserving: keeping, until nothing else can go on; heap, waiting, parked, touched: sizes; left: blocks
not placed; epoch: number of the last saved state; spent (micros x weights), latest, tardy, lead, beyond, missed: see
running.py; most, patience: what it may cost, and how many turns it may take, else it is given up; turns: so far."""


class State(NamedTuple):
    """Everything build() changes. heap: blocks that may be placed, by key; waiting: blocks that found no room; parked:
    blocks that wait for room in work in process; degree: blocks that must come before each; ready: when they end;
    price: micros (or anything else) per tick of each operation, target: end beyond which it counts in full; greed:
    weights of money, of reconfiguration time and of any end; hope: of each mode of an operation; touched: operations
    that have changed since the state was saved, stamp: the epoch in which each last did."""

    op: Any
    lane: Any
    job: Any
    arc: Any
    found: Any
    tally: Any
    log: Any
    pool: Any
    at: Any
    free: Any
    cal: Any
    win: Any
    bought: Any
    refused: Any
    chosen: Any
    heap: Any
    waiting: Any
    parked: Any
    degree: Any
    key: Any
    ready: Any
    price: Any
    target: Any
    greed: Any
    hope: Any
    touched: Any
    stamp: Any


def state_of(shop: Shop, room: int = 64, log: int = 4096) -> State:
    """An empty state; room: steps every pool may have beyond its capacity's; log: loads that can be undone."""
    n, blocks = len(shop.op), int(shop.par[0]["blocks"])
    pool = shop.pool.copy()
    rooms = pool["steps"] + room
    pool["first"] = np.concatenate(([0], np.cumsum(rooms)))[:-1]
    pool["room"] = rooms
    storage = int(rooms.sum())
    choices = int(shop.branch_choice.max(initial=-1)) + 1

    def ints(size: int) -> np.ndarray:
        return np.zeros(size, dtype=np.int64)

    return State(
        op=np.zeros(n, dtype=PLACED), lane=np.zeros(len(shop.res), dtype=LANE), job=np.zeros(len(shop.job), dtype=WORK),
        arc=np.zeros(len(shop.arc), dtype=CARRIED), found=np.zeros(4, dtype=FOUND), tally=np.zeros(1, dtype=TALLY),
        log=np.zeros(log, dtype=LOADED), pool=pool, at=ints(storage), free=ints(storage), cal=shop.calendar.copy(),
        win=shop.window.copy(), bought=ints(len(shop.overtime_cost)), refused=ints(len(shop.job)), chosen=ints(choices),
        heap=ints(blocks), waiting=ints(blocks), parked=ints(blocks), degree=ints(blocks), key=ints(blocks),
        ready=ints(blocks),
        price=np.zeros(n, dtype=np.float64),
        target=np.zeros(n, dtype=np.float64), greed=np.zeros(4, dtype=np.float64),
        hope=np.zeros(int((shop.op["mode_last"] - shop.op["mode_first"]).max(initial=1)), dtype=np.float64),
        touched=ints(n), stamp=ints(n))
