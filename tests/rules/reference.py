"""An independent checker, measures and brute force for problems with rules: tick by tick, slow and simple.

Written from the text of `scheduler.problem.rules` alone; shares no code with any engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from scheduler.problem.problem import MICRO, TERMS, Problem, Solution
from scheduler.problem.rules import DIFFERENT, HOLD, KEEP, LOAD, PREPARE, RUN, SAME, TOGETHER, UNLOAD, Extra, Rules

FAR = 1 << 60


def rules_of(problem: Problem) -> Rules:
    assert problem.rules is not None
    return problem.rules


class Clock:
    """Rates of every calendar, tick by tick up to a horizon, with some overtimes bought."""

    def __init__(self, problem: Problem, bought: tuple[bool, ...], horizon: int) -> None:
        rules = rules_of(problem)
        self.horizon, self.pace = horizon, rules.pace
        self.rate: list[list[int]] = []
        self.edges: list[set[int]] = []
        for c in range(len(problem.window_first) - 1):
            row, edges = [0] * (horizon + 1), set()
            for w in range(int(problem.window_first[c]), int(problem.window_first[c + 1])):
                ids = rules.overtime_id[rules.overtime_first[w]: rules.overtime_first[w + 1]]
                if not all(bought[k] for k in ids.tolist()):
                    continue
                a, b = int(problem.window_start[w]), int(min(problem.window_end[w], horizon))
                edges |= {a, int(problem.window_end[w])}
                for t in range(a, b):
                    row[t] = int(rules.window_rate[w])
            self.rate.append(row)
            self.edges.append(edges)

    def open(self, c: int, t: int) -> bool:
        return t <= self.horizon and self.rate[c][t] > 0

    def done(self, c: int, start: int, ticks: int) -> int | None:
        """The least tick with `ticks` of normal work since start; None beyond the horizon."""
        units, t = ticks * self.pace, start
        while units > 0:
            if t >= self.horizon:
                return None
            units -= self.rate[c][t]
            t += 1
        return t

    def work(self, c: int, start: int, end: int) -> int:
        return sum(self.rate[c][start:end])

    def opened(self, c: int, start: int, end: int) -> int:
        return sum(1 for t in range(start, end) if self.open(c, t))

    def run(self, c: int, start: int, duration: int, pausing: bool) -> int | None:
        """End of a run that starts there; None where it may not."""
        if duration == 0:
            return start if self.open(c, start) or start in self.edges[c] else None
        if not self.open(c, start):
            return None
        end = self.done(c, start, duration)
        if end is None or (not pausing and any(not self.open(c, t) for t in range(start, end))):
            return None
        return end


def clock_of(problem: Problem, bought: tuple[bool, ...], horizon: int) -> Clock:
    return _clock(id(problem), bought, horizon, problem)


@lru_cache(maxsize=64)
def _clock(_key: int, bought: tuple[bool, ...], horizon: int, problem: Problem) -> Clock:
    return Clock(problem, bought, horizon)


class View:
    """A solution as lists, with what follows from it."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        assert solution.extra is not None
        rules = rules_of(problem)
        self.p, self.r, self.x = problem, rules, solution.extra
        self.mode, self.start, self.end = (a.tolist() for a in (solution.mode, solution.start, solution.end))
        self.rank = solution.rank.tolist()
        self.here = [o for o in range(problem.operations) if self.mode[o] >= 0]
        facts = [int(e) for e, f in zip(rules.fixed_end, rules.fact) if f]
        calendars = int(problem.window_end[problem.window_end < FAR].max(initial=0))
        horizon = max([calendars, max((self.end[o] for o in self.here), default=0) + 1, *facts])
        most = max((self.end[o] for o in self.here), default=0) + 2
        self.clock = clock_of(problem, tuple(bool(b) for b in self.x.overtime), min(horizon, most + 400))
        self.resource = [int(problem.mode_resource[m]) if m >= 0 else -1 for m in self.mode]
        self.state = [int(problem.mode_state[m]) if m >= 0 else -1 for m in self.mode]
        self.ps, self.pe, self.leave = (a.tolist() for a in (self.x.prepare_start, self.x.prepare_end, self.x.leave))

    def leads(self, o: int) -> bool:
        return int(self.x.batch[o]) in (-1, o)

    def rows(self) -> Iterator[tuple[int, list[int]]]:
        """Each limited resource with the leaders in its sequence."""
        for r in range(self.p.resources):
            if not self.r.unlimited[r]:
                mine = sorted((o for o in self.here if self.resource[o] == r), key=lambda o: self.rank[o])
                yield r, [o for o in mine if self.leads(o)]

    def setup(self, r: int, before: int | None, after: int) -> tuple[int, int]:
        """(ticks, micros) of the reconfiguration for `after`, which follows `before` (None: nothing)."""
        a = int(self.p.initial_state[r]) if before is None else self.state[before]
        if a < 0:
            return 0, 0
        at = int(self.p.setup_first[r]) + a * int(self.p.states[r]) + self.state[after]
        return int(self.p.setup_time[at]), int(self.p.setup_cost[at])

    def arcs(self) -> Iterator[tuple[int, int, int]]:
        """(position in Problem.pred, before, after) where both are present."""
        for b in self.here:
            for z in range(int(self.p.pred_first[b]), int(self.p.pred_first[b + 1])):
                if self.mode[a := int(self.p.pred[z])] >= 0:
                    yield z, a, b

    def transport(self, a: int, b: int) -> int:
        return int(self.p.transport[self.p.location[self.resource[a]], self.p.location[self.resource[b]]])

    def offset(self, o: int) -> int:
        return int(self.mode[o]) - int(self.p.mode_first[o])


