"""Random problems with any mix of rules: plain random problems, to which each rule adds something of its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from scheduler.problem.problem import FAR, TERMS, Problem
from scheduler.problem.rules import DIFFERENT, HOLD, KEEP, LOAD, PREPARE, RUN, SAME, TOGETHER, UNLOAD
from tests.engines.problems import Features, seeded
from tests.rules.neutral import column, rules_for


class Mixer:
    """A problem, the changes to its neutral rules so far, and luck."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.random = random.Random(seed)
        self.problem = problem
        self.neutral = rules_for(problem)
        self.changes: dict[str, Any] = {}
        self.pools: list[list[tuple[int, int]]] = []
        self.needs: dict[int, list[tuple[int, int, int]]] = {}

    def get(self, name: str) -> np.ndarray:
        """A column of the rules as it is so far, to be changed in place."""
        return self.changes.setdefault(name, getattr(self.neutral, name).copy())

    def pool(self, steps: list[tuple[int, int]]) -> int:
        """A new pool of (from, capacity) steps; its number."""
        self.pools.append(steps)
        return len(self.pools) - 1

    def need(self, mode: int, pool: int, quantity: int, phase: int) -> None:
        self.needs.setdefault(mode, []).append((pool, quantity, phase))

    def replace(self, **changes: Any) -> None:
        self.problem = replace(self.problem, **changes)

    def finished(self) -> Problem:
        """The problem with its rules."""
        modes = range(len(self.problem.mode_resource))
        rows = [self.needs.get(m, []) for m in modes]
        flat = [x for row in rows for x in row]
        self.changes |= {
            "need_first": column([0, *np.cumsum([len(r) for r in rows])]), "need_pool": column([x[0] for x in flat]),
            "need_quantity": column([x[1] for x in flat]), "need_phase": column([x[2] for x in flat]),
            "pool_first": column([0, *np.cumsum([len(p) for p in self.pools])]),
            "pool_time": column([t for p in self.pools for t, _ in p]),
            "pool_capacity": column([c for p in self.pools for _, c in p])}
        weights = self.problem.weights
        if len(weights) < len(TERMS):
            weights = np.concatenate((weights, np.ones(len(TERMS) - len(weights), dtype=np.int64)))
        return replace(self.problem, weights=weights, rules=rules_for(self.problem, **self.changes))


def speeds(x: Mixer) -> None:
    """Windows with rates; pace 2."""
    p, rate = x.problem, x.get("window_rate")
    rate[:] = [x.random.choice((1, 2, 2, 3)) for _ in rate]
    work = p.window_work.copy()
    for a, b in zip(p.window_first, p.window_first[1:]):
        done = 0
        for w in range(a, b):
            work[w] = done
            done += int(p.window_end[w] - p.window_start[w]) * int(rate[w]) if p.window_end[w] < FAR else 0
    x.changes["pace"] = 2
    x.replace(window_work=work)


def pauses(x: Mixer) -> None:
    """Some modes pause over closed time."""
    pause = x.get("mode_pause")
    pause[:] = [x.random.random() < 0.5 for _ in pause]


def overtime(x: Mixer) -> None:
    """Some windows have to be bought; the last of each calendar never."""
    p, r = x.problem, x.random
    kinds = r.randint(1, 2)
    last = set((p.window_first[1:] - 1).tolist())
    ids = [[r.randrange(kinds)] if w not in last and r.random() < 0.6 else [] for w in range(len(p.window_start))]
    x.changes |= {"overtime_cost": column([r.randint(0, 3) * 1_000_000 for _ in range(kinds)]),
                  "overtime_first": column([0, *np.cumsum([len(i) for i in ids])]),
                  "overtime_id": column([i for row in ids for i in row])}


def crews(x: Mixer) -> None:
    """One or two crews with shifts, needed in various phases."""
    p, r = x.problem, x.random
    x.changes["mode_load"] = load = np.zeros(len(p.mode_resource), dtype=np.int64)
    x.changes["mode_unload"] = unload = load.copy()
    for _ in range(r.randint(1, 2)):
        most = r.randint(1, 2)
        t, steps = r.randint(3, 8), [(0, most)]
        for _ in range(r.randint(0, 2)):
            steps += [(t, r.randint(0, most)), (t + r.randint(1, 4), most)]
            t = steps[-1][0] + r.randint(2, 6)
        pool = x.pool(steps)
        for m, d in enumerate(p.mode_duration.tolist()):
            if r.random() < 0.5:
                phase = r.choice((PREPARE, LOAD, RUN, RUN, UNLOAD))
                load[m] = r.randint(0, d) if phase == LOAD else load[m]
                unload[m] = r.randint(0, d - int(load[m])) if phase == UNLOAD else unload[m]
                load[m] = min(load[m], d - unload[m])
                x.need(m, pool, r.randint(1, most), phase)


