"""The choice among the modes of an operation, by what each would mean now."""

from __future__ import annotations

from typing import Any

from scheduler.problem.compiling import inner
from scheduler.problem.serial.clock import NEVER, start_at
from scheduler.problem.serial.place import SAME, setup_index, transport, trial

HOPELESS = 1e300


@inner
def choose(k: Any, s: Any, o: Any, frozen: Any) -> Any:
    """Whether operation o can be placed now; found[0] is the best of its modes: by its end, what it is beyond its
    target, reconfiguration time and money, weighed by price and greed. The first of equal ones."""
    wanted = s.op[o].wanted
    if k.op[o].fixed_mode >= 0:
        wanted = k.op[o].fixed_mode
    if frozen >= 0:
        wanted = frozen
    if wanted >= 0:
        return trial(k, s, o, wanted, s.found[0])
    first = k.op[o].mode_first
    hopeful = -1
    for m in range(first, k.op[o].mode_last):
        s.hope[m - first] = hope(k, s, o, m)
        if hopeful < 0 or s.hope[m - first] < s.hope[hopeful - first]:
            hopeful = m
    best = 0.0
    taken = -1
    for i in range(first - 1, k.op[o].mode_last):  # the most hopeful first, so that most others need no trial
        m = hopeful if i < first else i
        if i == hopeful or s.hope[m - first] >= HOPELESS or not shared(k, s, o, m):
            continue
        if taken >= 0 and (s.hope[m - first] > best or (s.hope[m - first] == best and m > taken)):
            continue
        if not trial(k, s, o, m, s.found[1]):
            continue
        value = worth(k, s, o, m, s.found[1].start, s.found[1].end, s.found[1].batch >= 0, True)
        if taken < 0 or value < best or (value == best and m < taken):
            taken = m
            best = value
            copy(s.found[1], s.found[0])
    return taken >= 0


@inner
def worth(k: Any, s: Any, o: Any, m: Any, start: Any, end: Any, joining: Any, moving: Any) -> Any:
    """What mode m from start to end counts; without `moving` no price of moving away."""
    r = k.mode[m].resource
    cost = float(k.mode[m].cost) * k.weights[k.mode[m].term]
    ticks = 0
    if joining:
        cost -= float(k.mode[m].shared) * k.weights[k.mode[m].term]
    elif not k.res[r].unlimited:
        last = s.lane[r].last
        x = setup_index(k, r, k.res[r].initial if last < 0 else k.mode[s.op[last].mode].state, k.mode[m].state)
        if x >= 0:
            ticks = k.setup[x].time
            cost += float(k.setup[x].cost) * k.weights[2]
    if moving and k.op[o].ref_start >= 0:
        moved = abs(start - k.op[o].ref_start)
        if r != k.op[o].ref_resource:
            cost += float(k.par[0].move_resource) * k.weights[8]
        if moved > k.par[0].move_tolerance:
            cost += (k.par[0].move_fixed + float(k.par[0].move_rate) * moved) * k.weights[8]
    late = max(0.0, end - s.target[o])
    return s.price[o] * (s.greed[2] * end + late + s.greed[1] * ticks) + s.greed[0] * cost


@inner
def hope(k: Any, s: Any, o: Any, m: Any) -> Any:
    """What mode m counts at least, whatever a trial finds; HOPELESS where it would find nothing."""
    r = k.mode[m].resource
    t = max(k.op[o].release, k.par[0].now, s.op[o].floor, s.op[o].after, k.op[o].fixed_start)
    for z in range(k.op[o].in_first, k.op[o].in_last):
        a = k.arc[z].source
        if s.op[a].placed:
            if k.arc[z].head_last > k.arc[z].head_first:
                t = max(t, s.op[a].start)
            else:
                t = max(t, s.op[a].end + k.arc[z].least + transport(k, s, z, m))
    joining = k.mode[m].batch_class >= 0
    if not k.res[r].unlimited and not joining:
        last = s.lane[r].last
        state = k.res[r].initial
        if last >= 0:
            if not s.op[last].left:
                return HOPELESS
            t = max(t, s.op[last].leave)
            state = k.mode[s.op[last].mode].state
        x = setup_index(k, r, state, k.mode[m].state)
        if x >= 0:
            t += k.setup[x].time
    start, end = start_at(s.win, s.cal, k.mode[m].calendar, t, k.mode[m].units, k.mode[m].pause)
    if start >= NEVER or start > k.op[o].latest_end:
        return HOPELESS
    least = worth(k, s, o, m, start, end, False, False)
    if joining:
        least = min(least, worth(k, s, o, m, start, end, True, False))
    return least


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