def check(problem: Problem, solution: Solution) -> list[str]:
    """Every broken rule, in words; an empty list where the solution holds."""
    v = View(problem, solution)
    found = list(_presence(v))
    if not found:
        for part in (_runs, _sequences, _arcs, _links, _pools, _campaigns, _deadlines):
            found += part(v)
    return found


def _presence(v: View) -> Iterator[str]:
    p, r, x = v.p, v.r, v.x
    for j in range(p.jobs):
        if x.refused[j] and r.refuse_cost[j] >= FAR:
            yield f"job {j} must be made"
    for c, b in enumerate(x.chosen.tolist()):
        if int(r.branch_choice[b]) != c:
            yield f"choice {c} has no branch {b}"
    for o in range(p.operations):
        job = int(p.account[o])
        there = not (job < p.jobs and x.refused[job])
        b = int(r.branch[o])
        there = there and (b < 0 or int(x.chosen[r.branch_choice[b]]) == b)
        if there != (v.mode[o] >= 0):
            yield f"operation {o} should be {'present' if there else 'absent'}"
        elif there and not p.mode_first[o] <= v.mode[o] < p.mode_first[o + 1]:
            yield f"operation {o} has no such mode"


def _runs(v: View) -> Iterator[str]:
    p, r = v.p, v.r
    for o in v.here:
        m, s, e = v.mode[o], v.start[o], v.end[o]
        if len(p.fixed_mode) and p.fixed_mode[o] >= 0 and p.fixed_mode[o] != m:
            yield f"{o} is pinned to another mode"
        if len(p.fixed_start) and p.fixed_start[o] >= 0 and p.fixed_start[o] != s:
            yield f"{o} is pinned to another start"
        if r.fact[o]:
            if e != r.fixed_end[o]:
                yield f"fact {o} ended elsewhere"
            continue
        if s < r.now or s < p.release[o]:
            yield f"{o} starts before now or its release"
        if e > r.latest_end[o]:
            yield f"{o} ends too late"
        if v.clock.run(int(r.mode_calendar[m]), s, int(p.mode_duration[m]), bool(r.mode_pause[m])) != e:
            yield f"{o} does not run [{s}, {e}) on its calendar"


