"""The choice among the modes of an operation, by what each would mean now."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.place import SAME, setup_index, trial


@inner
def choose(k: Any, s: Any, o: Any, frozen: Any) -> Any:
    """Whether operation o can be placed now; found[0] is the best of its modes: by its end, what it is beyond its
    target, reconfiguration time and money, weighed by price and greed."""
    wanted = s.op[o].wanted
    if k.op[o].fixed_mode >= 0:
        wanted = k.op[o].fixed_mode
    if frozen >= 0:
        wanted = frozen
    if wanted >= 0:
        return trial(k, s, o, wanted, s.found[0])
    best = 0.0
    any_ = False
    for m in range(k.op[o].mode_first, k.op[o].mode_last):
        if not shared(k, s, o, m) or not trial(k, s, o, m, s.found[1]):
            continue
        r = k.mode[m].resource
        cost = float(k.mode[m].cost) * k.weights[k.mode[m].term]
        ticks = 0
        if s.found[1].batch >= 0:
            cost -= float(k.mode[m].shared) * k.weights[k.mode[m].term]
        elif not k.res[r].unlimited:
            last = s.lane[r].last
            x = setup_index(k, r, k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state, k.mode[m].state)
            if x >= 0:
                ticks = k.setup[x].time
                cost += float(k.setup[x].cost) * k.weights[2]
        if k.op[o].ref_start >= 0:
            moved = abs(s.found[1].start - k.op[o].ref_start)
            if r != k.op[o].ref_resource:
                cost += float(k.par[0].move_resource) * k.weights[8]
            if moved > k.par[0].move_tolerance:
                cost += (k.par[0].move_fixed + float(k.par[0].move_rate) * moved) * k.weights[8]
        late = max(0.0, s.found[1].end - s.target[o])
        value = s.price[o] * (s.greed[2] * s.found[1].end + late + s.greed[1] * ticks) + s.greed[0] * cost
        if not any_ or value < best:
            any_ = True
            best = value
            copy(s.found[1], s.found[0])
    return any_


@inner
def shared(k: Any, s: Any, o: Any, m: Any) -> Any:
    """Whether what must run on the same resource as operation o, and is not placed yet, could run where mode m does."""
    found = True
    for i in range(k.op[o].link_first, k.op[o].link_last):
        x = k.link[i].other
        if k.link[i].kind == SAME and s.op[x].present and not s.op[x].placed:
            fits = False
            for y in range(k.op[x].mode_first, k.op[x].mode_last):
                allowed = k.op[x].fixed_mode < 0 or k.op[x].fixed_mode == y
                fits = fits or (allowed and k.mode[y].resource == k.mode[m].resource)
            found = found and fits
    return found


@inner
def copy(source: Any, target: Any) -> None:
    """Copies what a trial found."""
    target.mode = source.mode
    target.start = source.start
    target.end = source.end
    target.ps = source.ps
    target.pe = source.pe
    target.batch = source.batch