def fixtures(x: Mixer) -> None:
    """A fixture of limited number, held from the preparation on, by some modes and between some operations."""
    p, r = x.problem, x.random
    pool = x.pool([(0, r.randint(1, 2))])
    for m in range(len(p.mode_resource)):
        if r.random() < 0.4:
            x.need(m, pool, 1, HOLD)
    held = x.pool([(0, 1)])
    arcs = [(int(p.pred[z]), o) for o in range(p.operations) for z in range(p.pred_first[o], p.pred_first[o + 1])]
    if arcs:
        a, b = r.choice(arcs)
        x.changes |= {"hold_pool": [held], "hold_quantity": [1], "hold_from": [a], "hold_to": [b]}


def modules(x: Mixer) -> None:
    """States are sets of modules, of which there are few; and some states ask for a minimum run."""
    r, states = x.random, int(x.problem.states.sum())
    pools = [x.pool([(0, r.randint(1, 2))]) for _ in range(2)]
    rows = [[p for p in pools if r.random() < 0.4] for _ in range(states)]
    x.changes |= {"module_first": column([0, *np.cumsum([len(row) for row in rows])]),
                  "module_pool": column([p for row in rows for p in row])}


def campaigns(x: Mixer) -> None:
    """Some states ask for a minimum run."""
    campaign = x.get("campaign")
    campaign[:] = [x.random.choice((0, 0, 3, 6)) for _ in campaign]


def lags(x: Mixer) -> None:
    """Minimum and maximum lags."""
    r, least, most = x.random, x.get("arc_min"), x.get("arc_max")
    for z in range(len(least)):
        least[z] = r.randint(0, 2)
        if r.random() < 0.4:
            most[z] = least[z] + r.randint(0, 3)


def transfers(x: Mixer) -> None:
    """Transfer lots on some arcs without a maximum."""
    p, r = x.problem, x.random
    target = np.repeat(np.arange(p.operations), np.diff(p.pred_first))
    most = x.get("arc_max")
    heads: list[list[int]] = []
    tails: list[list[int]] = []
    for z, (a, b) in enumerate(zip(p.pred.tolist(), target.tolist())):
        chosen = r.random() < 0.5 and most[z] >= FAR
        own = p.mode_duration[p.mode_first[a]: p.mode_first[a + 1]].tolist() if chosen else []
        other = p.mode_duration[p.mode_first[b]: p.mode_first[b + 1]].tolist() if chosen else []
        heads.append([r.randint(0, d) for d in own])
        tails.append([r.randint(0, d) for d in other])
    x.changes |= {"head_first": column([0, *np.cumsum([len(h) for h in heads])]),
                  "head": column([h for row in heads for h in row]),
                  "tail_first": column([0, *np.cumsum([len(h) for h in tails])]),
                  "tail": column([h for row in tails for h in row])}


def links(x: Mixer) -> None:
    """One link of a random kind between two operations."""
    p, r = x.problem, x.random
    if p.operations > 1:
        a, b = sorted(r.sample(range(p.operations), 2))
        x.changes |= {"link_kind": [r.choice((SAME, DIFFERENT, TOGETHER))], "link_a": [a], "link_b": [b]}


def branches(x: Mixer) -> None:
    """The operations of one job, or some of them, are alternatives to each other."""
    p, r = x.problem, x.random
    job = r.randrange(p.jobs)
    own = np.flatnonzero(p.account == job).tolist()
    if len(own) > 1:
        branch = x.get("branch")
        for o in own:
            branch[o] = r.choice((-1, 0, 1))
        x.changes["branch_choice"] = [0, 0]


def refusal(x: Mixer) -> None:
    """Jobs may be refused, where money comes first."""
    if x.problem.levels[0] == "money":
        cost = x.get("refuse_cost")
        cost[:] = [x.random.choice((int(FAR), x.random.randint(0, 20) * 1_000_000)) for _ in cost]


def batches(x: Mixer) -> None:
    """Modes alike share batches."""
    p, r = x.problem, x.random
    kinds = {key: i for i, key in enumerate(sorted(set(zip(
        p.mode_resource.tolist(), p.mode_state.tolist(), p.mode_duration.tolist()))))}
    keys = zip(p.mode_resource.tolist(), p.mode_state.tolist(), p.mode_duration.tolist())
    x.changes["batch_class"] = column([kinds[key] for key in keys])
    x.changes["batch_capacity"] = column([r.choice((2, 3))] * p.resources)
    x.changes["batch_places"] = column([r.randint(1, 2) for _ in range(p.operations)])
    x.changes["mode_shared"] = np.array([r.randint(0, c) for c in p.mode_cost.tolist()], dtype=np.int64)