def _sequences(v: View) -> Iterator[str]:
    r = v.r
    for res, row in v.rows():
        before: int | None = None
        for y in row:
            need, _ = v.setup(res, before, y)
            free = 0 if before is None else v.leave[before]
            if r.fact[y]:
                if before is not None and (not r.fact[before] or v.start[before] > v.start[y]):
                    yield f"fact {y} is not among the first on its resource"
                if (v.ps[y], v.pe[y]) != (v.start[y], v.start[y]):
                    yield f"fact {y} shows a preparation"
            elif need == 0:
                if (v.ps[y], v.pe[y]) != (v.start[y], v.start[y]) or v.start[y] < free:
                    yield f"{y} overlaps {before} or shows a preparation it does not need"
            else:
                c = int(r.mode_setup_calendar[v.mode[y]])
                a, b = v.ps[y], v.pe[y]
                if a < free or a < r.now or b > v.start[y] or not v.clock.open(c, a) or not v.clock.open(c, b - 1):
                    yield f"preparation of {y} at [{a}, {b}) is out of place"
                elif v.clock.opened(c, a, b) != need:
                    yield f"preparation of {y} takes {v.clock.opened(c, a, b)}, not {need}"
            before = y
        ranks = sorted(v.rank[o] for o in v.here if v.resource[o] == res)
        if len(set(ranks)) != len(ranks):
            yield f"resource {res} has a rank twice"
    yield from _batches(v)


def _batches(v: View) -> Iterator[str]:
    r = v.r
    members: dict[int, list[int]] = defaultdict(list)
    for o in v.here:
        if (b := int(v.x.batch[o])) >= 0:
            members[b].append(o)
            if v.mode[b] < 0 or int(v.x.batch[b]) != b:
                yield f"{o} is in a batch without leader"
                return
    for b, group in members.items():
        kind = int(r.batch_class[v.mode[b]])
        for o in group:
            if kind < 0 or int(r.batch_class[v.mode[o]]) != kind or v.resource[o] != v.resource[b]:
                yield f"{o} may not share a batch with {b}"
            if (v.start[o], v.end[o], v.leave[o]) != (v.start[b], v.end[b], v.leave[b]):
                yield f"{o} has not the times of its batch {b}"
            if o != b and (v.ps[o], v.pe[o]) != (v.start[o], v.start[o]):
                yield f"{o} shows a preparation inside a batch"
        if sum(int(r.batch_places[o]) for o in group) > r.batch_capacity[v.resource[b]]:
            yield f"batch {b} is too full"
        ranks = sorted(v.rank[o] for o in group)
        if ranks != list(range(ranks[0], ranks[0] + len(ranks))) or ranks[0] != v.rank[b]:
            yield f"batch {b} is not in one place of the sequence"


def _arcs(v: View) -> Iterator[str]:
    r = v.r
    entered: dict[int, list[int]] = defaultdict(list)
    for z, a, b in v.arcs():
        pool = int(r.buffer[r.group[v.resource[a]], r.group[v.resource[b]]])
        if pool >= 0:
            entered[a].append(b)
        if r.fact[b]:
            continue
        lag, least = v.transport(a, b), int(r.arc_min[z])
        if r.head_first[z + 1] > r.head_first[z]:
            head = int(r.head[int(r.head_first[z]) + v.offset(a)])
            tail = int(r.tail[int(r.tail_first[z]) + v.offset(b)])
            ready = v.clock.done(int(r.mode_calendar[v.mode[a]]), v.start[a], head)
            ready = v.end[a] if r.fact[a] and ready is None else ready
            arrives = v.end[a] + least + lag
            if ready is None or v.start[b] < ready + least + lag:
                yield f"{b} starts before the first transfer lot of {a}"
            if v.end[b] < arrives or v.clock.work(int(r.mode_calendar[v.mode[b]]), arrives, v.end[b]) < tail * r.pace:
                yield f"{b} ends before the last transfer lot of {a} is worked"
            continue
        if v.start[b] < v.end[a] + least + lag:
            yield f"{b} starts too soon after {a}"
        if r.arc_max[z] < FAR and v.start[b] > v.end[a] + r.arc_max[z] + lag:
            yield f"{b} starts too long after {a}"
        if r.vehicle_pool >= 0 and lag > 0:
            c = int(v.x.carry[z])
            if c < v.end[a] or c + lag > v.start[b]:
                yield f"the vehicle from {a} to {b} is out of place"
    for a in v.here:
        least = min((v.start[b] for b in entered[a]), default=v.end[a])
        if not r.fact[a] and (not v.end[a] <= v.leave[a] <= least):
            yield f"{a} leaves at {v.leave[a]}, not in [{v.end[a]}, {least}]"


def _links(v: View) -> Iterator[str]:
    for kind, a, b in zip(v.r.link_kind.tolist(), v.r.link_a.tolist(), v.r.link_b.tolist()):
        if v.mode[a] < 0 or v.mode[b] < 0 or (v.r.fact[a] and v.r.fact[b]):
            continue
        same = v.resource[a] == v.resource[b]
        if (kind == SAME and not same) or (kind == DIFFERENT and same) or (
                kind == TOGETHER and v.start[a] != v.start[b]):
            yield f"link {kind} between {a} and {b} is broken"


class _Load(NamedTuple):
    pool: int
    amount: int
    ticks: range | list[int]
    fact: bool
    rest: int
    """From here on for ever (FAR: not)."""


def _loads(v: View) -> Iterator[_Load]:
    p, r = v.p, v.r
    for o in v.here:
        m, s, e, fact = v.mode[o], v.start[o], v.end[o], bool(r.fact[o])
        run_c, setup_c = int(r.mode_calendar[m]), int(r.mode_setup_calendar[m])

        def opened(c: int, a: int, b: int, fact: bool = fact) -> list[int]:
            return [t for t in range(a, b) if fact or v.clock.open(c, t)]

        for i in range(int(r.need_first[m]), int(r.need_first[m + 1])):
            pool, q, phase = int(r.need_pool[i]), int(r.need_quantity[i]), int(r.need_phase[i])
            if phase in (PREPARE, LOAD, RUN, UNLOAD) and not v.leads(o):
                continue
            if phase == PREPARE:
                yield _Load(pool, q, opened(setup_c, v.ps[o], v.pe[o]), fact, FAR)
            elif phase == RUN:
                yield _Load(pool, q, opened(run_c, s, e), fact, FAR)
            elif phase == LOAD:
                until = v.clock.done(run_c, s, int(r.mode_load[m]))
                yield _Load(pool, q, opened(run_c, s, e if until is None else min(e, until)), fact, FAR)
            elif phase == UNLOAD:
                since = v.clock.done(run_c, s, int(p.mode_duration[m] - r.mode_unload[m]))
                yield _Load(pool, q, opened(run_c, e if since is None else since, e), fact, FAR)
            elif phase == HOLD:
                yield _Load(pool, q, range(v.ps[o], e), fact, FAR)
            else:
                assert phase == KEEP
                yield _Load(pool, q, range(0), fact, s)
    for pool, q, a, b in zip(r.hold_pool.tolist(), r.hold_quantity.tolist(), r.hold_from.tolist(), r.hold_to.tolist()):
        if v.mode[a] >= 0 and v.mode[b] >= 0:
            since = v.ps[a]
            if r.fact[a] and not r.fact[b]:
                yield _Load(pool, q, range(since, v.end[a]), True, FAR)
                since = v.end[a]
            yield _Load(pool, q, range(since, v.end[b]), bool(r.fact[b]), FAR)
    if r.job_pool >= 0:
        for j in range(p.jobs):
            own = [o for o in v.here if p.account[o] == j and not r.supply[o]]
            if own:
                yield _Load(r.job_pool, 1, range(min(v.start[o] for o in own), max(v.end[o] for o in own)),
                            all(r.fact[o] for o in own), FAR)
    yield from _module_loads(v)
    for z, a, b in v.arcs():
        pool = int(r.buffer[r.group[v.resource[a]], r.group[v.resource[b]]])
        if pool >= 0:
            yield _Load(pool, 1, range(v.leave[a], v.start[b]), bool(r.fact[a] and r.fact[b]), FAR)
        carry = int(v.x.carry[z])
        if r.vehicle_pool >= 0 and carry >= 0 and r.head_first[z + 1] == r.head_first[z]:
            yield _Load(r.vehicle_pool, 1, range(carry, carry + v.transport(a, b)), bool(r.fact[b]), FAR)