def buffers(x: Mixer) -> None:
    """Between some groups of resources a buffer."""
    r, count = x.random, x.problem.resources
    x.changes["group"] = column(range(count))
    x.changes["buffer"] = column([[x.pool([(0, r.randint(0, 1))]) if a != b and r.random() < 0.7 else -1
                                   for b in range(count)] for a in range(count)])


def vehicles(x: Mixer) -> None:
    x.changes["vehicle_pool"] = x.pool([(0, 1)])


def work_in_process(x: Mixer) -> None:
    x.changes["job_pool"] = x.pool([(0, x.random.randint(1, 2))])


def materials(x: Mixer) -> None:
    """Supply: the first operation of a job without predecessors comes from stock or is bought."""
    p, r = x.problem, x.random
    ops = [o for o in range(p.operations) if p.pred_first[o] == p.pred_first[o + 1]
           and p.succ_first[o] < p.succ_first[o + 1] and p.account[o] < p.jobs]
    if ops:
        o = r.choice(ops)
        supply, term = x.get("supply"), x.get("mode_term")
        supply[o] = True
        pool = x.pool([(0, 0), (r.randint(1, 6), 3)])
        own = set(p.mode_resource[p.mode_first[o]: p.mode_first[o + 1]].tolist())
        others = np.concatenate((p.mode_resource[: p.mode_first[o]], p.mode_resource[p.mode_first[o + 1]:])).tolist()
        unlimited = x.get("unlimited")
        for resource in own - set(others):
            unlimited[resource] = True
        for m in range(p.mode_first[o], p.mode_first[o + 1]):
            term[m] = TERMS.index("material")
            x.need(m, pool, r.randint(1, 2), KEEP)


def subcontracting(x: Mixer) -> None:
    term = x.get("mode_term")
    for m in range(len(term)):
        if x.random.random() < 0.2:
            term[m] = TERMS.index("subcontracting")


def moving(x: Mixer) -> None:
    """Some operations have been announced."""
    r, start, resource = x.random, x.get("ref_start"), x.get("ref_resource")
    for o in range(len(start)):
        if r.random() < 0.5:
            start[o], resource[o] = r.randint(0, 10), r.randrange(x.problem.resources)
    x.changes |= {"move_fixed": 1_000_000, "move_rate": 300_000, "move_resource": 2_000_000,
                  "move_tolerance": r.randint(0, 2)}


def facts(x: Mixer) -> None:
    """Some first operations have begun or are done."""
    p, r = x.problem, x.random
    now = r.randint(1, 5)
    fact, end = x.get("fact"), x.get("fixed_end")
    mode, start = np.full(p.operations, -1, dtype=np.int64), np.full(p.operations, -1, dtype=np.int64)
    used: set[int] = set()
    for o in range(p.operations):
        m = r.randrange(int(p.mode_first[o]), int(p.mode_first[o + 1]))
        first = p.pred_first[o] == p.pred_first[o + 1]
        if first and int(p.mode_resource[m]) not in used and r.random() < 0.5:
            used.add(int(p.mode_resource[m]))
            fact[o], mode[o], start[o] = True, m, r.randint(0, now - 1)
            end[o] = start[o] + int(p.mode_duration[m]) + r.randint(0, 2)
    x.changes["now"] = now
    x.replace(fixed_mode=mode, fixed_start=start)
    cost = x.changes.get("refuse_cost")
    branch = x.changes.get("branch")
    for o in np.flatnonzero(fact):
        if cost is not None and p.account[o] < p.jobs:
            cost[p.account[o]] = int(FAR)
        if branch is not None:
            branch[o] = -1


def latest(x: Mixer) -> None:
    """Latest ends."""
    x.get("latest_end")[:] = [int(FAR) if x.random.random() < 0.7 else x.random.randint(12, 40)
                              for _ in range(x.problem.operations)]


RULES: tuple[Callable[[Mixer], None], ...] = (
    speeds, pauses, overtime, crews, fixtures, modules, campaigns, lags, transfers, links, branches, refusal, batches,
    buffers, vehicles, work_in_process, materials, subcontracting, moving, facts, latest)


def random_rules_problem(seed: int, features: Features | None = None, share: float = 0.3) -> Problem:
    """A random problem with each rule in `share` of cases (at least one). It may have no schedule."""
    luck = random.Random(seed)
    mixer = Mixer(seeded(seed, features or Features(operations=6, jobs=3)), seed + 1)
    chosen = [rule for rule in RULES if luck.random() < share] or [luck.choice(RULES)]
    for rule in chosen:
        rule(mixer)
    return mixer.finished()


def problem_with(rule: Callable[[Mixer], None], seed: int, features: Features | None = None) -> Problem:
    """A random problem with this rule alone."""
    mixer = Mixer(seeded(seed, features or Features(operations=5, jobs=2)), seed + 1)
    rule(mixer)
    return mixer.finished()