def _module_loads(v: View) -> Iterator[_Load]:
    r = v.r

    def modules(res: int, state: int) -> set[int]:
        if state < 0:
            return set()
        at = int(r.state_first[res]) + state
        return set(r.module_pool[int(r.module_first[at]): int(r.module_first[at + 1])].tolist())

    for res, row in v.rows():
        mounted, since, known = modules(res, int(v.p.initial_state[res])), 0, True
        for y in row:
            wanted = modules(res, v.state[y])
            for pool in wanted:
                yield _Load(pool, 1, range(v.ps[y], v.end[y]), bool(r.fact[y]), FAR)
                if pool in mounted:
                    yield _Load(pool, 1, range(since, v.ps[y]), known and bool(r.fact[y]), FAR)
            mounted, since, known = wanted, v.end[y], bool(r.fact[y])


def _pools(v: View) -> Iterator[str]:
    r = v.r
    loads: dict[int, list[_Load]] = defaultdict(list)
    for load in _loads(v):
        loads[load.pool].append(load)
    for pool, mine in loads.items():
        ticks = sorted({t for x in mine for t in x.ticks} | {x.rest for x in mine if x.rest < FAR})
        first, last = int(r.pool_first[pool]), int(r.pool_first[pool + 1])
        # a load for ever meets every later change of the capacity as well
        if any(x.rest < FAR for x in mine):
            ticks = sorted(set(ticks) | set(r.pool_time[first:last].tolist()))
        sets = [(x, set(x.ticks)) for x in mine]
        for t in (t for t in ticks if t >= r.now):
            on = [x for x, at in sets if t in at or t >= x.rest]
            step = first + int(np.searchsorted(r.pool_time[first:last], t, side="right")) - 1
            total = sum(x.amount for x in on)
            if total > int(r.pool_capacity[step]) and any(not x.fact for x in on):
                yield f"pool {pool} has load {total} of {int(r.pool_capacity[step])} at {t}"
                break


def _campaigns(v: View) -> Iterator[str]:
    p, r = v.p, v.r
    for res, row in v.rows():
        since = None
        for before, y in zip([None, *row], row):
            if before is None or v.state[before] != v.state[y]:
                if before is not None and since is not None and not r.fact[y]:
                    need = int(r.campaign[int(r.state_first[res]) + v.state[before]])
                    if v.clock.opened(int(p.calendar[res]), since, v.ps[y]) < need:
                        yield f"resource {res} leaves its campaign too soon for {y}"
                since = v.start[y]


def _deadlines(v: View) -> Iterator[str]:
    for j, done in enumerate(_times(v)[1]):
        if done is not None and done > v.p.deadline[j]:
            yield f"job {j} misses its deadline"
    for name, value, limit in zip(("money", "makespan", "tardiness", "lead time"), values(v), v.p.budgets.tolist()):
        if value > limit:
            yield f"{name} exceeds its budget"


def _times(v: View) -> tuple[list[int | None], list[int | None]]:
    """(first start, completion) of each job, None where it is refused."""
    first: list[int | None] = []
    last: list[int | None] = []
    for j in range(v.p.jobs):
        own = [o for o in v.here if v.p.account[o] == j and not v.r.supply[o]]
        none = None if v.x.refused[j] else int(v.p.job_release[j])
        last.append(max((v.end[o] for o in own), default=none) if not v.x.refused[j] else None)
        first.append(min((v.start[o] for o in own), default=None) if own else None)
    return first, last


def values(v: View) -> tuple[int, int, int, int]:
    """money, makespan, weighted tardiness, lead time."""
    p, r = v.p, v.r
    micros = [[0] * len(TERMS) for _ in range(p.accounts)]
    for o in v.here:
        m = v.mode[o]
        cost = int(p.mode_cost[m]) - (0 if v.leads(o) else int(r.mode_shared[m]))
        micros[int(p.account[o])][int(r.mode_term[m])] += cost
        if r.ref_start[o] >= 0 and not r.fact[o]:
            moved = abs(v.start[o] - int(r.ref_start[o]))
            price = r.move_resource if v.resource[o] != r.ref_resource[o] else 0
            price += r.move_fixed + r.move_rate * moved if moved > r.move_tolerance else 0
            micros[int(p.account[o])][TERMS.index("moving")] += price
    for res, row in v.rows():
        for before, y in zip([None, *row], row):
            micros[int(p.account[y])][TERMS.index("reconfiguration")] += v.setup(res, before, y)[1]
    first, last = _times(v)
    tardiness = lead = 0
    for a in range(p.accounts):
        if a < p.jobs and v.x.refused[a]:
            micros[a] = [0] * len(TERMS)
            micros[a][TERMS.index("refusal")] = int(r.refuse_cost[a])
            continue
        micros[a][TERMS.index("material")] += int(p.fixed_cost[a])
        if a >= p.jobs:
            continue
        delivery = last[a]
        assert delivery is not None
        if not p.early[a] and p.due[a] < FAR:
            delivery = max(delivery, int(p.due[a]))
        late = max(0, delivery - int(p.due[a])) if p.due[a] < FAR else 0
        begin = first[a]
        micros[a][TERMS.index("lateness")] += int(p.late_rate[a]) * late
        micros[a][TERMS.index("holding")] += int(p.hold_rate[a]) * (delivery - (delivery if begin is None else begin))
        tardiness += int(p.weight[a]) * late
        lead += int(p.weight[a]) * (delivery - int(p.job_release[a]))
    money = sum(w * ((x + MICRO // 2) // MICRO) for row in micros for w, x in zip(p.weights.tolist(), row))
    bought = sum(int(c) for c, on in zip(r.overtime_cost, v.x.overtime) if on)
    money += int(p.weights[TERMS.index("overtime")]) * (bought // MICRO)
    return money, max((v.end[o] for o in v.here), default=0), tardiness, lead


def measures(problem: Problem, solution: Solution) -> tuple[int, int, int, int]:
    """(money, makespan, weighted tardiness, lead time) of a solution."""
    return values(View(problem, solution))


def brute_force(problem: Problem, horizon: int) -> tuple[tuple[int, ...], Solution] | None:
    """The best values of the levels over all schedules that end by `horizon`, and one such schedule, or None.

    Starts, modes, branches, refusals, overtime, batches, preparations, leave times and vehicles are enumerated. For a
    handful of operations. Zero durations on limited resources are not supported.
    """
    rules = rules_of(problem)
    jobs = [(False, True) if rules.refuse_cost[j] < FAR else (False,) for j in range(problem.jobs)]
    choices = [[b for b in range(len(rules.branch_choice)) if rules.branch_choice[b] == c]
               for c in range(int(rules.branch_choice.max(initial=-1)) + 1)]
    best: tuple[tuple[int, ...], Solution] | None = None
    for refused in product(*jobs):
        for chosen in product(*choices):
            for bought in product((False, True), repeat=len(rules.overtime_cost)):
                best = _Search(problem, refused, chosen, bought, horizon, best).run()
    return best


class _Search:
    """All schedules with given refusals, branches and overtime."""

    def __init__(self, problem: Problem, refused: tuple[bool, ...], chosen: tuple[int, ...], bought: tuple[bool, ...],
                 horizon: int, best: tuple[tuple[int, ...], Solution] | None) -> None:
        self.p, self.r, self.best = problem, rules_of(problem), best
        self.refused, self.chosen, self.bought, self.horizon = refused, chosen, bought, horizon
        self.clock = Clock(problem, bought, horizon + 1)
        self.seen = 0

    def run(self) -> tuple[tuple[int, ...], Solution] | None:
        p, r = self.p, self.r
        self.here = []
        for o in range(p.operations):
            job, b = int(p.account[o]), int(r.branch[o])
            if job < p.jobs and self.refused[job]:
                continue
            if b >= 0 and self.chosen[int(r.branch_choice[b])] != b:
                continue
            self.here.append(o)
        self.options = {o: self._options(o) for o in self.here}
        self.placed: dict[int, tuple[int, int, int]] = {}
        self._place(0)
        return self.best

    def _options(self, o: int) -> list[tuple[int, int, int]]:
        p, r = self.p, self.r
        fixed_mode = int(p.fixed_mode[o]) if len(p.fixed_mode) else -1
        fixed_start = int(p.fixed_start[o]) if len(p.fixed_start) else -1
        if r.fact[o]:
            return [(fixed_mode, fixed_start, int(r.fixed_end[o]))]
        found = []
        for m in range(int(p.mode_first[o]), int(p.mode_first[o + 1])):
            if fixed_mode >= 0 and m != fixed_mode:
                continue
            starts = [fixed_start] if fixed_start >= 0 else range(int(max(r.now, p.release[o])), self.horizon + 1)
            for s in starts:
                e = self.clock.run(int(r.mode_calendar[m]), s, int(p.mode_duration[m]), bool(r.mode_pause[m]))
                if e is not None and e <= min(self.horizon, r.latest_end[o]):
                    found.append((m, s, e))
        return found

    def _place(self, i: int) -> None:
        if i == len(self.here):
            self._leaf()
            return
        o = self.here[i]
        for option in self.options[o]:
            if self._fits(o, option):
                self.placed[o] = option
                self._place(i + 1)
                del self.placed[o]

    def _fits(self, o: int, option: tuple[int, int, int]) -> bool:
        p, r = self.p, self.r
        m, s, e = option
        res = int(p.mode_resource[m])
        for q, (n, a, b) in self.placed.items():
            if int(p.mode_resource[n]) == res and not r.unlimited[res] and s < b and a < e and not (
                    r.fact[o] and r.fact[q]):
                together = (a, b) == (s, e) and r.batch_class[m] >= 0 and r.batch_class[m] == r.batch_class[n]
                if not together:
                    return False
        for z in range(int(p.pred_first[o]), int(p.pred_first[o + 1])):
            q = int(p.pred[z])
            plain = not r.fact[o] and r.head_first[z] == r.head_first[z + 1]
            if q in self.placed and plain and s < self.placed[q][2] + r.arc_min[z]:
                return False
        return True

    def _leaf(self) -> None:
        p, r, n = self.p, self.r, self.p.operations
        mode, start, end = np.full(n, -1), np.zeros(n, np.int64), np.zeros(n, np.int64)
        for o, (m, s, e) in self.placed.items():
            mode[o], start[o], end[o] = m, s, e
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for o in self.here:
            if r.batch_class[mode[o]] >= 0:
                groups[int(p.mode_resource[mode[o]]), int(start[o])].append(o)
        for leaders in product(*groups.values()):
            self._led(mode, start, end, dict(zip(groups, leaders)))

    def _led(self, mode: np.ndarray, start: np.ndarray, end: np.ndarray, leaders: dict[tuple[int, int], int]) -> None:
        """The leaf with these leaders, by resource and start."""
        p, r, n = self.p, self.r, self.p.operations
        rank, batch = np.zeros(n, np.int64), np.full(n, -1)
        for o in self.here:
            if r.batch_class[mode[o]] >= 0:
                batch[o] = leaders[int(p.mode_resource[mode[o]]), int(start[o])]
        lanes: dict[int, list[int]] = defaultdict(list)
        for o in sorted(self.here, key=lambda o: (not r.fact[o], start[o], end[o], batch[o] != o, o)):
            lanes[int(p.mode_resource[mode[o]])].append(o)
        for lane in lanes.values():
            for k, o in enumerate(lane):
                rank[o] = k
        extra = Extra(start.copy(), start.copy(), end.copy(), batch, np.full(len(p.pred), -1),
                      np.array(self.bought, dtype=bool), np.array(self.refused, dtype=bool),
                      np.array(self.chosen, dtype=np.int64))
        solution = Solution(mode, start, end, rank, extra)
        value = self._value(solution)
        if self.best is not None and value >= self.best[0]:
            return
        for given in self._details(solution):
            if not check(p, given):
                self.best = (value, given)
                return

    def _value(self, solution: Solution) -> tuple[int, ...]:
        found = dict(zip(("money", "makespan", "weighted_tardiness", "lead_time"), measures(self.p, solution)))
        return tuple(found[level] for level in self.p.levels)

    def _details(self, solution: Solution) -> Iterator[Solution]:
        """The solution with every preparation, leave time and vehicle that might fit."""
        v = View(self.p, solution)
        extra = solution.extra
        assert extra is not None
        prepare: list[tuple[int, list[tuple[int, int]]]] = []
        for res, row in v.rows():
            for before, y in zip([None, *row], row):
                need, _ = v.setup(res, before, y)
                if need and not self.r.fact[y]:
                    prepare.append((y, self._preparations(v, before, y, need)))
        leaves = []
        for a in v.here:
            least = [v.start[b] for _, x, b in v.arcs() if x == a and int(
                self.r.buffer[self.r.group[v.resource[a]], self.r.group[v.resource[b]]]) >= 0]
            if least and v.leads(a):
                leaves.append((a, list(range(v.end[a], min(least) + 1))))
        carries = [(z, list(range(v.end[a], v.start[b] - v.transport(a, b) + 1))) for z, a, b in v.arcs()
                   if self.r.vehicle_pool >= 0 and v.transport(a, b) > 0 and not self.r.fact[b]
                   and self.r.head_first[z] == self.r.head_first[z + 1]]
        for picks in product(*(x for _, x in prepare), *(x for _, x in leaves), *(x for _, x in carries)):
            ps, pe = extra.prepare_start.copy(), extra.prepare_end.copy()
            leave, carry = extra.leave.copy(), extra.carry.copy()
            at = iter(picks)
            for y, _ in prepare:
                ps[y], pe[y] = next(at)  # type: ignore[misc]
            for a, _ in leaves:
                leave[a] = next(at)
                for o in v.here:
                    if extra.batch[o] == a:
                        leave[o] = leave[a]
            for z, _ in carries:
                carry[z] = next(at)
            yield Solution(solution.mode, solution.start, solution.end, solution.rank, Extra(
                ps, pe, leave, extra.batch, carry, extra.overtime, extra.refused, extra.chosen))

    def _preparations(self, v: View, before: int | None, y: int, need: int) -> list[tuple[int, int]]:
        c = int(self.r.mode_setup_calendar[v.mode[y]])
        free = max(self.r.now, 0 if before is None else v.end[before])
        opened = [t for t in range(free, v.start[y]) if self.clock.open(c, t)]
        return [(opened[i], opened[i + need - 1] + 1) for i in range(len(opened) - need + 1)][::-1]
